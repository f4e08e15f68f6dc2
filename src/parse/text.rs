//! *Plain text*: the body as it stands, its lines untouched; the cleaner finds headline and debris.

use std::io::BufRead;

use crate::article::{Layout, Record};
use crate::parse::{Emit, ParseError, charset, emit_one, not_news, whole};

/// Reads a file of plain text as one article.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let body = charset::decode(&whole(source)?);
    if !body.chars().any(char::is_alphabetic) {
        return Err(not_news("no words in it"));
    }
    emit_one(Record { body, layout: Layout::Plain, ..Record::default() }, emit)
}
