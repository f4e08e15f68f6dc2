//! A *headline* is made from the lead sentence where an article came without one.

use crate::clean::lines::{is_cjk, is_closing};
use crate::taxonomy::boilerplate::Words;

/// Characters of a headline made from a lead at most, the ellipsis included.
pub(super) const LONGEST: usize = 120;

/// A lead is looked for in that many first lines; a word or two above it, such as "Photo", is none.
const FIRST: usize = 5;

/// The first sentence of the text, shortened at a word; empty for an empty text.
pub(super) fn from_lead(body: &str, words: &Words) -> String {
    let lead = body.lines().take(FIRST).find(|line| is_told(line)).or_else(|| body.lines().next());
    let lead = lead.unwrap_or_default();
    // More than the longest headline is cut off anyway.
    let end = lead.char_indices().nth(4 * LONGEST).map_or(lead.len(), |(at, _)| at);
    let sentence = first_sentence(&lead[..end], words);
    shortened(without_stop(sentence, words))
}

/// Four words, or as many signs where words are not set apart.
fn is_told(line: &str) -> bool {
    line.split_whitespace().nth(3).is_some() || line.chars().filter(|c| is_cjk(*c)).nth(7).is_some()
}

/// The text without the full stop that ends a sentence; the one of an abbreviation stays.
pub(super) fn without_stop<'a>(text: &'a str, words: &Words) -> &'a str {
    let bare = text.strip_suffix('.').or_else(|| text.strip_suffix('。'));
    let bare = bare.map(str::trim_end);
    bare.filter(|bare| !bare.is_empty() && !bare.ends_with('.') && !is_abbreviation(bare, words))
        .unwrap_or(text)
}

fn first_sentence<'a>(text: &'a str, words: &Words) -> &'a str {
    for (at, c) in text.char_indices() {
        if !matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？') {
            continue;
        }
        let after = &text[at + c.len_utf8()..];
        let rest = after.trim_start_matches(is_closing);
        let end = text.len() - rest.len();
        let wide = matches!(c, '。' | '！' | '？');
        let next = rest.trim_start().chars().next();
        let breaks = rest.is_empty() || wide || rest.starts_with(char::is_whitespace);
        let goes_on = next.is_some_and(char::is_lowercase) || c == '.' && is_abbreviation(&text[..at], words);
        if breaks && !goes_on && at > 0 {
            return &text[..end];
        }
    }
    text
}

/// Whether the word that ends the text has a full stop of its own: a listed one, an initial, or one with full stops.
fn is_abbreviation(text: &str, words: &Words) -> bool {
    let start = text
        .rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“' | '‘' | '/'))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let word = text[start..].to_lowercase();
    let mut chars = word.chars();
    let initial = chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none();
    (initial && !word.starts_with(is_cjk)) || words.abbreviations.contains(&word) || is_dotted(&word)
}

/// Single letters with full stops between: "u.s".
fn is_dotted(word: &str) -> bool {
    word.contains('.')
        && word.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic))
}

fn shortened(text: &str) -> String {
    let Some((limit, _)) = text.char_indices().nth(LONGEST - 1) else { return text.to_owned() };
    if text[limit..].chars().nth(1).is_none() {
        return text.to_owned();
    }
    let cut = if text[limit..].starts_with(' ') { Some(limit) } else { text[..limit].rfind(' ') };
    // Writing without spaces is cut where it must be.
    let cut = cut.filter(|&at| at > limit / 2).unwrap_or(limit);
    let kept = text[..cut].trim_end_matches(|c: char| c.is_whitespace() || ",;:-–—(“\"".contains(c));
    format!("{kept}…")
}
