//! *Words* are the lists that tell a person's name from other capitalised words: titles, given names, organisations.

use crate::taxonomy::TaxonomyError;
use crate::taxonomy::language::Language;

/// What a list says about its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// Goes before a name: `foreign minister`. `premier = prime minister` gives the usual form.
    Title,
    /// A dot after it does not end the sentence: `Gen`.
    Abbreviation,
    /// A given name.
    Given,
    /// A family name that comes first: `Wang`.
    FamilyFirst,
    /// Goes inside a name in lower case: `van`.
    Particle,
    /// Goes after a name: `Jr`.
    Suffix,
    /// Is capitalised without being a name: months, days, words that open sentences.
    Word,
    /// Makes the name it stands in that of an organisation, place or thing: `Corp`.
    Organisation,
    /// A name of several words that looks like a person's: `Philip Morris`.
    Phrase,
    /// May follow a family name: `Administration`.
    Eponym,
    /// Says that somebody spoke: `said`.
    Speech,
    /// Names a country in capitals, but means something else more often in a text all in capitals: `US`.
    Capitals,
    /// A country's money: `dollar`.
    Currency,
    /// Makes the adjective before it a language: `speaking`.
    Language,
    /// With `and` before it, makes a firm of a name: `and Sons`.
    Firm,
}

/// One word or phrase of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its list.
    pub list: List,
    /// The word, as it is written.
    pub text: String,
    /// The usual form of a title, where another is given.
    pub usual: Option<String>,
    /// Whether it is no evidence by itself: a leading `?` in the file.
    pub weak: bool,
    /// The only language it counts in.
    pub language: Option<Language>,
}

/// All word lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub list: Vec<Word>,
}

impl Words {
    /// Adds the lists of one file: a line `[name of the list]`, or `[word de]` for one language, then its words, one or several a line with `|`
    /// between; `#` comments.
    ///
    /// # Errors
    /// The first line that names an unknown list or stands before any.
    pub fn add(&mut self, text: &str, file: &str) -> Result<(), TaxonomyError> {
        let mut list = None;
        for (line, number) in text.trim_start_matches('\u{feff}').lines().map(str::trim).zip(1..) {
            let mistake = |reason| TaxonomyError::Mistake { file: file.to_owned(), line: number, reason };
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                list = Some(list_named(name).ok_or_else(|| mistake(unknown(name)))?);
                continue;
            }
            let (list, language) =
                list.ok_or_else(|| mistake(format!("'{line}' stands before the first [list]")))?;
            self.list.extend(line.split('|').filter_map(|item| word(item.trim(), list, language)));
        }
        Ok(())
    }
}

const LISTS: [(&str, List); 15] = [
    ("title", List::Title),
    ("abbreviation", List::Abbreviation),
    ("given", List::Given),
    ("family first", List::FamilyFirst),
    ("particle", List::Particle),
    ("suffix", List::Suffix),
    ("word", List::Word),
    ("organisation", List::Organisation),
    ("phrase", List::Phrase),
    ("eponym", List::Eponym),
    ("speech", List::Speech),
    ("capitals", List::Capitals),
    ("currency", List::Currency),
    ("language", List::Language),
    ("firm", List::Firm),
];

/// The list of a heading, and its language: `word de`. Words and titles alone can be of one language.
fn list_named(name: &str) -> Option<(List, Option<Language>)> {
    let named = |name: &str| LISTS.iter().find(|(known, _)| *known == name).map(|(_, list)| *list);
    let name = name.trim();
    if let Some(list) = named(name) {
        return Some((list, None));
    }
    let (name, code) = name.rsplit_once(' ')?;
    let list = named(name).filter(|list| matches!(list, List::Word | List::Title))?;
    Some((list, Some(Language::named(code)?)))
}

fn unknown(name: &str) -> String {
    let known: Vec<&str> = LISTS.iter().map(|(name, _)| *name).collect();
    format!("there is no list '{name}': the lists are {}", known.join(", "))
}

fn word(item: &str, list: List, language: Option<Language>) -> Option<Word> {
    let (item, weak) = item.strip_prefix('?').map_or((item, false), |rest| (rest, true));
    let (text, usual) = match item.split_once('=') {
        Some((text, usual)) => (text.trim(), Some(usual.trim().to_owned())),
        None => (item, None),
    };
    (!text.is_empty()).then(|| Word { list, text: text.to_owned(), usual, weak, language })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_mistakes() {
        let mut words = Words::default();
        words
            .add("# w\n[title]\npremier = prime minister\n?general\n[suffix]\nJr|Sr\n", "titles.txt")
            .unwrap();
        assert_eq!(words.list[0].usual.as_deref(), Some("prime minister"));
        assert!(words.list[1].weak);
        assert_eq!((words.list[3].list, words.list[3].text.as_str()), (List::Suffix, "Sr"));
        let error = words.add("[titel]\n", "titles.txt").unwrap_err().to_string();
        assert!(error.starts_with("titles.txt:1: there is no list 'titel'"), "{error}");
        assert!(words.add("general\n", "titles.txt").is_err());
        let mut words = Words::default();
        words.add("[title fr]\nm. = mr.\n[title]\nmr.\n", "titles.txt").unwrap();
        assert_eq!(words.list[0].language, Language::named("fr"));
        assert_eq!(words.list[1].language, None);
        assert!(words.add("[given fr]\nLuc\n", "given-names.txt").is_err());
    }
}
