//! An *article on the page* is all that is known of it, then its text with the mentions marked.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use crate::article::Article;
use crate::article::DateOrigin;
use crate::article::Grade;
use crate::article::Kind;
use crate::article::Location;
use crate::article::Mention;
use crate::article::Place;
use crate::article::Provenance;
use crate::article::Tag;
use crate::render::layout::Line;
use crate::render::layout::Mark;
use crate::render::layout::width;
use crate::render::style::Paint;
use crate::render::style::Style;
use crate::search::response::FullArticle;

/// Columns of what stands before a value.
const LABEL: usize = 13;

/// Writes an article as a reader wants it: tags by facet, then the text.
///
/// # Errors
/// Those of the writer.
pub fn show(full: &FullArticle, style: Style, out: &mut dyn Write) -> io::Result<()> {
    head(full, style, out)?;
    grouped_tags(&full.tags.tags, style, out)?;
    given(&full.article.given, style, out)?;
    body(full, style, out)
}

/// Writes an article as one who checks the tagging wants it: every tag with its reasons, what was taken out, the text.
///
/// # Errors
/// Those of the writer.
pub fn examine(full: &FullArticle, style: Style, out: &mut dyn Write) -> io::Result<()> {
    head(full, style, out)?;
    given(&full.article.given, style, out)?;
    reasoned_tags(&full.tags.tags, style, out)?;
    removed(&full.article.removed, style, out)?;
    body(full, style, out)
}

fn head(full: &FullArticle, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let article = &full.article;
    let marks = marks(&full.tags.mentions, Place::Headline);
    for line in Line::marked(&article.headline, &marks, Paint::Strong).wrap(style.prose()) {
        line.write_line(out, style, 0)?;
    }
    writeln!(out)?;
    labelled("id", &full.id.to_string(), style, out)?;
    labelled("published", &published(article), style, out)?;
    for (label, value) in [
        ("source", &article.source),
        ("section", &article.section),
        ("byline", &article.byline),
        ("dateline", &article.dateline),
        ("language", &article.language),
        ("url", &article.url),
    ] {
        if let Some(value) = value {
            labelled(label, value, style, out)?;
        }
    }
    for (at, place) in full.locations.iter().enumerate() {
        labelled(if at == 0 { "path" } else { "" }, &location(place), style, out)?;
    }
    Ok(())
}

fn published(article: &Article) -> String {
    let Some(date) = article.published else { return "undated".to_owned() };
    match article.published_from {
        None | Some(DateOrigin::Metadata) => date.to_string(),
        Some(DateOrigin::Url) => format!("{date} (from the web address)"),
        Some(DateOrigin::Dateline) => format!("{date} (from the dateline)"),
        Some(DateOrigin::Filename) => format!("{date} (from the file's name)"),
        Some(DateOrigin::Path) => format!("{date} (from the folders' names)"),
    }
}

fn location(place: &Location) -> String {
    match place.record {
        0 => place.path.clone(),
        record => format!("{} (record {record})", place.path),
    }
}

/// A line that is never broken, so that addresses and paths can be copied.
fn labelled(label: &str, value: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut line = Line::new(label, Paint::Dim);
    line.pad(LABEL);
    line.push(value, Paint::Plain);
    line.write_line(out, style, 0)
}

fn grouped_tags(tags: &[Tag], style: Style, out: &mut dyn Write) -> io::Result<()> {
    if !tags.is_empty() {
        writeln!(out)?;
    }
    for kind in [Kind::Person, Kind::Country, Kind::Topic, Kind::Keyphrase, Kind::Organization] {
        for (grade, label) in [(Grade::About, kind.name()), (Grade::Mentioned, "  mentioned")] {
            let paint = if grade == Grade::About { Paint::Entity(kind) } else { Paint::Plain };
            let values = tags.iter().filter(|tag| tag.field == kind && tag.grade == grade);
            let values: Vec<&str> = values.map(|tag| tag.value.as_str()).collect();
            list(label, &values, paint, style, out)?;
        }
    }
    Ok(())
}

