//! Many queries at once: one a line of a file, answered as a TREC run.

use std::fs;
use std::io;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dateline::render;
use dateline::search::request::MAX_LIMIT;
use dateline::search::request::SearchRequest;
use dateline::search::search;

use crate::commands::failure::Failure;
use crate::commands::globals::Globals;
use crate::commands::output;

/// The flags that ask for many queries.
#[derive(clap::Args)]
#[command(next_help_heading = "Many queries")]
pub(crate) struct Queries {
    /// Answer the queries of a file, one a line: its name, a tab, and the query; - reads stdin. Needs --format trec
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "facets", "by", "explain", "count", "offset"])]
    queries: Option<PathBuf>,
    /// The name of the run, its last column
    #[arg(long, value_name = "NAME", default_value = "dateline", requires = "queries", value_parser = name)]
    run: String,
}

impl Queries {
    pub(crate) fn file(&self) -> Option<&Path> {
        self.queries.as_deref()
    }

    /// Answers every query of the file with the hits of `request`, which asks for the rest; a query that cannot be answered
    /// is told with its line, and the others go on.
    pub(crate) fn answer(
        &self,
        file: &Path,
        request: &SearchRequest,
        limit: Option<usize>,
        globals: &Globals,
    ) -> Result<ExitCode, Failure> {
        let unread = |error: io::Error| {
            let message = format!("the queries of {} cannot be read: {error}", file.display());
            Failure::user(message, "name a file of lines, or - for stdin")
        };
        let input: Box<dyn Read> = match file.to_str() {
            Some("-") => Box::new(io::stdin().lock()),
            _ => Box::new(fs::File::open(file).map_err(unread)?),
        };
        let index = globals.open()?;
        let taxonomy = globals.taxonomy()?;
        let mut failed = 0;
        output::write(|out| -> Result<(), Failure> {
            for (number, line) in BufReader::new(input).lines().enumerate() {
                let line = line.map_err(unread)?;
                if line.trim().is_empty() {
                    continue;
                }
                let tell = |message: String| globals.say(&format!("line {}: {message}", number + 1));
                let Some((id, text)) = line.split_once('\t').filter(|(id, _)| is_name(id)) else {
                    failed += 1;
                    tell("expected a name without spaces, a tab and a query".to_owned());
                    continue;
                };
                let limit = limit.unwrap_or(MAX_LIMIT);
                let request = SearchRequest { query: text.to_owned(), limit, ..request.clone() };
                match search(&index, &taxonomy, &request) {
                    Ok(response) => render::trec::run(id, &self.run, &response, out)?,
                    Err(error) if error.is_users() => {
                        failed += 1;
                        tell(error.to_string());
                    }
                    Err(error) => return Err(Failure::of_search(error, text)),
                }
            }
            Ok(())
        })?;
        Ok(ExitCode::from(if failed > 0 { 2 } else { 0 }))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

fn name(text: &str) -> Result<String, String> {
    match is_name(text) {
        true => Ok(text.to_owned()),
        false => Err("the name of a run has no spaces".to_owned()),
    }
}
