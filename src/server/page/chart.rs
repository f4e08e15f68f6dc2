//! The *chart* draws a timeline as columns, each a link to the articles of its days.

use serde::Serialize;

use crate::article::NewsDate;
use crate::search::request::Interval;
use crate::search::response::{Bucket, Timeline};
use crate::server::page::links::{Link, grouped, href, without};
use crate::server::params::Pairs;

/// Columns drawn at most where nobody asked for their width, and where somebody did.
const MOST: usize = 120;
const MOST_ASKED: usize = 400;
/// Columns there is room for at least, so that one alone is no wall.
const LEAST: usize = 24;

/// A timeline as columns; heights in percent.
#[derive(Serialize)]
pub(super) struct Chart {
    bars: Vec<Bar>,
    width: usize,
    first: String,
    last: String,
    undated: Option<String>,
    by: Vec<Link>,
}

#[derive(Serialize)]
struct Bar {
    link: Link,
    count: String,
    x: usize,
    y: u64,
    height: u64,
}

impl Chart {
    pub(super) fn of(pairs: &Pairs, timeline: Timeline) -> Self {
        let asked = pairs.iter().any(|(name, _)| name == "by");
        let timeline = fitted(timeline, if asked { MOST_ASKED } else { MOST });
        let most = timeline.buckets.iter().map(|bucket| bucket.count).max().unwrap_or(0).max(1);
        let named = |bucket: Option<&Bucket>| {
            bucket.map(|bucket| days(timeline.by, bucket.start).0).unwrap_or_default()
        };
        let bars = (0..).zip(&timeline.buckets).filter(|(_, bucket)| bucket.count > 0).map(|(x, bucket)| {
            let (from, to) = days(timeline.by, bucket.start);
            let href = href(&without(pairs, &["from", "to", "offset"]), &[("from", &from), ("to", &to)]);
            // Less could not be seen.
            let height = (bucket.count * 100).div_ceil(most).max(4);
            let link = Link { text: from, href, on: false };
            Bar { link, count: grouped(bucket.count), x, y: 100 - height, height }
        });
        let by = ["year", "quarter", "month", "week", "day"].map(|name| Link {
            text: name.to_owned(),
            href: href(&without(pairs, &["by"]), &[("by", name)]),
            on: serde_json::to_value(timeline.by).is_ok_and(|current| current == name),
        });
        Self {
            bars: bars.collect(),
            width: timeline.buckets.len().max(LEAST),
            first: named(timeline.buckets.first()),
            last: named(timeline.buckets.last()),
            undated: (timeline.undated > 0).then(|| grouped(timeline.undated)),
            by: by.into(),
        }
    }
}

/// The timeline by month or year, where it has too many buckets to be seen.
fn fitted(timeline: Timeline, most: usize) -> Timeline {
    if timeline.buckets.len() <= most || timeline.by == Interval::Year {
        return timeline;
    }
    let by = match timeline.by {
        Interval::Day | Interval::Week => Interval::Month,
        Interval::Month | Interval::Quarter | Interval::Year => Interval::Year,
    };
    let mut buckets: Vec<Bucket> = Vec::new();
    for bucket in timeline.buckets {
        let month = if by == Interval::Year { 1 } else { bucket.start.in_month() };
        let start = NewsDate::day(bucket.start.in_year(), month, 1).unwrap_or(bucket.start);
        match buckets.last_mut() {
            Some(last) if last.start == start => {
                last.count += bucket.count;
                last.of = last.of.zip(bucket.of).map(|(of, more)| of + more);
            }
            _ => buckets.push(Bucket { start, ..bucket }),
        }
    }
    fitted(Timeline { by, buckets, undated: timeline.undated }, most)
}

/// The first and the last date of a bucket, as the date boxes take them.
fn days(by: Interval, start: NewsDate) -> (String, String) {
    let day = start.to_string();
    let last = match by {
        Interval::Year => return (day[..4].to_owned(), day[..4].to_owned()),
        Interval::Month => return (day[..7].to_owned(), day[..7].to_owned()),
        Interval::Day => return (day.clone(), day),
        Interval::Quarter => NewsDate::month(start.in_year(), start.in_month() + 2).map(|m| m.last_day()),
        Interval::Week => Some(start.first_day() + 6),
    };
    (day, last.and_then(NewsDate::from_day).unwrap_or(start).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(by: Interval, starts: &[(&str, u64)], most: usize, expected: &[(&str, u64)]) {
        let bucket =
            |(start, count): &(&str, u64)| Bucket { start: start.parse().unwrap(), count: *count, of: None };
        let buckets = starts.iter().map(bucket).collect();
        let fitted = fitted(Timeline { by, buckets, undated: 0 }, most);
        assert_eq!(fitted.buckets, expected.iter().map(bucket).collect::<Vec<_>>());
    }

    #[test]
    fn too_many_buckets_become_wider() {
        let days = [("1999-12-30", 2), ("1999-12-31", 0), ("2000-01-01", 3), ("2000-02-01", 1)];
        check(Interval::Day, &days, 4, &days);
        check(Interval::Day, &days, 3, &[("1999-12-01", 2), ("2000-01-01", 3), ("2000-02-01", 1)]);
        check(Interval::Day, &days, 2, &[("1999-01-01", 2), ("2000-01-01", 4)]);
        check(Interval::Year, &days, 1, &days);
    }

    #[test]
    fn a_bucket_is_asked_for_by_its_dates() {
        for (by, start, expected) in [
            (Interval::Year, "2023-01-01", ("2023", "2023")),
            (Interval::Quarter, "2023-10-01", ("2023-10-01", "2023-12-31")),
            (Interval::Month, "2023-06-01", ("2023-06", "2023-06")),
            (Interval::Week, "2023-12-25", ("2023-12-25", "2023-12-31")),
            (Interval::Day, "2023-06-19", ("2023-06-19", "2023-06-19")),
        ] {
            let (from, to) = days(by, start.parse().unwrap());
            assert_eq!((from.as_str(), to.as_str()), expected);
        }
    }
}
