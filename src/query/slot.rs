//! A *slot* is one place of a pattern, where any of some words may stand: those of one stem, those that begin alike, those
//! of one shape.
//!
//! Both evaluators read a pattern as slots, and decide by the same [`Shape`] which words fill them and by the same [`near`]
//! whether their places do.

use std::sync::LazyLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};
use regex::{Regex, RegexBuilder};
use unicode_normalization::char::is_combining_mark;

use crate::article::fold;
use crate::query::ast::Pattern;
use crate::schema::analyzer::Analyzer;

/// One place of a pattern; all text is folded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    /// Words with the stem of this one.
    Stem(String),
    /// This word.
    Exact(String),
    /// Words that begin so.
    Prefix(String),
    /// Words of a shape, with `?` and `*`.
    Wildcard(String),
    /// Words spelt like this but for so many letters.
    Fuzzy(String, u8),
    /// Words that match as a whole.
    Regex(String),
    /// Any word.
    Any,
}

/// The slots of one row of words, and by how many places in all the words may stand elsewhere.
pub(crate) fn slots(analyzer: &mut Analyzer, pattern: &Pattern) -> (Vec<Slot>, u32) {
    let words = |analyzer: &mut Analyzer, text: &str, slot: fn(String) -> Slot| {
        analyzer.folded(text).into_iter().map(slot).collect()
    };
    match pattern {
        Pattern::Word(text) => (words(analyzer, text, Slot::Stem), 0),
        Pattern::Exact(text) => (words(analyzer, text, Slot::Exact), 0),
        Pattern::Prefix(text) => (of_beginning(analyzer, text), 0),
        Pattern::Wildcard(text) => (of_shape(analyzer, text), 0),
        Pattern::Fuzzy(text, slips) => (of_fuzzy(analyzer, text, *slips), 0),
        Pattern::Regex(text) => (vec![Slot::Regex(folded_regex(text))], 0),
        Pattern::Phrase { text, slop } => {
            let words = text.split_whitespace().flat_map(|word| of_word(analyzer, word));
            (words.collect(), *slop)
        }
        Pattern::Any(_) | Pattern::Near(..) => (Vec::new(), 0),
    }
}

/// The pattern a word stands for as typed, outside a phrase and inside.
pub(crate) fn pattern_of(word: &str) -> Pattern {
    if let Some(exact) = word.strip_prefix('=').filter(|exact| exact.contains(char::is_alphanumeric)) {
        return Pattern::Exact(exact.to_owned());
    }
    if let Some((text, slips)) = word.rsplit_once('~')
        && text.contains(char::is_alphanumeric)
        && let Some(slips) =
            [("1", 1), ("2", 2)].into_iter().find_map(|(typed, n)| (slips == typed).then_some(n))
    {
        return Pattern::Fuzzy(text.to_owned(), slips);
    }
    if !has_wildcard(word) {
        return Pattern::Word(word.to_owned());
    }
    match word.strip_suffix('*') {
        Some(beginning) if !has_wildcard(beginning) && beginning.ends_with(char::is_alphanumeric) => {
            Pattern::Prefix(beginning.to_owned())
        }
        _ => Pattern::Wildcard(word.to_owned()),
    }
}

/// Whether a word has a `*`, or a `?` that is no question mark: one with a letter, a digit or a `*` after it.
pub(crate) fn has_wildcard(word: &str) -> bool {
    let inside =
        |(at, _)| word[at..].trim_start_matches('?').starts_with(|c: char| c.is_alphanumeric() || c == '*');
    word.contains('*') || word.match_indices('?').any(inside)
}

/// The slots of a word between the quotes of a phrase.
fn of_word(analyzer: &mut Analyzer, word: &str) -> Vec<Slot> {
    if word == "*" { vec![Slot::Any] } else { slots(analyzer, &pattern_of(word)).0 }
}

fn of_beginning(analyzer: &mut Analyzer, text: &str) -> Vec<Slot> {
    let mut words = analyzer.folded(text);
    let beginning = words.pop();
    let stems = words.into_iter().map(Slot::Stem);
    stems.chain(beginning.map(Slot::Prefix)).collect()
}

