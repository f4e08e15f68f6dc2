//! A *chart* is counts as bars: the values of facets, the buckets of a timeline.

use std::io;
use std::io::Write;

use crate::article::Kind;
use crate::article::NewsDate;
use crate::render::layout::Line;
use crate::render::layout::width;
use crate::render::style::Paint;
use crate::render::style::Style;
use crate::search::request::Interval;
use crate::search::response::Bucket;
use crate::search::response::FacetCounts;
use crate::search::response::FacetValue;
use crate::search::response::Timeline;

/// Columns of a facet, at least.
const MIN_FACET: usize = 36;
/// Columns a facet is widened to, at most.
const MAX_FACET: usize = 72;
/// Columns of the longest bar in a facet that shows its names whole.
const MIN_BAR: usize = 6;
/// Columns between two facets.
const BETWEEN: usize = 4;
/// Columns of a bar in a facet, at most.
const MAX_BAR: usize = 24;
/// Columns of a bucket's share in percent.
const SHARE: usize = 8;
/// Empty buckets in a row that are listed; more of them become one line.
const MAX_EMPTY: usize = 3;

/// A number with a comma between its thousands.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Facets, as many beside each other as fit with their names whole, an empty line between rows of them. Those without
/// values are left out.
pub(crate) fn facets(facets: &[(String, FacetCounts)], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut left: &[&(String, FacetCounts)] =
        &facets.iter().filter(|(_, counts)| !counts.values.is_empty()).collect::<Vec<_>>();
    let mut first = true;
    while !left.is_empty() {
        if !std::mem::take(&mut first) {
            writeln!(out)?;
        }
        let columns = row(left, style.table());
        let (shown, rest) = left.split_at(columns.len());
        let blocks = shown.iter().zip(&columns).map(|((name, counts), wide)| facet(name, counts, *wide));
        beside(blocks.collect(), &columns, style, out)?;
        left = rest;
    }
    Ok(())
}

/// How many columns each facet of the next row gets: as many facets as fit, one at least.
fn row(facets: &[&(String, FacetCounts)], table: usize) -> Vec<usize> {
    let mut columns: Vec<usize> = Vec::new();
    let mut taken = 0;
    for (_, counts) in facets {
        let wide = needed(counts).min(table);
        if !columns.is_empty() && taken + BETWEEN + wide > table {
            break;
        }
        taken += wide + if columns.is_empty() { 0 } else { BETWEEN };
        columns.push(wide);
    }
    let spare = table.saturating_sub(taken) / columns.len().max(1);
    columns.iter_mut().for_each(|wide| *wide = (*wide + spare).min(MAX_FACET.max(*wide)));
    columns
}

/// Columns a facet takes with its names whole and short bars.
fn needed(counts: &FacetCounts) -> usize {
    let shape = FacetShape::of(counts, usize::MAX);
    (shape.mark + shape.name + MIN_BAR + shape.count + shape.times + 2).max(MIN_FACET)
}

/// The lines of one facet in so many columns: a heading, then value, bar and count.
pub(crate) fn facet(name: &str, counts: &FacetCounts, columns: usize) -> Vec<Line> {
    let values = &counts.values;
    let shape = FacetShape::of(counts, columns);
    let most = values.iter().map(|value| value.count).max().unwrap_or_default();
    let mut lines = vec![heading(name, counts).cut(columns)];
    for value in values {
        let mut line = Line::default();
        if shape.mark > 0 {
            line.push(if value.selected { "✓" } else { "" }, Paint::Hint);
            line.pad(shape.mark);
        }
        let paint = if value.selected { Paint::Strong } else { entity(name) };
        line.append(Line::new(&value.value, paint).cut(shape.name));
        line.pad(shape.mark + shape.name + 1);
        line.push(&bar(value.count, most, shape.bar), Paint::Bar);
        let count = thousands(value.count);
        line.pad(shape.mark + shape.name + shape.bar + 2 + shape.count - count.len());
        line.push(&count, Paint::Plain);
        if let Some(times) = times(value) {
            line.pad(shape.mark + shape.name + shape.bar + 2 + shape.count + shape.times - width(&times));
            line.push(&times, Paint::Dim);
        }
        lines.push(line);
    }
    lines
}

