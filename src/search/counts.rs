//! *Counts* are what a walk has counted, as the answer lists it: the values of facets, the buckets of a timeline.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::article::fold;
use crate::columns::values::Names;
use crate::columns::values::Values;
use crate::facets::Counts;
use crate::facets::Found;
use crate::facets::surprise::Share;
use crate::search::Ground;
use crate::search::asked::Asked;
use crate::search::error::SearchError;
use crate::search::request::{FacetOrder, FacetRequest, Interval, SearchRequest};
use crate::search::response::{Bucket, FacetCounts, FacetValue, Timeline};
use crate::timeline;
use crate::timeline::Width;

/// All values of a facet, where they are kept or the whole archive's counts are needed.
pub(super) fn values_of(
    ground: Ground<'_>,
    wanted: &FacetRequest,
    column: &'static str,
) -> tantivy::Result<Option<Arc<Values>>> {
    let kept = ground.index.kept();
    match wanted.order {
        FacetOrder::Surprising => kept.archive(ground.searcher, column).map(|(values, _)| Some(values)),
        FacetOrder::Count | FacetOrder::Name => kept.values(ground.searcher, column),
    }
}

pub(super) fn facets_of(
    ground: Ground<'_>,
    request: &SearchRequest,
    asked: &Asked<'_>,
    found: &Found,
) -> Result<Vec<(String, FacetCounts)>, SearchError> {
    let mut facets = Vec::with_capacity(request.facets.len());
    for ((wanted, counted), counts) in request.facets.iter().zip(&asked.walk.counted).zip(&found.facets) {
        let archive = match wanted.order {
            FacetOrder::Surprising => Some(ground.index.kept().archive(ground.searcher, counted.column)?.1),
            FacetOrder::Count | FacetOrder::Name => None,
        };
        let listing = Listing {
            counts,
            archive: archive.as_ref().map(|counts| counts.as_slice()),
            articles: ground.searcher.num_docs(),
        };
        let selected = asked.selected.iter().filter(|filter| !filter.exclude && filter.facet == wanted.facet);
        let selected: Vec<&str> = selected.map(|filter| filter.value.as_str()).collect();
        facets.push((wanted.facet.name().to_owned(), listing.list(wanted, &selected)));
    }
    Ok(facets)
}

/// The counts of a facet, and of the whole archive where they are compared with it.
struct Listing<'a> {
    counts: &'a Counts,
    archive: Option<&'a [u32]>,
    articles: u64,
}

impl Listing<'_> {
    fn list(&self, wanted: &FacetRequest, selected: &[&str]) -> FacetCounts {
        let names = self.names();
        let prefix = wanted.prefix.as_deref().map(fold);
        let mut places: Vec<usize> = (0..self.counts.counts.len())
            .filter(|place| self.counts.counts[*place] > 0)
            .filter(|place| prefix.as_deref().is_none_or(|prefix| begins(names.get(*place), prefix)))
            .collect();
        let distinct = places.len() as u64;
        match wanted.order {
            FacetOrder::Count => {
                first_by(&mut places, wanted.size, |place| (Reverse(self.count(place)), place));
            }
            FacetOrder::Name => places.sort_by_cached_key(|place| (fold(names.get(*place)), *place)),
            FacetOrder::Surprising => self.sort_by_surprise(&mut places),
        }
        places.truncate(wanted.size);
        let mut values: Vec<FacetValue> =
            places.iter().map(|p| self.value(names.get(*p), Some(*p))).collect();
        for name in selected {
            match values.iter_mut().find(|listed| listed.value == *name) {
                Some(listed) => listed.selected = true,
                None => values.push(FacetValue { selected: true, ..self.value(name, names.place(name)) }),
            }
        }
        FacetCounts { values, distinct }
    }

    fn sort_by_surprise(&self, places: &mut [usize]) {
        let surprise = |place: &usize| self.share(*place).map_or(0.0, |share| share.surprise());
        let mut ranked: Vec<(f64, usize)> = places.iter().map(|place| (surprise(place), *place)).collect();
        ranked.sort_unstable_by(|a, b| {
            let counts = || self.count(b.1).cmp(&self.count(a.1));
            b.0.total_cmp(&a.0).then_with(counts).then(a.1.cmp(&b.1))
        });
        places.iter_mut().zip(ranked).for_each(|(place, (_, ranked))| *place = ranked);
    }

    fn names(&self) -> &Names {
        self.counts.values.names()
    }

    fn count(&self, place: usize) -> u64 {
        self.counts.counts.get(place).copied().unwrap_or(0).into()
    }

    fn share(&self, place: usize) -> Option<Share> {
        let of = u64::from(*self.archive?.get(place)?);
        Some(Share { count: self.count(place), found: self.counts.found, of, archive: self.articles })
    }

    /// A value as the answer lists it; without a place no article has it.
    fn value(&self, name: &str, place: Option<usize>) -> FacetValue {
        let share = place.and_then(|place| self.share(place));
        FacetValue {
            value: name.to_owned(),
            count: place.map_or(0, |place| self.count(place)),
            selected: false,
            of: share.map(|share| share.of),
            expected: share.map(|share| (share.expected() * 100.0).round() / 100.0),
        }
    }
}

