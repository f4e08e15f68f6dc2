//! `dateline topics check`: whether topics find what their examples say.

use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dateline::render;
use dateline::render::Format;
use dateline::render::safe;
use dateline::tag::examples;
use dateline::tag::examples::Checked;
use dateline::taxonomy::Taxonomy;
use dateline::taxonomy::TaxonomyError;
use dateline::taxonomy::topics::Topics;
use dateline::taxonomy::topics_in;
use serde_json::json;

use crate::commands::failure::Failure;
use crate::commands::filters::formats;
use crate::commands::globals::Globals;
use crate::commands::output;

/// The file of topics in a folder of dictionaries.
const FILE: &str = "topics.toml";

/// Hold the examples of topics against their queries
///
/// Every text under `match` must match and none under `no_match` may. For each that fails it tells the clauses that nothing
/// in it fulfils, or the words by which it matches. The exit code is 1 where one fails.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A file of topics [default: topics.toml of --schema, else the built-in one]
    file: Option<PathBuf>,
    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    #[arg(value_parser = formats(&[Format::Text, Format::Json]))]
    format: Format,
}

impl Args {
    pub(crate) fn prints_json(&self) -> bool {
        self.format == Format::Json
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let of_schema = globals.schema().map(|dir| dir.join(FILE));
    let file = args.file.clone().or(of_schema);
    let (name, checked) = match &file {
        Some(file) => (file.display().to_string(), checked(file)?),
        None => (FILE.to_owned(), examples::check(Taxonomy::builtin().topics(), |_| true)?),
    };
    for (path, line) in &checked.bare {
        globals.say(&format!("warning: {name}:{line}: {path} lacks texts under match or no_match"));
    }
    output::write(|out| match args.format {
        Format::Json => json(&name, &checked, out),
        _ => text(&name, &checked, out),
    })?;
    let Checked { topics, examples, failed, .. } = &checked;
    globals.say(&format!("{topics} topics, {examples} examples, {} failed", failed.len()));
    Ok(ExitCode::from(u8::from(!failed.is_empty())))
}

fn checked(file: &Path) -> Result<Checked, Failure> {
    let topics: Topics = topics_in(file)?;
    // A query's mistake is told by the name that the file has in a folder of dictionaries.
    examples::check(&topics, |topic| topic.is_users).map_err(|error| match error {
        TaxonomyError::Mistake { line, reason, .. } => {
            TaxonomyError::Mistake { file: file.display().to_string(), line, reason }.into()
        }
        other => other.into(),
    })
}

fn text(name: &str, checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
    for failed in &checked.failed {
        let (must, why) = match failed.must_match {
            true => ("must match", "nothing in it fulfils:"),
            false => ("must not match", "it matches by:"),
        };
        let example = failed.text.split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(
            out,
            "{}:{}: {} {must}: {}",
            safe::text(name),
            failed.line,
            safe::text(&failed.path),
            safe::text(&example)
        )?;
        writeln!(out, "    {why} {}", safe::text(&failed.why.join(" · ")))?;
    }
    Ok(())
}

fn json(name: &str, checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
    let failed = checked.failed.iter().map(|failed| {
        json!({
            "topic": failed.path, "line": failed.line, "text": failed.text,
            "must_match": failed.must_match, "why": failed.why,
        })
    });
    let bare = checked.bare.iter().map(|(path, line)| json!({ "topic": path, "line": line }));
    render::json::object(
        &json!({
            "file": name, "topics": checked.topics, "examples": checked.examples,
            "failed": failed.collect::<Vec<_>>(), "without_examples": bare.collect::<Vec<_>>(),
        }),
        out,
    )
}