fn of_fuzzy(analyzer: &mut Analyzer, text: &str, slips: u8) -> Vec<Slot> {
    analyzer.folded(text).into_iter().map(|word| Slot::Fuzzy(word, slips)).collect()
}

/// The slots of a word with wildcards: those of its pieces between signs, of which some have wildcards.
fn of_shape(analyzer: &mut Analyzer, text: &str) -> Vec<Slot> {
    let in_piece = |c: char| c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '*' | '?');
    let mut slots = Vec::new();
    for piece in text.split(|c: char| !in_piece(c)).filter(|piece| piece.contains(char::is_alphanumeric)) {
        if !has_wildcard(piece) {
            slots.extend(analyzer.folded(piece).into_iter().map(Slot::Stem));
        } else if let Pattern::Prefix(beginning) = pattern_of(piece) {
            slots.extend(of_beginning(analyzer, &beginning));
        } else {
            slots.push(Slot::Wildcard(fold(piece)));
        }
    }
    slots
}

/// Accents fold in a regular expression too; what is ASCII may mean something and stays.
fn folded_regex(regex: &str) -> String {
    regex
        .chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { fold(c.encode_utf8(&mut [0; 4])) })
        .collect()
}

/// Which words fill a slot that says how they are spelt.
pub(crate) enum Shape {
    /// Those that begin so.
    Prefix(String),
    /// Those that match as a whole; every one begins so.
    Regex(Regex, String),
    /// Those that few letters set apart.
    Fuzzy(Box<DFA>),
}

/// Levenshtein automata for one and two slips, where two letters that changed places are one slip.
static AUTOMATA: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|slips| LevenshteinAutomatonBuilder::new(slips, true)));

impl Shape {
    /// The shape of a slot; `None` where it asks for words by another rule.
    pub(crate) fn of(slot: &Slot) -> Option<Self> {
        match slot {
            Slot::Stem(_) | Slot::Exact(_) | Slot::Any => None,
            Slot::Prefix(beginning) => Some(Self::Prefix(beginning.clone())),
            Slot::Wildcard(text) => {
                let escaped = regex::escape(text).replace("\\*", ".*").replace("\\?", ".");
                let beginning = text.split(['*', '?']).next().unwrap_or_default();
                let regex = whole_word(&escaped).ok()?;
                Some(Self::Regex(regex, beginning.to_owned()))
            }
            Slot::Fuzzy(word, slips) => {
                let automaton = &AUTOMATA[usize::from(*slips > 1)];
                Some(Self::Fuzzy(Box::new(automaton.build_dfa(word))))
            }
            Slot::Regex(text) => Some(Self::Regex(whole_word(text).ok()?, literal_start(text))),
        }
    }

    /// Whether a folded word has this shape.
    pub(crate) fn fits(&self, word: &str) -> bool {
        match self {
            Self::Prefix(beginning) => word.starts_with(beginning.as_str()),
            Self::Regex(regex, _) => regex.is_match(word),
            Self::Fuzzy(dfa) => matches!(dfa.eval(word), Distance::Exact(_)),
        }
    }

    /// What every word of this shape begins with.
    pub(crate) fn beginning(&self) -> &str {
        match self {
            Self::Prefix(beginning) | Self::Regex(_, beginning) => beginning,
            Self::Fuzzy(_) => "",
        }
    }
}

/// A regular expression for whole words, case ignored.
///
/// # Errors
/// Where it cannot be read, or is too large.
pub(crate) fn whole_word(regex: &str) -> Result<Regex, regex::Error> {
    let whole = format!("^(?:{regex})$");
    RegexBuilder::new(&whole).case_insensitive(true).size_limit(1 << 20).nest_limit(50).build()
}

/// The letters and digits that every match of a regular expression begins with, where that is plain to see.
fn literal_start(regex: &str) -> String {
    if regex.contains('|') {
        return String::new();
    }
    let literal = regex.find(|c: char| !c.is_alphanumeric()).unwrap_or(regex.len());
    let (start, rest) = regex.split_at(literal);
    let mut start = start.to_lowercase();
    // What may be repeated may be absent.
    if rest.starts_with(['?', '*', '{']) {
        start.pop();
    }
    start
}

