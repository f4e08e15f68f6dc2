//! *Reading* takes one source file apart and makes articles of its records: parse, clean, tag.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::article::Article;
use crate::article::Record;
use crate::article::Tags;
use crate::clean::Context;
use crate::clean::clean;
use crate::clean::survey::Repeated;
use crate::corpus::Root;
use crate::corpus::Selection;
use crate::corpus::SourceFile;
use crate::ingest::IngestError;
use crate::ingest::pipeline::Control;
use crate::ingest::plan::Plan;
use crate::ingest::survey;
use crate::ingest::survey::group_of;
use crate::parse;
use crate::parse::Format;
use crate::parse::Found;
use crate::parse::ParseError;
use crate::parse::json::Mapping;
use crate::schema::SchemaError;
use crate::schema::SchemaFile;
use crate::tag::Dictionaries;
use crate::tag::Tagger;
use crate::tag::tag;
use crate::taxonomy::Taxonomy;
use crate::taxonomy::boilerplate::Boilerplate;

/// Everything it takes to read a file: dictionaries made ready, shared by all threads.
pub(crate) struct Reading {
    boilerplate: Boilerplate,
    mapping: Mapping,
    tagger: Tagger,
    repeated: Repeated,
}

/// Whether the run is to stop.
pub(crate) type Stopped<'a> = &'a (dyn Fn() -> bool + Sync);

/// How reading a file ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It was read to its end.
    Whole { format: &'static str, hash: String },
    /// It has the hash it had before, and was not taken apart.
    Same,
    /// It holds no article, or is broken; told apart by `failed`. The hash is empty where it was refused by its
    /// beginning: the rest of it may be many gigabytes.
    Without { reason: String, failed: bool, hash: String },
    /// It cannot be read now, which says nothing of what it holds.
    Unreadable { reason: String },
    /// The run was stopped.
    Stopped,
}

impl Reading {
    /// Makes the dictionaries ready.
    ///
    /// # Errors
    /// Where one cannot be used.
    pub(crate) fn new(taxonomy: &Taxonomy) -> Result<Self, IngestError> {
        let schema = SchemaFile::parse(&taxonomy.schema)
            .map_err(|error: SchemaError| IngestError::Mapping(error.to_string()))?;
        let mapping = Mapping::new(&schema.json).map_err(IngestError::Mapping)?;
        let tagger = Tagger::new(&Dictionaries::of(taxonomy))?;
        Ok(Self { boilerplate: taxonomy.boilerplate()?, mapping, tagger, repeated: Repeated::default() })
    }

    /// Looks into a sample of the archive for lines that its sources repeat on every page.
    pub(crate) fn surveyed(
        mut self,
        roots: &[Root],
        selection: &Selection,
        plan: &Plan,
        control: &Control<'_>,
    ) -> Self {
        self.repeated = survey::survey(&self, roots, selection, plan, control);
        self
    }

    /// Cleans and tags one record.
    pub(crate) fn article(&self, name: &str, record: Record) -> (Article, Tags) {
        let context = Context {
            boilerplate: &self.boilerplate,
            repeated: &self.repeated,
            group: &group_of(name),
            path: name,
        };
        let article = clean(record, &context);
        let tags = tag(&self.tagger, &article);
        (article, tags)
    }

    /// Takes a file apart, unless its hash is the known one.
    pub(crate) fn file(
        &self,
        file: &SourceFile,
        known_hash: Option<&str>,
        stopped: Stopped<'_>,
        each: &mut dyn FnMut(Found) -> ControlFlow<()>,
    ) -> Ended {
        if let Some(known) = known_hash {
            match open(&file.path, stopped).and_then(|mut input| input.finish()) {
                Ok(hash) if hash == known => return Ended::Same,
                Ok(_) => {}
                Err(_) if stopped() => return Ended::Stopped,
                Err(error) => return Ended::Unreadable { reason: error.to_string() },
            }
        }
        match open(&file.path, stopped) {
            Ok(mut input) => self.records(&file.name, &mut input, each),
            Err(error) => Ended::Unreadable { reason: error.to_string() },
        }
    }

    /// Takes apart what a reader gives.
    pub(crate) fn records<R: BufRead>(
        &self,
        name: &str,
        input: &mut Hashing<'_, R>,
        each: &mut dyn FnMut(Found) -> ControlFlow<()>,
    ) -> Ended {
        let mut broken_off = false;
        let mut watch = |found: Found| {
            let flow = each(found);
            broken_off = flow.is_break();
            flow
        };
        // A fault in a parser must cost one file, not the run.
        let read = catch_unwind(AssertUnwindSafe(|| parse::read(name, input, &self.mapping, &mut watch)));
        if broken_off || (input.stopped)() {
            return Ended::Stopped;
        }
        match read {
            Ok(Err(error @ (ParseError::NotNews { .. } | ParseError::TooLarge { .. }))) => {
                let failed = matches!(error, ParseError::TooLarge { .. });
                Ended::Without { reason: error.to_string(), failed, hash: String::new() }
            }
            Ok(Err(ParseError::Io(error))) => Ended::Unreadable { reason: error.to_string() },
            read => match input.finish() {
                Ok(hash) => whole(read, hash),
                Err(_) if (input.stopped)() => Ended::Stopped,
                Err(error) => Ended::Unreadable { reason: error.to_string() },
            },
        }
    }
}

/// How reading ended that went as far as it could.
fn whole(read: std::thread::Result<Result<Format, ParseError>>, hash: String) -> Ended {
    match read {
        Ok(Ok(format)) => Ended::Whole { format: format.name(), hash },
        Ok(Err(error)) => Ended::Without { reason: error.to_string(), failed: true, hash },
        Err(_) => Ended::Without { reason: "its reader failed on it".to_owned(), failed: true, hash },
    }
}

fn open<'a>(path: &Path, stopped: Stopped<'a>) -> io::Result<Hashing<'a, BufReader<File>>> {
    Ok(Hashing::new(BufReader::with_capacity(1 << 16, File::open(path)?), stopped))
}

/// A reader that hashes what is read through it, and fails when the run is to stop.
pub(crate) struct Hashing<'a, R> {
    inner: R,
    hasher: blake3::Hasher,
    stopped: Stopped<'a>,
}

impl<'a, R: BufRead> Hashing<'a, R> {
    pub(crate) fn new(inner: R, stopped: Stopped<'a>) -> Self {
        Self { inner, hasher: blake3::Hasher::new(), stopped }
    }

    /// Reads to the end; the hash of everything.
    fn finish(&mut self) -> io::Result<String> {
        io::copy(self, &mut io::sink())?;
        Ok(self.hasher.finalize().to_hex().to_string())
    }

    fn go_on(&self) -> io::Result<()> {
        if (self.stopped)() { Err(io::Error::other("stopped")) } else { Ok(()) }
    }
}

impl<R: BufRead> Read for Hashing<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.go_on()?;
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Hashing<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.go_on()?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Ok(buffer) = self.inner.fill_buf() {
            self.hasher.update(&buffer[..amount.min(buffer.len())]);
        }
        self.inner.consume(amount);
    }
}
