//! *Counts* are what a walk has counted, as the answer lists it: the values of facets, the buckets of a timeline.

use rustc_hash::FxHashMap;

use crate::article::fold;
use crate::facets::Found;
use crate::search::Asked;
use crate::search::error::SearchError;
use crate::search::request::{FacetRequest, Interval, SearchRequest};
use crate::search::response::{Bucket, FacetCounts, FacetValue, Timeline};
use crate::timeline;
use crate::timeline::Width;

pub(super) fn facets_of(
    request: &SearchRequest,
    asked: &Asked<'_>,
    found: &Found,
) -> Vec<(String, FacetCounts)> {
    let counted = request.facets.iter().filter_map(|wanted| {
        let at = asked.walk.counted.iter().position(|(facet, _)| *facet == wanted.facet)?;
        let selected = asked.selected.iter().filter(|filter| !filter.exclude && filter.facet == wanted.facet);
        let selected: Vec<&str> = selected.map(|filter| filter.value.as_str()).collect();
        Some((wanted.facet.name().to_owned(), facet_counts(wanted, &found.counts[at], &selected)))
    });
    counted.collect()
}

fn facet_counts(wanted: &FacetRequest, counts: &FxHashMap<String, u64>, selected: &[&str]) -> FacetCounts {
    let prefix = wanted.prefix.as_deref().map(fold);
    let begins = |value: &str| {
        prefix.as_deref().is_none_or(|prefix| {
            let value = fold(value);
            let starts = value
                .char_indices()
                .filter(|(at, c)| c.is_alphanumeric() && !value[..*at].ends_with(char::is_alphanumeric));
            value.starts_with(prefix) || starts.into_iter().any(|(at, _)| value[at..].starts_with(prefix))
        })
    };
    let mut values: Vec<(&str, u64)> = counts
        .iter()
        .map(|(value, count)| (value.as_str(), *count))
        .filter(|(value, _)| begins(value))
        .collect();
    let distinct = values.len() as u64;
    values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let shown = values.len().min(wanted.size);
    let mut listed: Vec<(&str, u64)> = values[..shown].to_vec();
    for value in selected {
        if !listed.iter().any(|(listed, _)| listed == value) {
            listed.push((value, counts.get(*value).copied().unwrap_or(0)));
        }
    }
    let values = listed.into_iter().map(|(value, count)| FacetValue {
        selected: selected.contains(&value),
        value: value.to_owned(),
        count,
    });
    FacetCounts { values: values.collect(), distinct }
}

pub(super) fn timeline_of(by: Interval, found: &Found) -> Result<Timeline, SearchError> {
    let width = match by {
        Interval::Year => Width::Year,
        Interval::Quarter => Width::Quarter,
        Interval::Month => Width::Month,
        Interval::Week => Width::Week,
        Interval::Day => Width::Day,
    };
    let Some((buckets, imprecise)) = timeline::buckets(&found.days, width) else {
        let message = format!("the timeline would have more than {} buckets", timeline::MAX_BUCKETS);
        let hint = "count by month or year, or narrow the dates".to_owned();
        return Err(SearchError::Request { message, hint });
    };
    let buckets = buckets.into_iter().map(|(start, count)| Bucket { start, count }).collect();
    Ok(Timeline { by, buckets, undated: found.undated + imprecise })
}
