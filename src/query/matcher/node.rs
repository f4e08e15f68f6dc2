//! A *node* is a query of a matcher: clauses over bags of texts.

use crate::query::matcher::tally::{Bag, Tally};

#[derive(Debug)]
pub(super) enum Node {
    All,
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Bag(u32),
}

impl Node {
    pub(super) fn holds(&self, bags: &[Bag], tally: &mut Tally) -> bool {
        match self {
            Self::All => true,
            Self::And(nodes) => nodes.iter().all(|node| node.holds(bags, tally)),
            Self::Or(nodes) => nodes.iter().any(|node| node.holds(bags, tally)),
            Self::Not(node) => !node.holds(bags, tally),
            Self::Bag(bag) => tally.is_full(*bag, &bags[*bag as usize]),
        }
    }

    /// The bags one of which is full wherever the node holds; `false` where it may hold without any.
    pub(super) fn keys(&self, bags: &[Bag], into: &mut Vec<u32>) -> bool {
        match self {
            Self::All | Self::Not(_) => false,
            Self::Bag(bag) => {
                into.push(*bag);
                true
            }
            Self::Or(nodes) => nodes.iter().all(|node| node.keys(bags, into)),
            Self::And(nodes) => {
                let keys_of = |node: &Self| {
                    let mut keys = Vec::new();
                    node.keys(bags, &mut keys).then_some(keys)
                };
                // Few leaves, and many places asked for, are seldom full.
                let often = |keys: &Vec<u32>| -> usize {
                    let of = |key: &u32| {
                        bags[*key as usize].leaves.len() * 16 / bags[*key as usize].least as usize
                    };
                    keys.iter().map(of).sum()
                };
                let rarest = nodes.iter().filter_map(keys_of).min_by_key(often);
                rarest.map(|keys| into.extend(keys)).is_some()
            }
        }
    }

    /// The leaves by which the query matches, if it does: those of alternatives that match, none below a NOT.
    pub(super) fn speaking(&self, bags: &[Bag], tally: &mut Tally, into: &mut Vec<u32>) {
        if !self.holds(bags, tally) {
            return;
        }
        match self {
            Self::And(nodes) | Self::Or(nodes) => {
                nodes.iter().for_each(|node| node.speaking(bags, tally, into));
            }
            Self::Bag(bag) => into.extend(&bags[*bag as usize].leaves),
            Self::All | Self::Not(_) => {}
        }
    }

    /// The leaves that speak for the query: none below a NOT.
    pub(super) fn leaves(&self, bags: &[Bag], into: &mut Vec<u32>) {
        match self {
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().for_each(|node| node.leaves(bags, into)),
            Self::Bag(bag) => into.extend(&bags[*bag as usize].leaves),
            Self::All | Self::Not(_) => {}
        }
    }
}
