//! *Ingesting* takes the articles of an archive into an index: walk, read, clean, tag, write.
//!
//! ```text
//!   walk ─▶ plan ─▶ readers ═▶ taggers ═▶ writer ─▶ index + ledger
//!                  (threads)   (threads)  (this one)     one commit
//! ```
//! Files that did not change since the last run are not read. Between the stages stand short queues and a bound on the
//! bytes in them, so that memory does not grow with the archive or its files. A file that cannot be read is told of and
//! counted, and stops nothing.

mod budget;
mod open;
mod pipeline;
mod places;
mod plan;
pub mod report;
mod roots;
mod source;
mod survey;
pub mod tagged;
mod write;

pub use crate::ingest::plan::Pending;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Instant;

use crate::corpus::CorpusError;
use crate::corpus::Selection;
use crate::index::IndexError;
use crate::index::IndexWrite;
use crate::index::LastRun;
use crate::index::Mark;
use crate::index::read_mark;
use crate::ingest::pipeline::Control;
use crate::ingest::plan::Plan;
use crate::ingest::report::IngestReport;
use crate::ingest::roots::Roots;
use crate::ingest::source::Reading;
use crate::ingest::write::Writing;
use crate::ledger;
use crate::ledger::FileEntry;
use crate::ledger::Ledger;
use crate::ledger::LedgerError;
use crate::parse::limits::Limits;
use crate::taxonomy::Taxonomy;
use crate::taxonomy::TaxonomyError;

/// What to index, and where.
#[derive(Clone, Debug, Default)]
pub struct IngestOptions {
    /// Folders and files; none: those of earlier runs. One that was indexed and is not there any more is forgotten.
    pub roots: Vec<PathBuf>,
    /// The index's directory; made where it is not there.
    pub index: PathBuf,
    /// Threads that read, and threads that tag; 0: as many as there are cores.
    pub jobs: usize,
    /// Patterns of files to take, or after `!` to leave.
    pub globs: Vec<String>,
    /// Keep the articles of files that are gone.
    pub keep_missing: bool,
    /// Read files again that failed, or a record of which did, though they did not change.
    pub retry_failed: bool,
    /// What a single file may cost.
    pub limits: Limits,
    /// The `dateline` program, which reads PDF in a process of its own; without it PDF is skipped.
    pub program: Option<PathBuf>,
    /// Only say what would be read: nothing is written.
    pub dry_run: bool,
}

/// How far a run is, to be looked at from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files that are sampled before the first is read.
    pub to_survey: AtomicU64,
    /// Files sampled so far.
    pub surveyed: AtomicU64,
    /// Bytes of the files that are read in this run.
    pub total_bytes: AtomicU64,
    /// Bytes read so far.
    pub done_bytes: AtomicU64,
    /// Files read so far.
    pub files: AtomicU64,
    /// Articles written so far.
    pub articles: AtomicU64,
}

/// A run that could not be done.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// No roots were given, and no earlier run has any.
    #[error("there is nothing to index: say which folder, as in dateline index DIR")]
    NoRoots,
    /// A root or pattern cannot be used.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// A dictionary cannot be used.
    #[error(transparent)]
    Taxonomy(#[from] TaxonomyError),
    /// The index cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The schema's JSON names cannot be used.
    #[error("schema.toml: {0}")]
    Mapping(String),
}

impl IngestError {
    /// Whether another command would do: exit code 2; else something failed: 1.
    pub fn is_users(&self) -> bool {
        match self {
            Self::NoRoots | Self::Corpus(_) | Self::Taxonomy(_) | Self::Mapping(_) => true,
            Self::Index(error) => error.is_users(),
            Self::Ledger(_) => false,
        }
    }
}

/// Called for every file or record that could not be read: its name, and why.
pub type Problem<'a> = &'a (dyn Fn(&str, &str) + Sync);

