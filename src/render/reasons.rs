//! The *reasons* of an article's mentions: each form that stands in it, what it was taken for, by which rule, and the
//! evidence for and against. Places that were looked at and do not count are told too.

use std::collections::hash_map::Entry;
use std::io;
use std::io::Write;

use rustc_hash::FxHashMap;

use crate::article::Kind;
use crate::article::Place;
use crate::article::Provenance;
use crate::article::Reason;
use crate::article::Tag;
use crate::render::layout::Line;
use crate::render::style::Paint;
use crate::render::style::Style;
use crate::search::response::FullArticle;

/// The rule that adds evidence up.
const OPEN: &str = "open name";
/// Columns that a reason is indented by.
const INDENT: usize = 4;

/// Writes the reasons, equal ones together.
///
/// # Errors
/// Those of the writer.
pub fn show(full: &FullArticle, reasons: &[Reason], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let kinds = [Kind::Person, Kind::Country, Kind::Topic];
    let unnamed: Vec<&Tag> =
        full.tags.tags.iter().filter(|tag| tag.mentions == 0 && kinds.contains(&tag.field)).collect();
    if reasons.is_empty() && unnamed.is_empty() {
        return writeln!(out, "\nno persons, countries or topics, and nothing that looks like one");
    }
    let starts = starts(&full.article.body);
    for (heading, counts) in [("what counts, and why", true), ("what does not count, and why", false)] {
        let groups = groups(reasons.iter().filter(|reason| reason.value.is_some() == counts));
        let unnamed = if counts { unnamed.as_slice() } else { &[] };
        if groups.is_empty() && unnamed.is_empty() {
            continue;
        }
        writeln!(out)?;
        Line::new(heading, Paint::Strong).write_line(out, style, 0)?;
        for group in groups {
            one(&starts, &group, style, out)?;
        }
        for tag in unnamed {
            without_mention(tag, style, out)?;
        }
    }
    Ok(())
}

/// A tag that headline and body do not name.
fn without_mention(tag: &Tag, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut line = Line::new(&tag.value, Paint::Entity(tag.field));
    line.push(&format!(" · {}, not named in the text", tag.field.name()), Paint::Plain);
    write(&line, 2, style, out)?;
    let by = match tag.provenance {
        Provenance::Given => "the source says so",
        Provenance::Learned => "its words are those of the articles it was learned from",
        _ => "the dateline says so",
    };
    write(&Line::new(&format!("+ {by}"), Paint::Dim), INDENT, style, out)
}

/// Reasons that say the same of the same text, in the order of the first of each.
fn groups<'a>(reasons: impl Iterator<Item = &'a Reason>) -> Vec<Vec<&'a Reason>> {
    let mut places: FxHashMap<_, usize> = FxHashMap::default();
    let mut groups: Vec<Vec<&Reason>> = Vec::new();
    for reason in reasons {
        let Reason { field, value, text, rule, pros, cons, .. } = reason;
        match places.entry((field, value, text, rule, pros, cons)) {
            Entry::Occupied(place) => groups[*place.get()].push(reason),
            Entry::Vacant(place) => {
                place.insert(groups.len());
                groups.push(vec![reason]);
            }
        }
    }
    groups
}

fn one(starts: &[usize], group: &[&Reason], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let first = group[0];
    let mut line = Line::default();
    let paint = if first.value.is_some() { Paint::Entity(first.field) } else { Paint::Plain };
    line.push(&first.text.replace('\n', " "), paint);
    if let Some(value) = first.value.as_deref().filter(|value| *value != first.text) {
        line.push(" = ", Paint::Dim);
        line.push(value, Paint::Plain);
    }
    let mut said = format!(" · {}, {}", first.field.name(), first.rule);
    if first.rule == OPEN {
        said.push_str(&format!(", score {} of 1", first.score));
    }
    line.push(&said, Paint::Plain);
    line.push(&format!(" · {}", places(starts, group)), Paint::Dim);
    let weight: f32 = group.iter().map(|reason| reason.weight).sum();
    if first.value.is_some() && first.field == Kind::Country {
        line.push(&format!(" · weighs {weight}"), Paint::Dim);
    }
    write(&line, 2, style, out)?;
    for (sign, texts) in [("+ ", &first.pros), ("- ", &first.cons)] {
        for text in texts {
            write(&Line::new(&format!("{sign}{text}"), Paint::Dim), INDENT, style, out)?;
        }
    }
    Ok(())
}

fn write(line: &Line, indent: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for (number, row) in line.wrap(style.prose().saturating_sub(indent + 2).max(8)).into_iter().enumerate() {
        row.write_line(out, style, if number == 0 { indent } else { indent + 2 })?;
    }
    Ok(())
}

/// Where they stand: `headline, paragraphs 1, 4`.
fn places(starts: &[usize], group: &[&Reason]) -> String {
    let mut said = String::new();
    let mut paragraphs: Vec<String> = Vec::new();
    for reason in group {
        match reason.place {
            Place::Headline => said = "headline".to_owned(),
            Place::Body => {
                let before = |start: &usize| *start <= reason.range[0] as usize;
                paragraphs.push(starts.partition_point(before).to_string());
            }
        }
    }
    paragraphs.dedup();
    let noun = if paragraphs.len() == 1 { "paragraph" } else { "paragraphs" };
    match (said.is_empty(), paragraphs.is_empty()) {
        (_, true) => said,
        (true, false) => format!("{noun} {}", paragraphs.join(", ")),
        (false, false) => format!("{said}, {noun} {}", paragraphs.join(", ")),
    }
}

/// First bytes of the paragraphs of a text; empty lines are none.
fn starts(body: &str) -> Vec<usize> {
    let mut start = 0;
    let mut starts = Vec::new();
    for line in body.split_inclusive('\n') {
        if !line.trim().is_empty() {
            starts.push(start);
        }
        start += line.len();
    }
    starts
}
