//! `dateline index`: reads, cleans, tags and indexes what is new or changed, and drops what is gone.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use dateline::corpus::CorpusError;
use dateline::ingest;
use dateline::ingest::IngestError;
use dateline::ingest::IngestOptions;
use dateline::ingest::Pending;
use dateline::ingest::Progress;
use dateline::ingest::report::IngestReport;
use dateline::parse::limits::Limits;
use dateline::render;
use dateline::render::thousands;
use dateline::taxonomy::Taxonomy;

use crate::commands::failure::Failure;
use crate::commands::filters::number;
use crate::commands::globals::Globals;
use crate::commands::output;
use crate::commands::progress::Display;
use crate::commands::read_pdf;

/// Exit code of a run that was interrupted: 128 and the number of the signal, as shells have it.
const INTERRUPTED: u8 = 130;
/// Threads that may be asked for.
const MAX_JOBS: usize = 1024;
/// Between two looks of a run that watches.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long Ctrl-C may wait between two looks.
const HEED_EVERY: Duration = Duration::from_millis(50);

/// Read, clean, tag and index what is new or changed; drop what is gone
///
/// The index is the nearest .dateline in this directory or above, and a new one here where there is none. A file that
/// cannot be read is named and skipped, the run goes on. Ctrl-C stops it; what was committed until then is searchable.
///
/// Without PATH the directories of earlier runs are read. One that is not there, as on a disk that is not mounted, is
/// told of and keeps its articles; dateline index with its PATH drops them, or with --keep-missing keeps them for good.
/// Files that no --glob asks for are left as they are; those that match '!GLOB' are dropped.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Directories and files to read [default: those of earlier runs]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,
    /// Threads, 0 for one a core
    #[arg(short, long, value_name = "N", default_value = "0", allow_negative_numbers = true, value_parser = number(MAX_JOBS))]
    jobs: usize,
    /// Read only files that match; '!GLOB' leaves files out
    #[arg(short, long, value_name = "GLOB")]
    glob: Vec<String>,
    /// Go on: look every 2 seconds for what is new, changed or gone, and index that, until Ctrl-C
    #[arg(long, conflicts_with = "dry_run")]
    watch: bool,
    /// Keep the articles of files that are gone
    #[arg(long)]
    keep_missing: bool,
    /// Read files again that failed, or a record of which did, though they did not change
    #[arg(long)]
    retry_failed: bool,
    /// What a single file may cost: unpacked=BYTES, ratio=N, records=N, depth=N or seconds=N (between two records)
    #[arg(long, value_name = "NAME=VALUE", value_parser = limit)]
    limit: Vec<String>,
    /// Print the counts as one JSON object
    #[arg(long)]
    json: bool,
    /// Exit with 1 where a file failed
    #[arg(long)]
    strict: bool,
}

impl Args {
    pub(crate) fn prints_json(&self) -> bool {
        self.json
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    if args.paths.is_empty() && globals.index().is_none() {
        return Err(Failure::user("there is no index yet, and nothing to read", "dateline index DIR"));
    }
    let taxonomy = globals.taxonomy()?;
    let options = options(args, globals);
    let stop = stop_on_interrupt()?;
    let job = Job { args, globals, taxonomy: &taxonomy, options: &options, stop: &stop };
    let absent: Vec<&PathBuf> = args.paths.iter().filter(|path| !path.exists()).collect();
    let given = if args.watch { ingest::pending(&options)? } else { Pending::default() };
    let report = job.once(|_| true)?;
    for path in absent {
        globals.say(&format!("{} is not there any more: {}", path.display(), became(args)));
    }
    if args.watch && !report.interrupted {
        return job.watch(given);
    }
    Ok(exit_code(args, &report))
}

/// What became of the articles of a directory that is not there any more.
fn became(args: &Args) -> &'static str {
    match (args.keep_missing, args.dry_run) {
        (true, _) => "its articles stay, later runs do not look for it",
        (false, true) => "its articles would be dropped",
        (false, false) => "its articles are dropped",
    }
}

/// What it takes to run once, and again.
struct Job<'a> {
    args: &'a Args,
    globals: &'a Globals,
    taxonomy: &'a Taxonomy,
    options: &'a IngestOptions,
    stop: &'a AtomicBool,
}

