//! A *caret* is a query with a mark under the place where it cannot be read.

use crate::render::layout::width;
use crate::render::safe;

/// The query and, below it, the caret under a character (from 0; one past the end is the end), in at most `columns`
/// columns: of a longer query the part around the place is shown.
pub fn caret(query: &str, position: usize, columns: usize) -> [String; 2] {
    let cells: Vec<Cell> = query.chars().map(Cell::of).collect();
    let position = position.min(cells.len());
    let room = columns.max(8) - 2;
    let start = window_start(&cells, position, room);
    let end = window_end(&cells, start, room);
    let mut shown = String::from(if start > 0 { "…" } else { "" });
    let mut column = width(&shown);
    for (at, cell) in cells.iter().enumerate().take(end).skip(start) {
        shown.push_str(&cell.text);
        column += if at < position { cell.width } else { 0 };
    }
    if end < cells.len() {
        shown.push('…');
    }
    [shown, format!("{:column$}^", "")]
}

/// A character as it is shown.
struct Cell {
    text: String,
    width: usize,
}

impl Cell {
    fn of(c: char) -> Self {
        let text = safe::text(c.encode_utf8(&mut [0; 4])).into_owned();
        let width = width(&text);
        Self { text, width }
    }
}

/// The first character shown: the first of all where the place is near, else so many before the place as fill two
/// thirds of the room.
fn window_start(cells: &[Cell], position: usize, room: usize) -> usize {
    let whole: usize = cells[..position].iter().map(|cell| cell.width).sum();
    if whole < room {
        return 0;
    }
    let mut used = 0;
    let before = cells[..position].iter().rev().take_while(|cell| {
        used += cell.width;
        used <= room * 2 / 3
    });
    position - before.count()
}

fn window_end(cells: &[Cell], start: usize, room: usize) -> usize {
    let mut used = 0;
    let inside = cells[start..].iter().take_while(|cell| {
        used += cell.width;
        used <= room
    });
    start + inside.count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(query: &str, position: usize, columns: usize, expected: [&str; 2]) {
        assert_eq!(caret(query, position, columns), expected, "{query:?} at {position} in {columns}");
    }

    #[test]
    fn the_caret_stands_under_the_character() {
        check("a (b", 2, 80, ["a (b", "  ^"]);
        check("a AND", 5, 80, ["a AND", "     ^"]);
        check("", 0, 80, ["", "^"]);
        check("a", 99, 80, ["a", " ^"]);
        check("a\t(b", 2, 80, ["a (b", "  ^"]);
        check("北京 (b", 3, 80, ["北京 (b", "     ^"]);
        check("e\u{301}\u{200b}x (b", 5, 80, ["e\u{301}x (b", "   ^"]);
        check("\x1b[2J(", 4, 80, ["␛[2J(", "    ^"]);
    }

    #[test]
    fn a_long_query_is_shown_around_the_place() {
        check(
            "aaaaaaaaaabbbbbbbbbb(ccccccccccdddddddddd",
            20,
            20,
            ["…aabbbbbbbbbb(ccccc…", "             ^"],
        );
        check("(aaaaaaaaaabbbbbbbbbb", 0, 12, ["(aaaaaaaaa…", "^"]);
        check("aaaaaaaaaabbbbbbbbbb(", 21, 12, ["…bbbbb(", "       ^"]);
    }

    proptest! {
        #[test]
        fn it_always_fits(query in any::<String>(), position in 0usize..200, columns in 8usize..100) {
            for line in caret(&query, position, columns) {
                prop_assert!(width(&line) <= columns, "{line:?}");
            }
        }
    }
}
