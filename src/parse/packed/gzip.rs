//! *gzip* as archives use it: members one after the other, each compressed by itself, with padding behind the last.
//!
//! Broken data is told of once; reading on goes on with the next member that begins behind it. A reader of records
//! (WARC) loses the broken one only; all others stop there.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use crate::parse::limits::{Budget, Packed, fault, is_told};

/// How a member begins: the magic number, and deflate as the method.
const MAGIC: [u8; 3] = [0x1F, 0x8B, 8];

/// The members of a gzip file as one stream. One that swells too far is broken.
pub(super) struct Members<'a, R: BufRead> {
    state: State<R>,
    budget: &'a Budget,
    packed: &'a Packed,
    /// Where the packed data of this member begins, and how much was unpacked of it.
    start: u64,
    unpacked: u64,
}

enum State<R: BufRead> {
    Within(Box<GzDecoder<R>>),
    /// Something was broken: the next member is to be found.
    Broken(Box<GzDecoder<R>>),
    Ended,
}

impl<'a, R: BufRead> Members<'a, R> {
    /// The members of `source`, whose bytes `packed` counts.
    pub(super) fn new(source: R, budget: &'a Budget, packed: &'a Packed) -> Self {
        let state = State::Within(Box::new(GzDecoder::new(source)));
        Self { state, budget, packed, start: packed.bytes(), unpacked: 0 }
    }

    fn begin(&mut self, source: R) {
        self.state = State::Within(Box::new(GzDecoder::new(source)));
        (self.start, self.unpacked) = (self.packed.bytes(), 0);
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
                    self.begin(source);
                    return Ok(());
                }
                _ => {
                    self.state = State::Broken(Box::new(GzDecoder::new(source)));
                    return Err(fault("expected another gzip member or the end".to_owned()));
                }
            }
        }
    }

    /// Leaves a member that is broken.
    fn break_off(&mut self) {
        if let State::Within(decoder) = std::mem::replace(&mut self.state, State::Ended) {
            self.state = State::Broken(decoder);
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
                self.begin(source);
                return Ok(());
            }
            // A member's beginning that is cut by the end of what is at hand is lost: one in many thousands.
            let length = available.len();
            source.consume(length);
        }
    }
}

impl<R: BufRead> Read for Members<'_, R> {
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
                Ok(read) => {
                    self.unpacked += read as u64;
                    let swollen = self.budget.swell(self.unpacked, self.packed.bytes() - self.start);
                    return match swollen {
                        Ok(()) => Ok(read),
                        Err(fault) => {
                            self.break_off();
                            Err(io::Error::other(fault))
                        }
                    };
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    // Where the file cannot be read or ended early, nothing follows.
                    match is_told(&error) || error.kind() == io::ErrorKind::UnexpectedEof {
                        true => self.state = State::Ended,
                        false => self.break_off(),
                    }
                    return Err(error);
                }
            }
        }
    }
}
