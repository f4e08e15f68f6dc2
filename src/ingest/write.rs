//! *Writing* puts articles into the index and keeps the books: which files hold which articles, and where an article
//! that stands in several places is told to be (the first by name).

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::ArticleId;
use crate::article::Location;
use crate::corpus::SourceFile;
use crate::index::ArticleIndex;
use crate::index::FileCounts;
use crate::index::IndexWrite;
use crate::index::Mark;
use crate::ingest::IngestError;
use crate::ingest::Problem;
use crate::ingest::last_run;
use crate::ingest::now_ns;
use crate::ingest::pipeline::{FileEnd, Made};
use crate::ingest::plan::Plan;
use crate::ingest::report::IngestReport;
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
    /// Files whose end or articles are still on their way.
    open: BTreeMap<String, Open>,
    report: IngestReport,
    roots: Vec<String>,
    fingerprint: String,
    committed: Instant,
    problem: Problem<'a>,
}

/// A file that is being read.
struct Open {
    file: SourceFile,
    /// What it gave when it was read last.
    before: Vec<(u32, ArticleId)>,
    made: BTreeMap<u32, ArticleId>,
    /// How many of those no other place held.
    first: u64,
    end: Option<FileEnd>,
}

impl Open {
    /// Every article of the file that the index holds at this moment: those it gave so far, then those of before.
    fn so_far(&self) -> Vec<RecordOutcome> {
        let last = self.made.keys().next_back().map_or(0, |record| record + 1);
        let unread = || RecordOutcome::Skipped { skipped: "not read to the end yet".to_owned() };
        let made = (0..last).map(|n| self.made.get(&n).map_or_else(unread, |id| RecordOutcome::Article(*id)));
        let ids: FxHashSet<ArticleId> = self.made.values().copied().collect();
        let old = self.before.iter().filter(|(_, id)| !ids.contains(id));
        made.chain(old.map(|(_, id)| RecordOutcome::Article(*id))).collect()
    }
}

/// Where every article stands.
#[derive(Default)]
struct Places {
    names: Vec<String>,
    numbers: FxHashMap<String, u32>,
    of: FxHashMap<ArticleId, Vec<(u32, u32)>>,
}

impl Places {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    fn location(&self, (name, record): (u32, u32)) -> Location {
        Location { path: self.names[name as usize].clone(), record }
    }

    /// The places of an article, first one first.
    fn sorted(&self, id: ArticleId) -> Vec<Location> {
        let places = self.of.get(&id).map(Vec::as_slice).unwrap_or_default();
        let mut places: Vec<Location> = places.iter().map(|place| self.location(*place)).collect();
        places.sort_unstable();
        places
    }

    fn add(&mut self, id: ArticleId, name: &str, record: u32) -> Added {
        let place = (self.number(name), record);
        let first = self.sorted(id).into_iter().next();
        let places = self.of.entry(id).or_default();
        if places.contains(&place) {
            return Added::Known;
        }
        places.push(place);
        match first {
            None => Added::First,
            Some(first) if self.location(place) < first => Added::Before,
            Some(_) => Added::After,
        }
    }

    fn remove(&mut self, id: ArticleId, name: &str, record: u32) -> Removed {
        let place = (self.number(name), record);
        let was_first = self.sorted(id).first() == Some(&self.location(place));
        let Some(places) = self.of.get_mut(&id) else { return Removed::Other };
        places.retain(|other| *other != place);
        if places.is_empty() {
            self.of.remove(&id);
            return Removed::Last;
        }
        if was_first { Removed::First } else { Removed::Other }
    }

    /// Articles that stand in several places.
    fn duplicates(&self) -> BTreeMap<ArticleId, Vec<Location>> {
        let several = self.of.iter().filter(|(_, places)| places.len() > 1);
        several.map(|(id, _)| (*id, self.sorted(*id))).collect()
    }
}

