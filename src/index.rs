//! An *article index* is a directory: the engine's files, the ledger beside them, and what says which versions of
//! the two belong together.
//!
//! ```text
//! .dateline/
//!   format.json        what wrote this index, in which format
//!   schema.toml        the schema it was built with
//!   engine/            the engine's own files; its commit carries the mark below
//!   ledger-N.jsonl     the source files, as far as the mark says
//!   duplicates-N.json  articles that stand in several places
//! ```
//! A write is one commit of the engine whose payload, the [`Mark`], names the ledger's valid length: after a crash
//! both are from the same moment. Readers never take a lock.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::article::ArticleId;
use crate::article::Location;
use crate::columns::kept::Kept;
use crate::schema::Fields;
use crate::schema::SchemaError;
use crate::schema::SchemaFile;
use crate::schema::analyzer;
use crate::schema::document::StoredArticle;
use crate::schema::document::from_document;
use crate::schema::document::to_document;

/// The layout of the directory; changes when an index of before must be rebuilt.
pub const FORMAT: u32 = 4;

/// Threads that merge segments. Each sets aside address space, of which a run may be given little.
const MERGE_THREADS: usize = 1;
/// Memory for one thread of the engine's writer, in bytes.
const WRITER_MEMORY: usize = 192 << 20;

/// Share of deleted documents at which a segment is rewritten.
const MAX_DELETED: f32 = 0.25;

/// An index that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is none.
    #[error("there is no index at {0}: make one with dateline index DIR")]
    Missing(PathBuf),
    /// It was written by another version of dateline.
    #[error(
        "the index at {path} has format {found} and this version reads format {FORMAT}: index again into a new directory"
    )]
    Format {
        /// The index.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// Another process is writing to it.
    #[error("another dateline is indexing into {0}: wait for it to end")]
    Busy(PathBuf),
    /// A file of it is missing or unreadable.
    #[error("the index at {path} is damaged: {reason}")]
    Damaged {
        /// The index.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Its schema cannot be used.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The engine failed.
    #[error("the index at {path} cannot be written: {reason}")]
    Engine {
        /// The index.
        path: PathBuf,
        /// What the engine said.
        reason: String,
    },
}

impl IndexError {
    /// Whether another command would do: exit code 2; else something failed: 1.
    pub fn is_users(&self) -> bool {
        matches!(self, Self::Missing(_) | Self::Format { .. } | Self::Busy(_) | Self::Schema(_))
    }
}

/// What a commit carries beside the documents.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Counts up with every commit.
    pub generation: u64,
    /// The ledger's file.
    pub ledger: String,
    /// How many bytes of it are valid.
    pub ledger_bytes: u64,
    /// The file of articles that stand in several places, where there are any.
    pub duplicates: Option<String>,
    /// Files of the ledger by outcome.
    pub files: FileCounts,
    /// The archive's roots, as given.
    pub roots: Vec<String>,
    /// The last run that ended.
    pub last_run: Option<LastRun>,
    /// The program's version and the dictionaries that its articles were made with, as a hash.
    #[serde(default)]
    pub fingerprint: String,
}

/// Source files by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCounts {
    /// Files that gave articles.
    pub indexed: u64,
    /// Files that hold none.
    pub skipped: u64,
    /// Files that could not be read.
    pub failed: u64,
    /// Articles in the files, those that stand in several places counted each time.
    #[serde(default)]
    pub articles: u64,
    /// Records of files that are no article.
    #[serde(default)]
    pub records_skipped: u64,
    /// Records of files that could not be read.
    #[serde(default)]
    pub records_failed: u64,
}

/// When a run ended, and what it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastRun {
    /// RFC 3339, UTC.
    pub finished: String,
    /// What it did, as `index --json` prints it.
    pub report: serde_json::Value,
}

/// An index in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Where it is.
    pub path: String,
    /// Articles.
    pub documents: u64,
    /// Segments of the engine.
    pub segments: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Layout of the directory.
    pub format_version: u32,
    /// Version of the schema.
    pub schema_version: u32,
    /// Source files by outcome.
    pub files: FileCounts,
    /// The archive's roots.
    pub roots: Vec<String>,
    /// The last run that ended.
    pub last_run: Option<LastRun>,
}

#[derive(Serialize, Deserialize)]
struct Format {
    format: u32,
    dateline: String,
}

