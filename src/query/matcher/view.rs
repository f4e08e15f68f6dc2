//! A *view* is an article as the matcher sees it: which slots its words fill, and where.

use std::ops::Range;

use crate::article::Article;
use crate::query::ast::Nearness;
use crate::query::matcher::vocabulary::Vocabulary;
use crate::query::matcher::{Leaf, Plan};
use crate::query::slot::near;
use crate::query::span::Span;
use crate::query::span::join;
use crate::schema::TextField;
use crate::schema::analyzer::Analyzer;
use crate::schema::tongue::Tongue;
use crate::sentence::Opens;

/// A place in an article: the field's number and the word's.
pub(super) type Spot = (u8, u32);

/// The fields of an article in the order of their numbers.
const FIELDS: [TextField; 6] = [
    TextField::Headline,
    TextField::Body,
    TextField::Byline,
    TextField::Dateline,
    TextField::Source,
    TextField::Url,
];

/// Where the lead of a body ends, the first line that is not blank.
fn end_of_lead(body: &str) -> usize {
    let start = body.len() - body.trim_start().len();
    body[start..].find('\n').map_or(body.len(), |length| start + length)
}

/// An article as the matcher sees it.
pub(super) struct View {
    /// How many words of the body are its lead.
    lead: u32,
    /// Whether the headline was made from the body, where it stands again: its words are not counted twice.
    made_headline: bool,
    /// Every slot that some word fills, with its place, sorted.
    hits: Vec<(u32, Spot)>,
    /// Where sentences and paragraphs begin, in order.
    breaks: Vec<(Spot, Opens)>,
}

impl View {
    pub(super) fn of(vocabulary: &Vocabulary, analyzer: &mut Analyzer, article: &Article) -> Self {
        Self::reading(vocabulary, analyzer, article, |_, _| {})
    }

    /// Calls `read` with the field and the bytes of every word on the way.
    pub(super) fn reading(
        vocabulary: &Vocabulary,
        analyzer: &mut Analyzer,
        article: &Article,
        mut read: impl FnMut(u8, Range<usize>),
    ) -> Self {
        let made_headline = article.has_made_headline();
        let end_of_lead = end_of_lead(&article.body);
        let mut view = Self { lead: 0, made_headline, hits: Vec::new(), breaks: Vec::new() };
        for (number, field) in (0..).zip(FIELDS) {
            let text = match field {
                TextField::Headline => Some(&article.headline),
                TextField::Body | TextField::Lead => Some(&article.body),
                TextField::Byline => article.byline.as_ref(),
                TextField::Dateline => article.dateline.as_ref(),
                TextField::Source => article.source.as_ref(),
                TextField::Url => article.url.as_ref(),
            };
            let mut at = 0;
            let text = text.map_or("", String::as_str);
            // As in the index: what an article says of itself is names, in no tongue of its own.
            let tongue = match field {
                TextField::Headline | TextField::Body => Tongue::of(article.language.as_deref()),
                _ => Tongue::English,
            };
            let stems = [Tongue::English, tongue].map(|tongue| vocabulary.stems(tongue));
            let may_fill = |folded: &str| stems[0].may_have(folded);
            analyzer.words_stemmed_where(tongue, text, may_fill, |word| {
                let spot = (number, at);
                vocabulary.filled_by(stems, &word, |slot| view.hits.push((slot, spot)));
                if word.opens != Opens::Nothing {
                    view.breaks.push((spot, word.opens));
                }
                if field == TextField::Body && word.range.end <= end_of_lead {
                    view.lead += 1;
                }
                read(number, word.range);
                at += 1;
            });
        }
        view.hits.sort_unstable();
        view.hits.dedup();
        view
    }

