//! What is *described* in a section of METS: a MODS or Dublin Core record, as the fields of an article.

use crate::article::Record;
use crate::parse::fields;
use crate::parse::xml::Element;

/// The record of a section; empty where it is in another format.
pub(super) fn record(section: &Element) -> Record {
    let data = section.at("mdWrap/xmlData");
    let mods = data.and_then(|data| data.descendants("mods:mods").into_iter().next());
    match (mods, data) {
        (Some(mods), _) => of_mods(mods),
        (None, Some(data)) => of_dublin_core(data),
        (None, None) => Record::default(),
    }
}

fn of_mods(mods: &Element) -> Record {
    let title = mods.children("mods:titleInfo").find(|title| title.attribute("type").is_none());
    let names = mods.children("mods:name").filter(|name| is_author(name)).filter_map(full_name);
    let names: Vec<String> = names.collect();
    let mut record = Record {
        headline: title.and_then(title_of),
        byline: fields::byline(names.iter().map(String::as_str)),
        source: mods
            .children("mods:relatedItem")
            .filter(|item| item.attribute("type") == Some("host"))
            .find_map(|host| host.at("mods:titleInfo").and_then(title_of)),
        language: mods
            .all("mods:language/mods:languageTerm")
            .into_iter()
            .find_map(|term| fields::language(&term.text())),
        ..Record::default()
    };
    for path in ["mods:originInfo/mods:dateIssued", "mods:part/mods:date", "mods:originInfo/mods:dateCreated"]
    {
        for date in mods.all(path) {
            fields::publish(&mut record, date.text().trim());
        }
    }
    let facets = [("topic", "topic"), ("geographic", "country"), ("name", "person")];
    for (name, facet) in facets {
        let named = mods.all(&format!("mods:subject/mods:{name}"));
        fields::give(&mut record.given, facet, named.into_iter().filter_map(Element::line));
    }
    record
}

/// `The` of `nonSort`, the title, and the subtitle behind a colon.
fn title_of(title: &Element) -> Option<String> {
    let part = |name: &str| title.at(name).and_then(Element::line);
    let main = part("mods:title")?;
    let main = part("mods:nonSort").map_or(main.clone(), |article| format!("{article} {main}"));
    Some(part("mods:subTitle").map_or(main.clone(), |subtitle| format!("{main}: {subtitle}")))
}

/// Whether a name is a writer's: its role says so, or it has none.
fn is_author(name: &Element) -> bool {
    let roles = name.descendants("mods:roleTerm");
    let writes = |role: &&Element| {
        matches!(
            role.text().trim().to_ascii_lowercase().as_str(),
            "aut" | "author" | "cre" | "creator" | "jrn"
        )
    };
    roles.is_empty() || roles.iter().any(writes)
}

fn full_name(name: &Element) -> Option<String> {
    let parts = |kind: Option<&str>| {
        let parts = name.children("mods:namePart").filter(|part| part.attribute("type") == kind);
        fields::line(&parts.map(Element::text).collect::<Vec<_>>().join(" "))
    };
    let split =
        [parts(Some("given")), parts(Some("family"))].into_iter().flatten().collect::<Vec<_>>().join(" ");
    fields::line(&split).or_else(|| parts(None))
}

fn of_dublin_core(data: &Element) -> Record {
    let line = |name: &str| data.descendants(name).into_iter().find_map(Element::line);
    let names: Vec<String> = data.descendants("dc:creator").into_iter().filter_map(Element::line).collect();
    let mut record = Record {
        headline: line("dc:title"),
        byline: fields::byline(names.iter().map(String::as_str)),
        language: line("dc:language").and_then(|text| fields::language(&text)),
        ..Record::default()
    };
    if let Some(date) = line("dc:date").or_else(|| line("dcterms:issued")) {
        fields::publish(&mut record, &date);
    }
    let subjects = data.descendants("dc:subject");
    fields::give(&mut record.given, "topic", subjects.into_iter().filter_map(Element::line));
    record
}
