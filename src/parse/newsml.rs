//! *NewsML 1*: the first exchange format of the IPTC, 1.0 to 1.2; a file is an envelope of news items.
//!
//! A news item holds components within components, with texts, pictures and translations in them. The first component
//! that holds a text is the article; those around it complete what it says of itself, from the nearest outwards. The
//! text is NITF or XHTML within, HTML in a CDATA section, or plain.

use std::collections::HashSet;
use std::io::BufRead;

use crate::article::{Layout, Record};
use crate::parse::newsml_g2::xhtml;
use crate::parse::xml::{Element, Records, Step};
use crate::parse::{Emit, Found, ParseError, dates, fields, markup, nitf, not_news};

/// Elements that hold names of subjects, from the field to the detail.
const SUBJECTS: &[&str] = &["Subject", "SubjectMatter", "SubjectDetail", "SubjectQualifier"];

/// Facets by what a topic of a set says it is.
const TOPICS: &[(&str, &str)] = &[
    ("Person", "person"),
    ("Company", "organization"),
    ("Organisation", "organization"),
    ("Organization", "organization"),
    ("Country", "place"),
    ("Location", "place"),
    ("Subject", "topic"),
    ("SubjectMatter", "topic"),
    ("SubjectDetail", "topic"),
];

/// Reads an envelope of news items.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let mut records = Records::new(source)?;
    let (mut sent, mut any) = (None, false);
    while let Some(step) = records.next(&|name| name == "NewsML")? {
        let Step::Whole(element) = step else { continue };
        match element.name.as_str() {
            "NewsEnvelope" => sent = element.at("DateAndTime").map(Element::text),
            "NewsItem" => {
                any = true;
                if emit(found(&element, sent.as_deref())).is_break() {
                    break;
                }
            }
            _ => {}
        }
    }
    if any { Ok(()) } else { Err(not_news("no item of news in it")) }
}

/// What a news item is.
fn found(item: &Element, sent: Option<&str>) -> Found {
    let status = item.at("NewsManagement/Status").and_then(formal_name);
    if let Some(status) = status.filter(|status| fields::is_withdrawn(status)) {
        return Found::NotAnArticle { reason: format!("withdrawn: its Status is '{status}'") };
    }
    let mut around = Vec::new();
    let components = || item.children("NewsComponent");
    let text = components().find_map(|component| text_in(component, &mut around)).unwrap_or_default();
    if around.is_empty() {
        // A flash is a headline and no more.
        around.extend(components().take(1));
    }
    let of_item = of_item(item, sent);
    let told = around.iter().fold(Record::default(), |told, component| fields::or(told, own(component)));
    let (body, layout) = (text.body.clone(), text.layout);
    let record = Record { body, layout, ..fields::or(fields::or(told, text), of_item) };
    let kinds = item.descendants("MediaType");
    let kind = kinds.first().and_then(|kind| formal_name(kind)).unwrap_or("Text");
    let reason = match (record.body.is_empty(), record.headline.is_some()) {
        (true, _) if kind != "Text" => format!("{}, with no text in it", kind.to_ascii_lowercase()),
        (true, false) => "a news item with neither headline nor text".to_owned(),
        _ => return Found::Article(record),
    };
    Found::NotAnArticle { reason }
}

/// The first text in a component, and the components around it, the nearest first.
fn text_in<'a>(component: &'a Element, around: &mut Vec<&'a Element>) -> Option<Record> {
    if component.at("Role").and_then(formal_name) == Some("Caption") {
        return None;
    }
    let own = component.children("ContentItem").find_map(|item| content(item.at("DataContent")?));
    let text =
        own.or_else(|| component.children("NewsComponent").find_map(|inner| text_in(inner, around)))?;
    around.push(component);
    Some(text)
}

