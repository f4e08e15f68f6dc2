//! A *line* is a run of painted pieces of safe text; here lines are wrapped, cut and padded to columns.
//!
//! A column is what a terminal gives a Latin letter; Chinese, Japanese and Korean characters take two.

use std::io;
use std::io::Write;
use std::mem;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::render::safe;
use crate::render::style::Paint;
use crate::render::style::Style;

/// Wide punctuation that does not begin a line.
const CLOSING: &str = "、。，．：；！？）］｝」』】》〉〕〗";

/// A run of painted pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    pieces: Vec<Piece>,
    width: usize,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Piece {
    text: String,
    paint: Paint,
}

/// A byte range of a text, and the paint it gets.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) range: Range<usize>,
    pub(crate) paint: Paint,
}

impl Mark {
    pub(crate) fn new(range: [u32; 2], paint: Paint) -> Self {
        Self { range: range[0] as usize..range[1] as usize, paint }
    }

    /// The mark in the text that begins at a byte of this one; `None` where it begins before.
    pub(crate) fn since(&self, start: usize) -> Option<Self> {
        let range = self.range.start.checked_sub(start)?..self.range.end.checked_sub(start)?;
        Some(Self { range, paint: self.paint })
    }
}

impl Line {
    pub(crate) fn new(text: &str, paint: Paint) -> Self {
        let mut line = Self::default();
        line.push(text, paint);
        line
    }

    /// Text with marks, which are in order; one that overlaps the one before or cuts a character is left out.
    pub(crate) fn marked(text: &str, marks: &[Mark], paint: Paint) -> Self {
        let mut line = Self::default();
        let mut at = 0;
        for mark in marks {
            let before = text.get(at..mark.range.start);
            let marked = text.get(mark.range.clone());
            if let (Some(before), Some(marked)) = (before, marked) {
                line.push(before, paint);
                line.push(marked, mark.paint);
                at = mark.range.end;
            }
        }
        line.push(text.get(at..).unwrap_or_default(), paint);
        line
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Whether a piece has that paint.
    pub(crate) fn has(&self, paint: Paint) -> bool {
        self.pieces.iter().any(|piece| piece.paint == paint)
    }

    pub(crate) fn push(&mut self, text: &str, paint: Paint) {
        for c in safe::text(text).chars() {
            self.put(c, paint);
        }
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.width += other.width;
        for piece in other.pieces {
            match self.pieces.last_mut() {
                Some(last) if last.paint == piece.paint => last.text.push_str(&piece.text),
                _ => self.pieces.push(piece),
            }
        }
    }

    /// Adds spaces up to a width.
    pub(crate) fn pad(&mut self, width: usize) {
        let missing = width.saturating_sub(self.width);
        self.push(&" ".repeat(missing), Paint::Plain);
    }

    /// The line cut to a width, `…` at its end where something is missing.
    pub(crate) fn cut(self, width: usize) -> Self {
        if self.width <= width {
            return self;
        }
        let mut cut = Self::default();
        let characters = self.pieces.iter().flat_map(|piece| piece.text.chars().map(|c| (c, piece.paint)));
        for (c, paint) in characters {
            if cut.width + columns(c) >= width {
                break;
            }
            cut.put(c, paint);
        }
        cut.push("…", Paint::Dim);
        cut
    }

    /// The end of the line in a width, `…` before it where something is missing.
    pub(crate) fn cut_front(self, width: usize) -> Self {
        if self.width <= width {
            return self;
        }
        let characters: Vec<(char, Paint)> =
            self.pieces.iter().flat_map(|piece| piece.text.chars().map(|c| (c, piece.paint))).collect();
        let mut left = width.saturating_sub(1);
        let fits = |(c, _): &&(char, Paint)| match left.checked_sub(columns(*c)) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        };
        let kept = characters.iter().rev().take_while(fits).count();
        let mut cut = Self::new("…", Paint::Dim);
        for (c, paint) in &characters[characters.len() - kept..] {
            cut.put(*c, *paint);
        }
        cut
    }

