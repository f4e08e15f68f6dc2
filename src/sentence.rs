//! A *sentence* is what a reader would call one: it ends at a full stop, a question or an exclamation mark that ends no
//! abbreviation, and at the end of its line. A line is a *paragraph*.
//!
//! The index, the proximity operators and snippets ask the same rule.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Abbreviations that end in a full stop. They are no part of a user's dictionaries: what is indexed depends on them.
static ABBREVIATIONS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../index-schema/abbreviations.txt").lines();
    lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// What a word opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Opens {
    /// Nothing: it goes on in the sentence of the word before.
    Nothing,
    /// A sentence of the same paragraph.
    Sentence,
    /// A paragraph.
    Paragraph,
}

/// What a word opens that begins at `next`, where the word before it ends at `end`.
pub(crate) fn opens(text: &str, end: usize, next: usize) -> Opens {
    let between = &text[end..next];
    if between == " " {
        return Opens::Nothing;
    }
    if between.contains('\n') {
        return Opens::Paragraph;
    }
    let stop = |(at, c): (usize, char)| stop_at(text, end + at, c).is_some_and(|end| end <= next);
    if between.char_indices().any(stop) { Opens::Sentence } else { Opens::Nothing }
}

/// The sentences of a text, as byte ranges without surrounding white space; none crosses a line.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let mut start = 0;
        for (at, c) in line.char_indices() {
            if let Some(end) = stop_at(line, at, c) {
                push_trimmed(text, line_start + start..line_start + end, &mut sentences);
                start = end;
            }
        }
        push_trimmed(text, line_start + start..line_start + line.len(), &mut sentences);
        line_start += line.len();
    }
    sentences
}

fn push_trimmed(text: &str, range: Range<usize>, into: &mut Vec<Range<usize>>) {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    let end = range.start + piece.trim_end().len();
    if start < end {
        into.push(start..end);
    }
}

/// Where a sentence ends whose stop may be the character at `at`: after the quotes that close, before a space and then a
/// capital, a digit or what opens a quotation; `None` where it goes on.
fn stop_at(text: &str, at: usize, c: char) -> Option<usize> {
    if matches!(c, '。' | '！' | '？') {
        return Some(at + c.len_utf8());
    }
    if !matches!(c, '.' | '!' | '?') {
        return None;
    }
    let after = &text[at + 1..];
    let closed = after.trim_start_matches(['"', '”', '’', '\'', ')', ']', '»']);
    let next = closed.trim_start();
    let opens =
        |c: char| c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“' | '„' | '‘' | '«' | '(');
    if next.len() == closed.len() || !next.starts_with(opens) {
        return None;
    }
    // Last, as it goes back over the whole word: a text of stops without spaces is one.
    let abbreviates = c == '.' && closed.len() == after.len() && ends_abbreviation(&text[..at]);
    (!abbreviates).then(|| text.len() - closed.len())
}

fn ends_abbreviation(before: &str) -> bool {
    let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '.'));
    let (rest, word) =
        before.split_at(start.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8)));
    let last = word.rsplit('.').next().unwrap_or_default();
    let letter =
        last.chars().count() == 1 && last.chars().all(char::is_alphabetic) && !rest.ends_with(['\'', '’']);
    letter || is_title(word) || ABBREVIATIONS.contains(word)
}

/// `Mr`, `Dr`, `Mrs`: a capital and no vowel.
fn is_title(word: &str) -> bool {
    let short = (2..=4).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic);
    short && word.starts_with(char::is_uppercase) && !word.chars().any(|c| "aeiouyAEIOUY".contains(c))
}

#[cfg(test)]
mod tests {
    use super::{Opens, opens, sentences};

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sentences_end_where_a_reader_would_say() {
        check(
            "He met Mr. Xi. They talked.\nLater, the U.S. Senate met.",
            &["He met Mr. Xi.", "They talked.", "Later, the U.S. Senate met."],
        );
        check("“Go.” He went! Why? 3.5 pct.", &["“Go.”", "He went!", "Why?", "3.5 pct."]);
        check("习近平会见了布林肯。会谈坦率。", &["习近平会见了布林肯。", "会谈坦率。"]);
        check("So said China’s. Then it ended.", &["So said China’s.", "Then it ended."]);
        check(
            "Er traf ca. 30 Leute, z.B. Herrn Kohl. Dann ging er.",
            &["Er traf ca. 30 Leute, z.B. Herrn Kohl.", "Dann ging er."],
        );
        check("The answer was no. Nobody was surprised.", &["The answer was no.", "Nobody was surprised."]);
        check("", &[]);
    }

    #[test]
    fn a_word_opens_a_sentence_or_a_paragraph() {
        let text = "He said “No.” Then J. Smith left.\nOil fell.";
        let opened = |word: &str| {
            let next = text.find(word).unwrap();
            let end = text[..next].rfind(|c: char| c.is_alphanumeric()).unwrap() + 1;
            opens(text, end, next)
        };
        assert_eq!(
            ["said", "Then", "Smith", "Oil"].map(opened),
            [Opens::Nothing, Opens::Sentence, Opens::Nothing, Opens::Paragraph]
        );
    }
}
