//! A *mapping* says under which names sources keep the fields of an article.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::parse::json::record;

/// The fields of an article that a mapping may name.
const FIELDS: &[&str] = &[
    "headline",
    "byline",
    "dateline",
    "source",
    "section",
    "url",
    "published",
    "updated",
    "language",
    "body",
    "topic",
    "country",
    "person",
    "organization",
];

/// Names of what tells an article, or a list of them, in short.
const SUMMARIES: &[&str] = &["abstract", "description", "short_description", "summary", "snippet"];

/// For each field of ours the names sources use for it, best first.
///
/// Names compare without case, `_`, `-` and spaces: `datePublished` also finds `date_published`. A dot stands for
/// nesting: `headline.main`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    names: BTreeMap<String, Vec<String>>,
}

impl Mapping {
    /// A mapping from field to names, as `[json]` of `schema.toml` has it.
    ///
    /// # Errors
    /// Names a field that articles do not have.
    pub fn new(names: &BTreeMap<String, Vec<String>>) -> Result<Self, String> {
        match names.keys().find(|field| !FIELDS.contains(&field.as_str())) {
            Some(field) => {
                Err(format!("unknown field '{field}' under [json]: the fields are {}", FIELDS.join(", ")))
            }
            None => Ok(Self { names: names.clone() }),
        }
    }

    /// The names of a field, best first.
    pub(super) fn names(&self, field: &str) -> &[String] {
        self.names.get(field).map(Vec::as_slice).unwrap_or_default()
    }

    /// What the object holds under the names of a field, best first.
    pub(in crate::parse) fn values<'a>(
        &'a self,
        object: &'a Map<String, Value>,
        field: &str,
    ) -> impl Iterator<Item = &'a Value> {
        self.names(field).iter().filter_map(|name| get(object, name)).filter(|value| !value.is_null())
    }

    /// Whether the object holds text for a body, in one piece or a list of paragraphs. What describes an article may as
    /// well describe a list of them.
    pub(super) fn has_body(&self, object: &Map<String, Value>) -> bool {
        let names = self.names("body").iter().filter(|name| !SUMMARIES.contains(&name.as_str()));
        let mut values = names.filter_map(|name| get(object, name));
        values.any(|value| record::body(value).is_some_and(|(text, _)| !text.trim().is_empty()))
    }
}

fn get<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let own =
        object.get(name).or_else(|| object.iter().find(|(key, _)| alike(key, name)).map(|(_, value)| value));
    own.or_else(|| {
        let (first, rest) = name.split_once('.')?;
        get(get(object, first)?.as_object()?, rest)
    })
}

fn alike(key: &str, name: &str) -> bool {
    let letters = |text: &'_ str| {
        let kept = text.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' '));
        kept.map(|byte| byte.to_ascii_lowercase()).collect::<Vec<u8>>()
    };
    // Most keys differ in their first letter already.
    let first = |text: &str| text.bytes().find(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase());
    first(key) == first(name) && letters(key) == letters(name)
}
