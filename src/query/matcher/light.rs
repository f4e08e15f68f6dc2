//! *Light* falls on the words of an article that speak for a query: rows of words to highlight, and where each text of the
//! query stands as a whole.

use std::ops::Range;

use crate::article::Place;
use crate::query::matcher::view::View;
use crate::query::matcher::{Leaf, Plan, Row};
use crate::query::slot::nearest;
use crate::query::span::Span;

/// What of an article's headline and body speaks for some queries, as byte ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Highlights {
    /// What to highlight, in order and not overlapping; a phrase is one range.
    pub ranges: Vec<(Place, Range<usize>)>,
    /// Where the texts of the queries stand, in order.
    pub stands: Vec<Stand>,
}

/// A place where one text of the queries stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The field.
    pub place: Place,
    /// From its first word to its last: both sides of a proximity.
    pub range: Range<usize>,
    /// Which text it is: equal ones have one number, however often they are asked for.
    pub text: u32,
}

/// The words of headline and body, by their bytes.
pub(super) type Read = [Vec<Range<usize>>; 2];

/// Words of a field, first and last.
type Lit = (u8, u32, u32);

/// The rows of words that are lit, and those from the first word of a text to its last.
#[derive(Default)]
pub(super) struct Light {
    rows: Vec<Lit>,
    stands: Vec<(Lit, u32)>,
}

impl Light {
    /// Lights a leaf wherever it stands in headline and body.
    pub(super) fn fall_on(&mut self, view: &View<'_>, number: u32, leaf: &Leaf) {
        view.each_field(leaf, |field, spans| {
            if usize::from(field) >= Read::default().len() {
                return;
            }
            rows_of(view, field, &leaf.plan, spans, &mut self.rows);
            let wholes = wholes(view, field, &leaf.plan, spans);
            self.stands.extend(wholes.into_iter().map(|(start, end)| ((field, start, end), number)));
        });
    }

    /// What is lit, in bytes.
    pub(super) fn highlights(mut self, words: &Read) -> Highlights {
        let mut ranges: Vec<(Place, Range<usize>)> = Vec::new();
        self.rows.sort_unstable();
        for (place, range) in self.rows.into_iter().filter_map(|row| bytes(words, row)) {
            match ranges.last_mut() {
                Some((before, last)) if *before == place && range.start < last.end => {
                    last.end = last.end.max(range.end);
                }
                _ => ranges.push((place, range)),
            }
        }
        self.stands.sort_unstable();
        self.stands.dedup();
        let stands = self.stands.into_iter().filter_map(|(row, text)| {
            let (place, range) = bytes(words, row)?;
            Some(Stand { place, range, text })
        });
        Highlights { ranges, stands: stands.collect() }
    }
}

fn bytes(words: &Read, (field, first, last): Lit) -> Option<(Place, Range<usize>)> {
    let place = if field == 0 { Place::Headline } else { Place::Body };
    let words = words.get(usize::from(field))?;
    Some((place, words.get(first as usize)?.start..words.get(last as usize)?.end))
}

/// The rows of words that speak for a plan where it stands.
fn rows_of(view: &View<'_>, field: u8, plan: &Plan, spans: &[Span], into: &mut Vec<Lit>) {
    match plan {
        Plan::Row(row) if row.slop == 0 => {
            into.extend(spans.iter().map(|span| (field, span.start, span.end)));
        }
        Plan::Row(row) => {
            for span in spans {
                let places = loose(view, field, row, span.start);
                let rows = places.chunk_by(|before, next| *next <= before + 1);
                into.extend(rows.map(|row| (field, row[0], row[row.len() - 1])));
            }
        }
        Plan::Any(plans) => plans.iter().for_each(|plan| rows_within(view, field, plan, spans, into)),
        Plan::Near(left, _, right) => {
            rows_within(view, field, left, spans, into);
            rows_within(view, field, right, spans, into);
        }
    }
}

/// The rows of a part of a plan where it stands within the whole, whose spans are in order.
fn rows_within(view: &View<'_>, field: u8, part: &Plan, wholes: &[Span], into: &mut Vec<Lit>) {
    let mut furthest = 0;
    let reach: Vec<u32> = wholes
        .iter()
        .map(|whole| {
            furthest = whole.end.max(furthest);
            furthest
        })
        .collect();
    let mut spans = view.spans(field, part, false);
    spans.retain(|span| {
        let begun = wholes.partition_point(|whole| whole.start <= span.start);
        begun > 0 && span.end <= reach[begun - 1]
    });
    rows_of(view, field, part, &spans, into);
}

/// The places of loose words that match from a start on, in order.
fn loose(view: &View<'_>, field: u8, row: &Row, start: u32) -> Vec<u32> {
    let stands = |slot: usize, at: u32| view.stands(row.slots[slot], (field, at));
    let mut places = nearest(row.slots.len(), row.slop, start, stands).unwrap_or_default();
    places.sort_unstable();
    places
}

/// Where a plan stands as a whole, from first word to last.
fn wholes(view: &View<'_>, field: u8, plan: &Plan, spans: &[Span]) -> Vec<(u32, u32)> {
    match plan {
        Plan::Row(row) if row.slop > 0 => {
            let matches = spans.iter().map(|span| loose(view, field, row, span.start));
            matches.filter_map(|places| Some((*places.first()?, *places.last()?))).collect()
        }
        _ => tightest(spans),
    }
}

/// Of spans in order, those that hold no other, from first word to last.
fn tightest(spans: &[Span]) -> Vec<(u32, u32)> {
    let mut tight: Vec<(u32, u32)> = Vec::new();
    for span in spans.iter().rev() {
        if tight.last().is_none_or(|(_, end)| span.end < *end) {
            tight.push((span.start, span.end));
        }
    }
    tight
}
