//! An *MHTML* file is a web page saved with all that is shown on it, as a mail of many parts (RFC 2557). The page itself
//! is the article; its pictures, styles and frames are not looked at.
//!
//! `Snapshot-Content-Location` (Chromium) or the root's `Content-Location` is its address, where the page names none.
//! `Subject` is its title; `Date` is when it was saved, which says nothing of when it was published.

use std::io::BufRead;

use crate::article::Record;
use crate::parse::mime::Entity;
use crate::parse::{Emit, Found, ParseError, document, fields, html, mail};

/// How deep the page may stand in parts of parts.
const MAX_DEPTH: usize = 8;

/// What only saved pages have in their headers, in lower case.
const MARKS: &[&str] =
    &["snapshot-content-location:", "from: <saved by", "from: \"saved by", "x-maf-information:"];

/// Whether the text starts as a saved page does.
pub(super) fn is_saved_page(extension: &str, text: &str) -> bool {
    if !mail::is_mail(text) {
        return false;
    }
    let head = text.split("\n\n").next().unwrap_or_default().split("\r\n\r\n").next().unwrap_or_default();
    let head = head.to_ascii_lowercase();
    let holds_page = head.contains("multipart/related") || head.contains("text/html");
    holds_page && (matches!(extension, "mht" | "mhtml") || MARKS.iter().any(|mark| head.contains(mark)))
}

/// Reads the page.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let bytes = document(source)?;
    let saved = Entity::parse(&bytes);
    let page = page(&saved, 0).ok_or_else(|| ParseError::Failed {
        reason: "expected a part of type text/html in this MHTML, found none".to_owned(),
    })?;
    let address = saved.text_of("Snapshot-Content-Location");
    let address = address.as_deref().or_else(|| page.location()).or_else(|| saved.location());
    let known = Record {
        headline: saved.head().subject().and_then(fields::line),
        url: address.and_then(fields::address),
        ..Record::default()
    };
    html::read(&mut page.text().as_bytes(), &mut |found| {
        emit(match found {
            Found::Article(record) => Found::Article(fields::or(record, known.clone())),
            other => other,
        })
    })
}

/// The root: what `start` names, else the first page.
fn page<'a>(entity: &Entity<'a>, depth: usize) -> Option<Entity<'a>> {
    let mut parts = entity.parts();
    if parts.is_empty() {
        // Pages without pictures are saved as they are.
        return (depth == 0 && is_page(entity)).then(|| entity.clone());
    }
    let start = entity.parameter("start").map(|start| start.trim_matches(['<', '>']));
    let named = parts.iter().position(|part| start.is_some() && part.id() == start && is_page(part));
    if let Some(at) = named.or_else(|| parts.iter().position(is_page)) {
        return Some(parts.swap_remove(at));
    }
    parts.iter().filter(|_| depth < MAX_DEPTH).find_map(|part| page(part, depth + 1))
}

fn is_page(part: &Entity<'_>) -> bool {
    matches!(part.media_type().as_str(), "text/html" | "application/xhtml+xml")
}
