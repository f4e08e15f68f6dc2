//! A *matcher* evaluates many queries on one article in memory: one pass over its words finds every term and phrase
//! of all of them, then only the queries of which something was found are evaluated.
//!
//! It is the second evaluator of the one query language; the engine is the first.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::Article;
use crate::article::Place;
use crate::query::QueryError;
use crate::query::ast::{Query, Text};
use crate::query::slot::Slot;
use crate::query::slot::near;
use crate::query::slot::slots;
use crate::schema::TextField;
use crate::schema::analyzer::Analyzer;

/// Queries made ready to be evaluated together.
#[derive(Debug, Default)]
pub struct Matcher {
    vocabulary: Vocabulary,
    leaves: Vec<Leaf>,
    /// The leaves that begin with a term, by term.
    leaves_of_term: Vec<Vec<u32>>,
    /// The queries that hold a leaf, by leaf.
    queries_of_leaf: Vec<Vec<u32>>,
    queries: Vec<Node>,
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

#[derive(Debug)]
enum Node {
    All,
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Leaf(u32),
    AtLeast(u32, Vec<u32>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Leaf {
    field: Option<TextField>,
    terms: Vec<u32>,
    slop: u32,
}

/// The stems and beginnings the queries use, numbered from 0.
#[derive(Debug, Default)]
struct Vocabulary {
    terms: FxHashMap<Box<str>, u32>,
    /// Beginnings of words, as terms of their own, with the lengths they have.
    prefixes: FxHashMap<Box<str>, u32>,
    prefix_lengths: Vec<usize>,
    /// Whether a number is a beginning's.
    is_prefix: Vec<bool>,
}

/// A term of no query.
const UNKNOWN: u32 = u32::MAX;

impl Vocabulary {
    fn number(&mut self, slot: &Slot) -> u32 {
        let next = u32::try_from(self.is_prefix.len()).unwrap_or(UNKNOWN);
        let (numbers, text, is_prefix) = match slot {
            Slot::Stem(stem) => (&mut self.terms, stem, false),
            Slot::Prefix(prefix) => (&mut self.prefixes, prefix, true),
        };
        if let Some(number) = numbers.get(text.as_str()) {
            return *number;
        }
        numbers.insert(text.as_str().into(), next);
        self.is_prefix.push(is_prefix);
        if is_prefix && !self.prefix_lengths.contains(&text.len()) {
            self.prefix_lengths.push(text.len());
        }
        next
    }
}

impl Matcher {
    /// Makes queries ready.
    ///
    /// # Errors
    /// Where one asks for more than text: facets and dates are not known while an article is being tagged.
    pub fn new<'a>(queries: impl IntoIterator<Item = &'a Query>) -> Result<Self, QueryError> {
        let mut matcher = Self::default();
        let mut known = FxHashMap::default();
        let mut analyzer = Analyzer::default();
        for (number, query) in (0u32..).zip(queries) {
            let node = matcher.node(query, &mut known, &mut analyzer)?;
            matcher.queries_of_leaf.resize(matcher.leaves.len(), Vec::new());
            let mut leaves = Vec::new();
            node.leaves(&mut leaves);
            for leaf in leaves {
                let queries = &mut matcher.queries_of_leaf[leaf as usize];
                if queries.last() != Some(&number) {
                    queries.push(number);
                }
            }
            matcher.queries.push(node);
        }
        matcher.leaves_of_term = vec![Vec::new(); matcher.vocabulary.is_prefix.len()];
        for (number, leaf) in (0u32..).zip(&matcher.leaves) {
            if let Some(first) = leaf.terms.first() {
                matcher.leaves_of_term[*first as usize].push(number);
            }
        }
        Ok(matcher)
    }

    fn node(
        &mut self,
        query: &Query,
        known: &mut FxHashMap<Leaf, u32>,
        analyzer: &mut Analyzer,
    ) -> Result<Node, QueryError> {
        Ok(match query {
            Query::All => Node::All,
            Query::And(clauses) => Node::And(self.nodes(clauses, known, analyzer)?),
            Query::Or(clauses) => Node::Or(self.nodes(clauses, known, analyzer)?),
            Query::Not(inner) => Node::Not(Box::new(self.node(inner, known, analyzer)?)),
            Query::Text(text) => Node::Leaf(self.leaf(text, known, analyzer)),
            Query::AtLeast(count, texts) => {
                Node::AtLeast(*count, texts.iter().map(|text| self.leaf(text, known, analyzer)).collect())
            }
            Query::Facet(..) | Query::Date(..) => {
                return Err(QueryError {
                    message: format!("'{query}' asks for more than text"),
                    hint: Some("use words, phrases, headline: and lead: here".to_owned()),
                    position: 0,
                });
            }
        })
    }

    fn nodes(
        &mut self,
        clauses: &[Query],
        known: &mut FxHashMap<Leaf, u32>,
        analyzer: &mut Analyzer,
    ) -> Result<Vec<Node>, QueryError> {
        clauses.iter().map(|clause| self.node(clause, known, analyzer)).collect()
    }

    fn leaf(&mut self, text: &Text, known: &mut FxHashMap<Leaf, u32>, analyzer: &mut Analyzer) -> u32 {
        let (slots, slop) = slots(analyzer, &text.pattern);
        let terms = slots.iter().map(|slot| self.vocabulary.number(slot)).collect();
        let leaf = Leaf { field: text.field, terms, slop };
        let next = u32::try_from(self.leaves.len()).unwrap_or(UNKNOWN);
        *known.entry(leaf).or_insert_with_key(|leaf| {
            self.leaves.push(leaf.clone());
            next
        })
    }

    /// The queries that match an article, in order.
    pub fn matches(&self, analyzer: &mut Analyzer, article: &Article) -> Vec<Matched> {
        let view = View::of(self, analyzer, article);
        let found = self.found(&view);
        let mut queries: Vec<u32> =
            found.keys().flat_map(|leaf| self.queries_of_leaf[*leaf as usize].iter().copied()).collect();
        queries.sort_unstable();
        queries.dedup();
        queries.retain(|query| self.queries[*query as usize].holds(&found));
        queries.into_iter().map(|query| self.matched(query as usize, &found, &view)).collect()
    }

    /// What of an article's headline and body to highlight: the byte ranges that speak for any of the queries, in order
    /// and not overlapping; a phrase is one range.
    pub fn highlights(&self, analyzer: &mut Analyzer, article: &Article) -> Vec<(Place, Range<usize>)> {
        let view = View::of(self, analyzer, article);
        let mut spans: Vec<(u8, u32, u32)> = Vec::new();
        for (leaf, spots) in self.found(&view) {
            let leaf = &self.leaves[leaf as usize];
            for (field, at) in spots {
                if leaf.slop == 0 {
                    spans.push((field, at, at + u32::try_from(leaf.terms.len()).unwrap_or(1)));
                } else {
                    spans.extend(view.around(self, leaf, (field, at)));
                }
            }
        }
        let mut ranges: Vec<(Place, Range<usize>)> = Vec::new();
        for (number, place, text) in
            [(0, Place::Headline, &article.headline), (1, Place::Body, &article.body)]
        {
            let mut words = Vec::new();
            analyzer.words(text, |word| words.push(word.range));
            let mut spans: Vec<_> = spans.iter().filter(|span| span.0 == number).collect();
            spans.sort_unstable();
            let first = ranges.len();
            for (_, from, to) in spans {
                let (Some(start), Some(last)) = (words.get(*from as usize), words.get(*to as usize - 1))
                else {
                    continue;
                };
                match ranges[first..].last_mut() {
                    Some((_, before)) if start.start < before.end => before.end = before.end.max(last.end),
                    _ => ranges.push((place, start.start..last.end)),
                }
            }
        }
        ranges
    }

    /// Where each leaf stands, for the leaves that stand anywhere.
    fn found(&self, view: &View) -> FxHashMap<u32, Vec<Spot>> {
        let mut candidates: Vec<u32> = (view.hits.iter())
            .flat_map(|(term, _)| self.leaves_of_term[*term as usize].iter().copied())
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let places =
            candidates.into_iter().map(|leaf| (leaf, view.places(self, &self.leaves[leaf as usize])));
        places.filter(|(_, places)| !places.is_empty()).collect()
    }

    fn matched(&self, query: usize, found: &FxHashMap<u32, Vec<Spot>>, view: &View) -> Matched {
        let mut leaves = Vec::new();
        self.queries[query].leaves(&mut leaves);
        let spots: FxHashSet<Spot> =
            leaves.iter().filter_map(|leaf| found.get(leaf)).flatten().copied().collect();
        let weight = spots.iter().map(|spot| view.weight(*spot)).sum();
        Matched { query, weight, places: u32::try_from(spots.len()).unwrap_or(u32::MAX) }
    }
}

impl Node {
    fn holds(&self, found: &FxHashMap<u32, Vec<Spot>>) -> bool {
        match self {
            Self::All => true,
            Self::And(nodes) => nodes.iter().all(|node| node.holds(found)),
            Self::Or(nodes) => nodes.iter().any(|node| node.holds(found)),
            Self::Not(node) => !node.holds(found),
            Self::Leaf(leaf) => found.contains_key(leaf),
            Self::AtLeast(count, leaves) => {
                let spots: FxHashSet<Spot> =
                    leaves.iter().filter_map(|leaf| found.get(leaf)).flatten().copied().collect();
                spots.len() >= *count as usize
            }
        }
    }

