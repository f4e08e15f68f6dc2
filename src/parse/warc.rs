//! *WARC* is what crawlers write: records one after the other, a web answer each; *ARC* is its elder.
//!
//! The page in an answer is read as a file of its own would be. Requests, notes of the crawler and what is no article are
//! counted as such. A record whose length lies, or that is cut, costs itself: reading goes on where the next one begins.
//! The date of a record is that of the visit, not of the story, and is not used.

mod http;

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use crate::article::Record;
use crate::parse::limits::Packed;
use crate::parse::pieces::{self, Piece};
use crate::parse::{Context, Emit, Found, ParseError, fields};

/// The most bytes the head of a record may have.
const MAX_HEAD: usize = 64 << 10;

/// Which of the two a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Crawl {
    /// WARC, of any version.
    Warc,
    /// ARC, of version 1 or 2.
    Arc,
}

/// What stands above a record.
#[derive(Debug, Default)]
struct Head {
    /// The kind of record, as WARC names them.
    kind: String,
    url: Option<String>,
    /// The type of what the record holds.
    content: String,
    length: u64,
}

/// Reads the records of a crawl.
pub(super) fn read(
    kind: Crawl,
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let mut reader = Reader { kind, tape: Tape { source, at: 0 }, context, sound: true };
    let mut fault_at = None;
    loop {
        let start = reader.tape.at;
        let flow = match reader.record(emit) {
            Ok(None) => return Ok(()),
            Ok(Some(flow)) => flow,
            // A fault that reading cannot get past ends the file.
            Err(error) if fault_at == Some(reader.tape.at) => return Err(error.into()),
            Err(error) => match ParseError::from(error) {
                ParseError::Failed { reason } => {
                    fault_at = Some(reader.tape.at);
                    reader.sound = false;
                    emit(bad(start, &reason))
                }
                other => return Err(other),
            },
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

fn bad(start: u64, what: &str) -> Found {
    Found::Bad { reason: format!("record at byte {start}: {what}") }
}

struct Reader<'a, 'b> {
    kind: Crawl,
    tape: Tape<'a>,
    context: &'b Context<'b>,
    /// Whether the record before was whole, so that another must follow.
    sound: bool,
}

impl Reader<'_, '_> {
    /// Reads the next record; `None` at the end.
    fn record(&mut self, emit: &mut Emit<'_>) -> io::Result<Option<ControlFlow<()>>> {
        let (start, first) = loop {
            let start = self.tape.at;
            let Some(line) = self.tape.line()? else { return Ok(None) };
            match line {
                Ok(line) if line.is_empty() => {}
                Ok(line) if self.begins(&line) => break (start, line),
                _ if self.sound => {
                    self.sound = false;
                    return Ok(Some(emit(bad(start, &format!("expected {}", self.expected())))));
                }
                _ => {}
            }
        };
        self.sound = true;
        let head = match self.kind {
            Crawl::Warc => warc_head(&mut self.tape)?,
            Crawl::Arc => arc_head(&first),
        };
        let head = match head {
            Ok(head) => head,
            Err(what) => {
                self.sound = false;
                return Ok(Some(emit(bad(start, &what))));
            }
        };
        let end = self.tape.at.saturating_add(head.length);
        let mut body = (&mut self.tape).take(head.length);
        let flow = content(&head, &mut body, self.context, emit);
        io::copy(&mut body, &mut io::sink())?;
        if flow.is_continue() && self.tape.at < end {
            self.sound = false;
            let short = format!("the file ends {} bytes before the record does", end - self.tape.at);
            return Ok(Some(emit(bad(start, &short))));
        }
        Ok(Some(flow))
    }

    fn begins(&self, line: &[u8]) -> bool {
        match self.kind {
            Crawl::Warc => line.starts_with(b"WARC/"),
            Crawl::Arc => arc_head(line).is_ok(),
        }
    }

    fn expected(&self) -> &'static str {
        match self.kind {
            Crawl::Warc => "a line that starts with WARC/",
            Crawl::Arc => "a line of address, host, date, type and length",
        }
    }
}

/// The named lines below `WARC/1.0`, up to a blank one.
fn warc_head(tape: &mut Tape<'_>) -> io::Result<Result<Head, String>> {
    let (mut head, mut length, start) = (Head::default(), None, tape.at);
    while let Some(line) = tape.line()? {
        let line = match line {
            Ok(line) if tape.at - start <= MAX_HEAD as u64 => line,
            _ => return Ok(Err(format!("its head is longer than {} KiB", MAX_HEAD >> 10))),
        };
        if line.is_empty() {
            return Ok(length
                .map(|length| Head { length, ..head })
                .ok_or_else(|| "no Content-Length".to_owned()));
        }
        let line = String::from_utf8_lossy(&line);
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "warc-type" => head.kind = value.to_ascii_lowercase(),
            "warc-target-uri" => {
                let value = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(value);
                head.url = fields::line(value);
            }
            "content-type" => head.content = value.to_ascii_lowercase(),
            "content-length" => match value.parse::<u64>() {
                Ok(value) if i64::try_from(value).is_ok() => length = Some(value),
                _ => return Ok(Err(format!("Content-Length '{:.30}' is no length", value.escape_debug()))),
            },
            _ => {}
        }
    }
    Ok(Err("the file ends within its head".to_owned()))
}

/// The one line above a record of ARC: address, host, date, type and length in version 1; more between type and length
/// in version 2. Addresses may hold spaces.
fn arc_head(line: &[u8]) -> Result<Head, String> {
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split(' ').collect();
    let is_date = |word: &str| matches!(word.len(), 8 | 14) && word.bytes().all(|byte| byte.is_ascii_digit());
    let date = (1..words.len()).rev().find(|&at| is_date(words[at])).filter(|&at| at >= 2);
    let length = words.last().and_then(|word| word.parse::<i64>().ok());
    match (date, length) {
        (Some(date), Some(length)) if words.len() >= date + 3 => {
            let url = words[..date - 1].join(" ");
            let kind = if url.starts_with("filedesc:") { "warcinfo" } else { "response" };
            let content = if url.starts_with("http") { "application/http" } else { words[date + 1] };
            let length = u64::try_from(length).map_err(|_| format!("{length} is no length"))?;
            Ok(Head { kind: kind.to_owned(), url: fields::line(&url), content: content.to_owned(), length })
        }
        _ => Err("expected a line of address, host, date, type and length".to_owned()),
    }
}

/// Reads what a record holds.
fn content(
    head: &Head,
    body: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> ControlFlow<()> {
    let url = head.url.clone().unwrap_or_default();
    let none = |what: &str| {
        let reason = if url.is_empty() { what.to_owned() } else { format!("{url}: {what}") };
        Found::NotAnArticle { reason }
    };
    let complete = |record: Record| {
        let target = fields::address(&url);
        Record { url: record.url.or(target), ..record }
    };
    match head.kind.as_str() {
        "response" if head.content.contains("http") => {
            let answer = match http::answer(body) {
                Ok(answer) => answer,
                Err(error) => {
                    return match ParseError::from(error) {
                        ParseError::Failed { reason } => {
                            emit(Found::Bad { reason: format!("{url}: {reason}") })
                        }
                        _ => emit(Found::Bad { reason: format!("{url}: cannot be read") }),
                    };
                }
            };
            if let Some(what) = answer.is_no_page() {
                return emit(none(&what));
            }
            let packed = Packed::default();
            match answer.body(body, &packed, context.budget) {
                Ok(mut page) => context.member_with(&url, &mut *page, &complete, emit),
                Err(what) => emit(Found::Bad { reason: format!("{url}: {what}") }),
            }
        }
        "response" | "resource" | "conversion" => match http::is_no_text(&head.content) {
            Some(what) => emit(none(&what)),
            None => context.member_with(&url, body, &complete, emit),
        },
        "" => emit(none("a record without WARC-Type")),
        kind => emit(none(&format!("a record of type {kind}"))),
    }
}

/// A stream that knows how far it was read.
struct Tape<'a> {
    source: &'a mut dyn BufRead,
    at: u64,
}

impl Tape<'_> {
    /// The next line without its end; what is longer than a head may be is passed over. `None` at the end.
    fn line(&mut self) -> io::Result<Option<Result<Vec<u8>, ()>>> {
        let mut line = Vec::new();
        let (piece, passed) = pieces::next(self.source, b'\n', MAX_HEAD, &mut line)?;
        self.at += passed;
        while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            line.pop();
        }
        Ok(match piece {
            Piece::Whole | Piece::Last => Some(Ok(line)),
            Piece::TooLong => Some(Err(())),
            Piece::None => None,
        })
    }
}

impl Read for Tape<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl BufRead for Tape<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.source.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount as u64;
        self.source.consume(amount);
    }
}

#[cfg(test)]
mod tests;
