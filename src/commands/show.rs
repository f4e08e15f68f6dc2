//! `dateline show`: one article, its mentions marked.

use std::process::ExitCode;

use dateline::article::ArticleId;
use dateline::render;
use dateline::render::Format;
use dateline::search::article;

use crate::commands::failure::Failure;
use crate::commands::filters::formats;
use crate::commands::globals::Globals;
use crate::commands::output;

/// Show one article, its mentions marked
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The article's id: 16 hex digits, as search prints them
    id: ArticleId,
    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    #[arg(value_parser = formats(&[Format::Text, Format::Json]))]
    format: Format,
}

impl Args {
    pub(crate) fn prints_json(&self) -> bool {
        matches!(self.format, Format::Json | Format::JsonLines)
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let index = globals.open()?;
    let found = article(&index, args.id).map_err(|error| Failure::of_search(error, ""))?;
    let Some(found) = found else {
        let message = format!("there is no article {} in this index", args.id);
        return Err(Failure::user(message, "dateline search --format ids QUERY prints the ids of articles"));
    };
    output::write(|out| match args.format {
        Format::Json => render::json::object(&found, out),
        _ => render::article::show(&found, globals.style(), out),
    })?;
    Ok(ExitCode::SUCCESS)
}
