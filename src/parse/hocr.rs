//! *hOCR* is a scanned book or paper as HTML: classes say what is a page (`ocr_page`), a paragraph, a line, a word.
//!
//! A page is an article; words parted at line ends are joined. What machines note in `title` attributes (boxes, confidence)
//! is passed over, but for the name of the picture, which may hold the day.

use std::io::BufRead;

use crate::article::{Layout, Record};
use crate::parse::printed::{Line, Text, day_in};
use crate::parse::xml::{Element, Records, Step};
use crate::parse::{Emit, Found, ParseError, fields};

/// Classes of paragraphs, and of what stands for them where a machine finds none.
const BLOCKS: &[&str] = &["ocr_par", "ocrx_block", "ocr_carea"];

/// Classes of lines.
const LINES: &[&str] =
    &["ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat", "ocr_title"];

/// Reads a file as an article a page.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let mut records = Records::new(source)?;
    let mut number = 0u64;
    while let Some(step) = records.next(&|name| matches!(name, "html" | "body"))? {
        let Step::Whole(element) = step else { continue };
        for page in of_class(&element, &["ocr_page"]) {
            number += 1;
            if emit(found(page, number)).is_break() {
                return Ok(());
            }
        }
    }
    match number {
        0 => {
            Err(ParseError::Failed { reason: "expected an element of class ocr_page, found none".to_owned() })
        }
        _ => Ok(()),
    }
}

fn found(page: &Element, number: u64) -> Found {
    let mut text = Text::default();
    let paragraphs = BLOCKS.iter().map(|class| of_class(page, &[class])).find(|found| !found.is_empty());
    let paragraphs = paragraphs.unwrap_or_else(|| vec![page]);
    for paragraph in &paragraphs {
        text.block();
        let lines = of_class(paragraph, LINES);
        let lines = if lines.is_empty() { vec![*paragraph] } else { lines };
        for line in lines {
            text.line(&Line::of(fields::line(&line.text()).unwrap_or_default()));
        }
    }
    let body = text.done();
    if body.is_empty() {
        return Found::NotAnArticle { reason: format!("page {number}: no text on it") };
    }
    let languages = paragraphs.iter().copied().chain([page]);
    Found::Article(Record {
        published: page.attribute("title").and_then(image).and_then(day_in),
        language: languages.filter_map(Element::language).next(),
        inside: Some(format!("page {number}")),
        layout: Layout::Paragraphs,
        body,
        ..Record::default()
    })
}

/// The name of the picture in `image "a/b.tif"; bbox 0 0 100 200`.
fn image(title: &str) -> Option<&str> {
    let (_, name) = title.split_once("image ")?;
    name.split(';').next().map(|name| name.trim().trim_matches(['"', '\'']))
}

/// The outermost elements of one of these classes: the element itself, or those in it.
fn of_class<'a>(element: &'a Element, classes: &[&str]) -> Vec<&'a Element> {
    let is_one = |element: &Element| {
        let own = element.attribute("class").unwrap_or_default();
        own.split_whitespace().any(|class| classes.contains(&class))
    };
    let (mut found, mut open) = (Vec::new(), vec![element]);
    while let Some(element) = open.pop() {
        if is_one(element) {
            found.push(element);
            continue;
        }
        let at = open.len();
        open.extend(element.elements());
        open[at..].reverse();
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::parse::Found;
    use crate::parse::tests::{article, read_all, show, show_found};

    const HEAD: &str = "<?xml version='1.0'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml' lang='en'><head><title></title>\
                        <meta name='ocr-system' content='tesseract 5.3'></head><body>";

    fn page(inner: &str) -> String {
        format!(
            "<div class='ocr_page' id='p1' title='image \"s/1915-03-02-01.tif\"; bbox 0 0 9 9'>{inner}</div>"
        )
    }

    #[test]
    fn a_page_is_an_article() {
        let word =
            |text: &str| format!("<span class='ocrx_word' title='bbox 1 2 3 4; x_wconf 9'>{text}</span>");
        let line = |text: &str| {
            let words: Vec<String> = text.split(' ').map(word).collect();
            format!("<span class='ocr_line'>{}\n</span>", words.join("\n "))
        };
        let par = |lines: &[&str]| {
            let lines: String = lines.iter().map(|text| line(text)).collect();
            format!("<div class='ocr_carea'><p class='ocr_par' lang='eng'>{lines}</p></div>")
        };
        let two =
            [par(&["Ships sail to-", "morrow &amp; on."]), par(&["Ports are", "<strong>open</strong>."])]
                .concat();
        let record = article("a.html", &format!("{HEAD}{}</body></html>", page(&two)));
        assert_eq!(
            show(&record),
            "published: 1915-03-02\nlanguage: en\n> Ships sail tomorrow & on.\n> Ports are open."
        );
        let wrapped = format!("{HEAD}<div>{}{}</div></body></html>", page(&two), page("<br>"));
        let (end, found) = read_all("a.hocr", wrapped.as_bytes());
        let found: Vec<String> = found.iter().map(show_found).collect();
        assert_eq!(
            (end.as_str(), found),
            ("hocr", vec!["article  (page 1)".to_owned(), "none: page 2: no text on it".to_owned()])
        );
        let (end, found) =
            read_all("a.html", format!("{HEAD}<div class='ocr_page'>One line.</div><p>").as_bytes());
        assert!(
            matches!(&found[..], [Found::Article(record), ..] if record.body == "One line."),
            "{end} {found:?}"
        );
    }
}
