//! A *query* is what a reader asks of the text: words, phrases, fields, dates, joined by AND, OR and NOT.

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
