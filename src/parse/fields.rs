//! A *field* is one piece of an article's metadata as a source writes it; this brings each to the form of a record.

use std::collections::BTreeMap;

use crate::article::Record;
use crate::parse::dates;
use serde_json::{Map, Value};

/// The longest byline that is believed, in characters: beyond it stands a biography.
const MAX_BYLINE: usize = 160;

/// The most tags of a facet that a source may give.
const MAX_GIVEN: usize = 1_000;

/// Keys under which an object says its own name, best first.
const NAME_KEYS: &[&str] =
    &["main", "name", "title", "headline", "label", "value", "@value", "rendered", "text", "domain"];

/// Languages as sources write them besides ISO 639-1: ISO 639-3 and English names.
const LANGUAGES: &[(&str, &str)] = &[
    ("en", "eng english"),
    ("de", "deu ger german"),
    ("fr", "fra fre french"),
    ("es", "spa spanish"),
    ("pt", "por portuguese"),
    ("it", "ita italian"),
    ("nl", "nld dut dutch"),
    ("ru", "rus russian"),
    ("uk", "ukr ukrainian"),
    ("pl", "pol polish"),
    ("tr", "tur turkish"),
    ("ar", "ara arabic"),
    ("fa", "fas per persian"),
    ("zh", "zho chi chinese"),
    ("ja", "jpn japanese"),
    ("ko", "kor korean"),
    ("hi", "hin hindi"),
    ("sv", "swe swedish"),
    ("da", "dan danish"),
    ("fi", "fin finnish"),
    ("no", "nor nob norwegian"),
    ("cs", "ces cze czech"),
    ("hu", "hun hungarian"),
];

/// One line of text, white space collapsed; `None` where nothing is left.
pub(super) fn line(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A byline of these names: without "By", addresses and repetitions.
pub(super) fn byline<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut kept: Vec<String> = Vec::new();
    let mut length = 0;
    for name in names {
        let Some(name) = line(without_by(name.trim())) else { continue };
        let address =
            name.contains("://") || name.starts_with("www.") || name.contains('@') && !name.contains(' ');
        if address || !name.chars().any(char::is_alphabetic) {
            continue;
        }
        for name in coauthors(&name) {
            if !kept.iter().any(|one| one == name) {
                length += name.chars().count();
                kept.push(name.to_owned());
            }
        }
        if length > MAX_BYLINE {
            return None;
        }
    }
    let byline = kept.join(", ");
    (!byline.is_empty() && byline.chars().count() <= MAX_BYLINE).then_some(byline)
}

/// The names of "Jane Doe and John Roe", where all of them are names of persons: no firm is cut in two.
fn coauthors(name: &str) -> Vec<&str> {
    let parts: Vec<&str> = name.split(" and ").map(|part| part.trim_matches([' ', ','])).collect();
    if parts.iter().flat_map(|part| part.split(", ")).all(is_person) { parts } else { vec![name] }
}

/// Two to four words in capitals, with particles between.
fn is_person(name: &str) -> bool {
    const PARTICLES: &[&str] =
        &["van", "von", "de", "da", "di", "del", "der", "den", "dos", "du", "la", "le", "bin", "al", "el"];
    let words: Vec<&str> = name.split(' ').filter(|word| !PARTICLES.contains(word)).collect();
    let is_capital = |word: &str| word.starts_with(char::is_uppercase);
    let elided = |word: &str| word.split_once(['\'', '’']).is_some_and(|(_, rest)| is_capital(rest));
    (2..=4).contains(&words.len()) && words.iter().all(|word| is_capital(word) || elided(word))
}

fn without_by(name: &str) -> &str {
    match name.get(..3) {
        Some(start) if start.eq_ignore_ascii_case("by ") || start.eq_ignore_ascii_case("by:") => {
            name[3..].trim_start()
        }
        _ if name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("by"))
            && name[2..].starts_with(char::is_whitespace) =>
        {
            name[2..].trim_start()
        }
        _ => name,
    }
}

/// An ISO 639-1 code for a language tag (`en-GB`), an ISO 639-3 code or an English name.
pub(super) fn language(text: &str) -> Option<String> {
    let tag = text.trim().to_ascii_lowercase();
    let first = tag.split(['-', '_', ',', ' ']).next().unwrap_or_default();
    if first.len() == 2 && first.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Some(first.to_owned());
    }
    let known = LANGUAGES.iter().find(|(_, names)| names.split(' ').any(|name| name == first));
    known.map(|(code, _)| (*code).to_owned())
}

/// An absolute web address.
pub(super) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let http = text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://"));
    let https = text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    ((http || https) && !text.contains(char::is_whitespace)).then(|| text.to_owned())
}

/// Another permanent name: a scheme and what it names, as `tag:example.org,2023:story-7`.
pub(super) fn permanent_name(text: &str) -> Option<String> {
    let text = text.trim();
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
    (is_scheme && !rest.is_empty() && !text.contains(char::is_whitespace)).then(|| text.to_owned())
}