    /// The line broken into lines of at most a width of 2 or more: between words, between wide characters, and
    /// within a word only where it is wider than a line. White space shrinks to one space.
    pub(crate) fn wrap(&self, width: usize) -> Vec<Self> {
        let mut lines = Vec::new();
        let mut line = Self::default();
        for word in self.words(width.max(2)) {
            let gap = usize::from(word.spaced && !line.is_empty());
            if !line.is_empty() && line.width + gap + word.line.width > width {
                lines.push(mem::take(&mut line));
            }
            if word.spaced && !line.is_empty() {
                line.put(' ', line.joint(&word.line));
            }
            line.append(word.line);
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// Writes the line with an indent, without white space at its end.
    pub(crate) fn write_line(&self, out: &mut dyn Write, style: Style, indent: usize) -> io::Result<()> {
        let blank = |piece: &Piece| piece.text.trim().is_empty();
        let end = self.pieces.iter().rposition(|piece| !blank(piece)).map_or(0, |last| last + 1);
        if end > 0 {
            write!(out, "{:indent$}", "")?;
        }
        for (at, piece) in self.pieces[..end].iter().enumerate() {
            let text = if at + 1 == end { piece.text.trim_end() } else { &piece.text };
            style.write(out, piece.paint, text)?;
        }
        out.write_all(b"\n")
    }

    fn words(&self, most: usize) -> Vec<Word> {
        let mut words = Vec::new();
        let mut word = Word::default();
        for piece in &self.pieces {
            for c in piece.text.chars() {
                if c.is_whitespace() && c != '\u{a0}' {
                    word.end(&mut words);
                    word.spaced = true;
                    continue;
                }
                if word.breaks_before(c, most) {
                    word.end(&mut words);
                }
                word.wide = columns(c) == 2;
                word.line.put(c, piece.paint);
            }
        }
        word.end(&mut words);
        words
    }

    /// The paint of a space between two lines: theirs, where it is the same.
    fn joint(&self, next: &Self) -> Paint {
        let before = self.pieces.last().map(|piece| piece.paint);
        before
            .filter(|paint| next.pieces.first().is_some_and(|piece| piece.paint == *paint))
            .unwrap_or_default()
    }

    /// Adds a character that is safe.
    fn put(&mut self, c: char, paint: Paint) {
        self.width += columns(c);
        match self.pieces.last_mut() {
            Some(last) if last.paint == paint => last.text.push(c),
            _ => self.pieces.push(Piece { text: c.to_string(), paint }),
        }
    }
}

/// Columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn columns(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// A stretch that a line does not break in.
#[derive(Default)]
struct Word {
    line: Line,
    /// Whether white space stands before it.
    spaced: bool,
    /// Whether its last character is wide.
    wide: bool,
}

impl Word {
    fn breaks_before(&self, c: char, most: usize) -> bool {
        let columns = columns(c);
        let between_wide = (columns == 2 || self.wide) && columns > 0 && !CLOSING.contains(c);
        !self.line.is_empty() && (between_wide || self.line.width + columns > most)
    }

    fn end(&mut self, words: &mut Vec<Self>) {
        if !self.line.is_empty() {
            words.push(mem::take(self));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(line: &Line) -> String {
        line.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    fn check_wrap(text: &str, width: usize, expected: &[&str]) {
        let lines: Vec<String> = Line::new(text, Paint::Plain).wrap(width).iter().map(plain).collect();
        assert_eq!(lines, expected, "{text:?} in {width}");
    }

    #[test]
    fn lines_break_between_words_and_wide_characters() {
        check_wrap("one two three", 8, &["one two", "three"]);
        check_wrap("  one \t two  ", 20, &["one two"]);
        check_wrap("unbreakable", 4, &["unbr", "eaka", "ble"]);
        check_wrap("中国外交部发言人", 6, &["中国外", "交部发", "言人"]);
        check_wrap("中国外，交部", 6, &["中国", "外，交", "部"]);
        check_wrap("in 北京 today", 7, &["in 北京", "today"]);
        check_wrap("", 10, &[]);
    }

    #[test]
    fn a_long_line_is_cut_with_an_ellipsis() {
        for (text, width, expected) in
            [("short", 5, "short"), ("longer", 5, "long…"), ("北京市", 5, "北京…"), ("北京市", 4, "北…")]
        {
            assert_eq!(plain(&Line::new(text, Paint::Plain).cut(width)), expected, "{text} in {width}");
        }
    }

    #[test]
    fn a_long_path_is_cut_at_its_front() {
        for (text, width, expected) in [
            ("short", 5, "short"),
            ("a/longer.txt", 8, "…ger.txt"),
            ("新/北京市", 5, "…京市"),
            ("北京", 1, "…"),
        ] {
            assert_eq!(plain(&Line::new(text, Paint::Plain).cut_front(width)), expected, "{text} in {width}");
        }
    }

    #[test]
    fn marks_that_fit_nothing_are_left_out() {
        let mark = |range: Range<u32>| Mark::new([range.start, range.end], Paint::Match);
        for (marks, expected) in [
            (vec![mark(0..3), mark(5..8)], vec!["né", "sir"]),
            (vec![mark(2..4)], vec![]),
            (vec![mark(0..3), mark(1..4)], vec!["né"]),
            (vec![mark(4..99), Mark::new([5, 3], Paint::Match)], vec![]),
        ] {
            let line = Line::marked("née sir", &marks, Paint::Plain);
            let marked = line.pieces.iter().filter(|piece| piece.paint == Paint::Match);
            let texts: Vec<&str> = marked.map(|piece| piece.text.as_str()).collect();
            assert_eq!(plain(&line), "née sir", "{marks:?}");
            assert_eq!(texts, expected, "{marks:?}");
        }
    }

    proptest! {
        #[test]
        fn wrapped_lines_fit_and_lose_nothing(text in "[a-zé中文，。 \u{301}]{0,80}", width in 4usize..30) {
            let lines = Line::new(&text, Paint::Plain).wrap(width);
            for line in &lines {
                prop_assert!(line.width() <= width || plain(line).ends_with(|c| CLOSING.contains(c)));
                prop_assert_eq!(line.width(), super::width(&plain(line)));
            }
            let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(squeezed(&lines.iter().map(plain).collect::<String>()), squeezed(&text));
        }

        #[test]
        fn a_cut_line_fits(text in any::<String>(), width in 1usize..30) {
            prop_assert!(Line::new(&text, Paint::Plain).cut(width).width() <= width);
            prop_assert!(Line::new(&text, Paint::Plain).cut_front(width).width() <= width);
        }
    }
}
