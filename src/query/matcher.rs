//! A *matcher* evaluates many queries on one article in memory: one pass over its words finds every word and phrase of all
//! of them, then only the queries are evaluated whose necessary words stand often enough.
//!
//! It is the second evaluator of the one query language; the engine is the first.

mod building;
pub mod light;
mod lists;
mod node;
mod places;
pub mod reader;
mod tally;
mod view;
mod vocabulary;

use std::sync::atomic::{AtomicU64, Ordering};

use crate::article::Article;
use crate::query::QueryError;
use crate::query::ast::{Nearness, Query};
use crate::query::matcher::building::Building;
use crate::query::matcher::light::{Highlights, Light, Read};
use crate::query::matcher::lists::Lists;
use crate::query::matcher::node::Node;
use crate::query::matcher::places::Spot;
use crate::query::matcher::reader::Reader;
use crate::query::matcher::tally::{Bag, InBag, Tally};
use crate::query::matcher::view::{AskedFields, View, note_asked};
use crate::query::matcher::vocabulary::Vocabulary;
use crate::schema::TextField;

/// Queries made ready to be evaluated together.
#[derive(Debug, Default)]
pub struct Matcher {
    /// Tells it from all others.
    id: u64,
    vocabulary: Vocabulary,
    /// The fields some text looks for.
    asked: AskedFields,
    leaves: Vec<Leaf>,
    /// The leaves that are looked for by a slot, by slot.
    sought: Lists<Sought>,
    bags: Vec<Bag>,
    /// The bags that hold a leaf, by leaf.
    bags_of_leaf: Lists<InBag>,
    queries: Vec<Asked>,
    /// The queries that may match whatever bags are full.
    always: Vec<u32>,
    /// The number of the first stem that is only counted.
    first_heard: u32,
}

/// What was counted of an article on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// How many words headline and body have; a headline made from the body has none of its own.
    pub words: u32,
    /// Of the stems that were to be counted, those that stand there.
    pub stems: Vec<HeardStem>,
}

/// A stem that was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeardStem {
    /// Which one, in the order given to [`Matcher::hear`].
    pub number: usize,
    /// At how many places it stands.
    pub count: u32,
    /// Whether the headline has it.
    pub in_headline: bool,
}

/// A query that matches an article.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matched {
    /// Which query, in the order given to [`Matcher::new`].
    pub query: usize,
    /// How much of the article speaks for it: places in the headline count 3, in the lead 2, elsewhere 1.
    pub weight: f32,
    /// How many places matched.
    pub places: u32,
}

/// One of the queries.
#[derive(Debug)]
struct Asked {
    node: Node,
    /// The leaves that speak for it: none below a NOT.
    speaking: Vec<u32>,
}

/// A text of a query, its words as numbers of the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Leaf {
    field: Option<TextField>,
    plan: Plan,
}

impl Leaf {
    fn in_lead(&self) -> bool {
        self.field == Some(TextField::Lead)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Plan {
    Row(Row),
    Any(Vec<Self>),
    Near(Box<Self>, Nearness, Box<Self>),
}

/// Words in a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Row {
    /// Its slots, `None` for any word; the first and the last are no `None`.
    slots: Vec<Option<u32>>,
    /// By how many places in all the words may stand elsewhere.
    slop: u32,
    /// Which of the slots the row is looked for by; the first where there is slop.
    anchor: u32,
}

impl Row {
    /// The slot it is looked for by.
    fn sought_by(&self) -> Option<u32> {
        self.slots.get(self.anchor as usize).copied().flatten()
    }
}

/// A leaf that is looked for by a slot.
#[derive(Clone, Copy, Debug)]
struct Sought {
    leaf: u32,
    /// Another slot of its row, and by how many words it follows: most rows are not there, which this tells at once.
    beside: Option<(u32, i32)>,
}

impl Sought {
    fn new(leaf: u32, plan: &Plan, uses: &[u32]) -> Self {
        let beside = match plan {
            Plan::Row(row) if row.slop == 0 => {
                let others = (0..).zip(&row.slots).filter(|(at, _)| *at != row.anchor);
                let others = others.filter_map(|(at, slot)| Some((at, (*slot)?)));
                let rarest = others.min_by_key(|(_, slot)| uses[*slot as usize]);
                rarest.map(|(at, slot): (u32, _)| (slot, at.cast_signed() - row.anchor.cast_signed()))
            }
            _ => None,
        };
        Self { leaf, beside }
    }

    /// Whether the leaf can stand at one of the places of the slot it is looked for by.
    fn may_stand(&self, view: &View<'_>, spots: &[Spot]) -> bool {
        self.beside.is_none_or(|(slot, shift)| {
            let beside = |(field, place): &Spot| Some((*field, place.checked_add_signed(shift)?));
            spots.iter().filter_map(beside).any(|spot| view.stands(Some(slot), spot))
        })
    }
}

impl Plan {
    /// Calls `each` with every row.
    fn rows(&mut self, each: &mut dyn FnMut(&mut Row)) {
        match self {
            Self::Row(row) => each(row),
            Self::Any(plans) => plans.iter_mut().for_each(|plan| plan.rows(each)),
            Self::Near(left, _, right) => [left, right].into_iter().for_each(|plan| plan.rows(each)),
        }
    }