/// Indexes what is new or changed below the roots, and drops what is gone. Stops early, with all that was finished
/// committed, when `stop` is set.
///
/// # Errors
/// Where the roots, the dictionaries or the index cannot be used. What is wrong with single files is in the ledger.
pub fn index(
    options: &IngestOptions,
    taxonomy: &Taxonomy,
    progress: &Progress,
    stop: &AtomicBool,
    problem: Problem<'_>,
) -> Result<IngestReport, IngestError> {
    let started = Instant::now();
    let selection = Selection::parse(&options.globs)?;
    // Dictionaries that made the index are in order; others are looked at before anything is written. What made of them
    // takes a part of a second, which a run that finds nothing new need not wait for.
    let reading = || {
        Ok::<_, IngestError>(Reading::new(taxonomy, options.limits)?.with_program(options.program.as_deref()))
    };
    let mut ready = if are_known(options, taxonomy) { None } else { Some(reading()?) };
    if options.dry_run {
        return Ok(look(options, &selection)?.dry_report(started));
    }
    if !options.index.join("format.json").exists() {
        // No index is made for a path that was mistyped.
        Roots::of(options, &[], &BTreeMap::new())?;
    }
    let mut index = IndexWrite::open(&options.index, taxonomy.schema())?;
    let mark = index.mark().clone();
    let mut ledger = Ledger::open(&options.index, &mark.ledger, mark.ledger_bytes)?;
    let reread = mark.fingerprint != taxonomy.fingerprint() && !ledger.entries().is_empty();
    if reread || options.retry_failed {
        forget_bytes(&mut ledger, |entry| reread || entry.has_failed());
    }
    let roots = Roots::of(options, &mark.roots, ledger.entries())?;
    let plan = Plan::of(&roots, &selection, ledger.entries(), options.keep_missing);
    let mut writing = Writing::new(&options.index, ledger, problem)?;
    writing.made_with(&taxonomy.fingerprint());
    writing.roots(&roots);
    let control = Control { jobs: threads(options.jobs), progress, stop };
    let mut read = |plan: &Plan, writing: &mut Writing<'_>, index: &mut IndexWrite| {
        let reading = ready.take().map_or_else(&reading, Ok)?;
        let reading = reading.surveyed(&roots.found, &selection, plan, &control);
        pipeline::run(&plan.read, &reading, &control, writing, index)?;
        ready = Some(reading);
        Ok::<_, IngestError>(())
    };
    writing.apply_plan(&index, &plan)?;
    if !plan.read.is_empty() {
        read(&plan, &mut writing, &mut index)?;
    }
    let is_stopped = || stop.load(std::sync::atomic::Ordering::Relaxed);
    let again = writing.again(&plan);
    if !again.read.is_empty() && !is_stopped() {
        read(&again, &mut writing, &mut index)?;
    }
    let report = writing.finish(&mut index, started, is_stopped())?;
    index.finish()?;
    Ok(IngestReport { reread, ..report })
}

/// Whether the index that is there was made with these dictionaries.
fn are_known(options: &IngestOptions, taxonomy: &Taxonomy) -> bool {
    let is_there = !options.dry_run && options.index.join("format.json").exists();
    is_there && read_mark(&options.index).is_ok_and(|mark| mark.fingerprint == taxonomy.fingerprint())
}

/// Makes files look changed. What the ledger says of its articles stays: a file that is not read in this run, as
/// the run is stopped or has other roots, is read in one to come.
fn forget_bytes(ledger: &mut Ledger, is_asked: impl Fn(&FileEntry) -> bool) {
    let entries: Vec<FileEntry> =
        ledger.entries().values().filter(|entry| is_asked(entry)).cloned().collect();
    for entry in entries {
        ledger.put(without_bytes(entry));
    }
}

fn without_bytes(entry: FileEntry) -> FileEntry {
    FileEntry { modified: i64::MIN, hash: String::new(), ..entry }
}

/// As many threads as were asked for; where 0 were, as there are cores.
fn threads(jobs: usize) -> usize {
    if jobs > 0 { jobs } else { std::thread::available_parallelism().map_or(1, Into::into) }
}

/// What a run would be given now; for who waits until there is something to do. Takes no lock and writes nothing.
///
/// # Errors
/// As [`index`].
pub fn pending(options: &IngestOptions) -> Result<Pending, IngestError> {
    Ok(look(options, &Selection::parse(&options.globs)?)?.pending())
}

/// What a run would do, found out without a lock and without writing anything.
fn look(options: &IngestOptions, selection: &Selection) -> Result<Plan, IngestError> {
    let mark = match options.index.join("format.json").exists() {
        true => read_mark(&options.index)?,
        false => Mark::default(),
    };
    let mut ledger = ledger::read(&options.index, &mark.ledger, mark.ledger_bytes)?;
    if options.retry_failed {
        for entry in ledger.values_mut().filter(|entry| entry.has_failed()) {
            *entry = without_bytes(entry.clone());
        }
    }
    let roots = Roots::of(options, &mark.roots, &ledger)?;
    Ok(Plan::of(&roots, selection, &ledger, options.keep_missing))
}

fn now_ns() -> i64 {
    i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX)
}

fn last_run(report: &IngestReport) -> LastRun {
    let finished = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    LastRun { finished, report: serde_json::to_value(report).unwrap_or_default() }
}
