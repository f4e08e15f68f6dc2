//! *JSON-LD* is the record of an article that a page carries in a script, in the words of schema.org.

use dom_query::Document;
use serde_json::{Map, Value};

use crate::article::{Layout, Record};
use crate::parse::{dates, fields, markup};

/// The most objects of a page that are looked through.
const MAX_OBJECTS: usize = 10_000;

/// The article of the page's JSON-LD, with its text where that is given. Of several it is the one with the page's
/// address or title. The title settles whether `headline` or `name` is the headline.
pub(super) fn article(document: &Document, title: &str, url: Option<&str>) -> Option<Record> {
    let scripts = document.select(r#"script[type*="ld+json"]"#);
    let values: Vec<Value> = scripts.iter().filter_map(|script| value(&script.text())).collect();
    let objects = objects(&values);
    let articles: Vec<_> = objects.iter().filter(|object| fields::is_article(object)).collect();
    let here = |article: &&&&Map<String, Value>| {
        url.is_some_and(|url| addresses(article).any(|one| same(&one, url)))
    };
    let titled = |article: &&&&Map<String, Value>| is_titled(article, title);
    let article =
        articles.iter().find(here).or_else(|| articles.iter().find(titled)).or_else(|| articles.first())?;
    let mut record = record(article, &objects);
    record.headline = headline(article, title);
    Some(record)
}

/// Where the article says it stands.
fn addresses(article: &Map<String, Value>) -> impl Iterator<Item = String> {
    ["url", "mainEntityOfPage", "@id"].iter().filter_map(|name| address(article.get(*name)?))
}

/// The same page, whatever stands behind `?` or `#`.
fn same(one: &str, other: &str) -> bool {
    let bare = |url: &str| {
        let url = url.split(['?', '#']).next().unwrap_or_default();
        url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/').to_owned()
    };
    bare(one) == bare(other)
}

fn is_titled(article: &Map<String, Value>, title: &str) -> bool {
    let named = |name: &str| article.get(name).and_then(line).is_some_and(|text| title.contains(&text));
    named("headline") || named("name")
}

fn value(script: &str) -> Option<Value> {
    let json = script.trim().trim_start_matches("<!--").trim_start_matches("<![CDATA[");
    let json = json.trim_end_matches(';').trim_end_matches("-->").trim_end_matches("]]>").trim();
    // Line breaks inside strings are the commonest fault.
    serde_json::from_str(json).or_else(|_| serde_json::from_str(&json.replace(['\n', '\t'], " "))).ok()
}

/// All objects of the values in order of depth: lists, `@graph` and what a page says it is about.
fn objects(values: &[Value]) -> Vec<&Map<String, Value>> {
    let mut found = Vec::new();
    let mut queue: Vec<&Value> = values.iter().collect();
    let mut at = 0;
    while at < queue.len().min(MAX_OBJECTS) {
        match queue[at] {
            Value::Array(values) => queue.extend(values),
            Value::Object(object) => {
                found.push(object);
                queue.extend(
                    ["@graph", "mainEntity", "mainEntityOfPage"].iter().filter_map(|key| object.get(*key)),
                );
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Encyclopedias put a description under `headline` and the title under `name`.
fn headline(article: &Map<String, Value>, title: &str) -> Option<String> {
    let (headline, name) = (article.get("headline").and_then(line), article.get("name").and_then(line));
    let named = name.as_deref().is_some_and(|name| title.starts_with(name));
    let titled = headline.as_deref().is_some_and(|headline| title.contains(headline));
    if named && !titled { name } else { headline.or(name) }
}

fn line(value: &Value) -> Option<String> {
    fields::text(value).and_then(|text| fields::line(&markup::line(&text)))
}

fn record(article: &Map<String, Value>, objects: &[&Map<String, Value>]) -> Record {
    let get = |name: &str| article.get(name).filter(|value| !value.is_null());
    let authors = get("author")
        .or_else(|| get("creator"))
        .map(|value| resolved_names(value, objects))
        .unwrap_or_default();
    let mut record = Record {
        byline: fields::byline(authors.iter().map(String::as_str)),
        dateline: get("dateline").and_then(line),
        source: get("publisher").and_then(|value| resolved_names(value, objects).into_iter().next()),
        section: get("articleSection").and_then(line),
        url: addresses(article).next(),
        updated: get("dateModified").and_then(fields::text).and_then(|text| dates::parse(&text)),
        language: get("inLanguage").and_then(fields::text).and_then(|text| fields::language(&text)),
        body: get("articleBody").and_then(Value::as_str).map(body).unwrap_or_default(),
        layout: Layout::Paragraphs,
        ..Record::default()
    };
    if let Some(text) = get("datePublished").and_then(fields::text) {
        fields::publish(&mut record, &text);
    }
    let keywords = get("keywords").map(fields::names).unwrap_or_default();
    let keywords = match get("keywords") {
        Some(Value::String(list)) => list.split([',', ';']).map(str::to_owned).collect(),
        _ => keywords,
    };
    fields::give(
        &mut record.given,
        "topic",
        keywords.iter().map(|keyword| markup::decode(keyword).into_owned()),
    );
    record
}

fn body(text: &str) -> String {
    if markup::is_html(text) { markup::paragraphs(text) } else { markup::decode(text).into_owned() }
}

/// Names of people or firms, which may be given by reference to an object elsewhere on the page.
fn resolved_names(value: &Value, objects: &[&Map<String, Value>]) -> Vec<String> {
    let one = |value: &Value| -> Option<String> {
        let name = match value.get("name") {
            Some(name) => fields::names(name).join(", "),
            None => {
                let id = value.get("@id").and_then(Value::as_str);
                let other = id.and_then(|id| {
                    objects.iter().find(|object| {
                        object.get("name").is_some() && object.get("@id").and_then(Value::as_str) == Some(id)
                    })
                });
                other
                    .and_then(|object| fields::text(object.get("name")?))
                    .or_else(|| value.as_str().map(str::to_owned))?
            }
        };
        fields::line(&markup::line(&name))
    };
    match value {
        Value::Array(values) => values.iter().filter_map(one).collect(),
        other => one(other).into_iter().collect(),
    }
}

fn address(value: &Value) -> Option<String> {
    let text = value.as_str().or_else(|| value.get("@id").or_else(|| value.get("url"))?.as_str())?;
    fields::address(text)
}
