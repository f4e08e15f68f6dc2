//! A *view* is an article as the matcher sees it: which slots its words fill, and where.

use std::ops::Range;

use crate::article::Article;
use crate::query::ast::Nearness;
use crate::query::matcher::places::{Places, Spot};
use crate::query::matcher::reader::{Fills, Words};
use crate::query::matcher::vocabulary::Vocabulary;
use crate::query::matcher::{Heard, HeardStem, Leaf, Plan, Row};
use crate::query::slot::near;
use crate::query::span::Span;
use crate::query::span::join;
use crate::schema::TextField;
use crate::schema::analyzer::raw_words;
use crate::schema::tongue::Tongue;
use crate::sentence::Opens;

/// The fields of an article in the order of their numbers.
const FIELDS: [TextField; 6] = [
    TextField::Headline,
    TextField::Body,
    TextField::Byline,
    TextField::Dateline,
    TextField::Source,
    TextField::Url,
];

/// Which fields some query asks for.
pub(super) type AskedFields = [bool; FIELDS.len()];

/// Notes the fields that a text looks for.
pub(super) fn note_asked(of_text: Option<TextField>, asked: &mut AskedFields) {
    asked.iter_mut().zip(FIELDS).for_each(|(asked, field)| *asked |= is_asked(of_text, field));
}

/// Whether a text of a field, or of none, is looked for in a field.
fn is_asked(of_text: Option<TextField>, field: TextField) -> bool {
    match of_text {
        None => matches!(field, TextField::Headline | TextField::Body),
        Some(TextField::Lead) => field == TextField::Body,
        Some(asked) => field == asked,
    }
}

/// Where the lead of a body ends, the first line that is not blank.
fn end_of_lead(body: &str) -> usize {
    let start = body.len() - body.trim_start().len();
    body[start..].find('\n').map_or(body.len(), |length| start + length)
}

/// An article as the matcher sees it.
pub(super) struct View<'a> {
    /// How many words of the body are its lead.
    lead: u32,
    /// Whether the headline was made from the body, where it stands again: its words are not counted twice.
    made_headline: bool,
    /// What the words of all fields fill, in order; and by field, where its words begin.
    words: Vec<Fills>,
    starts: [usize; FIELDS.len() + 1],
    /// The slots of the words' fills.
    slots: &'a [u32],
    /// Where the slots stand that rows are looked for by.
    places: &'a Places,
    /// Where sentences and paragraphs begin, in order.
    breaks: Vec<(Spot, Opens)>,
}

impl<'a> View<'a> {
    /// Reads an article: those of its fields that are asked for. Calls `read` with the field and the bytes of every word
    /// on the way.
    pub(super) fn reading(
        (vocabulary, asked): (&Vocabulary, &AskedFields),
        (known, places): (&'a mut Words, &'a mut Places),
        article: &Article,
        mut read: impl FnMut(u8, Range<usize>),
    ) -> Self {
        let made_headline = article.has_made_headline();
        let end_of_lead = end_of_lead(&article.body);
        let (mut lead, mut words, mut starts) = (0, Vec::new(), [0; FIELDS.len() + 1]);
        let mut breaks = Vec::new();
        // Once for all fields: what is forgotten between two of them would be missing from the first.
        let own = Tongue::of(article.language.as_deref());
        known.prepare([Tongue::English, own]);
        places.clear(vocabulary.len());
        for (number, field) in (0u8..).zip(FIELDS) {
            let text = match field {
                TextField::Headline => Some(&article.headline),
                TextField::Body | TextField::Lead => Some(&article.body),
                TextField::Byline => article.byline.as_ref(),
                TextField::Dateline => article.dateline.as_ref(),
                TextField::Source => article.source.as_ref(),
                TextField::Url => article.url.as_ref(),
            };
            // As in the index: what an article says of itself is names, in no tongue of its own.
            let tongue = match field {
                TextField::Headline | TextField::Body => own,
                _ => Tongue::English,
            };
            let start = words.len();
            if let Some(text) = text.filter(|_| asked[usize::from(number)]) {
                let stems = [Tongue::English, tongue].map(|tongue| vocabulary.stems(tongue));
                for word in raw_words(text) {
                    let spot = (number, (words.len() - start) as u32);
                    let fills = known.fills(vocabulary, (tongue, stems), &text[word.range.clone()]);
                    words.push(fills);
                    places.note(fills.anchors(&known.slots), spot);
                    if word.opens != Opens::Nothing {
                        breaks.push((spot, word.opens));
                    }
                    if field == TextField::Body && word.range.end <= end_of_lead {
                        lead += 1;
                    }
                    read(number, word.range);
                }
            }
            starts[usize::from(number) + 1] = words.len();
        }
        places.settle();
        Self { lead, made_headline, words, starts, slots: &known.slots, places, breaks }
    }

    /// The slots that rows are looked for by and that some word fills, with their places.
    pub(super) fn anchored(&self) -> impl Iterator<Item = (u32, &[Spot])> {
        self.places.each()
    }

