//! *Fitting* finds where a passage begins and ends: at sentences where they fit, else at words, where there are none at
//! characters.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::sentence::sentences;
use crate::snippet::MAX_CHARS;

/// Characters before what matched in a sentence that is too long, at most, where the text goes on after it.
const BEFORE: usize = MAX_CHARS / 3;
/// How many characters from where a passage would be cut a space is looked for.
const SEEK: usize = 40;
/// Characters that may belong to the one before them.
const MAX_JOINED: usize = 16;

/// The sentences of a text, with what is marked there.
pub(super) struct Layout<'a> {
    pub(super) text: &'a str,
    marks: &'a [Range<usize>],
    sentences: Vec<Sentence>,
}

struct Sentence {
    range: Range<usize>,
    /// The characters of the text before its start, and before its end.
    chars: Range<usize>,
    /// Whether it begins a paragraph.
    begins: bool,
}

impl<'a> Layout<'a> {
    pub(super) fn of(text: &'a str, marks: &'a [Range<usize>]) -> Self {
        let (mut bytes, mut chars) = (0, 0);
        let mut sentence = |range: Range<usize>| {
            let between = &text[bytes..range.start];
            let start = chars + between.chars().count();
            (bytes, chars) = (range.end, start + text[range.clone()].chars().count());
            Sentence { range, chars: start..chars, begins: between.contains('\n') }
        };
        Self { text, marks, sentences: sentences(text).into_iter().map(&mut sentence).collect() }
    }

    /// A range with whatever mark reaches into it.
    pub(super) fn with_marks(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.cut_mark(range.start).map_or(range.start, |mark| mark.start);
        start..self.cut_mark(range.end).map_or(range.end, |mark| mark.end)
    }

    /// The marks that reach into a range.
    pub(super) fn marks_in(&self, range: &Range<usize>) -> &'a [Range<usize>] {
        let first = self.marks.partition_point(|mark| mark.end <= range.start);
        let end = self.marks.partition_point(|mark| mark.start < range.end);
        &self.marks[first..end.max(first)]
    }

    /// Whether a range can be shown as a whole.
    pub(super) fn can_show(&self, range: &Range<usize>) -> bool {
        let text = &self.text[range.clone()];
        text.len() <= 4 * MAX_CHARS && text.chars().count() <= MAX_CHARS && !text.contains('\n')
    }

    /// The passage that shows a range, as far as it lies in a room: its sentences and the next ones of the paragraph that
    /// fit, or a piece of its sentences where they are too long.
    pub(super) fn fit(&self, seed: &Range<usize>, room: &Range<usize>) -> Range<usize> {
        let first = self.sentence_at(seed.start);
        let last = self.sentence_at(seed.end.saturating_sub(1)).max(first);
        let core = self.sentences[first].range.start..self.sentences[last].range.end;
        let is_whole = room.start <= core.start && core.end <= room.end;
        if is_whole && self.chars(first, last) <= MAX_CHARS && !self.breaks(first, last) {
            return self.widen(first, last, room.end);
        }
        // A seed in two paragraphs cannot be shown as a whole; of it what is in the first is shown.
        let last = (first + 1..=last).find(|at| self.sentences[*at].begins).map_or(last, |at| at - 1);
        let end = self.sentences[last].range.end;
        let room = room.start.max(core.start)..room.end.min(end);
        cut(self, &(seed.start..seed.end.min(end)), &room)
    }

    fn widen(&self, first: usize, last: usize, end: usize) -> Range<usize> {
        let start = self.sentences[first].range.start;
        let mut best = self.sentences[last].range.end;
        for (at, next) in self.sentences.iter().enumerate().skip(last + 1) {
            if next.begins || next.range.end > end || self.chars(first, at) > MAX_CHARS {
                break;
            }
            if self.cut_mark(next.range.end).is_none() {
                best = next.range.end;
            }
        }
        start..best
    }

    fn chars(&self, first: usize, last: usize) -> usize {
        self.sentences[last].chars.end - self.sentences[first].chars.start
    }

    /// Whether a paragraph begins between the first and the last of some sentences.
    fn breaks(&self, first: usize, last: usize) -> bool {
        self.sentences[first + 1..=last].iter().any(|sentence| sentence.begins)
    }

    /// The number of the sentence that holds a byte, or of the next one.
    fn sentence_at(&self, at: usize) -> usize {
        let next = self.sentences.partition_point(|sentence| sentence.range.end <= at);
        next.min(self.sentences.len().saturating_sub(1))
    }

    /// The mark that would be cut in two at a byte.
    fn cut_mark(&self, at: usize) -> Option<&Range<usize>> {
        let mark = self.marks.get(self.marks.partition_point(|mark| mark.end <= at))?;
        (mark.start < at).then_some(mark)
    }
}