    /// The leaves that speak for the query: none below a NOT.
    fn leaves(&self, into: &mut Vec<u32>) {
        match self {
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().for_each(|node| node.leaves(into)),
            Self::Leaf(leaf) => into.push(*leaf),
            Self::AtLeast(_, leaves) => into.extend(leaves),
            Self::All | Self::Not(_) => {}
        }
    }
}

/// A place in an article: the field's number and the word's.
type Spot = (u8, u32);

/// An article as the matcher sees it: its words as numbers of the vocabulary.
struct View {
    fields: Vec<(TextField, Vec<u32>)>,
    /// How many words of the body are its lead.
    lead: u32,
    /// Whether the headline was made from the body, where it stands again: its words are not counted twice.
    made_headline: bool,
    /// Every word of the vocabulary that stands in the article, with its place, sorted.
    hits: Vec<(u32, Spot)>,
}

impl View {
    fn of(matcher: &Matcher, analyzer: &mut Analyzer, article: &Article) -> Self {
        let made_headline = is_made(&article.headline, &article.body);
        let mut view = Self { fields: Vec::new(), lead: 0, made_headline, hits: Vec::new() };
        let optional = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        view.add(matcher, analyzer, TextField::Headline, &article.headline);
        view.add(matcher, analyzer, TextField::Body, &article.body);
        view.add(matcher, analyzer, TextField::Byline, &optional(&article.byline));
        view.add(matcher, analyzer, TextField::Dateline, &optional(&article.dateline));
        view.add(matcher, analyzer, TextField::Source, &optional(&article.source));
        view.add(matcher, analyzer, TextField::Url, &optional(&article.url));
        analyzer.words(article.lead(), |_| view.lead += 1);
        view.hits.sort_unstable();
        view
    }