/// A timeline, one bucket a line; long stretches without articles are one line.
pub(crate) fn timeline(timeline: &Timeline, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let counts = timeline.buckets.iter().map(|bucket| bucket.count).chain([timeline.undated]);
    let most = counts.max().unwrap_or_default();
    let label = if timeline.undated > 0 { 7 } else { 0 };
    let label = timeline
        .buckets
        .iter()
        .map(|b| bucket_name(timeline.by, b.start).len())
        .max()
        .unwrap_or(0)
        .max(label);
    let shares = if timeline.buckets.iter().any(|bucket| bucket.of.is_some()) { SHARE } else { 0 };
    let room = style.prose().saturating_sub(label + 3 + thousands(most).len() + shares);
    let row = |name: &str, count: u64, of: Option<u64>, out: &mut dyn Write| {
        let mut line = Line::new(name, Paint::Plain);
        line.pad(label + 2);
        let bar = bar(count, most, room);
        line.push(&bar, Paint::Bar);
        line.push(if bar.is_empty() { "" } else { " " }, Paint::Plain);
        line.push(&thousands(count), Paint::Plain);
        if let Some(of) = of.filter(|_| count > 0) {
            line.push(&format!("  {}", percent(count, of)), Paint::Dim);
        }
        line.write_line(out, style, 0)
    };
    for group in timeline.buckets.chunk_by(|a, b| (a.count == 0) == (b.count == 0)) {
        let skipped = group.len() > MAX_EMPTY && group[0].count == 0;
        if skipped {
            let line = Line::new(&format!("⋮ {} without articles", group.len()), Paint::Dim);
            line.write_line(out, style, 0)?;
            continue;
        }
        for Bucket { start, count, of } in group {
            row(&bucket_name(timeline.by, *start), *count, *of, out)?;
        }
    }
    if timeline.undated > 0 {
        row("undated", timeline.undated, None, out)?;
    }
    Ok(())
}

/// The columns of one facet.
struct FacetShape {
    mark: usize,
    name: usize,
    bar: usize,
    count: usize,
    /// How often what was expected; 0 where nothing was.
    times: usize,
}

impl FacetShape {
    fn of(counts: &FacetCounts, columns: usize) -> Self {
        let values = &counts.values;
        let mark = if values.iter().any(|value| value.selected) { 2 } else { 0 };
        let count = values.iter().map(|value| thousands(value.count).len()).max().unwrap_or_default();
        let times = values.iter().filter_map(times).map(|times| width(&times) + 1).max().unwrap_or_default();
        let room = columns.saturating_sub(mark + count + times + 2);
        let longest = values.iter().map(|value| width(&value.value)).max().unwrap_or_default();
        let name = longest.min(room.saturating_sub(MIN_BAR)).max(1);
        Self { mark, name, bar: room.saturating_sub(name).min(MAX_BAR), count, times }
    }
}

fn heading(name: &str, counts: &FacetCounts) -> Line {
    let mut line = Line::new(name, Paint::Strong);
    let listed = counts.values.len() as u64;
    if listed < counts.distinct {
        let (listed, distinct) = (thousands(listed), thousands(counts.distinct));
        line.push(&format!("  {listed} of {distinct}"), Paint::Dim);
    }
    line
}

fn entity(facet: &str) -> Paint {
    let kinds = [Kind::Person, Kind::Country, Kind::Topic, Kind::Keyphrase, Kind::Organization];
    kinds.into_iter().find(|kind| kind.name() == facet).map_or(Paint::Plain, Paint::Entity)
}

