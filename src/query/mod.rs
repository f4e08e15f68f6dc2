//! A *query* is what a reader asks of the text: words, phrases, fields, dates, joined by AND, OR and NOT.
//!
//! `parse` reads it (the grammar is there), `ast` is what was read, as plain data; `compile` turns it into the
//! engine's query, `matcher` evaluates many of them on one article in memory, `explain` tells how it was understood. Both read a text as
//! `slot`s; `row` is what the engine lacks, a query for slots by their places.

pub mod ast;
pub mod compile;
pub mod explain;
pub mod matcher;
pub mod parse;
mod row;
mod slot;

/// A query that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// What is wrong and what was expected.
    pub message: String,
    /// What to type instead.
    pub hint: Option<String>,
    /// Where, in characters from 0.
    pub position: usize,
}