    fn add(&mut self, matcher: &Matcher, analyzer: &mut Analyzer, name: TextField, text: &str) {
        let field = u8::try_from(self.fields.len()).unwrap_or(u8::MAX);
        let mut words = Vec::new();
        let vocabulary = &matcher.vocabulary;
        let hits = &mut self.hits;
        analyzer.words(text, |word| {
            let spot = (field, u32::try_from(words.len()).unwrap_or(u32::MAX));
            let number = vocabulary.terms.get(word.stem).copied().unwrap_or(UNKNOWN);
            words.push(number);
            if number != UNKNOWN {
                hits.push((number, spot));
            }
            for length in &vocabulary.prefix_lengths {
                let prefix = word.folded.get(..*length).and_then(|prefix| vocabulary.prefixes.get(prefix));
                hits.extend(prefix.map(|prefix| (*prefix, spot)));
            }
        });
        self.fields.push((name, words));
    }

    fn weight(&self, spot: Spot) -> f32 {
        match self.fields[usize::from(spot.0)].0 {
            TextField::Headline => 3.0,
            TextField::Body if spot.1 < self.lead => 2.0,
            _ => 1.0,
        }
    }

    fn places(&self, matcher: &Matcher, leaf: &Leaf) -> Vec<Spot> {
        let Some(first) = leaf.terms.first() else { return Vec::new() };
        let from = self.hits.partition_point(|(term, _)| term < first);
        let spots = self.hits[from..].iter().take_while(|(term, _)| term == first).map(|(_, spot)| *spot);
        spots.filter(|spot| self.in_field(leaf.field, *spot) && self.follows(matcher, leaf, *spot)).collect()
    }

