//! A *matcher* evaluates many queries on one article in memory: one pass over its words finds every term and phrase
//! of all of them, then only the queries of which something was found are evaluated.
//!
//! It is the second evaluator of the one query language; the engine is the first.

pub mod light;
mod view;
mod vocabulary;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::Article;
use crate::query::QueryError;
use crate::query::ast::{Nearness, Pattern, Query, Text};
use crate::query::matcher::light::{Highlights, Light, Words};
use crate::query::matcher::view::{Spot, View};
use crate::query::matcher::vocabulary::Vocabulary;
use crate::query::slot::slots;
use crate::schema::TextField;
use crate::schema::analyzer::Analyzer;

/// Queries made ready to be evaluated together.
#[derive(Debug, Default)]
pub struct Matcher {
    vocabulary: Vocabulary,
    leaves: Vec<Leaf>,
    /// The leaves that a term may begin, by term.
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

/// A text of a query, its words as numbers of the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Leaf {
    field: Option<TextField>,
    plan: Plan,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Plan {
    /// The terms of a row, `None` for any word, and its slop; the first is no `None`.
    Row(Vec<Option<u32>>, u32),
    Any(Vec<Self>),
    Near(Box<Self>, Nearness, Box<Self>),
}

impl Plan {
    /// The terms one of which stands wherever the plan does.
    fn triggers(&self, into: &mut Vec<u32>) {
        match self {
            Self::Row(terms, _) => into.extend(terms.first().copied().flatten()),
            Self::Any(plans) => plans.iter().for_each(|plan| plan.triggers(into)),
            Self::Near(left, ..) => left.triggers(into),
        }
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
        matcher.leaves_of_term = vec![Vec::new(); matcher.vocabulary.len()];
        for (number, leaf) in (0u32..).zip(&matcher.leaves) {
            let mut triggers = Vec::new();
            leaf.plan.triggers(&mut triggers);
            for term in triggers {
                matcher.leaves_of_term[term as usize].push(number);
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
            Query::Boost(inner, _) => self.node(inner, known, analyzer)?,
            Query::Text(text) => Node::Leaf(self.leaf(text, known, analyzer)),
            Query::AtLeast(count, texts) => {
                Node::AtLeast(*count, texts.iter().map(|text| self.leaf(text, known, analyzer)).collect())
            }
            Query::Facet(..) | Query::Date(..) | Query::Length(..) | Query::Has(_) => {
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
        let leaf = Leaf { field: text.field, plan: self.plan(&text.pattern, analyzer) };
        let next = u32::try_from(self.leaves.len()).unwrap_or(u32::MAX);
        *known.entry(leaf).or_insert_with_key(|leaf| {
            self.leaves.push(leaf.clone());
            next
        })
    }

    fn plan(&mut self, pattern: &Pattern, analyzer: &mut Analyzer) -> Plan {
        match pattern {
            Pattern::Any(patterns) => {
                Plan::Any(patterns.iter().map(|pattern| self.plan(pattern, analyzer)).collect())
            }
            Pattern::Near(left, how, right) => {
                let left = self.plan(left, analyzer);
                Plan::Near(Box::new(left), *how, Box::new(self.plan(right, analyzer)))
            }
            row => {
                let (slots, slop) = slots(analyzer, row);
                Plan::Row(slots.into_iter().map(|slot| self.vocabulary.number(slot)).collect(), slop)
            }
        }
    }

    /// The queries that match an article, in order.
    pub fn matches(&self, analyzer: &mut Analyzer, article: &Article) -> Vec<Matched> {
        let view = View::of(&self.vocabulary, analyzer, article);
        let found = self.found(&view);
        let mut queries: Vec<u32> =
            found.keys().flat_map(|leaf| self.queries_of_leaf[*leaf as usize].iter().copied()).collect();
        queries.sort_unstable();
        queries.dedup();
        queries.retain(|query| self.queries[*query as usize].holds(&found));
        queries.into_iter().map(|query| self.matched(query as usize, &found, &view)).collect()
    }

    /// Whether each query matches an article, in order: those too that match for what is not there.
    pub fn verdicts(&self, analyzer: &mut Analyzer, article: &Article) -> Vec<bool> {
        let found = self.found(&View::of(&self.vocabulary, analyzer, article));
        self.queries.iter().map(|query| query.holds(&found)).collect()
    }

    /// What of an article's headline and body speaks for any of the queries, of each the texts by which it matches.
    pub fn highlights(&self, analyzer: &mut Analyzer, article: &Article) -> Highlights {
        let mut words = Words::default();
        let read = |field: u8, range| {
            if let Some(words) = words.get_mut(usize::from(field)) {
                words.push(range);
            }
        };
        let view = View::reading(&self.vocabulary, analyzer, article, read);
        let found = self.found(&view);
        let mut speaking = Vec::new();
        self.queries.iter().for_each(|query| query.speaking(&found, &mut speaking));
        speaking.sort_unstable();
        speaking.dedup();
        let mut light = Light::default();
        for leaf in speaking {
            light.fall_on(&view, leaf, &self.leaves[leaf as usize]);
        }
        light.highlights(&words)
    }

    /// Where each leaf stands, for the leaves that stand anywhere.
    fn found(&self, view: &View) -> FxHashMap<u32, Vec<Spot>> {
        let mut candidates: Vec<u32> = Vec::new();
        for term in view.terms() {
            candidates.extend(&self.leaves_of_term[term as usize]);
        }
        candidates.sort_unstable();
        candidates.dedup();
        let places = candidates.into_iter().map(|leaf| (leaf, view.places(&self.leaves[leaf as usize])));
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

    /// The leaves by which the query matches, if it does: those of alternatives that match, none below a NOT.
    fn speaking(&self, found: &FxHashMap<u32, Vec<Spot>>, into: &mut Vec<u32>) {
        if !self.holds(found) {
            return;
        }
        match self {
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().for_each(|node| node.speaking(found, into)),
            Self::Leaf(leaf) => into.push(*leaf),
            Self::AtLeast(_, leaves) => into.extend(leaves),
            Self::All | Self::Not(_) => {}
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
