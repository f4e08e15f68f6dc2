//! A *scanner* cuts values out of a stream of JSON: it knows strings and brackets, and no more.

use std::io::{self, BufRead};

/// How cutting out a value ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// All of it is there.
    Whole,
    /// The file ends within it.
    Early,
    /// It is longer than the bound; the scanner stands within it.
    TooLong,
}

/// Where a scanner stands within a value.
#[derive(Clone, Copy, Default)]
struct Within {
    started: bool,
    /// Whether it is neither string, list nor object.
    bare: bool,
    depth: u64,
    quoted: bool,
    escaped: bool,
}

impl Within {
    /// How many of these bytes belong to the value, and whether it ends with them.
    fn take(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, &byte) in bytes.iter().enumerate() {
            if !self.started {
                self.started = true;
                self.bare = !matches!(byte, b'"' | b'{' | b'[');
            } else if self.bare && (b",]}:\"{[".contains(&byte) || byte.is_ascii_whitespace()) {
                return (at, true);
            }
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.quoted => self.escaped = true,
                b'"' => self.quoted = !self.quoted,
                b'{' | b'[' if !self.quoted => self.depth += 1,
                b'}' | b']' if !self.quoted => self.depth = self.depth.saturating_sub(1),
                _ => continue,
            }
            if !self.bare && self.depth == 0 && !self.quoted {
                return (at + 1, true);
            }
        }
        (bytes.len(), false)
    }
}

/// A stream, and where in it reading is.
pub(super) struct Scanner<'a> {
    pub(super) source: &'a mut dyn BufRead,
    /// In bytes.
    pub(super) position: u64,
    within: Within,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a mut dyn BufRead, position: u64) -> Self {
        Self { source, position, within: Within::default() }
    }

    /// The next byte that is no white space, which is not passed yet.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let Some(bytes) = fill(self.source)? else { return Ok(None) };
            let blank = |byte: &u8| !(byte.is_ascii_whitespace() || matches!(byte, 0xEF | 0xBB | 0xBF));
            let (at, found) = match bytes.iter().position(blank) {
                Some(at) => (at, Some(bytes[at])),
                None => (bytes.len(), None),
            };
            self.pass(at);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Passes the byte that was peeked at.
    pub(super) fn pass(&mut self, bytes: usize) {
        self.source.consume(bytes);
        self.position += bytes as u64;
    }

    /// Cuts out the value that stands next, as far as the bound; `text` holds what was passed.
    pub(super) fn value(&mut self, bound: usize, text: &mut Vec<u8>) -> io::Result<Cut> {
        text.clear();
        self.within = Within::default();
        loop {
            let Some(bytes) = fill(self.source)? else { return Ok(self.end()) };
            let bytes = &bytes[..bytes.len().min(bound + 1 - text.len())];
            let (length, ended) = self.within.take(bytes);
            text.extend_from_slice(&bytes[..length]);
            self.pass(length);
            match ended {
                _ if text.len() > bound => return Ok(Cut::TooLong),
                true => return Ok(Cut::Whole),
                false => {}
            }
        }
    }

    /// Passes the rest of a value that was too long.
    pub(super) fn rest(&mut self) -> io::Result<()> {
        // It may have ended with the byte that was one too many.
        let Within { started, bare, depth, quoted, .. } = self.within;
        if started && !bare && depth == 0 && !quoted {
            return Ok(());
        }
        while let Some(bytes) = fill(self.source)? {
            let (length, ended) = self.within.take(bytes);
            self.pass(length);
            if ended {
                break;
            }
        }
        Ok(())
    }

    fn end(&self) -> Cut {
        if self.within.bare { Cut::Whole } else { Cut::Early }
    }
}

fn fill(source: &mut dyn BufRead) -> io::Result<Option<&[u8]>> {
    // What an interrupt leaves undone is done on the next call.
    while let Err(error) = source.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    let bytes = source.fill_buf()?;
    Ok((!bytes.is_empty()).then_some(bytes))
}
