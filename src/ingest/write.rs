//! *Writing* puts articles into the index and keeps the books: which files hold which articles, and where an article
//! that stands in several places is told to be (the first by name).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use crate::article::ArticleId;
use crate::article::Location;
use crate::corpus::Root;
use crate::corpus::SourceFile;
use crate::index::ArticleIndex;
use crate::index::FileCounts;
use crate::index::IndexWrite;
use crate::index::Mark;
use crate::ingest::IngestError;
use crate::ingest::Problem;
use crate::ingest::last_run;
use crate::ingest::now_ns;
use crate::ingest::open::Open;
use crate::ingest::pipeline::{FileEnd, Made};
use crate::ingest::places::{Added, Places, Removed};
use crate::ingest::plan::Plan;
use crate::ingest::report::IngestReport;
use crate::ingest::roots::Roots;
use crate::ingest::source::Ended;
use crate::ledger::FileEntry;
use crate::ledger::Ledger;
use crate::ledger::Outcome;
use crate::ledger::RecordOutcome;
use crate::schema::document::StoredArticle;

/// Time between commits of a long run: what a crash may cost.
const COMMIT_EVERY: Duration = Duration::from_secs(60);

/// The books of a run.
pub(crate) struct Writing<'a> {
    ledger: Ledger,
    places: Places,
    /// The index as it was before the run, to read what must be written again.
    before: ArticleIndex,
    /// Whether it held any article.
    may_hold: bool,
    /// Files whose end or articles are still on their way.
    open: BTreeMap<String, Open>,
    /// Files that are now the first to hold an article another held before.
    again: BTreeSet<String>,
    report: IngestReport,
    /// The report before the second pass.
    counted: Option<IngestReport>,
    roots: Vec<String>,
    fingerprint: String,
    committed: Instant,
    problem: Problem<'a>,
}

fn count_unchanged(report: &mut IngestReport, entry: &FileEntry) {
    match entry.outcome {
        Outcome::Skipped { .. } => report.skipped += 1,
        Outcome::Failed { .. } => report.failed += 1,
        Outcome::Indexed | Outcome::Interrupted => {}
    }
    for record in &entry.records {
        match record {
            RecordOutcome::Article(_) => report.unchanged += 1,
            RecordOutcome::Skipped { .. } => report.skipped += 1,
            RecordOutcome::Failed { .. } => report.failed += 1,
        }
    }
}

fn replace(index: &IndexWrite, id: ArticleId, stored: &StoredArticle) -> Result<(), IngestError> {
    index.delete(id);
    Ok(index.add(id, stored)?)
}

