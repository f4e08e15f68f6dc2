//! Stub of the *article index*, for this branch only: there is none anywhere.

use std::path::{Path, PathBuf};

use serde::Serialize;

/// An index that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is none.
    #[error("there is no index at {0}: make one with dateline index DIR")]
    Missing(PathBuf),
}

impl IndexError {
    /// Whether another command would do.
    pub fn is_users(&self) -> bool {
        true
    }
}

/// Source files by outcome.
#[derive(Serialize)]
pub struct FileCounts {
    /// Files that gave articles.
    pub indexed: u64,
    /// Files that hold none.
    pub skipped: u64,
    /// Files that could not be read.
    pub failed: u64,
}

/// What a commit carries.
#[derive(Default)]
pub struct Mark {
    /// The ledger's file.
    pub ledger: String,
    /// How many bytes of it are valid.
    pub ledger_bytes: u64,
}

/// When a run ended.
#[derive(Serialize)]
pub struct LastRun {
    /// RFC 3339.
    pub finished: String,
    /// What it did.
    pub report: serde_json::Value,
}

/// An index in short.
#[derive(Serialize)]
pub struct Status {
    /// Where it is.
    pub path: String,
    /// Articles.
    pub documents: u64,
    /// Segments.
    pub segments: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Layout of the directory.
    pub format_version: u32,
    /// Version of the schema.
    pub schema_version: u32,
    /// Source files.
    pub files: FileCounts,
    /// The archive's roots.
    pub roots: Vec<String>,
    /// The last run.
    pub last_run: Option<LastRun>,
}

/// An index.
pub struct ArticleIndex;

impl ArticleIndex {
    /// Opens.
    ///
    /// # Errors
    /// Always, here.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        Err(IndexError::Missing(dir.to_owned()))
    }

    /// The mark.
    pub fn mark(&self) -> Mark {
        Mark::default()
    }

    /// In short.
    ///
    /// # Errors
    /// Always, here.
    pub fn status(&self) -> Result<Status, IndexError> {
        Err(IndexError::Missing(PathBuf::new()))
    }
}
