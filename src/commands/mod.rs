//! A *command* is what stands after `dateline`: one file each, with its flags (their doc comments are the help) and a
//! `run` that asks the library and writes the answer.

mod completions;
mod facets;
mod failure;
mod files;
mod filters;
mod globals;
mod index;
mod man;
mod output;
mod progress;
mod queries;
mod read_pdf;
mod search;
mod serve;
mod show;
mod similar;
mod status;
mod tag;
mod topics;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::failure::Failure;
use crate::commands::globals::Globals;

/// Full-text search for news archives, with exact counts by person, country, topic, date and source.
///
/// Start with `dateline index DIR`, then `dateline search WORDS`.
#[derive(Parser)]
#[command(name = "dateline", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Index(index::Args),
    Search(search::Args),
    Show(show::Args),
    Similar(similar::Args),
    Tag(tag::Args),
    Facets(facets::Args),
    Files(files::Args),
    Status(status::Args),
    Topics(topics::Args),
    Serve(serve::Args),
    Completions(completions::Args),
    Man(man::Args),
    #[command(hide = true)]
    ReadPdf(read_pdf::Args),
}

impl Cli {
    /// Whether the command that was typed prints JSON, and so its error too.
    pub(crate) fn prints_json(&self) -> bool {
        match &self.command {
            Command::Index(args) => args.prints_json(),
            Command::Search(args) => args.prints_json(),
            Command::Show(args) => args.prints_json(),
            Command::Similar(args) => args.prints_json(),
            Command::Tag(args) => args.prints_json(),
            Command::Facets(args) => args.prints_json(),
            Command::Files(args) => args.prints_json(),
            Command::Status(args) => args.prints_json(),
            Command::Topics(args) => args.prints_json(),
            Command::Serve(_) | Command::Completions(_) | Command::Man(_) | Command::ReadPdf(_) => false,
        }
    }
}

/// Runs the command that was typed; gives its exit code.
pub(crate) fn run(cli: &Cli) -> Result<ExitCode, Failure> {
    let globals = &cli.globals;
    match &cli.command {
        Command::Index(args) => index::run(args, globals),
        Command::Search(args) => search::run(args, globals),
        Command::Show(args) => show::run(args, globals),
        Command::Similar(args) => similar::run(args, globals),
        Command::Tag(args) => tag::run(args, globals),
        Command::Facets(args) => facets::run(args, globals),
        Command::Files(args) => files::run(args, globals),
        Command::Status(args) => status::run(args, globals),
        Command::Topics(args) => topics::run(args, globals),
        Command::Serve(args) => serve::run(args, globals),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
        Command::ReadPdf(args) => read_pdf::run(args),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_flags_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_help() {
        let mut cli = Cli::command();
        cli.build();
        for command in cli.get_subcommands().chain([&cli]) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for flag in command.get_arguments().filter(|flag| !flag.is_hide_set()) {
                assert!(flag.get_help().is_some(), "{} {}", command.get_name(), flag.get_id());
            }
        }
    }
}
