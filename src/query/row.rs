//! A *row* is the engine's query for slots that follow each other: it finds the articles in which words of the index fill
//! them, each slot by any of its terms, in their order or moved by a few places (see [`near`]).
//!
//! A word is a row of one slot, whose terms are all words of its stem: to the score they are one term. The engine's own
//! phrase queries take one term a slot, and count loose phrases of three words or more inexactly.

mod similarity;
mod union;

use std::fmt;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use crate::deadline::Deadline;
use crate::deadline::Paced;
use crate::query::row::similarity::Similarity;
use crate::query::row::union::Union;
use crate::query::slot::near;

/// The engine's query for a row of slots in one field.
#[derive(Clone)]
pub(crate) struct Row {
    parts: Arc<Parts>,
}

struct Parts {
    field: Field,
    /// Per slot, the terms any of which fills it.
    slots: Vec<Vec<Term>>,
    slop: u32,
    deadline: Deadline,
}

impl Row {
    /// A row of at least one slot.
    pub(crate) fn new(field: Field, slots: Vec<Vec<Term>>, slop: u32, deadline: &Deadline) -> Self {
        Self { parts: Arc::new(Parts { field, slots, slop, deadline: deadline.clone() }) }
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row({} slots, slop {})", self.parts.slots.len(), self.parts.slop)
    }
}

impl Query for Row {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let similarity = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                Some(Similarity::of(statistics_provider, self.parts.field, &self.parts.slots)?)
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(RowWeight { parts: Arc::clone(&self.parts), similarity }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        let positions = self.parts.slots.len() > 1;
        self.parts.slots.iter().flatten().for_each(|term| visitor(term, positions));
    }
}

struct RowWeight {
    parts: Arc<Parts>,
    similarity: Option<Similarity>,
}

impl Weight for RowWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let option = match self.parts.slots.len() {
            1 => IndexRecordOption::WithFreqs,
            _ => IndexRecordOption::WithFreqsAndPositions,
        };
        let inverted = segment.inverted_index(self.parts.field)?;
        let mut slots = Vec::with_capacity(self.parts.slots.len());
        for terms in &self.parts.slots {
            let union = Union::open(&inverted, terms, option)?;
            if union.doc() == TERMINATED {
                return Ok(Box::new(EmptyScorer));
            }
            slots.push(union);
        }
        let scoring = match &self.similarity {
            Some(similarity) => {
                let norms = segment.get_fieldnorms_reader(self.parts.field)?;
                Some((similarity.boosted(boost), norms))
            }
            None => None,
        };
        let slop = self.parts.slop;
        let paced = Paced::new(&self.parts.deadline);
        Ok(match slots.len() {
            1 => Box::new(OneSlot { slot: slots.remove(0), scoring, paced }),
            _ => Box::new(Slots::new(slots, slop, scoring, paced)),
        })
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(segment, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("row of slots", scorer.score()))
    }
}

type Scoring = Option<(Similarity, FieldNormReader)>;

fn score(scoring: &Scoring, doc: DocId, frequency: u32) -> Score {
    scoring.as_ref().map_or(1.0, |(similarity, norms)| similarity.score(norms.fieldnorm_id(doc), frequency))
}

/// A row of one slot.
struct OneSlot {
    slot: Union,
    scoring: Scoring,
    paced: Paced,
}

impl DocSet for OneSlot {
    fn advance(&mut self) -> DocId {
        if self.paced.step(1) { self.slot.seek(TERMINATED) } else { self.slot.advance() }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.paced.step(1) { self.slot.seek(TERMINATED) } else { self.slot.seek(target) }
    }

    fn doc(&self) -> DocId {
        self.slot.doc()
    }

    fn size_hint(&self) -> u32 {
        self.slot.size_hint()
    }
}

impl Scorer for OneSlot {
    fn score(&mut self) -> Score {
        score(&self.scoring, self.slot.doc(), self.slot.frequency())
    }
}

/// A row of several slots.
struct Slots {
    slots: Vec<Union>,
    /// The slots from the rarest to the most common, to find the articles that hold all.
    rarest: Vec<usize>,
    slop: u32,
    scoring: Scoring,
    paced: Paced,
    /// Per slot, the places of its words in the present article.
    places: Vec<Vec<u32>>,
    /// How often the row stands in the present article.
    frequency: u32,
    doc: DocId,
}

impl Slots {
    fn new(slots: Vec<Union>, slop: u32, scoring: Scoring, paced: Paced) -> Self {
        let mut rarest: Vec<usize> = (0..slots.len()).collect();
        rarest.sort_by_key(|slot| slots[*slot].size_hint());
        let places = vec![Vec::new(); slots.len()];
        let mut row = Self { slots, rarest, slop, scoring, paced, places, frequency: 0, doc: 0 };
        let first = row.slots[row.rarest[0]].doc();
        row.doc = row.next_match(first);
        row
    }

    /// The first article from `doc` on in which the row stands.
    fn next_match(&mut self, mut doc: DocId) -> DocId {
        loop {
            doc = self.next_common(doc);
            if doc == TERMINATED || self.stands() {
                return doc;
            }
            doc = self.slots[self.rarest[0]].advance();
        }
    }

    /// The first article from `doc` on that has a word for every slot.
    fn next_common(&mut self, mut doc: DocId) -> DocId {
        'candidate: loop {
            if doc == TERMINATED || self.paced.step(1) {
                return TERMINATED;
            }
            for slot in &self.rarest {
                let union = &mut self.slots[*slot];
                let found = if union.doc() < doc { union.seek(doc) } else { union.doc() };
                if found > doc {
                    doc = found;
                    continue 'candidate;
                }
            }
            return doc;
        }
    }

    /// Counts how often the row stands in the article that all slots are at; whether it does.
    fn stands(&mut self) -> bool {
        for (slot, places) in self.slots.iter_mut().zip(&mut self.places) {
            slot.places(places);
        }
        let stands = |slot: usize, place: u32| self.places[slot].binary_search(&place).is_ok();
        self.frequency = 0;
        for start in &self.places[0] {
            let found = match self.slop {
                0 => (1..self.slots.len()).all(|slot| stands(slot, start.saturating_add(slot as u32))),
                slop => near(self.slots.len(), slop, *start, stands),
            };
            self.frequency += u32::from(found);
            // A loose row takes as many steps as it has places to look at.
            let steps = if self.slop == 0 { 0 } else { self.slop * self.slots.len() as u32 };
            if (found && self.scoring.is_none()) || self.paced.step(steps / 8) {
                break;
            }
        }
        self.frequency > 0
    }
}

impl DocSet for Slots {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            let next = self.slots[self.rarest[0]].advance();
            self.doc = self.next_match(next);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = self.next_match(target);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        // Most articles that hold the words hold them apart.
        self.slots[self.rarest[0]].size_hint() / 4
    }

    fn cost(&self) -> u64 {
        // Places are read for every article that holds the words.
        u64::from(self.slots[self.rarest[0]].size_hint()) * 10
    }
}

impl Scorer for Slots {
    fn score(&mut self) -> Score {
        score(&self.scoring, self.doc, self.frequency)
    }
}
