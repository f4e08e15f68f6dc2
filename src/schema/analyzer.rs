//! The *analyzer* turns text into words, case and accents folded, and knows the stem of each.
//!
//! One analyzer serves all: what is indexed, what is asked, what is highlighted and what a topic's query matches,
//! so that the four can never disagree. The index holds the folded words, so that a beginning or an exact form is found
//! as it stands; a word asked for stands for all words with its stem (see `Tongue`). Rules, in order:
//! - a run of letters and digits is a word; every Han and kana character is a word by itself, so that a word of
//!   several is found as a phrase;
//! - a possessive `'s` is no part of the word (`China's` is `china`);
//! - compatibility forms, accents and case fold (`São` is `sao`, full-width `Ａ` is `a`); what is longer than
//!   [`MAX_TERM`] bytes is cut there;
//! - words have a stem in English, and one in the language of the article.
//!
//! Where a sentence or a paragraph begins, the index holds a mark at the place of its first word (`SENTENCE`,
//! `PARAGRAPH`); and in an article of another language than English, at the place of every word its stem (`stem_term`).

use std::ops::Range;

use rustc_hash::FxHashMap;
use tantivy::tokenizer::{PreTokenizedString, Token, TokenStream, Tokenizer};
use unicode_normalization::char::is_combining_mark;

use crate::article::fold_into;
use crate::schema::tongue::Tongue;
use crate::sentence::Opens;
use crate::sentence::opens;

/// The analyzer's name in the index.
pub const NAME: &str = "news";

/// Bytes of a term that count; longer ones are equal when they begin alike.
pub const MAX_TERM: usize = 96;

/// The term at the first word of every sentence of a paragraph but its first.
pub(crate) const SENTENCE: &str = "\u{1}s";
/// The term at the first word of every paragraph but the first of a field.
pub(crate) const PARAGRAPH: &str = "\u{1}p";

/// The term at a word of an article in another tongue than English, for its stem.
pub(crate) fn stem_term(tongue: Tongue, stem: &str) -> String {
    format!("\u{1}{}{stem}", tongue.code())
}

/// Stems remembered before the memory is emptied: English news has some 30,000 words in use.
const MAX_STEMS: usize = 40_000;

/// The analyzer, with its memory of stems. Cheap to clone: a clone starts with an empty memory.
#[derive(Default)]
pub struct Analyzer {
    /// Per tongue, by its number.
    stems: Vec<FxHashMap<Box<str>, Box<str>>>,
    folded: String,
    token: Token,
}

impl Clone for Analyzer {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// A word of a text.
#[derive(Clone, Debug)]
pub(crate) struct Word<'a> {
    /// In lower case without accents: the term of the index.
    pub(crate) folded: &'a str,
    /// What it shares with its inflected forms in English.
    pub(crate) english: &'a str,
    /// What it shares with its inflected forms in the tongue of the text.
    pub(crate) stem: &'a str,
}

/// A word as it stands in a text.
#[derive(Clone, Debug)]
pub(crate) struct RawWord {
    /// Its bytes.
    pub(crate) range: Range<usize>,
    /// Whether a sentence or a paragraph begins with it; the first word of a text opens nothing.
    pub(crate) opens: Opens,
}

impl Analyzer {
    /// Calls `each` with every word of a text in a tongue, in order.
    pub(crate) fn words(&mut self, tongue: Tongue, text: &str, mut each: impl FnMut(Word<'_>, &RawWord)) {
        for raw in raw_words(text) {
            each(self.word(tongue, &text[raw.range.clone()], |_| true), &raw);
        }
    }

    /// One word as it stands in a text in a tongue; where its English stem is not asked for, the word stands for it.
    pub(crate) fn word(&mut self, tongue: Tongue, raw: &str, is_asked: impl Fn(&str) -> bool) -> Word<'_> {
        self.fold(raw);
        let asked = is_asked(&self.folded);
        if asked {
            self.remember_stem(Tongue::English);
        }
        if tongue != Tongue::English {
            self.remember_stem(tongue);
        }
        let english = if asked { self.remembered(Tongue::English) } else { &self.folded };
        let stem = if tongue == Tongue::English { english } else { self.remembered(tongue) };
        Word { folded: &self.folded, english, stem }
    }

