//! A *view* is an article as the matcher sees it: which slots its words fill, and where.

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
        let tongue = Tongue::of(article.language.as_deref());
        let made_headline = article.has_made_headline();
        let stems = [Tongue::English, tongue].map(|tongue| vocabulary.stems(tongue));
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
            analyzer.words(tongue, text.map_or("", String::as_str), |word| {
                let spot = (number, at);
                vocabulary.filled_by(stems, &word, |slot| view.hits.push((slot, spot)));
                if word.opens != Opens::Nothing {
                    view.breaks.push((spot, word.opens));
                }
                at += 1;
            });
        }
        analyzer.words(Tongue::English, article.lead(), |_| view.lead += 1);
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

    /// The words that speak for a leaf where it stands: first and last of each row.
    pub(super) fn light(&self, leaf: &Leaf, into: &mut Vec<(u8, u32, u32)>) {
        self.each_field(leaf, |field, spans| self.light_in(field, &leaf.plan, spans, into));
    }

    /// Calls `each` with every field in which a leaf stands, and where.
    fn each_field(&self, leaf: &Leaf, mut each: impl FnMut(u8, &[Span])) {
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
    fn spans(&self, field: u8, plan: &Plan, in_lead: bool) -> Vec<Span> {
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

    fn places_of(&self, term: u32, field: u8) -> impl Iterator<Item = u32> + '_ {
        let from = self.hits.partition_point(|hit| *hit < (term, (field, 0)));
        self.hits[from..]
            .iter()
            .take_while(move |(t, (f, _))| (*t, *f) == (term, field))
            .map(|(_, spot)| spot.1)
    }

    fn stands(&self, term: Option<u32>, spot: Spot) -> bool {
        match term {
            Some(term) => self.hits.binary_search(&(term, spot)).is_ok(),
            None => true,
        }
    }

    fn light_in(&self, field: u8, plan: &Plan, spans: &[Span], into: &mut Vec<(u8, u32, u32)>) {
        match plan {
            Plan::Row(_, 0) => into.extend(spans.iter().map(|span| (field, span.start, span.end))),
            Plan::Row(terms, slop) => {
                let reach = slop + u32::try_from(terms.len()).unwrap_or(0);
                for span in spans {
                    let window = span.start.saturating_sub(reach)..=span.start + reach;
                    for term in terms {
                        let term = term.iter().flat_map(|term| self.places_of(*term, field));
                        into.extend(term.filter(|at| window.contains(at)).map(|at| (field, at, at)));
                    }
                }
            }
            Plan::Any(plans) => plans.iter().for_each(|plan| self.light_within(field, plan, spans, into)),
            Plan::Near(left, _, right) => {
                self.light_within(field, left, spans, into);
                self.light_within(field, right, spans, into);
            }
        }
    }

    /// Lights a part of a plan where it stands within the whole.
    fn light_within(&self, field: u8, plan: &Plan, whole: &[Span], into: &mut Vec<(u8, u32, u32)>) {
        let mut spans = self.spans(field, plan, false);
        spans.retain(|part| whole.iter().any(|span| span.start <= part.start && part.end <= span.end));
        self.light_in(field, plan, &spans, into);
    }
}
