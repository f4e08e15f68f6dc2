//! A *given* tag is one the source itself carries; here it gets the canonical value the taggers use.

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
    values(article, Kind::Country).filter_map(|value| country(tagger, value, year)).collect()
}

/// Joins the tags a source gives with those found: a tag that is both keeps its mentions and counts as given.
pub(crate) fn join(tagger: &Tagger, article: &Article, year: Option<i16>, found: &mut Vec<Finding>) {
    for field in [Kind::Country, Kind::Person, Kind::Organization] {
        for value in values(article, field) {
            let (value, code) = canonical(tagger, (field, value), year, found);
            let same = found.iter_mut().find(|finding| finding.field == field && finding.value == value);
            match same {
                Some(finding) => finding.provenance = Provenance::Given,
                None => found.push(Finding { code, ..Finding::new(field, value, Provenance::Given) }),
            }
        }
    }
}

fn values(article: &Article, field: Kind) -> impl Iterator<Item = &str> {
    let values = article.given.get(field.name()).map(Vec::as_slice).unwrap_or_default();
    values.iter().map(|value| value.trim()).filter(|value| !value.is_empty())
}

fn canonical(
    tagger: &Tagger,
    (field, value): (Kind, &str),
    year: Option<i16>,
    found: &[Finding],
) -> (String, Option<String>) {
    match field {
        Kind::Country => {
            match country(tagger, value, year).map(|country| &tagger.countries[usize::from(country)]) {
                Some(country) => (country.name.clone(), Some(country.code.clone())),
                None => (as_name(value), None),
            }
        }
        Kind::Person => person(tagger, value, year, found),
        Kind::Topic | Kind::Organization => (value.to_owned(), None),
    }
}

fn country(tagger: &Tagger, value: &str, year: Option<i16>) -> Option<u16> {
    let code = tagger.places.countries.get(&value.to_lowercase()).map_or(value, String::as_str);
    if let Some(country) = tagger.by_code.get(code) {
        return Some(*country);
    }
    let options = meanings(tagger, value).filter(|meaning| tagger.admits(meaning, year));
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

fn person(tagger: &Tagger, value: &str, year: Option<i16>, found: &[Finding]) -> (String, Option<String>) {
    let turned = value.split_once(", ").map(|(family, given)| format!("{given} {family}"));
    let value = turned.as_deref().unwrap_or(value);
    if let Some(person) = known_person(tagger, value, year) {
        let person = &tagger.persons[person as usize];
        return (person.name.clone(), person.wikidata.clone());
    }
    let words = folded_words(value);
    let mut same =
        found.iter().filter(|finding| finding.field == Kind::Person && is_same(&words, &finding.value));
    match (same.next(), same.next()) {
        (Some(finding), None) => (finding.value.clone(), finding.code.clone()),
        _ => (as_name(value), None),
    }
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

fn is_same(given: &[String], found: &str) -> bool {
    let found = folded_words(found);
    let (Some(last), Some(found_last)) = (given.last(), found.last()) else { return false };
    last == found_last && (given.len() == 1 || given.first() == found.first())
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
