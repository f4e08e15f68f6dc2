//! An *open file* is one that is being read: what it held when it was read last, and what it has given so far.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::ArticleId;
use crate::article::Location;
use crate::corpus::SourceFile;
use crate::ingest::pipeline::FileEnd;
use crate::ledger::RecordOutcome;

/// A file that is being read.
pub(crate) struct Open {
    pub(crate) file: SourceFile,
    /// What it gave when it was read last.
    pub(crate) before: Vec<(u32, ArticleId)>,
    pub(crate) made: BTreeMap<u32, ArticleId>,
    /// How many of those no other place held.
    pub(crate) first: u64,
    /// How many stand where they stood, but read otherwise: another author, address or tag.
    pub(crate) replaced: u64,
    /// Articles told to be at a record of this file although an earlier one, not read yet in this run, held them too.
    pub(crate) ahead: FxHashMap<ArticleId, u32>,
    pub(crate) end: Option<FileEnd>,
}

impl Open {
    pub(crate) fn new(file: &SourceFile, before: Vec<(u32, ArticleId)>) -> Self {
        Self {
            file: file.clone(),
            before,
            made: BTreeMap::new(),
            first: 0,
            replaced: 0,
            ahead: FxHashMap::default(),
            end: None,
        }
    }

    /// Whether it was read and nothing of it is on its way any more.
    pub(crate) fn is_whole(&self) -> bool {
        self.end.as_ref().is_some_and(|end| end.articles as usize == self.made.len())
    }

    /// Whether an article is to be told to be at `record` for now: its first place is an earlier record of this file that
    /// did not come again yet, and may not.
    pub(crate) fn runs_ahead(&self, id: ArticleId, record: u32, first: &Location) -> bool {
        first.path == self.file.name
            && self.made.get(&first.record) != Some(&id)
            && self.ahead.get(&id).is_none_or(|told| *told > record)
    }

    /// Every article of the file that the index holds at this moment: those it gave so far, and those of before, at
    /// the records they had where nothing else stands there now.
    pub(crate) fn so_far(&self) -> Vec<RecordOutcome> {
        let ids: FxHashSet<ArticleId> = self.made.values().copied().collect();
        let (mut records, mut without) = (self.made.clone(), Vec::new());
        for (record, id) in self.before.iter().filter(|(_, id)| !ids.contains(id)) {
            if *records.entry(*record).or_insert(*id) != *id {
                without.push(RecordOutcome::Article(*id));
            }
        }
        let last = records.keys().next_back().map_or(0, |record| record + 1);
        let unread = || RecordOutcome::Skipped { skipped: "not read to the end yet".to_owned() };
        let read = (0..last).map(|n| records.get(&n).map_or_else(unread, |id| RecordOutcome::Article(*id)));
        read.chain(without).collect()
    }

    /// How many articles it gave before and gives again, wherever in it they stand.
    pub(crate) fn in_common(&self) -> u64 {
        let mut left: FxHashMap<ArticleId, u64> = FxHashMap::default();
        for (_, id) in &self.before {
            *left.entry(*id).or_default() += 1;
        }
        let again = self.made.values().filter(|id| match left.get_mut(id).filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                true
            }
            None => false,
        });
        again.count() as u64
    }
}