    /// The slots one of which is filled wherever the plan stands: of two sides, those of the rarer.
    fn triggers(&self, uses: &[u32]) -> Vec<u32> {
        match self {
            Self::Row(row) => row.sought_by().into_iter().collect(),
            Self::Any(plans) => plans.iter().flat_map(|plan| plan.triggers(uses)).collect(),
            Self::Near(left, _, right) => {
                let often = |slots: &Vec<u32>| slots.iter().map(|slot| uses[*slot as usize]).sum::<u32>();
                let (left, right) = (left.triggers(uses), right.triggers(uses));
                if often(&right) < often(&left) { right } else { left }
            }
        }
    }
}

impl Matcher {
    /// Makes queries ready.
    ///
    /// # Errors
    /// Where one asks for more than text: facets and dates are not known while an article is being tagged.
    pub fn new<'a>(queries: impl IntoIterator<Item = &'a Query>) -> Result<Self, QueryError> {
        static MADE: AtomicU64 = AtomicU64::new(1);
        let mut building = Building::default();
        for query in queries {
            building.query(query)?;
        }
        let mut matcher = building.matcher;
        matcher.id = MADE.fetch_add(1, Ordering::Relaxed);
        let mut sought = vec![Vec::new(); matcher.vocabulary.len()];
        // A word that few texts ask for is likely to be rarer than one that many ask for.
        let mut uses = vec![0; matcher.vocabulary.len()];
        for leaf in &mut matcher.leaves {
            leaf.plan.rows(&mut |row| row.slots.iter().flatten().for_each(|slot| uses[*slot as usize] += 1));
        }
        for (number, leaf) in (0u32..).zip(&mut matcher.leaves) {
            note_asked(leaf.field, &mut matcher.asked);
            leaf.plan.rows(&mut |row| {
                let slots =
                    (0..).zip(&row.slots).filter_map(|(at, slot)| Some((uses[(*slot)? as usize], at)));
                row.anchor = if row.slop == 0 { slots.min().map_or(0, |(_, at)| at) } else { 0 };
                row.sought_by().into_iter().for_each(|slot| matcher.vocabulary.note_anchor(slot));
            });
            let triggers = leaf.plan.triggers(&uses);
            let leaf = Sought::new(number, &leaf.plan, &uses);
            triggers.into_iter().for_each(|slot| sought[slot as usize].push(leaf));
        }
        matcher.sought = sought.into_iter().collect();
        let mut bags_of_leaf = vec![Vec::new(); matcher.leaves.len()];
        for (number, bag) in (0u32..).zip(&matcher.bags) {
            let of = InBag { bag: number, wakes_at: if bag.is_key { bag.least } else { 0 } };
            bag.leaves.iter().for_each(|leaf| bags_of_leaf[*leaf as usize].push(of));
        }
        matcher.bags_of_leaf = bags_of_leaf.into_iter().collect();
        Ok(matcher)
    }

