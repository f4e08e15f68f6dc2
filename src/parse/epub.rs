//! An *EPUB* is a book as a zip of web pages. A newspaper or magazine, as Calibre's recipes make them, has an article a
//! page: so every page of the reading order (the spine) is an article here, the book its source.
//!
//! Read after EPUB 3.3 and OPF 2.0.1: `META-INF/container.xml` names the package file, that the pages, their order and
//! what is known of the book. The table of contents (EPUB 3's nav, or NCX) gives pages their headlines, where they have
//! none, and their sections.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Cursor, Read, Seek};
use std::ops::ControlFlow;

use zip::ZipArchive;

use crate::article::Record;
use crate::parse::limits::{Metered, Packed};
use crate::parse::packed::open_zip;
use crate::parse::xml::{self, Element};
use crate::parse::{Context, Emit, Found, ParseError, document, fields};

/// The first bytes of an EPUB behind the zip's own: the name and content of its first file, as the standard has it.
const MARK: &[u8] = b"mimetypeapplication/epub+zip";

/// Ways of hiding fonts, which hide no text.
const FONT_HIDING: &[&str] = &["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

/// What the parts of a book that are no articles are called by `epub:type` and by the guide of EPUB 2.
const NO_ARTICLES: &[(&str, &str)] = &[
    ("cover", "the cover of the book"),
    ("toc", "the contents of the book"),
    ("titlepage", "the title page of the book"),
    ("title-page", "the title page of the book"),
    ("copyright-page", "the imprint of the book"),
];

/// Whether a zip that starts so is an EPUB.
pub(super) fn is_epub(head: &[u8]) -> bool {
    head.get(30..30 + MARK.len()) == Some(MARK)
}

/// Reads the pages of the book.
pub(super) fn read(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    context.depth()?;
    match context.file {
        Some(file) => pages(open_zip(file)?, context, emit),
        None => pages(open_zip(Cursor::new(document(source)?))?, context, emit),
    }
}

fn pages<R: Read + Seek>(
    zip: ZipArchive<R>,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let mut files = Files { zip, context };
    if files.is_locked()? {
        return Err(failed("it is encrypted (DRM)"));
    }
    let container = files.xml("META-INF/container.xml")?;
    let package = container.descendants("rootfile").into_iter().find_map(|file| file.attribute("full-path"));
    let package = package.ok_or_else(|| failed("META-INF/container.xml names no package file"))?.to_owned();
    let book = Book::of(&files.xml(&package)?, &package);
    let contents = book.contents.as_deref().and_then(|path| Some(contents(&files.xml(path).ok()?, path)));
    let contents = contents.unwrap_or_default();
    for path in &book.spine {
        let flow = match (book.others.get(path), section_page(path)) {
            (Some(reason), _) => emit(Found::NotAnArticle { reason: format!("{path}: {reason}") }),
            (None, true) => {
                emit(Found::NotAnArticle { reason: format!("{path}: the contents of a section") })
            }
            (None, false) => files.page(path, &known(&book, contents.get(path)), emit),
        };
        if flow.is_break() {
            break;
        }
    }
    if book.spine.is_empty() { Err(failed("its package file lists no pages")) } else { Ok(()) }
}

fn failed(reason: &str) -> ParseError {
    ParseError::Failed { reason: format!("not a valid EPUB: {reason}") }
}

/// What the book says of a page.
fn known(book: &Book, listed: Option<&Listed>) -> Record {
    let section = listed.and_then(|listed| listed.section.clone());
    let headline = listed.map(|listed| listed.title.clone());
    Record { headline, section, ..book.known.clone() }
}

/// The files of the zip.
struct Files<'a, R: Read + Seek> {
    zip: ZipArchive<R>,
    context: &'a Context<'a>,
}

impl<R: Read + Seek> Files<'_, R> {
    /// Reads a file of the book, within the limits of what is packed.
    fn with<T>(&mut self, path: &str, then: impl FnOnce(&mut dyn BufRead) -> T) -> Result<T, ParseError> {
        let file = self.zip.by_name(path).map_err(|error| failed(&format!("{path}: {error}")))?;
        let packed = Packed::default();
        packed.add(file.compressed_size());
        let metered = Metered::new(file, self.context.budget, &packed);
        Ok(then(&mut BufReader::new(metered)))
    }

    fn xml(&mut self, path: &str) -> Result<Element, ParseError> {
        self.with(path, |file| xml::document(file))?
    }

    fn page(&mut self, path: &str, known: &Record, emit: &mut Emit<'_>) -> ControlFlow<()> {
        let context = self.context;
        let complete = |record| fields::or(record, known.clone());
        match self.with(path, |page| context.member_with(path, page, &complete, emit)) {
            Ok(flow) => flow,
            Err(error) => emit(Found::Bad { reason: error.to_string() }),
        }
    }

    /// Whether anything but fonts is encrypted.
    fn is_locked(&mut self) -> Result<bool, ParseError> {
        const LOCKS: &str = "META-INF/encryption.xml";
        if self.zip.index_for_name(LOCKS).is_none() {
            return Ok(false);
        }
        let locks = self.xml(LOCKS)?;
        let named = |element: &&Element, name: &str| element.name.rsplit(':').next() == Some(name);
        let data =
            locks.elements().filter(|element| named(element, "EncryptedData")).flat_map(Element::elements);
        let methods = data.filter(|element| named(element, "EncryptionMethod"));
        let mut methods = methods.filter_map(|method| method.attribute("Algorithm"));
        Ok(methods.any(|method| !FONT_HIDING.contains(&method)))
    }
}

