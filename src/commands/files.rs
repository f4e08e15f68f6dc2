//! `dateline files`: the ledger, what became of each source file and why.

use std::io;
use std::io::Write;
use std::process::ExitCode;

use dateline::ledger;
use dateline::ledger::FileEntry;
use dateline::ledger::Outcome;
use dateline::ledger::RecordOutcome;
use dateline::render;
use dateline::render::safe;
use dateline::render::thousands;
use indicatif::DecimalBytes;

use crate::commands::failure::Failure;
use crate::commands::globals::Globals;
use crate::commands::output;

/// Records of one file that are named.
const MAX_RECORDS: usize = 5;

/// List the source files: indexed, skipped or failed, and why
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only files whose path begins like this
    path: Option<String>,
    /// Only files that failed, or with a record that failed
    #[arg(long)]
    failed: bool,
    /// Only files that hold no article, or with a record that is none
    #[arg(long)]
    skipped: bool,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let index = globals.open()?;
    let Some(dir) = globals.index() else { return Ok(ExitCode::SUCCESS) };
    let mark = index.mark();
    let entries = ledger::read(&dir, &mark.ledger, mark.ledger_bytes)?;
    let shown: Vec<&FileEntry> = entries.values().filter(|entry| is_asked(args, entry)).collect();
    output::write(|out| match args.json {
        true => shown.iter().try_for_each(|entry| render::json::line(entry, out)),
        false => shown.iter().try_for_each(|entry| text(entry, out)),
    })?;
    if !args.json {
        globals.say(&format!(
            "{} of {} files",
            thousands(shown.len() as u64),
            thousands(entries.len() as u64)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn is_asked(args: &Args, entry: &FileEntry) -> bool {
    let failed = matches!(entry.outcome, Outcome::Failed { .. })
        || entry.records.iter().any(|record| matches!(record, RecordOutcome::Failed { .. }));
    let skipped = matches!(entry.outcome, Outcome::Skipped { .. })
        || entry.records.iter().any(|record| matches!(record, RecordOutcome::Skipped { .. }));
    let by_path = args.path.as_deref().is_none_or(|path| entry.path.starts_with(path));
    by_path && ((args.failed && failed) || (args.skipped && skipped) || (!args.failed && !args.skipped))
}

/// A row: outcome, size, format, articles, path; reasons stand below.
fn text(entry: &FileEntry, out: &mut dyn Write) -> io::Result<()> {
    let (outcome, reason) = match &entry.outcome {
        Outcome::Indexed => ("indexed", None),
        Outcome::Skipped { reason } => ("skipped", Some(reason)),
        Outcome::Failed { reason } => ("failed", Some(reason)),
        Outcome::Interrupted => ("interrupted", None),
    };
    let size = DecimalBytes(entry.size).to_string();
    let format = entry.format.as_deref().unwrap_or("–");
    let articles = entry.records.iter().filter(|record| matches!(record, RecordOutcome::Article(_))).count();
    let articles = thousands(articles as u64);
    writeln!(out, "{outcome:<11}  {size:>9}  {format:<8}  {articles:>7}  {}", safe::text(&entry.path))?;
    if let Some(reason) = reason {
        writeln!(out, "    {}", safe::text(reason))?;
    }
    records(&entry.records, out)
}

/// The records that gave no article, and why.
fn records(records: &[RecordOutcome], out: &mut dyn Write) -> io::Result<()> {
    let reasons = records.iter().enumerate().filter_map(|(number, record)| match record {
        RecordOutcome::Article(_) => None,
        RecordOutcome::Skipped { skipped } => Some((number, "skipped", skipped)),
        RecordOutcome::Failed { failed } => Some((number, "failed", failed)),
    });
    let reasons: Vec<_> = reasons.collect();
    for (number, outcome, reason) in reasons.iter().take(MAX_RECORDS) {
        writeln!(out, "    record {number} {outcome}: {}", safe::text(reason))?;
    }
    match reasons.len().saturating_sub(MAX_RECORDS) {
        0 => Ok(()),
        more => writeln!(out, "    … and {more} more: dateline files --json"),
    }
}
