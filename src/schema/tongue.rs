//! A *tongue* is a language whose words have stems: which words an article in it counts as forms of one.
//!
//! Stems are those of Snowball, <https://snowballstem.org/algorithms/>, of words already folded. A word asked for stands for
//! its English forms in every article, since names and terms of art are English everywhere, and in an article of another
//! tongue for the forms of that tongue too. The index holds the words themselves, and beside each word of such an article
//! its stem.

use frostem::{Algorithm, Stemmer};

/// A language by how its words inflect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Tongue {
    Catalan,
    Danish,
    Dutch,
    English,
    Finnish,
    French,
    German,
    Hungarian,
    Italian,
    Norwegian,
    Portuguese,
    Romanian,
    Russian,
    Spanish,
    Swedish,
    Turkish,
}

impl Tongue {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 16] = [
        Self::Catalan,
        Self::Danish,
        Self::Dutch,
        Self::English,
        Self::Finnish,
        Self::French,
        Self::German,
        Self::Hungarian,
        Self::Italian,
        Self::Norwegian,
        Self::Portuguese,
        Self::Romanian,
        Self::Russian,
        Self::Spanish,
        Self::Swedish,
        Self::Turkish,
    ];

    /// The tongue of an article by the ISO 639-1 code of its language; English where that is not known, or has no stems.
    pub(crate) fn of(language: Option<&str>) -> Self {
        let code = match language {
            Some("nb" | "nn") => "no",
            Some(code) => code,
            None => return Self::English,
        };
        Self::ALL.into_iter().find(|tongue| tongue.code() == code).unwrap_or(Self::English)
    }

    /// The ISO 639-1 code of its language.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Catalan => "ca",
            Self::Danish => "da",
            Self::Dutch => "nl",
            Self::English => "en",
            Self::Finnish => "fi",
            Self::French => "fr",
            Self::German => "de",
            Self::Hungarian => "hu",
            Self::Italian => "it",
            Self::Norwegian => "no",
            Self::Portuguese => "pt",
            Self::Romanian => "ro",
            Self::Russian => "ru",
            Self::Spanish => "es",
            Self::Swedish => "sv",
            Self::Turkish => "tr",
        }
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::Catalan => Algorithm::Catalan,
            Self::Danish => Algorithm::Danish,
            Self::Dutch => Algorithm::DutchPorter,
            Self::English => Algorithm::English,
            Self::Finnish => Algorithm::Finnish,
            Self::French => Algorithm::French,
            Self::German => Algorithm::German,
            Self::Hungarian => Algorithm::Hungarian,
            Self::Italian => Algorithm::Italian,
            Self::Norwegian => Algorithm::Norwegian,
            Self::Portuguese => Algorithm::Portuguese,
            Self::Romanian => Algorithm::Romanian,
            Self::Russian => Algorithm::Russian,
            Self::Spanish => Algorithm::Spanish,
            Self::Swedish => Algorithm::Swedish,
            Self::Turkish => Algorithm::Turkish,
        }
    }

    /// Whether a folded word may have a stem other than itself.
    pub(crate) fn inflects(self, folded: &str) -> bool {
        match self {
            Self::English => folded.len() > 2 && folded.bytes().all(|b| b.is_ascii_lowercase()),
            _ => folded.len() > 3 && !folded.bytes().any(|b| b.is_ascii_digit()),
        }
    }

    /// The stem of a folded word.
    pub(crate) fn stem(self, folded: &str) -> String {
        match self.inflects(folded) {
            true => Stemmer::new(self.algorithm()).stem(folded).into_owned(),
            false => folded.to_owned(),
        }
    }
}

/// Beginnings of words, one of which every word with this English stem has; words that begin so may still have another stem.
///
/// Snowball English takes endings off, so that a word begins with its stem but for its last letter, which it may have
/// changed: a `y` to `i` (`economi`), `-bility` to `-bl` (`possibl`), an `e` set where it was not (`hope` of `hoping`,
/// `relate` of `relation`), `skies` to `sky`, `dying` to `die`.
/// See <https://snowballstem.org/algorithms/english/stemmer.html>.
pub(crate) fn english_ranges(stem: &str) -> Vec<String> {
    let mut ranges = vec![stem.to_owned()];
    if !Tongue::English.inflects(stem) {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Tongue, english_ranges};
    use crate::schema::analyzer::Analyzer;

    #[test]
    fn every_word_lies_in_the_ranges_of_its_english_stem() {
        let endings = "s ed ing ingly edly ies ied y ility bility ation ational ator ization izer ency ancy ously \
                       iveness fulness ness ful li ly logy logist ical iciti icate alize able ably ible ibly ment \
                       ments es er ers est e a al ism ist ity ive ous";
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/index-schema")).unwrap();
        let texts = files.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
        let mut words = BTreeSet::new();
        let mut analyzer = Analyzer::default();
        texts.for_each(|text| words.extend(analyzer.folded(&text)));
        let roots: Vec<String> = words.iter().filter(|word| word.len() < 9).step_by(7).cloned().collect();
        for root in &roots {
            words.extend(endings.split_whitespace().map(|ending| format!("{root}{ending}")));
        }
        words
            .extend(["dying", "lying", "tying", "skies", "skis", "idly", "early", "only"].map(str::to_owned));
        assert!(words.len() > 10_000, "{}", words.len());
        for word in words {
            let ranges = english_ranges(&Tongue::English.stem(&word));
            assert!(ranges.iter().any(|range| word.starts_with(range)), "{word} lies in none of {ranges:?}");
        }
    }

    #[test]
    fn every_tongue_is_that_of_a_language() {
        for tongue in Tongue::ALL {
            assert_eq!(Tongue::of(Some(tongue.code())), tongue);
            assert_eq!(Tongue::ALL[tongue as usize], tongue);
        }
        assert_eq!([None, Some("zh"), Some("xx")].map(Tongue::of), [Tongue::English; 3]);
    }
}
