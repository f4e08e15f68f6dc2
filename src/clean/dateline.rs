//! A *dateline* is the place, and often the date and the agency, that open a wire story: `SALVADOR, Feb 26 -`.

use crate::clean::dates;
use crate::taxonomy::boilerplate::Words;

/// A dateline found at the start of a text.
pub(super) struct Dateline {
    /// Place, date and agency without the dash.
    pub(super) text: String,
    /// The byte where the text after it begins.
    pub(super) end: usize,
}

/// A dateline reaches no further than that.
const LONGEST: usize = 120;

/// The dateline that opens a paragraph, dash included, with text after it.
pub(super) fn opening(text: &str, words: &Words) -> Option<Dateline> {
    let limit = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    let head = &text[..limit];
    head.char_indices().filter(|(_, c)| is_dash(*c)).find_map(|(at, _)| opening_at(text, at, words))
}

/// A line that is a dateline with a dated year, or ends in its dash: "LONDON 1996-08-30".
pub(super) fn whole_line(text: &str, words: &Words) -> Option<Dateline> {
    if text.len() > LONGEST {
        return None;
    }
    let bare = text.trim_end_matches(|c| is_dash(c) || c == ' ');
    let parts = Parts::of(bare, words)?;
    let dashed = bare.len() < text.len() && (parts.dated || parts.agency);
    let dated = parts.dated && dates::in_text(bare, words).is_some_and(|date| date.is_day());
    let found = parts.place && !parts.text && (dashed || dated);
    found.then(|| Dateline { text: bare.to_owned(), end: text.len() })
}

fn opening_at(text: &str, dash: usize, words: &Words) -> Option<Dateline> {
    let (before, after) = text.split_at(dash);
    let rest = after.trim_start_matches(is_dash);
    let sign = &after[..after.len() - rest.len()];
    let spaced = before.ends_with(' ') && rest.starts_with(' ');
    if !(spaced || sign == "—" || (before.ends_with([' ', ')']) && sign == "--")) {
        return None;
    }
    let (bare, rest) = (before.trim_end(), rest.trim_start());
    let parts = Parts::of(bare, words)?;
    let sure = parts.dated || parts.agency;
    // A full date in place of the place: "Feb. 23, 2015 -- ".
    let date = parts.bare_date && dates::in_text(bare, words).is_some_and(|date| date.is_day());
    let clear =
        date || (parts.place && sure) || (parts.agency && parts.capital) || (parts.place && is_prose(rest));
    if rest.is_empty() || parts.text || !clear {
        return None;
    }
    Some(Dateline { text: bare.to_owned(), end: text.len() - rest.len() })
}

/// Begins like a sentence: a capital or a sign, and small letters among the first words.
fn is_prose(text: &str) -> bool {
    let begins = text.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
    let small =
        text.split(' ').take(6).filter(|word| word.chars().all(|c| c.is_lowercase() || !c.is_alphabetic()));
    let first = text.split(' ').next().unwrap_or_default();
    let shouting = first.chars().count() > 3 && first.chars().all(char::is_uppercase);
    begins && !shouting && small.count() > 0 && text.split(' ').count() >= 5
}

/// What stands before the dash.
struct Parts {
    /// It begins with a place in capitals.
    place: bool,
    /// It begins with a capital letter.
    capital: bool,
    /// It has a date.
    dated: bool,
    /// It begins with the date.
    bare_date: bool,
    /// It has a known agency in parentheses.
    agency: bool,
    /// It has something that belongs to no dateline.
    text: bool,
}

impl Parts {
    fn of(text: &str, words: &Words) -> Option<Self> {
        let (text, agency) = match text.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
            Some((before, name)) => {
                let known = is_agency(name, words);
                // An agency nobody knows is a name, and proves nothing.
                (known || is_region(name)).then_some((before.trim_end().trim_end_matches(','), known))?
            }
            None => (text, false),
        };
        let mut pieces = text.split(',').map(str::trim);
        let (first, date_of_first) = split_date(pieces.next()?, words);
        let label = words.labels.contains(&first.to_lowercase());
        let mut parts = Self {
            place: is_place(first) && !label,
            capital: first.starts_with(char::is_uppercase) && first.split(' ').count() <= 4 && !label,
            dated: date_of_first,
            bare_date: date_of_first && first.is_empty(),
            agency,
            text: false,
        };
        for piece in pieces {
            let (rest, dated) = split_date(piece, words);
            parts.dated |= dated;
            parts.text |= !(rest.is_empty() && dated || is_region(rest));
        }
        Some(parts)
    }
}

/// A piece without the date it ends in, and whether there was one: "London 1996-08-30", "Feb 26", "1998".
fn split_date<'a>(piece: &'a str, words: &Words) -> (&'a str, bool) {
    let starts = std::iter::once(0).chain(piece.match_indices(' ').map(|(at, _)| at + 1));
    for at in starts.take(8) {
        if dates::is_day_or_date(&piece[at..], words) {
            return (piece[..at].trim_end(), true);
        }
    }
    (piece, false)
}

fn is_agency(name: &str, words: &Words) -> bool {
    let name = name.trim().to_lowercase();
    let listed = |part: &str| words.agencies.contains(part.trim());
    listed(&name) || name.split(['/', '-', '–']).any(listed)
}

/// One to four words in capitals, three letters at least; a slash stands between two places.
fn is_place(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = text.chars().all(|c| c.is_uppercase() || " .-'’/".contains(c));
    letters >= 3 && capitals && text.starts_with(char::is_uppercase) && text.split(' ').count() <= 5
}

/// A state, a country or another place: capitalised words.
fn is_region(text: &str) -> bool {
    let words = text.split(' ').count();
    let capitals = text.split(' ').filter(|word| word.starts_with(char::is_uppercase)).count();
    let plain = text.chars().all(|c| c.is_alphabetic() || " .-'’/".contains(c));
    !text.is_empty()
        && words <= 4
        && capitals > 0
        && capitals + 1 >= words
        && plain
        && text.starts_with(char::is_uppercase)
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―' | '_')
}
