//! A *snippet* is a passage of an article around what matched: whole sentences where they fit, the matches marked.
//!
//! Contract: lengths are in characters; ranges are bytes of the passage, on character boundaries, in order and not
//! overlapping; a passage is a verbatim piece of its field and never crosses a paragraph; passages of the body stand in
//! the order of the text, do not overlap, and no two read the same.
//!
//! What stands together is shown together where it fits: the words of a phrase, both sides of a proximity. Which passages
//! are shown is `choose`'s, where one begins and ends is `fit`'s.

mod choose;
mod fit;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::article::Article;
use crate::article::Place;
use crate::snippet::choose::choose;
use crate::snippet::fit::opening;

/// Characters of a passage of the body, at most.
pub(crate) const MAX_CHARS: usize = 240;

/// A passage: its field, its text, and what of that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passage {
    pub(crate) place: Place,
    pub(crate) text: String,
    pub(crate) highlights: Vec<Range<usize>>,
}

/// What matched in one field, as byte ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Matches {
    /// What to highlight, in order and not overlapping.
    pub(crate) marks: Vec<Range<usize>>,
    /// Where the parts of what was asked for stand, in order.
    pub(crate) stands: Vec<Stand>,
}

/// Where one part of what was asked for stands as a whole: a word, a phrase, both sides of a proximity, a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stand {
    pub(crate) range: Range<usize>,
    /// Which part it is: a word in another form is the same part.
    pub(crate) part: u32,
}

/// The best passages of an article, given what matched in headline and body: the headline where it matched, then at most
/// so many of the body, those that hold the most different parts of what was asked for; the opening of the body where
/// nothing in it matched.
pub(crate) fn passages(article: &Article, headline: &Matches, body: &Matches, most: usize) -> Vec<Passage> {
    let mut passages = Vec::new();
    if !headline.marks.is_empty() {
        passages.push(passage(
            Place::Headline,
            &article.headline,
            0..article.headline.len(),
            &headline.marks,
        ));
    }
    let ranges = match most {
        0 => Vec::new(),
        _ if body.stands.is_empty() => opening(&article.body).into_iter().collect(),
        most => choose(&article.body, body, most),
    };
    passages.extend(ranges.into_iter().map(|range| passage(Place::Body, &article.body, range, &body.marks)));
    passages
}

fn passage(place: Place, text: &str, range: Range<usize>, marks: &[Range<usize>]) -> Passage {
    let inside = |mark: &Range<usize>| {
        mark.start.max(range.start) - range.start..mark.end.min(range.end) - range.start
    };
    let first = marks.partition_point(|mark| mark.end <= range.start);
    let reaching = marks[first..].iter().take_while(|mark| mark.start < range.end);
    Passage { place, highlights: reaching.map(inside).collect(), text: text[range].to_owned() }
}
