//! A *reader* turns one source file into [`Record`]s: one file of this folder a format.
//!
//! [`read`] looks at the content first and at the name second (`sniff`), decodes legacy charsets (`charset`) and
//! hands the file to the format's reader. Readers that find many articles in a file stream them: memory does not
//! grow with the file.
//!
//! To add a format: a file here with `fn read(source, emit) -> Result<(), ParseError>`, a variant of [`Format`] with
//! its name, a line in `sniff` that knows it by its content, and a line in `dispatch`.

mod charset;
mod dates;
mod fields;
mod html;
pub mod json;
mod markdown;
mod markup;
mod pieces;
mod reuters;
mod sniff;
mod text;

#[cfg(test)]
mod tests;

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use crate::article::{Layout, Record};
use crate::parse::json::Mapping;

/// The most bytes a JSON document, or a line of JSON, may have: 64 MiB.
pub const MAX_BYTES: usize = 64 << 20;

/// The most bytes a file that is one article may have: 16 MiB. No story is so long, and reading it takes many times
/// its size.
pub const MAX_ARTICLE_BYTES: usize = 16 << 20;

/// How much of a file is looked at to tell its format.
const HEAD_BYTES: u64 = 64 << 10;

/// What a reader found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// An article.
    Article(Record),
    /// Something whole that is no article.
    NotAnArticle {
        /// Why, in words for the user.
        reason: String,
    },
    /// Something broken; what follows it is still read.
    Bad {
        /// Where (line or byte) and what was expected.
        reason: String,
    },
}

/// A format this version reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text.
    Text,
    /// A web page.
    Html,
    /// Markdown, with or without front matter.
    Markdown,
    /// A JSON document: an article, or a list of them.
    Json,
    /// A JSON object a line.
    JsonLines,
    /// The SGML of the Reuters-21578 collection.
    Reuters,
}

impl Format {
    /// The format's name, as the ledger and the reports show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::Reuters => "reuters",
        }
    }
}

/// Why a file gave no (further) articles.
#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    /// The file is no news, or in a format that is not read: it is skipped.
    #[error("{reason}")]
    NotNews {
        /// Why, in words for the user.
        reason: String,
    },
    /// The file is broken.
    #[error("{reason}")]
    Failed {
        /// Where and how.
        reason: String,
    },
    /// The file is larger than a single article can be.
    #[error("larger than {} MiB, the limit of a file read as one piece: split it, or convert it to JSON lines", limit >> 20)]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The file cannot be read.
    #[error("cannot read it: {0}")]
    Io(#[from] io::Error),
}

/// Where readers put what they find; `Break` asks them to stop.
type Emit<'a> = dyn FnMut(Found) -> ControlFlow<()> + 'a;

/// Reads one source file a record at a time; `each` may stop it. `name` is the path relative to the archive's root
/// and matters only where the content does not tell the format. Fields of a record hold neither control characters
/// nor marks of text direction, and are `None` rather than empty.
///
/// # Errors
/// [`ParseError::NotNews`] for what is to be skipped, the others for what is broken. Articles found before stay good.
pub fn read(
    name: &str,
    input: &mut dyn BufRead,
    mapping: &Mapping,
    each: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> Result<Format, ParseError> {
    let mut head = Vec::new();
    Read::take(&mut *input, HEAD_BYTES).read_to_end(&mut head)?;
    let mut source = head.as_slice().chain(input);
    let mut emit = |found| each(tidy(found));
    if let Some(wide) = charset::wide(&head) {
        // Two or four bytes a character: no reader but this knows, they all see UTF-8.
        let text = wide.decode(&document(&mut source)?);
        let format = sniff::sniff(name, prefix(text.as_bytes()))?;
        return dispatch(format, &mut text.as_bytes(), mapping, &mut emit).map(|()| format);
    }
    let format = sniff::sniff(name, &head)?;
    dispatch(format, &mut source, mapping, &mut emit).map(|()| format)
}

fn dispatch(
    format: Format,
    source: &mut dyn BufRead,
    mapping: &Mapping,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    match format {
        Format::Text => text::read(source, emit),
        Format::Html => html::read(source, emit),
        Format::Markdown => markdown::read(source, mapping, emit),
        Format::Json => json::read(source, mapping, emit),
        Format::JsonLines => json::read_lines(source, mapping, emit),
        Format::Reuters => reuters::read(source, emit),
    }
}

fn prefix(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(HEAD_BYTES as usize)]
}

/// All bytes of a file that is one article.
fn whole(source: &mut dyn BufRead) -> Result<Vec<u8>, ParseError> {
    within(source, MAX_ARTICLE_BYTES)
}

/// All bytes of a file that may hold many articles and is read as one piece.
fn document(source: &mut dyn BufRead) -> Result<Vec<u8>, ParseError> {
    within(source, MAX_BYTES)
}

fn within(source: &mut dyn BufRead, limit: usize) -> Result<Vec<u8>, ParseError> {
    let mut bytes = Vec::new();
    source.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(ParseError::TooLarge { limit });
    }
    Ok(bytes)
}

fn not_news(reason: &str) -> ParseError {
    ParseError::NotNews { reason: reason.to_owned() }
}

/// A single article, or the reason to skip the file where it holds no text at all.
fn emit_one(record: Record, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    if record.headline.is_none() && record.body.trim().is_empty() {
        return Err(not_news("no text in it"));
    }
    // A reader of one article has nothing left to stop.
    let _done: ControlFlow<()> = emit(Found::Article(record));
    Ok(())
}

fn tidy(found: Found) -> Found {
    match found {
        Found::Article(record) => Found::Article(tidy_record(record)),
        other => other,
    }
}

/// Holds for every reader what the fields of a record promise: escapes in JSON and HTML bring control characters in
/// long after the file was decoded.
fn tidy_record(record: Record) -> Record {
    let line = |text: Option<String>| text.and_then(|text| fields::line(&charset::scrub(text)));
    let headline = line(record.headline);
    let body = charset::scrub(record.body);
    let body = match (&headline, record.layout) {
        (Some(headline), Layout::Paragraphs) => without_headline(body, headline),
        _ => body,
    };
    let mut given = record.given;
    given.retain(|_, values| {
        *values = values.drain(..).filter_map(|value| line(Some(value))).collect();
        !values.is_empty()
    });
    Record {
        byline: line(record.byline),
        dateline: line(record.dateline),
        source: line(record.source),
        section: line(record.section),
        url: line(record.url),
        headline,
        body,
        given,
        ..record
    }
}

/// Pages print the headline above the text; it is not its first paragraph.
fn without_headline(body: String, headline: &str) -> String {
    match body.split_once('\n') {
        Some((first, rest)) if first.split_whitespace().eq(headline.split_whitespace()) => rest.to_owned(),
        _ => body,
    }
}
