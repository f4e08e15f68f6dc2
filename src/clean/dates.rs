//! A *date* in a text is a day, month or year written in words or digits: `June 19, 2023`, `19. Juni 2023`,
//! `2023-06-19`, `2023年6月19日`. One without a year is none, and one that could be read two ways is none.

use crate::article::NewsDate;
use crate::taxonomy::boilerplate::Words;

/// Lines with more words and numbers than this are no date lines.
const TOKENS: usize = 24;

/// The first date with a year in a short text that is not said to be the one of a later change.
pub(super) fn in_text(text: &str, words: &Words) -> Option<NewsDate> {
    let tokens = tokens(text)?;
    let mut updated = false;
    (0..tokens.len()).find_map(|at| {
        let word = &tokens[at].text;
        updated = words.updated.contains(word) || updated && !words.published.contains(word);
        numeric(&tokens[at..]).or_else(|| named(&tokens, at, words)).filter(|_| !updated)
    })
}

/// The date of a line that is a date and nothing else, such as "Published: 19 June 2023 10:00". The date is none
/// where it can be read two ways.
pub(super) fn line(text: &str, words: &Words) -> Option<Option<NewsDate>> {
    if text.len() > 150 {
        return None;
    }
    let tokens = tokens(text)?;
    let all = tokens.iter().all(|token| token.is_dated(words) || words.date_words.contains(&token.text));
    let year = tokens.iter().any(|token| token.year().is_some());
    let month = tokens.iter().any(|token| token.month(words).is_some());
    let digits =
        (0..tokens.len()).any(|at| triple(&tokens[at..]).is_some() || chinese(&tokens[at..]).is_some());
    (all && (digits || year && month)).then(|| in_text(text, words))
}

/// Whether the text is a day or a date and nothing else: "Feb 26", "Sept. 5, 1998", "1996-08-30", "1998".
pub(super) fn is_day_or_date(text: &str, words: &Words) -> bool {
    let Some(tokens) = tokens(text).filter(|tokens| !tokens.is_empty()) else { return false };
    let all = tokens.iter().all(|token| token.number.is_some() || token.is_dated(words));
    let day = tokens.iter().any(|token| token.month(words).is_some() || words.weekdays.contains(&token.text));
    let alone = tokens.len() == 1 && tokens.first().is_some_and(|token| token.year().is_some());
    all && (alone || day && text.len() > 2 || triple(&tokens).is_some())
}

/// A run of digits or of letters.
struct Token {
    /// In lower case.
    text: String,
    /// What stands between the token before and this one.
    gap: String,
    number: Option<u16>,
}

impl Token {
    /// A number of four digits that can be a year.
    fn year(&self) -> Option<i16> {
        let year = self.number.filter(|_| self.text.len() == 4)?;
        i16::try_from(year).ok().filter(|year| (1600..=9999).contains(year))
    }

    /// A number of one or two digits.
    fn small(&self) -> Option<u8> {
        self.number.filter(|_| self.text.len() <= 2).and_then(|number| u8::try_from(number).ok())
    }

    fn month(&self, words: &Words) -> Option<u8> {
        words.months.get(&self.text).copied()
    }

    fn is_dated(&self, words: &Words) -> bool {
        let sign =
            matches!(self.text.as_str(), "st" | "nd" | "rd" | "th" | "年" | "月" | "日" | "º" | "er" | "t");
        let number = self.number.is_some();
        sign || number
            || self.month(words).is_some()
            || words.weekdays.contains(&self.text)
            || words.dated.contains(&self.text)
    }
}

/// The tokens of a short text; none where there are too many.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut gap, mut kind) = (String::new(), None);
    for c in text.chars().take(400) {
        let now = c.is_alphanumeric().then(|| c.is_ascii_digit());
        match (now, tokens.last_mut()) {
            (None, _) => gap.push(c),
            (Some(_), Some(token)) if now == kind => token.text.extend(c.to_lowercase()),
            (Some(_), _) => {
                let text = c.to_lowercase().collect();
                tokens.push(Token { text, gap: std::mem::take(&mut gap), number: None });
            }
        }
        kind = now;
        if tokens.len() > TOKENS {
            return None;
        }
    }
    for token in &mut tokens {
        token.number = token.text.parse().ok().filter(|_| token.text.len() <= 4);
    }
    Some(tokens)
}

fn numeric(tokens: &[Token]) -> Option<NewsDate> {
    if let Some(date) = chinese(tokens) {
        return Some(date);
    }
    let [first, second, third] = triple(tokens)?;
    if let Some(year) = first.year() {
        return NewsDate::day(year, second.small()?, third.small()?);
    }
    let (one, two, year) = (first.small()?, second.small()?, third.year()?);
    match (one > 12, two > 12) {
        (true, false) => NewsDate::day(year, two, one),
        (false, true) => NewsDate::day(year, one, two),
        (false, false) if one == two => NewsDate::day(year, one, two),
        // Where full stops stand in dates, the day stands first.
        (false, false) if second.gap.starts_with('.') => NewsDate::day(year, two, one),
        _ => None,
    }
}

/// Three numbers with the same sign between them, a year first or last.
fn triple(tokens: &[Token]) -> Option<[&Token; 3]> {
    let [first, second, third, ..] = tokens else { return None };
    let signs = matches!(second.gap.as_str(), "-" | "/" | "." | ". ") && second.gap == third.gap;
    let forward = first.year().is_some() && second.small().is_some() && third.small().is_some();
    let backward = first.small().is_some() && second.small().is_some() && third.year().is_some();
    (signs && (forward || backward)).then_some([first, second, third])
}

fn chinese(tokens: &[Token]) -> Option<NewsDate> {
    let [year, y, month, m, rest @ ..] = tokens else { return None };
    let signs = y.text == "年" && m.text.starts_with('月');
    let year = year.year().filter(|_| signs)?;
    match rest {
        [day, d, ..] if d.text.starts_with('日') => NewsDate::day(year, month.small()?, day.small()?),
        _ => NewsDate::month(year, month.small()?),
    }
}

/// A date with the month's name at `at`.
fn named(tokens: &[Token], at: usize, words: &Words) -> Option<NewsDate> {
    let month = tokens.get(at)?.month(words)?;
    let filler = |token: &&Token| {
        !(token.number.is_none() && (token.is_dated(words) || words.date_words.contains(&token.text)))
            || token.month(words).is_some()
    };
    let mut after = tokens.get(at + 1..)?.iter().filter(filler);
    let before = tokens.get(..at)?.iter().rev().find(filler).and_then(Token::small);
    let next = after.next()?;
    let (day, year) = match (next.year(), next.small()) {
        (Some(year), _) => (before, year),
        (None, day @ Some(_)) => (day, after.next()?.year()?),
        (None, None) => return None,
    };
    match day {
        Some(day) => NewsDate::day(year, month, day),
        None => NewsDate::month(year, month),
    }
}
