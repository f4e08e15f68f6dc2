//! A *tagged* article is what would be indexed of a record, told without an index.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::DirEntry;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::article::ArticleId;
use crate::article::Tags;
use crate::corpus::Root;
use crate::corpus::Selection;
use crate::ingest::IngestError;
use crate::ingest::Progress;
use crate::ingest::pipeline::Control;
use crate::ingest::plan::Plan;
use crate::ingest::source::{Ended, Hashing, Reading};
use crate::ingest::threads;
use crate::parse::Found;
use crate::parse::limits::Limits;
use crate::taxonomy::Taxonomy;

/// Files of a folder that are looked at to tag one of them.
const MAX_NEIGHBOURS: usize = 10_000;

/// One record, cleaned and tagged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tagged {
    /// The source file.
    pub path: String,
    /// Which record of it, from 0.
    pub record: u32,
    /// The article's id.
    pub id: ArticleId,
    /// The article.
    #[serde(flatten)]
    pub article: Article,
    /// What it is about, and where that is named.
    #[serde(flatten)]
    pub tags: Tags,
}

/// A file or record that gave no article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// The file.
    pub path: String,
    /// Why.
    pub reason: String,
    /// Whether it holds no article; else it could not be read.
    pub skipped: bool,
}

/// Called for every record in order.
pub type EachTagged<'a> = &'a mut dyn FnMut(Result<Tagged, FileProblem>) -> ControlFlow<()>;

/// What files are tagged with. A taxonomy alone will do.
#[derive(Clone, Copy)]
pub struct TagOptions<'a> {
    /// The dictionaries.
    pub taxonomy: &'a Taxonomy,
    /// The `dateline` program, which reads PDF in a process of its own; without it PDF is skipped.
    pub program: Option<&'a Path>,
}

impl<'a> From<&'a Taxonomy> for TagOptions<'a> {
    fn from(taxonomy: &'a Taxonomy) -> Self {
        Self { taxonomy, program: None }
    }
}

impl TagOptions<'_> {
    fn reading(self) -> Result<Reading, IngestError> {
        Ok(Reading::new(self.taxonomy, Limits::default())?.with_program(self.program))
    }
}

/// Cleans and tags every record of some files and folders, in the order of names.
///
/// # Errors
/// Where a path is not there, or a dictionary cannot be used.
pub fn tag_paths<'a>(
    paths: &[PathBuf],
    options: impl Into<TagOptions<'a>>,
    each: EachTagged<'_>,
) -> Result<(), IngestError> {
    let roots = paths.iter().map(|path| Root::find(path, Path::new("."))).collect::<Result<Vec<_>, _>>()?;
    let selection = Selection::default();
    let plan = Plan::make(&roots, &selection, &BTreeMap::new(), true);
    let (progress, stop) = (Progress::default(), AtomicBool::new(false));
    let control = Control { jobs: threads(0), progress: &progress, stop: &stop };
    let surveyed: Vec<Root> = roots.iter().cloned().chain(neighbours(&roots)).collect();
    let reading = options.into().reading()?.surveyed(&surveyed, &selection, &plan, &control);
    let skipped = plan.skipped.iter().map(|(path, reason)| (path, *reason, true));
    let failed = plan.unreadable.iter().map(|(path, reason)| (path, reason.as_str(), false));
    for (path, reason, skipped) in skipped.chain(failed) {
        let problem = FileProblem { path: path.clone(), reason: reason.to_owned(), skipped };
        if each(Err(problem)).is_break() {
            return Ok(());
        }
    }
    for planned in &plan.read {
        let name = &planned.file.name;
        let mut number = 0;
        let mut each_record = |found| one(&reading, name, &mut number, found, each);
        let ended = reading.file(&planned.file, None, &|| false, &mut each_record);
        if tell_end(name, ended, each).is_break() {
            return Ok(());
        }
    }
    Ok(())
}

/// The files of the folders that single files lie in: they say what a source repeats on every page, as they do where
/// the folder is indexed.
fn neighbours(roots: &[Root]) -> Vec<Root> {
    let files = roots.iter().map(Root::path).filter(|path| path.is_file());
    let folders: BTreeSet<&Path> = files.filter_map(Path::parent).collect();
    folders.into_iter().flat_map(files_in).filter_map(|file| Root::find(&file, Path::new(".")).ok()).collect()
}

/// The files of a folder that a run over it would look at, spread over all names where they are many.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let visible = |entry: &DirEntry| !entry.file_name().as_encoded_bytes().starts_with(b".");
    let is_file = |entry: &DirEntry| entry.file_type().is_ok_and(|kind| kind.is_file());
    let files = entries.flatten().filter(|entry| visible(entry) && is_file(entry));
    let mut files: Vec<PathBuf> = files.map(|entry| entry.path()).collect();
    files.sort_unstable();
    let step = files.len().div_ceil(MAX_NEIGHBOURS).max(1);
    files.into_iter().step_by(step).collect()
}

/// Cleans and tags every record of one input, such as standard input.
///
/// # Errors
/// Where a dictionary cannot be used.
pub fn tag_reader<'a>(
    name: &str,
    input: &mut dyn BufRead,
    options: impl Into<TagOptions<'a>>,
    each: EachTagged<'_>,
) -> Result<(), IngestError> {
    let reading = options.into().reading()?;
    let mut number = 0;
    let mut each_record = |found| one(&reading, name, &mut number, found, each);
    let ended = reading.records(name, &mut Hashing::new(input, &|| false), None, &mut each_record);
    // Nothing follows that a break could stop.
    let (ControlFlow::Continue(()) | ControlFlow::Break(())) = tell_end(name, ended, each);
    Ok(())
}

fn one(
    reading: &Reading,
    name: &str,
    number: &mut u32,
    found: Found,
    each: EachTagged<'_>,
) -> ControlFlow<()> {
    let record = *number;
    *number += 1;
    let problem =
        |reason: String, skipped: bool| FileProblem { path: format!("{name}#{record}"), reason, skipped };
    each(match found {
        Found::Article(found) => {
            let (article, tags) = reading.article(name, found);
            Ok(Tagged { path: name.to_owned(), record, id: article.id(), article, tags })
        }
        Found::NotAnArticle { reason } => Err(problem(reason, true)),
        Found::Bad { reason } => Err(problem(reason, false)),
    })
}

fn tell_end(name: &str, ended: Ended, each: EachTagged<'_>) -> ControlFlow<()> {
    match ended {
        Ended::Whole { .. } | Ended::Same => ControlFlow::Continue(()),
        Ended::Stopped => ControlFlow::Break(()),
        Ended::Without { reason, failed, .. } => {
            each(Err(FileProblem { path: name.to_owned(), reason, skipped: !failed }))
        }
        Ended::Unreadable { reason } => {
            each(Err(FileProblem { path: name.to_owned(), reason, skipped: false }))
        }
    }
}
