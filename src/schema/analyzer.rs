//! The *analyzer* turns text into terms: words, case and accents folded, English endings stemmed.
//!
//! One analyzer serves all: what is indexed, what is asked, what is highlighted and what a topic's query matches,
//! so that the four can never disagree. Rules, in order:
//! - a run of letters and digits is a word; every Han and kana character is a word by itself, so that a word of
//!   several is found as a phrase;
//! - a possessive `'s` is no part of the word (`China's` is `china`);
//! - compatibility forms, accents and case fold (`São` is `sao`, full-width `Ａ` is `a`);
//! - words of ASCII letters are stemmed by Snowball English; what is longer than [`MAX_TERM`] bytes is cut there.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::char::is_combining_mark;

use crate::article::fold_into;

/// The analyzer's name in the index.
pub const NAME: &str = "news";

/// Bytes of a term that count; longer ones are equal when they begin alike.
pub const MAX_TERM: usize = 96;

/// Stems remembered before the memory is emptied: English news has some 30,000 words in use.
const MAX_STEMS: usize = 40_000;

/// The analyzer, with its memory of stems. Cheap to clone: a clone starts with an empty memory.
pub struct Analyzer {
    stemmer: frostem::Stemmer,
    stems: FxHashMap<Box<str>, Box<str>>,
    folded: String,
    token: Token,
}

impl Default for Analyzer {
    fn default() -> Self {
        Self {
            stemmer: frostem::Stemmer::new(frostem::Algorithm::English),
            stems: FxHashMap::default(),
            folded: String::new(),
            token: Token::default(),
        }
    }
}

impl Clone for Analyzer {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Analyzer {
    /// Calls `each` with every term of the text and the byte range of the word it came from, in order.
    pub fn terms(&mut self, text: &str, mut each: impl FnMut(&str, Range<usize>)) {
        let mut at = 0;
        while let Some(word) = next_word(text, at) {
            at = word.after;
            self.fold(&text[word.range.clone()]);
            each(self.stem(), word.range);
        }
    }

    /// The terms of a text, in order.
    pub fn terms_of(&mut self, text: &str) -> Vec<String> {
        let mut terms = Vec::new();
        self.terms(text, |term, _| terms.push(term.to_owned()));
        terms
    }

    fn fold(&mut self, word: &str) {
        fold_into(word, &mut self.folded);
        if self.folded.len() > MAX_TERM {
            let cut = self.folded.floor_char_boundary(MAX_TERM);
            self.folded.truncate(cut);
        }
    }

    fn stem(&mut self) -> &str {
        if self.folded.len() < 3 || !self.folded.bytes().all(|b| b.is_ascii_lowercase()) {
            return &self.folded;
        }
        // Two look-ups on a hit, since the borrow checker refuses to return from the first.
        if !self.stems.contains_key(self.folded.as_str()) {
            if self.stems.len() >= MAX_STEMS {
                self.stems.clear();
            }
            let stem = self.stemmer.stem(&self.folded).into_owned().into_boxed_str();
            self.stems.insert(self.folded.clone().into_boxed_str(), stem);
        }
        self.stems.get(self.folded.as_str()).map_or(self.folded.as_str(), |stem| stem)
    }
}

struct Word {
    range: Range<usize>,
    after: usize,
}

fn next_word(text: &str, from: usize) -> Option<Word> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() && bytes[at].is_ascii() && !bytes[at].is_ascii_alphanumeric() {
        at += 1;
    }
    let rest = text.get(at..)?;
    let start = at + rest.char_indices().find(|(_, c)| c.is_alphanumeric())?.0;
    let mut end = start;
    for (offset, c) in text[start..].char_indices() {
        if !(c.is_alphanumeric() || is_combining_mark(c)) || (offset > 0 && is_ideograph(c)) {
            break;
        }
        end = start + offset + c.len_utf8();
        if is_ideograph(c) {
            break;
        }
    }
    Some(Word { range: start..end, after: end + possessive(&text[end..]) })
}

/// Length of a possessive `'s` at the start of the text, 0 where there is none.
fn possessive(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(['\'', '’']) else { return 0 };
    let s = rest.starts_with(['s', 'S']) && !rest[1..].starts_with(|c: char| c.is_alphanumeric());
    if s { text.len() - rest.len() + 1 } else { 0 }
}

/// Han, Hiragana and Katakana: scripts written without spaces between words.
fn is_ideograph(c: char) -> bool {
    c >= '\u{2e80}'
        && matches!(c,
            '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.token.position = usize::MAX;
        self.token.position_length = 1;
        Stream { analyzer: self, text, at: 0 }
    }
}

/// The terms of one text, for the index writer.
pub struct Stream<'a> {
    analyzer: &'a mut Analyzer,
    text: &'a str,
    at: usize,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = next_word(self.text, self.at) else { return false };
        self.at = word.after;
        self.analyzer.fold(&self.text[word.range.clone()]);
        let mut text = std::mem::take(&mut self.analyzer.token.text);
        text.clear();
        text.push_str(self.analyzer.stem());
        let token = &mut self.analyzer.token;
        token.text = text;
        token.offset_from = word.range.start;
        token.offset_to = word.range.end;
        token.position = token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.analyzer.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.analyzer.token
    }
}

#[cfg(test)]
mod tests {
    use super::{Analyzer, MAX_TERM};
    use crate::article::fold;

    fn check(text: &str, terms: &[&str]) {
        assert_eq!(Analyzer::default().terms_of(text), terms, "terms of {text:?}");
    }

    #[test]
    fn words_are_folded_and_stemmed() {
        check("Talks on China's sanctions", &["talk", "on", "china", "sanction"]);
        check("São Paulo’s CAFÉ", &["sao", "paulo", "cafe"]);
        check("U.S.-China military-to-military", &["u", "s", "china", "militari", "to", "militari"]);
        check("1987, 1,250 dlrs", &["1987", "1", "250", "dlrs"]);
        check("Ｔａｉｗａｎ", &["taiwan"]);
        check("", &[]);
        check("— … !", &[]);
    }

    #[test]
    fn han_and_kana_are_words_by_the_character() {
        check("习近平 met 王毅", &["习", "近", "平", "met", "王", "毅"]);
        check("東京のタワー", &["東", "京", "の", "タ", "ワ", "ー"]);
        check("서울 회담", &[&fold("서울"), &fold("회담")]);
    }

    #[test]
    fn an_apostrophe_ends_a_word_unless_it_is_a_possessive() {
        check("O'Neill's rock'n'roll", &["o", "neill", "rock", "n", "roll"]);
        check("the '80s", &["the", "80s"]);
    }

    #[test]
    fn ranges_are_the_words_as_they_stand() {
        let text = "L’été à Genève: China's";
        let mut words = Vec::new();
        Analyzer::default().terms(text, |_, range| words.push(&text[range]));
        assert_eq!(words, ["L", "été", "à", "Genève", "China"]);
    }

    #[test]
    fn a_long_word_is_cut_on_a_character_boundary() {
        let mut analyzer = Analyzer::default();
        for word in ["a".repeat(500), "é".repeat(500), "д".repeat(500)] {
            let terms = analyzer.terms_of(&word);
            assert_eq!(terms.len(), 1);
            assert!(terms[0].len() <= MAX_TERM);
        }
    }
}
