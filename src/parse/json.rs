//! *JSON*: an article is an object; a file holds one, a list of them, or one a line.
//!
//! A list is the top level itself or stands under a usual key of an API's answer (`LISTS`). Which field of an
//! object is which of an article's the [`Mapping`] says. A document that is longer than an article is read an element
//! of its list at a time (`elements`).

mod ans;
mod elements;
pub mod mapping;
mod ninjs;
mod post;
mod record;
mod scanner;

use std::io::{BufRead, Read};
use std::ops::ControlFlow;

use serde_json::{Deserializer, Map, Value};

pub use self::mapping::Mapping;
pub(super) use self::record::{found, record_of};
use crate::article::Record;
use crate::parse::pieces::{self, Piece};
use crate::parse::{Emit, Found, MAX_ARTICLE_BYTES, ParseError, charset, fields, not_news};

/// Where the answers of news APIs keep their articles; dots for nesting.
const LISTS: &[&str] = &[
    "articles",
    "articles.results",
    "items",
    "results",
    "docs",
    "documents",
    "response.docs",
    "response.results",
    "posts",
    "stories",
    "news",
    "data",
    "hits.hits",
    "@graph",
    "content_elements",
];

/// The article of an object in a dialect of newsrooms, whose names need no mapping; `None` where it is in none.
fn of_newsroom(object: &Map<String, Value>) -> Option<Found> {
    match object {
        object if ans::is(object) => Some(ans::found(object)),
        object if ninjs::is(object) => Some(ninjs::found(object)),
        object if post::is(object) => Some(post::found(object)),
        _ => None,
    }
}

/// The most bytes of a document that is read as one piece; of a longer one each article may have 16 MiB.
const STREAMED_FROM: usize = 1 << 20;

/// Reads a JSON document: an article, a list of articles, or several of either one after the other.
pub(super) fn read(
    source: &mut dyn BufRead,
    mapping: &Mapping,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let mut head = Vec::new();
    source.take(STREAMED_FROM as u64 + 1).read_to_end(&mut head)?;
    if head.len() > STREAMED_FROM {
        return elements::read(&mut head.as_slice().chain(source), MAX_ARTICLE_BYTES, mapping, emit);
    }
    read_whole(&charset::decode_raw(&head), mapping, emit)
}

fn read_whole(text: &str, mapping: &Mapping, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let (mut values, mut objects) = (0usize, true);
    let mut found = 0usize;
    let mut count = |one: Found| {
        found += 1;
        emit(one)
    };
    for value in Deserializer::from_str(text).into_iter::<Value>() {
        match value {
            Ok(value) if values > 0 && !(value.is_object() && objects) => {
                let reason =
                    format!("expected the end, or only objects one after the other, found {}", kind(&value));
                if count(Found::Bad { reason }).is_break() {
                    return Ok(());
                }
            }
            Ok(value) => {
                values += 1;
                objects = value.is_object();
                if each_article(&value, mapping, &mut count).is_break() {
                    return Ok(());
                }
            }
            Err(error) if values == 0 => {
                return Err(ParseError::Failed { reason: format!("not valid JSON: {error}") });
            }
            Err(error) => {
                let _end: ControlFlow<()> =
                    count(Found::Bad { reason: format!("expected another JSON value or the end: {error}") });
            }
        }
    }
    if found == 0 { Err(not_news("no article in this JSON")) } else { Ok(()) }
}

/// Reads a JSON object a line; a line that is none, or longer than an article may be, is reported and passed over.
pub(super) fn read_lines(
    source: &mut dyn BufRead,
    mapping: &Mapping,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    read_bounded_lines(source, MAX_ARTICLE_BYTES, mapping, emit)
}

fn read_bounded_lines(
    source: &mut dyn BufRead,
    bound: usize,
    mapping: &Mapping,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let mut line = Vec::new();
    for number in 1u64.. {
        line.clear();
        let (piece, _) = pieces::next(source, b'\n', bound, &mut line)?;
        let flow = match piece {
            Piece::None => break,
            Piece::TooLong => emit(Found::Bad {
                reason: format!("line {number}: longer than {bound} bytes, the limit of an article"),
            }),
            Piece::Whole | Piece::Last => read_line(&line, number, mapping, emit),
        };
        if flow.is_break() {
            break;
        }
    }
    Ok(())
}

fn read_line(line: &[u8], number: u64, mapping: &Mapping, emit: &mut Emit<'_>) -> ControlFlow<()> {
    let text = charset::decode_raw(line);
    let text = text.trim_end();
    if text.is_empty() {
        return ControlFlow::Continue(());
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) if value.is_object() => each_article(&value, mapping, emit),
        Ok(value) => emit(Found::Bad {
            reason: format!("line {number}: expected a JSON object, found {}", kind(&value)),
        }),
        Err(error) => {
            // The line within the line says nothing; the column does.
            let (column, what) = (error.column(), error.to_string());
            let what = what.split(" at line ").next().unwrap_or_default();
            emit(Found::Bad {
                reason: format!("line {number}, column {column}: expected a JSON object: {what}"),
            })
        }
    }
}

/// The articles of a value: of each element of a list, of the list in an API's answer, or of the object itself.
fn each_article(value: &Value, mapping: &Mapping, emit: &mut Emit<'_>) -> ControlFlow<()> {
    if let Some(found) = value.as_object().and_then(of_newsroom) {
        return emit(found);
    }
    let list = match value {
        Value::Array(values) => values,
        Value::Object(object) if !mapping.has_body(object) => {
            match LISTS.iter().find_map(|path| list_at(value, path)) {
                Some(values) => values,
                None => return emit(found(value, mapping)),
            }
        }
        other => return emit(found(other, mapping)),
    };
    // Linked data lists the site and its people beside the article.
    let typed = list.iter().any(|value| value.as_object().is_some_and(fields::is_article));
    let ours = |value: &&Value| !typed || value.as_object().is_none_or(|one| !fields::is_other_thing(one));
    let feed = value.as_object().filter(|object| is_feed(object));
    list.iter().filter(ours).try_for_each(|value| emit(of_feed(found(value, mapping), feed)))
}

/// Whether an object says that it is a JSON Feed.
fn is_feed(object: &Map<String, Value>) -> bool {
    let version = object.get("version").and_then(Value::as_str);
    version.is_some_and(|version| version.contains("jsonfeed.org/"))
}

/// An entry with what its feed says of all: who publishes it, who writes it, in which language.
fn of_feed(found: Found, feed: Option<&Map<String, Value>>) -> Found {
    let (Found::Article(record), Some(feed)) = (&found, feed) else { return found };
    let line = |key: &str| feed.get(key).and_then(fields::text).and_then(|text| fields::line(&text));
    let authors = feed.get("authors").or_else(|| feed.get("author")).map(fields::names).unwrap_or_default();
    let of_all = Record {
        source: line("title"),
        byline: fields::byline(authors.iter().map(String::as_str)),
        language: line("language").and_then(|text| fields::language(&text)),
        ..Record::default()
    };
    Found::Article(fields::or(record.clone(), of_all))
}

fn list_at<'a>(value: &'a Value, path: &str) -> Option<&'a Vec<Value>> {
    let list = path.split('.').try_fold(value, |value, key| value.get(key))?.as_array()?;
    list.first().is_some_and(Value::is_object).then_some(list)
}

/// What a JSON value is, for a message.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod newsroom_tests;
