//! *ANS*: the Arc Native Specification, 0.5 to 0.10, in which Arc XP keeps the stories of the Washington Post and many
//! other papers.
//!
//! A story's text is a list of elements: paragraphs, headings, lists, quotes, tables, HTML. What shows something else,
//! links to other stories and pull quotes, which repeat the text, are left out.

use serde_json::{Map, Value};

use crate::article::{Layout, Record};
use crate::parse::{Found, dates, fields, markup};

/// Types that hold stories, and are read as lists of them.
const LISTS: &[&str] = &["collection", "results", "story-feed"];

/// Where the publication date stands, best first: that shown to readers outlives a move from another system.
const DATES: &[&str] = &["display_date", "first_publish_date", "publish_date", "created_date"];

/// Facets by the type of a named entity.
const ENTITIES: &[(&str, &str)] = &[
    ("person", "person"),
    ("organization", "organization"),
    ("company", "organization"),
    ("location", "place"),
];

/// Whether an object is a document of Arc XP that is no list of others.
pub(super) fn is(object: &Map<String, Value>) -> bool {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let versioned = text("version").is_some_and(|version| version.starts_with("0."));
    let headed = object.get("headlines").is_some_and(Value::is_object);
    let told = object.get("content_elements").is_some_and(Value::is_array);
    let list = text("type").is_some_and(|kind| LISTS.contains(&kind));
    !list && (told && (headed || versioned) || headed && versioned)
}

/// What a document is.
pub(super) fn found(object: &Map<String, Value>) -> Found {
    let none = |reason: String| Found::NotAnArticle { reason };
    match object.get("type").and_then(Value::as_str) {
        Some("story") | None => {}
        Some(kind) => return none(format!("a document of the type '{kind}', not a story")),
    }
    let record = record(object);
    match record.headline.is_none() && record.body.is_empty() {
        true => none("a story with neither headline nor text".to_owned()),
        false => Found::Article(record),
    }
}

fn record(object: &Map<String, Value>) -> Record {
    let at = |path: &str| {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let first = object.get(first)?;
        rest.split('.').filter(|key| !key.is_empty()).try_fold(first, |value, key| value.get(key))
    };
    let line =
        |path: &str| at(path).and_then(fields::text).and_then(|text| fields::line(&markup::line(&text)));
    let first = |paths: &[&str]| paths.iter().find_map(|path| line(path));
    let names = at("credits.by").map(fields::names).unwrap_or_default();
    let mut body = String::new();
    write_elements(at("content_elements"), &mut body);
    if body.is_empty() {
        body = line("description.basic").unwrap_or_default();
    }
    let mut record = Record {
        headline: first(&["headlines.basic", "headlines.web", "headlines.print", "headlines.mobile"]),
        byline: fields::byline(names.iter().map(String::as_str)),
        source: first(&["distributor.name", "source.name", "canonical_website"]),
        section: first(&["taxonomy.primary_section.name", "taxonomy.sections", "taxonomy.primary_site.name"]),
        url: first(&["canonical_url", "website_url"]).as_deref().and_then(fields::address),
        updated: line("last_updated_date").as_deref().and_then(dates::parse),
        language: line("language").as_deref().and_then(fields::language),
        body,
        layout: Layout::Paragraphs,
        ..Record::default()
    };
    for date in DATES.iter().filter_map(|name| line(name)) {
        fields::publish(&mut record, &date);
    }
    record.updated = record.updated.filter(|date| Some(*date) != record.published);
    for list in ["taxonomy.tags", "taxonomy.keywords", "taxonomy.sections"] {
        let tags = at(list).and_then(Value::as_array).into_iter().flatten();
        fields::give(&mut record.given, "topic", tags.filter_map(tag));
    }
    for entity in at("taxonomy.named_entities").and_then(Value::as_array).into_iter().flatten() {
        let kind = entity.get("type").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
        if let Some((_, facet)) = ENTITIES.iter().find(|(name, _)| *name == kind) {
            fields::give(&mut record.given, facet, fields::text(entity));
        }
    }
    record
}

fn tag(tag: &Value) -> Option<String> {
    let named = ["text", "name", "keyword", "slug"].iter().find_map(|key| tag.get(*key)?.as_str());
    named.map(str::to_owned)
}

/// Writes the text of elements, a paragraph a line. The reader of JSON holds how deep lists stand in lists.
fn write_elements(elements: Option<&Value>, body: &mut String) {
    for element in elements.and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| element.get(key).and_then(Value::as_str);
        let subtype = text("subtype").unwrap_or_default();
        match text("type").unwrap_or_default() {
            "text" | "header" | "correction" | "endorsement" | "raw_html" => {
                for key in ["content", "text"] {
                    write(text(key).unwrap_or_default(), body);
                }
            }
            "list" => write_elements(element.get("items"), body),
            "quote" if subtype != "pullquote" => {
                write_elements(element.get("content_elements"), body);
                write(element.pointer("/citation/content").and_then(Value::as_str).unwrap_or_default(), body);
            }
            "table" => write_table(element, body),
            "element_group" => write_elements(element.get("content_elements"), body),
            _ => {}
        }
    }
}

fn write(html: &str, body: &mut String) {
    body.push_str(&markup::paragraphs(html));
}

/// A row of cells a line.
fn write_table(table: &Value, body: &mut String) {
    let rows = table.get("rows").and_then(Value::as_array).into_iter().flatten();
    for row in table.get("header").into_iter().chain(rows) {
        let cells = row.as_array().into_iter().flatten();
        let cells = cells.filter_map(|cell| cell.as_str().or_else(|| cell.get("content")?.as_str()));
        let cells: Vec<String> = cells.map(markup::line).collect();
        if let Some(line) = fields::line(&cells.join(" ")) {
            body.push_str(&line);
            body.push('\n');
        }
    }
}
