//! The `dateline` command.

mod commands;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::commands::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match commands::run(&cli) {
        Ok(code) => code,
        Err(failure) => {
            if cli.prints_json() && !cli.globals.is_quiet() {
                // Where stdout is closed nobody asks for it.
                drop(failure.write_json(&mut io::stdout().lock()));
            }
            failure.report(cli.globals.error_style())
        }
    }
}
