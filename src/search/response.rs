//! A *search response* is the answer to one request: hits, facets, timeline. Its JSON is the same from the command
//! line and over HTTP, and may only grow.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::article::ArticleId;
use crate::article::Location;
use crate::article::NewsDate;
use crate::article::Place;
use crate::article::Tags;
use crate::search::request::Interval;

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchResponse {
    /// The query as typed.
    pub query: String,
    /// Articles that match, exactly.
    pub total: u64,
    /// Time taken, in milliseconds.
    pub took_ms: u64,
    /// The page of hits asked for.
    pub hits: Vec<Hit>,
    /// Counts of the facets asked for, by facet, in the order asked.
    #[serde(with = "in_order")]
    pub facets: Vec<(String, FacetCounts)>,
    /// Counts by date, where asked for.
    pub timeline: Option<Timeline>,
    /// A query that would find something, where this one finds nothing.
    pub did_you_mean: Option<String>,
    /// How the query was understood, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explained>,
}

/// One article found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The article's id.
    pub id: ArticleId,
    /// How well it matches; 0 where the hits are sorted by date.
    pub score: f32,
    /// The headline.
    pub headline: String,
    /// Who wrote it.
    pub byline: Option<String>,
    /// Place and date that open a wire story.
    pub dateline: Option<String>,
    /// The publisher.
    pub source: Option<String>,
    /// The section.
    pub section: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Publication date.
    pub published: Option<NewsDate>,
    /// Language.
    pub language: Option<String>,
    /// The source file it was read from, the first of them.
    pub path: String,
    /// How many places hold this very article.
    pub locations: u32,
    /// What it is about, by facet, most salient first.
    pub tags: BTreeMap<String, Vec<String>>,
    /// The passages that match.
    pub snippets: Vec<Snippet>,
}

/// A passage of an article with the words that matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// The field it is from.
    pub field: Place,
    /// The passage, as it stands in the article.
    pub text: String,
    /// Byte ranges of `text` that matched, in order, on character boundaries, not overlapping.
    pub highlights: Vec<[u32; 2]>,
}

/// The counts of one facet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FacetCounts {
    /// The values asked for, in the order asked for: most articles first, then by name, if none is; selected values are
    /// always there.
    pub values: Vec<FacetValue>,
    /// How many values there are in all.
    pub distinct: u64,
}

/// One value of a facet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// Articles that have it, among those that match everything but this facet's own selection.
    pub count: u64,
    /// Whether the request selects it.
    pub selected: bool,
    /// Articles of the whole archive that have it, where the values are ordered by surprise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// Articles that would have it if those counted were any articles of the archive, to two digits after the point,
    /// where the values are ordered by surprise: what has a higher count is over-represented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
}

/// Counts by date of publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Width of a bucket.
    pub by: Interval,
    /// The buckets from the first article to the last, empty ones between them included.
    pub buckets: Vec<Bucket>,
    /// Articles with no date, or with one that is not precise enough for a bucket.
    pub undated: u64,
}

/// One bucket of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Its first day.
    pub start: NewsDate,
    /// Articles published in it.
    pub count: u64,
    /// Articles of the whole archive that were published in it, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
}

/// How a query was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// The whole query, written out in full.
    pub understood: String,
    /// Its clauses, outer ones first.
    pub clauses: Vec<Clause>,
    /// How each filter value was resolved, as `country: PRC → China`.
    pub filters: Vec<String>,
    /// For plain words, the words that the first hits have in common and by which the hits are ordered besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fed_back: Vec<String>,
}

/// One clause of an explained query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// How deep it stands in the tree, 0 for the whole query.
    pub depth: u32,
    /// The clause in the query language.
    pub clause: String,
    /// Articles that match it alone.
    pub hits: u64,
    /// The words of the index that its beginnings, wildcards, fuzzy words and regular expressions stand for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

/// One article in full, as `show` and `/api/articles/{id}` give it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FullArticle {
    /// The article's id.
    pub id: ArticleId,
    /// The article.
    #[serde(flatten)]
    pub article: Article,
    /// What it is about, and where that is named.
    #[serde(flatten)]
    pub tags: Tags,
    /// Every place that holds it.
    pub locations: Vec<Location>,
}

/// Pairs as a JSON object that keeps their order.
mod in_order {
    use std::fmt;

    use serde::de::{Deserializer, MapAccess, Visitor};
    use serde::ser::{SerializeMap, Serializer};

    use crate::search::response::FacetCounts;

    pub(super) fn serialize<S: Serializer>(
        pairs: &[(String, FacetCounts)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(pairs.len()))?;
        for (name, counts) in pairs {
            map.serialize_entry(name, counts)?;
        }
        map.end()
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<(String, FacetCounts)>, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Vec<(String, FacetCounts)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of facets")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        from.deserialize_map(Pairs)
    }
}
