//! `dateline man`: the manual pages, made from the same text as the help.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_mangen::Man;

use crate::commands::Cli;
use crate::commands::failure::Failure;
use crate::commands::output;

/// Print the manual, or the page of one command
///
/// To read it: dateline man | man -l -
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The command [default: dateline itself, then every command]
    command: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mut cli = Cli::command();
    cli.build();
    let commands: Vec<&clap::Command> = cli.get_subcommands().filter(|c| c.get_name() != "help").collect();
    let pages = match &args.command {
        None => [&cli].into_iter().chain(commands).collect(),
        Some(name) => vec![page(&commands, name)?],
    };
    output::write(|out| pages.into_iter().try_for_each(|page| Man::new(page.clone()).render(out)))?;
    Ok(ExitCode::SUCCESS)
}

fn page<'a>(commands: &[&'a clap::Command], name: &str) -> Result<&'a clap::Command, Failure> {
    commands.iter().copied().find(|command| command.get_name() == name).ok_or_else(|| {
        let names: Vec<&str> = commands.iter().map(|command| command.get_name()).collect();
        Failure::user(
            format!("there is no command '{name}'"),
            format!("the commands are {}", names.join(", ")),
        )
    })
}
