//! A *plan* says what a run has to do: which files to read, which to leave, which are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::corpus::Entry;
use crate::corpus::Root;
use crate::corpus::Selection;
use crate::corpus::SourceFile;
use crate::ingest::report::IngestReport;
use crate::ingest::roots::Roots;
use crate::ledger::FileEntry;
use crate::ledger::Outcome;

/// A file changed this shortly before it was read, in nanoseconds, may have changed again without its time showing it.
const RACY: i64 = 2_000_000_000;

/// What a run would be given, to tell whether it is something else than the run before it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Files to read and files that are gone, by name, with size and time.
    work: Vec<(String, u64, i64)>,
    /// What is no candidate or cannot be looked at.
    others: Vec<String>,
}

impl Pending {
    /// Whether a run is due after one that was given `before`. What that one could not settle, as a file that may not
    /// be read, is no reason for another.
    pub fn is_news_after(&self, before: &Self) -> bool {
        (!self.work.is_empty() && self.work != before.work) || self.others != before.others
    }
}

/// What a run has to do.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Files to read, in the order of names.
    pub(crate) read: Vec<Planned>,
    /// Files that did not change.
    pub(crate) unchanged: Vec<SourceFile>,
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
    /// What a run over these roots has to do.
    pub(crate) fn of(
        roots: &Roots,
        selection: &Selection,
        ledger: &BTreeMap<String, FileEntry>,
        keep_missing: bool,
    ) -> Self {
        let mut plan = Self::make(&roots.found, selection, ledger, keep_missing);
        if !keep_missing {
            let ours = ledger.keys().filter(|name| roots.gone.iter().any(|root| root.holds(name)));
            let gone: BTreeSet<_> = plan.gone.iter().chain(ours).cloned().collect();
            plan.gone = gone.into_iter().collect();
        }
        plan.unreadable.extend(roots.missing.iter().cloned());
        plan
    }

    /// Walks the roots and compares with the ledger.
    pub(crate) fn make(
        roots: &[Root],
        selection: &Selection,
        ledger: &BTreeMap<String, FileEntry>,
        keep_missing: bool,
    ) -> Self {
        let mut plan = Self::default();
        let (mut seen, mut left_alone) = (BTreeSet::new(), BTreeSet::new());
        let mut unseen_folders = Vec::new();
        for root in roots {
            root.walk(selection, &mut |entry| match entry {
                Entry::File(file) => {
                    if seen.insert(file.name.clone()) {
                        plan.file(file, ledger);
                    }
                }
                Entry::LeftAlone { name } => drop(left_alone.insert(name)),
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
            let is_there = |name: &String| seen.contains(name) || left_alone.contains(name) || hidden(name);
            plan.gone = ours.filter(|name| !is_there(name)).cloned().collect();
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
            self.unchanged.push(file);
        } else {
            let known_hash = whole.then(|| entry.hash.clone());
            self.read.push(Planned { file, known_hash });
        }
    }

    /// A plan to read those of its files that have these names, whatever their hash.
    pub(crate) fn again(&self, names: &BTreeSet<String>) -> Self {
        let files = self.unchanged.iter().chain(self.read.iter().map(|planned| &planned.file));
        let files = files.filter(|file| names.contains(&file.name));
        let mut read: Vec<_> = files.map(|file| Planned { file: file.clone(), known_hash: None }).collect();
        read.sort_unstable_by(|a, b| a.file.name.cmp(&b.file.name));
        Self { read, ..Self::default() }
    }

    /// The plan in short.
    pub(crate) fn pending(self) -> Pending {
        let read = self.read.into_iter().map(|Planned { file, .. }| (file.name, file.size, file.modified));
        let work = read.chain(self.gone.into_iter().map(|name| (name, 0, 0))).collect();
        let skipped = self.skipped.into_iter().map(|(name, _)| name);
        Pending { work, others: skipped.chain(self.unreadable.into_iter().map(|(name, _)| name)).collect() }
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
