//! Stub of the *taxonomy*, for this branch only.

use std::path::Path;

/// The dictionaries.
pub struct Taxonomy;

/// Dictionaries that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TaxonomyError(String);

impl Taxonomy {
    /// Built in.
    ///
    /// # Errors
    /// Never, here.
    pub fn builtin() -> Result<Self, TaxonomyError> {
        Ok(Self)
    }

    /// A user's.
    ///
    /// # Errors
    /// Where there is no such directory.
    pub fn load(dir: &Path) -> Result<Self, TaxonomyError> {
        match dir.is_dir() {
            true => Ok(Self),
            false => Err(TaxonomyError(format!("{}: there is no such directory", dir.display()))),
        }
    }
}