    /// The words of a text, folded, in order.
    pub(crate) fn folded(&mut self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        self.words(Tongue::English, text, |word, _| words.push(word.folded.to_owned()));
        words
    }

    /// A text of an article in another tongue than English as the index writer takes it: with the stems.
    pub(crate) fn with_stems(&mut self, tongue: Tongue, text: &str) -> PreTokenizedString {
        let mut tokens = Vec::new();
        let mut position = 0;
        self.words(tongue, text, |word, raw| {
            let mark = match raw.opens {
                Opens::Nothing => None,
                Opens::Sentence => Some(SENTENCE.to_owned()),
                Opens::Paragraph => Some(PARAGRAPH.to_owned()),
            };
            let stem = stem_term(tongue, word.stem);
            for text in mark.into_iter().chain([word.folded.to_owned(), stem]) {
                let (offset_from, offset_to) = (raw.range.start, raw.range.end);
                tokens.push(Token { offset_from, offset_to, position, text, position_length: 1 });
            }
            position += 1;
        });
        PreTokenizedString { text: String::new(), tokens }
    }

    /// The stem of the word just folded.
    fn remembered(&self, tongue: Tongue) -> &str {
        let stem = self.stems.get(tongue as usize).and_then(|stems| stems.get(self.folded.as_str()));
        stem.map_or(self.folded.as_str(), |stem| stem)
    }

    fn fold(&mut self, word: &str) {
        fold_into(word, &mut self.folded);
        if self.folded.len() > MAX_TERM {
            let cut = self.folded.floor_char_boundary(MAX_TERM);
            self.folded.truncate(cut);
        }
    }

    /// Puts the stem of the word just folded into the memory, where that word is not its own stem by rule.
    fn remember_stem(&mut self, tongue: Tongue) {
        if !tongue.inflects(&self.folded) {
            return;
        }
        if self.stems.len() <= tongue as usize {
            self.stems.resize_with(tongue as usize + 1, FxHashMap::default);
        }
        let stems = &mut self.stems[tongue as usize];
        if stems.contains_key(self.folded.as_str()) {
            return;
        }
        if stems.len() >= MAX_STEMS {
            stems.clear();
        }
        let stem = tongue.stem(&self.folded).into_boxed_str();
        stems.insert(self.folded.clone().into_boxed_str(), stem);
    }
}

/// The words of a text as they stand, in order.
pub(crate) fn raw_words(text: &str) -> impl Iterator<Item = RawWord> + '_ {
    let (mut at, mut before) = (0, None);
    std::iter::from_fn(move || {
        let found = next_word(text, at)?;
        let opens = before.map_or(Opens::Nothing, |end| opens(text, end, found.range.start));
        (at, before) = (found.after, Some(found.range.end));
        Some(RawWord { range: found.range, opens })
    })
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
    // Most words are letters of ASCII between signs of ASCII.
    let plain = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if plain > 0 && bytes.get(at + plain).is_none_or(u8::is_ascii) {
        let end = at + plain;
        return Some(Found { range: at..end, after: end + possessive(&text[end..]) });
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
        Stream { analyzer: self, text, at: 0, before: None, marked: None }
    }
}

