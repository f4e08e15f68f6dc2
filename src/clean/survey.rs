//! A *survey* counts in how many articles of a group each line stands: one that stands in many is debris of the
//! page, whatever it says.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

use crate::article::{Layout, Record};
use crate::clean::lines;

/// Lines that stand in a large share of a group's articles. The default knows none.
#[derive(Clone, Debug, Default)]
pub struct Repeated {
    lines: HashSet<u64>,
}

/// Counts lines of sampled articles. Holds hashes only, 40 MB at most; where that is full, the rarest lines go.
#[derive(Debug, Default)]
pub struct Survey {
    groups: HashMap<u64, Group>,
    articles: usize,
    lines: usize,
}

#[derive(Debug, Default)]
struct Group {
    articles: HashSet<u64>,
    lines: HashMap<u64, u32>,
}

/// A group with fewer articles says nothing.
const GROUP: usize = 8;
/// A line must stand in that many articles, and in one of that many.
const ARTICLES: usize = 5;
const SHARE: usize = 4;
/// More articles of a group say no more.
const SAMPLE: usize = 1_000;
const ALL_ARTICLES: usize = 1 << 18;
const ALL_LINES: usize = 1 << 20;

impl Repeated {
    /// Whether the line, case and white space aside, is repeated in the group, or in one that holds it: `gazette` holds
    /// `gazette/reprints`.
    pub fn contains(&self, group: &str, line: &str) -> bool {
        if self.lines.is_empty() {
            return false;
        }
        let Some(text) = folded(line) else { return false };
        holders(group).any(|holder| self.lines.contains(&hash(&(holder, &text))))
    }
}

impl Survey {
    /// Counts a sampled article; one that was counted, wire stories and what is beyond the sample are passed over.
    pub fn add(&mut self, record: &Record, group: &str) {
        if record.layout == Layout::Wire || self.articles >= ALL_ARTICLES {
            return;
        }
        let counted = self.groups.entry(hash(&group)).or_default();
        let lines: Vec<String> = lines::split(&record.body).into_iter().map(|line| line.text).collect();
        if counted.articles.len() >= SAMPLE || !counted.articles.insert(hash(&lines)) {
            return;
        }
        self.articles += 1;
        let once: HashSet<u64> =
            lines.iter().filter_map(|line| Some(hash(&(group, folded(line)?)))).take(ALL_LINES / 4).collect();
        for line in once {
            let count = counted.lines.entry(line).or_default();
            self.lines += usize::from(*count == 0);
            *count += 1;
        }
        self.prune();
    }

    /// What is repeated.
    pub fn finish(self) -> Repeated {
        let mut repeated = Repeated::default();
        for group in self.groups.into_values().filter(|group| group.articles.len() >= GROUP) {
            let articles = group.articles.len();
            let least = ARTICLES.max(articles.div_ceil(SHARE));
            let often = |count: u32| usize::try_from(count).is_ok_and(|count| count >= least);
            repeated
                .lines
                .extend(group.lines.into_iter().filter(|(_, count)| often(*count)).map(|(line, _)| line));
        }
        repeated
    }

    /// Forgets the rarest lines until half the room is free.
    fn prune(&mut self) {
        if self.lines <= ALL_LINES {
            return;
        }
        let mut rare = 1;
        while self.lines > ALL_LINES / 2 {
            for group in self.groups.values_mut() {
                group.lines.retain(|_, count| *count > rare);
            }
            self.lines = self.groups.values().map(|group| group.lines.len()).sum();
            rare += 1;
        }
    }
}

/// A group and those that hold it, the widest last.
pub fn holders(group: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(group), |group| match group.rfind('/') {
        Some(at) => Some(&group[..at]),
        None => (!group.is_empty()).then_some(""),
    })
}

/// The line as it is compared; none where it has too few or too many words, or is a full sentence of many.
fn folded(line: &str) -> Option<String> {
    if line.len() > 600 {
        return None;
    }
    let words = line.split_whitespace().count();
    let sentence = words > 18 && lines::ends_sentence(line);
    let fits = (3..=25).contains(&words) && !sentence;
    fits.then(|| line.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" "))
}

fn hash<T: Hash>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::{Survey, holders};
    use crate::article::Record;

    #[test]
    fn a_groups_lines_are_those_of_what_it_holds_too() {
        assert_eq!(holders("a/b/c").collect::<Vec<_>>(), ["a/b/c", "a/b", "a", ""]);
        let mut survey = Survey::default();
        for number in 0..8 {
            let body =
                format!("Story number {number} is here.\nBecome a friend of ours\nThe end of {number}.");
            survey.add(&Record { body, ..Record::default() }, "gazette");
        }
        let repeated = survey.finish();
        let line = "Become a Friend of ours";
        assert!(repeated.contains("gazette", line) && repeated.contains("gazette/reprints", line));
        assert!(!repeated.contains("", line) && !repeated.contains("gazette", "Story number 1 is here."));
    }
}