    /// The slots that some word fills.
    pub(super) fn terms(&self) -> impl Iterator<Item = u32> + '_ {
        let mut last = None;
        self.hits.iter().map(|(term, _)| *term).filter(move |term| last.replace(*term) != Some(*term))
    }

    /// How much a place says of what the article is about.
    pub(super) fn weight(&self, spot: Spot) -> f32 {
        match FIELDS[usize::from(spot.0)] {
            TextField::Headline => 3.0,
            TextField::Body if spot.1 < self.lead => 2.0,
            _ => 1.0,
        }
    }

    /// Where a leaf stands.
    pub(super) fn places(&self, leaf: &Leaf) -> Vec<Spot> {
        let mut spots = Vec::new();
        self.each_field(leaf, |field, spans| {
            spots.extend(spans.iter().map(|span| (field, span.start)));
        });
        spots.dedup();
        spots
    }

    /// Calls `each` with every field in which a leaf stands, and where.
    pub(super) fn each_field(&self, leaf: &Leaf, mut each: impl FnMut(u8, &[Span])) {
        for (number, field) in (0..).zip(FIELDS) {
            let asked = match leaf.field {
                None => field == TextField::Body || (field == TextField::Headline && !self.made_headline),
                Some(TextField::Lead) => field == TextField::Body,
                Some(asked) => field == asked,
            };
            if !asked {
                continue;
            }
            let mut spans = self.spans(number, &leaf.plan, leaf.field == Some(TextField::Lead));
            spans.sort_unstable();
            if !spans.is_empty() {
                each(number, &spans);
            }
        }
    }

    /// Where a plan stands in a field, in order; in its lead only, where that is asked for.
    pub(super) fn spans(&self, field: u8, plan: &Plan, in_lead: bool) -> Vec<Span> {
        match plan {
            Plan::Row(terms, slop) => {
                let Some(Some(first)) = terms.first() else { return Vec::new() };
                let starts = self.places_of(*first, field).filter(|start| match slop {
                    0 => (1..terms.len()).all(|slot| self.stands(terms[slot], (field, start + slot as u32))),
                    slop => {
                        near(terms.len(), *slop, *start, |slot, at| self.stands(terms[slot], (field, at)))
                    }
                });
                let spans = starts.map(|start| Span::row(start, terms.len()));
                spans.filter(|span| !in_lead || span.end < self.lead).collect()
            }
            Plan::Any(plans) => {
                let mut spans: Vec<Span> =
                    plans.iter().flat_map(|plan| self.spans(field, plan, in_lead)).collect();
                spans.sort_unstable();
                spans.dedup();
                spans
            }
            Plan::Near(left, how, right) => {
                let left = self.spans(field, left, in_lead);
                let right = if left.is_empty() { Vec::new() } else { self.spans(field, right, in_lead) };
                let mut spans = Vec::new();
                join(&left, *how, &right, &self.breaks(field, *how), &mut spans);
                spans
            }
        }
    }

    /// Where what does not belong together is separated in a field.
    fn breaks(&self, field: u8, how: Nearness) -> Vec<u32> {
        let least = match how {
            Nearness::Within(_) | Nearness::Before(_) => return Vec::new(),
            Nearness::Sentence => Opens::Sentence,
            Nearness::Paragraph => Opens::Paragraph,
        };
        let of_field = self.breaks.iter().filter(|((number, _), opens)| *number == field && *opens >= least);
        of_field.map(|((_, place), _)| *place).collect()
    }

    pub(super) fn places_of(&self, term: u32, field: u8) -> impl Iterator<Item = u32> + '_ {
        let from = self.hits.partition_point(|hit| *hit < (term, (field, 0)));
        self.hits[from..]
            .iter()
            .take_while(move |(t, (f, _))| (*t, *f) == (term, field))
            .map(|(_, spot)| spot.1)
    }

    pub(super) fn stands(&self, term: Option<u32>, spot: Spot) -> bool {
        match term {
            Some(term) => self.hits.binary_search(&(term, spot)).is_ok(),
            None => true,
        }
    }
}
