//! A *plan* says what a run has to do: which files to read, which to leave, which are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::corpus::Entry;
use crate::corpus::Root;
use crate::corpus::Selection;
use crate::corpus::SourceFile;
use crate::ingest::report::IngestReport;
use crate::ledger::FileEntry;
use crate::ledger::Outcome;

/// A file changed this shortly before it was read, in nanoseconds, may have changed again without its time showing it.
const RACY: i64 = 2_000_000_000;

/// What a run has to do.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Files to read, in the order of names.
    pub(crate) read: Vec<Planned>,
    /// Files that did not change.
    pub(crate) unchanged: Vec<String>,
    /// Files that are no candidates, and why.
    pub(crate) skipped: Vec<(String, &'static str)>,
    /// Files and folders that cannot be looked at, and why.
    pub(crate) unreadable: Vec<(String, String)>,
    /// Files of the ledger that are not there any more.
    pub(crate) gone: Vec<String>,
}

/// A file to read.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) file: SourceFile,
    /// The hash it had when it was read last, where that was to its end; it is read again only if that differs.
    pub(crate) known_hash: Option<String>,
}

impl Plan {
    /// Walks the roots and compares with the ledger.
    pub(crate) fn make(
        roots: &[Root],
        selection: &Selection,
        ledger: &BTreeMap<String, FileEntry>,
        keep_missing: bool,
    ) -> Self {
        let mut plan = Self::default();
        let mut seen = BTreeSet::new();
        let mut unseen_folders = Vec::new();
        for root in roots {
            root.walk(selection, &mut |entry| match entry {
                Entry::File(file) => {
                    if seen.insert(file.name.clone()) {
                        plan.file(file, ledger);
                    }
                }
                Entry::Skipped { name, reason } => {
                    if seen.insert(name.clone()) {
                        plan.skipped.push((name, reason));
                    }
                }
                Entry::Unreadable { name, reason } => {
                    unseen_folders.push(format!("{name}/"));
                    if seen.insert(name.clone()) {
                        plan.unreadable.push((name, reason));
                    }
                }
            });
        }
        if !keep_missing {
            // What lies in a folder that could not be listed is not gone.
            let hidden = |name: &str| unseen_folders.iter().any(|folder| name.starts_with(folder));
            let ours = ledger.keys().filter(|name| roots.iter().any(|root| root.holds(name)));
            plan.gone = ours.filter(|name| !seen.contains(*name) && !hidden(name)).cloned().collect();
        }
        plan.read.sort_unstable_by(|a, b| a.file.name.cmp(&b.file.name));
        plan
    }

    fn file(&mut self, file: SourceFile, ledger: &BTreeMap<String, FileEntry>) {
        let Some(entry) = ledger.get(&file.name) else {
            self.read.push(Planned { file, known_hash: None });
            return;
        };
        let whole = !entry.hash.is_empty() && entry.outcome != Outcome::Interrupted;
        let same = entry.size == file.size && entry.modified == file.modified;
        // What was refused by its beginning has no hash.
        let refused = entry.hash.is_empty() && matches!(entry.outcome, Outcome::Skipped { .. });
        if (whole || refused) && same && file.modified < entry.read_at - RACY {
            self.unchanged.push(file.name);
        } else {
            let known_hash = whole.then(|| entry.hash.clone());
            self.read.push(Planned { file, known_hash });
        }
    }

    /// What would be done: files to read count as added.
    pub(crate) fn dry_report(&self, started: Instant) -> IngestReport {
        IngestReport {
            added: self.read.len() as u64,
            unchanged: self.unchanged.len() as u64,
            removed: self.gone.len() as u64,
            skipped: self.skipped.len() as u64,
            failed: self.unreadable.len() as u64,
            bytes: self.read.iter().map(|planned| planned.file.size).sum(),
            seconds: started.elapsed().as_secs_f64(),
            ..IngestReport::default()
        }
    }
}
