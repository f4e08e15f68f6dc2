//! The *output* is stdout, buffered, with every failure told: on a full disk, on a closed pipe.

use std::io;
use std::io::{BufWriter, Write};

use crate::commands::failure::Failure;

/// Writes to stdout; gives what the writing gives.
pub(crate) fn write<T, E>(write: impl FnOnce(&mut dyn Write) -> Result<T, E>) -> Result<T, Failure>
where
    Failure: From<E>,
{
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write(&mut out)?;
    out.flush()?;
    Ok(written)
}
