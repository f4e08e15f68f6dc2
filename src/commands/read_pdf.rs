//! `dateline read-pdf`: what `index` and `tag` start for a PDF, so that one that is broken costs no more than itself.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use dateline::parse::pdf;

use crate::commands::failure::Failure;

/// Tell what a PDF on standard input holds, as a line of JSON
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Seconds of computing it may take
    #[arg(long, value_name = "N", default_value = "60")]
    seconds: u64,
    /// Bytes of memory it may take
    #[arg(long, value_name = "BYTES", default_value_t = pdf::MEMORY_BYTES)]
    memory: u64,
}

/// This program, to be started again.
pub(crate) fn program() -> Option<PathBuf> {
    std::env::current_exe().ok()
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    pdf::bound(args.seconds, args.memory);
    let line = pdf::extract(&mut io::stdin().lock())?;
    io::stdout().lock().write_all(line.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
