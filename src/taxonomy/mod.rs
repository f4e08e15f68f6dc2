//! A *taxonomy* is the set of dictionaries of `index-schema/`: countries, persons, guards and word lists.
//!
//! The loaders take a file's text and its name and say with file and line what is wrong with it. They read nothing
//! from disk.

pub mod countries;
pub mod guards;
pub mod persons;
pub mod places;
mod table;
pub mod words;
pub mod years;

/// A dictionary file holds a mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaxonomyError {
    /// One line that cannot be used.
    #[error("{file}:{line}: {reason}")]
    Mistake {
        /// The file, as the caller names it.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it and what to write instead.
        reason: String,
    },
}
