//! The *days* of articles: the first and the last one that each date of publication may mean, and how many articles
//! have the same.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

/// The day of an article with no date, which sorts before all others.
pub(crate) const UNDATED: i32 = i32::MIN;

/// Days from the first to the last that are counted in an array: some seven centuries.
const MAX_ARRAY: i64 = 1 << 18;

/// The days of one segment.
#[derive(Clone)]
pub(crate) struct Days {
    first: Column<i64>,
    last: Column<i64>,
    /// First and last days by article, flat in memory.
    flat: Option<Arc<[[i32; 2]]>>,
}

impl Days {
    /// As the engine's files hold them.
    pub(crate) fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        Ok(Self { first: fast.i64("published_first")?, last: fast.i64("published_last")?, flat: None })
    }

    /// The same, flat in memory, and how much of that it takes.
    pub(crate) fn flat(&self, articles: u32) -> (Self, usize) {
        let flat: Vec<[i32; 2]> = (0..articles).map(|doc| self.of(doc)).collect();
        let bytes = flat.len() * size_of::<[i32; 2]>();
        (Self { flat: Some(flat.into()), ..self.clone() }, bytes)
    }

    /// First and last day of an article.
    pub(crate) fn of(&self, doc: DocId) -> [i32; 2] {
        match &self.flat {
            Some(flat) => flat.get(doc as usize).copied().unwrap_or([UNDATED; 2]),
            None => [day(&self.first, doc), day(&self.last, doc)],
        }
    }

    /// First day of an article.
    pub(crate) fn first(&self, doc: DocId) -> i32 {
        match &self.flat {
            Some(_) => self.of(doc)[0],
            None => day(&self.first, doc),
        }
    }

    /// Nothing counted yet.
    pub(crate) fn counts(&self) -> DayCounts {
        let (from, to) = (self.first.min_value(), self.last.max_value());
        let days = to.saturating_sub(from).saturating_add(1);
        let array = if (1..=MAX_ARRAY).contains(&days) { days } else { 0 };
        DayCounts {
            from: i32::try_from(from).unwrap_or_default(),
            array: vec![0; usize::try_from(array).unwrap_or_default()],
            others: FxHashMap::default(),
            undated: 0,
        }
    }

    /// Counts some articles.
    pub(crate) fn count(&self, docs: &[DocId], counts: &mut DayCounts) {
        docs.iter().for_each(|doc| counts.add(self.of(*doc)));
    }
}

fn day(column: &Column<i64>, doc: DocId) -> i32 {
    column.first(doc).and_then(|day| i32::try_from(day).ok()).unwrap_or(UNDATED)
}

/// Articles by their days: those of one day in an array.
pub(crate) struct DayCounts {
    from: i32,
    array: Vec<u32>,
    others: FxHashMap<[i32; 2], u32>,
    undated: u64,
}

impl DayCounts {
    fn add(&mut self, days: [i32; 2]) {
        let [first, last] = days;
        if first == UNDATED || last == UNDATED {
            self.undated += 1;
            return;
        }
        let at = usize::try_from(i64::from(first) - i64::from(self.from)).unwrap_or(usize::MAX);
        match self.array.get_mut(at) {
            Some(count) if first == last => *count += 1,
            _ => *self.others.entry(days).or_default() += 1,
        }
    }
}

/// How many articles have the same days, in the order of these; and how many have no date.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Dated {
    pub(crate) days: Vec<([i32; 2], u64)>,
    pub(crate) undated: u64,
}

impl Dated {
    /// What several segments have counted.
    pub(crate) fn of(segments: &[DayCounts]) -> Self {
        let arrays = || segments.iter().filter(|counts| !counts.array.is_empty());
        let end = |counts: &DayCounts| i64::from(counts.from) + counts.array.len() as i64;
        let from = arrays().map(|counts| i64::from(counts.from)).min().unwrap_or_default();
        let to = arrays().map(end).max().unwrap_or_default();
        let undated = segments.iter().map(|counts| counts.undated).sum();
        let mut dated = Self { days: Vec::new(), undated };
        if to - from <= MAX_ARRAY {
            let mut array = vec![0; usize::try_from(to - from).unwrap_or_default()];
            for counts in arrays() {
                let start = usize::try_from(i64::from(counts.from) - from).unwrap_or_default();
                array[start..]
                    .iter_mut()
                    .zip(&counts.array)
                    .for_each(|(sum, count)| *sum += u64::from(*count));
            }
            dated.extend(from, &array);
        } else {
            for counts in arrays() {
                let array: Vec<u64> = counts.array.iter().map(|count| u64::from(*count)).collect();
                dated.extend(counts.from.into(), &array);
            }
        }
        let others = segments.iter().flat_map(|counts| &counts.others);
        dated.days.extend(others.map(|(days, count)| (*days, u64::from(*count))));
        dated.days.sort_unstable_by_key(|(days, _)| *days);
        dated.days.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        dated
    }

    fn extend(&mut self, from: i64, array: &[u64]) {
        for (day, count) in (from..).zip(array).filter(|(_, count)| **count > 0) {
            // An array begins and ends with days that articles have.
            self.days.extend(i32::try_from(day).map(|day| ([day; 2], *count)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(from: i32, days: usize, articles: &[[i32; 2]]) -> DayCounts {
        let mut counts = DayCounts { from, array: vec![0; days], others: FxHashMap::default(), undated: 0 };
        articles.iter().for_each(|days| counts.add(*days));
        counts
    }

    fn check(segments: &[DayCounts], expected: &[([i32; 2], u64)], undated: u64) {
        assert_eq!(Dated::of(segments), Dated { days: expected.to_vec(), undated });
    }

    #[test]
    fn segments_are_added_up() {
        check(&[], &[], 0);
        check(&[counted(0, 1, &[])], &[], 0);
        let near =
            [counted(-2, 3, &[[-2, -2], [0, 0], [0, 0], [-2, 0]]), counted(0, 2, &[[1, 1], [0, 0], [-2, 0]])];
        check(&near, &[([-2, -2], 1), ([-2, 0], 2), ([0, 0], 3), ([1, 1], 1)], 0);
        check(&[counted(5, 1, &[[UNDATED; 2], [5, 5], [4, 4]])], &[([4, 4], 1), ([5, 5], 1)], 1);
    }

    #[test]
    fn days_too_far_apart_for_an_array_are_counted_too() {
        let far =
            [counted(-400_000, 1, &[[-400_000; 2]]), counted(400_000, 0, &[[400_000; 2], [-400_000; 2]])];
        check(&far, &[([-400_000; 2], 2), ([400_000; 2], 1)], 0);
        let far = [counted(-400_000, 1, &[[-400_000; 2]]), counted(400_000, 1, &[[400_000; 2]])];
        check(&far, &[([-400_000; 2], 1), ([400_000; 2], 1)], 0);
    }
}