impl<'a> Writing<'a> {
    /// Opens the books.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub(crate) fn new(dir: &Path, ledger: Ledger, problem: Problem<'a>) -> Result<Self, IngestError> {
        let before = ArticleIndex::open(dir)?;
        let mut places = Places::default();
        for entry in ledger.entries().values() {
            for (record, id) in entry.articles() {
                places.add(id, &entry.path, record);
            }
        }
        Ok(Self {
            ledger,
            places,
            roots: before.mark().roots,
            may_hold: before.documents() > 0,
            fingerprint: before.mark().fingerprint,
            before,
            open: BTreeMap::new(),
            again: BTreeSet::new(),
            report: IngestReport::default(),
            counted: None,
            committed: Instant::now(),
            problem,
        })
    }

    /// Notes the roots, for runs that name none, and forgets those that are gone.
    pub(crate) fn roots(&mut self, roots: &Roots) {
        self.roots.retain(|name| !roots.gone.iter().any(|root| root.holds(name)));
        for name in roots.found.iter().map(Root::name) {
            if !self.roots.contains(&name) {
                self.roots.push(name);
            }
        }
    }

    /// Notes what the articles are made with from now on.
    pub(crate) fn made_with(&mut self, fingerprint: &str) {
        fingerprint.clone_into(&mut self.fingerprint);
    }

    /// Does what a plan says beside reading: drops what is gone, notes what is no candidate, which a link or a pipe may
    /// be that stands where a file with articles was.
    ///
    /// # Errors
    /// Where the index cannot be written.
    pub(crate) fn apply_plan(&mut self, index: &IndexWrite, plan: &Plan) -> Result<(), IngestError> {
        let not_here = plan.gone.iter().chain(plan.skipped.iter().map(|(name, _)| name));
        let articles = not_here.flat_map(|name| self.articles_of(name).into_iter().map(move |a| (name, a)));
        let articles: Vec<_> = articles.map(|(name, (record, id))| (name.as_str(), record, id)).collect();
        self.report.removed += self.remove(index, articles, &FxHashMap::default())?;
        for name in &plan.gone {
            self.ledger.remove(name);
        }
        for file in &plan.unchanged {
            if let Some(entry) = self.ledger.entries().get(&file.name) {
                count_unchanged(&mut self.report, entry);
            }
        }
        for (name, reason) in &plan.skipped {
            self.report.skipped += 1;
            self.note(name, Outcome::Skipped { reason: (*reason).to_owned() }, Vec::new());
        }
        for (name, reason) in &plan.unreadable {
            self.report.failed += 1;
            (self.problem)(name, reason);
            // That it cannot be looked at now says nothing of what it holds: its articles stay.
            let records = self.ledger.entries().get(name).map(|entry| entry.records.clone());
            self.report.unchanged += self.articles_of(name).len() as u64;
            self.note(name, Outcome::Failed { reason: reason.clone() }, records.unwrap_or_default());
        }
        Ok(())
    }

    /// Notes a file that was not read, unless the ledger says so already.
    fn note(&mut self, name: &str, outcome: Outcome, records: Vec<RecordOutcome>) {
        if self.ledger.entries().get(name).is_some_and(|entry| entry.outcome == outcome) {
            return;
        }
        self.ledger.put(FileEntry {
            path: name.to_owned(),
            size: 0,
            modified: 0,
            read_at: now_ns(),
            hash: String::new(),
            format: None,
            outcome,
            records,
        });
    }

    fn articles_of(&self, name: &str) -> Vec<(u32, ArticleId)> {
        self.ledger.entries().get(name).map(|entry| entry.articles().collect()).unwrap_or_default()
    }

    fn open(&mut self, file: &SourceFile) -> &mut Open {
        let ledger = &self.ledger;
        self.open.entry(file.name.clone()).or_insert_with(|| {
            let before = ledger.entries().get(&file.name).map(|entry| entry.articles().collect());
            Open::new(file, before.unwrap_or_default())
        })
    }

    /// Takes in articles of a file.
    ///
    /// # Errors
    /// Where the index cannot be written.
    pub(crate) fn articles(
        &mut self,
        index: &IndexWrite,
        file: &SourceFile,
        made: Vec<Made>,
    ) -> Result<(), IngestError> {
        for Made { record, id, article, tags } in made {
            self.open(file).made.insert(record, id);
            let location = Location { path: file.name.clone(), record };
            self.article(index, file, id, &StoredArticle { article, tags, location })?;
        }
        Ok(())
    }

    /// Takes in one article. What the index tells of it beside its text is what its first place says.
    fn article(
        &mut self,
        index: &IndexWrite,
        file: &SourceFile,
        id: ArticleId,
        stored: &StoredArticle,
    ) -> Result<(), IngestError> {
        let record = stored.location.record;
        match self.places.add(id, &file.name, record) {
            Added::First => {
                self.open(file).first += 1;
                if self.may_hold {
                    // Whatever the ledger lost, one id is one document.
                    index.delete(id);
                }
                Ok(index.add(id, stored)?)
            }
            Added::Before => replace(index, id, stored),
            Added::Known | Added::After => match self.places.first(id) {
                Some(first) if first == stored.location => self.known(index, file, id, stored),
                Some(first) if self.open(file).runs_ahead(id, record, &first) => {
                    self.open(file).ahead.insert(id, record);
                    replace(index, id, stored)
                }
                _ => Ok(()),
            },
        }
    }

    /// Takes in an article that stands where it stood: its author, say, may be another now.
    fn known(
        &mut self,
        index: &IndexWrite,
        file: &SourceFile,
        id: ArticleId,
        stored: &StoredArticle,
    ) -> Result<(), IngestError> {
        let is_other = self.before.article(id)?.as_ref() != Some(stored);
        let open = self.open(file);
        open.replaced += u64::from(is_other);
        if open.ahead.remove(&id).is_some() || is_other {
            replace(index, id, stored)?;
        }
        Ok(())
    }

    /// Notes that a file was read.
    pub(crate) fn ended(&mut self, file: &SourceFile, end: FileEnd) {
        self.open(file).end = Some(end);
    }

    /// Closes the books of files of which nothing is on its way any more; commits from time to time.
    ///
    /// # Errors
    /// Where the index or the ledger cannot be written.
    pub(crate) fn settle(&mut self, index: &mut IndexWrite) -> Result<(), IngestError> {
        let whole: Vec<String> =
            self.open.iter().filter(|(_, open)| open.is_whole()).map(|(name, _)| name.clone()).collect();
        for name in whole {
            if let Some(open) = self.open.remove(&name) {
                self.close(index, open)?;
            }
        }
        if self.committed.elapsed() > COMMIT_EVERY {
            self.commit(index, None)?;
        }
        Ok(())
    }

    fn close(&mut self, index: &IndexWrite, mut open: Open) -> Result<(), IngestError> {
        let Some(end) = open.end.take() else { return Ok(()) };
        match &end.ended {
            Ended::Stopped => {
                self.report.added += open.first;
                self.note_end(&open.file, end.ended, open.so_far());
            }
            Ended::Same => self.touch(&open.file),
            Ended::Unreadable { .. } => {
                // It cannot be read now, or not to its end, which says nothing of what else it holds: that stays.
                self.report.unchanged += open.before.len() as u64;
                self.report.added += open.first;
                self.note_end(&open.file, end.ended, open.so_far());
            }
            Ended::Whole { .. } | Ended::Without { .. } => self.close_whole(index, open, end)?,
        }
        Ok(())
    }

    /// Closes the books of a file that was read to its end: what it gave before and does not give again is dropped.
    fn close_whole(&mut self, index: &IndexWrite, open: Open, end: FileEnd) -> Result<(), IngestError> {
        let unchanged = open.in_common();
        let Open { file, before, made, first, replaced, ahead, .. } = open;
        self.report.bytes += file.size;
        let dropped = before.into_iter().filter(|(record, id)| made.get(record) != Some(id));
        let dropped = dropped.map(|(record, id)| (file.name.as_str(), record, id)).collect();
        let last = self.remove(index, dropped, &ahead)?;
        self.report.unchanged += unchanged.saturating_sub(replaced);
        self.report.duplicates += (made.len() as u64).saturating_sub(first + unchanged);
        self.report.updated += first.min(last) + replaced;
        self.report.added += first - first.min(last);
        self.report.removed += last - first.min(last);
        let mut records: BTreeMap<u32, RecordOutcome> =
            made.into_iter().map(|(record, id)| (record, RecordOutcome::Article(id))).collect();
        for (_, outcome) in &end.others {
            match outcome {
                RecordOutcome::Failed { failed } => {
                    self.report.failed += 1;
                    (self.problem)(&file.name, failed);
                }
                _ => self.report.skipped += 1,
            }
        }
        records.extend(end.others);
        self.note_end(&file, end.ended, records.into_values().collect());
        Ok(())
    }

    fn note_end(&mut self, file: &SourceFile, ended: Ended, records: Vec<RecordOutcome>) {
        let is_stale = self.again.contains(&file.name);
        let (hash, format, outcome) = match ended {
            Ended::Whole { format, .. } if is_stale => {
                (String::new(), Some(format.to_owned()), Outcome::Indexed)
            }
            Ended::Whole { format, hash } => (hash, Some(format.to_owned()), Outcome::Indexed),
            Ended::Without { reason, failed: false, hash } => {
                self.report.skipped += 1;
                (hash, None, Outcome::Skipped { reason })
            }
            Ended::Without { reason, failed: true, hash } => {
                self.report.failed += 1;
                (self.problem)(&file.name, &reason);
                (hash, None, Outcome::Failed { reason })
            }
            Ended::Unreadable { reason } => {
                self.report.failed += 1;
                (self.problem)(&file.name, &reason);
                (String::new(), None, Outcome::Failed { reason })
            }
            Ended::Same | Ended::Stopped => (String::new(), None, Outcome::Interrupted),
        };
        self.ledger.put(FileEntry {
            path: file.name.clone(),
            size: file.size,
            modified: file.modified,
            read_at: now_ns(),
            hash,
            format,
            outcome,
            records,
        });
    }

    /// Notes the new time of a file whose bytes are the old ones.
    fn touch(&mut self, file: &SourceFile) {
        if let Some(entry) = self.ledger.entries().get(&file.name).cloned() {
            count_unchanged(&mut self.report, &entry);
            self.ledger.put(FileEntry { modified: file.modified, read_at: now_ns(), ..entry });
        }
    }

    /// Takes articles from places; gives how many had no other. `ahead` are told to be at these records already.
    fn remove(
        &mut self,
        index: &IndexWrite,
        articles: Vec<(&str, u32, ArticleId)>,
        ahead: &FxHashMap<ArticleId, u32>,
    ) -> Result<u64, IngestError> {
        let (mut last, mut moved) = (0, BTreeSet::new());
        for (name, record, id) in articles {
            match self.places.remove(id, name, record) {
                Removed::Other => {}
                Removed::First => drop(moved.insert(id)),
                Removed::Last => {
                    index.delete(id);
                    last += 1;
                }
            }
        }
        // Once for each article, however many of its places went.
        for id in moved {
            match self.places.first(id) {
                Some(first) if ahead.get(&id) != Some(&first.record) => {
                    self.tell_elsewhere(index, id, first)?;
                }
                _ => {}
            }
        }
        Ok(last)
    }

    /// The text is the same wherever it stands: it is taken from the index and told to be at the first place left. What
    /// else that place says of it is known when its file is read again.
    fn tell_elsewhere(
        &mut self,
        index: &IndexWrite,
        id: ArticleId,
        location: Location,
    ) -> Result<(), IngestError> {
        let stale = self.ledger.entries().get(&location.path).filter(|entry| !entry.hash.is_empty());
        if let Some(entry) = stale.cloned() {
            self.ledger.put(FileEntry { hash: String::new(), ..entry });
        }
        self.again.insert(location.path.clone());
        match self.before.article(id)? {
            Some(stored) => replace(index, id, &StoredArticle { location, ..stored }),
            None => Ok(()),
        }
    }

    /// What is to be read again, whatever its hash: files that are now the first to hold an article, so that it is told
    /// of as they have it. Such a second pass counts for nothing.
    pub(crate) fn again(&mut self, plan: &Plan) -> Plan {
        self.counted = Some(self.report);
        self.problem = &|_, _| {};
        plan.again(&std::mem::take(&mut self.again))
    }

    /// Commits the index and the ledger as of now. Files still being read are noted as interrupted, with what they gave
    /// so far, so that a run after a crash knows which articles are there.
    fn commit(&mut self, index: &mut IndexWrite, report: Option<&IngestReport>) -> Result<(), IngestError> {
        let open: Vec<_> = self.open.values().map(|open| (open.file.clone(), open.so_far())).collect();
        for (file, records) in open {
            self.note_end(&file, Ended::Stopped, records);
        }
        let generation = index.mark().generation + 1;
        let (ledger, ledger_bytes) = self.ledger.flush(generation)?;
        let last = index.mark().last_run.clone();
        let mark = Mark {
            generation,
            ledger,
            ledger_bytes,
            duplicates: None,
            files: self.file_counts(),
            roots: self.roots.clone(),
            last_run: report.map(last_run).or(last),
            fingerprint: self.fingerprint.clone(),
        };
        index.commit(mark, &self.places.duplicates())?;
        self.committed = Instant::now();
        Ok(())
    }

    fn file_counts(&self) -> FileCounts {
        let mut counts = FileCounts::default();
        for entry in self.ledger.entries().values() {
            match entry.outcome {
                Outcome::Indexed | Outcome::Interrupted => counts.indexed += 1,
                Outcome::Skipped { .. } => counts.skipped += 1,
                Outcome::Failed { .. } => counts.failed += 1,
            }
            for record in &entry.records {
                match record {
                    RecordOutcome::Article(_) => counts.articles += 1,
                    RecordOutcome::Skipped { .. } => counts.records_skipped += 1,
                    RecordOutcome::Failed { .. } => counts.records_failed += 1,
                }
            }
        }
        counts
    }

    /// Commits for the last time; the report of the run.
    ///
    /// # Errors
    /// Where the index or the ledger cannot be written.
    pub(crate) fn finish(
        mut self,
        index: &mut IndexWrite,
        started: Instant,
        interrupted: bool,
    ) -> Result<IngestReport, IngestError> {
        let report = IngestReport {
            documents: self.places.articles(),
            seconds: started.elapsed().as_secs_f64(),
            interrupted,
            ..self.counted.unwrap_or(self.report)
        };
        self.commit(index, Some(&report))?;
        Ok(IngestReport { seconds: started.elapsed().as_secs_f64(), ..report })
    }
}

#[cfg(test)]
mod tests;
