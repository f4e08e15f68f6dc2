//! `dateline files`: the ledger, what became of each source file and why.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dateline::corpus;
use dateline::corpus::Root;
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
    /// Only this file or folder, or files whose name begins like this
    path: Option<PathBuf>,
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

impl Args {
    pub(crate) fn prints_json(&self) -> bool {
        self.json
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let index = globals.open()?;
    let Some(dir) = globals.index() else { return Ok(ExitCode::SUCCESS) };
    let mark = index.mark();
    let entries = ledger::read(&dir, &mark.ledger, mark.ledger_bytes)?;
    let wanted = Wanted::of(args.path.as_deref(), &dir, &entries);
    let asked = entries.values().filter(|entry| wanted.holds(&entry.path) && is_asked(args, entry));
    let shown: Vec<&FileEntry> = asked.collect();
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

/// Which names are asked for.
enum Wanted {
    All,
    /// What lies at or below a path, as seen from this directory.
    Below(Root),
    /// Names that begin like this.
    Beginning(String),
}

impl Wanted {
    /// A path is what it is from here, be it gone or not, where the ledger knows anything there; else how names begin.
    fn of(path: Option<&Path>, index: &Path, entries: &BTreeMap<String, FileEntry>) -> Self {
        let Some(path) = path else { return Self::All };
        let home = corpus::home(index);
        let root = Root::find(path, home).unwrap_or_else(|_| Root::gone(path, home));
        match entries.keys().any(|name| root.holds(name)) {
            true => Self::Below(root),
            false => Self::Beginning(path.to_string_lossy().into_owned()),
        }
    }

    fn holds(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Below(root) => root.holds(name),
            Self::Beginning(start) => name.starts_with(start),
        }
    }
}

fn is_asked(args: &Args, entry: &FileEntry) -> bool {
    let failed = matches!(entry.outcome, Outcome::Failed { .. })
        || entry.records.iter().any(|record| matches!(record, RecordOutcome::Failed { .. }));
    let skipped = matches!(entry.outcome, Outcome::Skipped { .. })
        || entry.records.iter().any(|record| matches!(record, RecordOutcome::Skipped { .. }));
    (args.failed && failed) || (args.skipped && skipped) || (!args.failed && !args.skipped)
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
