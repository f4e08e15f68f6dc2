//! *Debris* is what stands between the lines of an article without being of it. This file marks such lines and
//! takes them out.

use std::collections::VecDeque;

use crate::article::Layout;
use crate::clean::lines::{self, Line};
use crate::clean::{Context, Removed, Story, View, header};
use crate::taxonomy::boilerplate::{Block, Folded, Sequence};

/// Takes debris out; whether there was any.
pub(super) fn strip(story: &mut Story, view: &View, context: &Context<'_>) -> bool {
    let marks = marks(&story.lines, view, context);
    let mut changed = false;
    let mut kept = VecDeque::with_capacity(story.lines.len());
    let mut gap = false;
    for (mut line, debris) in story.lines.drain(..).zip(marks) {
        if debris {
            changed = true;
            gap |= line.gap;
            story.removed.push(Removed { at: line.at, last: line.last, text: line.text });
        } else {
            line.gap |= gap;
            gap = false;
            kept.push_back(line);
        }
    }
    story.lines = kept;
    changed | strip_endings(story, context)
}

/// Takes the marks off the end of the last line.
fn strip_endings(story: &mut Story, context: &Context<'_>) -> bool {
    let Some(line) = story.lines.back_mut() else { return false };
    let mut changed = false;
    while let Some(at) = context.boilerplate.ending(&line.text).filter(|&at| at < line.text.len()) {
        let text = line.text.split_off(at).trim().to_owned();
        story.removed.push(Removed { at: line.last, last: line.last, text });
        changed = true;
    }
    changed
}

fn marks(lines: &VecDeque<Line>, view: &View, context: &Context<'_>) -> Vec<bool> {
    let mut seen: Vec<Seen> = lines.iter().map(|line| Seen::new(line, view, context)).collect();
    keep_ends_of_sentences(lines, &mut seen);
    let mut marks: Vec<bool> = seen.iter().map(|line| line.debris).collect();
    if view.layout != Layout::Wire {
        if !view.wrapped {
            mark_blocks(&seen, &mut marks);
        }
        mark_runs(&seen, &mut marks);
        mark_neighbours(&seen, &mut marks);
        keep_inside_paragraphs(lines, view.wrapped, &mut marks);
    }
    mark_trailers(&seen, &mut marks);
    marks
}

/// What a line is by itself.
struct Seen {
    debris: bool,
    trailer: bool,
    head: Option<Block>,
    sequence: Option<Sequence>,
    item: Item,
}

/// Whether a line may stand in a list of other articles.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Item {
    /// With a list sign.
    Marked,
    /// A title.
    Title,
    /// A paragraph: no.
    No,
}

impl Seen {
    fn new(line: &Line, view: &View, context: &Context<'_>) -> Self {
        let folded = Folded::new(&line.text);
        let list = context.boilerplate;
        let page = view.layout != Layout::Wire;
        let repeated = || {
            context.repeated.contains(context.group, &line.text)
                && !header::is_header(&line.text, list.words())
        };
        Self {
            debris: page && (list.is_line(&folded) || repeated()),
            trailer: list.is_trailer(&folded),
            head: page.then(|| list.head(&folded)).flatten(),
            // A single word with a full stop may be the end of a sentence cut up.
            sequence: list.sequence(&folded).filter(|_| !line.text.ends_with('.')),
            item: Item::of(&line.text, folded.words()),
        }
    }
}

impl Item {
    fn of(text: &str, words: usize) -> Self {
        let bare = text.trim_end_matches(lines::is_closing);
        let stop = bare.ends_with(['.', '。', ':', '：', ';', ',']);
        let asks = bare.ends_with(['!', '?', '！', '？']);
        let most = match (lines::is_item(text), asks) {
            (true, _) => 40,
            (false, true) => 15,
            (false, false) => 25,
        };
        match lines::is_item(text) {
            _ if words > most || text.len() > 400 => Self::No,
            true if stop && words >= 12 => Self::No,
            true => Self::Marked,
            false if stop || bare.len() < text.len() && words > 15 => Self::No,
            false => Self::Title,
        }
    }
}

