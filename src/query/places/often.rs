//! *Often* is the engine's query for a number of places: it finds the articles in which some patterns stand at so many
//! places in all, over several fields.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use tantivy::postings::SegmentPostings;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use crate::deadline::Deadline;
use crate::deadline::Paced;
use crate::query::places::Filled;
use crate::query::places::explanation;
use crate::query::places::pair::Node;
use crate::schema::TextField;

/// One pattern in one field.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) field: Field,
    /// The field whose places are counted: those of the lead are places of the body.
    pub(crate) counted: TextField,
    pub(crate) filled: Filled,
    /// Whether it counts only in articles that have this term: a headline made from the text does not count beside it.
    pub(crate) only: Option<Term>,
}

/// The engine's query for at least so many places.
#[derive(Clone)]
pub(crate) struct Often {
    parts: Arc<(u32, Vec<Part>, Deadline)>,
}

impl Often {
    pub(crate) fn new(count: u32, parts: Vec<Part>, deadline: &Deadline) -> Self {
        Self { parts: Arc::new((count, parts, deadline.clone())) }
    }
}

impl fmt::Debug for Often {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Often({})", self.parts.0)
    }
}

impl Query for Often {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Often {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let (count, parts, deadline) = self.parts.as_ref();
        let paced = Paced::new(deadline);
        let mut counted = Vec::new();
        for part in parts {
            let Some(node) = Node::open((segment, part.field), &part.filled, &paced)? else { continue };
            let only = match &part.only {
                Some(term) => {
                    let inverted = segment.inverted_index(term.field())?;
                    let Some(postings) = inverted.read_postings(term, IndexRecordOption::Basic)? else {
                        continue;
                    };
                    Some(postings)
                }
                None => None,
            };
            counted.push(Counted { node, field: part.counted, only });
        }
        if counted.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        let mut scorer = Counting { parts: counted, count: *count as usize, paced, doc: 0 };
        scorer.doc = scorer.next_match(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explanation(self, segment, doc)
    }
}

struct Counted {
    node: Node,
    field: TextField,
    only: Option<SegmentPostings>,
}

impl Counted {
    /// Whether it counts in an article.
    fn counts_in(&mut self, doc: DocId) -> bool {
        self.node.doc() == doc
            && self.only.as_mut().is_none_or(|only| {
                let at = if only.doc() < doc { only.seek(doc) } else { only.doc() };
                at == doc
            })
    }
}

/// The articles with enough places.
struct Counting {
    parts: Vec<Counted>,
    count: usize,
    paced: Paced,
    doc: DocId,
}

impl Counting {
    /// The first article from `target` on with enough places.
    fn next_match(&mut self, mut target: DocId) -> DocId {
        let mut spans = Vec::new();
        loop {
            let at = |part: &mut Counted| match part.node.doc() {
                doc if doc < target => part.node.seek(target),
                doc => doc,
            };
            let doc = self.parts.iter_mut().map(at).min().unwrap_or(TERMINATED);
            if doc == TERMINATED || self.paced.step(1) {
                return TERMINATED;
            }
            let mut places = BTreeSet::new();
            for part in &mut self.parts {
                if part.counts_in(doc) {
                    part.node.spans(&mut spans);
                    places.extend(spans.iter().map(|span| (part.field, span.start)));
                }
            }
            if places.len() >= self.count {
                return doc;
            }
            target = doc + 1;
        }
    }
}

impl DocSet for Counting {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.next_match(self.doc + 1);
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
        self.parts.iter().map(|part| part.node.size_hint()).fold(0, u32::saturating_add) / 4
    }
}

impl Scorer for Counting {
    fn score(&mut self) -> Score {
        0.0
    }
}
