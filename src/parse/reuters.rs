//! *Reuters SGML*: the newswire of 1987 as the Reuters-21578 collection marks it up, a thousand stories a file.
//!
//! A story stands between `<REUTERS …>` and `</REUTERS>`; stories are read one by one. Paragraphs start with four
//! spaces and are wrapped at about 65 characters: they become a line each. Lines of tables stay lines.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::ops::ControlFlow;

use crate::article::{Layout, Record};
use crate::parse::pieces::{self, Piece};
use crate::parse::{Emit, Found, ParseError, charset, dates, fields, markup};

/// The most bytes a story may have.
const MAX_RECORD: usize = 16 << 20;

/// What the collection prints in place of a story that was a headline only.
const FILLER: &str = "Blah blah blah.";

const CLOSE: &[u8] = b"</REUTERS>";

/// Reads a file of stories one by one.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let mut record = Vec::new();
    let (mut position, mut start, mut open, mut found) = (0u64, 0u64, false, 0usize);
    loop {
        let before = record.len();
        let (piece, passed) = pieces::next(source, b'>', MAX_RECORD.saturating_sub(before), &mut record)?;
        position += passed;
        let tag = record[before..]
            .iter()
            .rposition(|&byte| byte == b'<')
            .map_or(&[][..], |at| &record[before + at..]);
        let opens = tag.starts_with(b"<REUTERS");
        let closes = open && tag.ends_with(CLOSE);
        let bad = match piece {
            Piece::None | Piece::Last if open => Some("the file ends before its </REUTERS>"),
            Piece::TooLong if open => Some("longer than 16 MiB, expected </REUTERS>"),
            _ if open && opens => Some("another <REUTERS> starts before its </REUTERS>"),
            _ => None,
        };
        let flow = match bad {
            Some(what) => emit(Found::Bad { reason: format!("story at byte {start}: {what}") }),
            None if closes => emit(story(&record)),
            None => ControlFlow::Continue(()),
        };
        found += usize::from(bad.is_some() || closes);
        if flow.is_break() || matches!(piece, Piece::None | Piece::Last) {
            break;
        }
        if opens {
            (open, start) = (true, position - tag.len() as u64);
        } else if closes || bad.is_some() {
            open = false;
        }
        if opens || !open {
            record.clear();
        }
    }
    if found == 0 {
        return Err(ParseError::Failed { reason: "no <REUTERS> story in it".to_owned() });
    }
    Ok(())
}

fn story(record: &[u8]) -> Found {
    let sgml = charset::decode(record);
    let text = element(&sgml, "TEXT").unwrap_or_default();
    let (headline, body) = headline_and_body(text);
    let headline = headline.and_then(|title| fields::line(&plain(title)));
    let dateline = element(text, "DATELINE").map(plain);
    let mut given = BTreeMap::new();
    for (name, facet) in
        [("TOPICS", "topic"), ("PLACES", "country"), ("PEOPLE", "person"), ("ORGS", "organization")]
    {
        let list = element(&sgml, name).unwrap_or_default();
        fields::give(
            &mut given,
            facet,
            list.split("<D>").skip(1).map(|value| plain(value.split("</D>").next().unwrap_or_default())),
        );
    }
    Found::Article(Record {
        headline,
        byline: element(text, "AUTHOR").and_then(|author| byline(&plain(author))),
        dateline: dateline.and_then(|line| fields::line(line.trim().trim_end_matches(['-', ' ']))),
        source: Some("Reuters".to_owned()),
        published: element(&sgml, "DATE").and_then(|date| dates::parse(&plain(date))),
        language: Some("en".to_owned()),
        body,
        given,
        layout: Layout::Wire,
        ..Record::default()
    })
}

/// The content of the first element of this name; up to the end where it is never closed.
fn element<'a>(sgml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = sgml.split_once(&format!("<{name}"))?;
    let (_, rest) = rest.split_once('>')?;
    Some(rest.split_once(&format!("</{name}>")).map_or(rest, |(content, _)| content))
}

/// Stories have TITLE and BODY; briefs their text after the title; unprocessed ones text only, whose first line is
/// the headline where it is all capitals.
fn headline_and_body(text: &str) -> (Option<&str>, String) {
    let title = element(text, "TITLE");
    if let Some(body) = element(text, "BODY") {
        return (title, paragraphs(&plain(body)));
    }
    if let Some((_, rest)) = text.split_once("</TITLE>") {
        let rest = rest.split_once("</DATELINE>").map_or(rest, |(_, after)| after);
        let body = paragraphs(&plain(rest));
        return (title, if body.trim() == FILLER { String::new() } else { body });
    }
    let start = text
        .split_once('\n')
        .map_or(text, |(first, rest)| if plain(first).trim().is_empty() { rest } else { text });
    match start.split_once('\n') {
        Some((first, rest)) if is_capitals(first) => (Some(first), paragraphs(&plain(rest))),
        _ => (None, paragraphs(&plain(start))),
    }
}

fn is_capitals(line: &str) -> bool {
    // "&lt;" is a bracket, not lower case.
    let line = markup::decode(line);
    !line.starts_with(' ') && line.chars().any(char::is_uppercase) && !line.chars().any(char::is_lowercase)
}

fn byline(author: &str) -> Option<String> {
    let author = author.trim().trim_end_matches(['.', ',']);
    let agency =
        [", Reuters", ", Reuter", ", REUTERS", ", REUTER"].iter().find_map(|end| author.strip_suffix(end));
    fields::byline([agency.unwrap_or(author)])
}

/// The text with references decoded and those to control characters dropped.
fn plain(sgml: &str) -> String {
    let mut text = String::with_capacity(sgml.len());
    let mut rest = sgml;
    while let Some((before, after)) = rest.split_once("&#") {
        text.push_str(before);
        let (number, tail) = after.split_at(after.bytes().take(7).take_while(u8::is_ascii_digit).count());
        let code = number.parse().ok().zip(tail.strip_prefix(';'));
        rest = match code.and_then(|(code, tail)| char::from_u32(code).map(|c| (c, tail))) {
            Some((c, tail)) => {
                text.extend((!c.is_control() || c == '\t').then_some(c));
                tail
            }
            None => {
                text.push_str("&#");
                after
            }
        };
    }
    text.push_str(rest);
    markup::decode(&text).into_owned()
}

/// Joins the wrapped lines of paragraphs, each of which starts with a space.
fn paragraphs(text: &str) -> String {
    let mut body = String::with_capacity(text.len());
    let mut joins = false;
    for line in text.lines() {
        let trimmed = line.trim();
        let table = trimmed.contains("   ") || trimmed.contains("....");
        if joins && !table && !line.starts_with([' ', '\t']) && !trimmed.is_empty() {
            body.push(' ');
        } else if !body.is_empty() && !body.ends_with('\n') {
            body.push('\n');
        }
        body.push_str(trimmed);
        joins = !table && !trimmed.is_empty();
    }
    body
}
