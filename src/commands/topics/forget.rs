//! `dateline topics forget`: removes a learned topic.

use std::fs;
use std::process::ExitCode;

use dateline::taxonomy::LEARNED;
use dateline::taxonomy::learned::LearnedTopic;

use crate::commands::failure::Failure;
use crate::commands::globals::Globals;
use crate::commands::topics::learn::no_folder;
use crate::commands::topics::resolve;

/// Remove a learned topic; a topic told by a query is switched off in topics.toml
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The topic: its path, or the last part of it
    name: String,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let Some(dir) = globals.schema() else { return Err(no_folder()) };
    let taxonomy = globals.taxonomy()?;
    let path = resolve(&taxonomy, &args.name)?;
    if taxonomy.learned().all(|topic| topic.path != path) {
        let hint = "topics told by a query are switched off with off = true in topics.toml";
        return Err(Failure::user(format!("'{path}' is not learned"), hint));
    }
    let file = dir.join(LEARNED).join(LearnedTopic::file_name(&path));
    fs::remove_file(&file).map_err(|error| {
        let message = format!("{} cannot be removed: {error}", file.display());
        Failure::user(
            message,
            format!("remove the file of {} that says path = \"{path}\"", dir.join(LEARNED).display()),
        )
    })?;
    globals.say(&format!("forgot {path}; the next run of dateline index takes it from the articles"));
    Ok(ExitCode::SUCCESS)
}
