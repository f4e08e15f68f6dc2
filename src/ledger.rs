//! The *ledger* says for every source file what became of it: which articles it gave, or why none.
//!
//! It is a log of JSON lines, one an entry, the last for a file counting. How much of the log is valid is not its own
//! business: the index's commit says so, and what lies beyond is cut off when the log is next written.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::article::ArticleId;

/// What became of one source file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// The file's name.
    pub path: String,
    /// Its size in bytes when it was read.
    pub size: u64,
    /// Its last change, in nanoseconds since 1970, when it was read.
    pub modified: i64,
    /// When it was read, in nanoseconds since 1970.
    pub read_at: i64,
    /// BLAKE3 hash of its bytes, in hex; empty where it was not read to its end, or is to be read again.
    pub hash: String,
    /// The format it was read as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// What became of each of its records, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordOutcome>,
}

impl FileEntry {
    /// Whether it failed, or a record of it did.
    pub fn has_failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { .. })
            || self.records.iter().any(|record| matches!(record, RecordOutcome::Failed { .. }))
    }

    /// Whether it holds no article, or a record of it is none.
    pub fn has_skipped(&self) -> bool {
        matches!(self.outcome, Outcome::Skipped { .. })
            || self.records.iter().any(|record| matches!(record, RecordOutcome::Skipped { .. }))
    }

    /// The articles the file gave, with the number of the record.
    pub fn articles(&self) -> impl Iterator<Item = (u32, ArticleId)> + '_ {
        (0u32..).zip(&self.records).filter_map(|(number, record)| match record {
            RecordOutcome::Article(id) => Some((number, *id)),
            RecordOutcome::Skipped { .. } | RecordOutcome::Failed { .. } => None,
        })
    }
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Outcome {
    /// It was read to its end.
    Indexed,
    /// It holds no article.
    Skipped {
        /// Why.
        reason: String,
    },
    /// It could not be read.
    Failed {
        /// Why, and where in the file.
        reason: String,
    },
    /// The run was stopped while it was read; the next one reads it again.
    Interrupted,
}

/// What became of one record of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RecordOutcome {
    /// It is an article.
    Article(ArticleId),
    /// It is none.
    Skipped {
        /// Why.
        skipped: String,
    },
    /// It could not be read.
    Failed {
        /// Why, and where in the file.
        failed: String,
    },
}

/// The ledger cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The log.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line of it is no entry.
    #[error("{path}:{line}: {reason}")]
    Damaged {
        /// The log.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Entry(Box<FileEntry>),
    Gone { gone: String },
}

/// Reads the valid part of a log: its entries by file name. An empty name is an empty ledger.
///
/// # Errors
/// Where the log cannot be read, or is shorter than it should be, or a line is damaged.
pub fn read(dir: &Path, log: &str, bytes: u64) -> Result<BTreeMap<String, FileEntry>, LedgerError> {
    read_log(dir, log, bytes).map(|(entries, _)| entries)
}

/// The entries, and how many lines it took to tell them.
fn read_log(dir: &Path, log: &str, bytes: u64) -> Result<(BTreeMap<String, FileEntry>, usize), LedgerError> {
    let (mut entries, mut lines) = (BTreeMap::new(), 0);
    if log.is_empty() {
        return Ok((entries, lines));
    }
    let path = dir.join(log);
    let io = |source| LedgerError::Io { path: path.clone(), source };
    let file = File::open(&path).map_err(io)?;
    let found = file.metadata().map_err(io)?.len();
    if found < bytes {
        let reason = format!("the ledger has {found} bytes where {bytes} are expected");
        return Err(LedgerError::Damaged { path, line: 1, reason });
    }
    for (number, line) in (1..).zip(BufReader::new(file.take(bytes)).lines()) {
        let damaged = |reason: String| LedgerError::Damaged { path: path.clone(), line: number, reason };
        match serde_json::from_str(&line.map_err(io)?).map_err(|error| damaged(error.to_string()))? {
            Line::Entry(entry) => drop(entries.insert(entry.path.clone(), *entry)),
            Line::Gone { gone } => drop(entries.remove(&gone)),
        }
        lines = number;
    }
    Ok((entries, lines))
}

/// The ledger, open for writing.
#[derive(Debug)]
pub struct Ledger {
    dir: PathBuf,
    log: String,
    bytes: u64,
    entries: BTreeMap<String, FileEntry>,
    /// Lines of the log, dead ones included.
    lines: usize,
    changed: Vec<u8>,
}

/// Dead lines that a log may have before it is written anew, beside as many as it has live ones.
const MAX_DEAD: usize = 1_000;

impl Ledger {
    /// Opens the ledger as a commit left it.
    ///
    /// # Errors
    /// As [`read`].
    pub fn open(dir: &Path, log: &str, bytes: u64) -> Result<Self, LedgerError> {
        let (entries, lines) = read_log(dir, log, bytes)?;
        Ok(Self { dir: dir.to_owned(), log: log.to_owned(), bytes, entries, lines, changed: Vec::new() })
    }

    /// The entries, by file name.
    pub fn entries(&self) -> &BTreeMap<String, FileEntry> {
        &self.entries
    }

    /// Notes what became of a file.
    pub fn put(&mut self, entry: FileEntry) {
        let line = Line::Entry(Box::new(entry));
        self.note(&line);
        if let Line::Entry(entry) = line {
            self.entries.insert(entry.path.clone(), *entry);
        }
    }

    /// Forgets a file.
    pub fn remove(&mut self, name: &str) {
        if self.entries.remove(name).is_some() {
            self.note(&Line::Gone { gone: name.to_owned() });
        }
    }

