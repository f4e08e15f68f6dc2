//! A *given* tag is one the source itself carries; here it gets the canonical value the taggers use.

use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::article::Kind;
use crate::article::Place;
use crate::article::Provenance;
use crate::tag::Tagger;
use crate::tag::finding::Finding;
use crate::tag::names::Meaning;
use crate::tag::tokens::Tokens;

/// The countries a source gives, as places in the dictionary.
pub(crate) fn countries(tagger: &Tagger, article: &Article, year: Option<i16>) -> Vec<u16> {
    let given = values(article, Kind::Country).chain(places(article));
    given.filter_map(|value| country(tagger, value, year)).collect()
}

/// The places a source gives without saying whether they are countries: those that are count, a town is none.
fn places(article: &Article) -> impl Iterator<Item = &str> {
    trimmed(article.given.get("place"))
}

/// Joins the tags a source gives with those found: a tag that is both keeps its mentions and counts as given.
pub(crate) fn join(tagger: &Tagger, article: &Article, year: Option<i16>, found: &mut Vec<Finding>) {
    if article.given.is_empty() {
        return;
    }
    let families = families(found);
    let mut numbers: FxHashMap<(Kind, String), usize> =
        found.iter().map(|finding| (finding.field, finding.value.clone())).zip(0..).collect();
    for field in [Kind::Country, Kind::Person, Kind::Organization] {
        let places = places(article).filter(|_| field == Kind::Country);
        let given =
            values(article, field).map(|value| (value, true)).chain(places.map(|place| (place, false)));
        for (value, is_of_field) in given {
            let known = || known(tagger, field, value, year);
            let meant = known().or_else(|| only_one(field, value, &families));
            let Some((value, code)) = meant.or_else(|| is_of_field.then(|| named(field, value))) else {
                continue;
            };
            let number = *numbers.entry((field, value.clone())).or_insert(found.len());
            match found.get_mut(number) {
                Some(finding) => finding.provenance = Provenance::Given,
                None => found.push(Finding { code, ..Finding::new(field, value, Provenance::Given) }),
            }
        }
    }
}

/// A facet value and its code.
type Value = (String, Option<String>);

/// The persons found, by the last word of their names, which comes with the first.
type Families = FxHashMap<String, Vec<(String, Value)>>;

fn families(found: &[Finding]) -> Families {
    let mut families = Families::default();
    for finding in found.iter().filter(|finding| finding.field == Kind::Person) {
        let words = folded_words(&finding.value);
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            let value = (finding.value.clone(), finding.code.clone());
            families.entry(last.clone()).or_default().push((first.clone(), value));
        }
    }
    families
}

/// The only person found who has the given family name, and the given first name if there is one.
fn only_one(field: Kind, value: &str, families: &Families) -> Option<Value> {
    let words = folded_words(&turned(value));
    let bearers = families.get(words.last().filter(|_| field == Kind::Person)?)?;
    let mut same = bearers.iter().filter(|(first, _)| words.len() == 1 || words.first() == Some(first));
    same.next().filter(|_| same.next().is_none()).map(|(_, value)| value.clone())
}

fn named(field: Kind, value: &str) -> Value {
    match field {
        Kind::Country | Kind::Person => (as_name(&turned(value)), None),
        Kind::Topic | Kind::Organization | Kind::Keyphrase => (value.to_owned(), None),
    }
}

/// `Reagan, Ronald` the other way round.
fn turned(value: &str) -> String {
    value.split_once(", ").map_or_else(|| value.to_owned(), |(family, given)| format!("{given} {family}"))
}

/// What the dictionaries say of a given value.
fn known(tagger: &Tagger, field: Kind, value: &str, year: Option<i16>) -> Option<Value> {
    match field {
        Kind::Country => {
            let number = country(tagger, value, year).or_else(|| country(tagger, &turned(value), year))?;
            let country = &tagger.countries[usize::from(number)];
            Some((country.name.clone(), Some(country.code.clone())))
        }
        Kind::Person => {
            let person = &tagger.persons[known_person(tagger, &turned(value), year)? as usize];
            Some((person.name.clone(), person.wikidata.clone()))
        }
        Kind::Topic | Kind::Organization | Kind::Keyphrase => None,
    }
}

fn values(article: &Article, field: Kind) -> impl Iterator<Item = &str> {
    trimmed(article.given.get(field.name()))
}

fn trimmed(values: Option<&Vec<String>>) -> impl Iterator<Item = &str> {
    values.into_iter().flatten().map(|value| value.trim()).filter(|value| !value.is_empty())
}

fn country(tagger: &Tagger, value: &str, year: Option<i16>) -> Option<u16> {
    let code = tagger.places.countries.get(&value.to_lowercase()).map_or(value, String::as_str);
    if let Some(country) = tagger.by_code.get(code) {
        return Some(*country);
    }
    let options = meanings(tagger, value).filter(|meaning| tagger.admits(meaning, year, None));
    let country = |meaning| match meaning {
        Meaning::Country { country, ambiguous, .. } => Some((ambiguous, country)),
        _ => None,
    };
    options.filter_map(country).min().map(|(_, country)| country)
}

fn meanings(tagger: &Tagger, value: &str) -> impl Iterator<Item = Meaning> {
    let words: Vec<u32> = folded_words(value).iter().map(|word| tagger.names.word(word)).collect();
    tagger.names.meanings(words)
}

/// Who of the dictionary a given name means: by a full form, else by a form that only one person of that year has.
fn known_person(tagger: &Tagger, value: &str, year: Option<i16>) -> Option<u32> {
    let rank = |meaning| match meaning {
        Meaning::Full(person) => Some((0, person)),
        Meaning::Bare(person) => Some((1, person)),
        Meaning::Family(person) => Some((2, person)),
        _ => None,
    };
    let fits = |(_, person): &(u8, u32)| tagger.persons[*person as usize].years.hold(year);
    let mut options: Vec<(u8, u32)> = meanings(tagger, value).filter_map(rank).filter(fits).collect();
    options.sort_unstable();
    options.dedup_by_key(|(_, person)| *person);
    let best = options.first()?.0;
    let mut best = options.into_iter().filter(|(rank, _)| *rank == best);
    best.next().filter(|_| best.next().is_none()).map(|(_, person)| person)
}

fn folded_words(text: &str) -> Vec<String> {
    let mut tokens = Tokens::default();
    tokens.push(text, Place::Headline);
    (0..tokens.list.len()).map(|at| tokens.folded(at).to_owned()).collect()
}

/// `james-miller` as a name; what has a capital is one already.
fn as_name(value: &str) -> String {
    if value.chars().any(char::is_uppercase) {
        return value.to_owned();
    }
    let words = value.split(['-', ' ', '_']).filter(|word| !word.is_empty());
    words.map(capitalised).collect::<Vec<_>>().join(" ")
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
