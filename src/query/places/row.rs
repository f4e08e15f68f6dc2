//! A *row* is slots that follow each other, in the order or moved by a few places (see [`near`]), walked over a segment.

use tantivy::{DocId, TERMINATED};

use crate::deadline::Paced;
use crate::query::places::union::Union;
use crate::query::slot::near;
use crate::query::span::Span;

/// The slots of a row, at an article.
pub(super) struct Row {
    /// Per slot that asks for certain words, its number and the words.
    slots: Vec<(u32, Union)>,
    /// The slots from the rarest to the most common, to find the articles that hold all.
    rarest: Vec<usize>,
    /// How many slots there are, those for any word included.
    length: usize,
    slop: u32,
    paced: Paced,
    /// Per slot, the places of its words in the present article.
    places: Vec<Vec<u32>>,
}

impl Row {
    /// A row of `length` slots of which the first asks for certain words.
    pub(super) fn new(slots: Vec<(u32, Union)>, length: usize, slop: u32, paced: Paced) -> Self {
        let mut rarest: Vec<usize> = (0..slots.len()).collect();
        rarest.sort_by_key(|slot| slots[*slot].1.size_hint());
        let places = vec![Vec::new(); slots.len()];
        let mut row = Self { slots, rarest, length, slop, paced, places };
        row.seek(0);
        row
    }

    fn lead(&mut self) -> &mut Union {
        &mut self.slots[self.rarest[0]].1
    }

    pub(super) fn doc(&self) -> DocId {
        self.slots[self.rarest[0]].1.doc()
    }

    /// How many articles hold the words, at most.
    pub(super) fn size_hint(&self) -> u32 {
        self.slots[self.rarest[0]].1.size_hint()
    }

    pub(super) fn advance(&mut self) -> DocId {
        let next = self.lead().advance();
        self.seek(next)
    }

    /// Goes to the first article from `doc` on that has a word for every slot; the row may still not stand there.
    pub(super) fn seek(&mut self, mut doc: DocId) -> DocId {
        'candidate: loop {
            if doc != TERMINATED && self.paced.step(1) {
                doc = TERMINATED;
            }
            for slot in &self.rarest {
                let union = &mut self.slots[*slot].1;
                let found = if union.doc() < doc { union.seek(doc) } else { union.doc() };
                if found > doc {
                    doc = found;
                    continue 'candidate;
                }
            }
            return doc;
        }
    }

    /// Calls `each` with every place where the row stands in the present article; stops where that gives `false`.
    pub(super) fn starts(&mut self, mut each: impl FnMut(u32) -> bool) {
        for ((_, slot), places) in self.slots.iter_mut().zip(&mut self.places) {
            slot.places(places);
        }
        let stands = |slot: usize, place: u32| self.places[slot].binary_search(&place).is_ok();
        for start in &self.places[0] {
            let found = match self.slop {
                0 => {
                    let rest = self.slots.iter().enumerate().skip(1);
                    rest.into_iter().all(|(slot, (offset, _))| stands(slot, start.saturating_add(*offset)))
                }
                slop => near(self.slots.len(), slop, *start, stands),
            };
            // A loose row takes as many steps as it has places to look at.
            let steps = if self.slop == 0 { 0 } else { self.slop * self.slots.len() as u32 };
            if (found && !each(*start)) || self.paced.step(steps / 8) {
                break;
            }
        }
    }

    /// Where the row stands in the present article.
    pub(super) fn spans(&mut self, into: &mut Vec<Span>) {
        into.clear();
        let length = self.length;
        self.starts(|start| {
            into.push(Span::row(start, length));
            true
        });
    }
}
