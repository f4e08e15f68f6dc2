//! *ninjs*: the News in JSON of the IPTC, versions 1 to 3, and what Superdesk makes of it.
//!
//! Version 1 has `headline` and `body_html`, the later ones lists of `headlines` and `bodies`; version 3 writes its names in
//! camel case, which is no matter here. HTML is preferred to plain text, which has no paragraphs. What an item is
//! associated with, its renditions and its terms of use are no text of it.

use serde_json::{Map, Value};

use crate::article::{Layout, Record};
use crate::parse::json::record;
use crate::parse::{Found, dates, fields, markup, nitf, xml};

/// Bodies by what their type or name says they are, best first.
const BODIES: &[&str] = &["html", "nitf", "text", ""];

/// Facets and the names of lists that hold their tags, in the standard and in Superdesk's.
const TAGS: &[(&str, &str)] = &[
    ("topic", "subjects"),
    ("topic", "subject"),
    ("topic", "keywords"),
    ("person", "people"),
    ("person", "person"),
    ("organization", "organisations"),
    ("organization", "organisation"),
    ("place", "places"),
    ("place", "place"),
];

/// Where a tag keeps its code.
const CODES: &[&str] = &["code", "qcode", "literal", "uri"];

/// Whether an object is an item of ninjs.
pub(super) fn is(object: &Map<String, Value>) -> bool {
    let item = Item(object);
    let named = item.text("uri").or_else(|| item.text("guid")).is_some();
    let valued = |name: &str| item.list(name).first().is_some_and(|first| first.get("value").is_some());
    let dated = item.text("versioncreated").is_some() || item.text("pubstatus").is_some();
    let standard = |name: &str| {
        let name = item.get(name).and_then(|standard| standard.get("name")).and_then(Value::as_str);
        name.is_some_and(|name| name.to_ascii_lowercase().contains("ninjs"))
    };
    named && (dated || valued("headlines") || valued("bodies"))
        || standard("standard")
        || standard("$standard")
}

/// What an item is.
pub(super) fn found(object: &Map<String, Value>) -> Found {
    let item = Item(object);
    let none = |reason: String| Found::NotAnArticle { reason };
    if let Some(status) = item.text("pubstatus").filter(|status| fields::is_withdrawn(status)) {
        return none(format!("withdrawn: its pubstatus is '{status}'"));
    }
    let kind = item.text("type").unwrap_or("text").to_ascii_lowercase();
    let (body, layout) = item.body();
    let is_text = matches!(kind.as_str(), "text" | "composite" | "preformatted");
    let is_spoken = matches!(kind.as_str(), "audio" | "video");
    if !is_text && (!is_spoken || body.is_empty()) {
        return none(format!("an item of the type '{kind}', with no article in it"));
    }
    let (body, layout) = if body.is_empty() { item.described() } else { (body, layout) };
    let record = Record { body, layout, ..item.record() };
    match record.headline.is_none() && record.body.is_empty() {
        true => none("an item with neither headline nor text".to_owned()),
        false => Found::Article(record),
    }
}

struct Item<'a>(&'a Map<String, Value>);

