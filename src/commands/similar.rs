//! `dateline similar`: the articles most like one.

use std::process::ExitCode;

use dateline::article::ArticleId;
use dateline::render;
use dateline::render::Format;
use dateline::search::request::MAX_LIMIT;
use dateline::search::request::SearchRequest;
use dateline::search::search;

use crate::commands::failure::Failure;
use crate::commands::filters::Filters;
use crate::commands::filters::{formats, number};
use crate::commands::globals::Globals;
use crate::commands::output;

/// List the articles most like one
///
/// They share its rarest words and the persons and topics it is about; the more of them, the higher they stand.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The article's id: 16 hex digits, as search prints them
    id: ArticleId,
    /// Articles to list, 0 to 1000
    #[arg(short = 'n', long, value_name = "N", default_value = "10", allow_negative_numbers = true, value_parser = number(MAX_LIMIT))]
    limit: usize,
    /// Tell which words and tags were looked for, with the articles that have each
    #[arg(long)]
    explain: bool,
    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(&Format::ALL))]
    format: Format,
    #[command(flatten)]
    filters: Filters,
}

impl Args {
    pub(crate) fn prints_json(&self) -> bool {
        matches!(self.format, Format::Json | Format::JsonLines)
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let request = SearchRequest {
        like: Some(args.id),
        limit: args.limit,
        explain: args.explain,
        ..args.filters.request(&[])
    };
    let index = globals.open()?;
    let response =
        search(&index, &globals.taxonomy()?, &request).map_err(|error| Failure::of_search(error, ""))?;
    output::write(|out| render::response(args.format, &response, globals.style(), out))?;
    Ok(ExitCode::SUCCESS)
}
