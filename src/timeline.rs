//! A *timeline* counts articles by calendar buckets of their date of publication.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

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

/// The buckets from the first article to the last, with the empty ones between them, and how many articles have a date
/// that is not precise enough for one bucket; `None` where there would be more than [`MAX_BUCKETS`].
pub(crate) fn buckets(days: &FxHashMap<(i64, i64), u64>, by: Width) -> Option<(Vec<(NewsDate, u64)>, u64)> {
    let mut counts: BTreeMap<i32, u64> = BTreeMap::new();
    let mut imprecise = 0;
    for ((first, last), count) in days {
        let start = |day: &i64| i32::try_from(*day).ok().and_then(|day| start_of(by, day));
        match (start(first), start(last)) {
            (Some(first), Some(last)) if first == last => *counts.entry(first).or_default() += count,
            _ => imprecise += count,
        }
    }
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
    use rustc_hash::FxHashMap;

    use super::{Width, buckets};
    use crate::article::NewsDate;

    fn check(by: Width, dates: &[&str], expected: &[(&str, u64)], imprecise: u64) {
        let mut days: FxHashMap<(i64, i64), u64> = FxHashMap::default();
        for date in dates {
            let date: NewsDate = date.parse().unwrap();
            *days.entry((i64::from(date.first_day()), i64::from(date.last_day()))).or_default() += 1;
        }
        let (found, not_precise) = buckets(&days, by).unwrap();
        let found: Vec<(String, u64)> =
            found.into_iter().map(|(start, count)| (start.to_string(), count)).collect();
        let expected: Vec<(String, u64)> =
            expected.iter().map(|(start, n)| ((*start).to_owned(), *n)).collect();
        assert_eq!((found, not_precise), (expected, imprecise), "{by:?} {dates:?}");
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
        let day = |date: &str| i64::from(date.parse::<NewsDate>().unwrap().first_day());
        let days: FxHashMap<(i64, i64), u64> =
            ["1600-01-01", "9999-12-31"].into_iter().map(|date| ((day(date), day(date)), 1)).collect();
        assert!(buckets(&days, Width::Day).is_none());
        assert_eq!(buckets(&days, Width::Year).unwrap().0.len(), 8_400);
    }
}
