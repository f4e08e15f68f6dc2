//! A *search request* is everything one search asks for, whoever asks: the command line and the HTTP API both fill it.
//!
//! Plain data; what a value or a date means is worked out when it is run.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::article::ArticleId;
use crate::article::NewsDate;
use crate::schema::Facet;

/// Hits a request may ask for at once.
pub const MAX_LIMIT: usize = 1_000;
/// Hits that may be skipped.
pub const MAX_OFFSET: usize = 100_000;
/// Filters of a request.
pub const MAX_FILTERS: usize = 100;
/// Fragments of its body that a hit may show.
pub const MAX_SNIPPETS: usize = 10;
/// Values a request may ask for of one facet.
pub const MAX_FACET_SIZE: usize = 1_000;

/// Days of a half-life of scores.
pub const MAX_HALF_LIFE: u32 = 36_500;

/// The days of an age as typed, `30d`, `6w`, `3m` or `1y`; `None` where it is none, or none from 1 to [`MAX_HALF_LIFE`].
pub fn age_in_days(text: &str) -> Option<u32> {
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let days = match &text[unit..] {
        "d" => 1,
        "w" => 7,
        "m" => 30,
        "y" => 365,
        _ => return None,
    };
    let days = text[..unit].parse::<u32>().ok()?.checked_mul(days)?;
    (1..=MAX_HALF_LIFE).contains(&days).then_some(days)
}

/// One search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchRequest {
    /// The query, in the query language; empty matches everything.
    pub query: String,
    /// The query is plain words, any of which will do.
    pub any: bool,
    /// Find articles like this one, and not itself.
    pub like: Option<ArticleId>,
    /// Values the hits must have, at most [`MAX_FILTERS`]: OR-ed within a facet, AND-ed between facets.
    pub filters: Vec<Filter>,
    /// Facets whose values are AND-ed instead.
    pub all_of: Vec<Facet>,
    /// First day of publication, inclusive.
    pub from: Option<NewsDate>,
    /// Last day of publication, inclusive; a month or a year counts to its end.
    pub to: Option<NewsDate>,
    /// Order of the hits.
    pub sort: Sort,
    /// By relevance, let a score lose half of its worth with so many days of age, at most [`MAX_HALF_LIFE`].
    pub recency: Option<u32>,
    /// Hits to return, at most [`MAX_LIMIT`]; 0 counts only.
    pub limit: usize,
    /// Hits to skip, at most [`MAX_OFFSET`].
    pub offset: usize,
    /// Fragments of its body that a hit shows, at most [`MAX_SNIPPETS`], beside its headline where that matches.
    pub snippets: usize,
    /// Facets to count, each once.
    pub facets: Vec<FacetRequest>,
    /// Buckets to count the hits in by date of publication.
    pub by: Option<Interval>,
    /// Tell for each bucket how many articles of the archive are in it; with `by` only.
    pub share: bool,
    /// Count every mention of a person or country, not only what an article is about.
    pub mentions: bool,
    /// Tell how the query was understood, with the hits of each clause.
    pub explain: bool,
}

impl Default for SearchRequest {
    fn default() -> Self {
        Self {
            query: String::new(),
            any: false,
            like: None,
            filters: Vec::new(),
            all_of: Vec::new(),
            from: None,
            to: None,
            sort: Sort::Relevance,
            recency: None,
            limit: 10,
            offset: 0,
            snippets: 2,
            facets: Vec::new(),
            by: None,
            share: false,
            mentions: false,
            explain: false,
        }
    }
}

/// A value of a facet that hits must have, or must not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The facet.
    pub facet: Facet,
    /// The value as typed: a canonical name, an alias, a code.
    pub value: String,
    /// Whether hits must not have it.
    #[serde(default)]
    pub exclude: bool,
}