/// Whether words fill `slots` slots from the place `start` on, where one fills the first: in order, moved by at most
/// `slop` places in all, no word filling two slots that follow each other. `stands` tells whether a word that fills a
/// slot stands at a place.
///
/// A word's shift is how far it stands from where the first one expects it; what a match costs is the sum of all changes
/// of shift on the way. For each slot in turn the least cost of every shift is worked out from that of the slot before
/// by one sweep up and one down, so that the time is that of `slots` times `slop`.
pub(crate) fn near(slots: usize, slop: u32, start: u32, stands: impl Fn(usize, u32) -> bool) -> bool {
    let mut row = LooseRow::new(slop);
    (1..slots)
        .all(|slot| row.go_on(|shift| row_place(start, slot, shift, slop).is_some_and(|at| stands(slot, at))))
}

/// As [`near`], the places of the words of a match that costs least, by slot; `None` where there is none.
pub(crate) fn nearest(
    slots: usize,
    slop: u32,
    start: u32,
    stands: impl Fn(usize, u32) -> bool,
) -> Option<Vec<u32>> {
    let mut row = LooseRow::new(slop);
    let mut costs = vec![row.costs.clone()];
    for slot in 1..slots {
        if !row.go_on(|shift| row_place(start, slot, shift, slop).is_some_and(|at| stands(slot, at))) {
            return None;
        }
        costs.push(row.costs.clone());
    }
    let mut shift = (0..row.shifts).min_by_key(|shift| row.costs[*shift])?;
    let mut places = vec![row_place(start, slots - 1, shift, slop)?];
    for slot in (0..slots - 1).rev() {
        let on =
            |before: &usize| costs[slot][*before] + u32::try_from(before.abs_diff(shift)).unwrap_or(u32::MAX);
        // One shift above is the same word.
        shift = (0..row.shifts).filter(|before| *before != shift + 1).min_by_key(on)?;
        places.push(row_place(start, slot, shift, slop)?);
    }
    places.reverse();
    Some(places)
}

/// The place of a slot's word that is shifted so, where 0 is the furthest down.
fn row_place(start: u32, slot: usize, shift: usize, slop: u32) -> Option<u32> {
    u32::try_from(i64::from(start) + slot as i64 + shift as i64 - i64::from(slop)).ok()
}

/// What it costs to reach each shift of the last slot of a row.
struct LooseRow {
    /// More than a match may cost.
    most: u32,
    shifts: usize,
    /// Two more at the end, so that what comes from above can be asked for anywhere.
    costs: Vec<u32>,
    from_above: Vec<u32>,
}

impl LooseRow {
    /// The first slot, whose word is where it is.
    fn new(slop: u32) -> Self {
        let most = slop.saturating_add(1);
        let shifts = 2 * slop as usize + 1;
        let mut costs = vec![most; shifts + 2];
        costs[slop as usize] = 0;
        Self { most, shifts, from_above: costs.clone(), costs }
    }