impl Job<'_> {
    /// Runs, and tells of it where it is worth telling.
    fn once(&self, is_told: impl Fn(&IngestReport) -> bool) -> Result<IngestReport, Failure> {
        let (display, progress) = (Display::new(self.globals), Progress::default());
        let problem = |path: &str, reason: &str| display.problem(path, reason);
        let index = || ingest::index(self.options, self.taxonomy, &progress, self.stop, &problem);
        let report = display.during(&progress, index)?;
        if is_told(&report) {
            if self.args.json {
                output::write(|out| render::json::line(&report, out))?;
            }
            tell(self.args, self.globals, &report, display.unnamed());
        }
        Ok(report)
    }

    /// Runs whenever there is something else to do than before. While a directory is not there it waits: that is no
    /// reason to drop its articles.
    fn watch(&self, mut given: Pending) -> Result<ExitCode, Failure> {
        let changed = |report: &IngestReport| report.added + report.updated + report.removed > 0;
        while self.waits() {
            if self.args.paths.iter().any(|path| !path.exists()) {
                continue;
            }
            let found = match ingest::pending(self.options) {
                Err(IngestError::Corpus(CorpusError::Gone(_))) => continue,
                found => found?,
            };
            if found.is_news_after(&given) {
                self.once(changed)?;
                given = found;
            }
        }
        Ok(ExitCode::from(INTERRUPTED))
    }

    /// Waits until the next look; false where Ctrl-C was pressed.
    fn waits(&self) -> bool {
        let started = Instant::now();
        while started.elapsed() < LOOK_EVERY && !self.stop.load(Ordering::SeqCst) {
            thread::sleep(HEED_EVERY);
        }
        !self.stop.load(Ordering::SeqCst)
    }
}

/// A limit that can be set, as it was typed.
fn limit(text: &str) -> Result<String, String> {
    Limits::default().set(text).map(|()| text.to_owned())
}

fn limits(texts: &[String]) -> Limits {
    let mut limits = Limits::default();
    for text in texts {
        // Each was looked at when the command line was read.
        limits.set(text).unwrap_or_default();
    }
    limits
}

fn options(args: &Args, globals: &Globals) -> IngestOptions {
    IngestOptions {
        roots: args.paths.clone(),
        index: globals.index_or_new(),
        jobs: args.jobs,
        globs: args.glob.clone(),
        keep_missing: args.keep_missing,
        retry_failed: args.retry_failed,
        limits: limits(&args.limit),
        program: read_pdf::program(),
        dry_run: args.dry_run,
    }
}

/// A flag that Ctrl-C sets; the second time it ends the process, which the index survives.
fn stop_on_interrupt() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let handler = move || {
        if asked.swap(true, Ordering::SeqCst) {
            #[expect(clippy::exit, reason = "who presses Ctrl-C twice does not want to wait")]
            std::process::exit(INTERRUPTED.into());
        }
    };
    let set = ctrlc::set_handler(handler).map_err(std::io::Error::other);
    set.map_err(|error| Failure::from(error).context("Ctrl-C cannot be handled"))?;
    Ok(stop)
}

fn tell(args: &Args, globals: &Globals, report: &IngestReport, unnamed: usize) {
    let failed_files = "dateline files --failed";
    if unnamed > 0 {
        globals.say(&format!("… and {} more: {failed_files}", thousands(unnamed as u64)));
    }
    if report.reread {
        let read = if args.dry_run { "would be" } else { "was" };
        globals.say(&format!(
            "the dictionaries or the version of dateline changed: every file {read} read again"
        ));
    }
    if !args.json {
        globals.say(&summary(report, args.dry_run));
    }
    if report.interrupted {
        globals.say("interrupted: what was committed is searchable, the next run goes on from there");
    } else if report.failed > 0 && !args.dry_run && !args.json {
        globals.say(&format!("hint: {failed_files} says why"));
    }
}

fn exit_code(args: &Args, report: &IngestReport) -> ExitCode {
    match (report.interrupted, args.strict && report.failed > 0) {
        (true, _) => ExitCode::from(INTERRUPTED),
        (false, true) => ExitCode::from(1),
        (false, false) => ExitCode::SUCCESS,
    }
}

fn summary(report: &IngestReport, dry_run: bool) -> String {
    let counts = [
        ("added", report.added),
        ("updated", report.updated),
        ("unchanged", report.unchanged),
        ("removed", report.removed),
        ("duplicates", report.duplicates),
        ("skipped", report.skipped),
        ("failed", report.failed),
    ];
    let counts = counts.map(|(what, count)| format!("{what} {}", thousands(count))).join(" · ");
    let dry = if dry_run { "dry run: " } else { "" };
    format!("{dry}{counts} in {:.1} s{}", report.seconds, rate(report))
}

/// Megabytes a second, where anything was read.
fn rate(report: &IngestReport) -> String {
    if report.bytes == 0 {
        return String::new();
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = report.bytes as f64 / 1e6 / report.seconds.max(1e-3);
    format!(" ({rate:.1} MB/s)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_one_line() {
        let report = IngestReport {
            added: 11_000,
            duplicates: 12,
            skipped: 1,
            bytes: 14_280_000,
            seconds: 4.2,
            ..IngestReport::default()
        };
        let line = "added 11,000 · updated 0 · unchanged 0 · removed 0 · duplicates 12 · skipped 1 · failed 0 \
                    in 4.2 s (3.4 MB/s)";
        assert_eq!(summary(&report, false), line);
        assert_eq!(summary(&report, true), format!("dry run: {line}"));
    }

    #[test]
    fn a_run_has_a_rate_where_something_was_read() {
        let rate = |bytes, seconds| rate(&IngestReport { bytes, seconds, ..IngestReport::default() });
        assert_eq!(rate(0, 1.0), "");
        assert_eq!(rate(1_000, 0.0), " (1.0 MB/s)");
    }
}
