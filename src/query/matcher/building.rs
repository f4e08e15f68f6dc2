//! *Building* a matcher numbers the words, the texts and the bags of its queries.

use rustc_hash::FxHashMap;

use crate::query::QueryError;
use crate::query::ast::{Pattern, Query, Text};
use crate::query::matcher::node::Node;
use crate::query::matcher::tally::Bag;
use crate::query::matcher::{Asked, Leaf, Matcher, Plan, Row};
use crate::query::slot::slots;
use crate::schema::analyzer::Analyzer;

/// A matcher being made.
#[derive(Default)]
pub(super) struct Building {
    pub(super) matcher: Matcher,
    known: FxHashMap<Leaf, u32>,
    analyzer: Analyzer,
}

impl Building {
    pub(super) fn query(&mut self, query: &Query) -> Result<(), QueryError> {
        let node = self.node(query)?;
        let (mut keys, mut speaking) = (Vec::new(), Vec::new());
        let number = u32::try_from(self.matcher.queries.len()).unwrap_or(u32::MAX);
        if node.keys(&self.matcher.bags, &mut keys) {
            keys.into_iter().for_each(|bag| self.matcher.bags[bag as usize].is_key = true);
        } else {
            self.matcher.always.push(number);
        }
        node.leaves(&self.matcher.bags, &mut speaking);
        self.matcher.queries.push(Asked { node, speaking });
        Ok(())
    }

    fn node(&mut self, query: &Query) -> Result<Node, QueryError> {
        Ok(match query {
            Query::All => Node::All,
            Query::And(clauses) => Node::And(self.nodes(clauses)?),
            Query::Or(clauses) => {
                let is_text = |clause: &&Query| matches!(clause, Query::Text(_));
                let (texts, others): (Vec<&Query>, Vec<&Query>) = clauses.iter().partition(is_text);
                let leaves = texts.into_iter().filter_map(|clause| self.leaf_of(clause)).collect();
                let mut nodes = vec![self.bag(1, leaves)];
                for clause in others {
                    nodes.push(self.node(clause)?);
                }
                Node::Or(nodes)
            }
            Query::Not(inner) => Node::Not(Box::new(self.node(inner)?)),
            Query::Boost(inner, _) => self.node(inner)?,
            Query::Text(text) => {
                let leaf = self.leaf(text);
                self.bag(1, vec![leaf])
            }
            Query::AtLeast(count, texts) => {
                let leaves = texts.iter().map(|text| self.leaf(text)).collect();
                self.bag(*count, leaves)
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

    fn nodes(&mut self, clauses: &[Query]) -> Result<Vec<Node>, QueryError> {
        clauses.iter().map(|clause| self.node(clause)).collect()
    }

    fn bag(&mut self, least: u32, mut leaves: Vec<u32>) -> Node {
        leaves.sort_unstable();
        leaves.dedup();
        let number = u32::try_from(self.matcher.bags.len()).unwrap_or(u32::MAX);
        let query = u32::try_from(self.matcher.queries.len()).unwrap_or(u32::MAX);
        self.matcher.bags.push(Bag { least: least.max(1), leaves, query, is_key: false });
        Node::Bag(number)
    }

    fn leaf_of(&mut self, query: &Query) -> Option<u32> {
        match query {
            Query::Text(text) => Some(self.leaf(text)),
            _ => None,
        }
    }

    fn leaf(&mut self, text: &Text) -> u32 {
        let leaf = Leaf { field: text.field, plan: self.plan(&text.pattern) };
        let next = u32::try_from(self.matcher.leaves.len()).unwrap_or(u32::MAX);
        *self.known.entry(leaf).or_insert_with_key(|leaf| {
            self.matcher.leaves.push(leaf.clone());
            next
        })
    }

    fn plan(&mut self, pattern: &Pattern) -> Plan {
        match pattern {
            Pattern::Any(patterns) => Plan::Any(patterns.iter().map(|pattern| self.plan(pattern)).collect()),
            Pattern::Near(left, how, right) => {
                let left = self.plan(left);
                Plan::Near(Box::new(left), *how, Box::new(self.plan(right)))
            }
            row => {
                let (slots, slop) = slots(&mut self.analyzer, row);
                let numbers = slots.into_iter().map(|slot| self.matcher.vocabulary.number(slot));
                Plan::Row(Row { slots: numbers.collect(), slop, anchor: 0 })
            }
        }
    }
}
