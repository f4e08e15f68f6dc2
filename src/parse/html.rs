//! A *web page*: its main text by dom_smoothie, a port of Mozilla's Readability; its metadata from JSON-LD, OpenGraph,
//! `meta` tags and page elements, in this order of trust.
//!
//! A page that would cost the tree builder too much (`depth`) is read without a tree: all its text, tags stripped.

mod depth;
mod jsonld;
mod metadata;

use std::io::BufRead;

use dom_query::Document;
use dom_smoothie::{Config, Readability, TextMode};

use crate::article::{Layout, Record};
use crate::parse::{Emit, ParseError, charset, emit_one, fields, markup, not_news, whole};

/// Reads a web page as one article.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let html = charset::decode(&whole(source)?);
    let record = if depth::is_costly(&html) { read_flat(&html) } else { read_tree(html) };
    if !has_sentence(&record.body) {
        return Err(not_news("no article text on the page"));
    }
    emit_one(record, emit)
}

fn read_tree(html: String) -> Record {
    let document = Document::from(html);
    let (metadata, linked_body) = metadata::of(&document);
    let config = Config { text_mode: TextMode::Formatted, disable_json_ld: true, ..Config::default() };
    let article = Readability::with_document(document, None, Some(config)).and_then(|mut page| page.parse());
    let Ok(article) = article else {
        return Record { body: linked_body.unwrap_or_default(), ..metadata };
    };
    let body = lines(&article.text_content);
    let body = if has_sentence(&body) { body } else { linked_body.unwrap_or(body) };
    let found = Record {
        headline: fields::line(&article.title),
        byline: article.byline.as_deref().and_then(byline),
        ..Record::default()
    };
    Record { body, ..fields::or(metadata, found) }
}

fn read_flat(html: &str) -> Record {
    let title = html.split_once("<title").and_then(|(_, rest)| rest.split_once('>'));
    let title = title.and_then(|(_, rest)| fields::line(&markup::line(rest.split("</").next()?)));
    Record {
        headline: title,
        body: markup::paragraphs(html),
        layout: Layout::Paragraphs,
        ..Record::default()
    }
}

/// What stands where a byline should, without the lines that are a date.
fn byline(text: &str) -> Option<String> {
    let is_year = |digits: &str| digits.len() == 4;
    let dated = |line: &&str| line.split(|c: char| !c.is_ascii_digit()).any(is_year);
    let lines: Vec<&str> = text.lines().filter(|line| !dated(line)).collect();
    fields::byline([lines.join(" ").as_str()])
}

/// A paragraph a line, white space collapsed.
fn lines(text: &str) -> String {
    text.lines().filter_map(fields::line).collect::<Vec<_>>().join("\n")
}

/// Whether the text holds at least one sentence, rather than only labels and links.
fn has_sentence(text: &str) -> bool {
    text.lines().any(|line| {
        let ends = line.contains(['.', '!', '?', '…', '。', '！', '？', '।', '؟']);
        let words = line.split_whitespace().count();
        let long = line.chars().filter(|c| !c.is_ascii()).count() >= 15;
        words >= 8 || (ends && (words >= 4 || long))
    })
}

#[cfg(test)]
mod tests;
