//! A *timeline* counts articles by calendar buckets of their date of publication.

use std::collections::BTreeMap;

use crate::article::NewsDate;

/// Buckets a timeline may have.
pub(crate) const MAX_BUCKETS: usize = 20_000;

/// Width of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    Year,
    Quarter,
    Month,
    Week,
    Day,
}

/// Articles by the first and last day that their date may mean, in the order of these.
pub(crate) type Days = [([i32; 2], u64)];

/// The buckets from the first article to the last, with the empty ones between them, and how many articles have a date
/// that is not precise enough for one bucket; `None` where there would be more than [`MAX_BUCKETS`].
pub(crate) fn buckets(days: &Days, by: Width) -> Option<(Vec<(NewsDate, u64)>, u64)> {
    let (counts, imprecise) = starts(days, by);
    let mut filled = Vec::new();
    let mut at = counts.keys().next().copied();
    let end = counts.keys().next_back().copied();
    while let Some(day) = at {
        if filled.len() == MAX_BUCKETS {
            return None;
        }
        filled.push((NewsDate::from_day(day)?, counts.get(&day).copied().unwrap_or(0)));
        at = end.filter(|end| day < *end).and_then(|_| next(by, day));
    }
    Some((filled, imprecise))
}

/// The buckets that hold articles, by their first day, and how many articles have a date that is not precise enough.
pub(crate) fn starts(days: &Days, by: Width) -> (BTreeMap<i32, u64>, u64) {
    let mut counts: BTreeMap<i32, u64> = BTreeMap::new();
    let mut imprecise = 0;
    // Days come in order, so that most lie in the bucket of the one before.
    let mut bucket: Option<(i32, i32)> = None;
    for ([first, last], count) in days {
        if bucket.is_none_or(|(start, end)| *first < start || *first >= end) {
            bucket = start_of(by, *first).map(|start| (start, next(by, start).unwrap_or(i32::MAX)));
        }
        match bucket {
            Some((start, end)) if *last < end => *counts.entry(start).or_default() += count,
            _ => imprecise += count,
        }
    }
    (counts, imprecise)
}

/// First day of the bucket a day lies in; `None` outside the years of a [`NewsDate`].
fn start_of(by: Width, day: i32) -> Option<i32> {
    let date = NewsDate::from_day(day)?;
    let (year, month) = (date.in_year(), date.in_month());
    let start = match by {
        Width::Year => NewsDate::year(year),
        Width::Quarter => NewsDate::month(year, (month - 1) / 3 * 3 + 1),
        Width::Month => NewsDate::month(year, month),
        // 1970-01-01 was a Thursday.
        Width::Week => return Some(day - (day + 3).rem_euclid(7)),
        Width::Day => return Some(day),
    };
    start.map(NewsDate::first_day)
}

fn next(by: Width, start: i32) -> Option<i32> {
    let longest = match by {
        Width::Year => 366,
        Width::Quarter => 92,
        Width::Month => 31,
        Width::Week => 7,
        Width::Day => 1,
    };
    start_of(by, start + longest)
}

#[cfg(test)]
mod tests {
    use super::{Width, buckets};
    use crate::article::NewsDate;

    fn check(by: Width, dates: &[&str], expected: &[(&str, u64)], imprecise: u64) {
        let dates = dates.iter().map(|date| date.parse::<NewsDate>().unwrap());
        let mut days: Vec<([i32; 2], u64)> = dates.map(|d| ([d.first_day(), d.last_day()], 1)).collect();
        days.sort_unstable();
        let (found, not_precise) = buckets(&days, by).unwrap();
        let found: Vec<(String, u64)> =
            found.into_iter().map(|(start, count)| (start.to_string(), count)).collect();
        let expected: Vec<(String, u64)> =
            expected.iter().map(|(start, n)| ((*start).to_owned(), *n)).collect();
        assert_eq!((found, not_precise), (expected, imprecise), "{by:?} {days:?}");
    }

    #[test]
    fn buckets_follow_the_calendar_without_gaps() {
        let dates = ["2023-12-31", "2024-01-01", "2024-03-15", "2024-03-16"];
        check(Width::Year, &dates, &[("2023-01-01", 1), ("2024-01-01", 3)], 0);
        check(Width::Quarter, &dates, &[("2023-10-01", 1), ("2024-01-01", 3)], 0);
        let months = [("2023-12-01", 1), ("2024-01-01", 1), ("2024-02-01", 0), ("2024-03-01", 2)];
        check(Width::Month, &dates, &months, 0);
        check(
            Width::Week,
            &["2023-12-31", "2024-01-01", "2024-01-08"],
            &[("2023-12-25", 1), ("2024-01-01", 1), ("2024-01-08", 1)],
            0,
        );
        check(
            Width::Day,
            &["2024-02-28", "2024-03-01"],
            &[("2024-02-28", 1), ("2024-02-29", 0), ("2024-03-01", 1)],
            0,
        );
        check(Width::Week, &["1969-12-31", "1600-01-01"].map(|_| "1969-12-31"), &[("1969-12-29", 2)], 0);
        check(Width::Month, &[], &[], 0);
    }

    #[test]
    fn a_date_counts_where_it_is_precise_enough() {
        check(Width::Month, &["2024", "2024-03"], &[("2024-03-01", 1)], 1);
        check(Width::Year, &["2024", "2024-03"], &[("2024-01-01", 2)], 0);
        check(Width::Day, &["2024-03"], &[], 1);
    }

    #[test]
    fn eight_thousand_years_by_day_are_refused() {
        let day = |date: &str| date.parse::<NewsDate>().unwrap().first_day();
        let days = ["1600-01-01", "9999-12-31"].map(|date| ([day(date); 2], 1));
        assert!(buckets(&days, Width::Day).is_none());
        assert_eq!(buckets(&days, Width::Year).unwrap().0.len(), 8_400);
    }
}
