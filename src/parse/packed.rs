//! A *packed* file is one that holds others: a compressed stream, a tar, a zip. Each member is read as a file of its own
//! would be, and what is wrong with one costs the others nothing.

mod gzip;
mod tar;
mod zip;

use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use bzip2::bufread::MultiBzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::StreamingDecoder;

use crate::parse::limits::{Counted, Metered, Packed, fault, is_told};
use crate::parse::{Context, Emit, Format, ParseError, not_news, read_stream};

pub(super) use self::tar::is_tar;
pub(super) use self::zip::open as open_zip;

/// Bytes an unpacking window may take, in KiB: 64 MiB, what the strongest setting of xz asks for.
const WINDOW_KIB: u32 = 66 << 10;

/// Bytes that are unpacked at a time.
const STRETCH: usize = 64 << 10;

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Squeezed {
    /// gzip, of one member or many.
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// Zstandard.
    Zstd,
}

impl Squeezed {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
        }
    }

    /// The name of what is in a file of this name: `a.txt` of `a.txt.gz`, `b.tar` of `b.tgz`.
    fn inner_name(self, name: &str) -> String {
        let (ends, tars): (&[&str], &[&str]) = match self {
            Self::Gzip => (&[".gz", ".gzip"], &[".tgz"]),
            Self::Bzip2 => (&[".bz2"], &[".tbz", ".tbz2"]),
            Self::Xz => (&[".xz"], &[".txz"]),
            Self::Zstd => (&[".zst", ".zstd"], &[".tzst"]),
        };
        let lower = name.to_ascii_lowercase();
        let cut = |end: &&str| lower.strip_suffix(*end).and_then(|rest| name.get(..rest.len()));
        match (ends.iter().find_map(cut), tars.iter().find_map(cut)) {
            (Some(rest), _) => rest.to_owned(),
            (None, Some(rest)) => format!("{rest}.tar"),
            (None, None) => name.to_owned(),
        }
    }
}

/// Reads what a compressed stream holds; gives the format of that.
pub(super) fn read_squeezed(
    kind: Squeezed,
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<Format, ParseError> {
    let packed = Packed::default();
    context.depth()?;
    let name = kind.inner_name(context.name);
    let counted = Counted::new(source, &packed);
    let unpacked: Box<dyn Read + '_> = match kind {
        Squeezed::Gzip => Box::new(gzip::Members::new(counted, context.budget, &packed)),
        Squeezed::Bzip2 => Box::new(MultiBzDecoder::new(counted)),
        Squeezed::Xz => Box::new(XzReader::new_mem_limit(counted, true, WINDOW_KIB)),
        Squeezed::Zstd => Box::new(zstd(counted)?),
    };
    let told = Told { inner: unpacked, kind: kind.name(), packed: &packed };
    // gzip watches each of its members; of all others the whole is one.
    let metered: Box<dyn Read + '_> = match kind {
        Squeezed::Gzip => Box::new(Metered::whole(told, context.budget)),
        _ => Box::new(Metered::new(told, context.budget, &packed)),
    };
    let mut stream = BufReader::with_capacity(STRETCH, metered);
    read_stream(&context.inside(&name), &mut stream, emit)
}

/// Frames of Zstandard one after the other.
fn zstd<R: BufRead>(source: R) -> Result<Frames<R>, ParseError> {
    let decoder = StreamingDecoder::new_with_max_window_size(source, u64::from(WINDOW_KIB) << 10);
    let decoder =
        decoder.map_err(|error| ParseError::Failed { reason: format!("not valid zstd data: {error}") })?;
    Ok(Frames { decoder: Some(decoder) })
}

struct Frames<R: BufRead> {
    decoder: Option<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>,
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let read = decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(decoder) = self.decoder.take() else { break };
            let mut source = decoder.into_inner();
            if !source.fill_buf()?.is_empty() {
                let next = StreamingDecoder::new_with_max_window_size(source, u64::from(WINDOW_KIB) << 10);
                self.decoder = Some(
                    next.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?,
                );
            }
        }
        Ok(0)
    }
}

/// A stream that tells where its packed data is broken.
struct Told<'a, R> {
    inner: R,
    kind: &'static str,
    packed: &'a Packed,
}

impl<R: Read> Read for Told<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|error| {
            if is_told(&error) {
                return error;
            }
            let at = self.packed.bytes();
            fault(match error.kind() {
                io::ErrorKind::UnexpectedEof => format!("the {} data ends early, at byte {at}", self.kind),
                _ => format!("broken {} data near byte {at}: {error}", self.kind),
            })
        })
    }
}

/// Reads the members of a tar, in order.
pub(super) fn read_tar(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    tar::read(source, context, emit)
}

/// Reads the members of a zip, in the order of its directory.
pub(super) fn read_zip(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    zip::read(source, context, emit)
}

/// Whether a member is none of the archive's articles, as a file of this name would not be: hidden, or a copy of the
/// system that packed it.
fn is_hidden(name: &str) -> bool {
    name.split(['/', '\\'])
        .any(|part| part.starts_with('.') && !matches!(part, "." | "..") || part == "__MACOSX")
}

/// Counts members, so that an archive without any is told of.
#[derive(Default)]
struct Count(u64);

impl Count {
    fn member(
        &mut self,
        name: &str,
        stream: &mut dyn BufRead,
        context: &Context<'_>,
        emit: &mut Emit<'_>,
    ) -> ControlFlow<()> {
        self.0 += 1;
        context.member(name, stream, emit)
    }

    fn end(&self, kind: &str) -> Result<(), ParseError> {
        if self.0 == 0 { Err(not_news(&format!("no file in this {kind}"))) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
