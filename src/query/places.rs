//! *Places* are the engine's query for a pattern: it finds the articles in which the words of the index that fill its slots
//! stand as the pattern asks, in a row, near each other, in one sentence.
//!
//! A word is a row of one slot, whose terms are all words of its stem: to the score they are one term. The engine's own
//! phrase queries take one term a slot, and count loose phrases of three words or more inexactly.

pub(crate) mod often;
mod pair;
mod row;
mod similarity;
mod union;

use std::fmt;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use crate::deadline::Deadline;
use crate::deadline::Paced;
use crate::query::ast::Nearness;
use crate::query::places::pair::Node;
use crate::query::places::similarity::Similarity;
use crate::query::places::union::Union;

/// A pattern whose slots are filled with words of the index.
#[derive(Clone, Debug)]
pub(crate) enum Filled {
    /// Per slot, the terms any of which fills it, at least one; `None` for any word. The first and the last are no `None`.
    Row(Vec<Option<Vec<Filling>>>, u32),
    /// Any of these.
    Any(Vec<Self>),
    /// Two near each other.
    Near(Box<Self>, Nearness, Box<Self>),
}

/// A term that fills a slot.
#[derive(Clone, Debug)]
pub(crate) struct Filling {
    pub(crate) term: Term,
    /// The tongues in which it does, as bits; `None` where it does in every article.
    pub(crate) only: Option<u32>,
}

impl Filled {
    /// Whether some term counts in some tongues only.
    fn asks_for_tongues(&self) -> bool {
        match self {
            Self::Row(slots, _) => slots.iter().flatten().flatten().any(|filling| filling.only.is_some()),
            Self::Any(any) => any.iter().any(Self::asks_for_tongues),
            Self::Near(left, _, right) => left.asks_for_tongues() || right.asks_for_tongues(),
        }
    }

    /// Calls `each` with every term.
    fn terms<'a>(&'a self, each: &mut dyn FnMut(&'a Term)) {
        match self {
            Self::Row(slots, _) => {
                slots.iter().flatten().flatten().for_each(|filling| each(&filling.term));
            }
            Self::Any(any) => any.iter().for_each(|filled| filled.terms(each)),
            Self::Near(left, _, right) => {
                left.terms(each);
                right.terms(each);
            }
        }
    }
}

/// The engine's query for a pattern in one field.
#[derive(Clone)]
pub(crate) struct Places {
    parts: Arc<Parts>,
}

struct Parts {
    field: Field,
    filled: Filled,
    deadline: Deadline,
}

impl Places {
    pub(crate) fn new(field: Field, filled: Filled, deadline: &Deadline) -> Self {
        Self { parts: Arc::new(Parts { field, filled, deadline: deadline.clone() }) }
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Places({:?})", self.parts.field)
    }
}

impl Query for Places {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let similarity = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                Some(Similarity::of(statistics_provider, self.parts.field, &self.parts.filled)?)
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(PlacesWeight { parts: Arc::clone(&self.parts), similarity }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        let word = matches!(&self.parts.filled, Filled::Row(slots, _) if slots.len() == 1);
        self.parts.filled.terms(&mut |term| visitor(term, !word));
    }
}

struct PlacesWeight {
    parts: Arc<Parts>,
    similarity: Option<Similarity>,
}

impl Weight for PlacesWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let paced = Paced::new(&self.parts.deadline);
        let Some(node) = Node::open((segment, self.parts.field), &self.parts.filled, &paced, false)? else {
            return Ok(Box::new(EmptyScorer));
        };
        let scoring = match &self.similarity {
            Some(similarity) => {
                let norms = segment.get_fieldnorms_reader(self.parts.field)?;
                Some((similarity.boosted(boost), norms))
            }
            None => None,
        };
        Ok(match node {
            Node::Word(slot) => Box::new(OneSlot { slot, scoring, paced }),
            node => Box::new(Standing::new(node, scoring)),
        })
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(segment, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("places of a pattern", scorer.score()))
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

/// A pattern of several words, at the articles in which it stands.
struct Standing {
    node: Node,
    scoring: Scoring,
    /// How often the pattern stands in the present article.
    frequency: u32,
    doc: DocId,
}

impl Standing {
    fn new(node: Node, scoring: Scoring) -> Self {
        let mut standing = Self { node, scoring, frequency: 0, doc: 0 };
        standing.doc = standing.next_match(standing.node.doc());
        standing
    }

    /// The first article from the one the node is at in which the pattern stands.
    fn next_match(&mut self, mut doc: DocId) -> DocId {
        while doc != TERMINATED {
            self.frequency = self.node.frequency(self.scoring.is_some());
            if self.frequency > 0 {
                break;
            }
            doc = self.node.advance();
        }
        doc
    }
}

impl DocSet for Standing {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            let next = self.node.advance();
            self.doc = self.next_match(next);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            let next = self.node.seek(target);
            self.doc = self.next_match(next);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        // Most articles that hold the words hold them apart.
        self.node.size_hint() / 4
    }

    fn cost(&self) -> u64 {
        // Places are read for every article that holds the words.
        u64::from(self.node.size_hint()) * 10
    }
}

impl Scorer for Standing {
    fn score(&mut self) -> Score {
        score(&self.scoring, self.doc, self.frequency)
    }
}
