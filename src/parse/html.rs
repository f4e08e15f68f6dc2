//! A *web page*: its main text by dom_smoothie, a port of Mozilla's Readability; its metadata from JSON-LD, OpenGraph,
//! `meta` tags and page elements, in this order of trust.
//!
//! A page that would cost the tree builder too much (`depth`) is read without a tree: all its text, tags stripped.

mod depth;
mod flat;
mod furniture;
mod jsonld;
mod metadata;
mod shown;

use std::collections::BTreeSet;
use std::io::BufRead;

use dom_query::Document;
use dom_smoothie::{Article, Config, ParsePolicy, Readability, TextMode};

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
    let title = metadata.headline.clone().unwrap_or_default();
    let signed = shown::byline(&document);
    let prose = furniture::clear(&document, &title);
    metadata.dated = shown::dates(&document, &title);
    metadata.headline = shown::headline(&document, &title).or(metadata.headline);
    let article = main_text(&document, &title, prose);
    let found = article.as_ref().map_or(0, |article| prose_of(&article.text_content));
    let flat = Some(&document).filter(|document| flat::flatten(document, found));
    let again = flat.and_then(|document| main_text(document, &title, prose));
    let article = again.filter(|article| prose_of(&article.text_content) > found).or(article);
    let Some(article) = article else {
        return Record { body: linked_body.unwrap_or_default(), ..metadata };
    };
    let body = lines(&article.text_content);
    let body = if has_sentence(&body) { body } else { linked_body.unwrap_or(body) };
    let found = Record {
        headline: fields::line(&article.title),
        byline: article
            .byline
            .as_deref()
            .filter(|line| !line.ends_with(['-', '–', '—']))
            .and_then(|line| fields::byline([line]))
            .or(signed),
        ..Record::default()
    };
    Record { body, ..fields::or(metadata, found) }
}

/// How the article is looked for, the choosiest way first.
const WAYS: [ParsePolicy; 4] =
    [ParsePolicy::Strict, ParsePolicy::Moderate, ParsePolicy::Clean, ParsePolicy::Raw];

/// Characters of prose that are an article, whatever else the page has; and those that are one where they speak of what
/// the headline does.
const ENOUGH: (usize, usize) = (400, 100);

/// The main text of a page that has so many characters of prose: the first that has half of them or enough, else the one that
/// has most. Length alone would favour menus, and reject short items.
fn main_text(document: &Document, headline: &str, prose: usize) -> Option<Article> {
    let mut best: Option<(usize, Article)> = None;
    for way in WAYS {
        let config = Config { text_mode: TextMode::Formatted, disable_json_ld: true, ..Config::default() };
        let page = Readability::with_document(document.clone(), None, Some(config));
        let Ok(article) = page.and_then(|mut page| page.parse_with_policy(way)) else { continue };
        let found = prose_of(&article.text_content);
        let speaks = found >= ENOUGH.1 && speaks_of(&article.text_content, headline);
        if speaks || best.as_ref().is_none_or(|(most, _)| found > *most) {
            best = Some((found, article));
        }
        if speaks || found * 2 >= prose || found >= ENOUGH.0 {
            break;
        }
    }
    best.map(|(_, article)| article)
}

/// The characters of lines that are sentences, white space aside.
fn prose_of(text: &str) -> usize {
    let sentences = text.lines().filter(|line| has_sentence(line));
    sentences.flat_map(str::chars).filter(|c| !c.is_whitespace()).count()
}

/// Whether a text has half of the long words of a headline, and two of them.
fn speaks_of(text: &str, headline: &str) -> bool {
    let (text, headline) = (text.to_lowercase(), headline.to_lowercase());
    let words = headline.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().nth(3).is_some());
    let words: BTreeSet<&str> = words.collect();
    let there = words.iter().filter(|word| text.contains(**word)).count();
    there >= 2 && there * 2 >= words.len()
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

/// A paragraph a line, white space collapsed.
fn lines(text: &str) -> String {
    text.lines().filter_map(fields::line).collect::<Vec<_>>().join("\n")
}

/// Letters and digits alone, in lower case: what a headline and a title have in common.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
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
