//! An *mbox* is a file of mails one after the other, each below an envelope: `From ana@example.org Mon Jun 19 10:00:00
//! 2023`, after a blank line. Lines of a mail that start with `From ` stand there as `>From ` (mboxo, mboxrd).
//!
//! Source: RFC 4155, and the page of qmail on mbox(5).

use std::io::BufRead;
use std::ops::ControlFlow;

use crate::article::Record;
use crate::parse::pieces::{self, Piece};
use crate::parse::{Context, Emit, Found, MAX_BYTES, ParseError, fields, mail};

/// The most bytes of a line that is looked at as a whole; longer ones are passed on in stretches.
const MAX_LINE: usize = 64 << 10;

/// Reads the mails, each as a message of its own.
pub(super) fn read(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let (mut line, mut open): (Vec<u8>, Option<Open>) = (Vec::new(), None);
    let (mut at, mut blank) = (0u64, true);
    loop {
        line.clear();
        let (piece, length) = next_line(source, &mut line)?;
        if piece == Piece::None {
            break;
        }
        let envelope = std::str::from_utf8(&line).ok().filter(|line| blank && is_envelope(line));
        if let Some(envelope) = envelope {
            let next = Open::new(envelope, at);
            if open.replace(next).is_some_and(|done| done.end(context, emit).is_break()) {
                return Ok(());
            }
        } else if let Some(open) = &mut open {
            open.push(&line);
        }
        blank = line.trim_ascii().is_empty();
        at += length;
    }
    let _end: Option<ControlFlow<()>> = open.map(|done| done.end(context, emit));
    Ok(())
}

/// A line, or the first stretch of a very long one with the rest behind it as lines of their own.
fn next_line(source: &mut dyn BufRead, line: &mut Vec<u8>) -> Result<(Piece, u64), ParseError> {
    let mut limited = std::io::Read::take(source, MAX_LINE as u64);
    Ok(pieces::next(&mut limited, b'\n', MAX_LINE, line)?)
}

/// A mail that is being read.
struct Open {
    bytes: Vec<u8>,
    /// Where its envelope stands.
    at: u64,
    /// When it came, as the envelope says.
    came: String,
    is_too_long: bool,
}

impl Open {
    fn new(envelope: &str, at: u64) -> Self {
        Self { bytes: Vec::new(), at, came: came(envelope).unwrap_or_default(), is_too_long: false }
    }

    fn push(&mut self, line: &[u8]) {
        let quoted = line.iter().position(|byte| *byte != b'>').unwrap_or(0);
        let line = if quoted > 0 && line[quoted..].starts_with(b"From ") { &line[1..] } else { line };
        self.is_too_long |= self.bytes.len() + line.len() > MAX_BYTES;
        if self.is_too_long {
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(line);
        }
    }

    fn end(self, context: &Context<'_>, emit: &mut Emit<'_>) -> ControlFlow<()> {
        let at = self.at;
        if self.is_too_long {
            let reason = format!("mail at byte {at}: longer than {} MiB", MAX_BYTES >> 20);
            return emit(Found::Bad { reason });
        }
        mail::message(&self.bytes, context, &mut |found| {
            emit(match found {
                Found::Article(record) => Found::Article(self.dated(record)),
                Found::NotAnArticle { reason } => {
                    Found::NotAnArticle { reason: format!("mail at byte {at}: {reason}") }
                }
                Found::Bad { reason } => Found::Bad { reason: format!("mail at byte {at}: {reason}") },
            })
        })
    }

    /// A mail without a date came when its envelope says.
    fn dated(&self, mut record: Record) -> Record {
        fields::publish(&mut record, &self.came);
        record
    }
}

/// Whether a line is an envelope: a clock and a year stand in it.
pub(super) fn is_envelope(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("From ") else { return false };
    let words: Vec<&str> = rest.split_whitespace().take(12).collect();
    let clock = words.iter().any(|word| {
        let parts: Vec<&str> = word.split(':').collect();
        matches!(parts.len(), 2 | 3) && parts.iter().all(|part| is_number(part, 2))
    });
    clock && words.iter().any(|word| is_number(word, 4))
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The day of an envelope: `Jun 19 2023` of `From ana@example.org Mon Jun 19 10:00:00 2023`.
fn came(envelope: &str) -> Option<String> {
    let words: Vec<&str> = envelope.split_whitespace().collect();
    let clock = words.iter().position(|word| word.contains(':') && !word.contains('@'))?;
    let year = words[clock..].iter().find(|word| is_number(word, 4))?;
    Some(format!("{} {} {year}", words.get(clock.checked_sub(2)?)?, words.get(clock - 1)?))
}