    fn note(&mut self, line: &Line) {
        // Plain data always has a JSON form, and writing to memory cannot fail.
        self.changed.extend(serde_json::to_vec(line).unwrap_or_default());
        self.changed.push(b'\n');
        self.lines += 1;
    }

    /// Writes what was noted to disk; gives the log's name and how many bytes of it are valid, for the commit to carry.
    /// `generation` names a new log where the old one holds too many dead lines.
    ///
    /// # Errors
    /// Where the file system refuses; then the log is valid as far as it was before.
    pub fn flush(&mut self, generation: u64) -> Result<(String, u64), LedgerError> {
        if self.log.is_empty() || self.lines > 2 * self.entries.len() + MAX_DEAD {
            self.rewrite(generation)?;
        } else if !self.changed.is_empty() {
            self.append()?;
        }
        Ok((self.log.clone(), self.bytes))
    }

    fn append(&mut self) -> Result<(), LedgerError> {
        let path = self.dir.join(&self.log);
        let write = || {
            let mut file = OpenOptions::new().write(true).open(&path)?;
            file.set_len(self.bytes)?;
            file.seek(SeekFrom::End(0))?;
            file.write_all(&self.changed)?;
            file.sync_all()
        };
        write().map_err(|source| LedgerError::Io { path: path.clone(), source })?;
        self.bytes += self.changed.len() as u64;
        self.changed.clear();
        Ok(())
    }

    fn rewrite(&mut self, generation: u64) -> Result<(), LedgerError> {
        let log = format!("ledger-{generation}.jsonl");
        let path = self.dir.join(&log);
        let mut bytes = Vec::new();
        for entry in self.entries.values() {
            bytes.extend(serde_json::to_vec(entry).unwrap_or_default());
            bytes.push(b'\n');
        }
        let write = || {
            let mut file = File::create(&path)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            File::open(&self.dir)?.sync_all()
        };
        write().map_err(|source| LedgerError::Io { path: path.clone(), source })?;
        self.log = log;
        self.bytes = bytes.len() as u64;
        self.lines = self.entries.len();
        self.changed.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{FileEntry, Ledger, MAX_DEAD, Outcome, RecordOutcome, read};
    use crate::article::ArticleId;

    fn entry(path: &str, id: u64) -> FileEntry {
        FileEntry {
            path: path.to_owned(),
            size: 3,
            modified: 1,
            read_at: 2,
            hash: "ab".to_owned(),
            format: Some("text".to_owned()),
            outcome: Outcome::Indexed,
            records: vec![
                RecordOutcome::Failed { failed: "line 1: no".to_owned() },
                RecordOutcome::Article(ArticleId(id)),
                RecordOutcome::Skipped { skipped: "no text".to_owned() },
            ],
        }
    }

    #[test]
    fn what_was_flushed_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(dir.path(), "", 0).unwrap();
        ledger.put(entry("a", 1));
        ledger.put(entry("b", 2));
        let (log, first) = ledger.flush(1).unwrap();
        ledger.put(entry("a", 3));
        ledger.remove("b");
        let (same, second) = ledger.flush(2).unwrap();
        assert_eq!(log, same);
        let before = read(dir.path(), &log, first).unwrap();
        assert_eq!(before.values().cloned().collect::<Vec<_>>(), [entry("a", 1), entry("b", 2)]);
        let after = read(dir.path(), &log, second).unwrap();
        assert_eq!(after.values().cloned().collect::<Vec<_>>(), [entry("a", 3)]);
        assert_eq!(after["a"].articles().collect::<Vec<_>>(), [(1, ArticleId(3))]);
    }

    #[test]
    fn what_lies_beyond_the_mark_is_cut_off() {
        let dir = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(dir.path(), "", 0).unwrap();
        ledger.put(entry("a", 1));
        let (log, bytes) = ledger.flush(1).unwrap();
        ledger.put(entry("lost", 2));
        ledger.flush(2).unwrap();
        let mut again = Ledger::open(dir.path(), &log, bytes).unwrap();
        again.put(entry("c", 3));
        let (log, bytes) = again.flush(2).unwrap();
        assert_eq!(read(dir.path(), &log, bytes).unwrap().into_keys().collect::<Vec<_>>(), ["a", "c"]);
        assert!(read(dir.path(), &log, bytes + 1).is_err());
    }

    #[test]
    fn a_log_of_dead_lines_is_written_anew() {
        let dir = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(dir.path(), "", 0).unwrap();
        ledger.put(entry("a", 1));
        let (first, _) = ledger.flush(1).unwrap();
        for id in 0..=MAX_DEAD as u64 + 1 {
            ledger.put(entry("a", id));
        }
        let (second, bytes) = ledger.flush(7).unwrap();
        assert_ne!(first, second);
        assert!(bytes < 1_000);
        assert_eq!(read(dir.path(), &second, bytes).unwrap().len(), 1);
    }

    #[test]
    fn dead_lines_of_earlier_runs_count() {
        let dir = tempfile::tempdir().unwrap();
        let (mut log, mut bytes) = (String::new(), 0);
        for generation in 1..=4 {
            let mut ledger = Ledger::open(dir.path(), &log, bytes).unwrap();
            for id in 0..MAX_DEAD as u64 / 2 {
                ledger.put(entry("a", id));
            }
            (log, bytes) = ledger.flush(generation).unwrap();
        }
        assert_eq!(log, "ledger-4.jsonl");
        assert!(bytes < 1_000, "{bytes}");
    }
}