impl Filter {
    /// Reads a filter as typed: `!` before the value excludes it.
    pub fn typed(facet: Facet, value: &str) -> Self {
        match value.strip_prefix('!') {
            Some(rest) => Self { facet, value: rest.trim().to_owned(), exclude: true },
            None => Self { facet, value: value.trim().to_owned(), exclude: false },
        }
    }
}

/// A facet to count, and how many of its values to list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacetRequest {
    /// The facet.
    pub facet: Facet,
    /// Values to list, at most [`MAX_FACET_SIZE`]; selected ones are listed besides.
    #[serde(default = "default_size")]
    pub size: usize,
    /// List only values with a word that begins like this, case and accents folded.
    #[serde(default)]
    pub prefix: Option<String>,
    /// Which values come first.
    #[serde(default)]
    pub order: FacetOrder,
}

fn default_size() -> usize {
    10
}

impl FacetRequest {
    /// A facet with the usual number of values.
    pub fn new(facet: Facet) -> Self {
        Self { facet, size: default_size(), prefix: None, order: FacetOrder::Count }
    }

    /// Reads `person`, `person:20`, `person:surprising` or `person:20:surprising`.
    ///
    /// # Errors
    /// What is wrong with it, for the user.
    pub fn typed(text: &str) -> Result<Self, String> {
        let mut parts = text.split(':').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let mut wanted = Self::new(name.parse()?);
        let mut parts = parts.filter(|part| !part.is_empty()).peekable();
        if let Some(digits) = parts.next_if(|part| part.bytes().all(|b| b.is_ascii_digit())) {
            wanted.size =
                digits.parse().map_err(|_| format!("'{digits}' is no number of values: write {name}:20"))?;
        }
        if let Some(order) = parts.next() {
            let told =
                |_| format!("'{order}' is no order of values: write {name}:20 or {name}:20:surprising");
            wanted.order = order.parse().map_err(told)?;
        }
        match parts.next() {
            Some(rest) => Err(format!("'{rest}' is too much: write {name}:20:surprising")),
            None => Ok(wanted),
        }
    }
}

/// Order of the values of a facet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FacetOrder {
    /// Most articles first, then by name.
    #[default]
    Count,
    /// By name, case and accents folded.
    Name,
    /// First the values that stand in the articles found more often than in the whole archive, those first where that
    /// is least likely to be chance: by the log-likelihood ratio.
    Surprising,
}

impl FromStr for FacetOrder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "count" => Ok(Self::Count),
            "name" => Ok(Self::Name),
            "surprising" => Ok(Self::Surprising),
            other => Err(format!("'{other}' is no order of values: write count, name or surprising")),
        }
    }
}

/// Order of the hits; ties go to the newer article, then to the smaller id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Best match first.
    #[default]
    Relevance,
    /// Newest first, undated last.
    Newest,
    /// Oldest first, undated last.
    Oldest,
}

/// Width of a timeline's buckets, by the calendar; weeks start on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    /// A calendar year.
    Year,
    /// Three months from January, April, July or October.
    Quarter,
    /// A calendar month.
    Month,
    /// Monday to Sunday.
    Week,
    /// A day.
    Day,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facet_is_read_with_its_size_and_order() {
        for (text, size, order) in [
            ("person", 10, FacetOrder::Count),
            ("person:3", 3, FacetOrder::Count),
            ("person: 3 :name", 3, FacetOrder::Name),
            ("person:surprising", 10, FacetOrder::Surprising),
            ("person::surprising", 10, FacetOrder::Surprising),
        ] {
            let expected = FacetRequest { size, order, ..FacetRequest::new(Facet::Person) };
            assert_eq!(FacetRequest::typed(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_facet_is_refused_with_what_to_write() {
        for (text, told) in [
            ("place", "the facets are person, country"),
            ("person:many", "'many' is no order of values: write person:20 or person:20:surprising"),
            ("person:-1", "'-1' is no order"),
            ("person:99999999999999999999", "no number of values: write person:20"),
            ("person:3:name:4", "'4' is too much"),
        ] {
            let error = FacetRequest::typed(text).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
