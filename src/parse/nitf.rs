//! *NITF*: the News Industry Text Format of the IPTC, versions 2.5 to 3.6; a file is one story.
//!
//! The head tells what the story is about and when it was sent, the body holds headline, byline, dateline and text.
//! Names that are marked in the text are mentions and tag nothing; those of the head do. Pictures and their captions,
//! subheadlines and notes to editors are left out. Archives of the New York Times, which are NITF of their own kind,
//! are read as well.

use std::io::BufRead;
use std::ops::ControlFlow;

use crate::article::{Layout, Record};
use crate::parse::xml::{self, Element};
use crate::parse::{Emit, Found, ParseError, dates, emit_one, fields};

/// Where the publication date stands, best first.
const DATES: &[(&str, &str)] = &[
    ("head/pubdata", "date.publication"),
    ("head/docdata/date.issue", "norm"),
    ("head/docdata/date.release", "norm"),
    ("body/body.head/dateline/story.date", "norm"),
];

/// Where the publisher stands, best first: an element's text, or an attribute of it.
const SOURCES: &[(&str, &str)] = &[
    ("body/body.head/distributor", ""),
    ("head/pubdata", "name"),
    ("head/docdata/doc.copyright", "holder"),
    ("body/body.head/rights/rights.owner", ""),
    ("head/docdata/doc-id", "regsrc"),
    ("head/docdata/del-list/from-src", "src-name"),
];

/// Names of `<meta>` that tell the section.
const SECTIONS: &[&str] = &["online_sections", "section", "dsk"];

/// Reads a file that is one story.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let nitf = xml::document(source)?;
    match withdrawn(&nitf) {
        Some(reason) => {
            let _done: ControlFlow<()> = emit(Found::NotAnArticle { reason });
            Ok(())
        }
        None => emit_one(record(&nitf), emit),
    }
}

/// Why a story is none any more. A story that takes another one back, and is sent in its place, stays.
pub(super) fn withdrawn(nitf: &Element) -> Option<String> {
    let docdata = nitf.at("head/docdata")?;
    let status = docdata.attribute("management-status").filter(|status| fields::is_withdrawn(status))?;
    let replaces = docdata.attribute("management-doc-idref").is_some();
    (!replaces).then(|| format!("withdrawn: its management-status is '{status}'"))
}

/// The article of an `<nitf>`.
pub(super) fn record(nitf: &Element) -> Record {
    let source = source(nitf);
    let byline = byline(nitf, source.as_deref());
    let (body, layout) = body(nitf);
    let mut record = Record {
        headline: headline(nitf),
        byline,
        dateline: nitf.at("body/body.head/dateline").and_then(dateline),
        source,
        section: section(nitf),
        url: url(nitf),
        language: language(nitf),
        body,
        layout,
        ..Record::default()
    };
    for (path, attribute) in DATES {
        if let Some(text) = nitf.at(path).and_then(|element| element.attribute(attribute)) {
            fields::publish(&mut record, text);
        }
    }
    let revisions = nitf.all("head/revision-history").into_iter();
    let revised = revisions.filter_map(|revision| dates::parse(revision.attribute("norm")?)).max();
    record.updated = revised.filter(|revised| record.published.is_some_and(|published| *revised > published));
    give(nitf, &mut record);
    record
}

fn headline(nitf: &Element) -> Option<String> {
    let lines = nitf.all("body/body.head/hedline/hl1");
    let line = lines.iter().find_map(|line| line.line());
    line.or_else(|| nitf.at("body/body.head/hedline")?.line()).or_else(|| nitf.at("head/title")?.line())
}

/// Names as printed, without the title of who bears them and without the agency's own.
fn byline(nitf: &Element, source: Option<&str>) -> Option<String> {
    let all = nitf.all("body/body.head/byline");
    // The New York Times gives each byline twice, once turned round for sorting.
    let printed = all.iter().filter(|byline| byline.attribute("class") != Some("normalized_byline"));
    let names: Vec<String> = printed.filter_map(|byline| names(byline)).collect();
    let names = names.iter().map(|name| match name.rsplit_once(", ") {
        Some((rest, last)) if source == Some(last) => rest,
        _ => name.as_str(),
    });
    fields::byline(names)
}

