//! A *PDF* is a printed document: characters at places on pages. It is one article: the text of its pages in the order
//! they are drawn in, lines joined to paragraphs.
//!
//! Readers of PDF loop, panic and fill the memory on what is broken. So one is read in a process of its own, `dateline
//! read-pdf`, within bounds of time ([`Limits::seconds`](crate::parse::limits::Limits)) and memory
//! ([`MEMORY_BYTES`]); what ends it costs that PDF alone. The library knows the program only where it is told it
//! ([`Settings::program`](crate::parse::Settings)).

mod child;
mod pages;

use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

pub use self::child::{bound, extract};
use crate::article::{Layout, Record};
use crate::parse::{Context, Emit, Found, ParseError, document, fields, not_news, xml};

/// Memory that reading a PDF may take: 768 MiB.
pub const MEMORY_BYTES: u64 = 768 << 20;

/// The most bytes of text that are taken of a PDF: 32 MiB.
const MAX_TEXT: usize = 32 << 20;

/// Between two looks whether the process has ended.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Ends of file names, which are no titles.
const FILE_NAMES: &[&str] = &[
    ".doc", ".docx", ".indd", ".qxd", ".qxp", ".pdf", ".tex", ".dvi", ".ppt", ".pptx", ".xls", ".xlsx",
    ".rtf", ".odt", ".pages", ".pmd", ".p65", ".htm", ".html", ".txt", ".cdr", ".ai", ".eps", ".ps", ".tif",
    ".tiff", ".jpg",
];

/// What programs write for a title before the name of a file.
const PROGRAMS: &[&str] =
    &["microsoft word", "microsoft powerpoint", "untitled", "document", "print", "layout"];

/// What programs that scan and recognise call themselves in the metadata, in lower case.
const SCANNERS: &[&str] = &[
    "scan",
    "ocr",
    "paper capture",
    "finereader",
    "abbyy",
    "luratech",
    "tesseract",
    "internet archive",
    "omnipage",
];

/// What is told of a PDF by the process that reads it.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    /// Why it cannot be read.
    failed: Option<String>,
    title: Option<String>,
    author: Option<String>,
    keywords: Option<String>,
    /// As PDF writes dates: `D:20230619100000+02'00'`.
    created: Option<String>,
    language: Option<String>,
    /// The metadata as XMP.
    xmp: Option<String>,
    /// The text of each page; `None` where the page cannot be read.
    pages: Vec<Option<String>>,
}

/// Reads a PDF as one article.
pub(super) fn read(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    if !cfg!(feature = "pdf") {
        return Err(not_news("a PDF document, which this dateline was built without"));
    }
    let program =
        context.program.ok_or_else(|| not_news("a PDF document: needs the dateline program to read PDF"))?;
    let bytes = document(source)?;
    let told = ask(program, &bytes, context.budget.seconds())?;
    if let Some(reason) = told.failed {
        return Err(ParseError::Failed { reason });
    }
    let broken = told.pages.iter().zip(1..).filter(|(page, _)| page.is_none());
    let broken: Vec<String> = broken.map(|(_, number): (_, u32)| number.to_string()).collect();
    let record = record(&told);
    if record.body.chars().any(char::is_alphabetic) {
        if emit(Found::Article(record)).is_break() {
            return Ok(());
        }
    } else if broken.is_empty() {
        return Err(not_news("a PDF without a text layer: OCR it first, as with ocrmypdf"));
    }
    if !broken.is_empty() {
        let _end =
            emit(Found::Bad { reason: format!("page {}: its reader failed on it", broken.join(", ")) });
    }
    Ok(())
}

