//! The *survey* reads a sample of each source before a run, to find the lines it repeats on every page.
//!
//! A source is told by the folders of its files, years and numbers aside: `gazette/2023/06/a.txt` and
//! `gazette/2024/01/b.txt` are of one. The sample depends on the archive alone, never on the order of threads, so that
//! the same archive always gives the same articles.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use crate::clean::survey::{Repeated, Survey, holders};
use crate::corpus::Entry;
use crate::corpus::Root;
use crate::corpus::Selection;
use crate::corpus::SourceFile;
use crate::ingest::plan::Plan;
use crate::ingest::source::Reading;
use crate::parse::Found;

/// Files of a source that are sampled.
const MAX_FILES: usize = 40;
/// Records of a file that are sampled.
const MAX_RECORDS: usize = 40;
/// A larger file is no page with debris on it, but a dump.
const MAX_BYTES: u64 = 4 << 20;

/// The source a file is of.
pub(crate) fn group_of(name: &str) -> String {
    let folders = name.rsplit_once('/').map_or("", |(folders, _)| folders);
    let named =
        folders.split('/').filter(|folder| !folder.chars().all(|c| c.is_ascii_digit() || "-_.".contains(c)));
    named.collect::<Vec<_>>().join("/")
}

/// Samples the sources that have a file to be read.
pub(crate) fn survey(reading: &Reading, roots: &[Root], selection: &Selection, plan: &Plan) -> Repeated {
    let groups_read = plan.read.iter().map(|planned| group_of(&planned.file.name)).collect::<BTreeSet<_>>();
    let wanted: BTreeSet<&str> = groups_read.iter().flat_map(|group| holders(group)).collect();
    if wanted.is_empty() {
        return Repeated::default();
    }
    let mut groups: BTreeMap<String, Vec<SourceFile>> = BTreeMap::new();
    for root in roots {
        root.walk(selection, &mut |entry| {
            if let Entry::File(file) = entry
                && file.size <= MAX_BYTES
            {
                let group = group_of(&file.name);
                if wanted.contains(group.as_str()) {
                    groups.entry(group).or_default().push(file);
                }
            }
        });
    }
    let mut survey = Survey::default();
    for (group, files) in groups {
        let step = files.len().div_ceil(MAX_FILES);
        for file in files.iter().step_by(step.max(1)) {
            let mut left = MAX_RECORDS;
            // What is wrong with a file is told when it is read for good.
            reading.file(&file.name, &file.path, None, &mut |found| {
                if let Found::Article(record) = found {
                    survey.add(&record, &group);
                    left -= 1;
                }
                if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
        }
    }
    survey.finish()
}

#[cfg(test)]
mod tests {
    use super::group_of;

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
}
