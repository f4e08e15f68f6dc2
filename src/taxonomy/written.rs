//! What is *written* in a TOML file as a string has places there: the line and the column of each of its characters.

use toml::Spanned;

/// Where the characters of a string stand in its file: the lines and columns of some, from which the others follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places(Vec<Known>);

/// A character of a string, from 0, and where it stands, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    character: usize,
    line: usize,
    column: usize,
}

impl Places {
    /// The places of a string of the file `text`.
    pub(super) fn written(text: &str, string: &Spanned<String>) -> Self {
        let span = string.span();
        let (Some(before), Some(raw)) = (text.get(..span.start), text.get(span)) else {
            return Self::default();
        };
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let mut walk = Walk { places: Self::default(), line, column, character: 0 };
        walk.string(raw);
        walk.places
    }

    /// The line and the column of a character.
    pub(super) fn of(&self, character: usize) -> Option<(usize, usize)> {
        let last = self.0.iter().rev().find(|known| known.character <= character)?;
        Some((last.line, last.column + (character - last.character)))
    }

    /// Moves all characters on.
    pub(super) fn moved(&mut self, by: usize) {
        self.0.iter_mut().for_each(|known| known.character += by);
    }

    /// Adds the places of a string that begins at a character of the whole.
    pub(super) fn add(&mut self, start: usize, mut more: Self) {
        more.moved(start);
        self.0.extend(more.0);
    }
}

/// A walk over a string as it is written.
struct Walk {
    places: Places,
    line: usize,
    column: usize,
    /// The character of the string that comes next.
    character: usize,
}

impl Walk {
    fn string(&mut self, raw: &str) {
        let quote = if raw.starts_with('"') { "\"" } else { "'" };
        let triple = quote.repeat(3);
        let open = if raw.len() >= 6 && raw.starts_with(&triple) { 3 } else { 1 };
        self.column += open;
        let mut rest = raw.get(open..raw.len().saturating_sub(open)).unwrap_or_default();
        // A line break right after three quotes is no part of the string.
        if let Some(after) =
            rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).filter(|_| open == 3)
        {
            self.next_line();
            rest = after;
        }
        self.note();
        while let Some(first) = rest.chars().next() {
            let taken = match first {
                '\\' if quote == "\"" => self.escape(rest),
                '\n' => {
                    self.character += 1;
                    self.next_line();
                    self.note();
                    1
                }
                _ => {
                    (self.character, self.column) = (self.character + 1, self.column + 1);
                    first.len_utf8()
                }
            };
            rest = rest.get(taken..).unwrap_or_default();
        }
    }

    /// Passes an escape; gives its bytes. One at the end of a line swallows the blanks that follow.
    fn escape(&mut self, rest: &str) -> usize {
        let after = rest.get(1..).unwrap_or_default();
        if after.trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
            let blank = after.len() - after.trim_start().len();
            for c in after[..blank].chars() {
                if c == '\n' { self.next_line() } else { self.column += 1 }
            }
            self.note();
            return 1 + blank;
        }
        let length = match after.chars().next() {
            Some('x') => 4,
            Some('u') => 6,
            Some('U') => 10,
            _ => 2,
        };
        (self.character, self.column) = (self.character + 1, self.column + length);
        self.note();
        length
    }

    fn next_line(&mut self) {
        (self.line, self.column) = (self.line + 1, 1);
    }

    fn note(&mut self) {
        self.places.0.push(Known { character: self.character, line: self.line, column: self.column });
    }
}