fn names(byline: &Element) -> Option<String> {
    let persons: Vec<String> =
        byline.descendants("person").iter().filter_map(|person| person.line()).collect();
    if !persons.is_empty() {
        return Some(persons.join(", "));
    }
    let name = byline.without("byttl").line();
    let name = name.map(|name| name.trim_end_matches([',', ' ']).to_owned()).filter(|name| !name.is_empty());
    name.or_else(|| byline.line())
}

/// The dateline as printed; a date that is written for machines is none.
fn dateline(dateline: &Element) -> Option<String> {
    let date = dateline.at("story.date").and_then(Element::line).unwrap_or_default();
    let coded = date.len() >= 8 && date.bytes().take(8).all(|byte| byte.is_ascii_digit());
    let line = if coded { dateline.without("story.date").line() } else { dateline.line() };
    line.filter(|line| line.chars().any(char::is_alphabetic))
}

fn source(nitf: &Element) -> Option<String> {
    SOURCES.iter().find_map(|(path, attribute)| {
        nitf.all(path).into_iter().find_map(|element| match *attribute {
            "" => element.line(),
            attribute => element.attribute(attribute).and_then(fields::line),
        })
    })
}

fn section(nitf: &Element) -> Option<String> {
    let printed = nitf.at("head/pubdata").and_then(|pubdata| pubdata.attribute("position.section"));
    let named = |name: &&str| {
        let mut metas = nitf.all("head/meta").into_iter();
        metas.find(|meta| meta.attribute("name") == Some(name))?.attribute("content")
    };
    // A section or a desk has a name; `A` and `12` tell where on paper it stood.
    let is_name = |section: &&str| section.chars().filter(|c| c.is_alphabetic()).count() > 1;
    printed.filter(is_name).or_else(|| SECTIONS.iter().find_map(named)).and_then(fields::line)
}

fn url(nitf: &Element) -> Option<String> {
    let published = nitf.at("head/pubdata").and_then(|pubdata| pubdata.attribute("ex-ref"));
    let document = nitf.at("head/docdata/doc-id").and_then(|id| id.attribute("id-string"));
    let address = published.and_then(fields::address).or_else(|| document.and_then(fields::address));
    address.or_else(|| document.and_then(fields::permanent_name))
}

fn language(nitf: &Element) -> Option<String> {
    let base = nitf.attribute("baselang").and_then(fields::language);
    base.or_else(|| nitf.language()).or_else(|| nitf.at("body")?.language())
}

/// The text; what is set line by line and nothing else keeps its lines, for the cleaner to join.
fn body(nitf: &Element) -> (String, Layout) {
    let Some(content) = nitf.at("body/body.content") else {
        return (String::new(), Layout::Paragraphs);
    };
    let blocks = || content.children("block");
    let mut whole = blocks().filter(|block| block.attribute("class") == Some("full_text"));
    // The New York Times repeats the lead before the whole text.
    let content = whole.next().unwrap_or(content);
    let text = content.paragraphs();
    let set = content.descendants("pre");
    if let [set] = set.as_slice()
        && set.paragraphs().len() == text.len()
    {
        return (set.text(), Layout::Plain);
    }
    (text, Layout::Paragraphs)
}

fn give(nitf: &Element, record: &mut Record) {
    let mut give = |facet: &str, value: Option<String>| fields::give(&mut record.given, facet, value);
    for subject in nitf.all("head/tobject/tobject.subject") {
        let code = subject.attribute("tobject.subject.refnum").and_then(fields::news_code);
        let names = ["tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type"];
        give("topic", code.map(str::to_owned));
        give("topic", names.iter().find_map(|name| subject.attribute(name)).map(str::to_owned));
    }
    for keyword in nitf.all("head/docdata/key-list/keyword") {
        give("topic", keyword.attribute("key").map(str::to_owned));
    }
    for place in nitf.all("head/docdata/evloc") {
        give("place", place.attribute("iso-cc").map(str::to_owned));
    }
    for list in nitf.all("head/docdata/identified-content") {
        for element in list.elements() {
            let facet = match element.name.as_str() {
                "person" => "person",
                "org" => "organization",
                "location" | "country" => "place",
                "classifier" => "topic",
                _ => continue,
            };
            let country = element.at("country").unwrap_or(element);
            give(facet, country.attribute("iso-cc").map(str::to_owned));
            let name = country.line().or_else(|| element.attribute("value").map(str::to_owned));
            // The New York Times adds what a person is: `Roe, Jane (Sen)`.
            give(facet, name.map(|name| name.split(" (").next().unwrap_or_default().to_owned()));
        }
    }
}

#[cfg(test)]
mod tests;
