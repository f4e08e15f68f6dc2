//! *Sniffing* tells a file's format from its first bytes, and from its name where they leave it open.
//!
//! What is no news (pictures, packed files, source code, XML of other kinds) is named, so that the report can say
//! why it was skipped.

use serde::de::IgnoredAny;

use crate::parse::packed::Squeezed;
use crate::parse::warc::Crawl;
use crate::parse::{Format, ParseError, anpa, epub, mail, mbox, mhtml, not_news, packed};

/// First bytes of formats that hold no text for us, with their names.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x89PNG", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"7z\xBC\xAF", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xD0\xCF\x11\xE0", "an old office document"),
    (b"\x7FELF", "a program"),
    (b"MZ", "a program"),
    (b"OggS", "audio or video"),
    (b"ID3", "audio"),
    (b"fLaC", "audio"),
    (b"SQLite format 3", "an SQLite database"),
    (b"wOF", "a font"),
];

/// First bytes of formats that hold other files.
const PACKED: &[(&[u8], Format)] = &[
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"\x1F\x8B\x08", Format::Squeezed(Squeezed::Gzip)),
    (b"BZh", Format::Squeezed(Squeezed::Bzip2)),
    (b"\xFD7zXZ\0", Format::Squeezed(Squeezed::Xz)),
    (b"\x28\xB5\x2F\xFD", Format::Squeezed(Squeezed::Zstd)),
];

/// First bytes of binary formats that hold text.
const WHOLE: &[(&[u8], Format)] = &[(b"%PDF-", Format::Pdf), (b"PAR1", Format::Parquet)];

/// First bytes of text formats that this version does not read, with their names.
const FOREIGN: &[(&str, &str)] = &[("BEGIN:V", "a calendar or address card")];

/// Roots of XML that are read, without a prefix and in lower case.
const ROOTS: &[(&str, Format)] = &[
    ("rss", Format::Feed),
    ("rdf", Format::Feed),
    ("feed", Format::Feed),
    ("entry", Format::Feed),
    ("alto", Format::Alto),
    ("mets", Format::Mets),
    ("nitf", Format::Nitf),
    ("newsml", Format::NewsMl),
    ("newsitem", Format::NewsMlG2),
    ("newsmessage", Format::NewsMlG2),
    ("packageitem", Format::NewsMlG2),
    ("conceptitem", Format::NewsMlG2),
    ("knowledgeitem", Format::NewsMlG2),
    ("planningitem", Format::NewsMlG2),
    ("catalogitem", Format::NewsMlG2),
    ("contentset", Format::NewsMlG2),
    ("contentmeta", Format::NewsMlG2),
    ("itemmeta", Format::NewsMlG2),
    ("groupset", Format::NewsMlG2),
];

/// Roots of XML that this version does not read, with their names.
const XML_ROOTS: &[(&str, &str)] = &[
    ("tei", "TEI"),
    ("urlset", "sitemap"),
    ("sitemapindex", "sitemap"),
    ("opml", "OPML"),
    ("svg", "SVG image"),
];

/// Names of files that hold no articles, with what they hold.
const EXTENSIONS: &[(&str, &str)] = &[
    (
        "rs c h cc cpp hpp go java kt swift py pyi rb pl php js mjs cjs jsx ts tsx lua r sh bash zsh bat ps1 sql",
        "source code",
    ),
    ("css scss sass less", "CSS"),
    ("toml yaml yml ini cfg conf lock properties env", "configuration"),
    ("log", "a log"),
    ("xml xsd xsl xslt dtd", "XML"),
    ("tex bib", "TeX"),
    ("ipynb", "a notebook"),
    ("srt vtt", "subtitles"),
];

/// Names of Markdown files.
const MARKDOWN: &[&str] = &["md", "markdown", "mdown", "mkd"];

/// The tags a web page may start with.
const PAGE_TAGS: &[&str] = &[
    "html",
    "head",
    "body",
    "title",
    "meta",
    "link",
    "script",
    "style",
    "base",
    "div",
    "p",
    "article",
    "main",
    "section",
    "header",
    "h1",
    "h2",
    "h3",
    "table",
    "center",
    "font",
    "span",
    "a",
    "b",
    "br",
    "hr",
    "ul",
    "ol",
    "img",
    "form",
    "nav",
    "!doctype html",
];

