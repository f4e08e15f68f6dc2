//! The *survey* reads a sample of each source before a run, to find the lines it repeats on every page.
//!
//! A source is told by the folders of its files, years and numbers aside: `gazette/2023/06/a.txt` and
//! `gazette/2024/01/b.txt` are of one. One with few files is pooled with its neighbours in the folder above, so that
//! pages in a folder each are of one source too. The sample depends on the archive alone, never on the order of
//! threads or on what changed since the last run, so that the same archive always gives the same articles.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::thread;

use crate::article::Record;
use crate::clean::survey::{Repeated, Survey, holders};
use crate::corpus::Entry;
use crate::corpus::Root;
use crate::corpus::Selection;
use crate::corpus::SourceFile;
use crate::ingest::pipeline::Control;
use crate::ingest::plan::Plan;
use crate::ingest::source::{Reading, Stopped};
use crate::parse::Found;

/// Files that are sampled in all: some seconds of reading.
const MAX_SAMPLE: usize = 2_000;
/// Files of a source that are sampled.
const MAX_FILES: usize = 40;
/// Files of a source that are sampled at least; a source that has fewer says nothing by itself.
const MIN_FILES: usize = 8;
/// Records of a file that are sampled.
const MAX_RECORDS: usize = 40;
/// A larger file is no page with debris on it, but a dump.
const MAX_BYTES: u64 = 4 << 20;
/// A larger file may hold as many articles as a source must have, where its format has more than one.
const MANY_RECORDS: u64 = 64 << 10;
/// Files that a thread reads before its records are counted, and threads: what bounds the memory.
const BATCH: usize = 4;
const MAX_THREADS: usize = 16;

/// Files by source.
type Groups = BTreeMap<String, Vec<SourceFile>>;

/// The source a file is of.
pub(crate) fn group_of(name: &str) -> String {
    let folders = name.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').filter(|folder| !is_number(folder)).collect::<Vec<_>>().join("/")
}

/// Whether a folder's name is a year, a day or any other number.
pub(crate) fn is_number(folder: &str) -> bool {
    folder.chars().all(|c| c.is_ascii_digit() || "-_.".contains(c))
}

/// Samples the sources that have a file to be read. Where it is stopped, it knows only what it saw until then.
pub(crate) fn survey(
    reading: &Reading,
    roots: &[Root],
    selection: &Selection,
    plan: &Plan,
    control: &Control<'_>,
) -> Repeated {
    let groups_read = plan.read.iter().map(|planned| group_of(&planned.file.name)).collect::<BTreeSet<_>>();
    let wanted: BTreeSet<&str> = groups_read.iter().flat_map(|group| holders(group)).collect();
    if wanted.is_empty() {
        return Repeated::default();
    }
    let mut groups = groups(roots, selection);
    let most = pool(&mut groups);
    groups.retain(|group, _| wanted.contains(group.as_str()));
    count(reading, &sample(groups, most), control)
}

fn groups(roots: &[Root], selection: &Selection) -> Groups {
    let mut groups = Groups::new();
    for root in roots {
        root.walk(selection, &mut |entry| {
            if let Entry::File(file) = entry
                && file.size <= MAX_BYTES
            {
                groups.entry(group_of(&file.name)).or_default().push(file);
            }
        });
    }
    groups
}

/// Pools small groups, the larger the more of them there are; gives how many files of each are to be sampled.
fn pool(groups: &mut Groups) -> usize {
    let mut least = MIN_FILES;
    loop {
        pool_smaller(groups, least);
        let most = (MAX_SAMPLE / groups.len().max(1)).clamp(MIN_FILES, MAX_FILES);
        let files: usize = groups.values().map(|files| files.len().min(most)).sum();
        if files <= MAX_SAMPLE || groups.len() <= 1 {
            return most;
        }
        least *= 2;
    }
}

/// Moves the files of groups that have fewer to the folder above, the deepest first.
fn pool_smaller(groups: &mut Groups, least: usize) {
    let depth = |group: &str| holders(group).count() - 1;
    let deepest = groups.keys().map(|group| depth(group)).max().unwrap_or(0);
    for level in (1..=deepest).rev() {
        let small = groups.iter().filter(|(group, files)| depth(group) == level && weight(files) < least);
        for group in small.map(|(group, _)| group.clone()).collect::<Vec<_>>() {
            let above = holders(&group).nth(1).unwrap_or_default().to_owned();
            let files = groups.remove(&group).unwrap_or_default();
            groups.entry(above).or_default().extend(files);
        }
    }
}

/// How many articles some files hold at least, as far as can be told without reading them.
fn weight(files: &[SourceFile]) -> usize {
    let several = |file: &SourceFile| {
        let extension = file.path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        file.size > MANY_RECORDS && matches!(extension, "jsonl" | "ndjson" | "json" | "sgm")
    };
    files.iter().map(|file| if several(file) { MIN_FILES } else { 1 }).sum()
}

