//! `dateline index`: reads, cleans, tags and indexes what is new or changed, and drops what is gone.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dateline::ingest;
use dateline::ingest::IngestOptions;
use dateline::ingest::Progress;
use dateline::ingest::report::IngestReport;
use dateline::render;
use dateline::render::thousands;

use crate::commands::failure::Failure;
use crate::commands::filters::number;
use crate::commands::globals::Globals;
use crate::commands::output;
use crate::commands::progress::Display;

/// Exit code of a run that was interrupted: 128 and the number of the signal, as shells have it.
const INTERRUPTED: u8 = 130;
/// Threads that may be asked for.
const MAX_JOBS: usize = 1024;

/// Read, clean, tag and index what is new or changed; drop what is gone
///
/// The index is the nearest .dateline in this directory or above, and a new one here where there is none. A file that
/// cannot be read is named and skipped, the run goes on. Ctrl-C stops it; what was committed until then is searchable.
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
    /// Keep the articles of files that are gone
    #[arg(long)]
    keep_missing: bool,
    /// Print the counts as one JSON object
    #[arg(long)]
    json: bool,
    /// Exit with 1 where a file failed
    #[arg(long)]
    strict: bool,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    if args.paths.is_empty() && globals.index().is_none() {
        return Err(Failure::user("there is no index yet, and nothing to read", "dateline index DIR"));
    }
    let taxonomy = globals.taxonomy()?;
    let options = options(args, globals);
    let stop = stop_on_interrupt()?;
    let (display, progress) = (Display::new(globals), Progress::default());
    let problem = |path: &str, reason: &str| display.problem(path, reason);
    let report =
        display.during(&progress, || ingest::index(&options, &taxonomy, &progress, &stop, &problem))?;
    if args.json {
        output::write(|out| render::json::line(&report, out))?;
    }
    tell(args, globals, &report, display.unnamed());
    Ok(exit_code(args, &report))
}

fn options(args: &Args, globals: &Globals) -> IngestOptions {
    IngestOptions {
        roots: args.paths.clone(),
        index: globals.index_or_new(),
        jobs: args.jobs,
        globs: args.glob.clone(),
        keep_missing: args.keep_missing,
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