    /// Counts stems too, each in the tongue of the article; to be called once.
    pub fn hear<'a>(&mut self, stems: impl Iterator<Item = &'a str>) {
        self.first_heard = u32::try_from(self.vocabulary.len()).unwrap_or(u32::MAX);
        self.vocabulary.hear(stems);
        if self.vocabulary.len() > self.first_heard as usize {
            note_asked(None, &mut self.asked);
        }
    }

    /// The queries that match an article by what stands there, in order.
    pub fn matches(&self, reader: &mut Reader, article: &Article) -> Vec<Matched> {
        self.matches_hearing(reader, article).0
    }

    /// The same, and what was counted on the way.
    pub fn matches_hearing(&self, reader: &mut Reader, article: &Article) -> (Vec<Matched>, Heard) {
        reader.serve(self.id);
        let Reader { words, places, tally, .. } = reader;
        let view = View::reading((&self.vocabulary, &self.asked), (words, places), article, |_, _| {});
        self.find(&view, tally);
        let mut matched = Vec::new();
        for number in tally.candidates(&self.always, &self.bags) {
            let query = &self.queries[number as usize];
            if !query.node.holds(&self.bags, tally) {
                continue;
            }
            let spots = tally.spots(&query.speaking);
            if !spots.is_empty() {
                let weight = spots.iter().map(|spot| view.weight(*spot)).sum();
                let places = u32::try_from(spots.len()).unwrap_or(u32::MAX);
                matched.push(Matched { query: number as usize, weight, places });
            }
        }
        (matched, view.heard(self.first_heard))
    }

    /// Whether each query matches an article, in order: those too that match for what is not there.
    pub fn verdicts(&self, reader: &mut Reader, article: &Article) -> Vec<bool> {
        reader.serve(self.id);
        let Reader { words, places, tally, .. } = reader;
        let view = View::reading((&self.vocabulary, &self.asked), (words, places), article, |_, _| {});
        self.find(&view, tally);
        self.queries.iter().map(|query| query.node.holds(&self.bags, tally)).collect()
    }

    /// What of an article's headline and body speaks for any of the queries, of each the texts by which it matches.
    pub fn highlights(&self, reader: &mut Reader, article: &Article) -> Highlights {
        reader.serve(self.id);
        let Reader { words, places, tally, .. } = reader;
        let mut read = Read::default();
        let note = |field: u8, range| {
            if let Some(words) = read.get_mut(usize::from(field)) {
                words.push(range);
            }
        };
        let view = View::reading((&self.vocabulary, &self.asked), (words, places), article, note);
        self.find(&view, tally);
        let mut speaking = Vec::new();
        self.queries.iter().for_each(|query| query.node.speaking(&self.bags, tally, &mut speaking));
        speaking.sort_unstable();
        speaking.dedup();
        let mut light = Light::default();
        for leaf in speaking {
            light.fall_on(&view, leaf, &self.leaves[leaf as usize]);
        }
        light.highlights(&read)
    }

    /// Finds where each leaf stands.
    fn find(&self, view: &View<'_>, tally: &mut Tally) {
        tally.clear(self.leaves.len(), self.bags.len(), &self.bags_of_leaf);
        for (slot, spots) in view.anchored() {
            for sought in self.sought.of(slot) {
                // One with several rows may have been found by another.
                if sought.may_stand(view, spots) && !tally.has_found(sought.leaf) {
                    let leaf = &self.leaves[sought.leaf as usize];
                    let bags = self.bags_of_leaf.of(sought.leaf);
                    tally.note(sought.leaf, bags, |found| view.places(leaf, spots, found));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Matcher;
    use crate::article::{Article, Place};
    use crate::query::matcher::reader::Reader;
    use crate::query::parse::parse;

    fn article() -> Article {
        Article {
            headline: "Blinken meets Xi".to_owned(),
            body:
                "Military talks were not restored in Beijing.\nOil prices and crude oil fell. A spy-balloon \
                   was shot down; traffickers were fined."
                    .to_owned(),
            byline: Some("Foreign desk".to_owned()),
            ..Article::default()
        }
    }

    fn check(query: &str, expected: bool) {
        let parsed = parse(query).unwrap();
        let matcher = Matcher::new([&parsed]).unwrap();
        let found = matcher.matches(&mut Reader::default(), &article());
        assert_eq!(!found.is_empty(), expected, "{query}");
    }

    #[test]
    fn every_clause_is_evaluated() {
        for query in [
            "blinken",
            "\"military talk\"",
            "blinken beijing",
            "nothing OR oil",
            "oil NOT gas",
            "\"talks * not\"",
            "spy-balloon",
            "headline:xi",
            "lead:beijing",
            "traffick*",
            "atleast2(oil)",
            "atleast3(oil OR beijing)",
            "byline:desk",
            "\"prices oil\"~3",
            "\"military restored\"~3",
            "body:(fine talk)",
        ] {
            check(query, true);
        }
        for query in [
            "gas",
            "\"talks military\"",
            "blinken gas",
            "oil NOT crude",
            "headline:oil",
            "lead:oil",
            "atleast3(oil)",
            "desk",
            "\"military restored\"~2",
            "oils*",
            "headline:(xi oil)",
        ] {
            check(query, false);
        }
    }

    #[test]
    fn places_weigh_by_where_they_stand() {
        let queries =
            [parse("blinken OR military OR oil").unwrap(), parse("gas").unwrap(), parse("xi").unwrap()];
        let matcher = Matcher::new(&queries).unwrap();
        let found = matcher.matches(&mut Reader::default(), &article());
        let summary: Vec<(usize, f32, u32)> = found.iter().map(|m| (m.query, m.weight, m.places)).collect();
        assert_eq!(summary, [(0, 3.0 + 2.0 + 2.0, 4), (2, 3.0, 1)]);
    }

    #[test]
    fn a_headline_made_from_the_body_counts_once() {
        let article = Article {
            headline: "Oil fell on…".to_owned(),
            body: "Oil fell on Monday.\nNobody knew why.".to_owned(),
            ..Article::default()
        };
        let queries = ["atleast2(oil)", "oil", "headline:oil"].map(|query| parse(query).unwrap());
        let found = Matcher::new(&queries).unwrap().matches(&mut Reader::default(), &article);
        assert_eq!(found.iter().map(|matched| matched.query).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn highlights_are_what_matched() {
        let query = parse("\"military talks\" OR military OR oil OR traffick* OR headline:xi OR lead:prices")
            .unwrap();
        let matcher = Matcher::new([&query]).unwrap();
        let article = article();
        let found = matcher.highlights(&mut Reader::default(), &article);
        let texts: Vec<&str> = found
            .ranges
            .iter()
            .map(|(place, range)| match place {
                Place::Headline => &article.headline[range.clone()],
                Place::Body => &article.body[range.clone()],
            })
            .collect();
        assert_eq!(texts, ["Xi", "Military talks", "Oil", "oil", "traffickers"]);
    }

    #[test]
    fn a_topic_asks_for_text_only() {
        for query in ["country:China", "date:2023"] {
            let error = Matcher::new([&parse(query).unwrap()]).unwrap_err();
            assert!(error.message.contains("more than text"));
        }
    }
}
