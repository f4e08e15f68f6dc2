//! The *roots* of a run are the folders and files to read, and those that are not there any more.
//!
//! A disk that is not mounted must not empty an archive: a root of earlier runs that is not there is told of and keeps
//! its articles. They are dropped when its path is named.

use std::collections::BTreeMap;
use std::path::Path;

use crate::corpus::CorpusError;
use crate::corpus::Root;
use crate::corpus::home;
use crate::ingest::IngestError;
use crate::ingest::IngestOptions;
use crate::ledger::FileEntry;

/// The roots of a run.
#[derive(Debug, Default)]
pub(crate) struct Roots {
    /// To be walked.
    pub(crate) found: Vec<Root>,
    /// Forgotten: named, or below one that is walked, and not there.
    pub(crate) gone: Vec<Root>,
    /// Of earlier runs and not there, and what to do about it.
    pub(crate) missing: Vec<(String, String)>,
}

impl Roots {
    /// The roots that were named; none: those of earlier runs.
    ///
    /// # Errors
    /// Where a path that was named never held anything, or no root is there.
    pub(crate) fn of(
        options: &IngestOptions,
        earlier: &[String],
        ledger: &BTreeMap<String, FileEntry>,
    ) -> Result<Self, IngestError> {
        let home = home(&options.index);
        if options.roots.is_empty() {
            return Self::earlier(earlier, home);
        }
        let mut roots = Self::default();
        for path in &options.roots {
            match Root::find(path, home) {
                Ok(root) => roots.found.push(root),
                Err(error @ CorpusError::Missing(_)) => {
                    let root = Root::gone(path, home);
                    let is_known =
                        earlier.contains(&root.name()) || ledger.keys().any(|name| root.holds(name));
                    if !is_known {
                        return Err(error.into());
                    }
                    roots.gone.push(root);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(roots)
    }

    fn earlier(names: &[String], home: &Path) -> Result<Self, IngestError> {
        let mut roots = Self::default();
        let mut missing = Vec::new();
        for name in names {
            match Root::named(name, home) {
                Ok(root) => roots.found.push(root),
                Err(error) => missing.push((name, error)),
            }
        }
        if roots.found.is_empty() {
            return Err(missing.into_iter().next().map_or(IngestError::NoRoots, |(_, error)| match error {
                CorpusError::Missing(path) => CorpusError::Gone(path).into(),
                error => error.into(),
            }));
        }
        for (name, error) in missing {
            match error {
                // What lies below a folder that is there is gone as any file can be.
                CorpusError::Missing(path) if roots.found.iter().any(|root| root.holds(name)) => {
                    roots.gone.push(Root::gone(&path, home));
                }
                CorpusError::Missing(path) => {
                    let reason = CorpusError::Gone(path).to_string();
                    roots.missing.push((name.clone(), reason));
                }
                error => roots.missing.push((name.clone(), error.to_string())),
            }
        }
        Ok(roots)
    }
}
