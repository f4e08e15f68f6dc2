//! *gzip* as archives use it: members one after the other, each compressed by itself, with padding behind the last.
//!
//! Broken data is told of once; reading on goes on with the next member that begins behind it. A reader of records
//! (WARC) loses the broken one only; all others stop there.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use crate::parse::limits::{fault, is_told};

/// How a member begins: the magic number, and deflate as the method.
const MAGIC: [u8; 3] = [0x1F, 0x8B, 8];

/// The members of a gzip file as one stream.
pub(super) struct Members<R: BufRead> {
    state: State<R>,
}

enum State<R: BufRead> {
    Within(Box<GzDecoder<R>>),
    /// Something was broken: the next member is to be found.
    Broken(Box<GzDecoder<R>>),
    Ended,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(source: R) -> Self {
        Self { state: State::Within(Box::new(GzDecoder::new(source))) }
    }

    /// Goes to the next member, if there is one.
    fn next(&mut self) -> io::Result<()> {
        let State::Within(decoder) = std::mem::replace(&mut self.state, State::Ended) else { return Ok(()) };
        let mut source = decoder.into_inner();
        loop {
            let available = source.fill_buf()?;
            let Some(&first) = available.first() else { return Ok(()) };
            match first {
                0 => {
                    let zeros = available.iter().take_while(|byte| **byte == 0).count();
                    source.consume(zeros);
                }
                0x1F => {
                    self.state = State::Within(Box::new(GzDecoder::new(source)));
                    return Ok(());
                }
                _ => {
                    self.state = State::Broken(Box::new(GzDecoder::new(source)));
                    return Err(fault("expected another gzip member or the end".to_owned()));
                }
            }
        }
    }

    /// Looks for the beginning of a member behind what is broken.
    fn find(&mut self) -> io::Result<()> {
        let State::Broken(decoder) = std::mem::replace(&mut self.state, State::Ended) else { return Ok(()) };
        let mut source = decoder.into_inner();
        loop {
            let available = source.fill_buf()?;
            if available.is_empty() {
                return Ok(());
            }
            if let Some(at) = available.windows(MAGIC.len()).position(|window| window == MAGIC) {
                source.consume(at);
                self.state = State::Within(Box::new(GzDecoder::new(source)));
                return Ok(());
            }
            // A member's beginning that is cut by the end of what is at hand is lost: one in many thousands.
            let length = available.len();
            source.consume(length);
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if matches!(self.state, State::Broken(_)) {
                self.find()?;
            }
            let State::Within(decoder) = &mut self.state else { return Ok(0) };
            match decoder.read(buffer) {
                Ok(0) => self.next()?,
                Ok(read) => return Ok(read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let State::Within(decoder) = std::mem::replace(&mut self.state, State::Ended) else {
                        continue;
                    };
                    // Where the file cannot be read or ended early, nothing follows.
                    if !is_told(&error) && error.kind() != io::ErrorKind::UnexpectedEof {
                        self.state = State::Broken(decoder);
                    }
                    return Err(error);
                }
            }
        }
    }
}
