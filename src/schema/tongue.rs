//! A *tongue* is a language whose words have stems: which words an article in it counts as forms of one.
//!
//! Stems are those of Snowball, <https://snowballstem.org/algorithms/>, of words already folded. The index holds the words
//! themselves; a word asked for stands for those with its stem in the tongue of the article that holds them.

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
    /// Every other: its words are their own stems.
    Other,
}

impl Tongue {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 17] = [
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
        Self::Other,
    ];

    /// The tongue of an article by the ISO 639-1 code of its language; English where that is not known.
    pub(crate) fn of(language: Option<&str>) -> Self {
        match language {
            None | Some("en") => Self::English,
            Some("ca") => Self::Catalan,
            Some("da") => Self::Danish,
            Some("de") => Self::German,
            Some("es") => Self::Spanish,
            Some("fi") => Self::Finnish,
            Some("fr") => Self::French,
            Some("hu") => Self::Hungarian,
            Some("it") => Self::Italian,
            Some("nl") => Self::Dutch,
            Some("no" | "nb" | "nn") => Self::Norwegian,
            Some("pt") => Self::Portuguese,
            Some("ro") => Self::Romanian,
            Some("ru") => Self::Russian,
            Some("sv") => Self::Swedish,
            Some("tr") => Self::Turkish,
            Some(_) => Self::Other,
        }
    }

    /// Its bit in a mask of tongues.
    pub(crate) fn bit(self) -> u32 {
        1 << self as u32
    }

    fn algorithm(self) -> Option<Algorithm> {
        Some(match self {
            Self::Catalan => Algorithm::Catalan,
            Self::Danish => Algorithm::Danish,
            // The newer one takes off beginnings too, so that no range of words holds all of a stem.
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
            Self::Other => return None,
        })
    }

    /// Whether a folded word may have a stem other than itself.
    pub(crate) fn inflects(self, folded: &str) -> bool {
        match self {
            Self::Other => false,
            Self::English => folded.len() > 2 && folded.bytes().all(|b| b.is_ascii_lowercase()),
            Self::Turkish => folded.len() > 4 && !folded.bytes().any(|b| b.is_ascii_digit()),
            _ => folded.len() > 3 && !folded.bytes().any(|b| b.is_ascii_digit()),
        }
    }

    /// The stem of a folded word.
    pub(crate) fn stem(self, folded: &str) -> String {
        match self.algorithm() {
            Some(algorithm) if self.inflects(folded) => Stemmer::new(algorithm).stem(folded).into_owned(),
            _ => folded.to_owned(),
        }
    }

    /// Beginnings of words, one of which every word of this tongue with this stem has; words that begin so may still have
    /// another stem.
    pub(crate) fn ranges(self, stem: &str) -> Vec<String> {
        match self {
            Self::Other => vec![stem.to_owned()],
            Self::English => english_ranges(stem),
            // Endings are taken off, and of what is left the last letters may change.
            Self::Finnish => vec![start_of(stem, 4, 2)],
            Self::Turkish => vec![start_of(stem, 2, 1)],
            Self::German => with_umlauts(&start_of(stem, 2, 2)),
            _ => vec![start_of(stem, 2, 2)],
        }
    }
}

/// A stem without its last letters, but not shorter than `least` letters.
fn start_of(stem: &str, without: usize, least: usize) -> String {
    let letters = stem.chars().count();
    stem.chars().take(letters.saturating_sub(without).max(least)).collect()
}

/// A beginning with every `a`, `o` and `u`, of its first three, as it may also be spelt: `ae`, `oe`, `ue`.
fn with_umlauts(beginning: &str) -> Vec<String> {
    let mut spelt = vec![String::new()];
    let mut vowels = 0;
    for c in beginning.chars() {
        spelt.iter_mut().for_each(|spelt| spelt.push(c));
        if matches!(c, 'a' | 'o' | 'u') && vowels < 3 {
            vowels += 1;
            let umlauts: Vec<String> = spelt.iter().map(|spelt| format!("{spelt}e")).collect();
            spelt.extend(umlauts);
        }
    }
    spelt
}

