//! A *cluster* is the full names of one article that mean one person: `J. Smith`, `John Smith`, `John P. Smith Jr`.

use rustc_hash::FxHashMap;

use crate::tag::names::mark;
use crate::tag::persons::Who;
use crate::tag::reading::Reading;
use crate::tag::runs::Run;
use crate::tag::runs::last_name;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Shape;

/// The clusters of an article.
#[derive(Debug, Default)]
pub(crate) struct Clusters {
    /// Per run, its cluster.
    pub(crate) of_run: Vec<u32>,
    list: Vec<Cluster>,
}

#[derive(Debug)]
struct Cluster {
    longest: (usize, usize),
    families: Vec<u32>,
    particles: Vec<u32>,
}

impl Clusters {
    /// The words a person is named by alone, none for persons of the dictionary.
    pub(crate) fn families(&self, who: Who) -> &[u32] {
        match who {
            Who::Open(cluster) => &self.list[cluster as usize].families,
            Who::Known(_) => &[],
        }
    }

    /// The particles before the family name, in lower case in the full name.
    pub(crate) fn particles(&self, cluster: u32) -> &[u32] {
        &self.list[cluster as usize].particles
    }

    /// The tokens of the longest form.
    pub(crate) fn longest(&self, cluster: u32) -> (usize, usize) {
        self.list[cluster as usize].longest
    }
}

/// Puts full names together, the longest first: the same first and last word, or an initial for the first, or the
/// first or last words of one longer name only.
pub(crate) fn clusters(reading: &Reading<'_>, runs: &[Run]) -> Clusters {
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|at| {
        let run = &runs[*at];
        (starts_with_initial(reading, run), std::cmp::Reverse(run.end - run.start), run.start)
    });
    let mut clusters = Clusters { of_run: vec![0; runs.len()], list: Vec::new() };
    let mut keys = Keys::default();
    for at in order {
        let run = &runs[at];
        let cluster = keys.cluster(reading, run).unwrap_or_else(|| {
            clusters.list.push(cluster(reading, run));
            u32::try_from(clusters.list.len() - 1).unwrap_or(u32::MAX)
        });
        keys.learn(reading, run, cluster);
        clusters.of_run[at] = cluster;
    }
    clusters
}

/// Pairs of words by which a name is known again.
#[derive(Default)]
struct Keys {
    /// First and last word.
    exact: FxHashMap<(u32, u32), u32>,
    /// Two words of a longer name; `None` where two persons share them.
    part: FxHashMap<(u32, u32), Option<u32>>,
    /// First letter and last word.
    initial: FxHashMap<(char, u32), Option<u32>>,
}

impl Keys {
    fn cluster(&self, reading: &Reading<'_>, run: &Run) -> Option<u32> {
        let last = reading.words[last_name(reading, run)];
        let exact = self.exact.get(&(reading.words[run.start], last)).copied();
        let part = || self.part.get(&(reading.words[run.start], last)).copied().flatten();
        let initial = || {
            let key = (first_letter(reading, run)?, last);
            self.initial.get(&key).copied().flatten().filter(|_| starts_with_initial(reading, run))
        };
        exact.or_else(part).or_else(initial)
    }

    fn learn(&mut self, reading: &Reading<'_>, run: &Run, cluster: u32) {
        let last_at = last_name(reading, run);
        let (first, last) = (reading.words[run.start], reading.words[last_at]);
        self.exact.entry((first, last)).or_insert(cluster);
        for inner in (run.start + 1..last_at).filter(|at| reading.token(*at).shape == Shape::Capitalised) {
            for key in [(first, reading.words[inner]), (reading.words[inner], last)] {
                only(&mut self.part, key, cluster);
            }
        }
        if let Some(letter) = first_letter(reading, run) {
            only(&mut self.initial, (letter, last), cluster);
        }
    }
}

/// Keeps a key for one cluster, or for none once two have it.
fn only<K: std::hash::Hash + Eq>(map: &mut FxHashMap<K, Option<u32>>, key: K, cluster: u32) {
    let held = map.entry(key).or_insert(Some(cluster));
    if *held != Some(cluster) {
        *held = None;
    }
}

fn starts_with_initial(reading: &Reading<'_>, run: &Run) -> bool {
    let token = reading.token(run.start);
    token.shape == Shape::Initial || token.dotted
}

fn first_letter(reading: &Reading<'_>, run: &Run) -> Option<char> {
    reading.tokens.folded(run.start).chars().next()
}

fn cluster(reading: &Reading<'_>, run: &Run) -> Cluster {
    let last = last_name(reading, run);
    let is_particle = |at: &usize| reading.is(*at, mark::PARTICLE | mark::WEAK_PARTICLE);
    let first_particle = (run.start + 1..last).rev().take_while(is_particle).last().unwrap_or(last);
    let particles = reading.words[first_particle..last].to_vec();
    Cluster { longest: (run.start, run.end), families: families(reading, run, last), particles }
}

fn families(reading: &Reading<'_>, run: &Run, last: usize) -> Vec<u32> {
    let family_first = reading.is(run.start, mark::FAMILY_FIRST);
    let hyphened = (run.start..run.end).any(|at| reading.gap(at) == Gap::Hyphen && at > run.start);
    let only_first =
        family_first && (!reading.is(run.start, mark::GIVEN) || hyphened || run.end - run.start > 2);
    let mut families = Vec::new();
    if family_first {
        families.push(reading.words[run.start]);
    }
    if !only_first {
        families.push(reading.words[last]);
        let middle = (run.start + 1..last).filter(|at| {
            reading.token(*at).shape == Shape::Capitalised && !reading.is(*at, mark::GIVEN | mark::WEAK_GIVEN)
        });
        families.extend(middle.map(|at| reading.words[at]));
    }
    families
}
