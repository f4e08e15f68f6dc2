//! A *node* is a pattern walked over a segment: it goes from article to article that may hold it, and finds there where it
//! stands.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use crate::deadline::Paced;
use crate::query::ast::Nearness;
use crate::query::places::Filled;
use crate::query::places::row::Row;
use crate::query::places::union::Union;
use crate::query::span::Span;
use crate::query::span::join;
use crate::schema::analyzer::PARAGRAPH;
use crate::schema::analyzer::SENTENCE;

/// A pattern at an article.
pub(super) enum Node {
    /// One word.
    Word(Union),
    /// Several words in a row.
    Row(Row),
    /// Any of these, never none.
    Any(Vec<Self>),
    /// Two near each other.
    Near(Box<Pair>),
}

/// Two patterns near each other, at an article that holds both.
pub(super) struct Pair {
    left: Node,
    how: Nearness,
    right: Node,
    /// The postings of the marks that separate what does not belong together.
    marks: Vec<SegmentPostings>,
    paced: Paced,
    left_spans: Vec<Span>,
    right_spans: Vec<Span>,
    breaks: Vec<u32>,
}

impl Node {
    /// A pattern at the first article that may hold it; `None` where none of the segment does.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub(super) fn open(
        (segment, field): (&SegmentReader, Field),
        filled: &Filled,
        paced: &Paced,
    ) -> tantivy::Result<Option<Self>> {
        Ground { segment, field, paced }.node(filled)
    }

    pub(super) fn doc(&self) -> DocId {
        match self {
            Self::Word(union) => union.doc(),
            Self::Row(row) => row.doc(),
            Self::Any(nodes) => nodes.iter().map(Self::doc).min().unwrap_or(TERMINATED),
            Self::Near(pair) => pair.left.doc(),
        }
    }

    /// How many articles may hold it, at most.
    pub(super) fn size_hint(&self) -> u32 {
        match self {
            Self::Word(union) => union.size_hint(),
            Self::Row(row) => row.size_hint(),
            Self::Any(nodes) => nodes.iter().map(Self::size_hint).fold(0, u32::saturating_add),
            Self::Near(pair) => pair.left.size_hint().min(pair.right.size_hint()),
        }
    }

    pub(super) fn advance(&mut self) -> DocId {
        match self {
            Self::Word(union) => union.advance(),
            Self::Row(row) => row.advance(),
            Self::Any(_) => {
                let doc = self.doc();
                if doc == TERMINATED { doc } else { self.seek(doc + 1) }
            }
            Self::Near(pair) => {
                let next = pair.left.advance();
                pair.seek(next)
            }
        }
    }

    /// Goes to the first article from `target` on that may hold the pattern.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Self::Word(union) => union.seek(target),
            Self::Row(row) => row.seek(target),
            Self::Any(nodes) => {
                let at = |node: &mut Self| if node.doc() < target { node.seek(target) } else { node.doc() };
                nodes.iter_mut().map(at).min().unwrap_or(TERMINATED)
            }
            Self::Near(pair) => pair.seek(target),
        }
    }

    /// How often the pattern stands in the present article; where `all` is not asked for, 1 for any number.
    pub(super) fn frequency(&mut self, all: bool) -> u32 {
        if let Self::Row(row) = self {
            let mut frequency = 0;
            row.starts(|_| {
                frequency += 1;
                all
            });
            return frequency;
        }
        let mut spans = Vec::new();
        self.spans(&mut spans);
        spans.dedup_by_key(|span| span.start);
        u32::try_from(spans.len()).unwrap_or(u32::MAX)
    }

    /// Where the pattern stands in the present article, in order.
    pub(super) fn spans(&mut self, into: &mut Vec<Span>) {
        match self {
            Self::Word(union) => {
                let mut places = Vec::new();
                union.places(&mut places);
                into.clear();
                into.extend(places.into_iter().map(|place| Span::row(place, 1)));
            }
            Self::Row(row) => row.spans(into),
            Self::Any(nodes) => {
                let doc = nodes.iter().map(Self::doc).min();
                let mut all = Vec::new();
                for node in nodes.iter_mut().filter(|node| Some(node.doc()) == doc) {
                    node.spans(into);
                    all.append(into);
                }
                all.sort_unstable();
                all.dedup();
                *into = all;
            }
            Self::Near(pair) => pair.spans(into),
        }
    }
}

