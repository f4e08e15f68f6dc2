//! Stub of the *ledger*, for this branch only.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::article::ArticleId;

/// A source file.
#[derive(Serialize)]
pub struct FileEntry {
    /// Path.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since the epoch.
    pub modified: i64,
    /// BLAKE3.
    pub hash: String,
    /// Format.
    pub format: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// What came of its records.
    pub records: Vec<RecordOutcome>,
}

/// What came of a file.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Indexed.
    Indexed,
    /// Skipped.
    Skipped {
        /// Why.
        reason: String,
    },
    /// Failed.
    Failed {
        /// Why.
        reason: String,
    },
    /// The run ended first.
    Interrupted,
}

/// What came of a record.
#[derive(Serialize)]
#[serde(untagged)]
pub enum RecordOutcome {
    /// An article.
    Article(ArticleId),
    /// Skipped.
    Skipped {
        /// Why.
        skipped: String,
    },
    /// Failed.
    Failed {
        /// Why.
        failed: String,
    },
}

/// A ledger that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LedgerError(String);

/// Reads it.
///
/// # Errors
/// Always, here.
pub fn read(dir: &Path, _log: &str, _bytes: u64) -> Result<BTreeMap<String, FileEntry>, LedgerError> {
    Err(LedgerError(format!("there is no ledger in {}", dir.display())))
}