/// How many times as often as expected a value stands there: `×3.2`.
#[expect(clippy::cast_precision_loss, reason = "for people")]
fn times(value: &FacetValue) -> Option<String> {
    let times = value.count as f64 / value.expected.filter(|expected| *expected > 0.0)?;
    Some(if times < 9.95 { format!("×{times:.1}") } else { format!("×{times:.0}") })
}

/// A share for people: `3.1%`.
#[expect(clippy::cast_precision_loss, reason = "for people")]
fn percent(count: u64, of: u64) -> String {
    let percent = 100.0 * count as f64 / of.max(1) as f64;
    if percent < 0.05 { "<0.1%".to_owned() } else { format!("{percent:.1}%") }
}

/// A bar of at most `room` blocks, of at least one where there is anything.
fn bar(count: u64, most: u64, room: usize) -> String {
    if count == 0 || most == 0 {
        return String::new();
    }
    let share = u128::from(count) * room as u128 / u128::from(most);
    "▇".repeat(usize::try_from(share).unwrap_or(room).clamp(room.min(1), room))
}

fn bucket_name(by: Interval, start: NewsDate) -> String {
    let day = start.to_string();
    match by {
        Interval::Year => day.chars().take(4).collect(),
        Interval::Quarter => {
            let month: u32 = day.get(5..7).and_then(|month| month.parse().ok()).unwrap_or(1);
            format!("{}-Q{}", &day[..4], month.saturating_sub(1) / 3 + 1)
        }
        Interval::Month => day.chars().take(7).collect(),
        Interval::Week | Interval::Day => day,
    }
}

fn beside(blocks: Vec<Vec<Line>>, columns: &[usize], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let height = blocks.iter().map(Vec::len).max().unwrap_or_default();
    let mut blocks: Vec<_> = blocks.into_iter().map(Vec::into_iter).collect();
    for _ in 0..height {
        let mut row = Line::default();
        let mut start = 0;
        for (block, wide) in blocks.iter_mut().zip(columns) {
            row.pad(start);
            row.append(block.next().unwrap_or_default());
            start += wide + BETWEEN;
        }
        row.write_line(out, style, 0)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        for (number, expected) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (11_000, "11,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(thousands(number), expected);
        }
    }

    #[test]
    fn a_bar_is_a_share_and_never_nothing() {
        for (count, most, room, expected) in [
            (10, 10, 4, 4),
            (5, 10, 4, 2),
            (1, 1_000, 4, 1),
            (0, 10, 4, 0),
            (3, 10, 0, 0),
            (u64::MAX, u64::MAX, 9, 9),
        ] {
            assert_eq!(bar(count, most, room).chars().count(), expected, "{count} of {most} in {room}");
        }
    }

    #[test]
    fn a_share_and_what_exceeds_expectation_are_short() {
        for (count, of, expected) in
            [(1, 3, "33.3%"), (3, 3, "100.0%"), (1, 1_000_000, "<0.1%"), (1, 1_000, "0.1%"), (0, 0, "<0.1%")]
        {
            assert_eq!(percent(count, of), expected, "{count} of {of}");
        }
        for (count, expected, told) in [
            (32, Some(10.0), Some("×3.2")),
            (1_000, Some(10.0), Some("×100")),
            (1, Some(0.0), None),
            (1, None, None),
        ] {
            let value = FacetValue { count, expected, ..FacetValue::default() };
            assert_eq!(times(&value).as_deref(), told, "{count} {expected:?}");
        }
    }

    #[test]
    fn a_bucket_is_named_by_its_width() {
        let start: NewsDate = "2023-04-01".parse().unwrap();
        for (by, expected) in [
            (Interval::Year, "2023"),
            (Interval::Quarter, "2023-Q2"),
            (Interval::Month, "2023-04"),
            (Interval::Week, "2023-04-01"),
            (Interval::Day, "2023-04-01"),
        ] {
            assert_eq!(bucket_name(by, start), expected);
        }
    }
}
