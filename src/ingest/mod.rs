//! Stub of the *ingest*, for this branch only.

use std::io::BufRead;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64};

use serde::Serialize;

use crate::article::Article;
use crate::article::ArticleId;
use crate::article::Tags;
use crate::ingest::report::IngestReport;
use crate::taxonomy::Taxonomy;

pub mod report;

/// A run that cannot be done.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct IngestError(String);

impl IngestError {
    /// Whether another command would do.
    pub fn is_users(&self) -> bool {
        true
    }
}

/// What to index.
pub struct IngestOptions {
    /// Archives.
    pub roots: Vec<PathBuf>,
    /// Where to.
    pub index: PathBuf,
    /// Threads.
    pub jobs: usize,
    /// Globs.
    pub globs: Vec<String>,
    /// Do not drop.
    pub keep_missing: bool,
    /// Do not write.
    pub dry_run: bool,
}

/// How far it is.
#[derive(Default)]
pub struct Progress {
    /// Bytes to read.
    pub total_bytes: AtomicU64,
    /// Bytes read.
    pub done_bytes: AtomicU64,
    /// Articles.
    pub articles: AtomicU64,
    /// Files.
    pub files: AtomicU64,
}

/// Indexes.
///
/// # Errors
/// Always, here.
pub fn index(
    options: &IngestOptions,
    _taxonomy: &Taxonomy,
    _progress: &Progress,
    _stop: &AtomicBool,
    _problem: &(dyn Fn(&str, &str) + Sync),
) -> Result<IngestReport, IngestError> {
    Err(IngestError(format!("nothing to index into {}", options.index.display())))
}

/// A record with its tags.
#[derive(Serialize)]
pub struct Tagged {
    /// File.
    pub path: String,
    /// Record.
    pub record: u32,
    /// Id.
    pub id: ArticleId,
    /// Article.
    #[serde(flatten)]
    pub article: Article,
    /// Tags.
    #[serde(flatten)]
    pub tags: Tags,
}

/// A file without articles.
pub struct FileProblem {
    /// File.
    pub path: String,
    /// Why.
    pub reason: String,
    /// Not a failure.
    pub skipped: bool,
}

/// Tags files.
///
/// # Errors
/// Always, here.
pub fn tag_paths(
    paths: &[PathBuf],
    _taxonomy: &Taxonomy,
    _each: &mut dyn FnMut(Result<Tagged, FileProblem>) -> ControlFlow<()>,
) -> Result<(), IngestError> {
    Err(IngestError(format!("{} files cannot be read", paths.len())))
}

/// Tags a stream.
///
/// # Errors
/// Always, here.
pub fn tag_reader(
    name: &str,
    _input: &mut dyn BufRead,
    _taxonomy: &Taxonomy,
    _each: &mut dyn FnMut(Result<Tagged, FileProblem>) -> ControlFlow<()>,
) -> Result<(), IngestError> {
    Err(IngestError(format!("{name} cannot be read")))
}
