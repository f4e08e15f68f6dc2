//! A *role* is the part a word plays in noun phrases, by the word's number in the tagger's dictionaries.

use rustc_hash::FxHashMap;
use rustc_hash::FxHasher;
use std::hash::Hasher;

use crate::tag::names::Names;
use crate::tag::names::UNKNOWN;
use crate::taxonomy::phrases::Part;
use crate::taxonomy::phrases::PhraseWord;
use crate::taxonomy::phrases::PhraseWords;
use crate::taxonomy::phrases::RAREST;

/// What a word is to a phrase.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Role {
    /// Tells it from other words: the number of its singular.
    pub(crate) base: u32,
    /// Its part.
    pub(crate) part: Part,
    /// How rare it is.
    pub(crate) rarity: u8,
    /// What else is known of it, as bits of [`also`].
    also: u8,
}

/// What is known of a word beside its part.
pub(crate) mod also {
    /// Its singular is shown for it.
    pub(crate) const PLURAL: u8 = 1;
    /// It goes before a noun phrase.
    pub(crate) const BEFORE_OBJECT: u8 = 1 << 1;
    /// It goes before a verb.
    pub(crate) const BEFORE_VERB: u8 = 1 << 2;
}

impl Role {
    /// A noun by its number, as rare as a word that is counted for nothing.
    pub(crate) fn noun(base: u32) -> Self {
        Self { base, ..Self::default() }
    }

    /// Whether this is known of it.
    pub(crate) fn is(self, bit: u8) -> bool {
        self.also & bit != 0
    }
}

/// The roles of all words that have a number.
#[derive(Debug)]
pub(crate) struct Roles {
    list: Vec<Option<Role>>,
    singulars: FxHashMap<String, String>,
}

/// The numbers of words that no dictionary holds have this bit.
const UNLISTED: u32 = 1 << 31;
/// How rare a word is that stands in no list: it may be a name, or badly spelt.
const GUESSED: u8 = RAREST - 3;

impl Roles {
    /// Numbers the words. All forms must have been added to the names before.
    pub(crate) fn new(names: &mut Names, words: &PhraseWords) -> Self {
        let mut sorted: Vec<_> = words.words.iter().collect();
        sorted.sort_unstable_by_key(|(word, _)| *word);
        let mut roles = Self { list: Vec::new(), singulars: FxHashMap::default() };
        for (word, known) in sorted {
            let number = names.number_beyond(word);
            if let Some(singular) = &known.singular {
                roles.singulars.insert(word.clone(), singular.clone());
            }
            let singular = roles.singular(word);
            let plural = match known.part {
                Part::Plural | Part::PluralOrVerb => true,
                Part::Weak => {
                    singular != *word && words.words.get(&singular).is_some_and(|w| w.part == Part::Weak)
                }
                _ => false,
            };
            let role = Role {
                base: if plural { names.number_beyond(&singular) } else { number },
                part: known.part,
                rarity: known.rarity,
                also: bits(plural, known),
            };
            let at = number as usize;
            if roles.list.len() <= at {
                roles.list.resize(at + 1, None);
            }
            roles.list[at] = Some(role);
        }
        roles
    }

    /// The role of a word: what the lists say, or else its ending.
    pub(crate) fn of(&self, names: &Names, number: u32, folded: &str) -> Role {
        self.listed(number).unwrap_or_else(|| self.guessed(names, folded))
    }

    /// What the lists say of a word.
    pub(crate) fn listed(&self, number: u32) -> Option<Role> {
        self.list.get(number as usize).copied().flatten()
    }

    /// The singular of a plural.
    pub(crate) fn singular(&self, plural: &str) -> String {
        self.singulars.get(plural).cloned().unwrap_or_else(|| regular(plural))
    }

    fn guessed(&self, names: &Names, folded: &str) -> Role {
        let part = guessed(folded);
        if part != Part::Plural {
            return Role { base: base(names, folded), part, rarity: GUESSED, also: 0 };
        }
        let singular = self.singular(folded);
        match self.listed(names.word(&singular)) {
            Some(role) if role.part == Part::Other => role,
            Some(role) => Role { part, also: also::PLURAL, ..role },
            None => Role { base: base(names, &singular), part, rarity: GUESSED, also: also::PLURAL },
        }
    }
}

/// The number of a word that stands in no list: one made of its letters where it has none.
fn base(names: &Names, folded: &str) -> u32 {
    match names.word(folded) {
        UNKNOWN => {
            let mut hasher = FxHasher::default();
            hasher.write(folded.as_bytes());
            (hasher.finish() >> 32) as u32 | UNLISTED
        }
        number => number,
    }
}

fn bits(plural: bool, known: &PhraseWord) -> u8 {
    let all = [
        (plural, also::PLURAL),
        (known.before_object, also::BEFORE_OBJECT),
        (known.before_verb, also::BEFORE_VERB),
    ];
    all.iter().filter(|(holds, _)| *holds).map(|(_, bit)| bit).sum()
}

/// The part of a word that stands in no list, by its ending; `scripts/phrase_words.py` leaves out what this tells.
fn guessed(folded: &str) -> Part {
    let ends = |endings: &[&str]| endings.iter().any(|ending| folded.ends_with(ending));
    if folded.len() < 3
        || ends(&["ly", "ed", "ing", "n't"])
        || !folded.bytes().all(|b| b.is_ascii_alphabetic())
    {
        Part::Other
    } else if ends(&["al", "ic", "ive", "ous", "able", "ible", "less", "ful", "ary"]) {
        Part::Adjective
    } else if folded.ends_with('s') && !ends(&["ss", "us", "is"]) {
        Part::Plural
    } else {
        Part::Noun
    }
}

/// The singular of a regular plural.
fn regular(plural: &str) -> String {
    for (ending, instead) in
        [("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")]
    {
        if let Some(stem) = plural.strip_suffix(ending).filter(|stem| stem.len() > 1) {
            return format!("{stem}{instead}");
        }
    }
    plural.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{guessed, regular};
    use crate::taxonomy::phrases::Part;

    #[test]
    fn endings_tell_what_no_list_does() {
        for (word, part) in [
            ("fentanyl", Part::Noun),
            ("hotlines", Part::Plural),
            ("virus", Part::Noun),
            ("gazumped", Part::Other),
            ("isn't", Part::Other),
            ("postcolonial", Part::Adjective),
        ] {
            assert_eq!(guessed(word), part, "{word}");
        }
        for (plural, singular) in
            [("rates", "rate"), ("cities", "city"), ("taxes", "tax"), ("losses", "loss"), ("houses", "house")]
        {
            assert_eq!(regular(plural), singular);
        }
    }
}