/// Has the program read a PDF.
fn ask(program: &Path, bytes: &[u8], seconds: u64) -> Result<Told, ParseError> {
    let mut child = Command::new(program)
        .args(["read-pdf", "--seconds", &seconds.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| {
            io::Error::new(error.kind(), format!("{} cannot be started: {error}", program.display()))
        })?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (status, answer) = thread::scope(|scope| {
        // What does not want all of its input ended for a reason that is told below.
        scope.spawn(move || input.map(|mut input| input.write_all(bytes).is_ok()));
        let answer = scope.spawn(move || {
            let mut text = Vec::new();
            let read = output.map(|output| output.take(MAX_TEXT as u64).read_to_end(&mut text));
            read.transpose().map(|_| text)
        });
        let status = wait(&mut child, Duration::from_secs(seconds));
        (status, answer.join())
    });
    let failed = |reason: String| ParseError::Failed { reason };
    let status = status?.ok_or_else(|| {
        failed(format!("took longer than {seconds} seconds; to wait longer: --limit seconds=N"))
    })?;
    let answer = answer.map_err(|_| failed(super::READER_FAILED.to_owned()))??;
    match serde_json::from_slice(&answer) {
        Ok(told) if status.success() => Ok(told),
        _ if answer.len() == MAX_TEXT => {
            Err(failed(format!("holds more than {} MiB of text", MAX_TEXT >> 20)))
        }
        _ => Err(failed(
            "its reader failed on it: no valid PDF, or one that takes more memory than it may".to_owned(),
        )),
    }
}

/// How the process ended; `None` where it had to be.
fn wait(child: &mut Child, most: Duration) -> io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() > most {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// The article of what was told.
fn record(told: &Told) -> Record {
    let pages: Vec<&str> = told.pages.iter().map(|page| page.as_deref().unwrap_or_default()).collect();
    let author = told.author.as_deref().filter(|author| is_name(author));
    let mut own = Record {
        headline: told.title.as_deref().and_then(title),
        byline: author.and_then(|author| fields::byline(author.split([';', ',']))),
        language: told.language.as_deref().and_then(fields::language),
        body: pages::text(&pages),
        layout: Layout::Paragraphs,
        ..Record::default()
    };
    if let Some(words) = &told.keywords {
        fields::give(&mut own.given, "topic", words.split([';', ',']).map(str::to_owned));
    }
    let xmp = told.xmp.as_deref().unwrap_or_default();
    let mut record = fields::or(own, xmp_record(xmp));
    // The day a page was scanned says nothing of the day it was printed.
    let is_scan = SCANNERS.iter().any(|name| xmp.to_lowercase().contains(name));
    if let Some(created) = told.created.as_deref().filter(|_| !is_scan) {
        fields::publish(&mut record, &date(created));
    }
    record
}

/// What the XMP says; nothing where it is broken.
fn xmp_record(xmp: &str) -> Record {
    let Ok(root) = xml::document(&mut xmp.as_bytes()) else { return Record::default() };
    let all = |name: &str| -> Vec<String> {
        let items = root.descendants(name).into_iter().flat_map(|own| own.descendants("rdf:li"));
        items.filter_map(xml::Element::line).collect()
    };
    let authors = all("dc:creator");
    let mut record = Record {
        headline: all("dc:title").first().and_then(|own| title(own)),
        byline: fields::byline(authors.iter().map(String::as_str).filter(|author| is_name(author))),
        source: root.descendants("prism:publicationName").first().and_then(|own| own.line()),
        ..Record::default()
    };
    for name in ["prism:publicationDate", "prism:coverDate"] {
        for stated in root.descendants(name) {
            fields::publish(&mut record, &stated.text());
        }
    }
    fields::give(&mut record.given, "topic", all("dc:subject"));
    record
}

/// A title that is none of a file.
fn title(text: &str) -> Option<String> {
    let title = fields::line(text)?;
    let lower = title.to_lowercase();
    let is_file =
        FILE_NAMES.iter().any(|end| lower.ends_with(end)) || lower.contains(['\\']) || lower.contains("://");
    let is_program = PROGRAMS.iter().any(|start| {
        lower.strip_prefix(start).is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with(" - ")
                || rest.trim().trim_matches(['-', '_', '.']).bytes().all(|b| b.is_ascii_digit())
        })
    });
    let words = title.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    // One word with digits or underlines is the name of a job or a file: `A01_0619`.
    let is_job = !title.contains(' ') && title.contains(|c: char| c.is_ascii_digit() || c == '_');
    (words && !is_file && !is_program && !is_job).then_some(title)
}

/// Whether the author is a person's name rather than that of an account.
fn is_name(author: &str) -> bool {
    author.trim().contains(' ') || !author.is_ascii()
}

/// A date of PDF as ISO 8601 has it: `D:20230619100000+02'00'`.
fn date(text: &str) -> String {
    let text = text.trim().trim_start_matches("D:");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (day, zone) = text.split_at(digits);
    let zone: String = zone.chars().filter(char::is_ascii_graphic).collect();
    let zone = match zone.as_bytes() {
        [b'Z', ..] => "Z".to_owned(),
        [b'+' | b'-', ..] => {
            let numbers: String = zone.chars().filter(char::is_ascii_digit).take(4).collect();
            format!("{}{numbers:0<4}", &zone[..1])
        }
        _ => String::new(),
    };
    match digits {
        14.. => format!("{}T{}{zone}", &day[..8], &day[8..14]),
        12 | 13 => format!("{}T{}00{zone}", &day[..8], &day[8..12]),
        8.. => day[..8].to_owned(),
        6 | 7 => format!("{}-{}", &day[..4], &day[4..6]),
        _ => day.to_owned(),
    }
}

#[cfg(test)]
mod tests;