/// The words of one text, for the index writer, with the marks where sentences and paragraphs begin.
pub struct Stream<'a> {
    analyzer: &'a mut Analyzer,
    text: &'a str,
    at: usize,
    /// Where the word before ends.
    before: Option<usize>,
    /// The word whose mark was given out just before it.
    marked: Option<Found>,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let (word, opens) = match self.marked.take() {
            Some(word) => (word, Opens::Nothing),
            None => {
                let Some(word) = next_word(self.text, self.at) else { return false };
                self.at = word.after;
                let opens = self.before.map_or(Opens::Nothing, |end| opens(self.text, end, word.range.start));
                self.before = Some(word.range.end);
                self.analyzer.token.position = self.analyzer.token.position.wrapping_add(1);
                (word, opens)
            }
        };
        let token = &mut self.analyzer.token;
        (token.offset_from, token.offset_to) = (word.range.start, word.range.end);
        token.text.clear();
        match opens {
            Opens::Nothing => {
                self.analyzer.fold(&self.text[word.range]);
                self.analyzer.token.text.push_str(&self.analyzer.folded);
            }
            Opens::Sentence | Opens::Paragraph => {
                token.text.push_str(if opens == Opens::Sentence { SENTENCE } else { PARAGRAPH });
                self.marked = Some(word);
            }
        }
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

    use super::{Analyzer, MAX_TERM, PARAGRAPH, SENTENCE, stem_term};
    use crate::article::fold;
    use crate::schema::tongue::Tongue;

    /// The stems of the words; and what the index gets are the same words.
    fn check(text: &str, stems: &[&str]) {
        check_in(Tongue::English, text, stems);
    }

    fn check_in(tongue: Tongue, text: &str, stems: &[&str]) {
        let mut found = Vec::new();
        Analyzer::default().words(tongue, text, |word, _| found.push(word.stem.to_owned()));
        assert_eq!(found, stems, "stems of {text:?}");
        let mut analyzer = Analyzer::default();
        let mut stream = analyzer.token_stream(text);
        for (number, folded) in Analyzer::default().folded(text).iter().enumerate() {
            assert!(stream.advance(), "{text:?}");
            assert_eq!((&stream.token().text, stream.token().position), (folded, number));
        }
        assert!(!stream.advance());
    }

    #[test]
    fn sentences_and_paragraphs_are_marked_at_their_first_words() {
        let mut analyzer = Analyzer::default();
        let mut stream = analyzer.token_stream("Oil fell. Gas too.\nIt is so");
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().position, stream.token().text.clone()));
        }
        let expected =
            [(0, "oil"), (1, "fell"), (2, SENTENCE), (2, "gas"), (3, "too"), (4, PARAGRAPH), (4, "it")];
        let expected = expected.into_iter().chain([(5, "is"), (6, "so")]);
        assert_eq!(found, expected.map(|(at, text)| (at, text.to_owned())).collect::<Vec<_>>());
    }

    #[test]
    fn stems_are_those_of_the_language() {
        check_in(Tongue::German, "Gespräche über Häuser", &["gesprach", "uber", "haus"]);
        check_in(Tongue::French, "les négociations commerciales", &["les", "negoci", "commercial"]);
        check_in(Tongue::Russian, "Российские переговоры", &["российск", "переговор"]);
        check_in(Tongue::Spanish, "las elecciones", &["las", "eleccion"]);
        let tokens = Analyzer::default().with_stems(Tongue::German, "Die Gespräche. Ende").tokens;
        let found: Vec<(usize, &str)> = tokens.iter().map(|t| (t.position, t.text.as_str())).collect();
        let stem = |word: &str| stem_term(Tongue::German, word);
        let (die, gesprach, ende) = (stem("die"), stem("gesprach"), stem("end"));
        assert_eq!(
            found,
            [(0, "die"), (0, &die), (1, "gesprache"), (1, &gesprach), (2, SENTENCE), (2, "ende"), (2, &ende)]
        );
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
        Analyzer::default().words(Tongue::English, text, |_, raw| words.push(&text[raw.range.clone()]));
        assert_eq!(words, ["L", "été", "à", "Genève", "China"]);
    }

    #[test]
    fn a_long_word_is_cut_on_a_character_boundary() {
        let mut analyzer = Analyzer::default();
        for word in ["a".repeat(500), "é".repeat(500), "д".repeat(500)] {
            let words = analyzer.folded(&word);
            assert_eq!(words.len(), 1);
            assert!(words[0].len() <= MAX_TERM);
        }
    }
}
