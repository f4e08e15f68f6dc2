//! *Patterns* are the whole-line forms of one section of a boilerplate file: plain texts, and expressions with the
//! guards that keep them off sentences.

use std::collections::HashMap;

use regex::RegexSet;

use crate::taxonomy::boilerplate::Words;
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
    /// Also where a verb of the present stands in it.
    pub(super) present: bool,
    /// Only where all but the small words of a credit begin with a capital.
    pub(super) names: bool,
}

impl Guard {
    /// Whether a line that the expression matches is not somebody's sentence all the same.
    pub(super) fn fits(&self, line: &Folded<'_>, words: &Words) -> bool {
        line.words() <= self.words
            && (self.prose || !line.tokens().any(|token| words.prose.contains(token)))
            && (self.prose || self.present || !line.tokens().any(|token| words.present.contains(token)))
            && (!self.names || line.small_words().all(|word| words.credit.contains(word)))
    }
}

impl Patterns {
    pub(super) fn new(texts: HashMap<String, usize>, set: RegexSet, guards: Vec<Guard>) -> Self {
        Self { texts, set, guards }
    }

    /// The entry of the section whose form the line is.
    pub(super) fn find(&self, line: &Folded<'_>, words: &Words) -> Option<usize> {
        if let Some(&entry) = self.texts.get(line.key()).filter(|_| !line.quoted()) {
            return Some(entry);
        }
        if line.text().is_empty() || self.guards.iter().all(|guard| line.words() > guard.words) {
            return None;
        }
        let matches = self.set.matches(line.text());
        let mut guards = matches.iter().filter_map(|at| self.guards.get(at));
        guards.find(|guard| guard.fits(line, words)).map(|guard| guard.entry)
    }
}