/// How many articles a file gave before and gives again, wherever in it they stand.
fn in_common(before: &[(u32, ArticleId)], made: &BTreeMap<u32, ArticleId>) -> u64 {
    let mut left: FxHashMap<ArticleId, u64> = FxHashMap::default();
    for (_, id) in before {
        *left.entry(*id).or_default() += 1;
    }
    let again = made.values().filter(|id| match left.get_mut(id).filter(|count| **count > 0) {
        Some(count) => {
            *count -= 1;
            true
        }
        None => false,
    });
    again.count() as u64
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

/// What a new place is to an article.
enum Added {
    /// It was there.
    Known,
    /// The only one.
    First,
    /// It comes before all others by name.
    Before,
    /// Others come before it.
    After,
}

/// What a place was to an article.
enum Removed {
    /// The only one.
    Last,
    /// The one the article was told to be at.
    First,
    /// Neither.
    Other,
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
            let number = places.number(&entry.path);
            for (record, id) in entry.articles() {
                places.of.entry(id).or_default().push((number, record));
            }
        }
        Ok(Self {
            ledger,
            places,
            roots: before.mark().roots,
            fingerprint: before.mark().fingerprint,
            before,
            open: BTreeMap::new(),
            report: IngestReport::default(),
            committed: Instant::now(),
            problem,
        })
    }

    /// Notes a root, for runs that name none.
    pub(crate) fn root(&mut self, name: &str) {
        if !self.roots.iter().any(|root| root == name) {
            self.roots.push(name.to_owned());
        }
    }

    /// Notes what the articles are made with from now on.
    pub(crate) fn made_with(&mut self, fingerprint: &str) {
        fingerprint.clone_into(&mut self.fingerprint);
    }

    /// Does what a plan says beside reading: drops what is gone, notes what is no candidate.
    ///
    /// # Errors
    /// Where the index cannot be written.
    pub(crate) fn apply_plan(&mut self, index: &IndexWrite, plan: &Plan) -> Result<(), IngestError> {
        for name in &plan.gone {
            let articles = self.articles_of(name);
            for (record, id) in articles {
                self.report.removed += u64::from(self.remove(index, id, name, record)?);
            }
            self.ledger.remove(name);
        }
        for name in &plan.unchanged {
            if let Some(entry) = self.ledger.entries().get(name) {
                count_unchanged(&mut self.report, entry);
            }
        }
        for (name, reason) in &plan.skipped {
            self.report.skipped += 1;
            self.note(name, Outcome::Skipped { reason: (*reason).to_owned() });
        }
        for (name, reason) in &plan.unreadable {
            self.report.failed += 1;
            (self.problem)(name, reason);
            self.note(name, Outcome::Failed { reason: reason.clone() });
        }
        Ok(())
    }

    /// Notes a file that was not read, unless the ledger says so already.
    fn note(&mut self, name: &str, outcome: Outcome) {
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
            records: Vec::new(),
        });
    }

    fn articles_of(&self, name: &str) -> Vec<(u32, ArticleId)> {
        self.ledger.entries().get(name).map(|entry| entry.articles().collect()).unwrap_or_default()
    }

    fn open(&mut self, file: &SourceFile) -> &mut Open {
        let ledger = &self.ledger;
        self.open.entry(file.name.clone()).or_insert_with(|| {
            let before = ledger.entries().get(&file.name).map(|entry| entry.articles().collect());
            let before = before.unwrap_or_default();
            Open { file: file.clone(), before, made: BTreeMap::new(), first: 0, end: None }
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
            match self.places.add(id, &file.name, record) {
                Added::First => {
                    self.open(file).first += 1;
                    index.add(id, &StoredArticle { article, tags, location })?;
                }
                Added::Before => {
                    index.delete(id);
                    index.add(id, &StoredArticle { article, tags, location })?;
                }
                Added::Known | Added::After => {}
            }
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
        let all_there =
            |open: &Open| open.end.as_ref().is_some_and(|end| end.articles as usize == open.made.len());
        let whole: Vec<String> =
            self.open.iter().filter(|(_, open)| all_there(open)).map(|(name, _)| name.clone()).collect();
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

    fn close(&mut self, index: &IndexWrite, open: Open) -> Result<(), IngestError> {
        if matches!(&open.end, Some(FileEnd { ended: Ended::Stopped, .. })) {
            self.report.added += open.first;
            self.note_end(&open.file, Ended::Stopped, open.so_far());
            return Ok(());
        }
        let Open { file, before, made, first, end } = open;
        let Some(end) = end else { return Ok(()) };
        if matches!(end.ended, Ended::Same) {
            self.touch(&file);
            return Ok(());
        }
        if matches!(&end.ended, Ended::Unreadable { .. }) {
            // Its articles stay.
            self.report.unchanged += before.len() as u64;
            let records = before.into_iter().map(|(_, id)| RecordOutcome::Article(id)).collect();
            self.note_end(&file, end.ended, records);
            return Ok(());
        }
        self.report.bytes += file.size;
        let unchanged = in_common(&before, &made);
        let mut last = 0;
        for (record, id) in before {
            if made.get(&record) != Some(&id) {
                last += u64::from(self.remove(index, id, &file.name, record)?);
            }
        }
        self.report.unchanged += unchanged;
        self.report.duplicates += (made.len() as u64).saturating_sub(first + unchanged);
        self.report.updated += first.min(last);
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
        let (hash, format, outcome) = match ended {
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

    /// Takes an article from a place; true where that was its last.
    fn remove(
        &mut self,
        index: &IndexWrite,
        id: ArticleId,
        name: &str,
        record: u32,
    ) -> Result<bool, IngestError> {
        match self.places.remove(id, name, record) {
            Removed::Other => Ok(false),
            Removed::Last => {
                index.delete(id);
                Ok(true)
            }
            Removed::First => {
                // The text is the same wherever it stands: it is taken from the index and told to be elsewhere.
                if let (Some(stored), Some(location)) =
                    (self.before.article(id)?, self.places.sorted(id).into_iter().next())
                {
                    index.delete(id);
                    index.add(id, &StoredArticle { location, ..stored })?;
                }
                Ok(false)
            }
        }
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
            documents: self.places.of.len() as u64,
            seconds: started.elapsed().as_secs_f64(),
            interrupted,
            ..self.report
        };
        self.commit(index, Some(&report))?;
        Ok(IngestReport { seconds: started.elapsed().as_secs_f64(), ..report })
    }
}