/// What the nodes of a pattern are opened on.
struct Ground<'a> {
    segment: &'a SegmentReader,
    field: Field,
    paced: &'a Paced,
}

impl Ground<'_> {
    fn node(&self, filled: &Filled) -> tantivy::Result<Option<Node>> {
        match filled {
            Filled::Row(slots, slop) => self.row(slots, *slop),
            Filled::Any(any) => {
                let mut nodes = Vec::new();
                for filled in any {
                    nodes.extend(self.node(filled)?);
                }
                Ok((!nodes.is_empty()).then_some(Node::Any(nodes)))
            }
            Filled::Near(left, how, right) => {
                let (Some(left), Some(right)) = (self.node(left)?, self.node(right)?) else {
                    return Ok(None);
                };
                let marks = marks(self.segment, self.field, *how)?;
                let paced = self.paced.clone();
                let (left_spans, right_spans, breaks) = (Vec::new(), Vec::new(), Vec::new());
                let mut pair = Pair { left, how: *how, right, marks, paced, left_spans, right_spans, breaks };
                pair.seek(0);
                Ok(Some(Node::Near(Box::new(pair))))
            }
        }
    }

    fn row(&self, slots: &[Option<Vec<Term>>], slop: u32) -> tantivy::Result<Option<Node>> {
        let inverted = self.segment.inverted_index(self.field)?;
        let mut unions = Vec::with_capacity(slots.len());
        for (offset, terms) in (0..).zip(slots) {
            let Some(terms) = terms else { continue };
            let union = Union::open(&inverted, terms)?;
            if union.doc() == TERMINATED {
                return Ok(None);
            }
            unions.push((offset, union));
        }
        if let (1, Some((_, word))) = (slots.len(), unions.pop_if(|_| slots.len() == 1)) {
            return Ok(Some(Node::Word(word)));
        }
        let row = || Node::Row(Row::new(unions, slots.len(), slop, self.paced.clone()));
        Ok((!slots.is_empty()).then(row))
    }
}

/// The marks that separate sentences or paragraphs; a paragraph begins a sentence.
fn marks(segment: &SegmentReader, field: Field, how: Nearness) -> tantivy::Result<Vec<SegmentPostings>> {
    let marks: &[&str] = match how {
        Nearness::Within(_) | Nearness::Before(_) => &[],
        Nearness::Sentence => &[SENTENCE, PARAGRAPH],
        Nearness::Paragraph => &[PARAGRAPH],
    };
    let inverted = segment.inverted_index(field)?;
    let mut found = Vec::new();
    for mark in marks {
        let term = Term::from_field_text(field, mark);
        found.extend(inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?);
    }
    Ok(found)
}

impl Pair {
    /// Goes to the first article from `doc` on that may hold both.
    fn seek(&mut self, mut doc: DocId) -> DocId {
        loop {
            doc = if self.left.doc() < doc { self.left.seek(doc) } else { self.left.doc() };
            let right = if self.right.doc() < doc { self.right.seek(doc) } else { self.right.doc() };
            if right == doc || doc == TERMINATED {
                return doc;
            }
            doc = if self.paced.step(1) { TERMINATED } else { right };
        }
    }

    fn spans(&mut self, into: &mut Vec<Span>) {
        let doc = self.left.doc();
        self.left.spans(&mut self.left_spans);
        self.right.spans(&mut self.right_spans);
        self.breaks.clear();
        for marks in &mut self.marks {
            if marks.doc() < doc {
                marks.seek(doc);
            }
            if marks.doc() == doc {
                marks.append_positions_with_offset(0, &mut self.breaks);
            }
        }
        self.breaks.sort_unstable();
        let steps = u32::try_from(self.left_spans.len() + self.right_spans.len()).unwrap_or(u32::MAX);
        if self.paced.step(steps / 8) {
            into.clear();
            return;
        }
        join(&self.left_spans, self.how, &self.right_spans, &self.breaks, into);
    }
}
