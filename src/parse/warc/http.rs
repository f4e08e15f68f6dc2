//! An *answer* is a web server's, as crawlers keep it: status and named lines, then a body that may be cut in chunks and
//! compressed. Crawlers keep answers that say they are chunked and are not; those are read as they stand.

use std::io::{self, BufRead, BufReader, Read};

use brotli_decompressor::Decompressor;
use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;

use crate::parse::limits::{Budget, Counted, Metered, Packed, fault, is_told};
use crate::parse::pieces::{self, Piece};

/// The most bytes a line of the head, and the head, may have.
const MAX_HEAD: usize = 64 << 10;

/// The longest window of Zstandard that web servers may use.
const ZSTD_WINDOW: u64 = 8 << 20;

/// The head of an answer.
#[derive(Debug, Default)]
pub(super) struct Answer {
    status: u16,
    content: String,
    /// How the body is compressed, the last first.
    encodings: Vec<String>,
    chunked: bool,
}

/// Reads the head of an answer.
///
/// # Errors
/// A fault where it is none, or too long.
pub(super) fn answer(source: &mut dyn BufRead) -> io::Result<Answer> {
    let mut answer = Answer::default();
    let (mut room, mut first) = (MAX_HEAD, true);
    loop {
        let mut line = Vec::new();
        let (piece, _) = pieces::next(source, b'\n', room, &mut line)?;
        room = room.saturating_sub(line.len());
        if piece == Piece::TooLong || room == 0 {
            return Err(fault(format!("an answer whose head is longer than {} KiB", MAX_HEAD >> 10)));
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if std::mem::take(&mut first) {
            let status = text.strip_prefix("HTTP").and_then(|rest| rest.split_whitespace().nth(1));
            let status = status.and_then(|status| status.parse().ok());
            answer.status = status.ok_or_else(|| fault("expected an answer of a web server".to_owned()))?;
        } else if text.is_empty() {
            return Ok(answer);
        } else if let Some((name, value)) = text.split_once(':') {
            answer.note(&name.trim().to_ascii_lowercase(), &value.trim().to_ascii_lowercase());
        }
        if piece != Piece::Whole {
            return Ok(answer);
        }
    }
}

impl Answer {
    fn note(&mut self, name: &str, value: &str) {
        match name {
            "content-type" => value.clone_into(&mut self.content),
            "transfer-encoding" => self.chunked = value.contains("chunked"),
            "content-encoding" => {
                self.encodings = value.rsplit(',').map(|one| one.trim().to_owned()).collect();
                self.encodings.retain(|one| !matches!(one.as_str(), "" | "identity" | "none" | "utf-8"));
            }
            _ => {}
        }
    }

    /// Why it holds no page, as far as its head tells.
    pub(super) fn is_no_page(&self) -> Option<String> {
        match self.status {
            200..=299 => is_no_text(&self.content),
            status => Some(format!("an answer with status {status}")),
        }
    }

    /// The body, unpacked. `packed` counts what is read of it.
    ///
    /// # Errors
    /// Where it is compressed in a way that is not read.
    pub(super) fn body<'a>(
        &self,
        source: &'a mut dyn BufRead,
        packed: &'a Packed,
        budget: &'a Budget,
    ) -> Result<Box<dyn BufRead + 'a>, String> {
        let mut body: Box<dyn BufRead + 'a> = Box::new(Counted::new(source, packed));
        if self.chunked {
            body = Box::new(BufReader::new(Chunks { source: body, left: Left::Nothing }));
        }
        if self.encodings.len() > 2 {
            return Err("it is compressed over and over".to_owned());
        }
        for encoding in &self.encodings {
            let unpacked = unpacked(encoding, body)?;
            body = Box::new(BufReader::new(Metered::new(Told(unpacked), budget, packed)));
        }
        Ok(body)
    }
}

