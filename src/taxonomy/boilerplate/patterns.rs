//! *Patterns* are the whole-line forms of one section of a boilerplate file: plain texts, and expressions with the
//! guards that keep them off sentences.

use std::collections::{HashMap, HashSet};

use regex::RegexSet;

use crate::taxonomy::boilerplate::folded::Folded;

/// The forms of one section.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    texts: HashMap<String, usize>,
    set: RegexSet,
    guards: Vec<Guard>,
}

/// When an expression may match.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    /// Which entry of the section it is of.
    pub(super) entry: usize,
    /// At most that many words.
    pub(super) words: usize,
    /// Also where a word of prose stands in the line.
    pub(super) prose: bool,
}

impl Patterns {
    pub(super) fn new(texts: HashMap<String, usize>, set: RegexSet, guards: Vec<Guard>) -> Self {
        Self { texts, set, guards }
    }

    /// The entry of the section whose form the line is.
    pub(super) fn find(&self, line: &Folded, prose: &HashSet<String>) -> Option<usize> {
        if let Some(&entry) = self.texts.get(line.key()).filter(|_| !line.quoted()) {
            return Some(entry);
        }
        if line.text().is_empty() || self.guards.iter().all(|guard| line.words() > guard.words) {
            return None;
        }
        let matches = self.set.matches(line.text());
        let fits = |guard: &&Guard| {
            line.words() <= guard.words && (guard.prose || !line.tokens().any(|token| prose.contains(token)))
        };
        matches.iter().filter_map(|at| self.guards.get(at)).find(fits).map(|guard| guard.entry)
    }
}
