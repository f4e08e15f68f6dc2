//! The *JSON* of a response, an article or anything else: the data as it stands, safe to print.

use std::io;
use std::io::Write;

use serde::Serialize;

use crate::render::safe;

/// One object over several lines.
///
/// # Errors
/// Those of the writer.
pub fn object(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", safe::json(&serde_json::to_string_pretty(value)?))
}

/// One object on a line of its own.
///
/// # Errors
/// Those of the writer.
pub fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", safe::json(&serde_json::to_string(value)?))
}
