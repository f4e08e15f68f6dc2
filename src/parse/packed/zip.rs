//! *zip*: files by a directory at its end, so it is read from a file, or held in memory where it is itself packed.

use std::io::{BufRead, BufReader, Cursor, Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::parse::limits::{Metered, Packed};
use crate::parse::packed::{Count, is_hidden};
use crate::parse::{Context, Emit, Found, ParseError, document, not_news};

/// Where a WACZ keeps its crawls.
const WACZ_CRAWLS: &str = "archive/";

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

/// Whether the zip says that it is a document of LibreOffice and its kin.
fn is_open_document<R: Read + Seek>(archive: &mut ZipArchive<R>) -> bool {
    let mut kind = String::new();
    let file = archive.by_name("mimetype").ok();
    let read = file.map(|file| file.take(100).read_to_string(&mut kind));
    matches!(read, Some(Ok(_))) && kind.starts_with("application/vnd.oasis.opendocument")
}

fn members<R: Read + Seek>(source: R, context: &Context<'_>, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let mut archive = open(source)?;
    if archive.index_for_name("[Content_Types].xml").is_some() || is_open_document(&mut archive) {
        return Err(not_news("an office document: save it as text, HTML or PDF to have it read"));
    }
    // A WACZ lists its pages beside the crawls that hold them.
    let is_wacz = archive.index_for_name("datapackage.json").is_some()
        && archive.file_names_raw().any(|name| name.starts_with(WACZ_CRAWLS.as_bytes()));
    let mut count = Count::default();
    for number in 0..archive.len() {
        let name = archive.name_for_index(number).and_then(Result::ok).unwrap_or_default().into_owned();
        if name.ends_with(['/', '\\']) || is_hidden(&name) {
            continue;
        }
        if is_wacz && !name.starts_with(WACZ_CRAWLS) {
            let reason = format!("{name}: of the web archive's own books");
            if emit(Found::NotAnArticle { reason }).is_break() {
                return Ok(());
            }
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
