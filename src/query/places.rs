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
mod word;

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
use crate::query::places::word::WordScorer;

/// A pattern whose slots are filled with words of the index.
#[derive(Clone, Debug)]
pub(crate) enum Filled {
    /// Per slot, the terms any of which fills it, at least one; `None` for any word. The first and the last are no `None`.
    Row(Vec<Option<Vec<Term>>>, u32),
    /// Any of these.
    Any(Vec<Self>),
    /// Two near each other.
    Near(Box<Self>, Nearness, Box<Self>),
}

impl Filled {
    /// The same words in another field.
    pub(crate) fn in_field(&self, field: Field) -> Self {
        let moved = |term: &Term| Term::from_field_text(field, term.value().as_str().unwrap_or_default());
        match self {
            Self::Row(slots, slop) => {
                let terms = |terms: &Vec<Term>| terms.iter().map(moved).collect();
                Self::Row(slots.iter().map(|slot| slot.as_ref().map(terms)).collect(), *slop)
            }
            Self::Any(any) => Self::Any(any.iter().map(|filled| filled.in_field(field)).collect()),
            Self::Near(left, how, right) => {
                Self::Near(Box::new(left.in_field(field)), *how, Box::new(right.in_field(field)))
            }
        }
    }

    /// Calls `each` with every term.
    fn terms<'a>(&'a self, each: &mut dyn FnMut(&'a Term)) {
        match self {
            Self::Row(slots, _) => {
                slots.iter().flatten().flatten().for_each(each);
            }
            Self::Any(any) => any.iter().for_each(|filled| filled.terms(each)),
            Self::Near(left, _, right) => {
                left.terms(each);
                right.terms(each);
            }
        }
    }
}

/// A pattern in one field.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) field: Field,
    pub(crate) filled: Filled,
    /// How much a place in this field counts.
    pub(crate) weight: Score,
    /// The field of another part in which all stands that stands in this field, so that it adds no article.
    pub(crate) within: Option<Field>,
}

/// The engine's query for a pattern in some fields.
#[derive(Clone)]
pub(crate) struct Places {
    parts: Arc<Vec<Part>>,
    deadline: Deadline,
}

impl Places {
    pub(crate) fn new(parts: Vec<Part>, deadline: &Deadline) -> Self {
        Self { parts: Arc::new(parts), deadline: deadline.clone() }
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<Field> = self.parts.iter().map(|part| part.field).collect();
        write!(f, "Places({fields:?})")
    }
}

impl Query for Places {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let similarity = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                Some(Similarity::of(statistics_provider, &self.parts)?)
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(PlacesWeight { places: self.clone(), similarity }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for part in self.parts.iter() {
            let word = matches!(&part.filled, Filled::Row(slots, _) if slots.len() == 1);
            part.filled.terms(&mut |term| visitor(term, !word));
        }
    }
}

struct PlacesWeight {
    places: Places,
    similarity: Option<Similarity>,
}

impl Weight for PlacesWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let paced = Paced::new(&self.places.deadline);
        if word::are_words(&self.places.parts) {
            return Ok(Box::new(self.word(segment, boost, paced)?));
        }
        let (mut leading, mut within) = (Vec::new(), Vec::new());
        for (number, part) in self.places.parts.iter().enumerate() {
            if part.within.is_some() && self.similarity.is_none() {
                continue;
            }
            let ground = (segment, part.field);
            let Some(node) = Node::open(ground, &part.filled, &paced)? else { continue };
            let scoring = match &self.similarity {
                Some(similarity) => {
                    Some((similarity.of_part(number), segment.get_fieldnorms_reader(part.field)?))
                }
                None => None,
            };
            let standing = Standing::new(node, scoring);
            match part.within {
                Some(whole) => within.push((standing, segment.get_fieldnorms_reader(whole)?)),
                None => leading.push(standing),
            }
        }
        if leading.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        let rarity = self.similarity.as_ref().map_or(0.0, |similarity| similarity.rarity * boost);
        let mut scorer = PlacesScorer { leading, within, rarity, paced, doc: 0 };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn for_each(&self, segment: &SegmentReader, each: &mut dyn FnMut(DocId, Score)) -> tantivy::Result<()> {
        if word::are_words(&self.places.parts) {
            // Most searches are for a word: no call of an unknown function an article.
            let word = self.word(segment, 1.0, Paced::new(&self.places.deadline))?;
            for_each(word, each);
        } else {
            for_each(self.scorer(segment, 1.0)?, each);
        }
        Ok(())
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explanation(self, segment, doc)
    }
}

