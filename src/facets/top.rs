//! The *top* of a walk: the first hits seen so far.

use std::cmp::Ordering;

use tantivy::{DocAddress, Score};

use crate::columns::days::UNDATED;

/// Order of the hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Relevance,
    Newest,
    Oldest,
}

/// A hit with what it is ordered by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranked {
    pub(crate) score: Score,
    pub(crate) address: DocAddress,
    pub(crate) day: i32,
    pub(crate) id: u64,
}

impl Ranked {
    /// Whether this hit stands before another: by the order asked for, then newest, then smallest id.
    pub(crate) fn before(&self, other: &Self, order: Order) -> Ordering {
        let newest = other.day.cmp(&self.day);
        let by = match order {
            Order::Relevance => other.score.total_cmp(&self.score).then(newest),
            Order::Newest => newest,
            Order::Oldest => {
                let undated = (self.day == UNDATED).cmp(&(other.day == UNDATED));
                undated.then(self.day.cmp(&other.day))
            }
        };
        by.then(self.id.cmp(&other.id))
    }
}

/// How much less an old article's score counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recency {
    /// The newest day of the archive, whose articles keep their score.
    pub(crate) newest: i32,
    /// After how many days half of it is left.
    pub(crate) half_life: u32,
}

/// How many half-lives old an article counts whose day is not known.
const UNDATED_AGE: Score = 4.0;

impl Recency {
    /// What a score is multiplied by.
    pub(crate) fn factor(self, day: i32) -> Score {
        let age = match day {
            UNDATED => UNDATED_AGE,
            day => self.newest.saturating_sub(day).max(0) as Score / self.half_life as Score,
        };
        (-age).exp2()
    }
}

/// The first hits seen so far: at most twice as many as asked for, cut back when full.
pub(crate) struct Top {
    keep: usize,
    order: Order,
    hits: Vec<Ranked>,
    /// The last of the hits that were left when they were last cut back: none that stands after it is among the first.
    worst: Option<Ranked>,
}

impl Top {
    pub(crate) fn new(keep: usize, order: Order) -> Self {
        Self { keep, order, hits: Vec::new(), worst: None }
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.keep > 0
    }

    /// Whether a hit may still be among the first: a cheap test before its id is read, and its day where scores tell.
    pub(crate) fn admits(&self, score: Score, day: impl FnOnce() -> i32) -> bool {
        let Some(worst) = &self.worst else { return true };
        match self.order {
            Order::Relevance => match score.total_cmp(&worst.score) {
                Ordering::Less => false,
                Ordering::Equal => day() >= worst.day,
                Ordering::Greater => true,
            },
            Order::Newest => day() >= worst.day,
            Order::Oldest => {
                let day = day();
                worst.day == UNDATED || (day != UNDATED && day <= worst.day)
            }
        }
    }

    pub(crate) fn push(&mut self, hit: Ranked) {
        self.hits.push(hit);
        if self.hits.len() >= 2 * self.keep {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let order = self.order;
        self.hits.sort_unstable_by(|a, b| a.before(b, order));
        self.hits.truncate(self.keep);
        self.worst = self.hits.last().copied().filter(|_| self.hits.len() == self.keep);
    }

    pub(crate) fn into_hits(mut self) -> Vec<Ranked> {
        self.cut();
        self.hits
    }
}

#[cfg(test)]
mod tests {
    use super::{Recency, UNDATED};

    #[test]
    fn a_score_halves_with_every_half_life() {
        let recency = Recency { newest: 100, half_life: 30 };
        for (day, expected) in [(100, 1.0), (70, 0.5), (40, 0.25), (130, 1.0), (UNDATED, 0.0625)] {
            assert!((recency.factor(day) - expected).abs() < 1e-6, "{day}");
        }
    }
}
