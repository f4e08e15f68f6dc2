//! An *issue* is a newspaper's of one day, as libraries keep it: a METS file, which says where the articles are, and the
//! ALTO pages beside or below it. Here is what each file of an issue must know of the others.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::corpus;
use crate::parse::mets;

/// How many folders' issues are remembered.
const FOLDERS: usize = 16;

/// The most METS files of a folder that are looked into.
const MAX_ISSUES: usize = 1_000;

/// Where a file lies, and how to look around there.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// The file.
    pub path: &'a Path,
    /// The roots of the archive: nothing outside them is looked at.
    pub roots: &'a [PathBuf],
    /// What was found before.
    pub issues: &'a Issues,
}

impl Beside<'_> {
    /// Opens a file in the same folder or below it.
    pub(super) fn open(&self, name: &str) -> io::Result<File> {
        corpus::open_below(self.path.parent().unwrap_or(Path::new("")), name)
    }

    /// The METS file, in this folder or the one above, that makes articles of this page.
    pub(super) fn claimant(&self) -> Option<String> {
        let folders = self.path.ancestors().skip(1).take(2);
        let ours = |folder: &&Path| self.roots.iter().any(|root| folder.starts_with(root));
        folders.filter(ours).find_map(|folder| {
            let issues = self.issues.of(folder);
            issues.iter().find(|issue| issue.pages.contains(self.path)).map(|issue| issue.name.clone())
        })
    }
}

/// The issues of folders, each looked up once.
#[derive(Default)]
pub struct Issues {
    known: Mutex<Vec<(PathBuf, Arc<Vec<Issue>>)>>,
}

/// A METS file, and the pages it makes articles of.
struct Issue {
    name: String,
    pages: HashSet<PathBuf>,
}

impl Issues {
    fn of(&self, folder: &Path) -> Arc<Vec<Issue>> {
        // Held while the folder is read: other threads want the same.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, issues)) = known.iter().find(|(own, _)| own == folder) {
            return Arc::clone(issues);
        }
        let issues = Arc::new(look(folder));
        if known.len() == FOLDERS {
            known.remove(0);
        }
        known.push((folder.to_owned(), Arc::clone(&issues)));
        issues
    }
}

fn look(folder: &Path) -> Vec<Issue> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| is_mets(name)).take(MAX_ISSUES).collect();
    names.sort_unstable();
    names.into_iter().filter_map(|name| issue(folder, name)).collect()
}

fn is_mets(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("mets") && name.ends_with(".xml") && !name.starts_with('.')
}

fn issue(folder: &Path, name: String) -> Option<Issue> {
    let mut stream = BufReader::new(corpus::open_below(folder, &name).ok()?);
    // One that cannot be read is told of where it is read itself; its pages stand for themselves.
    let pages = mets::pages(&mut stream).ok()?;
    Some(Issue { name, pages: pages.into_iter().map(|page| folder.join(page)).collect() })
}