/// Some files of each group, spread over all of its names.
fn sample(groups: Groups, most: usize) -> Vec<(String, SourceFile)> {
    let mut sample = Vec::new();
    for (group, mut files) in groups {
        files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        files.dedup_by(|a, b| a.name == b.name);
        let step = files.len().div_ceil(most).max(1);
        sample.extend(files.into_iter().step_by(step).map(|file| (group.clone(), file)));
    }
    sample
}

/// Counts the lines of the sample. Threads read it, a batch at a time; the order of counting is that of the sample.
fn count(reading: &Reading, sample: &[(String, SourceFile)], control: &Control<'_>) -> Repeated {
    let Control { jobs, progress, stop } = *control;
    progress.to_survey.store(sample.len() as u64, Ordering::Relaxed);
    let mut survey = Survey::default();
    for batch in sample.chunks(BATCH * jobs.clamp(1, MAX_THREADS)) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        for (group, records) in read(reading, batch, &|| stop.load(Ordering::Relaxed)) {
            records.iter().for_each(|record| survey.add(record, group));
        }
        progress.surveyed.fetch_add(batch.len() as u64, Ordering::Relaxed);
    }
    survey.finish()
}

/// The first records of the files of a batch, in their order.
fn read<'a>(
    reading: &Reading,
    batch: &'a [(String, SourceFile)],
    stopped: Stopped<'_>,
) -> Vec<(&'a str, Vec<Record>)> {
    thread::scope(|threads| {
        let part = |part: &'a [(String, SourceFile)]| {
            part.iter()
                .map(|(group, file)| (group.as_str(), first_records(reading, file, stopped)))
                .collect::<Vec<_>>()
        };
        let parts = batch.chunks(BATCH).map(|files| threads.spawn(move || part(files)));
        let parts: Vec<_> = parts.collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

fn first_records(reading: &Reading, file: &SourceFile, stopped: Stopped<'_>) -> Vec<Record> {
    let mut records = Vec::new();
    // What is wrong with a file is told when it is read for good.
    reading.file(file, None, stopped, &mut |found| {
        if let Found::Article(record) = found {
            records.push(record);
        }
        if records.len() == MAX_RECORDS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    records
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Groups, MAX_FILES, MAX_SAMPLE, MIN_FILES, group_of, pool, sample};
    use crate::corpus::SourceFile;

    #[test]
    fn a_source_is_its_folders_without_dates() {
        for (name, group) in [
            ("gazette/2023/06/a.txt", "gazette"),
            ("gazette/2023-06-18/a.txt", "gazette"),
            ("news/gazette/a.txt", "news/gazette"),
            ("2023/06/a.txt", ""),
            ("a.txt", ""),
        ] {
            assert_eq!(group_of(name), group, "{name}");
        }
    }

    /// The groups sampled, and how many files of all, for names and the size of their files.
    fn pooled(names: impl IntoIterator<Item = String>, size: u64) -> (Vec<String>, usize) {
        let mut groups = Groups::new();
        for name in names {
            let file = SourceFile { path: PathBuf::from(&name), name, size, modified: 0 };
            groups.entry(group_of(&file.name)).or_default().push(file);
        }
        let most = pool(&mut groups);
        let names = groups.keys().cloned().collect();
        (names, sample(groups, most).len())
    }

    #[test]
    fn small_groups_are_of_the_folder_above() {
        let pages = (0..100).map(|n| format!("news/{}/story-{n}/index.html", ["ayr", "cork"][n % 2]));
        assert_eq!(pooled(pages, 5_000), (vec!["news/ayr".to_owned(), "news/cork".to_owned()], 50));
        let few = (0..MIN_FILES).map(|n| format!("{}/{n}.txt", ["ayr", "cork"][n % 2]));
        assert_eq!(pooled(few, 5_000), (vec![String::new()], MIN_FILES));
        let dumps = ["ayr/all.jsonl", "cork/all.jsonl"].map(str::to_owned);
        assert_eq!(pooled(dumps, 1 << 20).0, ["ayr", "cork"]);
    }

    #[test]
    fn a_sample_is_bounded_whatever_the_folders() {
        let page = |folder: usize, n: usize| format!("source-{folder}/{n}.txt");
        let (groups, files) = pooled((0..6_000).map(|n| page(n, 0)), 5_000);
        assert_eq!((groups, files), (vec![String::new()], MAX_FILES));
        let (groups, files) = pooled((0..6_000).map(|n| page(n % 100, n)), 5_000);
        assert_eq!(groups.len(), 100);
        assert!((100 * MIN_FILES..=MAX_SAMPLE).contains(&files), "{files}");
        let (groups, files) = pooled((0..20_000).map(|n| page(n % 2_000, n)), 5_000);
        assert!(!groups.is_empty() && files <= MAX_SAMPLE, "{files}");
    }
}
