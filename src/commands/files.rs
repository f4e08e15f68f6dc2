//! `dateline files`: the ledger, what became of each source file and why.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dateline::article::ArticleId;
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
use serde::Serialize;

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
    /// Only files with an article that stands in another place before
    #[arg(long)]
    duplicates: bool,
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
    let firsts = firsts(&entries);
    let asked = entries.values().filter(|entry| wanted.holds(&entry.path) && is_asked(args, entry, &firsts));
    let told = asked.map(|entry| Told { entry, duplicates: duplicates(entry, &firsts) });
    let shown: Vec<Told<'_>> = told.collect();
    output::write(|out| match args.json {
        true => shown.iter().try_for_each(|told| render::json::line(told, out)),
        false => shown.iter().try_for_each(|told| text(told, shown.len() == 1, out)),
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

/// Where the articles of an archive are told to be: the first of their places by name.
type Firsts<'a> = HashMap<ArticleId, (&'a str, u32)>;

fn firsts(entries: &BTreeMap<String, FileEntry>) -> Firsts<'_> {
    let mut firsts = Firsts::new();
    for entry in entries.values() {
        for (record, id) in entry.articles() {
            firsts.entry(id).or_insert((&entry.path, record));
        }
    }
    firsts
}

/// A record whose article stands somewhere before, and where.
#[derive(Serialize)]
struct Duplicate<'a> {
    record: u32,
    id: ArticleId,
    of: &'a str,
    of_record: u32,
}

fn duplicates<'a>(entry: &'a FileEntry, firsts: &Firsts<'a>) -> Vec<Duplicate<'a>> {
    let of = |(record, id): (u32, ArticleId)| {
        let (of, of_record) = *firsts.get(&id)?;
        (of != entry.path || of_record != record).then_some(Duplicate { record, id, of, of_record })
    };
    entry.articles().filter_map(of).collect()
}

/// An entry of the ledger with its duplicates, as JSON.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    entry: &'a FileEntry,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    duplicates: Vec<Duplicate<'a>>,
}

fn is_asked(args: &Args, entry: &FileEntry, firsts: &Firsts<'_>) -> bool {
    let all = !args.failed && !args.skipped && !args.duplicates;
    all || (args.failed && entry.has_failed())
        || (args.skipped && entry.has_skipped())
        || (args.duplicates && !duplicates(entry, firsts).is_empty())
}

/// A row: outcome, size, format, articles, path; reasons stand below, and of an only file the ids.
fn text(told: &Told<'_>, is_only: bool, out: &mut dyn Write) -> io::Result<()> {
    let entry = told.entry;
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
    if is_only {
        let ids = entry.articles().map(|(record, id)| format!("record {record} article {id}"));
        some(ids, out)?;
    }
    let place = |of: &Duplicate<'_>| format!("{}#{}", safe::text(of.of), of.of_record);
    let twice = told.duplicates.iter().map(|of| format!("record {} duplicate of {}", of.record, place(of)));
    some(twice, out)?;
    let reasons = entry.records.iter().enumerate().filter_map(|(number, record)| match record {
        RecordOutcome::Article(_) => None,
        RecordOutcome::Skipped { skipped } => Some((number, "skipped", skipped)),
        RecordOutcome::Failed { failed } => Some((number, "failed", failed)),
    });
    some(reasons.map(|(number, what, why)| format!("record {number} {what}: {}", safe::text(why))), out)
}

/// The first lines, and how many more there are.
fn some(mut lines: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    for line in lines.by_ref().take(MAX_RECORDS) {
        writeln!(out, "    {line}")?;
    }
    match lines.count() {
        0 => Ok(()),
        more => writeln!(out, "    … and {more} more: dateline files --json"),
    }
}