impl<'a> Item<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0
            .get(name)
            .or_else(|| self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    fn list(&self, name: &str) -> &'a [Value] {
        self.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    fn line(&self, name: &str) -> Option<String> {
        self.text(name).and_then(|text| fields::line(&markup::line(text)))
    }

    fn record(&self) -> Record {
        let source = self.source();
        let mut record = Record {
            headline: self.headline(),
            byline: self.byline(source.as_deref()),
            dateline: self.line("dateline").or_else(|| self.line("located")),
            source,
            section: self.list("service").iter().find_map(fields::text).and_then(|text| fields::line(&text)),
            url: self.url(),
            language: self.text("language").and_then(fields::language),
            ..Record::default()
        };
        for name in ["firstpublished", "firstcreated", "contentcreated", "versioncreated"] {
            self.text(name).into_iter().for_each(|date| fields::publish(&mut record, date));
        }
        let changed = self.text("contentmodified").or_else(|| self.text("versioncreated"));
        record.updated = changed.and_then(dates::parse).filter(|date| Some(*date) != record.published);
        for (facet, name) in TAGS {
            give(&mut record, facet, self.list(name));
        }
        record
    }

    /// The main headline, in the item's language where there are several.
    fn headline(&self) -> Option<String> {
        let own = self.text("language").and_then(fields::language);
        let line = |value: &Value| fields::line(&markup::line(Item(value.as_object()?).text("value")?));
        let fit = |value: &&Value| {
            let Some(headline) = value.as_object().map(Item) else { return 4 };
            let is_main = headline.text("role").is_none_or(|role| role.eq_ignore_ascii_case("main"));
            let language =
                headline.text("language").or_else(|| headline.text("xml:lang")).and_then(fields::language);
            u8::from(!is_main) + 2 * u8::from(language.is_some() && language != own)
        };
        let mut headlines: Vec<&Value> =
            self.list("headlines").iter().filter(|value| line(value).is_some()).collect();
        headlines.sort_by_key(fit);
        let named = || self.starting("headline_").find_map(|(_, text)| fields::line(&markup::line(text)));
        let first = headlines.first().and_then(|value| line(value));
        first.or_else(|| self.line("headline")).or_else(named).or_else(|| self.line("title"))
    }

    /// The texts under names that start so: version 1 lets everybody add their own.
    fn starting(&self, start: &'static str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let texts = self.0.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
        texts.filter(move |(key, text)| key.starts_with(start) && !text.trim().is_empty())
    }

    fn byline(&self, source: Option<&str>) -> Option<String> {
        let authors = || fields::names(self.get("authors")?).into_iter().reduce(|all, one| all + ", " + &one);
        let by = self.line("by").or_else(|| self.line("byline")).or_else(authors)?;
        let own = |(_, last): &(&str, &str)| Some(*last) == source;
        let by = by.rsplit_once(", ").filter(own).map_or(by.as_str(), |(names, _)| names);
        fields::byline([by])
    }

    fn source(&self) -> Option<String> {
        let informed = || self.list("infosources").iter().find_map(fields::text);
        let source = self.text("source").map(str::to_owned).or_else(informed);
        source
            .or_else(|| self.text("copyrightholder").map(str::to_owned))
            .and_then(|text| fields::line(&text))
    }

    fn url(&self) -> Option<String> {
        let names = || ["uri", "guid"].iter().filter_map(|name| self.text(name));
        names().find_map(fields::address).or_else(|| names().find_map(fields::permanent_name))
    }

    /// The best body that holds text, and how it is laid out.
    fn body(&self) -> (String, Layout) {
        let listed = self.list("bodies").iter().filter_map(|body| {
            let body = Item(body.as_object()?);
            Some((
                body.text("contenttype").or_else(|| body.text("role")).unwrap_or("text"),
                body.text("value")?,
            ))
        });
        let bodies: Vec<(&str, &str)> = listed.chain(self.starting("body_")).collect();
        let of_kind = |kind: &&str| {
            let mut fitting = bodies.iter().filter(move |(name, _)| name.to_ascii_lowercase().contains(kind));
            fitting.find_map(|(name, text)| text_of(name, text))
        };
        BODIES.iter().find_map(of_kind).unwrap_or_default()
    }

    /// A brief tells in its description what it has to tell.
    fn described(&self) -> (String, Layout) {
        let listed = self.list("descriptions").iter().filter_map(|one| Item(one.as_object()?).text("value"));
        let mut texts = listed.chain(self.starting("description_").map(|(_, text)| text));
        texts.find_map(|text| record::body(&Value::from(text))).unwrap_or_default()
    }
}

/// The text of a body, whatever it is marked up with; XML of unknown kinds is none.
fn text_of(kind: &str, text: &str) -> Option<(String, Layout)> {
    let kind = kind.to_ascii_lowercase();
    let body = if kind.contains("nitf") {
        let record =
            nitf::record(&xml::document(&mut text.as_bytes()).ok().filter(|root| root.name == "nitf")?);
        (record.body, record.layout)
    } else if kind.contains("html") {
        (markup::paragraphs(text), Layout::Paragraphs)
    } else if kind.contains("xml") || text.starts_with("<?xml") {
        return None;
    } else {
        record::body(&Value::from(text))?
    };
    (!body.0.trim().is_empty()).then_some(body)
}

fn give(record: &mut Record, facet: &str, tags: &[Value]) {
    for tag in tags {
        let code = CODES.iter().filter_map(|key| tag.get(*key)?.as_str());
        let code = match facet {
            "topic" => code.filter_map(fields::news_code).next().map(str::to_owned),
            "place" => code.filter(|code| code.contains("iso3166")).filter_map(last).next(),
            _ => None,
        };
        fields::give(&mut record.given, facet, code.into_iter().chain(fields::text(tag)));
    }
}

/// The code at the end of an address.
fn last(code: &str) -> Option<String> {
    code.rsplit(['/', ':']).next().map(str::to_ascii_uppercase)
}