/// The format of a file with this name and these first bytes.
pub(super) fn sniff(name: &str, head: &[u8]) -> Result<Format, ParseError> {
    let bytes = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(not_news("empty file"));
    }
    if epub::is_epub(bytes) {
        return Ok(Format::Epub);
    }
    if let Some((_, format)) = PACKED.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Ok(*format);
    }
    if let Some((_, format)) = WHOLE.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Ok(*format);
    }
    if packed::is_tar(bytes) {
        return Ok(Format::Tar);
    }
    if anpa::is(bytes) {
        return Ok(Format::Anpa);
    }
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start();
    let crawl = [("WARC/", Crawl::Warc), ("filedesc://", Crawl::Arc)];
    if let Some((_, kind)) = crawl.iter().find(|(start, _)| text.starts_with(start)) {
        return Ok(Format::Crawl(*kind));
    }
    binary(bytes)?;
    if let Some((_, what)) = FOREIGN.iter().find(|(start, _)| text.starts_with(start)) {
        return Err(foreign(what));
    }
    if is_mailbox(text) {
        return Ok(Format::Mailbox);
    }
    let extension = extension(name);
    if mhtml::is_saved_page(&extension, text) {
        return Ok(Format::Mhtml);
    }
    if mail::is_mail(text) {
        return Ok(Format::Mail);
    }
    // Markdown may well start with a tag, but not with a page.
    let may_be_page = !MARKDOWN.contains(&extension.as_str()) || is_whole_page(text);
    match text.starts_with('<') && may_be_page {
        true => markup(text)?.map_or_else(|| by_name(&extension, text), Ok),
        false => by_name(&extension, text),
    }
}

/// Whether the text starts with an envelope, `From ana@example.org Mon Jun 19 10:00:00 2023`, and a header below it.
fn is_mailbox(text: &str) -> bool {
    let mut lines = text.lines();
    let envelope = lines.next().is_some_and(mbox::is_envelope);
    let header = lines.next().and_then(|line| line.split_once(':')).is_some_and(|(name, _)| {
        !name.is_empty()
            && name.trim_start_matches('>').bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    envelope && header
}

/// Text holds fewer zeros than one byte in so many; they come from a fault of a disk or a wire.
const BYTES_A_ZERO: usize = 100;

fn binary(bytes: &[u8]) -> Result<(), ParseError> {
    let count = bytes.iter().filter(|byte| **byte == 0).count();
    let zeros = count > 0;
    // Two letters are a weak sign: they count only where binary data follows.
    let known = MAGIC
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic) && (magic.len() > 2 || zeros || magic[0] < 32));
    if let Some((_, what)) = known {
        return Err(not_news(what));
    }
    let boxed = bytes.get(4..8).is_some_and(|kind| kind == b"ftyp");
    let riff = bytes.starts_with(b"RIFF") && zeros;
    match boxed || riff {
        true => Err(not_news("an image, audio or video")),
        _ if count * BYTES_A_ZERO > bytes.len() => Err(not_news("binary data")),
        _ if controls(bytes) * 20 > bytes.len() => Err(not_news("binary data")),
        _ => Ok(()),
    }
}

/// Bytes that no text of any charset holds; escapes belong to ISO-2022.
fn controls(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=31)).count()
}

fn foreign(what: &str) -> ParseError {
    not_news(&format!("not a format this version reads: {what}"))
}