    /// The words of a loose phrase around its first one.
    fn around(&self, matcher: &Matcher, leaf: &Leaf, (field, at): Spot) -> Vec<(u8, u32, u32)> {
        let words = &self.fields[usize::from(field)].1;
        let reach = leaf.slop + u32::try_from(leaf.terms.len()).unwrap_or(0);
        let window = at.saturating_sub(reach)..(at + reach).min(u32::try_from(words.len()).unwrap_or(0));
        let part = |at: &u32| leaf.terms.iter().any(|term| self.stands(matcher, *term, (field, *at)));
        window.filter(part).map(|at| (field, at, at + 1)).collect()
    }

    fn in_field(&self, wanted: Option<TextField>, spot: Spot) -> bool {
        let field = self.fields[usize::from(spot.0)].0;
        match wanted {
            None => field == TextField::Body || (field == TextField::Headline && !self.made_headline),
            Some(TextField::Lead) => field == TextField::Body && spot.1 < self.lead,
            Some(wanted) => field == wanted,
        }
    }

    /// Whether the words of a leaf stand from its first one on.
    fn follows(&self, matcher: &Matcher, leaf: &Leaf, spot: Spot) -> bool {
        let stands = |slot: usize, place: u32| self.stands(matcher, leaf.terms[slot], (spot.0, place));
        match leaf.slop {
            0 => (1..leaf.terms.len()).all(|slot| stands(slot, spot.1.saturating_add(slot as u32))),
            slop => near(leaf.terms.len(), slop, spot.1, stands),
        }
    }

    fn stands(&self, matcher: &Matcher, term: u32, (field, place): Spot) -> bool {
        if matcher.vocabulary.is_prefix[term as usize] {
            return self.hits.binary_search(&(term, (field, place))).is_ok();
        }
        self.fields[usize::from(field)].1.get(place as usize) == Some(&term)
    }
}

/// Whether a headline is the first sentence of the body, whole or cut short.
fn is_made(headline: &str, body: &str) -> bool {
    let cut = headline.strip_suffix('…');
    let rest = body.strip_prefix(cut.unwrap_or(headline).trim_end_matches('.'));
    rest.is_some_and(|rest| cut.is_some() || rest.is_empty() || rest.starts_with(['.', '!', '?', '\n', '。']))
}

#[cfg(test)]
mod tests {
    use super::Matcher;
    use crate::article::{Article, Place};
    use crate::query::parse::parse;
    use crate::schema::analyzer::Analyzer;

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
        let found = matcher.matches(&mut Analyzer::default(), &article());
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
        let found = matcher.matches(&mut Analyzer::default(), &article());
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
        let found = Matcher::new(&queries).unwrap().matches(&mut Analyzer::default(), &article);
        assert_eq!(found.iter().map(|matched| matched.query).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn highlights_are_what_matched() {
        let query = parse("\"military talks\" OR military OR oil OR traffick* OR headline:xi OR lead:prices")
            .unwrap();
        let matcher = Matcher::new([&query]).unwrap();
        let article = article();
        let found = matcher.highlights(&mut Analyzer::default(), &article);
        let texts: Vec<&str> = found
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
