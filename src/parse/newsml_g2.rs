//! *NewsML-G2*: the exchange format of the IPTC, 2.0 to 2.35; a file is an item, or a message that holds many.
//!
//! A news item of text is an article: its text is NITF or XHTML within, or plain text. Items of pictures, sound and
//! video are articles where they hold a text themselves. Packages, concepts, plans and catalogues tell of articles and
//! are none. Names of subjects are often stated once for all, in an `assert`, and looked up there.

use std::collections::HashMap;
use std::io::BufRead;

use crate::article::{Layout, Record};
use crate::parse::xml::{Element, Records, Step};
use crate::parse::{Emit, Found, ParseError, dates, fields, markup, nitf, not_news};

/// Elements that hold items.
const ENVELOPES: &[&str] = &["newsMessage", "itemSet"];

/// Items that are no article, with what they are.
const OTHER_ITEMS: &[(&str, &str)] = &[
    ("packageItem", "a package of other items"),
    ("conceptItem", "a concept"),
    ("knowledgeItem", "a list of concepts"),
    ("planningItem", "a plan of coverage"),
    ("catalogItem", "a catalogue of schemes"),
];

/// Facets by what a subject says it is.
const FACETS: &[(&str, &str)] = &[
    ("person", "person"),
    ("organisation", "organization"),
    ("organization", "organization"),
    ("geoArea", "place"),
    ("abstract", "topic"),
];

/// Reads a file of one item or of a message.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let mut records = Records::new(source)?;
    let mut any = false;
    while let Some(step) = records.next(&|name| ENVELOPES.contains(&name))? {
        let found = match step {
            Step::Whole(element) => found(&element),
            Step::Enter(_) | Step::Leave(_) => None,
        };
        any = any || found.is_some();
        if found.is_some_and(|found| emit(found).is_break()) {
            break;
        }
    }
    if any { Ok(()) } else { Err(not_news("no item of news in it")) }
}

/// What an item is; `None` for what is no item.
fn found(element: &Element) -> Option<Found> {
    let none = |reason: String| Some(Found::NotAnArticle { reason });
    if let Some((_, what)) = OTHER_ITEMS.iter().find(|(name, _)| *name == element.name) {
        return none(format!("{what}, not an article"));
    }
    match element.name.as_str() {
        "newsItem" | "contentSet" => {}
        "contentMeta" | "itemMeta" | "groupSet" => {
            return none(format!("a part of a NewsML-G2 item, <{}>, with no text in it", element.name));
        }
        _ => return None,
    }
    let status = element.at("itemMeta/pubStatus").and_then(code);
    if let Some(status) = status.filter(|status| fields::is_withdrawn(status)) {
        return none(format!("withdrawn: its pubStatus is '{status}'"));
    }
    let class = element.at("itemMeta/itemClass").and_then(code).map(local).unwrap_or("text");
    let record = record(element);
    let is_text = matches!(class, "text" | "composite");
    Some(match (record.body.is_empty(), is_text) {
        (false, _) => Found::Article(record),
        (true, true) if record.headline.is_some() => Found::Article(described(element, record)),
        (true, true) => {
            Found::NotAnArticle { reason: "a news item with neither headline nor text".to_owned() }
        }
        (true, false) => Found::NotAnArticle { reason: format!("{class}, with no text in it") },
    })
}

/// The article of a `<newsItem>`, or of a `<contentSet>` alone; the body is empty where no text is in it.
fn record(item: &Element) -> Record {
    let own_language = item.at("contentMeta/language").and_then(|own| own.attribute("tag"));
    let language = own_language.and_then(fields::language).or_else(|| item.language());
    let meta = item.at("contentMeta");
    let line = |name: &str| meta.and_then(|meta| in_language(meta, name, language.as_deref()));
    let names = meta.into_iter().flat_map(|meta| meta.children("creator")).filter_map(name);
    let creators: Vec<String> = names.collect();
    let located = meta.and_then(|meta| meta.at("located")).and_then(name);
    let mut own = Record {
        headline: line("headline"),
        byline: line("by").and_then(|by| fields::byline([by.as_str()])),
        dateline: line("dateline"),
        source: source(item),
        url: item
            .attribute("guid")
            .and_then(|guid| fields::address(guid).or_else(|| fields::permanent_name(guid))),
        language,
        ..Record::default()
    };
    publish(item, &mut own);
    give(item, &mut own);
    let text = item.all("contentSet").into_iter().chain((item.name == "contentSet").then_some(item));
    let text = text.flat_map(Element::elements).find_map(content).unwrap_or_default();
    let (body, layout) = (text.body.clone(), text.layout);
    let record = fields::or(own, text);
    Record {
        byline: record.byline.or_else(|| fields::byline(creators.iter().map(String::as_str))),
        dateline: record.dateline.or(located),
        body,
        layout,
        ..record
    }
}

/// Composites and briefs without a text of their own tell it in a description.
fn described(item: &Element, record: Record) -> Record {
    let descriptions = item.all("contentMeta/description").into_iter();
    let body = descriptions.map(Element::paragraphs).find(|text| !text.is_empty()).unwrap_or_default();
    Record { body, ..record }
}