/// The format of text that starts with a `<`; `None` where it is no markup we know.
fn markup(text: &str) -> Result<Option<Format>, ParseError> {
    let start: String = text.chars().take(4096).collect::<String>().to_ascii_lowercase();
    if start.starts_with("<!doctype lewis") || start.starts_with("<reuters") {
        return Ok(Some(Format::Reuters));
    }
    if trec(&start) {
        return Ok(Some(Format::Trec));
    }
    let declared = start.starts_with("<?xml");
    let root = root(&start);
    // NewsML-G2 has a capital in it.
    if opens(text, "<newsitem") {
        return Ok(Some(Format::Rcv1));
    }
    // A prefix is the file's own choice: `<nar:newsItem>`.
    let local = root.map(local);
    if let Some((_, format)) = ROOTS.iter().find(|(name, _)| Some(*name) == local)
        && (local != Some("entry") || start.contains("atom"))
    {
        return Ok(Some(*format));
    }
    let is_page = root.is_some_and(|root| PAGE_TAGS.contains(&root))
        || ["<html", "<head", "<body"].iter().any(|tag| opens(&start, tag));
    let scanned = ["'ocr_page", "\"ocr_page", "'ocr-system", "\"ocr-system"];
    let scanned = scanned.iter().any(|name| start.contains(name));
    match (is_page || start.starts_with("<!doctype html"), root) {
        (true, _) if scanned => Ok(Some(Format::Hocr)),
        (true, _) => Ok(Some(Format::Html)),
        (false, Some(root)) => match XML_ROOTS.iter().find(|(name, _)| *name == root) {
            Some((_, what)) => Err(foreign(what)),
            None if declared || start.contains("xmlns") => Err(foreign(&format!("XML ({root})"))),
            None => Ok(None),
        },
        (false, None) if declared => Err(foreign("XML")),
        (false, None) => Ok(None),
    }
}

/// Whether this is a story of a TREC collection: `<DOC>` with a number, or `<DOC id=… type=…>`.
fn trec(start: &str) -> bool {
    root(start) == Some("doc")
        && (start.contains("<docno>") || opens(start, "<doc") && start.contains(" id="))
}

/// The name of an element without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn is_whole_page(text: &str) -> bool {
    let start: String = text.chars().take(1024).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || opens(&start, "<html") || opens(&start, "<head")
}

/// Whether this tag stands in the text, and not only a longer name that starts like it.
fn opens(text: &str, tag: &str) -> bool {
    text.match_indices(tag)
        .any(|(at, _)| text[at + tag.len()..].starts_with([' ', '>', '\n', '\t', '\r', '/']))
}

/// The name of the first element, past declarations and comments.
fn root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let skip = if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest.starts_with("<?") || rest.starts_with("<!") {
            // A declaration may hold others, in brackets.
            let end = rest.find('>')?;
            let end = if rest[..end].contains('[') { rest.find("]>").map_or(end, |at| at + 1) } else { end };
            Some(end + 1)
        } else {
            let name = rest.strip_prefix('<')?;
            let end = name.find(|c: char| !c.is_alphanumeric() && !":_-".contains(c)).unwrap_or(name.len());
            return (end > 0).then(|| &name[..end]);
        };
        rest = &rest[skip?..];
    }
}

/// The last part of the name after a dot, in lower case; "" where there is none.
fn extension(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // A saved address keeps its question: `story.html?id=7`.
    let file = file.split(['?', '#']).next().unwrap_or_default();
    file.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default()
}

fn by_name(extension: &str, text: &str) -> Result<Format, ParseError> {
    let object = starts_with_then(text, '{', &['"', '}']);
    let array = starts_with_then(text, '[', &['{', '[', ']']);
    match extension {
        "jsonl" | "ndjson" | "jl" => return Ok(Format::JsonLines),
        _ if object && is_lines(text) => return Ok(Format::JsonLines),
        "json" => return Ok(Format::Json),
        "csv" | "tsv" => return Ok(Format::Table),
        _ if MARKDOWN.contains(&extension) => return Ok(Format::Markdown),
        "eml" | "emlx" | "mht" | "mhtml" => return Ok(Format::Mail),
        "html" | "htm" | "xhtml" | "shtml" if text.contains('<') => return Ok(Format::Html),
        _ => {}
    }
    let unread = EXTENSIONS.iter().find(|(names, _)| names.split(' ').any(|name| name == extension));
    match unread {
        Some((_, what)) => Err(foreign(what)),
        None if object || array => Ok(Format::Json),
        None if text.starts_with("---\n") || text.starts_with("---\r\n") || text.starts_with("+++\n") => {
            Ok(Format::Markdown)
        }
        None => Ok(Format::Text),
    }
}

fn starts_with_then(text: &str, first: char, then: &[char]) -> bool {
    text.strip_prefix(first).is_some_and(|rest| rest.trim_start().starts_with(then))
}

/// Whether the first line is a whole JSON object and the next one starts another.
fn is_lines(text: &str) -> bool {
    let Some((first, rest)) = text.split_once('\n') else { return false };
    rest.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(first).is_ok()
}

#[cfg(test)]
mod tests;