fn unpacked<'a>(encoding: &str, mut body: Box<dyn BufRead + 'a>) -> Result<Box<dyn Read + 'a>, String> {
    let head = body.fill_buf().map(<[u8]>::to_vec).unwrap_or_default();
    Ok(match encoding {
        // Crawlers keep pages that say they are compressed, and are not any more.
        "gzip" | "x-gzip" if !head.starts_with(b"\x1F\x8B") => Box::new(body),
        "gzip" | "x-gzip" => Box::new(MultiGzDecoder::new(body)),
        // Servers differ in what they mean by this.
        "deflate" if head.first().is_some_and(|byte| byte & 15 == 8) => Box::new(ZlibDecoder::new(body)),
        "deflate" => Box::new(DeflateDecoder::new(body)),
        "br" => Box::new(Decompressor::new(body, 16 << 10)),
        "bzip2" => Box::new(MultiBzDecoder::new(body)),
        "zstd" => match StreamingDecoder::new_with_max_window_size(body, ZSTD_WINDOW) {
            Ok(decoder) => Box::new(decoder),
            Err(error) => return Err(format!("broken zstd data: {error}")),
        },
        other => {
            return Err(format!("it is compressed as '{:.30}', which is not read", other.escape_debug()));
        }
    })
}

/// Why what is of this type holds no article; `None` where it may.
pub(super) fn is_no_text(content: &str) -> Option<String> {
    let kind = content.split(';').next().unwrap_or_default().trim();
    let family = kind.split('/').next().unwrap_or_default();
    let is_none = matches!(family, "image" | "audio" | "video" | "font")
        || matches!(kind, "text/css" | "text/dns" | "application/javascript" | "application/x-javascript")
        || matches!(kind, "text/javascript" | "application/font-woff" | "application/x-shockwave-flash");
    is_none.then(|| format!("content of type {kind}"))
}

/// A body that says what is wrong with it.
struct Told<R>(R);

impl<R: Read> Read for Told<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match is_told(&error) {
            true => error,
            false => fault(format!("broken compressed data: {error}")),
        })
    }
}

/// A body in chunks, each behind a line with its length in hex.
struct Chunks<R> {
    source: R,
    left: Left,
}

enum Left {
    /// The line of a chunk comes next; the first one yet.
    Nothing,
    /// So many bytes of the chunk; then another.
    Chunk(u64),
    /// It is not chunked: this, and all that follows.
    Rest(Vec<u8>),
    End,
}

impl<R: BufRead> Chunks<R> {
    /// Reads the line of the next chunk. `None` where it is no such line: what was read then.
    fn length(&mut self) -> io::Result<Result<u64, Vec<u8>>> {
        let mut line = Vec::new();
        let (piece, _) = pieces::next(&mut self.source, b'\n', 64, &mut line)?;
        let text = String::from_utf8_lossy(&line);
        let digits = text.split(';').next().unwrap_or_default().trim();
        let length =
            u64::from_str_radix(digits, 16).ok().filter(|_| piece == Piece::Whole || piece == Piece::Last);
        Ok(length.ok_or(line))
    }
}

impl<R: BufRead> Read for Chunks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match &mut self.left {
                Left::Nothing => {
                    let head = self.source.fill_buf()?;
                    // A first line that is no length must be there again: so it is only looked at.
                    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
                    let text = String::from_utf8_lossy(line);
                    let digits = text.split(';').next().unwrap_or_default().trim();
                    if u64::from_str_radix(digits, 16).is_err() {
                        self.left = Left::Rest(Vec::new());
                    } else {
                        self.next()?;
                    }
                }
                Left::Chunk(0) => {
                    let mut end = Vec::new();
                    pieces::next(&mut self.source, b'\n', 2, &mut end)?;
                    self.next()?;
                }
                Left::Chunk(left) => {
                    let room = usize::try_from(*left).unwrap_or(usize::MAX).min(buffer.len());
                    let read = self.source.read(&mut buffer[..room])?;
                    *left -= read as u64;
                    return Ok(read);
                }
                Left::Rest(kept) if kept.is_empty() => return self.source.read(buffer),
                Left::Rest(kept) => {
                    let length = kept.len().min(buffer.len());
                    buffer[..length].copy_from_slice(&kept[..length]);
                    kept.drain(..length);
                    return Ok(length);
                }
                Left::End => return Ok(0),
            }
        }
    }
}

impl<R: BufRead> Chunks<R> {
    fn next(&mut self) -> io::Result<()> {
        self.left = match self.length()? {
            Ok(0) => Left::End,
            Ok(length) => Left::Chunk(length),
            Err(line) => Left::Rest(line),
        };
        Ok(())
    }
}
