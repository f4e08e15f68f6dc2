//! A *word* is a row of letters, digits and inner apostrophes: what a [`crate::tag::tokens::Token`] is made of.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Where a word stands in its line.
pub(crate) struct Word {
    /// First byte.
    pub(crate) start: usize,
    /// Byte after the last.
    pub(crate) end: usize,
    /// Where the search for the next goes on.
    pub(crate) next: usize,
    /// Whether a possessive 's follows.
    pub(crate) possessive: bool,
    /// Whether dots stand between its letters.
    pub(crate) dotted: bool,
}

/// Writes a word in lower case without accents and dots.
pub(crate) fn fold_into(text: &str, out: &mut String) {
    let text = text.trim_end_matches(['\'', '’']);
    if text.is_ascii() {
        out.extend(text.bytes().filter(|b| *b != b'.').map(|b| char::from(b.to_ascii_lowercase())));
        return;
    }
    for c in text.nfd().filter(|c| !is_combining_mark(*c) && *c != '.') {
        match c {
            '’' | 'ʼ' => out.push('\''),
            'ł' | 'Ł' => out.push('l'),
            'ø' | 'Ø' => out.push('o'),
            'đ' | 'Đ' => out.push('d'),
            'ı' => out.push('i'),
            'ß' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            _ => out.extend(c.to_lowercase()),
        }
    }
}

/// The first word of a line at or after a byte.
pub(crate) fn next_word(line: &str, from: usize) -> Option<Word> {
    let (skip, first) = line[from..].char_indices().find(|(_, c)| c.is_alphanumeric())?;
    let start = from + skip;
    let plain = |end: usize| Word { start, end, next: end, possessive: false, dotted: false };
    if is_spaceless(first) {
        return Some(plain(start + first.len_utf8()));
    }
    let dotted = dotted_len(&line[start..]);
    let end = start + dotted.unwrap_or_else(|| word_len(&line[start..]));
    let possessive = possessive_len(&line[end..]);
    let letters = line[start..end].bytes().filter(|b| *b == b'.').count();
    Some(Word {
        start,
        end,
        next: end + possessive,
        possessive: possessive > 0,
        dotted: letters > 1 || (letters == 1 && end - start > 2),
    })
}

/// What French and Italian leave of an article or a preposition before a vowel: a word of its own, be it joined by an
/// apostrophe. Those with a capital are here where no name opens so (`L'Iran`), and left out where some do (`D'Amato`, `Dell'Utri`).
const ELIDED: [&str; 24] = [
    "l", "d", "s", "c", "n", "j", "m", "t", "qu", "un", "dell", "all", "nell", "sull", "dall", "degl", "L",
    "Qu", "Un", "All", "Nell", "Sull", "Dall", "C",
];

/// Bytes of a word of letters, digits, marks and inner apostrophes.
fn word_len(text: &str) -> usize {
    if let Some((at, mark)) = text.char_indices().take(5).find(|(_, c)| matches!(c, '\'' | '’'))
        && ELIDED.contains(&&text[..at])
        && possessive_len(&text[at..]) == 0
        && text[at + mark.len_utf8()..].starts_with(char::is_alphabetic)
    {
        return at + mark.len_utf8();
    }
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside = match c {
            '\'' | '’' | 'ʼ' => {
                chars.peek().is_some_and(|(_, next)| next.is_alphabetic()) && possessive_len(&text[at..]) == 0
            }
            _ => (c.is_alphanumeric() && !is_spaceless(c)) || is_combining_mark(c),
        };
        if !inside {
            return at;
        }
    }
    text.len()
}

/// Bytes of letters that each end with a dot: `U.S.`, `J.`; the last dot may lack after the first.
fn dotted_len(text: &str) -> Option<usize> {
    let mut len = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next().filter(|c| c.is_alphabetic()) {
        let next = chars.peek().copied();
        if next != Some('.') {
            let ends = !next.is_some_and(char::is_alphanumeric);
            return (len > 0 && ends).then_some(len + c.len_utf8());
        }
        chars.next();
        len += c.len_utf8() + 1;
        if !chars.peek().is_some_and(|c| c.is_alphabetic()) {
            break;
        }
    }
    (len > 0).then_some(len)
}

/// Bytes of the possessive that opens `text`, 0 where none does.
fn possessive_len(text: &str) -> usize {
    let mut chars = text.chars();
    let Some(mark @ ('\'' | '’' | 'ʼ')) = chars.next() else { return 0 };
    let is_s = matches!(chars.next(), Some('s' | 'S')) && !chars.next().is_some_and(char::is_alphanumeric);
    if is_s { mark.len_utf8() + 1 } else { 0 }
}

/// Whether a script writes words without spaces, so that each character is a token.
fn is_spaceless(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}
