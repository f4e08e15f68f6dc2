//! A *web page*: its furniture is taken out, then its main text is found by dom_smoothie, a port of Mozilla's Readability.
//! Its metadata comes from JSON-LD, OpenGraph, `meta` tags and page elements, in this order of trust; a headline as the page
//! prints it, where that is nearly the same.
//!
//! A page that would cost the tree builder too much (`depth`) is read without a tree: all its text, tags stripped.

mod depth;
mod flat;
mod furniture;
mod jsonld;
mod main_text;
mod metadata;
mod names;
mod shown;

use std::io::BufRead;

use dom_query::Document;

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
    let (mut metadata, linked_body) = metadata::of(&document);
    // Titles of books are shorter; this is compared with much of the page.
    let title: String =
        metadata.headline.iter().flat_map(|headline| headline.chars()).take(MAX_TITLE).collect();
    let signed = shown::byline(&document);
    let prose = furniture::clear(&document, &title);
    metadata.dated = shown::dates(&document, &title);
    metadata.headline = shown::headline(&document, &title).or(metadata.headline);
    let Some(article) = main_text::of(&document, &title, prose) else {
        let byline = metadata.byline.or(signed);
        return Record { body: linked_body.unwrap_or_default(), byline, ..metadata };
    };
    let body = lines(&article.text_content);
    let fuller = linked_body.filter(|linked| prose_of(linked) > 2 * prose_of(&body));
    let named =
        || fields::byline([article.byline.as_deref().filter(|line| !line.ends_with(['-', '–', '—']))?]);
    let found =
        Record { headline: fields::line(&article.title), byline: signed.or_else(named), ..Record::default() };
    Record { body: fuller.unwrap_or(body), ..fields::or(metadata, found) }
}

/// The longest title that is looked for on its page, in characters.
const MAX_TITLE: usize = 500;

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

/// A paragraph a line, white space collapsed.
fn lines(text: &str) -> String {
    text.lines().filter_map(fields::line).collect::<Vec<_>>().join("\n")
}

/// Letters and digits alone, in lower case: what a headline and a title have in common.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The characters of lines that are sentences, white space aside.
fn prose_of(text: &str) -> usize {
    let sentences = text.lines().filter(|line| has_sentence(line));
    sentences.flat_map(str::chars).filter(|c| !c.is_whitespace()).count()
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