/// The first so many by a key, in order; the others are dropped.
fn first_by<K: Ord>(places: &mut Vec<usize>, size: usize, key: impl Fn(usize) -> K) {
    if size < places.len() {
        places.select_nth_unstable_by_key(size, |place| key(*place));
        places.truncate(size);
    }
    places.sort_unstable_by_key(|place| key(*place));
}

/// Whether a name or one of its words begins so, case and accents folded.
fn begins(name: &str, prefix: &str) -> bool {
    let name = fold(name);
    let starts_word =
        |(at, c): &(usize, char)| c.is_alphanumeric() && !name[..*at].ends_with(char::is_alphanumeric);
    name.starts_with(prefix)
        || name.char_indices().filter(starts_word).any(|(at, _)| name[at..].starts_with(prefix))
}

pub(super) fn timeline_of(
    ground: Ground<'_>,
    request: &SearchRequest,
    found: &Found,
) -> Result<Option<Timeline>, SearchError> {
    let Some(by) = request.by else { return Ok(None) };
    let width = width(by);
    let Some((buckets, imprecise)) = timeline::buckets(&found.dated.days, width) else {
        let message = format!("the timeline would have more than {} buckets", timeline::MAX_BUCKETS);
        let hint = "count by month or year, or narrow the dates".to_owned();
        return Err(SearchError::Request { message, hint });
    };
    let archive = request.share.then(|| ground.index.kept().archive_days(ground.searcher)).transpose()?;
    let archive = archive.map(|dated| timeline::filled(&dated.days, width).0);
    let buckets = buckets.into_iter().map(|(start, count)| {
        let of = archive.as_ref().map(|filled| {
            let at = filled.binary_search_by_key(&start.first_day(), |bucket| bucket.start);
            at.map_or(0, |at| filled[at].count)
        });
        Bucket { start, count, of }
    });
    Ok(Some(Timeline { by, buckets: buckets.collect(), undated: found.dated.undated + imprecise }))
}

fn width(by: Interval) -> Width {
    match by {
        Interval::Year => Width::Year,
        Interval::Quarter => Width::Quarter,
        Interval::Month => Width::Month,
        Interval::Week => Width::Week,
        Interval::Day => Width::Day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_begins_with_any_of_its_words() {
        for (name, prefix, expected) in [
            ("Xi Jinping", "xi", true),
            ("Xi Jinping", "jin", true),
            ("Xi Jinping", "xi j", true),
            ("Xi Jinping", "inping", false),
            ("Luiz Inácio Lula da Silva", "inacio l", true),
            ("São Tomé and Príncipe", "tome", true),
            ("Jean-Claude Juncker", "claude", true),
            ("Narcotics/Fentanyl", "fent", true),
            ("O'Neill", "neill", true),
            ("Xi Jinping", "", true),
        ] {
            assert_eq!(begins(name, &fold(prefix)), expected, "{name} {prefix}");
        }
    }

    #[test]
    fn the_first_of_some_are_those_of_all_in_order() {
        for size in [0, 1, 3, 5, 9] {
            let mut places = vec![4, 1, 3, 0, 2];
            first_by(&mut places, size, |place| place);
            assert_eq!(places, (0..size.min(5)).collect::<Vec<_>>(), "{size}");
        }
    }
}
