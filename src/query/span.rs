//! A *span* is where a pattern stands in a field: the places of its first and its last word, and of what stands at its two
//! ends, so that no word serves two sides of an operator.
//!
//! Both evaluators find the spans of rows of words each in its own way, and join them here.

use crate::query::ast::Nearness;

/// Where a pattern stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    /// The place of the first word.
    pub(crate) start: u32,
    /// The place of the last word.
    pub(crate) end: u32,
    /// Where what stands at the start ends; at `end` for a row of words.
    head: u32,
    /// Where what stands at the end starts; at `start` for a row of words.
    tail: u32,
}

impl Span {
    /// A row of so many words.
    pub(crate) fn row(start: u32, words: usize) -> Self {
        let end = start.saturating_add(u32::try_from(words.saturating_sub(1)).unwrap_or(u32::MAX));
        Self { start, end, head: end, tail: start }
    }

    /// From the start of one to the end of another, whichever comes first.
    fn over(self, other: Self) -> Self {
        let first = if self.start <= other.start { self } else { other };
        let last = if self.end >= other.end { self } else { other };
        Self { start: first.start, end: last.end, head: first.head, tail: last.tail }
    }

    /// Whether a word would serve both.
    fn shares_a_word(self, other: Self) -> bool {
        let ends = |span: Self| [(span.start, span.head), (span.tail, span.end)];
        ends(self).iter().any(|a| ends(other).iter().any(|b| a.0 <= b.1 && b.0 <= a.1))
    }

    /// How many words on the later of two begins, 0 where they lie within each other.
    fn distance(self, other: Self) -> u32 {
        other.start.saturating_sub(self.end).max(self.start.saturating_sub(other.end))
    }
}

/// The spans of two sides near each other, in order, none twice; both sides are in order. `breaks` are the places where
/// sentences or paragraphs begin, in order.
///
/// Within so many words every pair counts. In a sentence or a paragraph a span counts with the nearest ones of the other
/// side only, so that a long paragraph costs no more than its words.
pub(crate) fn join(left: &[Span], how: Nearness, right: &[Span], breaks: &[u32], into: &mut Vec<Span>) {
    into.clear();
    match how {
        Nearness::Within(words) => within(left, right, words, into, |_, _| true),
        Nearness::Before(words) => within(left, right, words, into, |l, r| l.end < r.start),
        Nearness::Sentence | Nearness::Paragraph => {
            nearest(left, right, breaks, into);
            nearest(right, left, breaks, into);
        }
    }
    into.sort_unstable();
    into.dedup();
}

fn within(
    left: &[Span],
    right: &[Span],
    words: u32,
    into: &mut Vec<Span>,
    fits: impl Fn(&Span, &Span) -> bool,
) {
    let longest = right.iter().map(|span| span.end - span.start).max().unwrap_or(0);
    for l in left {
        let earliest = l.start.saturating_sub(words.saturating_add(longest));
        let from = right.partition_point(|r| r.start < earliest);
        let reach = right[from..].iter().take_while(|r| r.start <= l.end.saturating_add(words));
        let near = reach.filter(|r| l.distance(**r) <= words && !l.shares_a_word(**r) && fits(l, r));
        into.extend(near.map(|r| l.over(*r)));
    }
}

/// For every span of one side, the nearest on either hand of the other side, in the same part between breaks.
fn nearest(one: &[Span], other: &[Span], breaks: &[u32], into: &mut Vec<Span>) {
    let part = |place: u32| breaks.partition_point(|at| *at <= place);
    for span in one.iter().filter(|span| part(span.start) == part(span.end)) {
        let here = part(span.start);
        let same = |near: &&Span| part(near.start) == here && part(near.end) == here;
        let at = other.partition_point(|near| near.start < span.start);
        let on = other[at..].iter().take_while(|near| part(near.start) == here);
        into.extend(on.filter(same).find(|near| !near.shares_a_word(*span)).map(|near| span.over(*near)));
        let back = other[..at].iter().rev().take_while(|near| part(near.start) == here);
        into.extend(back.filter(same).find(|near| !near.shares_a_word(*span)).map(|near| span.over(*near)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Joins the places of two letters in a text, where `.` begins a sentence.
    fn check(text: &str, left: char, how: Nearness, right: char, expected: &[(u32, u32)]) {
        let words: Vec<char> = text.chars().filter(|c| *c != '.').collect();
        let spans = |letter: char| -> Vec<Span> {
            (0..).zip(&words).filter(|(_, c)| **c == letter).map(|(at, _)| Span::row(at, 1)).collect()
        };
        let breaks: Vec<u32> =
            (0..).zip(text.match_indices('.')).map(|(n, (at, _))| u32::try_from(at).unwrap() - n).collect();
        let mut found = Vec::new();
        join(&spans(left), how, &spans(right), &breaks, &mut found);
        let found: Vec<(u32, u32)> = found.iter().map(|span| (span.start, span.end)).collect();
        assert_eq!(found, expected, "{left} {how} {right} in {text}");
    }

    #[test]
    fn spans_are_near_by_words_sentences_or_paragraphs() {
        check("axxb", 'a', Nearness::Within(3), 'b', &[(0, 3)]);
        check("axxb", 'a', Nearness::Within(2), 'b', &[]);
        check("bxa", 'a', Nearness::Within(2), 'b', &[(0, 2)]);
        check("bxa", 'a', Nearness::Before(2), 'b', &[]);
        check("abb", 'a', Nearness::Before(2), 'b', &[(0, 1), (0, 2)]);
        check("xa", 'a', Nearness::Within(9), 'a', &[]);
        check("axa", 'a', Nearness::Within(2), 'a', &[(0, 2)]);
        check("axb.a", 'a', Nearness::Sentence, 'b', &[(0, 2)]);
        check("ax.bxa", 'a', Nearness::Sentence, 'b', &[(2, 4)]);
        check("ax.b", 'a', Nearness::Sentence, 'b', &[]);
        check("aab", 'a', Nearness::Sentence, 'b', &[(0, 2), (1, 2)]);
    }

    #[test]
    fn a_span_within_another_is_near_unless_they_share_a_word() {
        let mut wide = Vec::new();
        join(&[Span::row(0, 1)], Nearness::Within(5), &[Span::row(4, 1)], &[], &mut wide);
        let mut found = Vec::new();
        join(&wide, Nearness::Within(1), &[Span::row(2, 1)], &[], &mut found);
        assert_eq!(found.len(), 1);
        join(&wide, Nearness::Within(1), &[Span::row(4, 1)], &[], &mut found);
        assert_eq!(found, []);
    }
}
