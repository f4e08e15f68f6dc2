//! *Reuters Corpus Volume 1*: the newswire of 1996 and 1997 as Reuters gave it to research, a story a file.
//!
//! A `<newsitem>` has headline, byline, dateline, the text in paragraphs, and codes of topics, countries and industries.

use std::io::BufRead;

use crate::article::Record;
use crate::parse::xml::{self, Element};
use crate::parse::{Emit, ParseError, emit_one, fields};

/// Facets by the end of the name of a class of codes.
const CLASSES: &[(&str, &str)] =
    &[("topics:1.0", "topic"), ("countries:1.0", "place"), ("industries:1.0", "topic")];

/// Reads a file that is one story.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    emit_one(record(&xml::document(source)?), emit)
}

fn record(item: &Element) -> Record {
    let line = |name: &str| item.at(name).and_then(Element::line);
    let mut record = Record {
        headline: line("headline").or_else(|| line("title")),
        byline: line("byline").and_then(|names| fields::byline([names.as_str()])),
        dateline: line("dateline"),
        source: Some("Reuters".to_owned()),
        language: item.language(),
        body: item.at("text").map(Element::paragraphs).unwrap_or_default(),
        ..Record::default()
    };
    let metadata = item.all("metadata/dc").into_iter();
    let published = metadata.filter(|dc| dc.attribute("element") == Some("dc.date.published"));
    let published = published.filter_map(|dc| dc.attribute("value"));
    for date in item.attribute("date").into_iter().chain(published) {
        fields::publish(&mut record, date);
    }
    for codes in item.all("metadata/codes") {
        let class = codes.attribute("class").unwrap_or_default();
        let Some((_, facet)) = CLASSES.iter().find(|(end, _)| class.ends_with(end)) else { continue };
        let codes = codes.children("code").filter_map(|code| code.attribute("code"));
        fields::give(&mut record.given, facet, codes.map(str::to_owned));
    }
    record
}

#[cfg(test)]
mod tests {
    use crate::parse::tests::{article, show};

    #[test]
    fn a_story() {
        let xml = "<?xml version='1.0' encoding='iso-8859-1' ?><newsitem itemid='7' id='root' date='1996-08-20' xml:lang='en'>\
            <title>CHILE: Ports reopen.</title><headline>Ports reopen.</headline><byline>Ana Ruiz</byline><dateline>LIMA 1996-08-20</dateline>\
            <text><p>One.</p><p>Two &amp; three.</p></text><metadata><codes class='bip:countries:1.0'><code code='CHIL'><editdetail/></code></codes>\
            <codes class='bip:topics:1.0'><code code='C21'/></codes><dc element='dc.date.published' value='1996-08-21'/></metadata></newsitem>";
        assert_eq!(
            show(&article("7newsML.xml", xml)),
            "headline: Ports reopen.\nbyline: Ana Ruiz\ndateline: LIMA 1996-08-20\nsource: Reuters\npublished: 1996-08-20\n\
             language: en\nplace: CHIL\ntopic: C21\n> One.\n> Two & three."
        );
    }
}
