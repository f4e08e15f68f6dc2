//! `dateline status`: the index in short.

use std::io;
use std::io::Write;
use std::process::ExitCode;

use dateline::index::Status;
use dateline::render;
use dateline::render::safe;
use dateline::render::thousands;
use indicatif::DecimalBytes;

use crate::commands::failure::Failure;
use crate::commands::globals::Globals;
use crate::commands::output;

/// Tell how many documents, segments and bytes the index has, and when it was last run
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(crate) fn prints_json(&self) -> bool {
        self.json
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let status = globals.open()?.status()?;
    output::write(|out| if args.json { render::json::object(&status, out) } else { text(&status, out) })?;
    if status.files.failed + status.files.records_failed > 0 && !args.json {
        globals.say("hint: dateline files --failed says why files failed");
    }
    Ok(ExitCode::SUCCESS)
}

fn text(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    let files = &status.files;
    let outcomes = [(files.indexed, "indexed"), (files.skipped, "skipped"), (files.failed, "failed")];
    let told = |counts: &[(u64, &str)]| {
        let told = counts.iter().map(|(count, outcome)| format!("{} {outcome}", thousands(*count)));
        told.collect::<Vec<_>>().join(" · ")
    };
    let records = [
        (files.articles, "articles"),
        (files.records_skipped, "not an article"),
        (files.records_failed, "failed"),
    ];
    let last_run = status.last_run.as_ref().map_or("never", |run| run.finished.as_str());
    writeln!(out, "index      {}", safe::text(&status.path))?;
    writeln!(out, "documents  {}", thousands(status.documents))?;
    writeln!(out, "segments   {}", thousands(status.segments))?;
    writeln!(out, "size       {}", DecimalBytes(status.bytes))?;
    writeln!(out, "versions   format {}, schema {}", status.format_version, status.schema_version)?;
    writeln!(out, "files      {}", told(&outcomes))?;
    writeln!(out, "records    {}", told(&records))?;
    for (at, root) in status.roots.iter().enumerate() {
        let label = if at == 0 { "archive" } else { "" };
        writeln!(out, "{label:<9}  {}", safe::text(root))?;
    }
    writeln!(out, "last run   {}", safe::text(last_run))
}

#[cfg(test)]
mod tests {
    use dateline::index::{FileCounts, LastRun};

    use super::*;

    #[test]
    fn a_status_as_text() {
        let status = Status {
            path: "/news/.dateline".to_owned(),
            documents: 11_000,
            segments: 3,
            bytes: 12_345_678,
            format_version: 1,
            schema_version: 2,
            files: FileCounts {
                indexed: 1_200,
                skipped: 3,
                articles: 11_020,
                records_skipped: 7,
                ..FileCounts::default()
            },
            roots: vec!["/news/a".to_owned(), "/news/b".to_owned()],
            last_run: Some(LastRun {
                finished: "2024-05-01T10:00:00Z".to_owned(),
                report: serde_json::Value::Null,
            }),
        };
        let mut out = Vec::new();
        text(&status, &mut out).unwrap();
        let expected = "\
index      /news/.dateline
documents  11,000
segments   3
size       12.35 MB
versions   format 1, schema 2
files      1,200 indexed · 3 skipped · 0 failed
records    11,020 articles · 7 not an article · 0 failed
archive    /news/a
           /news/b
last run   2024-05-01T10:00:00Z
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