/// An index open for reading. Cheap to clone; clones share what they have loaded.
#[derive(Clone)]
pub struct ArticleIndex {
    shared: Arc<Shared>,
}

struct Shared {
    dir: PathBuf,
    schema: SchemaFile,
    fields: Fields,
    index: Index,
    reader: IndexReader,
    kept: Arc<Kept>,
    commit: RwLock<Arc<Commit>>,
}

/// A commit's mark, and the places of the articles that stand in several.
#[derive(Default)]
struct Commit {
    mark: Mark,
    duplicates: BTreeMap<ArticleId, Vec<Location>>,
}

impl ArticleIndex {
    /// Opens an index to read it.
    ///
    /// # Errors
    /// Where there is none, it is of another format, or it is damaged.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        check_format(dir)?;
        let schema = SchemaFile::parse(&read(&dir.join("schema.toml"))?)?;
        let index = Index::open_in_dir(dir.join("engine")).map_err(|error| damaged(dir, &error))?;
        index.tokenizers().register(analyzer::NAME, analyzer::Analyzer::default());
        let fields = Fields::of(&schema, &index.schema())?;
        // The mark first: where a commit comes between the two, the next look finds it newer and loads both again.
        let commit = RwLock::new(Arc::new(load_commit(dir, &index)?));
        let builder = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader: IndexReader = builder.try_into().map_err(|error| damaged(dir, &error))?;
        let (dir, kept) = (dir.to_owned(), Arc::default());
        Ok(Self { shared: Arc::new(Shared { dir, schema, fields, index, reader, kept, commit }) })
    }

    /// Looks for a newer commit; true where one was found and is used from now on.
    ///
    /// # Errors
    /// Where the newer commit cannot be read.
    pub fn reload(&self) -> Result<bool, IndexError> {
        let shared = &self.shared;
        if load_mark(&shared.dir, &shared.index)? == self.commit().mark {
            return Ok(false);
        }
        // The mark first, as above: it may be older than what is read, never newer.
        let commit = Arc::new(load_commit(&shared.dir, &shared.index)?);
        shared.reader.reload().map_err(|error| damaged(&shared.dir, &error))?;
        *shared.commit.write().unwrap_or_else(PoisonError::into_inner) = commit;
        Ok(true)
    }

    /// The index in short.
    ///
    /// # Errors
    /// Where its directory cannot be listed.
    pub fn status(&self) -> Result<Status, IndexError> {
        let searcher = self.searcher();
        let mark = self.commit().mark.clone();
        Ok(Status {
            path: self.shared.dir.display().to_string(),
            documents: self.documents(),
            segments: searcher.segment_readers().len() as u64,
            bytes: bytes_below(&self.shared.dir)?,
            format_version: FORMAT,
            schema_version: self.shared.schema.version,
            files: mark.files,
            roots: mark.roots,
            last_run: mark.last_run,
        })
    }

    /// The mark of the commit that is read.
    pub fn mark(&self) -> Mark {
        self.commit().mark.clone()
    }

    /// How many articles it holds.
    pub fn documents(&self) -> u64 {
        self.searcher().num_docs()
    }

    /// Every place that holds an article whose first place is known.
    pub fn locations(&self, id: ArticleId, first: &Location) -> Vec<Location> {
        self.commit().duplicates.get(&id).cloned().unwrap_or_else(|| vec![first.clone()])
    }

    /// Every article that stands in several places.
    pub fn duplicates(&self) -> BTreeMap<ArticleId, Vec<Location>> {
        self.commit().duplicates.clone()
    }

    /// The article of an id.
    ///
    /// # Errors
    /// Where the engine's files cannot be read.
    pub fn article(&self, id: ArticleId) -> Result<Option<StoredArticle>, IndexError> {
        let searcher = self.searcher();
        let term = Term::from_field_u64(self.shared.fields.id(), id.0);
        let query = tantivy::query::TermQuery::new(term, tantivy::schema::IndexRecordOption::Basic);
        let top = tantivy::collector::TopDocs::with_limit(1).order_by_score();
        let found = searcher.search(&query, &top).map_err(|error| damaged(&self.shared.dir, &error))?;
        match found.first() {
            Some((_, address)) => self.stored(&searcher, *address).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn stored(
        &self,
        searcher: &Searcher,
        address: tantivy::DocAddress,
    ) -> Result<StoredArticle, IndexError> {
        let document: TantivyDocument =
            searcher.doc(address).map_err(|error| damaged(&self.shared.dir, &error))?;
        from_document(&self.shared.fields, &document).ok_or_else(|| IndexError::Damaged {
            path: self.shared.dir.clone(),
            reason: format!("the stored article of document {address:?} cannot be read"),
        })
    }

    pub(crate) fn searcher(&self) -> Searcher {
        self.shared.reader.searcher()
    }

    /// What is kept between searches.
    pub(crate) fn kept(&self) -> &Arc<Kept> {
        &self.shared.kept
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.shared.fields
    }

    fn commit(&self) -> Arc<Commit> {
        Arc::clone(&self.shared.commit.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// An index open for writing; there is one at a time.
pub struct IndexWrite {
    dir: PathBuf,
    fields: Fields,
    writer: IndexWriter,
    mark: Mark,
}

impl IndexWrite {
    /// Opens an index to write to it, or makes a new one.
    ///
    /// # Errors
    /// Where another process writes to it, it is of another format, or the file system refuses.
    pub fn open(dir: &Path, schema: &str) -> Result<Self, IndexError> {
        if !dir.join("format.json").exists() {
            create(dir, schema)?;
        }
        check_format(dir)?;
        let file = SchemaFile::parse(&read(&dir.join("schema.toml"))?)?;
        let index = Index::open_in_dir(dir.join("engine")).map_err(|error| damaged(dir, &error))?;
        index.tokenizers().register(analyzer::NAME, analyzer::Analyzer::default());
        let fields = Fields::of(&file, &index.schema())?;
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(MERGE_THREADS)
            .memory_budget_per_thread(WRITER_MEMORY)
            .build();
        let writer = index.writer_with_options(options).map_err(|error| match error {
            tantivy::TantivyError::LockFailure(..) => IndexError::Busy(dir.to_owned()),
            error => unwritable(dir, &error),
        })?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(MAX_DELETED);
        writer.set_merge_policy(Box::new(policy));
        let mark = load_mark(dir, &index)?;
        Ok(Self { dir: dir.to_owned(), fields, writer, mark })
    }

    /// The mark of the last commit.
    pub fn mark(&self) -> &Mark {
        &self.mark
    }

    /// Adds an article; it is found after the next commit.
    ///
    /// # Errors
    /// Where the engine's writer has failed, on a full disk for example.
    pub fn add(&self, id: ArticleId, stored: &StoredArticle) -> Result<(), IndexError> {
        let document = to_document(&self.fields, id, stored);
        self.writer.add_document(document).map(|_| ()).map_err(|error| unwritable(&self.dir, &error))
    }

    /// Drops an article at the next commit.
    pub fn delete(&self, id: ArticleId) {
        self.writer.delete_term(Term::from_field_u64(self.fields.id(), id.0));
    }

    /// Makes all that was added and dropped visible, together with the mark. The generation is counted here.
    ///
    /// # Errors
    /// Where the disk is full or the engine fails; then the index is as it was at the last commit.
    pub fn commit(
        &mut self,
        mark: Mark,
        duplicates: &BTreeMap<ArticleId, Vec<Location>>,
    ) -> Result<(), IndexError> {
        let generation = self.mark.generation + 1;
        let mut mark = Mark { generation, duplicates: None, ..mark };
        if !duplicates.is_empty() {
            let name = format!("duplicates-{generation}.json");
            let bytes = serde_json::to_vec(duplicates).unwrap_or_default();
            write_synced(&self.dir.join(&name), &bytes)?;
            mark.duplicates = Some(name);
        }
        let payload = serde_json::to_string(&mark).unwrap_or_default();
        let dir = self.dir.clone();
        let failed = |error: tantivy::TantivyError| unwritable(&dir, &error);
        let mut prepared = self.writer.prepare_commit().map_err(failed)?;
        prepared.set_payload(&payload);
        prepared.commit().map_err(failed)?;
        let before = std::mem::replace(&mut self.mark, mark);
        self.sweep(&before);
        Ok(())
    }

    /// Waits for the engine's merges to end.
    ///
    /// # Errors
    /// Where a merge failed; the last commit is untouched.
    pub fn finish(self) -> Result<(), IndexError> {
        self.writer.wait_merging_threads().map_err(|error| unwritable(&self.dir, &error))
    }

    /// Removes the files of commits before the last two, which a reader may still be opening.
    fn sweep(&self, before: &Mark) {
        let used = [&self.mark, before].map(|mark| [Some(&mark.ledger), mark.duplicates.as_ref()]);
        let Ok(entries) = fs::read_dir(&self.dir) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = name.starts_with("ledger-") || name.starts_with("duplicates-");
            if ours && !used.as_flattened().contains(&Some(&name)) {
                // A file left behind costs space only, and the next commit tries again.
                drop(fs::remove_file(entry.path()));
            }
        }
    }
}

fn create(dir: &Path, schema: &str) -> Result<(), IndexError> {
    let engine = dir.join("engine");
    fs::create_dir_all(&engine).map_err(|source| IndexError::Io { path: engine.clone(), source })?;
    let file = SchemaFile::parse(schema)?;
    let engine_schema = file.engine_schema();
    Fields::of(&file, &engine_schema)?;
    write_synced(&dir.join("schema.toml"), schema.as_bytes())?;
    if !engine.join("meta.json").exists() {
        Index::create_in_dir(&engine, engine_schema).map_err(|error| unwritable(dir, &error))?;
    }
    let format = Format { format: FORMAT, dateline: env!("CARGO_PKG_VERSION").to_owned() };
    write_synced(&dir.join("format.json"), serde_json::to_string(&format).unwrap_or_default().as_bytes())
}

fn check_format(dir: &Path) -> Result<(), IndexError> {
    let path = dir.join("format.json");
    if !path.exists() {
        return Err(IndexError::Missing(dir.to_owned()));
    }
    let format: Format = serde_json::from_str(&read(&path)?).map_err(|error| damaged(dir, &error))?;
    if format.format != FORMAT {
        return Err(IndexError::Format { path: dir.to_owned(), found: format.format });
    }
    Ok(())
}

fn load_mark(dir: &Path, index: &Index) -> Result<Mark, IndexError> {
    let metas = index.load_metas().map_err(|error| damaged(dir, &error))?;
    match metas.payload {
        Some(payload) => serde_json::from_str(&payload).map_err(|error| damaged(dir, &error)),
        None => Ok(Mark::default()),
    }
}

/// The mark of an index as it is now, read without a lock and without writing anything.
///
/// # Errors
/// Where there is no index, it is of another format, or it is damaged.
pub fn read_mark(dir: &Path) -> Result<Mark, IndexError> {
    check_format(dir)?;
    let index = Index::open_in_dir(dir.join("engine")).map_err(|error| damaged(dir, &error))?;
    load_mark(dir, &index)
}

fn load_commit(dir: &Path, index: &Index) -> Result<Commit, IndexError> {
    let mark = load_mark(dir, index)?;
    let duplicates = match &mark.duplicates {
        Some(name) => serde_json::from_str(&read(&dir.join(name))?).map_err(|error| damaged(dir, &error))?,
        None => BTreeMap::new(),
    };
    Ok(Commit { mark, duplicates })
}

fn read(path: &Path) -> Result<String, IndexError> {
    fs::read_to_string(path).map_err(|source| IndexError::Io { path: path.to_owned(), source })
}

/// Writes a file and its name to disk, so that it is there whole or not at all.
fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
    let new = path.with_extension("new");
    let write = || {
        let mut file = fs::File::create(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        // A commit that names the file must not outlive the name.
        path.parent().map_or(Ok(()), |dir| fs::File::open(dir)?.sync_all())
    };
    write().map_err(|source| IndexError::Io { path: path.to_owned(), source })
}

fn damaged(dir: &Path, error: &impl ToString) -> IndexError {
    IndexError::Damaged { path: dir.to_owned(), reason: error.to_string() }
}

fn unwritable(dir: &Path, error: &impl ToString) -> IndexError {
    IndexError::Engine { path: dir.to_owned(), reason: error.to_string() }
}

fn bytes_below(dir: &Path) -> Result<u64, IndexError> {
    let failed = |source| IndexError::Io { path: dir.to_owned(), source };
    let mut bytes = 0;
    for entry in fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // A file that a merge removes while we count is no error.
        let Ok(metadata) = entry.metadata() else { continue };
        bytes += if metadata.is_dir() { bytes_below(&entry.path())? } else { metadata.len() };
    }
    Ok(bytes)
}
