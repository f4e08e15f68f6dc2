//! An *ingest report* counts what one run of indexing did.

use serde::{Deserialize, Serialize};

/// What one run did. Articles unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IngestReport {
    /// New in the index.
    pub added: u64,
    /// Replaced, since their file changed.
    pub updated: u64,
    /// There before and still.
    pub unchanged: u64,
    /// Dropped, since their file changed or is gone.
    pub removed: u64,
    /// Places beyond the first that hold the very same article.
    pub duplicates: u64,
    /// Files, and records in files, that hold no article.
    pub skipped: u64,
    /// Files, and records in files, that could not be read.
    pub failed: u64,
    /// Articles in the index now.
    pub documents: u64,
    /// Bytes of the files read.
    pub bytes: u64,
    /// Wall time, in seconds.
    pub seconds: f64,
    /// Whether files that did not change were read again, since the dictionaries or the program did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reread: bool,
    /// Whether the run was stopped before its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
}
