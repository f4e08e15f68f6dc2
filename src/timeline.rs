//! A *timeline* counts articles by calendar buckets of their date of publication.

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
    let (filled, imprecise) = filled(days, by);
    let mut buckets = Vec::with_capacity(filled.len());
    let mut at = None;
    for Filled { start, end, count } in filled {
        while let Some(empty) = at.filter(|empty| *empty < start) {
            push(&mut buckets, empty, 0)?;
            at = next(by, empty);
        }
        push(&mut buckets, start, count)?;
        at = end;
    }
    Some((buckets, imprecise))
}

fn push(buckets: &mut Vec<(NewsDate, u64)>, start: i32, count: u64) -> Option<()> {
    let fits = buckets.len() < MAX_BUCKETS;
    buckets.push((NewsDate::from_day(start).filter(|_| fits)?, count));
    Some(())
}

/// A bucket that holds articles.
pub(crate) struct Filled {
    /// Its first day.
    pub(crate) start: i32,
    /// The first day after it, but for the last bucket there can be.
    end: Option<i32>,
    pub(crate) count: u64,
}

/// The buckets that hold articles, in order, and how many articles have a date that is not precise enough for one.
pub(crate) fn filled(days: &Days, by: Width) -> (Vec<Filled>, u64) {
    let mut buckets: Vec<Filled> = Vec::new();
    let mut imprecise = 0;
    // Where the days in hand lie: as they come in order, most lie in the bucket of those before.
    let mut span: Option<(i32, Option<i32>)> = None;
    for ([first, last], count) in days {
        let within = |end: Option<i32>, day: i32| end.is_none_or(|end| day < end);
        if span.is_none_or(|(_, end)| !within(end, *first)) {
            span = start_of(by, *first).map(|start| (start, next(by, start)));
        }
        let Some((start, end)) = span.filter(|(_, end)| within(*end, *last)) else {
            imprecise += count;
            continue;
        };
        match buckets.last_mut() {
            Some(bucket) if bucket.start == start => bucket.count += count,
            _ => buckets.push(Filled { start, end, count: *count }),
        }
    }
    (buckets, imprecise)
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
