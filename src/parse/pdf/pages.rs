//! *Pages* are lines of text as they were printed; this makes paragraphs of them.
//!
//! Lines that head or end most pages are dropped, page numbers aside. Words divided at the end of a line are joined. A
//! blank line ends a paragraph; where a document has one behind every line, the ends of sentences do.

use std::collections::HashMap;

/// How many lines at the top and the bottom of a page may be its header or footer.
const EDGE: usize = 2;

/// Paragraphs a line, of pages of lines.
pub(super) fn text(pages: &[&str]) -> String {
    let repeated = repeated(pages);
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    for page in pages {
        let lines: Vec<&str> = page.lines().map(str::trim).collect();
        let edges = edges(&lines);
        let mut fresh = true;
        for (at, line) in lines.iter().enumerate() {
            if edges.contains(&at) && (repeated.contains_key(&shape(line)) || is_number(line)) {
                continue;
            }
            match (line.is_empty(), fresh) {
                (true, _) => fresh = true,
                (false, true) => {
                    blocks.push(vec![line]);
                    fresh = false;
                }
                (false, false) => blocks.last_mut().into_iter().for_each(|block| block.push(line)),
            }
        }
    }
    join(&blocks)
}

/// Which lines stand at the top and the bottom of a page.
fn edges(lines: &[&str]) -> Vec<usize> {
    let full: Vec<usize> = (0..lines.len()).filter(|at| !lines[*at].is_empty()).collect();
    let ends = full.iter().rev().take(EDGE).filter(|_| full.len() > 2 * EDGE);
    full.iter().take(EDGE).chain(ends).copied().collect()
}

/// Lines that stand at an edge of three pages or more, and of half of them.
fn repeated(pages: &[&str]) -> HashMap<String, usize> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for page in pages {
        let lines: Vec<&str> = page.lines().map(str::trim).collect();
        let mut shapes: Vec<String> = edges(&lines).into_iter().map(|at| shape(lines[at])).collect();
        shapes.sort_unstable();
        shapes.dedup();
        shapes.into_iter().for_each(|shape| *counts.entry(shape).or_default() += 1);
    }
    counts.retain(|_, count| *count >= 3 && *count * 2 >= pages.len());
    counts
}

/// A line with its numbers alike: the page's own changes.
fn shape(line: &str) -> String {
    line.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect()
}

fn is_number(line: &str) -> bool {
    let rest = line.trim_matches(|c: char| !c.is_alphanumeric());
    !rest.is_empty() && rest.len() <= 4 && rest.bytes().all(|byte| byte.is_ascii_digit())
}

fn join(blocks: &[Vec<&str>]) -> String {
    let single = blocks.iter().filter(|block| block.len() == 1).count();
    let spaced = blocks.len() >= 8 && single * 10 >= blocks.len() * 9;
    let width = blocks.iter().flatten().map(|line| line.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    let mut last = "";
    for block in blocks {
        for (at, line) in block.iter().enumerate() {
            let starts_small = line.starts_with(char::is_lowercase);
            let full = last.chars().count() * 10 >= width * 6;
            let goes_on = match at {
                0 if spaced => full && (!ends_sentence(last) || starts_small),
                // Paragraphs go on behind a break of page or column.
                0 => starts_small && !ends_sentence(last) && !last.is_empty(),
                _ => true,
            };
            append(&mut text, line, goes_on);
            last = line;
        }
    }
    text
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['"', '”', '’', '\'', ')', '»']).ends_with(['.', '!', '?', ':', '…'])
}

/// Adds a line to the paragraph it goes on with, or as a new one.
fn append(text: &mut String, line: &str, goes_on: bool) {
    if text.is_empty() || !goes_on {
        text.push_str(if text.is_empty() { "" } else { "\n" });
    } else {
        let mut before = text.chars().rev();
        let hyphen = before.next().is_some_and(|c| matches!(c, '-' | '\u{AD}' | '\u{2010}'));
        let divided = hyphen && before.next().is_some_and(char::is_alphabetic);
        match divided && line.starts_with(char::is_lowercase) {
            true => drop(text.pop()),
            false if divided => {}
            false => text.push(' '),
        }
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pages: &[&str], want: &str) {
        assert_eq!(text(pages), want, "{pages:?}");
    }

    #[test]
    fn lines_become_paragraphs() {
        check(
            &["The har-\nbour of Salva-\nDor is\nopen.\n\nSecond\n"],
            "The harbour of Salva-Dor is open.\nSecond",
        );
        check(&["It rained and\n", "rained on.\n\nThen"], "It rained and rained on.\nThen");
        check(&["It rained.\n", "rain fell"], "It rained.\nrain fell");
        check(&["The ports\u{AD}\nmen - \nwent"], "The portsmen - went");
        check(&[], "");
    }

    #[test]
    fn headers_and_page_numbers_go() {
        let page =
            |number: usize, text: &str| format!("Daily Harbour  page {number}\n\n{text}\n\n- {number} -\n");
        let story = |word: &str| format!("{word} one\ntwo\nthree\n\n{word} four");
        let pages: Vec<String> = (1..)
            .zip(["Rain", "Wind", "Snow", "Hail"])
            .map(|(number, word)| page(number, &story(word)))
            .collect();
        let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
        let got = text(&pages);
        assert!(
            !got.contains("Harbour")
                && !got.contains('-')
                && got.contains("Rain one two three\nRain four\nWind"),
            "{got}"
        );
        check(
            &["Daily Harbour\n\nOne.\n\nTwo.\n\nThree.\n\nFour."],
            "Daily Harbour\nOne.\nTwo.\nThree.\nFour.",
        );
    }

    #[test]
    fn blank_lines_everywhere_end_nothing() {
        let line = "The ports of Salvador reopened after nine days of rain and of";
        let lines: Vec<String> =
            (0..10).map(|n| if n % 5 == 4 { "wind.".to_owned() } else { line.to_owned() }).collect();
        let got = text(&[&lines.join("\n\n")]);
        assert_eq!(got.lines().count(), 2, "{got}");
    }
}
