//! The *passages* of a hit show why it was found: the texts of the query, and the persons and countries asked for, by a
//! filter or in the query, wherever they are named.

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::article::Article;
use crate::article::Kind;
use crate::article::Mention;
use crate::article::Place;
use crate::article::Tags;
use crate::query::ast::Query;
use crate::query::matcher::Matcher;
use crate::query::matcher::light::Highlights;
use crate::query::matcher::reader::Reader;
use crate::schema::Facet;
use crate::search::error::SearchError;
use crate::search::response::Snippet;
use crate::snippet::{Matches, Stand, passages};

/// What the passages of all hits of a search show.
pub(super) struct Wanted {
    matcher: Matcher,
    reader: Reader,
    /// Persons and countries by their canonical names.
    names: Vec<(Kind, String)>,
    /// Passages of the body, at most.
    most: usize,
}

impl Wanted {
    /// Makes a query and the values asked for ready; the same value may come several times.
    pub(super) fn of(
        query: &Query,
        values: impl IntoIterator<Item = (Facet, String)>,
        most: usize,
    ) -> Result<Self, SearchError> {
        let named = values.into_iter().filter_map(|(facet, value)| match facet {
            Facet::Person => Some((Kind::Person, value)),
            Facet::Country => Some((Kind::Country, value)),
            _ => None,
        });
        let mut names: Vec<(Kind, String)> = named.collect();
        names.sort_unstable();
        names.dedup();
        Ok(Self { matcher: Matcher::new([&of_text(query)])?, reader: Reader::default(), names, most })
    }

    /// The passages of one article.
    pub(super) fn snippets(&mut self, article: &Article, tags: &Tags) -> Vec<Snippet> {
        let lit = self.matcher.highlights(&mut self.reader, article);
        let [headline, body] =
            [Place::Headline, Place::Body].map(|place| self.matches(&lit, place, article, tags));
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let passages = passages(article, &headline, &body, self.most).into_iter();
        let snippet = passages.map(|passage| Snippet {
            field: passage.place,
            highlights: passage.highlights.iter().map(|r| [offset(r.start), offset(r.end)]).collect(),
            text: passage.text,
        });
        snippet.collect()
    }

    /// What matched in one field. The texts of the query have even numbers, names odd ones.
    fn matches(&self, lit: &Highlights, place: Place, article: &Article, tags: &Tags) -> Matches {
        let marks = lit.ranges.iter().filter(|(at, _)| *at == place).map(|(_, range)| range.clone());
        let texts = lit.stands.iter().filter(|stand| stand.place == place);
        let texts = texts.map(|stand| Stand { range: stand.range.clone(), part: 2 * stand.text });
        let mut matches = Matches { marks: marks.collect(), stands: texts.collect() };
        if self.names.is_empty() {
            return matches;
        }
        let text = match place {
            Place::Headline => &article.headline,
            Place::Body => &article.body,
        };
        let found = matches.stands.len();
        for mention in tags.mentions.iter().filter(|mention| mention.place == place) {
            let range = mention.range[0] as usize..mention.range[1] as usize;
            if let Some(part) = self.name(mention)
                && text.get(range.clone()).is_some_and(|text| !text.is_empty())
            {
                matches.stands.push(Stand { range, part });
            }
        }
        matches.marks.extend(matches.stands[found..].iter().map(|stand| stand.range.clone()));
        matches.stands.sort_unstable_by_key(|stand| stand.range.start);
        matches.marks = joined(matches.marks);
        matches
    }

    /// The part of what was asked for that a mention is.
    fn name(&self, mention: &Mention) -> Option<u32> {
        let asked = |(kind, value): &(Kind, String)| *kind == mention.field && *value == mention.value;
        let number = self.names.iter().position(asked)?;
        u32::try_from(2 * number + 1).ok()
    }
}

/// Ranges in order, those that overlap made one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, before| {
        let overlap = next.start < before.end;
        before.end = if overlap { before.end.max(next.end) } else { before.end };
        overlap
    });
    ranges
}

/// The query as far as it asks for text: what else it asks for, an article that was found has.
fn of_text(query: &Query) -> Query {
    match query {
        Query::And(clauses) => Query::And(clauses.iter().map(of_text).collect()),
        Query::Or(clauses) => Query::Or(clauses.iter().map(of_text).collect()),
        Query::Boost(inner, factor) => Query::Boost(Box::new(of_text(inner)), *factor),
        Query::Text(_) | Query::AtLeast(..) => query.clone(),
        Query::All
        | Query::Not(_)
        | Query::Facet(..)
        | Query::Date(..)
        | Query::Length(..)
        | Query::Has(_) => Query::All,
    }
}

/// The values of facets that an article found by a query may have, as typed: none below a NOT.
pub(super) fn values_in(query: &Query) -> Vec<(Facet, &str)> {
    match query {
        Query::Facet(facet, value) => vec![(*facet, value.as_str())],
        Query::Not(_) => Vec::new(),
        _ => query.clauses().iter().flat_map(values_in).collect(),
    }
}
