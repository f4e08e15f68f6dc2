//! A *name* here is what a story is filed under: its web address, its file, its folders; the date may stand there.

use crate::article::{DateOrigin, NewsDate};
use crate::taxonomy::boilerplate::Words;

/// The date in a web address: `/2023/06/19/`, `/2023/jun/19/`, `/2023-06-19-`, `/20230619/`, `?date=2023-06-19`, or
/// the month of `/2023/06/`.
pub(super) fn in_url(url: &str, words: &Words) -> Option<NewsDate> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let parts: Vec<&str> = path.split('/').skip(1).take(PARTS).collect();
    let whole = parts.iter().find_map(|part| in_name(part, NUMBERED)).filter(|date| date.is_day());
    let nested = nested(&parts, words);
    let query = query.split('&').take(PARTS).find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        matches!(name, "date" | "d" | "day" | "published" | "pubdate")
            .then(|| in_name(value, NUMBERED))
            .flatten()
    });
    let day = |date: &NewsDate| date.is_day();
    let month = |date: &NewsDate| date.to_string().len() > 4;
    nested.filter(day).or(whole).or(query.filter(day)).or(nested.filter(month))
}

/// The date in the name of a file, else in its folders; a folder's is taken where it says the same more precisely. Of an
/// absolute path the folders may lie above the archive: those of year and month right above the file count alone.
pub(super) fn in_path(path: &str, words: &Words) -> Option<(NewsDate, DateOrigin)> {
    let mut parts: Vec<&str> = path.split('/').collect();
    let file = parts.pop().and_then(|name| in_name(name, *YEARS.start()));
    let from = if is_absolute(path) { filed(&parts, words) } else { parts.len().saturating_sub(PARTS) };
    let parts = &parts[from..];
    let in_folder = |part: &&str| in_name(part, *YEARS.start()).or_else(|| NewsDate::year(year(part)?));
    let whole = parts.iter().rev().filter_map(in_folder).max_by_key(precision);
    let folder = nested(parts, words).into_iter().chain(whole).max_by_key(precision);
    match (file, folder) {
        (Some(file), Some(folder)) if precision(&folder) > precision(&file) && lies_in(folder, file) => {
            Some((folder, DateOrigin::Path))
        }
        (Some(file), _) => Some((file, DateOrigin::Filename)),
        (None, folder) => folder.map(|date| (date, DateOrigin::Path)),
    }
}

const PARTS: usize = 40;

/// Years a name may mean; other numbers of four digits are sizes and counts.
const YEARS: std::ops::RangeInclusive<i16> = 1700..=2100;

/// Web addresses end in numbers of eight digits; before this year those are no days.
const NUMBERED: i16 = 1990;

fn is_absolute(path: &str) -> bool {
    path.starts_with(['/', '\\']) || path.as_bytes().get(1) == Some(&b':')
}

/// Where the folders `2023/06/19` or `2023/06` begin that the path ends with.
fn filed(parts: &[&str], words: &Words) -> usize {
    let number = |part: &&str| small(part).or_else(|| month_name(part, words)).is_some();
    let begins = |count: &usize| {
        let last = parts.len().checked_sub(*count).and_then(|from| parts.get(from..));
        last.and_then(|last| last.split_first())
            .is_some_and(|(first, rest)| year(first).is_some() && rest.iter().all(number))
    };
    parts.len() - [3, 2].into_iter().find(begins).unwrap_or(0)
}

fn precision(date: &NewsDate) -> usize {
    date.to_string().len()
}

/// Whether one date is a day or month of another.
pub(super) fn lies_in(inner: NewsDate, outer: NewsDate) -> bool {
    outer.first_day() <= inner.first_day() && inner.last_day() <= outer.last_day()
}

/// Year, month and day in folders below each other.
fn nested(parts: &[&str], words: &Words) -> Option<NewsDate> {
    let dates = (0..parts.len()).filter_map(|at| {
        let year = year(parts[at])?;
        let Some(month) = parts.get(at + 1).and_then(|part| small(part).or_else(|| month_name(part, words)))
        else {
            return NewsDate::year(year);
        };
        match parts.get(at + 2).and_then(|part| small(part)) {
            Some(day) => NewsDate::day(year, month, day),
            None => NewsDate::month(year, month),
        }
    });
    dates.max_by_key(precision)
}

fn year(text: &str) -> Option<i16> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|year| YEARS.contains(year))
}

fn small(text: &str) -> Option<u8> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn month_name(text: &str, words: &Words) -> Option<u8> {
    words.months.get(&text.to_lowercase()).copied()
}

/// The date in one name: a day, else a month; a year alone may as well be a number. Eight digits among other words are
/// a day from the year `oldest` on.
fn in_name(name: &str, oldest: i16) -> Option<NewsDate> {
    let pieces = pieces(name);
    let whole = pieces.len() == 1;
    let old = |piece: &Piece<'_>| piece.text.get(..4).and_then(year).is_none_or(|year| year < oldest);
    let joined = |piece: &Piece<'_>| joined_day(piece).filter(|_| whole || !old(piece));
    let day = (0..pieces.len()).find_map(|at| joined(&pieces[at]).or_else(|| day(&pieces[at..])));
    day.or_else(|| (0..pieces.len()).find_map(|at| month(&pieces, at)))
}

/// A run of letters and digits with the sign that stands before it.
struct Piece<'a> {
    text: &'a str,
    sign: Option<char>,
}

fn pieces(name: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut sign = None;
    for run in name.split_inclusive(|c: char| !c.is_alphanumeric()).take(PARTS) {
        let end = run.chars().next_back().filter(|c| !c.is_alphanumeric());
        let text = &run[..run.len() - end.map_or(0, char::len_utf8)];
        pieces.push(Piece { text, sign });
        sign = end;
    }
    pieces
}

/// `20230619`, also with a time: `20230619T1000`.
fn joined_day(piece: &Piece<'_>) -> Option<NewsDate> {
    let (digits, time) = piece.text.split_at_checked(8)?;
    let timed = time.is_empty()
        || time.starts_with(['T', 't']) && time[1..].starts_with(|c: char| c.is_ascii_digit());
    let numbers = timed && digits.bytes().all(|byte| byte.is_ascii_digit());
    let year = year(&digits[..4]).filter(|_| numbers)?;
    NewsDate::day(year, small(&digits[4..6])?, small(&digits[6..])?)
}

/// `2023-06-19`, `2023_06_19`, also with a time after it.
fn day(pieces: &[Piece<'_>]) -> Option<NewsDate> {
    let [first, second, third, ..] = pieces else { return None };
    let same = second.sign == third.sign && second.text.len() == 2;
    let text = third.text.split(['T', 't']).next().filter(|text| text.len() == 2)?;
    NewsDate::day(year(first.text).filter(|_| same)?, small(second.text)?, small(text)?)
}

/// `2023-06`, not followed by another number.
fn month(pieces: &[Piece<'_>], at: usize) -> Option<NewsDate> {
    let second = pieces.get(at + 1).filter(|piece| piece.text.len() == 2)?;
    let more = pieces.get(at + 2).is_some_and(|piece| piece.text.starts_with(|c: char| c.is_ascii_digit()));
    let date = NewsDate::month(year(pieces[at].text)?, small(second.text)?);
    date.filter(|_| !more && matches!(second.sign, Some('-' | '_' | '.')))
}
