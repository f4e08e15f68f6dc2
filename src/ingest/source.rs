//! *Reading* takes one source file apart and makes articles of its records: parse, clean, tag.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

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
use crate::ingest::survey::{group_of, is_number};
use crate::parse;
use crate::parse::Format;
use crate::parse::Found;
use crate::parse::ParseError;
use crate::parse::Settings;
use crate::parse::Source;
use crate::parse::issues::{Beside, Issues};
use crate::parse::json::Mapping;
use crate::parse::limits::Limits;
use crate::parse::limits::Stop;
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
    settings: Settings,
    tagger: Tagger,
    repeated: Repeated,
    /// The folders that hold the archive, by name.
    folders: Vec<String>,
    /// The folders and files that are the archive.
    roots: Vec<PathBuf>,
    issues: Issues,
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
    pub(crate) fn new(taxonomy: &Taxonomy, limits: Limits) -> Result<Self, IngestError> {
        let schema = SchemaFile::parse(taxonomy.schema())
            .map_err(|error: SchemaError| IngestError::Mapping(error.to_string()))?;
        let mapping = Mapping::new(&schema.json).map_err(IngestError::Mapping)?;
        let tagger = Tagger::new(&Dictionaries::of(taxonomy))?;
        Ok(Self {
            boilerplate: taxonomy.boilerplate()?,
            settings: Settings { mapping, limits, program: None },
            tagger,
            repeated: Repeated::default(),
            folders: Vec::new(),
            roots: Vec::new(),
            issues: Issues::default(),
        })
    }

    /// Has PDF read by this program, in a process of its own.
    pub(crate) fn with_program(mut self, program: Option<&Path>) -> Self {
        self.settings.program = program.map(Path::to_owned);
        self
    }

    /// Looks into a sample of the archive for lines that its sources repeat on every page.
    pub(crate) fn surveyed(
        mut self,
        roots: &[Root],
        selection: &Selection,
        plan: &Plan,
        control: &Control<'_>,
    ) -> Self {
        self.folders = roots.iter().map(folder_above).collect();
        self.folders.sort_unstable();
        self.folders.dedup();
        self.roots = roots.iter().map(|root| root.path().to_owned()).collect();
        self.repeated = survey::survey(&self, roots, selection, plan, control);
        self
    }

    /// Cleans and tags one record.
    pub(crate) fn article(&self, name: &str, record: Record) -> (Article, Tags) {
        let name = match &record.inside {
            Some(inside) => &format!("{name}/{inside}"),
            None => name,
        };
        let context = Context {
            boilerplate: &self.boilerplate,
            repeated: &self.repeated,
            group: &group_of(name),
            path: self.below(name),
        };
        let article = clean(record, &context);
        let tags = tag(&self.tagger, &article);
        (article, tags)
    }

    /// The path of a file in its archive: what lies above says nothing of its date.
    fn below<'a>(&self, name: &'a str) -> &'a str {
        let in_folder = |folder: &String| {
            let rest = name.strip_prefix(folder.as_str())?;
            (folder.is_empty() || rest.starts_with('/')).then(|| rest.trim_start_matches('/'))
        };
        self.folders.iter().filter_map(in_folder).max_by_key(|path| path.len()).unwrap_or(name)
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
            Ok(mut input) => match File::open(&file.path) {
                Ok(whole) => {
                    let beside = Beside { path: &file.path, roots: &self.roots, issues: &self.issues };
                    self.records(&file.name, &mut input, Some((&whole, beside)), each)
                }
                Err(error) => Ended::Unreadable { reason: error.to_string() },
            },
            Err(error) => Ended::Unreadable { reason: error.to_string() },
        }
    }

    /// Takes apart what a reader gives.
    pub(crate) fn records<R: BufRead>(
        &self,
        name: &str,
        input: &mut Hashing<'_, R>,
        file: Option<(&File, Beside<'_>)>,
        each: &mut dyn FnMut(Found) -> ControlFlow<()>,
    ) -> Ended {
        let mut broken_off = false;
        let mut watch = |found: Found| {
            let flow = each(found);
            broken_off = flow.is_break();
            flow
        };
        // A fault in a parser must cost one file, not the run.
        let read = catch_unwind(AssertUnwindSafe(|| {
            let (file, beside) = file.unzip();
            let source = Source { name, stream: &mut *input, file, beside };
            parse::read(source, &self.settings, &mut watch)
        }));
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

/// The folder of a root, without the dates it ends in: `news` for `news/2023/06`, whose files are of that month.
fn folder_above(root: &Root) -> String {
    let name = root.name();
    let mut folder = name.as_str();
    if root.path().is_file() {
        folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    }
    while let Some(last) = folder.rsplit('/').next().filter(|last| !last.is_empty() && is_number(last)) {
        folder = folder[..folder.len() - last.len()].trim_end_matches('/');
    }
    folder.to_owned()
}

/// How reading ended that went as far as it could.
fn whole(read: std::thread::Result<Result<Format, ParseError>>, hash: String) -> Ended {
    match read {
        Ok(Ok(format)) => Ended::Whole { format: format.name(), hash },
        Ok(Err(error)) => Ended::Without { reason: error.to_string(), failed: true, hash },
        Err(_) => Ended::Without { reason: parse::READER_FAILED.to_owned(), failed: true, hash },
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
        if (self.stopped)() { Err(io::Error::other(Stop)) } else { Ok(()) }
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::ops::ControlFlow;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{Ended, Reading, folder_above};
    use crate::article::{NewsDate, Record};
    use crate::corpus::{Root, SourceFile};
    use crate::parse::limits::Limits;
    use crate::taxonomy::Taxonomy;

    #[test]
    fn hashing_a_large_file_can_be_stopped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("dump.jsonl");
        fs::File::create(&path).unwrap().set_len(200 << 30).unwrap();
        let file = SourceFile { path, name: "dump.jsonl".to_owned(), size: 200 << 30, modified: 0 };
        let reading = Reading::new(&Taxonomy::builtin(), Limits::default()).unwrap();
        for known in [Some("0123"), None] {
            let asked = AtomicUsize::new(0);
            let stopped = || asked.fetch_add(1, Ordering::Relaxed) > 20;
            let ended = reading.file(&file, known, &stopped, &mut |_| ControlFlow::Continue(()));
            let refused = known.is_none() && matches!(&ended, Ended::Without { .. });
            assert!(refused || matches!(&ended, Ended::Stopped), "{ended:?}");
        }
    }

    #[test]
    fn a_folder_above_the_archive_gives_no_date() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("home");
        fs::create_dir_all(&home).unwrap();
        let mut reading = Reading::new(&Taxonomy::builtin(), Limits::default()).unwrap();
        for (root, file, date) in [
            ("2021/05/pages", "a.txt", None),
            ("2021/05/pages", "2019/03/a.txt", Some("2019-03")),
            ("home/2021/pages", "a.txt", None),
            ("pages/2023/06", "a.txt", Some("2023-06")),
            ("backup-2022-01-02/pages/2023/06", "a.txt", Some("2023-06")),
        ] {
            let folder = dir.path().join(root);
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "x").unwrap();
            let name = Root::find(&path, &home).unwrap().name();
            reading.folders = vec![folder_above(&Root::find(&folder, &home).unwrap())];
            let record =
                Record { body: "The harbour is full of ships today.".to_owned(), ..Record::default() };
            let (article, _) = reading.article(&name, record);
            let published = article.published.map(|date: NewsDate| date.to_string());
            assert_eq!(published.as_deref(), date, "{root} {file}");
        }
    }
}
