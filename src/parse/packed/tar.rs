//! *tar*: files one after the other, each behind a header of 512 bytes. Names may stand in headers of their own (GNU's
//! and pax's), which are read here with a bound; sparse files, links and devices are passed over.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use tar::{Archive, EntryType, Header};

use crate::parse::limits::is_told;
use crate::parse::packed::{Count, is_hidden};
use crate::parse::{Context, Emit, Found, ParseError};

/// The most bytes a header of names may have.
const MAX_NAMES: u64 = 64 << 10;

/// Whether a file that begins so is a tar: by its magic number, or by the sum over its first header.
pub(in crate::parse) fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.get(..512) else { return false };
    if &block[257..262] == b"ustar" {
        return true;
    }
    let mut header = Header::new_old();
    header.as_mut_bytes().copy_from_slice(block);
    let sum = block
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) });
    block[0] != 0 && header.cksum().is_ok_and(|told| told == sum.sum::<u32>()) && header.size().is_ok()
}

pub(super) fn read(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let mut archive = Archive::new(source);
    let mut count = Count::default();
    let mut name: Option<String> = None;
    context.depth()?;
    for entry in archive.entries()?.raw(true) {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => return broken(error, &count, emit),
        };
        let header = entry.header();
        match header.entry_type() {
            EntryType::GNULongName => name = names(&mut entry)?.map(|bytes| text(&bytes)),
            EntryType::XHeader => name = names(&mut entry)?.and_then(|bytes| pax_path(&bytes)).or(name),
            EntryType::Regular | EntryType::Continuous => {
                let own = text(&entry.path_bytes());
                let name = name.take().unwrap_or(own);
                if !is_hidden(&name) && !name.ends_with('/') {
                    let mut stream = BufReader::new(entry);
                    if count.member(&name, &mut stream, context, emit).is_break() {
                        return Ok(());
                    }
                }
            }
            EntryType::GNUSparse => {
                let name = name.take().unwrap_or_else(|| text(&entry.path_bytes()));
                count.0 += 1;
                if emit(Found::NotAnArticle { reason: format!("{name}: a sparse file") }).is_break() {
                    return Ok(());
                }
            }
            EntryType::GNULongLink | EntryType::XGlobalHeader => {}
            _ => name = None,
        }
    }
    count.end("tar")
}

/// What follows a broken header cannot be found; what stood before stays good.
fn broken(error: io::Error, count: &Count, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let error = match ParseError::from(error) {
        ParseError::Io(error) if !is_told(&error) => {
            ParseError::Failed { reason: format!("broken tar behind file {}: {error}", count.0) }
        }
        error => error,
    };
    let ParseError::Failed { reason } = error else { return Err(error) };
    if count.0 == 0 {
        return Err(ParseError::Failed { reason });
    }
    let _end: ControlFlow<()> = emit(Found::Bad { reason });
    Ok(())
}

fn names(entry: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    entry.take(MAX_NAMES + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= MAX_NAMES).then_some(bytes))
}

/// The path that a pax header gives: lines of `LENGTH path=VALUE`.
fn pax_path(bytes: &[u8]) -> Option<String> {
    let mut rest = bytes;
    while let Some(space) = rest.iter().position(|byte| *byte == b' ') {
        let length: usize = std::str::from_utf8(&rest[..space]).ok()?.parse().ok()?;
        let line = rest.get(space + 1..length)?;
        if let Some(path) = line.strip_prefix(b"path=") {
            return Some(text(path));
        }
        rest = &rest[length..];
    }
    None
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| matches!(byte, 0 | b'\n')).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}
