//! A *JSON record* is the article that an object holds, its fields found through the mapping.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::article::{Layout, NewsDate, Record};
use crate::parse::json::{Mapping, kind, of_newsroom};
use crate::parse::{Found, dates, fields, markup};

/// Facets whose tags may stand in one string with commas between; names of people and firms hold commas.
const COMMA_LISTS: &[&str] = &["topic", "country"];

/// Where ninjs keeps the code of a subject.
const CODE_KEYS: &[&str] = &["code", "qcode", "literal", "uri"];

/// What a tag's own object calls its kind, and our facet for it.
const TAG_KINDS: &[(&str, &str)] = &[
    ("subject", "topic"),
    ("persons", "person"),
    ("glocations", "country"),
    ("organizations", "organization"),
];

/// The article of a value, or why it is none.
pub(in crate::parse) fn found(value: &Value, mapping: &Mapping) -> Found {
    let value = value.get("_source").filter(|source| source.is_object()).unwrap_or(value);
    let Some(object) = value.as_object() else {
        return Found::NotAnArticle {
            reason: format!("expected an object with an article, found {}", kind(value)),
        };
    };
    if let Some(found) = of_newsroom(object) {
        return found;
    }
    let record = record_of(object, mapping);
    if record.headline.is_some() || !record.body.trim().is_empty() {
        return Found::Article(record);
    }
    let names = mapping.names("body");
    let shown = names.iter().take(4).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if names.len() > 4 { ", ..." } else { "" };
    Found::NotAnArticle {
        reason: format!("no text under {shown}{more} (map your field names in schema.toml under [json])"),
    }
}

/// The record of an object; empty where it holds nothing of an article.
pub(in crate::parse) fn record_of(object: &Map<String, Value>, mapping: &Mapping) -> Record {
    let first = |field: &str| mapping.values(object, field).find_map(fields::text);
    let line = |field: &str| first(field).and_then(|text| fields::line(&markup::line(&text)));
    let body = mapping.values(object, "body").filter_map(body).find(|(text, _)| !text.trim().is_empty());
    let (body, layout) = body.unwrap_or_default();
    let (published, published_time) = mapping.values(object, "published").find_map(moment).unzip();
    Record {
        dated: Vec::new(),
        headline: line("headline"),
        byline: mapping.values(object, "byline").find_map(byline),
        dateline: line("dateline"),
        source: line("source"),
        section: line("section"),
        url: url(object, mapping),
        published,
        published_time: published_time.flatten(),
        updated: mapping.values(object, "updated").find_map(date),
        language: mapping
            .values(object, "language")
            .filter_map(fields::text)
            .find_map(|text| fields::language(&text)),
        body,
        given: given(object, mapping),
        layout,
        inside: None,
    }
}

/// The best web address of an object, else another permanent name.
fn url(object: &Map<String, Value>, mapping: &Mapping) -> Option<String> {
    let texts = || mapping.values(object, "url").filter_map(fields::text);
    let address = texts().find_map(|text| fields::address(&text));
    address.or_else(|| texts().find_map(|text| fields::permanent_name(&text)))
}

fn byline(value: &Value) -> Option<String> {
    let names: Vec<String> = fields::names(value).iter().map(|name| markup::line(name)).collect();
    fields::byline(names.iter().map(String::as_str))
}

/// A date, and the moment where the value states one.
fn moment(value: &Value) -> Option<(NewsDate, Option<String>)> {
    Some((date(value)?, fields::text(value).and_then(|text| dates::time(&text))))
}

fn date(value: &Value) -> Option<NewsDate> {
    match value {
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().map(|float| float as i64)).and_then(dates::from_number)
        }
        // As databases export them: `{"$date": …}`, `{"$date": {"$numberLong": "…"}}`.
        Value::Object(object) if object.contains_key("$date") => {
            let inner = object.get("$date")?;
            date(inner.get("$numberLong").unwrap_or(inner))
        }
        other => fields::text(other).and_then(|text| dates::parse(&text)),
    }
}

/// Text as it stands, HTML as paragraphs, a list as a paragraph an element.
pub(super) fn body(value: &Value) -> Option<(String, Layout)> {
    if let Value::Array(parts) = value {
        let parts = parts.iter().filter_map(body_text).map(markup::line);
        return Some((parts.collect::<Vec<_>>().join("\n"), Layout::Paragraphs));
    }
    let text = body_text(value)?;
    if markup::is_html(text) {
        return Some((markup::paragraphs(text), Layout::Paragraphs));
    }
    Some((markup::decode(text).into_owned(), Layout::Plain))
}

/// Text itself, or what an object keeps its text under; its name or title is no text.
fn body_text(value: &Value) -> Option<&str> {
    let keys = ["rendered", "text", "value", "@value", "html", "body", "content"];
    value.as_str().or_else(|| keys.iter().find_map(|key| value.get(*key)?.as_str()))
}

fn given(object: &Map<String, Value>, mapping: &Mapping) -> BTreeMap<String, Vec<String>> {
    let mut given = BTreeMap::new();
    for facet in ["topic", "country", "person", "organization"] {
        for value in mapping.values(object, facet) {
            match value {
                Value::String(text) => fields::give(&mut given, facet, split(text, facet)),
                Value::Array(tags) => give_tags(&mut given, facet, tags),
                other => give_tags(&mut given, facet, std::slice::from_ref(other)),
            }
        }
    }
    given
}

fn split(text: &str, facet: &str) -> Vec<String> {
    let commas = COMMA_LISTS.contains(&facet);
    text.split(|c| c == ';' || (commas && c == ',')).map(str::to_owned).collect()
}

/// The IPTC's code of a subject, which means the same in every language its name may be in: `{"literal": "16000000"}`.
fn news_code(tag: &Value) -> Option<String> {
    let codes = CODE_KEYS.iter().filter_map(|key| tag.get(*key)?.as_str());
    let is_code = |code: &str| code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit());
    codes.filter(|code| is_code(code.rsplit([':', '/']).next().unwrap_or_default())).map(str::to_owned).next()
}

/// A tag may say itself what it is: `{"name": "persons", "value": "Ruiz, Ana"}`.
fn give_tags(given: &mut BTreeMap<String, Vec<String>>, facet: &'static str, tags: &[Value]) {
    let mut told: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for tag in tags {
        let named = tag.get("name").and_then(Value::as_str).zip(tag.get("value").and_then(Value::as_str));
        let typed = named.and_then(|(name, value)| {
            TAG_KINDS.iter().find(|(kind, _)| *kind == name).map(|(_, facet)| (*facet, value.to_owned()))
        });
        if let Some((facet, value)) = typed.or_else(|| Some((facet, fields::text(tag)?))) {
            told.entry(facet).or_default().push(value);
        }
        if facet == "topic" {
            told.entry(facet).or_default().extend(news_code(tag));
        }
    }
    told.into_iter().for_each(|(facet, values)| fields::give(given, facet, values));
}
