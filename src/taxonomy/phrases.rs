//! *Phrase words* are English words with the part each plays in a noun phrase, and how rare it is.

use rustc_hash::FxHashMap;

use crate::taxonomy::TaxonomyError;

/// The part a word plays in a noun phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Ends, opens or fills it: `rate`.
    #[default]
    Noun,
    /// Ends it, and says too little to open it or to count: `company`.
    Weak,
    /// Opens or fills it: `nuclear`.
    Adjective,
    /// A noun or a verb, as its neighbours tell: `strike`.
    Either,
    /// Ends it, and is shown as its singular: `rates`.
    Plural,
    /// A plural or a verb, as its neighbours tell: `plans`.
    PluralOrVerb,
    /// A plural that is shown as it is, and may open a phrase: `rights`.
    KeptPlural,
    /// Stands in none: `said`.
    Other,
}

/// The most a word's rarity can be.
pub const RAREST: u8 = 21;

/// What is known of one word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhraseWord {
    /// Its part.
    pub part: Part,
    /// How rare it is: how often the frequency of all words has to be halved to come to its own; 0 where that is not said.
    pub rarity: u8,
    /// The singular of a plural, where it is not regular.
    pub singular: Option<String>,
    /// Whether it goes before a noun phrase, so that a noun or verb before it is a verb: `plans |the`.
    pub before_object: bool,
    /// Whether it goes before a verb: `to| cut`.
    pub before_verb: bool,
}

/// All words, by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhraseWords {
    /// What is known of each word, in lower case.
    pub words: FxHashMap<String, PhraseWord>,
}

impl PhraseWords {
    /// Adds the lists of one file: a line `[noun 12]`, then words with white space between; `#` comments. What a later list
    /// says of a word's part goes before what an earlier one says; its rarity stays where none is given.
    ///
    /// # Errors
    /// The first line that names an unknown list, a rarity that is none, or stands before any list.
    pub fn add(&mut self, text: &str, file: &str) -> Result<(), TaxonomyError> {
        let mut list = None;
        for (line, number) in text.trim_start_matches('\u{feff}').lines().map(str::trim).zip(1..) {
            let mistake = |reason| TaxonomyError::Mistake { file: file.to_owned(), line: number, reason };
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                list = Some(List::named(name).map_err(mistake)?);
                continue;
            }
            let list = list.ok_or_else(|| mistake(format!("'{line}' stands before the first [list]")))?;
            line.split_whitespace().for_each(|item| self.add_word(item, list));
        }
        Ok(())
    }

    fn add_word(&mut self, item: &str, list: List) {
        let (word, singular) =
            item.split_once('=').map_or((item, None), |(word, singular)| (word, Some(singular)));
        let known = match self.words.get_mut(word) {
            Some(known) => known,
            None => self.words.entry(word.to_owned()).or_default(),
        };
        match list {
            List::Part(part, rarity) => {
                known.part = part;
                known.rarity = rarity.unwrap_or(known.rarity);
                known.singular = singular.map(str::to_owned).or_else(|| known.singular.take());
            }
            // What is listed for its neighbours builds sentences.
            List::BeforeObject => (known.part, known.before_object) = (Part::Other, true),
            List::BeforeVerb => (known.part, known.before_verb) = (Part::Other, true),
        }
    }
}

#[derive(Clone, Copy)]
enum List {
    Part(Part, Option<u8>),
    BeforeObject,
    BeforeVerb,
}

const PARTS: [(&str, Part); 8] = [
    ("noun", Part::Noun),
    ("weak", Part::Weak),
    ("adjective", Part::Adjective),
    ("either", Part::Either),
    ("plural", Part::Plural),
    ("plural or verb", Part::PluralOrVerb),
    ("kept plural", Part::KeptPlural),
    ("other", Part::Other),
];

impl List {
    fn named(name: &str) -> Result<Self, String> {
        let name = name.trim();
        match name {
            "before object" => return Ok(Self::BeforeObject),
            "before verb" => return Ok(Self::BeforeVerb),
            _ => {}
        }
        let digits = name.rsplit_once(' ').filter(|(_, last)| last.bytes().all(|byte| byte.is_ascii_digit()));
        let (part, rarity) = digits.map_or((name, None), |(part, rarity)| (part, Some(rarity)));
        let known = PARTS.iter().find(|(known, _)| *known == part);
        let part = known.map(|(_, part)| *part).ok_or_else(|| {
            let known: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
            format!(
                "there is no list '{part}': the lists are {}, before object, before verb",
                known.join(", ")
            )
        })?;
        let rarity = rarity.map(|digits| match digits.parse() {
            Ok(rarity @ 0..=RAREST) => Ok(rarity),
            _ => Err(format!("'{digits}' is no rarity: write a whole number from 0 to {RAREST}")),
        });
        Ok(Self::Part(part, rarity.transpose()?))
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, PhraseWords};

    #[test]
    fn what_is_said_later_goes_before() {
        let mut words = PhraseWords::default();
        words.add("# head\n[noun 12]\nrate trade\n[plural 14]\nmen=man rates\n", "w").unwrap();
        words.add("[weak]\nrate\n[before verb]\nto\n", "p").unwrap();
        assert_eq!((words.words["rate"].part, words.words["rate"].rarity), (Part::Weak, 12));
        assert_eq!(words.words["men"].singular.as_deref(), Some("man"));
        assert_eq!((words.words["rates"].part, words.words["rates"].rarity), (Part::Plural, 14));
        assert!(words.words["to"].before_verb && !words.words["to"].before_object);
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, line, reason) in [
            ("rate\n", 1, "before the first [list]"),
            ("[noun]\nrate\n[nuon 12]\n", 3, "there is no list 'nuon': the lists are noun, weak"),
            ("[noun 22]\n", 1, "'22' is no rarity: write a whole number from 0 to 21"),
        ] {
            let error = PhraseWords::default().add(text, "phrases.txt").unwrap_err().to_string();
            assert!(error.starts_with(&format!("phrases.txt:{line}: ")) && error.contains(reason), "{error}");
        }
    }
}
