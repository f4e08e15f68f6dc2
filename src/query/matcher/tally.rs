//! A *tally* counts at how many places of an article the leaves of queries stand, bag by bag, so that of thousands of
//! queries only those are looked at whose necessary words are there.
//!
//! A *bag* is some leaves and how many of their places a query asks for: one leaf, the leaves of an OR, those of
//! `atleast3(…)`. Every query has key bags: where it holds, one of them is full.

use crate::query::matcher::lists::Lists;
use crate::query::matcher::places::Spot;

/// Some leaves of one query.
#[derive(Debug)]
pub(super) struct Bag {
    /// How many places it asks for, at least 1.
    pub(super) least: u32,
    pub(super) leaves: Vec<u32>,
    pub(super) query: u32,
    /// Whether the query is worth looking at when the bag is full.
    pub(super) is_key: bool,
}

/// That a leaf is of a bag.
#[derive(Clone, Copy, Debug)]
pub(super) struct InBag {
    pub(super) bag: u32,
    /// How many places make the bag's query worth looking at; 0 where it is no key.
    pub(super) wakes_at: u32,
}

/// Where leaves stand in an article, and how full the bags are.
#[derive(Default)]
pub(super) struct Tally {
    /// Where they stand, those of one leaf in a row and in order.
    spots: Vec<Spot>,
    /// By leaf, its part of the spots; [`NOWHERE`] where it was not found.
    of_leaf: Vec<(u32, u32)>,
    /// The leaves that were found.
    found: Vec<u32>,
    /// By bag, at how many places its leaves stand, each leaf by itself.
    counts: Vec<u32>,
    /// The key bags that may be full.
    awake: Vec<u32>,
    scratch: Vec<Spot>,
}

const NOWHERE: (u32, u32) = (u32::MAX, u32::MAX);

impl Tally {
    /// Makes it ready for an article and so many leaves and bags.
    pub(super) fn clear(&mut self, leaves: usize, bags: usize, bags_of_leaf: &Lists<InBag>) {
        self.spots.clear();
        self.awake.clear();
        // Only what was touched: a matcher of a monitoring service has a hundred thousand leaves.
        for leaf in self.found.drain(..) {
            self.of_leaf[leaf as usize] = NOWHERE;
            bags_of_leaf.of(leaf).iter().for_each(|of| self.counts[of.bag as usize] = 0);
        }
        self.of_leaf.resize(leaves, NOWHERE);
        self.counts.resize(bags, 0);
    }

    pub(super) fn has_found(&self, leaf: u32) -> bool {
        self.of_leaf[leaf as usize] != NOWHERE
    }

    /// Notes where a leaf stands, as `find` tells, and counts that in its bags.
    pub(super) fn note(&mut self, leaf: u32, bags: &[InBag], find: impl FnOnce(&mut Vec<Spot>)) {
        let start = self.spots.len();
        find(&mut self.spots);
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX - 1);
        let found = number(self.spots.len() - start);
        if found == 0 {
            return;
        }
        self.of_leaf[leaf as usize] = (number(start), number(self.spots.len()));
        self.found.push(leaf);
        for of in bags {
            let count = &mut self.counts[of.bag as usize];
            let before = *count;
            *count = before.saturating_add(found);
            if before < of.wakes_at && *count >= of.wakes_at {
                self.awake.push(of.bag);
            }
        }
    }

    /// The queries worth looking at, in order: those that always are, and those of which a key bag may be full.
    pub(super) fn candidates(&self, always: &[u32], bags: &[Bag]) -> Vec<u32> {
        let mut candidates = always.to_vec();
        candidates.extend(self.awake.iter().map(|bag| bags[*bag as usize].query));
        candidates.sort_unstable();
        candidates.dedup();
        candidates
    }

    fn of_leaf(&self, leaf: u32) -> &[Spot] {
        let (start, end) = self.of_leaf[leaf as usize];
        self.spots.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The places of some leaves, in order, each once.
    pub(super) fn spots(&mut self, leaves: &[u32]) -> &[Spot] {
        let mut spots = std::mem::take(&mut self.scratch);
        spots.clear();
        leaves.iter().for_each(|leaf| spots.extend(self.of_leaf(*leaf)));
        spots.sort_unstable();
        spots.dedup();
        self.scratch = spots;
        &self.scratch
    }

    /// Whether the leaves of a bag stand at as many places as it asks for.
    pub(super) fn is_full(&mut self, number: u32, bag: &Bag) -> bool {
        // A place may be that of two leaves.
        let at_most = self.counts[number as usize];
        at_most >= bag.least && (bag.least == 1 || self.spots(&bag.leaves).len() >= bag.least as usize)
    }
}