/// The article that a rendition of the content holds, if that is text.
fn content(rendition: &Element) -> Option<Record> {
    match rendition.name.as_str() {
        "inlineXML" => {
            let inner = rendition.elements().next()?;
            let record = match inner.name.as_str() {
                "nitf" if nitf::withdrawn(inner).is_none() => nitf::record(inner),
                "html" | "body" | "div" | "section" | "article" => xhtml(inner),
                _ => return None,
            };
            Some(record).filter(|record| !record.body.trim().is_empty())
        }
        "inlineData" if rendition.attribute("encoding").is_none() => {
            let kind = rendition.attribute("contenttype").unwrap_or("text/plain").to_ascii_lowercase();
            let text = rendition.text();
            let (body, layout) = match kind.contains("html") || kind.contains("xml") || markup::is_html(&text)
            {
                true => (markup::paragraphs(&text), Layout::Paragraphs),
                false if kind.starts_with("text") => (text, Layout::Plain),
                false => return None,
            };
            (!body.trim().is_empty()).then(|| Record { body, layout, ..Record::default() })
        }
        _ => None,
    }
}

/// The article of a page, or of a piece of one.
pub(super) fn xhtml(page: &Element) -> Record {
    let title = page.at("head/title").and_then(Element::line);
    let body = page.at("body").unwrap_or(page);
    let headline = body.descendants("h1").first().and_then(|line| line.line()).or(title);
    Record { headline, language: page.language(), body: body.paragraphs(), ..Record::default() }
}

/// First created, or else the content of it, or else this version of it; and when it was changed last.
fn publish(item: &Element, record: &mut Record) {
    let text = |path: &str| item.at(path).map(Element::text);
    for path in ["itemMeta/firstCreated", "contentMeta/contentCreated", "itemMeta/versionCreated"] {
        if let Some(text) = text(path) {
            fields::publish(record, &text);
        }
    }
    let changed = text("contentMeta/contentModified").or_else(|| text("itemMeta/versionCreated"));
    record.updated =
        changed.and_then(|text| dates::parse(&text)).filter(|date| Some(*date) != record.published);
}

/// Who provides it; names before codes.
fn source(item: &Element) -> Option<String> {
    let provider = item.at("itemMeta/provider");
    let holder = item.at("rightsInfo/copyrightHolder").and_then(name);
    let coded =
        provider.and_then(|provider| provider.attribute("qcode").or_else(|| provider.attribute("literal")));
    let coded = coded.map(|code| local(code).to_owned());
    let info = || item.at("contentMeta/infoSource").and_then(name);
    provider.and_then(name).or(coded).or(holder).or_else(info)
}

/// The line of this name in the item's language, or else the first.
fn in_language(meta: &Element, name: &str, language: Option<&str>) -> Option<String> {
    let mut lines = meta.children(name).filter(|line| line.line().is_some());
    let first = lines.next()?;
    let fits = |line: &&Element| line.language().is_none_or(|own| Some(own.as_str()) == language);
    let own = std::iter::once(first).chain(lines).find(fits);
    own.unwrap_or(first).line()
}

/// What a concept is called.
fn name(concept: &Element) -> Option<String> {
    concept.children("name").find_map(Element::line)
}

/// The code of a concept or status, as written: `qcode`, `uri` or `literal`.
fn code(element: &Element) -> Option<&str> {
    ["qcode", "uri", "literal"].iter().find_map(|name| element.attribute(name))
}

/// A code without its scheme.
fn local(code: &str) -> &str {
    code.trim_end_matches('/').rsplit([':', '/']).next().unwrap_or(code)
}

fn give(item: &Element, record: &mut Record) {
    let asserts = item.children("assert").filter_map(|known| Some((code(known)?, known)));
    let asserts: HashMap<&str, &Element> = asserts.collect();
    let known = |concept: &Element| asserts.get(code(concept)?).copied();
    for subject in item.all("contentMeta/subject") {
        let concept = subject.at("mainConcept").unwrap_or(subject);
        let kind = subject.attribute("type").or_else(|| concept.attribute("type")).map(local);
        let kind = kind.unwrap_or("abstract");
        let Some((_, facet)) = FACETS.iter().find(|(name, _)| *name == kind) else { continue };
        if *facet == "topic" {
            let same = concept.children("sameAs");
            let codes =
                std::iter::once(concept).chain(same).filter_map(|concept| fields::news_code(code(concept)?));
            fields::give(&mut record.given, facet, codes.map(str::to_owned));
        }
        let mut place = Some(concept);
        // A place tells what it lies in; a chain that runs in a circle ends.
        for _ in 0..8 {
            let Some(this) = place else { break };
            let stated = known(this);
            fields::give(&mut record.given, facet, name(this).or_else(|| stated.and_then(name)));
            if *facet != "place" {
                break;
            }
            if let Some(country) =
                code(this).filter(|code| code.contains("iso3166") || code.contains("cntry"))
            {
                fields::give(&mut record.given, facet, [local(country).to_owned()]);
            }
            place = this.at("broader").or_else(|| stated.and_then(|stated| stated.at("broader")));
        }
    }
}

#[cfg(test)]
mod tests;