fn given(given: &BTreeMap<String, Vec<String>>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let values: Vec<String> = given
        .iter()
        .flat_map(|(facet, values)| values.iter().map(move |value| format!("{facet}: {value}")))
        .collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    list("given", &values, Paint::Plain, style, out)
}

/// Values after a label, wrapped below each other.
fn list(label: &str, values: &[&str], paint: Paint, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut line = Line::default();
    for (at, value) in values.iter().enumerate() {
        line.push(if at > 0 { " · " } else { "" }, Paint::Dim);
        line.push(value, paint);
    }
    let room = style.prose().saturating_sub(LABEL).max(8);
    for (at, part) in line.wrap(room).into_iter().enumerate() {
        let mut row = Line::new(if at == 0 { label } else { "" }, Paint::Dim);
        row.pad(LABEL);
        row.append(part);
        row.write_line(out, style, 0)?;
    }
    Ok(())
}

/// A table: facet, value, code, grade, salience, provenance, mentions.
fn reasoned_tags(tags: &[Tag], style: Style, out: &mut dyn Write) -> io::Result<()> {
    if tags.is_empty() {
        return writeln!(out, "\nno tags");
    }
    writeln!(out)?;
    let value_width = tags.iter().map(|tag| width(&tag.value)).max().unwrap_or_default().min(40);
    let code_width = tags.iter().map(|tag| tag.code.as_deref().map_or(1, width)).max().unwrap_or_default();
    for tag in tags {
        let mut line = Line::new(tag.field.name(), Paint::Dim);
        line.pad(14);
        line.append(Line::new(&tag.value, Paint::Entity(tag.field)).cut(value_width));
        line.pad(16 + value_width);
        line.push(tag.code.as_deref().unwrap_or("–"), Paint::Plain);
        line.pad(18 + value_width + code_width);
        line.push(&reasons(tag), Paint::Plain);
        line.write_line(out, style, 0)?;
    }
    Ok(())
}

fn reasons(tag: &Tag) -> String {
    let grade = match tag.grade {
        Grade::About => "about",
        Grade::Mentioned => "mentioned",
    };
    let provenance = match tag.provenance {
        Provenance::Given => "given",
        Provenance::Dictionary => "dictionary",
        Provenance::Name => "name",
        Provenance::Query => "query",
        Provenance::Phrase => "phrase",
        Provenance::Learned => "learned",
    };
    let mentions = match tag.mentions {
        1 => "1 mention".to_owned(),
        more => format!("{more} mentions"),
    };
    format!("{grade:<9}  {:.2}  {provenance:<10}  {mentions}", tag.salience)
}

fn removed(removed: &[String], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let lines: Vec<&str> = removed.iter().flat_map(|part| part.lines()).collect();
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nremoved")?;
    for line in lines {
        let line = Line::new(line, Paint::Dim).cut(style.prose().saturating_sub(4));
        let mut row = Line::new("- ", Paint::Dim);
        row.append(line);
        row.write_line(out, style, 2)?;
    }
    Ok(())
}

/// The text, an empty line before every paragraph.
fn body(full: &FullArticle, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let body = &full.article.body;
    let mentions: Vec<Mark> = marks(&full.tags.mentions, Place::Body);
    let mut rest = mentions.as_slice();
    let mut start = 0;
    for paragraph in body.split('\n') {
        let end = start + paragraph.len();
        let (here, after) = rest.split_at(rest.partition_point(|mark| mark.range.start < end));
        rest = after;
        let marks: Vec<Mark> = here.iter().filter_map(|mark| mark.since(start)).collect();
        let lines = Line::marked(paragraph, &marks, Paint::Plain).wrap(style.prose());
        if !lines.is_empty() {
            writeln!(out)?;
        }
        for line in lines {
            line.write_line(out, style, 0)?;
        }
        start += paragraph.len() + 1;
    }
    Ok(())
}

/// The mentions in a field, in order.
fn marks(mentions: &[Mention], place: Place) -> Vec<Mark> {
    let here = mentions.iter().filter(|mention| mention.place == place);
    let mut marks: Vec<Mark> = here.map(|m| Mark::new(m.range, Paint::Entity(m.field))).collect();
    marks.sort_by_key(|mark| mark.range.start);
    marks
}