    /// What was counted of the stems that are numbered from `first` on.
    pub(super) fn heard(&self, first: u32) -> Heard {
        let mut heard = Heard::default();
        for field in [0, 1].into_iter().filter(|field| self.counts(*field)) {
            let words = self.starts[usize::from(field) + 1] - self.starts[usize::from(field)];
            heard.words += u32::try_from(words).unwrap_or(u32::MAX);
        }
        for (slot, spots) in self.places.each().filter(|(slot, _)| *slot >= first) {
            let counted = spots.iter().filter(|(field, _)| self.counts(*field));
            let count = u32::try_from(counted.count()).unwrap_or(u32::MAX);
            if count > 0 {
                let in_headline = spots[0].0 == 0 && !self.made_headline;
                heard.stems.push(HeardStem { number: (slot - first) as usize, count, in_headline });
            }
        }
        heard.stems.sort_unstable_by_key(|stem| stem.number);
        heard
    }

    /// Whether the words of a field are those of headline or body, and not a headline's that was made from the body.
    fn counts(&self, field: u8) -> bool {
        match FIELDS[usize::from(field)] {
            TextField::Headline => !self.made_headline,
            field => field == TextField::Body,
        }
    }

    /// How much a place says of what the article is about.
    pub(super) fn weight(&self, spot: Spot) -> f32 {
        match FIELDS[usize::from(spot.0)] {
            TextField::Headline => 3.0,
            TextField::Body if spot.1 < self.lead => 2.0,
            _ => 1.0,
        }
    }

    /// Where a leaf stands, in order; `anchored` are the places of the slot it is looked for by, if it is a row.
    pub(super) fn places(&self, leaf: &Leaf, anchored: &[Spot], spots: &mut Vec<Spot>) {
        if let Plan::Row(row) = &leaf.plan {
            let asked = |spot: &&Spot| self.looks_in(leaf, spot.0);
            self.rows(anchored.iter().filter(asked), row, leaf.in_lead(), |field, span| {
                spots.push((field, span.start));
            });
            return;
        }
        if !self.may_stand(&leaf.plan) {
            return;
        }
        for field in (0u8..).take(FIELDS.len()).filter(|field| self.looks_in(leaf, *field)) {
            let mut spans = self.spans(field, &leaf.plan, leaf.in_lead());
            spans.sort_unstable();
            spans.dedup_by_key(|span| span.start);
            spots.extend(spans.iter().map(|span| (field, span.start)));
        }
    }

    /// Whether the slots by which the rows of a plan are looked for stand anywhere: of a proximity, both sides'.
    fn may_stand(&self, plan: &Plan) -> bool {
        match plan {
            Plan::Row(row) => row.sought_by().is_some_and(|slot| !self.places.of(slot).is_empty()),
            Plan::Any(plans) => plans.iter().any(|plan| self.may_stand(plan)),
            Plan::Near(left, _, right) => self.may_stand(left) && self.may_stand(right),
        }
    }

    /// Calls `each` with every field in which a leaf stands, and where.
    pub(super) fn each_field(&self, leaf: &Leaf, mut each: impl FnMut(u8, &[Span])) {
        for field in (0u8..).take(FIELDS.len()).filter(|field| self.looks_in(leaf, *field)) {
            let mut spans = self.spans(field, &leaf.plan, leaf.in_lead());
            spans.sort_unstable();
            if !spans.is_empty() {
                each(field, &spans);
            }
        }
    }

    /// Whether a leaf is looked for in a field.
    fn looks_in(&self, leaf: &Leaf, field: u8) -> bool {
        let field = FIELDS[usize::from(field)];
        let again = leaf.field.is_none() && self.made_headline && field == TextField::Headline;
        !again && is_asked(leaf.field, field)
    }

    /// Calls `each` with every place where a row stands, of those where its anchor does, in order.
    fn rows<'h>(
        &self,
        anchored: impl Iterator<Item = &'h Spot>,
        row: &Row,
        in_lead: bool,
        mut each: impl FnMut(u8, Span),
    ) {
        for (field, place) in anchored.copied() {
            let Some(start) = place.checked_sub(row.anchor) else { continue };
            let stands = |slot: usize, at: u32| self.stands(row.slots[slot], (field, at));
            let found = match row.slop {
                0 => (0..row.slots.len())
                    .all(|slot| slot == row.anchor as usize || stands(slot, start + slot as u32)),
                slop => near(row.slots.len(), slop, start, stands),
            };
            let span = Span::row(start, row.slots.len());
            if found && (!in_lead || span.end < self.lead) {
                each(field, span);
            }
        }
    }

    /// Where a plan stands in a field, in order; in its lead only, where that is asked for.
    pub(super) fn spans(&self, field: u8, plan: &Plan, in_lead: bool) -> Vec<Span> {
        match plan {
            Plan::Row(row) => {
                let mut spans = Vec::new();
                let anchored = row.sought_by().map_or(&[][..], |slot| self.places.within(slot, field));
                self.rows(anchored.iter(), row, in_lead, |_, span| spans.push(span));
                spans
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

    /// Whether a word that fills a slot stands at a place.
    pub(super) fn stands(&self, slot: Option<u32>, (field, place): Spot) -> bool {
        let Some(slot) = slot else { return true };
        let (start, end) = (self.starts[usize::from(field)], self.starts[usize::from(field) + 1]);
        let word = self.words[start..end].get(place as usize);
        word.is_some_and(|fills| fills.all(self.slots).contains(&slot))
    }
}
