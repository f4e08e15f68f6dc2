//! The *Washington Post collection* of TREC, versions 2 to 4: a story a line, its parts in one list of `contents`.
//!
//! Parts are the kicker, which is the section, title, byline, date and the paragraphs as `sanitized_html`. Pictures with
//! their captions, embedded posts and what is said of the author are left out.

use serde_json::{Map, Value};

use crate::article::{Layout, Record};
use crate::parse::{Found, dates, fields, markup};

/// Parts that are text of the story.
const TEXTS: &[&str] = &["sanitized_html", "correction"];

/// Whether an object is a story of the collection.
pub(super) fn is(object: &Map<String, Value>) -> bool {
    let parts = object.get("contents").and_then(Value::as_array).into_iter().flatten();
    let typed = |part: &Value| {
        part.get("type").is_some() && (part.get("mime").is_some() || part.get("content").is_some())
    };
    parts.filter(|part| !part.is_null()).take(3).any(typed)
}

/// The article of a story.
pub(super) fn found(object: &Map<String, Value>) -> Found {
    let record = record(object);
    match record.headline.is_none() && record.body.is_empty() {
        true => Found::NotAnArticle { reason: "a story with neither title nor text".to_owned() },
        false => Found::Article(record),
    }
}

fn record(object: &Map<String, Value>) -> Record {
    let parts = || object.get("contents").and_then(Value::as_array).into_iter().flatten();
    let of_type = |kind: &'static str| {
        let typed = move |part: &&Value| part.get("type").and_then(Value::as_str) == Some(kind);
        parts().filter(typed).filter_map(|part| part.get("content"))
    };
    let text = |name: &str| object.get(name).and_then(fields::text);
    let part = |kind| of_type(kind).find_map(fields::text);
    let line = |text: Option<String>| text.and_then(|text| fields::line(&markup::line(&text)));
    let mut body = String::new();
    for part in parts()
        .filter(|part| part.get("type").and_then(Value::as_str).is_some_and(|kind| TEXTS.contains(&kind)))
    {
        body.push_str(&markup::paragraphs(part.get("content").and_then(Value::as_str).unwrap_or_default()));
    }
    let byline = line(part("byline").or_else(|| text("author")));
    let section = line(part("kicker"));
    let mut record = Record {
        headline: line(text("title").or_else(|| part("title"))),
        byline: byline.and_then(|names| fields::byline([names.as_str()])),
        source: line(text("source")),
        url: text("article_url").as_deref().and_then(fields::address),
        body,
        layout: Layout::Paragraphs,
        ..Record::default()
    };
    fields::give(&mut record.given, "topic", section.clone());
    record.section = section;
    for date in object.get("published_date").into_iter().chain(of_type("date")) {
        match date.as_i64() {
            Some(number) if record.published.is_none() => {
                record.published = dates::from_number(number);
                record.published_time = dates::time_of_number(number);
            }
            _ => fields::publish(&mut record, &fields::text(date).unwrap_or_default()),
        }
    }
    record
}
