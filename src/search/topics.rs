//! The *topic tree*: the topics of the dictionaries and of the index, parents before their children, with the articles of each.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::index::ArticleIndex;
use crate::schema::Facet;
use crate::search::error::SearchError;
use crate::taxonomy::Taxonomy;

/// The tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TopicTree {
    /// How many articles there are; none where there is no index.
    pub articles: Option<u64>,
    /// Its topics in the order of their names, each right before those below it.
    pub topics: Vec<TopicNode>,
}

/// A topic of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TopicNode {
    /// Its path.
    pub path: String,
    /// Articles on it or a topic below it, each once, as the topic facet counts them; none where there is no index.
    pub count: Option<u64>,
    /// Where it comes from.
    pub origin: Origin,
    /// Its IPTC Media Topic id.
    pub iptc: Option<String>,
    /// What belongs, in a line.
    pub about: Option<String>,
}

/// Where a topic comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The built-in dictionary.
    Builtin,
    /// A user's dictionary, which adds or changes it.
    User,
    /// A user's learned topic.
    Learned,
    /// Articles have it and no dictionary does: the next run of `dateline index` takes it away, unless it is the parent of
    /// a learned one.
    Index,
}

impl Origin {
    /// Its name, as JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Builtin => "builtin",
            Self::User => "user",
            Self::Learned => "learned",
            Self::Index => "index",
        }
    }
}

/// The tree of the dictionaries, and of an index where there is one.
///
/// # Errors
/// Where the index cannot be read.
pub fn tree(taxonomy: &Taxonomy, index: Option<&ArticleIndex>) -> Result<TopicTree, SearchError> {
    let mut nodes: BTreeMap<Vec<String>, TopicNode> = BTreeMap::new();
    for topic in &taxonomy.topics().list {
        let origin = if topic.is_users { Origin::User } else { Origin::Builtin };
        put(&mut nodes, node(&topic.path, origin, topic.iptc.clone(), Some(topic.about.clone())));
    }
    for topic in taxonomy.learned() {
        put(&mut nodes, node(&topic.path, Origin::Learned, None, Some(topic.about.clone())));
    }
    // A learned topic may stand below one that nobody has defined.
    for topic in taxonomy.learned() {
        for (at, _) in topic.path.match_indices('/') {
            put(&mut nodes, node(&topic.path[..at], Origin::Learned, None, None));
        }
    }
    let Some(index) = index else {
        return Ok(TopicTree { articles: None, topics: nodes.into_values().collect() });
    };
    nodes.values_mut().for_each(|node| node.count = Some(0));
    let searcher = index.searcher();
    index.kept().follow(&searcher);
    let (values, counts) = index.kept().archive(&searcher, Facet::Topic.column(false))?;
    for (place, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let found = node(values.names().get(place), Origin::Index, None, None);
        put(&mut nodes, found).count = Some(u64::from(*count));
    }
    Ok(TopicTree { articles: Some(searcher.num_docs()), topics: nodes.into_values().collect() })
}

fn node(path: &str, origin: Origin, iptc: Option<String>, about: Option<String>) -> TopicNode {
    TopicNode { path: path.to_owned(), count: None, origin, iptc, about }
}

/// Puts a topic where none of its path is; gives the one that is there then.
fn put(nodes: &mut BTreeMap<Vec<String>, TopicNode>, node: TopicNode) -> &mut TopicNode {
    nodes.entry(node.path.split('/').map(str::to_owned).collect()).or_insert(node)
}