/// Snowball English takes endings off, so that a word begins with its stem but for its last letter, which it may have
/// changed: a `y` to `i` (`economi`), `-bility` to `-bl` (`possibl`), an `e` set where it was not (`hope` of `hoping`,
/// `relate` of `relation`), `skies` to `sky`, `dying` to `die`.
/// See <https://snowballstem.org/algorithms/english/stemmer.html>.
fn english_ranges(stem: &str) -> Vec<String> {
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

    use super::Tongue;
    use crate::schema::analyzer::Analyzer;

    /// Endings that stemmers take off or change, beside those that stand in the words themselves.
    fn endings(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::English => {
                "s ed ing ingly edly ies ied y ility bility ation ational ator ization izer ency ancy ously \
                 iveness fulness ness ful li ly logy logist ical iciti icate alize able ably ible ibly ment \
                 ments es er ers est e a al ism ist ity ive ous"
            }
            Tongue::French => {
                "s e es er ee ees ement ements euse euses eux if ive ives ifs ation ations iqu ique iques logie logies \
                 ance ances ence ences ite ites aux al ales ant ants ons ez aient issait iront able ables isme iste \
                 ateur atrice atrices usion ution utions amment emment"
            }
            Tongue::Spanish | Tongue::Portuguese | Tongue::Italian | Tongue::Catalan | Tongue::Romanian => {
                "s es a o as os ar er ir ando iendo endo acion aciones icion cion ciones mente amente idad idades \
                 ivo iva ivos ivas logia logias encia encias anza anzas ismo ista istas able ables ible adora adoras \
                 zione zioni mento menti ita osa oso abili logie cao coes ncia ncias eza ezas ente enti are ere ire \
                 ava avano ului ilor elor iune iunii ator atori itate itati icas isme estat"
            }
            Tongue::Russian => {
                "а я о е ы и ый ий ой ая яя ое ее ого его ому ему ым им ом ем ых их ами ями ах ях ость ости остью ейше \
                 ейший вший вшись ать ять ить еть ала ило ывать нный нная ться тся ишь ут ют ят"
            }
            _ => {
                "s e en er es em est ere erne ene et a ar or ade ande ning ningen heit keit lich isch ung ungen ig ing \
                 te ten ter heden heid ssa lla lle sta ista ksi ja ien ista n ban ben nak nek val vel ok ek ak tol tol \
                 lar ler lari leri nin den dan lik luk ci cu"
            }
        }
    }

    #[test]
    fn every_word_lies_in_the_ranges_of_its_stem() {
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/index-schema")).unwrap();
        let texts = files.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
        let mut roots = BTreeSet::new();
        let mut analyzer = Analyzer::default();
        texts.for_each(|text| roots.extend(analyzer.folded(&text)));
        assert!(roots.len() > 10_000, "{}", roots.len());
        let irregular =
            ["dying", "lying", "tying", "skies", "skis", "idly", "early", "only"].map(str::to_owned);
        let mut astray = Vec::new();
        for tongue in Tongue::ALL {
            let short = roots.iter().filter(|word| word.chars().count() < 9).step_by(37);
            let inflected = short.flat_map(|root| {
                endings(tongue).split_whitespace().map(move |ending| format!("{root}{ending}"))
            });
            let words = roots.iter().step_by(5).cloned().chain(inflected).chain(irregular.clone());
            for word in words {
                let stem = tongue.stem(&word);
                let ranges = tongue.ranges(&stem);
                if !ranges.iter().any(|range| word.starts_with(range)) {
                    astray.push(format!("{tongue:?}: {word}, stem {stem}, lies in none of {ranges:?}"));
                }
            }
        }
        assert!(astray.is_empty(), "{} words:\n{}", astray.len(), astray.join("\n"));
    }
}
