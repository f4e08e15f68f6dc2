//! *TREC SGML*: the newspapers and wires of the retrieval collections (TREC disks 1–5, AQUAINT, Gigaword, CLEF, NTCIR),
//! many stories a file, each between `<DOC …>` and `</DOC>` with a `DOCNO`.
//!
//! No two collections name their fields alike: `story` says which tags are which. Tags it does not know are looked
//! into, numbers of desks and notes to editors are left out. A story's number says where in the file it stands, and its day where no field
//! does; one with a `DOCHDR` is a page of a web crawl, read as such.

mod story;

use std::io::BufRead;
use std::ops::ControlFlow;

use crate::parse::pieces::{self, Piece};
use crate::parse::{Context, Emit, Found, MAX_ARTICLE_BYTES, ParseError, charset};

/// Reads a file of stories one by one.
pub(super) fn read(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let mut record = Vec::new();
    let (mut position, mut start, mut open, mut found) = (0u64, 0u64, false, 0usize);
    loop {
        let before = record.len();
        let room = MAX_ARTICLE_BYTES.saturating_sub(before);
        let (piece, passed) = pieces::next(source, b'>', room, &mut record)?;
        position += passed;
        let tag = record[before..].iter().rposition(|&byte| byte == b'<');
        let tag = tag.map_or(record.len(), |at| before + at);
        let (opens, closes) = (opens(&record[tag..]), open && closes(&record[tag..]));
        let bad = match piece {
            Piece::None | Piece::Last if open => Some("the file ends before its </DOC>"),
            Piece::TooLong if open => Some("longer than 16 MiB, expected </DOC>"),
            _ if open && opens => Some("another <DOC> starts before its </DOC>"),
            _ => None,
        };
        let flow = match bad {
            Some(what) => emit(Found::Bad { reason: format!("story at byte {start}: {what}") }),
            None if closes => story(&record, start, context, emit),
            None => ControlFlow::Continue(()),
        };
        found += usize::from(bad.is_some() || closes);
        if flow.is_break() || matches!(piece, Piece::None | Piece::Last) {
            break;
        }
        if opens {
            (open, start) = (true, position - (record.len() - tag) as u64);
            record.drain(..tag);
        } else if closes || bad.is_some() {
            open = false;
        }
        if !open {
            record.clear();
        }
    }
    if found == 0 {
        return Err(ParseError::Failed { reason: "no <DOC> story in it".to_owned() });
    }
    Ok(())
}

fn story(record: &[u8], start: u64, context: &Context<'_>, emit: &mut Emit<'_>) -> ControlFlow<()> {
    let sgml = charset::decode(record);
    if let Some(page) = story::page(&sgml) {
        let complete = |record| page.complete(record);
        return context.member_with(page.number(), &mut page.html.as_bytes(), &complete, emit);
    }
    let found = match story::record(&sgml) {
        record if record.headline.is_none() && record.body.trim().is_empty() => {
            let name = record.inside.unwrap_or_else(|| format!("story at byte {start}"));
            Found::NotAnArticle { reason: format!("{name}: no text in it") }
        }
        record => Found::Article(record),
    };
    emit(found)
}

fn opens(tag: &[u8]) -> bool {
    let named = tag.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"<DOC"));
    named && tag.get(4).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>')
}

fn closes(tag: &[u8]) -> bool {
    tag.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"</DOC"))
        && tag.get(5).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>')
}

#[cfg(test)]
mod tests;
