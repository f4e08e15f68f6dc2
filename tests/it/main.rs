//! The integration tests, one module per subject.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod cli;
mod command;
