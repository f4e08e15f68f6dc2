//! A *cluster* is the full names of one article that mean one person: `J. Smith`, `John Smith`, `John P. Smith Jr`.
//!
//! A person of the dictionary named in full is one too, so that other forms of the name are told by it.

use rustc_hash::FxHashMap;

use crate::tag::clues::Clues;
use crate::tag::names::mark;
use crate::tag::persons::Named;
use crate::tag::persons::Who;
use crate::tag::reading::Reading;
use crate::tag::runs::Run;
use crate::tag::runs::last_name;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Shape;

/// The clusters of an article.
#[derive(Debug, Default)]
pub(crate) struct Clusters {
    /// Per run, whom it means: nobody where it is no name.
    pub(crate) of_run: Vec<Option<Who>>,
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
/// first or last words of one longer name only. What is no name by itself is one where it is part of a longer name.
pub(crate) fn clusters(reading: &Reading<'_>, known: &[Named], runs: &[Run]) -> Clusters {
    let mut clusters = Clusters { of_run: vec![None; runs.len()], list: Vec::new() };
    let mut keys = Keys::default();
    for named in known.iter().filter(|named| named.end - named.start > 1) {
        keys.learn(reading, (named.start, named.end), named.who);
    }
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.retain(|at| !runs[*at].clues.has(Clues::ORGANISATION));
    order.sort_by_key(|at| {
        let run = &runs[*at];
        let initial = starts_with_initial(reading, run.start);
        (!run.clues.are_enough(), initial, std::cmp::Reverse(run.end - run.start), run.start)
    });
    for at in order {
        let run = &runs[at];
        let who = keys.who(reading, run).or_else(|| {
            run.clues.are_enough().then(|| {
                clusters.list.push(cluster(reading, run));
                Who::Open(u32::try_from(clusters.list.len() - 1).unwrap_or(u32::MAX))
            })
        });
        if let Some(who) = who {
            keys.learn(reading, (run.start, run.end), who);
        }
        clusters.of_run[at] = who;
    }
    clusters
}

/// Pairs of words by which a name is known again.
#[derive(Default)]
struct Keys {
    /// First and last word.
    exact: FxHashMap<(u32, u32), Who>,
    /// Two words of a longer name; `None` where two persons share them.
    part: FxHashMap<(u32, u32), Option<Who>>,
    /// First letter and last word.
    initial: FxHashMap<(char, u32), Option<Who>>,
}

impl Keys {
    fn who(&self, reading: &Reading<'_>, run: &Run) -> Option<Who> {
        let last = reading.words[last_name(reading, run.start, run.end)];
        let exact = self.exact.get(&(reading.words[run.start], last)).copied();
        let part = || self.part.get(&(reading.words[run.start], last)).copied().flatten();
        let initial = || {
            let key = (first_letter(reading, run.start)?, last);
            self.initial.get(&key).copied().flatten().filter(|_| starts_with_initial(reading, run.start))
        };
        exact.or_else(part).or_else(initial)
    }

    fn learn(&mut self, reading: &Reading<'_>, (start, end): (usize, usize), who: Who) {
        let last_at = last_name(reading, start, end);
        let (first, last) = (reading.words[start], reading.words[last_at]);
        self.exact.entry((first, last)).or_insert(who);
        for inner in (start + 1..last_at).filter(|at| reading.token(*at).shape == Shape::Capitalised) {
            for key in [(first, reading.words[inner]), (reading.words[inner], last)] {
                only(&mut self.part, key, who);
            }
        }
        if let Some(letter) = first_letter(reading, start) {
            only(&mut self.initial, (letter, last), who);
        }
    }
}

/// Keeps a key for one person, or for none once two have it.
fn only<K: std::hash::Hash + Eq>(map: &mut FxHashMap<K, Option<Who>>, key: K, who: Who) {
    let held = map.entry(key).or_insert(Some(who));
    if *held != Some(who) {
        *held = None;
    }
}

fn starts_with_initial(reading: &Reading<'_>, start: usize) -> bool {
    let token = reading.token(start);
    token.shape == Shape::Initial || token.dotted
}

fn first_letter(reading: &Reading<'_>, start: usize) -> Option<char> {
    reading.tokens.folded(start).chars().next()
}

fn cluster(reading: &Reading<'_>, run: &Run) -> Cluster {
    let last = last_name(reading, run.start, run.end);
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