    /// Goes on to the next slot, whose word stands at some shifts; whether any of them is reached.
    fn go_on(&mut self, stands: impl Fn(usize) -> bool) -> bool {
        let Self { most, shifts, costs, from_above } = self;
        from_above.copy_from_slice(costs);
        for at in (1..*shifts).rev() {
            from_above[at - 1] = from_above[at - 1].min(from_above[at] + 1);
        }
        for at in 1..*shifts {
            costs[at] = costs[at].min(costs[at - 1] + 1);
        }
        let mut reached = false;
        for at in 0..*shifts {
            // One shift above is the place where the word of the slot before stands.
            let cost = costs[at].min(from_above[at + 2] + 2);
            let there = cost < *most && stands(at);
            costs[at] = if there { cost } else { *most };
            reached |= there;
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &Pattern, expected: &[Slot]) {
        assert_eq!(slots(&mut Analyzer::default(), pattern).0, expected, "{pattern:?}");
    }

    #[test]
    fn a_pattern_is_read_as_slots() {
        let stem = |text: &str| Slot::Stem(text.to_owned());
        let prefix = |text: &str| Slot::Prefix(text.to_owned());
        let wildcard = |text: &str| Slot::Wildcard(text.to_owned());
        let phrase = |text: &str| Pattern::Phrase { text: text.to_owned(), slop: 0 };
        check(&Pattern::Word("Economy".to_owned()), &[stem("economy")]);
        check(&Pattern::Word("U.S.".to_owned()), &[stem("u"), stem("s")]);
        check(&Pattern::Prefix("Économ".to_owned()), &[prefix("econom")]);
        check(&Pattern::Exact("Talks".to_owned()), &[Slot::Exact("talks".to_owned())]);
        check(&Pattern::Fuzzy("Trafick".to_owned(), 1), &[Slot::Fuzzy("trafick".to_owned(), 1)]);
        check(&Pattern::Wildcard("anti-mil*Ry".to_owned()), &[stem("anti"), wildcard("mil*ry")]);
        check(&phrase("crude oils pric*"), &[stem("crude"), stem("oils"), prefix("pric")]);
        check(&phrase("anti-mili* talks"), &[stem("anti"), prefix("mili"), stem("talks")]);
        check(
            &phrase("president * =Putin?"),
            &[stem("president"), Slot::Any, Slot::Exact("putin".to_owned())],
        );
        check(&phrase("wom?n sm~1"), &[wildcard("wom?n"), Slot::Fuzzy("sm".to_owned(), 1)]);
        check(&Pattern::Regex("É\\Wx".to_owned()), &[Slot::Regex("e\\Wx".to_owned())]);
    }

    fn check_shape(slot: &Slot, words: &str, others: &str) {
        let shape = Shape::of(slot).unwrap();
        for (words, fits) in [(words, true), (others, false)] {
            for word in words.split_whitespace() {
                assert_eq!(shape.fits(word), fits, "{word} for {slot:?}");
                assert!(!fits || word.starts_with(shape.beginning()), "{word} for {slot:?}");
            }
        }
    }

    #[test]
    fn words_have_the_shape_asked_for() {
        check_shape(&Slot::Wildcard("wom?n".to_owned()), "woman women womän", "womn womaen womans");
        check_shape(&Slot::Wildcard("*ism".to_owned()), "racism ism", "isms");
        check_shape(&Slot::Regex("joh?n(ath[ao]n)?".to_owned()), "john jon johnathan", "johns ajohn");
        check_shape(&Slot::Regex("a|b".to_owned()), "a b", "ab");
        check_shape(&Slot::Regex("ab{0}c".to_owned()), "ac", "abc");
        check_shape(&Slot::Fuzzy("blinken".to_owned(), 1), "blinken blinkin blnken bilnken", "blnkin");
        check_shape(&Slot::Fuzzy("blinken".to_owned(), 2), "blnkin linkin", "lnkin");
        check_shape(&Slot::Fuzzy("习近平".to_owned(), 1), "习近平 习平", "平");
        check_shape(&Slot::Prefix("mili".to_owned()), "mili military", "mil");
    }

    /// Fills the slots with the words of a text, each named by one letter.
    fn check_near(text: &str, phrase: &str, slop: u32, expected: bool) {
        let words: Vec<char> = text.chars().collect();
        let phrase: Vec<char> = phrase.chars().collect();
        let stands = |slot: usize, place: u32| words.get(place as usize) == Some(&phrase[slot]);
        let starts = (0..words.len() as u32).filter(|start| stands(0, *start));
        let found = starts.into_iter().any(|start| near(phrase.len(), slop, start, stands));
        assert_eq!(found, expected, "{phrase:?}~{slop} in {text}");
    }

    #[test]
    fn words_are_near_when_few_moves_bring_them_there() {
        for (text, phrase, slop, expected) in [
            ("abc", "abc", 0, true),
            ("abxc", "abc", 0, false),
            ("abxc", "abc", 1, true),
            ("axbxc", "abc", 1, false),
            ("axbxc", "abc", 2, true),
            ("ba", "ab", 1, false),
            ("ba", "ab", 2, true),
            ("cba", "abc", 4, true),
            ("cba", "abc", 3, false),
            ("xxa", "aa", 1, false),
            ("aa", "aa", 0, true),
            ("axa", "aa", 1, true),
            ("axba", "abx", 4, true),
            ("axba", "abx", 2, false),
            ("a", "ab", 100, false),
        ] {
            check_near(text, phrase, slop, expected);
        }
    }
}
