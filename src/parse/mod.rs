//! A *reader* turns one source file into [`Record`]s: one file of this folder a format.
//!
//! [`read`] looks at the content first and at the name second (`sniff`), decodes legacy charsets (`charset`) and
//! hands the file to the format's reader. Readers that find many articles in a file stream them: memory does not
//! grow with the file.
//!
//! To add a format: a file here with `fn read(source, emit) -> Result<(), ParseError>`, a variant of [`Format`] with
//! its name, a line in `sniff` that knows it by its content, and a line in `dispatch`. One that holds files of other
//! formats gives each to `Context::member`.

mod alto;
mod anpa;
mod charset;
mod context;
mod dates;
mod feed;
mod epub;
mod fields;
mod format;
mod hocr;
mod html;
pub mod issues;
pub mod json;
pub mod limits;
mod mail;
mod markdown;
mod markup;
mod mets;
mod newsml;
mod newsml_g2;
mod nitf;
mod mbox;
mod mhtml;
mod mime;
mod packed;
#[cfg(feature = "parquet")]
mod parquet;
pub mod pdf;
mod pieces;
mod printed;
mod rcv1;
mod reuters;
mod sniff;
mod table;
mod text;
mod tidy;
mod trec;
mod warc;
mod xml;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::article::Record;
use crate::parse::context::Context;
pub(crate) use crate::parse::context::READER_FAILED;
pub use crate::parse::format::Format;
use crate::parse::issues::Beside;
use crate::parse::json::Mapping;
use crate::parse::limits::{Budget, Fault, Limits, Timed};
use crate::parse::tidy::tidy;

/// The most bytes of a file that holds many articles and is read as one piece: 64 MiB.
pub const MAX_BYTES: usize = 64 << 20;

/// The most bytes a file that is one article, or a record of a longer one, may have: 16 MiB. No story is so long, and reading it takes many times
/// its size.
pub const MAX_ARTICLE_BYTES: usize = 16 << 20;

/// How much of a file is looked at to tell its format.
const HEAD_BYTES: u64 = 64 << 10;

/// What a reader found.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all that is found are articles, and each is moved on at once"
)]
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
    Io(io::Error),
}

impl From<io::Error> for ParseError {
    /// What is wrong with the data is no failure to read it.
    fn from(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>()) {
            Some(Fault(reason)) => Self::Failed { reason: reason.clone() },
            None => Self::Io(error),
        }
    }
}

/// Where readers put what they find; `Break` asks them to stop.
type Emit<'a> = dyn FnMut(Found) -> ControlFlow<()> + 'a;

/// How files are to be read.
#[derive(Default)]
pub struct Settings {
    /// Which keys of JSON are which fields.
    pub mapping: Mapping,
    /// What a file may cost.
    pub limits: Limits,
    /// The `dateline` program, which reads PDF in a process of its own; without it none is read.
    pub program: Option<PathBuf>,
}

/// A file to be read.
pub struct Source<'a> {
    /// The path relative to the archive's root; it matters only where the content does not tell the format.
    pub name: &'a str,
    /// Its bytes.
    pub stream: &'a mut dyn BufRead,
    /// The file itself, where it is one, for formats that are read from their end.
    pub file: Option<&'a File>,
    /// Where it lies, where it is a file, for formats whose parts are files beside it.
    pub beside: Option<Beside<'a>>,
}

/// Reads one source file a record at a time; `each` may stop it. Fields of a record hold neither control characters
/// nor marks of text direction, and are `None` rather than empty.
///
/// # Errors
/// [`ParseError::NotNews`] for what is to be skipped, the others for what is broken. Articles found before stay good.
pub fn read(
    source: Source<'_>,
    settings: &Settings,
    each: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> Result<Format, ParseError> {
    let budget = Budget::new(settings.limits);
    let Source { name, stream, file, beside } = source;
    let context = Context {
        name,
        mapping: &settings.mapping,
        budget: &budget,
        program: settings.program.as_deref(),
        depth: 0,
        file,
        beside,
    };
    let mut over = None;
    let mut emit = |found| {
        if let Err(Fault(reason)) = budget.record() {
            over = Some(reason);
            return ControlFlow::Break(());
        }
        let flow = each(tidy(found));
        budget.rest();
        flow
    };
    let read = read_stream(&context, &mut Timed::new(stream, &budget), &mut emit);
    match over {
        Some(reason) => Err(ParseError::Failed { reason }),
        None => read,
    }
}

/// Tells the format of a stream, and reads it.
fn read_stream(
    context: &Context<'_>,
    stream: &mut dyn BufRead,
    emit: &mut Emit<'_>,
) -> Result<Format, ParseError> {
    let mut head = Vec::new();
    let broken = Read::take(&mut *stream, HEAD_BYTES).read_to_end(&mut head).err();
    if head.is_empty()
        && let Some(error) = broken
    {
        return Err(error.into());
    }
    // What stands before a fault is still read.
    let mut source = head.as_slice().chain(Failing(broken)).chain(stream);
    if let Some(wide) = charset::wide(&head) {
        // Two or four bytes a character: no reader but this knows, they all see UTF-8.
        let text = wide.decode(&document(&mut source)?);
        let format = sniff::sniff(context.name, prefix(text.as_bytes()))?;
        return dispatch(format, &mut text.as_bytes(), context, emit);
    }
    let format = sniff::sniff(context.name, &head)?;
    dispatch(format, &mut source, context, emit)
}

/// Reads a file of a format; gives the format, or that of what is compressed in it.
fn dispatch(
    format: Format,
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<Format, ParseError> {
    match format {
        Format::Text => text::read(source, emit),
        Format::Html => html::read(source, emit),
        Format::Markdown => markdown::read(source, context.mapping, emit),
        Format::Json => json::read(source, context.mapping, emit),
        Format::JsonLines => json::read_lines(source, context.mapping, emit),
        Format::Reuters => reuters::read(source, emit),
        Format::Feed => feed::read(source, emit),
        Format::Crawl(kind) => warc::read(kind, source, context, emit),
        Format::Rcv1 => rcv1::read(source, emit),
        Format::Anpa => anpa::read(source, emit),
        Format::Nitf => nitf::read(source, emit),
        Format::NewsMl => newsml::read(source, emit),
        Format::NewsMlG2 => newsml_g2::read(source, emit),
        Format::Trec => trec::read(source, context, emit),
        Format::Table => table::read(source, context.mapping, emit),
        Format::Alto => alto::read(source, context, emit),
        Format::Hocr => hocr::read(source, emit),
        Format::Mets => mets::read(source, context, emit),
        Format::Mail => mail::read(source, context, emit),
        Format::Mailbox => mbox::read(source, context, emit),
        Format::Mhtml => mhtml::read(source, emit),
        Format::Squeezed(kind) => return packed::read_squeezed(kind, source, context, emit),
        Format::Tar => packed::read_tar(source, context, emit),
        Format::Zip => packed::read_zip(source, context, emit),
        Format::Epub => epub::read(source, context, emit),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::read(source, context, emit),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err(not_news("a Parquet file, which this dateline was built without")),
        Format::Pdf => pdf::read(source, context, emit),
    }
    .map(|()| format)
}

/// A stream that fails once, where what it stands for did, and has no bytes.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

impl BufRead for Failing {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.take().map_or(Ok(&[]), Err)
    }

    fn consume(&mut self, _: usize) {}
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