fn content(data: &Element) -> Option<Record> {
    let record = match data.elements().next() {
        Some(first) => match first.name.as_str() {
            "nitf" if nitf::withdrawn(first).is_none() => nitf::record(first),
            "html" | "body" => xhtml(first),
            "nitf" | "media-caption" => return None,
            _ => xhtml(data),
        },
        None => {
            let text = data.text();
            let (body, layout) = match markup::is_html(&text) {
                true => (markup::paragraphs(&text), Layout::Paragraphs),
                false => (text, Layout::Plain),
            };
            Record { body, layout, ..Record::default() }
        }
    };
    Some(record).filter(|record| !record.body.trim().is_empty())
}

/// What the item says of itself.
fn of_item(item: &Element, sent: Option<&str>) -> Record {
    let text = |path: &str| item.at(path).map(Element::text);
    let name = text("Identification/NewsIdentifier/PublicIdentifier");
    let provider = item.at("Identification/NewsIdentifier/ProviderId").and_then(Element::line);
    let mut record = Record {
        source: provider,
        url: name.and_then(|name| fields::address(&name).or_else(|| fields::permanent_name(&name))),
        ..Record::default()
    };
    let first = ["NewsManagement/FirstCreated", "Identification/NewsIdentifier/DateId"].map(text);
    for date in first.into_iter().flatten().chain(sent.map(str::to_owned)) {
        fields::publish(&mut record, &date);
    }
    let revised = text("NewsManagement/ThisRevisionCreated").and_then(|text| dates::parse(&text));
    record.updated = revised.filter(|date| Some(*date) != record.published);
    record
}

/// What a component says of itself.
fn own(component: &Element) -> Record {
    let line = |path: &str| component.all(path).into_iter().find_map(Element::line);
    let party = |path: &str| component.at(path).and_then(formal_name).and_then(fields::line);
    let language = component.at("DescriptiveMetadata/Language").and_then(formal_name);
    let mut record = Record {
        headline: line("NewsLines/HeadLine"),
        byline: line("NewsLines/ByLine").and_then(|names| fields::byline([names.as_str()])),
        dateline: line("NewsLines/DateLine").filter(|line| line.chars().any(char::is_alphabetic)),
        source: party("AdministrativeMetadata/Provider/Party")
            .or_else(|| party("AdministrativeMetadata/Source/Party"))
            .or_else(|| line("NewsLines/CreditLine")),
        language: language.and_then(fields::language).or_else(|| component.language()),
        ..Record::default()
    };
    give(component, &mut record);
    record
}

fn give(component: &Element, record: &mut Record) {
    let mut give = |facet: &str, value: Option<&str>| {
        fields::give(&mut record.given, facet, value.map(str::to_owned));
    };
    let Some(metadata) = component.at("DescriptiveMetadata") else { return };
    for subject in metadata.all("SubjectCode").into_iter().flat_map(Element::elements) {
        if SUBJECTS.contains(&subject.name.as_str()) {
            let name = formal_name(subject);
            give("topic", name.and_then(fields::news_code).or(name));
        }
    }
    for property in metadata.children("Property").chain(metadata.all("Location/Property")) {
        let facet = match formal_name(property) {
            Some("Country") => "place",
            Some("Keyword") => "topic",
            _ => continue,
        };
        give(facet, property.attribute("Value"));
    }
    let named =
        metadata.children("TopicOccurrence").filter_map(|topic| topic.attribute("Topic")?.strip_prefix('#'));
    let named: HashSet<&str> = named.collect();
    for topic in component.all("TopicSet/Topic") {
        if topic.attribute("Duid").is_some_and(|id| named.contains(id)) {
            let kind = topic.at("TopicType").and_then(formal_name).unwrap_or_default();
            let Some((_, facet)) = TOPICS.iter().find(|(name, _)| *name == kind) else { continue };
            let code = topic.at("FormalName").and_then(Element::line);
            let code = code.as_deref().and_then(fields::news_code).filter(|_| *facet == "topic");
            give(facet, code);
            give(
                facet,
                topic.at("Description").or_else(|| topic.at("FormalName")).and_then(Element::line).as_deref(),
            );
        }
    }
}

fn formal_name(element: &Element) -> Option<&str> {
    element.attribute("FormalName")
}

#[cfg(test)]
mod tests;
