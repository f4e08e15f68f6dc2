//! An archive and its index in a folder of their own, for tests.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use dateline::article::ArticleId;
use dateline::index::ArticleIndex;
use dateline::ingest;
use dateline::ingest::report::IngestReport;
use dateline::ingest::tagged::Tagged;
use dateline::ingest::{IngestOptions, Progress};
use dateline::search::error::SearchError;
use dateline::search::request::SearchRequest;
use dateline::search::response::SearchResponse;
use dateline::taxonomy::Taxonomy;

/// The built-in dictionaries.
pub(crate) fn taxonomy() -> &'static Taxonomy {
    static TAXONOMY: OnceLock<Taxonomy> = OnceLock::new();
    TAXONOMY.get_or_init(Taxonomy::builtin)
}

/// The corpus that comes with the program.
pub(crate) fn sample_corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-corpus")
}

/// A file or folder of the shared data; `None`, said aloud, where it is not there.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DATELINE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("SKIPPED: {path} is not in DATELINE_SHARED");
    None
}

/// An index in a folder of its own.
pub(crate) struct Archive {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) problems: std::sync::Mutex<Vec<String>>,
}

impl Archive {
    /// A folder with no index yet.
    pub(crate) fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), problems: std::sync::Mutex::default() }
    }

    /// An index of some files and folders.
    pub(crate) fn of(roots: &[PathBuf]) -> (Self, IngestReport) {
        let archive = Self::empty();
        let report = archive.index(roots);
        (archive, report)
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join(".dateline")
    }

    /// Writes a file below the folder.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn index(&self, roots: &[PathBuf]) -> IngestReport {
        let options = IngestOptions { roots: roots.to_vec(), index: self.path(), ..IngestOptions::default() };
        self.run(&options, &AtomicBool::new(false))
    }

    pub(crate) fn run(&self, options: &IngestOptions, stop: &AtomicBool) -> IngestReport {
        let problem =
            |path: &str, reason: &str| self.problems.lock().unwrap().push(format!("{path}: {reason}"));
        ingest::index(options, taxonomy(), &Progress::default(), stop, &problem).unwrap()
    }

    pub(crate) fn open(&self) -> ArticleIndex {
        ArticleIndex::open(&self.path()).unwrap()
    }

    pub(crate) fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        dateline::search::search(&self.open(), taxonomy(), request)
    }

    /// How many articles a query finds.
    pub(crate) fn total(&self, query: &str) -> u64 {
        self.search(&SearchRequest { query: query.to_owned(), ..SearchRequest::default() }).unwrap().total
    }
}

/// What would be indexed, each article once, told without an index.
pub(crate) fn tagged(roots: &[PathBuf]) -> BTreeMap<ArticleId, Tagged> {
    let mut articles = BTreeMap::new();
    let mut each = |tagged: Result<Tagged, _>| {
        if let Ok(tagged) = tagged {
            articles.entry(tagged.id).or_insert(tagged);
        }
        ControlFlow::Continue(())
    };
    ingest::tagged::tag_paths(roots, taxonomy(), &mut each).unwrap();
    articles
}
