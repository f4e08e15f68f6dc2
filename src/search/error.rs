//! A *search error* says what is wrong with a request, where, and what to type instead; or that the index failed.

use crate::index::IndexError;
use crate::query::QueryError;
use crate::query::compile::CompileError;

/// A search that cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query cannot be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A filter's value is unknown or means several things.
    #[error("{message}")]
    Filter {
        /// What is wrong.
        message: String,
        /// Values that were perhaps meant, best first.
        candidates: Vec<String>,
    },
    /// Another part of the request is wrong.
    #[error("{message}")]
    Request {
        /// What is wrong.
        message: String,
        /// What to ask instead.
        hint: String,
    },
    /// The search did not end by its deadline.
    #[error("the search did not end in time")]
    Late,
    /// The engine failed: not the user's fault.
    #[error("the index cannot be searched: {0}")]
    Engine(String),
}

impl SearchError {
    /// A parameter of a request that cannot be read, found before there is a query.
    pub fn parameter(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Request { message: message.into(), hint: hint.into() }
    }

    /// Whether another request would do: exit code 2 and HTTP 400; else the index is at fault or busy: 1, and 500 or 503.
    pub fn is_users(&self) -> bool {
        !matches!(self, Self::Engine(_) | Self::Late)
    }

    /// A fixed name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Query(_) => "query_syntax",
            Self::Filter { .. } => "filter_value",
            Self::Request { .. } => "bad_request",
            Self::Late => "timeout",
            Self::Engine(_) => "index",
        }
    }

    /// What to type instead, where that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Query(error) => error.hint.clone(),
            Self::Filter { candidates, .. } if candidates.is_empty() => None,
            Self::Filter { candidates, .. } => Some(format!("did you mean {}?", candidates.join(", "))),
            Self::Request { hint, .. } => Some(hint.clone()),
            Self::Late => Some("ask for less, or again later".to_owned()),
            Self::Engine(_) => {
                Some("index again into a new directory: dateline --index NEW index DIR".to_owned())
            }
        }
    }

    /// Where in the query, in characters from 0.
    pub fn position(&self) -> Option<usize> {
        match self {
            Self::Query(error) => Some(error.position),
            Self::Filter { .. } | Self::Request { .. } | Self::Late | Self::Engine(_) => None,
        }
    }
}

impl From<CompileError> for SearchError {
    fn from(error: CompileError) -> Self {
        match error {
            CompileError::Query(error) => Self::Query(error),
            CompileError::Value { message, candidates } => Self::Filter { message, candidates },
            CompileError::Late => Self::Late,
            CompileError::Engine(reason) => Self::Engine(reason),
        }
    }
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Engine(error.to_string())
    }
}

impl From<IndexError> for SearchError {
    fn from(error: IndexError) -> Self {
        Self::Engine(error.to_string())
    }
}
