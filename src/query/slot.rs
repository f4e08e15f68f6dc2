//! A *slot* is one place of a pattern, where any of some words may stand: those of one stem, or those that begin alike.
//!
//! Both evaluators read a pattern as slots, and decide by the same [`near`] whether words fill them.

use crate::query::ast::Pattern;
use crate::schema::analyzer::Analyzer;

/// One place of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Words of this stem.
    Stem(String),
    /// Words that begin so, folded.
    Prefix(String),
}

/// The slots of a pattern, and by how many places in all the words may stand elsewhere.
pub(crate) fn slots(analyzer: &mut Analyzer, pattern: &Pattern) -> (Vec<Slot>, u32) {
    match pattern {
        Pattern::Word(text) => (of_word(analyzer, text, false), 0),
        Pattern::Prefix(text) => (of_word(analyzer, text, true), 0),
        Pattern::Phrase { text, slop } => {
            let words = text.split_whitespace().flat_map(|word| match word.strip_suffix('*') {
                Some(beginning) => of_word(analyzer, beginning, true),
                None => of_word(analyzer, word, false),
            });
            (words.collect(), *slop)
        }
    }
}

/// The slots of what was typed without a space; the last is a beginning where `open`.
fn of_word(analyzer: &mut Analyzer, text: &str, open: bool) -> Vec<Slot> {
    let mut words = analyzer.folded_and_stems(text);
    let beginning = if open { words.pop() } else { None };
    let stems = words.into_iter().map(|(_, stem)| Slot::Stem(stem));
    stems.chain(beginning.map(|(folded, _)| Slot::Prefix(folded))).collect()
}

/// Whether words fill `slots` slots from the place `start` on, where one fills the first: in order, moved by at most
/// `slop` places in all, no word filling two slots that follow each other. `stands` tells whether a word that fills a
/// slot stands at a place.
///
/// A word's shift is how far it stands from where the first one expects it; what a match costs is the sum of all changes
/// of shift on the way. For each slot in turn the least cost of every shift is worked out from that of the slot before
/// by one sweep up and one down, so that the time is that of `slots` times `slop`.
pub(crate) fn near(slots: usize, slop: u32, start: u32, stands: impl Fn(usize, u32) -> bool) -> bool {
    let most = slop.saturating_add(1);
    let shifts = 2 * slop as usize + 1;
    // Two more at the end, so that what comes from above can be asked for anywhere.
    let mut costs = vec![most; shifts + 2];
    costs[slop as usize] = 0;
    let mut from_above = costs.clone();
    for slot in 1..slots {
        from_above.copy_from_slice(&costs);
        for at in (1..shifts).rev() {
            from_above[at - 1] = from_above[at - 1].min(from_above[at] + 1);
        }
        for at in 1..shifts {
            costs[at] = costs[at].min(costs[at - 1] + 1);
        }
        let mut reached = false;
        for at in 0..shifts {
            // One shift above is the place where the word of the slot before stands.
            let cost = costs[at].min(from_above[at + 2] + 2);
            let place = i64::from(start) + slot as i64 + at as i64 - i64::from(slop);
            let there = cost < most && u32::try_from(place).is_ok_and(|place| stands(slot, place));
            costs[at] = if there { cost } else { most };
            reached |= there;
        }
        if !reached {
            return false;
        }
    }
    true
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
        let phrase = |text: &str| Pattern::Phrase { text: text.to_owned(), slop: 0 };
        check(&Pattern::Word("Economy".to_owned()), &[stem("economi")]);
        check(&Pattern::Word("U.S.".to_owned()), &[stem("u"), stem("s")]);
        check(&Pattern::Prefix("Économ".to_owned()), &[prefix("econom")]);
        check(&phrase("crude oils pric*"), &[stem("crude"), stem("oil"), prefix("pric")]);
        check(&phrase("anti-mili* talks"), &[stem("anti"), prefix("mili"), stem("talk")]);
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