/// What the package file says.
#[derive(Default)]
struct Book {
    /// What is known of all pages.
    known: Record,
    /// The pages, in the order they are read in.
    spine: Vec<String>,
    /// Pages that are no articles, and what they are.
    others: BTreeMap<String, &'static str>,
    /// Where the table of contents is.
    contents: Option<String>,
}

impl Book {
    fn of(package: &Element, path: &str) -> Self {
        let mut book = Self { known: metadata(package), ..Self::default() };
        let mut pages: BTreeMap<&str, String> = BTreeMap::new();
        for item in package.all("manifest/item") {
            let (Some(id), Some(href)) = (item.attribute("id"), item.attribute("href")) else { continue };
            let place = beside(path, href);
            let is = |word: &str| {
                item.attribute("properties").is_some_and(|own| own.split_whitespace().any(|one| one == word))
            };
            let ncx = item.attribute("media-type") == Some("application/x-dtbncx+xml");
            if is("nav") {
                book.others.insert(place.clone(), "the contents of the book");
            }
            if is("nav") || (ncx && book.contents.is_none()) {
                book.contents = Some(place.clone());
            }
            pages.insert(id, place);
        }
        for part in package.all("guide/reference") {
            let kind = part.attribute("type").unwrap_or_default().to_ascii_lowercase();
            let reason = NO_ARTICLES.iter().find(|(name, _)| *name == kind).map(|(_, reason)| *reason);
            if let Some((href, reason)) = part.attribute("href").zip(reason) {
                book.others.insert(beside(path, href), reason);
            }
        }
        let mut seen = HashSet::new();
        let listed = package.all("spine/itemref").into_iter().filter_map(|item| item.attribute("idref"));
        let listed = listed.filter(|id| seen.insert(*id)).filter_map(|id| pages.get(id));
        book.spine = listed.cloned().collect();
        book
    }
}

/// What a book is, as the record of all of its pages.
fn metadata(package: &Element) -> Record {
    let all = |name: &str| package.all(&format!("metadata/dc:{name}"));
    let line = |name: &str| all(name).into_iter().find_map(Element::line);
    let authors = all("creator").into_iter().filter_map(Element::line);
    let authors: Vec<String> = authors.filter(|name| !name.eq_ignore_ascii_case("calibre")).collect();
    let mut record = Record {
        source: line("title").map(|title| without_date(&title)),
        byline: fields::byline(authors.iter().map(String::as_str)),
        language: line("language").and_then(|language| fields::language(&language)),
        ..Record::default()
    };
    // The year 101 is what Calibre writes where it knows none; it is refused as any before 1600.
    for date in all("date").into_iter().filter(|date| date.attribute("event") != Some("modification")) {
        fields::publish(&mut record, &date.text());
    }
    fields::give(
        &mut record.given,
        "topic",
        all("subject").into_iter().filter_map(Element::line).filter(|subject| {
            // What Calibre's recipes mark their books with.
            !["News", "News, periodical", "calibre"].contains(&subject.as_str())
        }),
    );
    record
}

/// The name of a paper without the date of the issue: `The Daily Harbour [Mon, 19 Jun 2023]`.
fn without_date(title: &str) -> String {
    let dated = title.strip_suffix(']').and_then(|title| title.rsplit_once(" ["));
    match dated {
        Some((name, date)) if date.bytes().any(|byte| byte.is_ascii_digit()) => name.trim().to_owned(),
        _ => title.to_owned(),
    }
}

/// The pages that list the articles of a section in books of Calibre's recipes: `feed_0/index_u1.html`, where articles
/// are `feed_0/article_3/index_u1.html`.
fn section_page(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let folder = parts.next().unwrap_or_default();
    let feed =
        folder.strip_prefix("feed_").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    feed && file.starts_with("index")
}

/// How a page stands in the table of contents.
struct Listed {
    title: String,
    /// What the entry above it is called.
    section: Option<String>,
}

/// The table of contents, by the path of the page: a nav's lists of links, or an NCX's points.
fn contents(root: &Element, path: &str) -> BTreeMap<String, Listed> {
    let mut listed = BTreeMap::new();
    // An entry, and what stands above it; nested as deep as the XML may be.
    let mut open: Vec<(&Element, Option<String>)> = vec![(root, None)];
    while let Some((element, section)) = open.pop() {
        let (label, href) = match element.name.as_str() {
            "navPoint" => {
                (element.at("navLabel/text"), element.at("content").and_then(|own| own.attribute("src")))
            }
            "li" => (
                element.at("a").or_else(|| element.at("span")),
                element.at("a").and_then(|own| own.attribute("href")),
            ),
            _ => (None, None),
        };
        let title = label.and_then(Element::line);
        if let Some((title, href)) = title.clone().zip(href) {
            let page = beside(path, href);
            listed.entry(page).or_insert(Listed { title, section: section.clone() });
        }
        let below = title.or(section);
        open.extend(element.elements().map(|inner| (inner, below.clone())));
    }
    listed
}

/// The path of a file that another names, `../` undone and without what stands behind `#`.
fn beside(path: &str, href: &str) -> String {
    let href = href.split('#').next().unwrap_or_default();
    let decoded = percent_decoded(href);
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        let code = code.filter(|_| *first == b'%').and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