/// The IPTC's code of a subject, a Media Topic or a Subject Code, with or without what names its scheme:
/// `medtop:20000344`, `http://cv.iptc.org/newscodes/mediatopic/20000344`.
pub(super) fn news_code(text: &str) -> Option<&str> {
    let code = text.trim().rsplit([':', '/']).next()?;
    (code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

/// Whether a status of the IPTC's, `usable` or `stat:canceled`, takes an item back.
pub(super) fn is_withdrawn(status: &str) -> bool {
    let status = status.rsplit([':', '/']).next().unwrap_or_default().to_ascii_lowercase();
    matches!(status.as_str(), "canceled" | "cancelled" | "withheld" | "withdrawn" | "killed")
}

/// Notes when an article was published, where this says so and nothing before did.
pub(super) fn publish(record: &mut Record, text: &str) {
    if record.published.is_none() {
        record.published = dates::parse(text);
        record.published_time = record.published.and_then(|_| dates::time(text));
    }
}

/// Adds tags the source carries, each once.
pub(super) fn give(
    given: &mut BTreeMap<String, Vec<String>>,
    facet: &str,
    values: impl IntoIterator<Item = String>,
) {
    let mut kept = given.remove(facet).unwrap_or_default();
    for value in values.into_iter().filter_map(|value| line(&value)) {
        if kept.len() == MAX_GIVEN {
            break;
        }
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    if !kept.is_empty() {
        given.insert(facet.to_owned(), kept);
    }
}

/// Fills what the better record lacks from the other; text and layout stay the better's.
pub(super) fn or(better: Record, other: Record) -> Record {
    let mut given = other.given;
    given.extend(better.given);
    Record {
        headline: better.headline.or(other.headline),
        byline: better.byline.or(other.byline),
        dateline: better.dateline.or(other.dateline),
        source: better.source.or(other.source),
        section: better.section.or(other.section),
        url: better.url.or(other.url),
        published_time: if better.published.is_some() { better.published_time } else { other.published_time },
        published: better.published.or(other.published),
        updated: better.updated.or(other.updated),
        inside: better.inside.or(other.inside),
        language: better.language.or(other.language),
        given,
        ..better
    }
}

/// Whether an object of linked data calls itself an article.
pub(super) fn is_article(object: &Map<String, Value>) -> bool {
    let is = |kind: &str| kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report";
    match object.get("@type") {
        Some(Value::String(kind)) => is(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(is),
        _ => false,
    }
}

/// Whether an object of linked data calls itself something else.
pub(super) fn is_other_thing(object: &Map<String, Value>) -> bool {
    object.contains_key("@type") && !is_article(object)
}

/// The text a JSON value stands for: itself, or what an object calls itself, or the first of a list.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => {
            let named = NAME_KEYS.iter().find_map(|key| object.get(*key)?.as_str().map(str::to_owned));
            named.or_else(|| full_name(object)).filter(|text| !text.trim().is_empty())
        }
        Value::Array(values) => values.iter().filter(|value| !value.is_array()).find_map(text),
        Value::Null | Value::Bool(_) => None,
    }
}

/// All names of a list, or the one name of a single value.
pub(super) fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter(|value| !value.is_array()).filter_map(text).collect(),
        other => text(other).into_iter().collect(),
    }
}

fn full_name(object: &Map<String, Value>) -> Option<String> {
    let part = |keys: [&str; 3]| keys.iter().find_map(|key| object.get(*key)?.as_str());
    let given = part(["firstname", "givenName", "first_name"]);
    let family = part(["lastname", "familyName", "last_name"]);
    line(&[given.unwrap_or_default(), family.unwrap_or_default()].join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bylines() {
        let check =
            |names: &[&str], want: &str| assert_eq!(byline(names.iter().copied()).unwrap_or_default(), want);
        check(&["By Ana Ruiz"], "Ana Ruiz");
        check(&["BY\u{a0}ANA RUIZ", "Jo Li"], "ANA RUIZ, Jo Li");
        check(&["Byron Hart", "Byron Hart", ""], "Byron Hart");
        check(&["https://www.facebook.com/ana", "ana@example.org", "123"], "");
        check(&[&"Ana ".repeat(90)], "");
        check(&["Jane Doe and John Roe"], "Jane Doe, John Roe");
        check(&["Jane Doe and John d'Ormesson"], "Jane Doe, John d'Ormesson");
        check(&["Ana Ruiz, Jo Li, and John van Roe"], "Ana Ruiz, Jo Li, John van Roe");
        check(&["Standard and Poor's"], "Standard and Poor's");
        check(&["Department of Health and Human Services"], "Department of Health and Human Services");
    }

    #[test]
    fn given_tags_are_few_and_each_once() {
        let mut given = BTreeMap::new();
        give(&mut given, "topic", (0..50_000).map(|n| (n % 25_000).to_string()));
        give(&mut given, "topic", ["7".to_owned(), "new".to_owned()]);
        assert_eq!(given["topic"].len(), MAX_GIVEN);
        assert_eq!(given["topic"].last().map(String::as_str), Some("999"));
    }

    #[test]
    fn languages() {
        for (text, want) in
            [("en-GB", "en"), ("EN", "en"), ("eng", "en"), ("German", "de"), ("pt_BR", "pt"), ("x", "")]
        {
            assert_eq!(language(text).unwrap_or_default(), want, "{text}");
        }
    }

    #[test]
    fn json_names() {
        let check = |value: Value, want: &[&str]| assert_eq!(names(&value), want, "{value}");
        check(json!("a"), &["a"]);
        check(json!(["a", {"name": "b"}, null, {"firstname": "C", "lastname": "D"}]), &["a", "b", "C D"]);
        check(json!({"id": null, "name": "n"}), &["n"]);
        check(json!({"main": "m", "name": "n"}), &["m"]);
        check(json!({"x": 1}), &[]);
    }
}
