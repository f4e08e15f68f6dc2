//! *zip*: files by a directory at its end, so it is read from a file, or held in memory where it is itself packed.

use std::io::{BufRead, BufReader, Cursor, Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::parse::limits::{Metered, Packed};
use crate::parse::packed::{Count, is_hidden};
use crate::parse::{Context, Emit, Found, ParseError, document};

pub(super) fn read(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    context.depth()?;
    match context.file {
        Some(file) => members(file, context, emit),
        None => members(Cursor::new(document(source)?), context, emit),
    }
}

/// Opens a zip, and refuses one that is a bomb.
pub(in crate::parse) fn open<R: Read + Seek>(source: R) -> Result<ZipArchive<R>, ParseError> {
    let failed = |error: &ZipError| ParseError::Failed { reason: format!("not a valid zip: {error}") };
    let mut archive = match ZipArchive::new(source) {
        Ok(archive) => archive,
        Err(ZipError::Io(error)) if error.raw_os_error().is_some() => return Err(error.into()),
        Err(error) => return Err(failed(&error)),
    };
    if archive.has_overlapping_files().map_err(|error| failed(&error))? {
        return Err(ParseError::Failed {
            reason: "files in this zip overlap, as only those of a bomb do".to_owned(),
        });
    }
    Ok(archive)
}

fn members<R: Read + Seek>(source: R, context: &Context<'_>, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let mut archive = open(source)?;
    let mut count = Count::default();
    for number in 0..archive.len() {
        let name = archive.name_for_index(number).and_then(Result::ok).unwrap_or_default().into_owned();
        if name.ends_with(['/', '\\']) || is_hidden(&name) {
            continue;
        }
        let flow = match archive.by_index(number) {
            Ok(file) => {
                let packed = Packed::default();
                packed.add(file.compressed_size());
                let metered = Metered::new(file, context.budget, &packed);
                count.member(&name, &mut BufReader::new(metered), context, emit)
            }
            Err(ZipError::UnsupportedArchive(what)) if what == ZipError::PASSWORD_REQUIRED => {
                count.0 += 1;
                emit(Found::Bad { reason: format!("{name}: it is encrypted") })
            }
            Err(error) => {
                count.0 += 1;
                emit(Found::Bad { reason: format!("{name}: cannot be unpacked: {error}") })
            }
        };
        if flow.is_break() {
            return Ok(());
        }
    }
    count.end("zip")
}