/// The opening of a text: its first sentences, as many as fit; `None` where it has none.
pub(super) fn opening(text: &str) -> Option<Range<usize>> {
    let start = text.len() - text.trim_start().len();
    let enough = text.floor_char_boundary(start + 8 * MAX_CHARS);
    let layout = Layout::of(&text[..enough], &[]);
    (start < enough).then(|| layout.fit(&(start..start), &(start..enough)))
}

/// A piece of a sentence that is too long: from a word before the seed to a word after it, no mark cut in two.
fn cut(layout: &Layout<'_>, seed: &Range<usize>, room: &Range<usize>) -> Range<usize> {
    let text = layout.text;
    let seed = seed.start..forward(text, seed.start..seed.end.min(room.end), MAX_CHARS);
    let left = MAX_CHARS - text[seed.clone()].chars().count();
    let after = text[seed.end..room.end].chars().take(left).count();
    let mut start = start_of(text, room.start..seed.start, BEFORE.min(left / 2).max(left - after));
    if let Some(mark) = layout.cut_mark(start).filter(|mark| mark.end <= seed.start) {
        start = mark.end;
    }
    start += text[start..seed.start].len() - text[start..seed.start].trim_start().len();
    let mut end = end_of(text, start, seed.end..room.end);
    if let Some(mark) = layout.cut_mark(end).filter(|mark| mark.start >= seed.end) {
        end = mark.start;
    }
    start..start + text[start..end].trim_end().len()
}

/// Where to begin, so many characters before the end of a range or less: at its start, else after a space, else between
/// two characters.
fn start_of(text: &str, range: Range<usize>, chars: usize) -> usize {
    let start = backward(text, range.clone(), chars);
    if start == range.start {
        return start;
    }
    let sought = &text[start..forward(text, start..range.end, SEEK)];
    match sought.find(char::is_whitespace) {
        Some(space) => start + space,
        None => {
            let joined = text[start..range.end].chars().take(MAX_JOINED).take_while(|c| joins(*c));
            start + joined.map(char::len_utf8).sum::<usize>()
        }
    }
}

/// Where to end what starts there and may end in a range: at the end of that, else before a space, else between two
/// characters.
fn end_of(text: &str, start: usize, range: Range<usize>) -> usize {
    let end = forward(text, start..range.end, MAX_CHARS).max(range.start);
    if end == range.end || text[end..].starts_with(char::is_whitespace) {
        return end;
    }
    let sought = backward(text, range.start..end, SEEK);
    if let Some(space) = text[sought..end].rfind(char::is_whitespace) {
        return sought + space;
    }
    // A character stays with what joins it.
    let mut end = end;
    for _ in 0..MAX_JOINED {
        let joined = text[end..].starts_with(joins) || text[range.start..end].ends_with('\u{200d}');
        match text[range.start..end].chars().next_back() {
            Some(last) if joined => end -= last.len_utf8(),
            _ => break,
        }
    }
    end
}

/// The byte so many characters after the start of a range, or its end.
fn forward(text: &str, range: Range<usize>, chars: usize) -> usize {
    text[range.clone()].char_indices().nth(chars).map_or(range.end, |(at, _)| range.start + at)
}

/// The byte so many characters before the end of a range, or its start.
fn backward(text: &str, range: Range<usize>, chars: usize) -> usize {
    match chars.checked_sub(1) {
        None => range.end,
        Some(last) => {
            let mut back = text[range.clone()].char_indices().rev();
            back.nth(last).map_or(range.start, |(at, _)| range.start + at)
        }
    }
}

/// Whether a character is one with that before it: a combining mark, a joiner, a tone of skin.
fn joins(c: char) -> bool {
    is_combining_mark(c) || c == '\u{200d}' || matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}
