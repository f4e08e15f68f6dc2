//! A *piece* is a stretch of text, marked or not: what the templates put between `<mark>` and `</mark>`.

use serde::Serialize;

/// A piece of text, marked or not.
#[derive(Serialize)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) kind: &'static str,
}

/// A range of bytes, and what it is marked as.
pub(super) type Span = (usize, usize, &'static str);

/// Cuts a text at ranges, which are in order; what lies outside a range has no kind.
pub(super) fn pieces(text: &str, ranges: impl Iterator<Item = (usize, usize, &'static str)>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for (start, end, kind) in ranges {
        let (Some(before), Some(inside)) = (text.get(at..start), text.get(start..end)) else { continue };
        pieces.push(Piece { text: before.to_owned(), kind: "" });
        pieces.push(Piece { text: inside.to_owned(), kind });
        at = end;
    }
    pieces.push(Piece { text: text.get(at..).unwrap_or_default().to_owned(), kind: "" });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}