/// A word such as "share" that a paragraph of several lines ends with is no debris. Where the text is not wrapped
/// as a whole, only what reads as the end of a sentence is kept.
fn keep_inside_paragraphs(lines: &VecDeque<Line>, wrapped: bool, marks: &mut [bool]) {
    for (at, (line, before)) in lines.iter().skip(1).zip(lines).enumerate() {
        let inside = !line.gap && !line.indented && !marks[at] && !lines::ends_sentence(&before.text);
        let small = line.text.starts_with(char::is_lowercase);
        let tail = line.text.ends_with('.') && !line.text.starts_with(char::is_uppercase);
        if wrapped && (inside || small) || inside && tail {
            marks[at + 1] = false;
        }
        // A line that begins like debris and goes on in the next is the first of its paragraph.
        let goes_on = !line.gap && !line.indented && small && !lines::ends_sentence(&before.text);
        if wrapped && goes_on && !marks[at + 1] {
            marks[at] = false;
        }
    }
}

fn mark_blocks(seen: &[Seen], marks: &mut [bool]) {
    let mut at = 0;
    while at < seen.len() {
        let Some(block) = seen[at].head else {
            at += 1;
            continue;
        };
        let items = items(&seen[at + 1..], &marks[at + 1..], block.items);
        if items < block.least {
            at += 1;
            continue;
        }
        marks[at..=at + items].fill(true);
        at += items + 1;
    }
}

/// How many of the lines belong to the list under a head: titles, or list items, as the first of them.
fn items(seen: &[Seen], marks: &[bool], most: usize) -> usize {
    let mut style = None;
    let belongs = |(line, debris): (&Seen, &bool)| {
        if *debris || line.head.is_some() {
            return true;
        }
        line.item != Item::No && line.item == *style.get_or_insert(line.item)
    };
    seen.iter().zip(marks).take(most).map(belongs).take_while(|&belongs| belongs).count()
}

/// What a sentence that runs over several lines ends with is no trailer: "he told / Reuters."
fn keep_ends_of_sentences(lines: &VecDeque<Line>, seen: &mut [Seen]) {
    for ((line, before), seen) in lines.iter().skip(1).zip(lines).zip(seen.iter_mut().skip(1)) {
        let stop = line.text.ends_with('.') && !line.text.ends_with("..");
        let small = line.text.starts_with(char::is_lowercase) && line.text.contains(' ');
        let open = before.text.ends_with(|c: char| c.is_alphanumeric() || c == ',');
        let inside = !line.gap && !line.indented && open;
        seen.trailer &= !(inside && (stop || small));
    }
}

/// Marks words that are debris by standing together.
fn mark_runs(seen: &[Seen], marks: &mut [bool]) {
    let mut start = 0;
    while start < seen.len() {
        let Some(first) = seen[start].sequence else {
            start += 1;
            continue;
        };
        let same = |line: &&Seen| line.sequence.is_some_and(|sequence| sequence.list == first.list);
        let length = seen[start..].iter().take_while(same).count();
        if length >= first.run {
            marks[start..start + length].fill(true);
        }
        start += length;
    }
}

/// Marks words that are debris by standing beside debris.
fn mark_neighbours(seen: &[Seen], marks: &mut [bool]) {
    for at in 1..seen.len() {
        marks[at] |= marks[at - 1] && seen[at].sequence.is_some();
    }
    for at in (1..seen.len()).rev() {
        marks[at - 1] |= marks[at] && seen[at - 1].sequence.is_some();
    }
}

/// Marks what ends the text, debris between included.
fn mark_trailers(seen: &[Seen], marks: &mut [bool]) {
    let ends = seen.iter().zip(marks).rev().take_while(|(line, mark)| line.trailer || **mark);
    ends.for_each(|(_, mark)| *mark = true);
}
