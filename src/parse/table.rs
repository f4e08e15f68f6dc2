//! A *table* is a file of rows with a delimiter between their fields (CSV, TSV), a row an article.
//!
//! The first row names the columns; which column is which field of an article the [`Mapping`] says, as for JSON. The
//! delimiter is the one of `,` `;` tab and `|` that stands most often in the first row; a first line `sep=;` names it
//! itself. Fields may be quoted as RFC 4180 has it, line ends and all.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};

use crate::parse::charset::Utf8Reader;
use crate::parse::json::{self, Mapping};
use crate::parse::limits::fault;
use crate::parse::{Emit, Found, MAX_ARTICLE_BYTES, ParseError, not_news};

/// The delimiters, likeliest first.
const DELIMITERS: &[u8] = b",;\t|";

/// How much of a file is looked at to tell its delimiter.
const LOOK: u64 = 64 << 10;

/// The most columns a table may have.
const MAX_COLUMNS: usize = 4_096;

/// Reads a table row by row.
pub(super) fn read(
    source: &mut dyn BufRead,
    mapping: &Mapping,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let mut text = Utf8Reader::new(source)?;
    let mut head = Vec::new();
    Read::take(&mut text, LOOK).read_to_end(&mut head)?;
    let (delimiter, start) = delimiter(&head);
    let room = Rc::new(Cell::new(MAX_ARTICLE_BYTES));
    let rows = Bounded { inner: head[start..].chain(text), room: Rc::clone(&room) };
    let mut rows =
        ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(rows);
    let mut row = ByteRecord::new();
    if !rows.read_byte_record(&mut row).map_err(broken)? {
        return Err(not_news("empty file"));
    }
    let columns = Columns::of(&row, mapping)?;
    // A line before the names takes one.
    let before = u64::from(start > 0);
    loop {
        room.set(MAX_ARTICLE_BYTES);
        let line = rows.position().line() + before;
        let found = match rows.read_byte_record(&mut row) {
            Ok(false) => return Ok(()),
            Ok(true) => columns.found(&row, line, mapping),
            Err(error) => {
                // Where its end is nobody knows: what follows cannot be told from it.
                let reason = match broken(error) {
                    ParseError::Failed { reason } => reason,
                    other => return Err(other),
                };
                let _end = emit(Found::Bad { reason: format!("row at line {line}: {reason}") });
                return Ok(());
            }
        };
        if emit(found).is_break() {
            return Ok(());
        }
    }
}

/// The names of the columns.
struct Columns(Vec<String>);

impl Columns {
    fn of(row: &ByteRecord, mapping: &Mapping) -> Result<Self, ParseError> {
        if row.len() > MAX_COLUMNS {
            let reason = format!("line 1: {} columns, expected at most {MAX_COLUMNS}", row.len());
            return Err(ParseError::Failed { reason });
        }
        let names: Vec<String> =
            row.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let object: Map<String, Value> = names.iter().map(|name| (name.clone(), Value::from("x"))).collect();
        let has = |field: &str| mapping.values(&object, field).next().is_some();
        if has("headline") || has("body") {
            return Ok(Self(names));
        }
        let mut shown: String = names.join(", ").chars().take(200).collect();
        if shown.len() < names.join(", ").len() {
            shown.push('…');
        }
        Err(not_news(&format!(
            "no column of headlines or text in this table, whose first row is: {shown} (where these are the names of its \
             columns, map them in schema.toml under [json])"
        )))
    }

    fn found(&self, row: &ByteRecord, line: u64, mapping: &Mapping) -> Found {
        let (count, want) = (row.len(), self.0.len());
        if count != want {
            let reason = format!("row at line {line}: expected {want} fields, found {count}");
            return Found::Bad { reason };
        }
        let fields = self.0.iter().zip(row).filter(|(_, value)| !value.is_empty());
        let object: Map<String, Value> = fields
            .map(|(name, value)| (name.clone(), Value::from(String::from_utf8_lossy(value).into_owned())))
            .collect();
        match json::found(&Value::Object(object), mapping) {
            Found::NotAnArticle { .. } => {
                Found::NotAnArticle { reason: format!("row at line {line}: no headline and no text in it") }
            }
            found => found,
        }
    }
}

/// The delimiter of a table, and where its first row starts.
fn delimiter(head: &[u8]) -> (u8, usize) {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if let Some([delimiter]) = line.trim_ascii_end().strip_prefix(b"sep=") {
        return (*delimiter, (line.len() + 1).min(head.len()));
    }
    let mut counts = [0usize; DELIMITERS.len()];
    let mut quoted = false;
    for &byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            byte if !quoted => {
                counts
                    .iter_mut()
                    .zip(DELIMITERS)
                    .for_each(|(count, own)| *count += usize::from(byte == *own));
            }
            _ => {}
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let best = counts.iter().position(|count| *count == most).unwrap_or(0);
    (DELIMITERS[best], 0)
}

/// What is wrong with a table, in our words.
fn broken(error: csv::Error) -> ParseError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ParseError::from(error),
        _ => ParseError::Failed { reason: "not a table that can be read".to_owned() },
    }
}

/// A stream that gives no more of a row than there is room for.
struct Bounded<R> {
    inner: R,
    room: Rc<Cell<usize>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.room.get().checked_sub(read) {
            Some(left) => self.room.set(left),
            None => {
                let most = MAX_ARTICLE_BYTES >> 20;
                return Err(fault(format!("longer than {most} MiB, expected the \" that closes a field")));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
