//! The *child* is the process that reads one PDF: from standard input, to one line of JSON.

use std::io::{self, BufRead, Read};

use crate::parse::MAX_BYTES;
use crate::parse::pdf::Told;

/// Bounds what this process may take: seconds of computing and bytes of memory. Where the system has no such bounds,
/// only the time that the other process waits is one.
pub fn bound(seconds: u64, memory: u64) {
    #[cfg(all(unix, feature = "pdf"))]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let most = |bytes| Rlimit { current: Some(bytes), maximum: Some(bytes) };
        for (resource, value) in [(Resource::As, memory), (Resource::Cpu, seconds)] {
            // What is bounded more narrowly already stays so.
            let _bounded = setrlimit(resource, most(value));
        }
    }
    #[cfg(not(all(unix, feature = "pdf")))]
    let _unbounded = (seconds, memory);
}

/// What a PDF holds, as a line of JSON; of what is broken, why it cannot be read.
///
/// # Errors
/// Where it cannot be taken in, or written as JSON.
pub fn extract(source: &mut dyn BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES as u64).read_to_end(&mut bytes)?;
    let told = told(&bytes).unwrap_or_else(|reason| Told { failed: Some(reason), ..Told::default() });
    Ok(format!("\n{}\n", serde_json::to_string(&told)?))
}

#[cfg(not(feature = "pdf"))]
fn told(_: &[u8]) -> Result<Told, String> {
    Err("this dateline was built without PDF".to_owned())
}

#[cfg(feature = "pdf")]
use reader::told;

#[cfg(feature = "pdf")]
mod reader {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use pdf_extract::{Dictionary, Document, Object, PlainTextOutput, decode_text_string, output_doc_page};

    use crate::parse::charset;
    use crate::parse::pdf::{MAX_TEXT, Told};

    /// The most bytes of XMP that are looked at.
    const MAX_XMP: usize = 1 << 20;

    pub(super) fn told(bytes: &[u8]) -> Result<Told, String> {
        let mut document = Document::load_mem(bytes)
            .map_err(|error| format!("not a valid PDF: {}", short(&error.to_string())))?;
        if document.is_encrypted() && document.decrypt("").is_err() {
            return Err("it is encrypted: save it without its password, as with qpdf --decrypt".to_owned());
        }
        let mut told = info(&document);
        let mut room = MAX_TEXT / 2;
        for number in document.get_pages().into_keys() {
            // A fault of the crate costs one page.
            let page = catch_unwind(AssertUnwindSafe(|| page(&document, number))).ok().flatten();
            room = room.saturating_sub(page.as_ref().map_or(0, String::len));
            if room == 0 {
                return Err(format!("holds more than {} MiB of text", MAX_TEXT >> 21));
            }
            told.pages.push(page);
        }
        Ok(told)
    }

    fn short(text: &str) -> String {
        text.chars().take(200).collect()
    }

    fn page(document: &Document, number: u32) -> Option<String> {
        let mut text = String::new();
        let mut output = PlainTextOutput::new(&mut text);
        output_doc_page(document, &mut output, number).ok()?;
        Some(charset::scrub(text))
    }

    fn info(document: &Document) -> Told {
        let info = document.trailer.get(b"Info").ok().and_then(|info| dictionary(document, info));
        let catalog = document.catalog().ok();
        let of = |from: Option<&Dictionary>, key: &[u8]| {
            let (_, value) = document.dereference(from?.get(key).ok()?).ok()?;
            decode_text_string(value).ok().filter(|text| !text.trim().is_empty())
        };
        Told {
            title: of(info, b"Title"),
            author: of(info, b"Author"),
            keywords: of(info, b"Keywords"),
            created: of(info, b"CreationDate"),
            language: of(catalog, b"Lang"),
            xmp: catalog.and_then(|catalog| xmp(document, catalog)),
            ..Told::default()
        }
    }

    fn dictionary<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
        document.dereference(object).ok()?.1.as_dict().ok()
    }

    fn xmp(document: &Document, catalog: &Dictionary) -> Option<String> {
        let (_, stream) = document.dereference(catalog.get(b"Metadata").ok()?).ok()?;
        let stream = stream.as_stream().ok()?;
        let bytes = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        (bytes.len() <= MAX_XMP).then(|| charset::decode(&bytes))
    }
}
