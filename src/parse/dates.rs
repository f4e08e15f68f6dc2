//! A *metadata date* is a publication date as machines write it: ISO 8601, RFC 2822, a wire's stamp, epoch seconds.
//!
//! The day is the local one, as written: `2023-06-18T23:30:00-05:00` is 18 June. What is ambiguous (`03/04/2023`) or
//! no date gives `None`.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::Offset;

use crate::article::NewsDate;

/// The longest stretch of a text that is looked at, in characters.
const MAX_CHARS: usize = 80;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH_ENDS: [&str; 12] =
    ["uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember"];

/// The date a metadata field states.
pub(super) fn parse(text: &str) -> Option<NewsDate> {
    let text: String = text.trim().chars().take(MAX_CHARS).collect();
    if let Ok(number) = text.parse::<i64>() {
        return from_digits(&text).or_else(|| from_number(number));
    }
    // A day of the basic format, with a zone.
    if let Some((day, zone)) = text.split_at_checked(8)
        && zone.starts_with(['+', '-', 'Z'])
        && let Ok(day) = day.parse::<i64>()
    {
        return from_number(day);
    }
    if let Ok(pieces) = Pieces::parse(&text) {
        let date = pieces.date();
        return day(i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    }
    let words = words(&text);
    from_names(&words).or_else(|| from_figures(&words))
}

/// The moment a metadata field states, as RFC 3339 has it: `2023-06-18T23:30:00-05:00`; without the zone where it
/// states none. `None` where it states a day only, or in a shape of no standard.
pub(super) fn time(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(MAX_CHARS).collect();
    if let Ok(pieces) = Pieces::parse(&text) {
        let moment = pieces.date().to_datetime(pieces.time()?);
        let moment = moment.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        return Some(match pieces.offset() {
            Some(PiecesOffset::Zulu) => format!("{moment}Z"),
            Some(PiecesOffset::Numeric(offset)) => format!("{moment}{}", zone(offset.offset())),
            Some(_) | None => moment,
        });
    }
    let moment = rfc2822::parse(&text).ok()?;
    Some(format!("{}{}", moment.datetime().strftime("%Y-%m-%dT%H:%M:%S"), zone(moment.offset())))
}

fn zone(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// The date a JSON number states: a year, `YYYYMMDD`, or seconds, milli-, micro- or nanoseconds since 1970.
pub(super) fn from_number(number: i64) -> Option<NewsDate> {
    match number {
        1600..=9999 => i16::try_from(number).ok().and_then(NewsDate::year),
        10_000..=99_999_999 => day(number / 10_000, number / 100 % 100, number % 100),
        _ => i32::try_from(seconds(number)?.div_euclid(86_400)).ok().and_then(NewsDate::from_day),
    }
}

/// The moment a JSON number states, if it counts from 1970.
pub(super) fn time_of_number(number: i64) -> Option<String> {
    let moment = Timestamp::from_second(seconds(number)?).ok()?;
    Some(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// Seconds since 1970, of seconds, milli-, micro- or nanoseconds since then.
fn seconds(number: i64) -> Option<i64> {
    Some(match number {
        ..100_000_000 => return None,
        100_000_000..100_000_000_000 => number,
        100_000_000_000..100_000_000_000_000 => number / 1_000,
        100_000_000_000_000..100_000_000_000_000_000 => number / 1_000_000,
        _ => number / 1_000_000_000,
    })
}

/// `YYYYMMDDhhmmss` and `YYYYMMDDhhmm`, which as numbers would be read as milliseconds.
fn from_digits(text: &str) -> Option<NewsDate> {
    let clock = matches!(text.len(), 12 | 14) && (text.starts_with("19") || text.starts_with("20"));
    clock.then(|| text.get(..8)?.parse().ok().and_then(from_number)).flatten()
}

fn day(year: i64, month: i64, day: i64) -> Option<NewsDate> {
    NewsDate::day(i16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// A run of digits or of letters, and the character after it.
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    end: char,
}

impl Word<'_> {
    fn number(self) -> Option<i64> {
        let digits =
            (1..=4).contains(&self.text.len()) && self.text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| self.text.parse().ok()).flatten()
    }

    fn year(self) -> Option<i64> {
        self.number().filter(|_| self.text.len() == 4)
    }

    fn month(self) -> Option<i64> {
        let name = self.text.to_ascii_lowercase();
        let is = |at: &usize| {
            let rest = name.strip_prefix(MONTHS[*at]);
            rest.is_some_and(|rest| rest.is_empty() || rest == MONTH_ENDS[*at] || name == "sept")
        };
        (0..12).find(is).and_then(|at| i64::try_from(at + 1).ok())
    }
}

/// Splits at everything that is neither letter nor digit, and between digits and letters ("18th").
fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        rest = &rest[start..];
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let alike = |c: char| if digits { c.is_ascii_digit() } else { c.is_alphabetic() };
        let end =
            rest.find(|c| !alike(c)).unwrap_or(rest.len()).max(rest.chars().next().map_or(1, char::len_utf8));
        words.push(Word { text: &rest[..end], end: rest[end..].chars().next().unwrap_or(' ') });
        rest = &rest[end..];
    }
    words
}

/// `18 June 2023`, `June 18th, 2023`, `26-FEB-1987 15:01`, `Sun, 18 Jun 2023 10:00:00 GMT`, `June 2023`.
fn from_names(words: &[Word<'_>]) -> Option<NewsDate> {
    let ordinal = |word: &Word<'_>| matches!(word.text, "st" | "nd" | "rd" | "th" | "of");
    let words: Vec<Word<'_>> = words.iter().copied().filter(|word| !ordinal(word)).collect();
    let at = words.iter().position(|word| word.month().is_some())?;
    let month = words[at].month()?;
    let before = at.checked_sub(1).and_then(|at| words.get(at)).copied();
    let mut after = words[at + 1..].iter().copied();
    let (first, second) = (after.next(), after.next());
    let small =
        |word: Option<Word<'_>>| word.and_then(Word::number).filter(|number| (1..=31).contains(number));
    let year = |word: Option<Word<'_>>| word.and_then(Word::year);
    match (small(before), small(first), year(first), year(second), year(before)) {
        (Some(number), _, Some(year), ..) => day(year, month, number),
        (_, Some(number), _, Some(year), _) => day(year, month, number),
        (_, Some(number), None, _, Some(year)) => day(year, month, number),
        (None, None, Some(year), ..) => NewsDate::month(i16::try_from(year).ok()?, u8::try_from(month).ok()?),
        _ => None,
    }
}

/// `2023/06/18 10:00`, `2023.6.18`, `18.06.2023`, `18/06/2023`, `2023-06`.
fn from_figures(words: &[Word<'_>]) -> Option<NewsDate> {
    let dated = |word: &Word<'_>| matches!(word.end, '-' | '/' | '.');
    let (first, rest) = words.split_first().filter(|(first, _)| dated(first))?;
    let second = rest.first()?.number()?;
    if !dated(&rest[0]) {
        let year = first.year().and_then(|year| i16::try_from(year).ok())?;
        return NewsDate::month(year, u8::try_from(second).ok()?);
    }
    let third = rest.get(1).copied()?;
    match (first.year(), first.number()?, third.year()) {
        (Some(year), ..) => day(year, second, third.number()?),
        (None, number, Some(year)) if first.end == '.' || number > 12 || number == second => {
            day(year, second, number)
        }
        (None, number, Some(year)) if second > 12 => day(year, number, second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, want: &str) {
        assert_eq!(parse(text).map(|date| date.to_string()).unwrap_or_default(), want, "{text}");
    }

    #[test]
    fn shapes_of_metadata() {
        for (text, want) in [
            ("2023-06-18", "2023-06-18"),
            ("2023-06-18T23:30:00Z", "2023-06-18"),
            ("2023-06-18T23:30:00-05:00", "2023-06-18"),
            ("2023-06-18T23:30:00.123+0200", "2023-06-18"),
            ("2023-06-18 10:00:00 UTC", "2023-06-18"),
            ("2023-06-18T10:00", "2023-06-18"),
            ("20230618", "2023-06-18"),
            ("20230618T101500Z", "2023-06-18"),
            ("20230618+0200", "2023-06-18"),
            ("2023-6-8-x", "2023-06-08"),
            ("20230618101500", "2023-06-18"),
            ("2023/06/18", "2023-06-18"),
            ("2023/6/8 10:00", "2023-06-08"),
            ("2023-06", "2023-06"),
            ("2023", "2023"),
            ("June 18, 2023", "2023-06-18"),
            ("Sept. 8th, 2023 at 10:15 a.m.", "2023-09-08"),
            ("Sunday, 18 June 2023", "2023-06-18"),
            ("18th of June, 2023", "2023-06-18"),
            ("June 2023", "2023-06"),
            ("2023 June 18", "2023-06-18"),
            ("Sun, 18 Jun 2023 23:59:59 -0500", "2023-06-18"),
            ("26-FEB-1987 15:01:01.79", "1987-02-26"),
            (" 2-MAR-1987 05:01:01.79\t\t\tC T", "1987-03-02"),
            ("18.06.2023", "2023-06-18"),
            ("18/06/2023", "2023-06-18"),
            ("06/18/2023", "2023-06-18"),
            ("1687046400", "2023-06-18"),
            ("1687046400000", "2023-06-18"),
            ("1600-01-01", "1600-01-01"),
            ("9999-12-31", "9999-12-31"),
        ] {
            check(text, want);
        }
    }

    #[test]
    fn moments() {
        for (text, want) in [
            ("2023-06-18T23:30:00Z", "2023-06-18T23:30:00Z"),
            ("2023-06-18T23:30:00.123+0200", "2023-06-18T23:30:00+02:00"),
            ("20130730T184600-0430", "2013-07-30T18:46:00-04:30"),
            ("2023-06-18 10:15", "2023-06-18T10:15:00"),
            ("Sun, 18 Jun 2023 23:59:59 -0500", "2023-06-18T23:59:59-05:00"),
            ("Sun, 18 Jun 2023 23:59:59 GMT", "2023-06-18T23:59:59+00:00"),
            ("2023-06-18", ""),
            ("June 18, 2023", ""),
        ] {
            assert_eq!(time(text).unwrap_or_default(), want, "{text}");
        }
    }

    #[test]
    fn moments_of_numbers() {
        for (number, want) in
            [(1_325_376_562_000, "2012-01-01T00:09:22Z"), (20_230_618, ""), (2023, ""), (-1, "")]
        {
            assert_eq!(time_of_number(number).unwrap_or_default(), want, "{number}");
        }
    }

    #[test]
    fn junk_is_none() {
        let junk =
            ["", "0000-00-00 00:00:00", "2023-13-45", "2023-02-30", "03/04/2023", "today", "1599-12-31"];
        let more = ["-1", "99999999999999999999", "12:30", "June", "May be", "18 June", "1.2.3"];
        for text in junk.iter().chain(&more) {
            check(text, "");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,40}|[0-9A-Za-z/. :-]{0,30}", number: i64) {
            let _date = parse(&text);
            let _time = time(&text);
            let _date = from_number(number);
        }
    }
}
