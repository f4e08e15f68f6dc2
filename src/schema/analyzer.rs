//! The *analyzer* turns text into words, case and accents folded, and knows the stem of each.
//!
//! One analyzer serves all: what is indexed, what is asked, what is highlighted and what a topic's query matches,
//! so that the four can never disagree. The index holds the folded words, so that a beginning or an exact form is found
//! as it stands; a word asked for stands for all words of the index with its stem ([`stem_ranges`]). Rules, in order:
//! - a run of letters and digits is a word; every Han and kana character is a word by itself, so that a word of
//!   several is found as a phrase;
//! - a possessive `'s` is no part of the word (`China's` is `china`);
//! - compatibility forms, accents and case fold (`São` is `sao`, full-width `Ａ` is `a`); what is longer than
//!   [`MAX_TERM`] bytes is cut there;
//! - words of ASCII letters have a stem by Snowball English, all others are their own.

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

/// A word of a text.
#[derive(Clone, Debug)]
pub struct Word<'a> {
    /// In lower case without accents: the term of the index.
    pub folded: &'a str,
    /// What it shares with its inflected forms.
    pub stem: &'a str,
    /// The bytes of the text it stands in.
    pub range: Range<usize>,
}

impl Analyzer {
    /// Calls `each` with every word of the text, in order.
    pub fn words(&mut self, text: &str, mut each: impl FnMut(Word<'_>)) {
        let mut at = 0;
        while let Some(found) = next_word(text, at) {
            at = found.after;
            self.fold(&text[found.range.clone()]);
            self.remember_stem();
            let stem = self.stems.get(self.folded.as_str()).map_or(self.folded.as_str(), |stem| stem);
            each(Word { folded: &self.folded, stem, range: found.range });
        }
    }

    /// The words of a text and their stems, in order.
    pub fn folded_and_stems(&mut self, text: &str) -> Vec<(String, String)> {
        let mut words = Vec::new();
        self.words(text, |word| words.push((word.folded.to_owned(), word.stem.to_owned())));
        words
    }

    /// The stem of a folded word.
    pub fn stem_of(&self, folded: &str) -> String {
        if has_stem(folded) { self.stemmer.stem(folded).into_owned() } else { folded.to_owned() }
    }

    fn fold(&mut self, word: &str) {
        fold_into(word, &mut self.folded);
        if self.folded.len() > MAX_TERM {
            let cut = self.folded.floor_char_boundary(MAX_TERM);
            self.folded.truncate(cut);
        }
    }

    /// Puts the stem of the word just folded into the memory, where that word is not its own stem by rule.
    fn remember_stem(&mut self) {
        if !has_stem(&self.folded) || self.stems.contains_key(self.folded.as_str()) {
            return;
        }
        if self.stems.len() >= MAX_STEMS {
            self.stems.clear();
        }
        let stem = self.stemmer.stem(&self.folded).into_owned().into_boxed_str();
        self.stems.insert(self.folded.clone().into_boxed_str(), stem);
    }
}

/// Whether a folded word has a stem other than by being it.
fn has_stem(folded: &str) -> bool {
    folded.len() > 2 && folded.bytes().all(|b| b.is_ascii_lowercase())
}

/// Beginnings of words, one of which every word with this stem has; words that begin so may still have another stem.
///
/// Snowball English takes endings off, so that a word begins with its stem but for its last letter, which it may have
/// changed: a `y` to `i` (`economi`), `-bility` to `-bl` (`possibl`), an `e` set where it was not (`hope` of `hoping`,
/// `relate` of `relation`), `skies` to `sky`, `dying` to `die`.
/// See <https://snowballstem.org/algorithms/english/stemmer.html>.
pub fn stem_ranges(stem: &str) -> Vec<String> {
    let mut ranges = vec![stem.to_owned()];
    if !has_stem(stem) {
        return ranges;
    }
    let (base, last) = stem.split_at(stem.len() - 1);
    let instead: &[&str] = match last {
        "i" => &["y"],
        "l" if base.ends_with('b') => &["i"],
        "e" => &["a", "i", "o", "y"],
        "y" => &["i"],
        _ => &[],
    };
    ranges.extend(instead.iter().map(|letter| format!("{base}{letter}")));
    if stem.len() == 3 && stem.ends_with("ie") {
        ranges.push(format!("{}ying", &stem[..1]));
    }
    ranges
}

struct Found {
    range: Range<usize>,
    after: usize,
}

fn next_word(text: &str, from: usize) -> Option<Found> {
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
    Some(Found { range: start..end, after: end + possessive(&text[end..]) })
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

/// The words of one text, for the index writer.
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
        text.push_str(&self.analyzer.folded);
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
    use tantivy::tokenizer::{TokenStream, Tokenizer};

    use super::{Analyzer, MAX_TERM, stem_ranges};
    use crate::article::fold;

    fn check(text: &str, stems: &[&str]) {
        let words = Analyzer::default().folded_and_stems(text);
        assert_eq!(words.iter().map(|(_, stem)| stem).collect::<Vec<_>>(), stems, "stems of {text:?}");
        let mut analyzer = Analyzer::default();
        let mut stream = analyzer.token_stream(text);
        for (number, (folded, _)) in words.iter().enumerate() {
            assert!(stream.advance(), "{text:?}");
            assert_eq!((&stream.token().text, stream.token().position), (folded, number));
        }
        assert!(!stream.advance());
    }

    #[test]
    fn every_word_lies_in_the_ranges_of_its_stem() {
        let endings = "s ed ing ingly edly ies ied y ility bility ation ational ator ization izer ency ancy ously \
                       iveness fulness ness ful li ly logy logist ical iciti icate alize able ably ible ibly ment \
                       ments es er ers est e a al ism ist ity ive ous";
        let corpus = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/index-schema")).unwrap();
        let texts = corpus.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
        let mut words = std::collections::BTreeSet::new();
        let mut analyzer = Analyzer::default();
        texts.for_each(|text| analyzer.words(&text, |word| words.extend([word.folded.to_owned()])));
        let roots: Vec<String> = words.iter().filter(|word| word.len() < 9).step_by(7).cloned().collect();
        for root in &roots {
            words.extend(endings.split_whitespace().map(|ending| format!("{root}{ending}")));
        }
        words
            .extend(["dying", "lying", "tying", "skies", "skis", "idly", "early", "only"].map(str::to_owned));
        assert!(words.len() > 10_000, "{}", words.len());
        for word in words {
            let ranges = stem_ranges(&analyzer.stem_of(&word));
            assert!(ranges.iter().any(|range| word.starts_with(range)), "{word} lies in none of {ranges:?}");
        }
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
        Analyzer::default().words(text, |word| words.push(&text[word.range]));
        assert_eq!(words, ["L", "été", "à", "Genève", "China"]);
    }

    #[test]
    fn a_long_word_is_cut_on_a_character_boundary() {
        let mut analyzer = Analyzer::default();
        for word in ["a".repeat(500), "é".repeat(500), "д".repeat(500)] {
            let words = analyzer.folded_and_stems(&word);
            assert_eq!(words.len(), 1);
            assert!(words[0].0.len() <= MAX_TERM);
        }
    }
}
