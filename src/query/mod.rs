//! A *query* is what a reader asks of the text: words, phrases, fields, dates, joined by AND, OR and NOT.
//!
//! `parse` reads it (the grammar is there), `ast` is what was read, as plain data; `compile` turns it into the
//! engine's query, `matcher` evaluates many of them on one article in memory, `explain` tells how it was understood. Both
//! read a text as `slot`s, which `expand` fills with words of the index, and join where they stand as `span`s; `places` is
//! what the engine lacks, a query for words by their places.

pub mod ast;
pub mod compile;
pub(crate) mod expand;
pub mod explain;
pub mod matcher;
pub mod parse;
pub mod plain;
mod places;
mod slot;
mod span;

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