impl PlacesWeight {
    fn word(&self, segment: &SegmentReader, boost: Score, paced: Paced) -> tantivy::Result<WordScorer> {
        WordScorer::open(segment, &self.places.parts, self.similarity.as_ref(), (boost, paced))
    }
}

fn for_each(mut scorer: impl Scorer, each: &mut dyn FnMut(DocId, Score)) {
    while scorer.doc() != TERMINATED {
        each(scorer.doc(), scorer.score());
        scorer.advance();
    }
}

/// What the engine may be told of a score: what it is.
fn explanation(weight: &dyn Weight, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
    let mut scorer = weight.scorer(segment, 1.0)?;
    if scorer.doc() > doc || scorer.seek(doc) != doc {
        return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
    }
    Ok(Explanation::new("places of a pattern", scorer.score()))
}

/// A pattern in one field, at the articles in which it stands.
struct Standing {
    node: Node,
    /// By the length of the field as the engine notes it, what one place counts; and the lengths.
    scoring: Option<(Arc<[Score; 256]>, FieldNormReader)>,
    /// How often the pattern stands in the present article.
    frequency: u32,
    doc: DocId,
}

impl Standing {
    fn new(node: Node, scoring: Option<(Arc<[Score; 256]>, FieldNormReader)>) -> Self {
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

    fn advance(&mut self) {
        let next = self.node.advance();
        self.doc = self.next_match(next);
    }

    fn seek(&mut self, target: DocId) {
        if self.doc < target {
            let next = self.node.seek(target);
            self.doc = self.next_match(next);
        }
    }

    /// How long the field is, as the engine notes it.
    fn length(&self) -> u8 {
        self.scoring.as_ref().map_or(0, |(_, lengths)| lengths.fieldnorm_id(self.doc))
    }

    /// What the places in the present article count, the longer the field the less.
    fn counts(&self) -> Score {
        let Some((norms, lengths)) = &self.scoring else { return 0.0 };
        self.frequency as Score * norms[usize::from(lengths.fieldnorm_id(self.doc))]
    }
}

/// A pattern in some fields, at the articles in which it stands in any.
struct PlacesScorer {
    leading: Vec<Standing>,
    /// Those that stand where the others do, and only count besides; with the lengths of the whole they are a part of.
    within: Vec<(Standing, FieldNormReader)>,
    rarity: Score,
    paced: Paced,
    doc: DocId,
}

impl PlacesScorer {
    fn settle(&mut self) -> DocId {
        self.doc = self.leading.iter().map(|standing| standing.doc).min().unwrap_or(TERMINATED);
        if self.doc != TERMINATED && self.paced.step(1) {
            self.leading.iter_mut().for_each(|standing| standing.seek(TERMINATED));
            self.doc = TERMINATED;
        }
        self.doc
    }
}

impl DocSet for PlacesScorer {
    fn advance(&mut self) -> DocId {
        for standing in &mut self.leading {
            if standing.doc == self.doc && self.doc != TERMINATED {
                standing.advance();
            }
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.leading.iter_mut().for_each(|standing| standing.seek(target));
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        // Most articles that hold the words hold them apart.
        let sizes = self.leading.iter().map(|standing| standing.node.size_hint() / 4);
        sizes.fold(0, u32::saturating_add)
    }

    fn cost(&self) -> u64 {
        // Places are read for every article that holds the words.
        let costs = self.leading.iter().map(|standing| u64::from(standing.node.size_hint()) * 10);
        costs.sum()
    }
}

impl Scorer for PlacesScorer {
    fn score(&mut self) -> Score {
        let doc = self.doc;
        let mut counted = 0.0;
        for standing in &self.leading {
            if standing.doc == doc {
                counted += standing.counts();
            }
        }
        for (standing, whole) in &mut self.within {
            standing.seek(doc);
            // A part that is the whole tells nothing more.
            if standing.doc == doc && standing.length() < whole.fieldnorm_id(doc) {
                counted += standing.counts();
            }
        }
        Similarity::score(self.rarity, counted)
    }
}
