//! A *snippet* is a passage of an article around what matched: whole sentences where they fit, the matches marked.
//!
//! Contract: lengths are in characters; ranges are bytes of the passage, on character boundaries, in order and not
//! overlapping; a passage is a verbatim piece of its field and never crosses a paragraph.

use std::ops::Range;

use crate::article::Article;
use crate::article::Place;
use crate::sentence::sentences;

/// Characters of a passage, at most.
pub(crate) const MAX_CHARS: usize = 240;
/// Passages from the body, at most.
pub(crate) const MAX_PASSAGES: usize = 2;

/// A passage: its field, and its byte range there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passage {
    pub(crate) place: Place,
    pub(crate) text: String,
    pub(crate) highlights: Vec<Range<usize>>,
}

/// The best passages of an article, given what matched in it, sorted: the headline where it matched, then the
/// sentences of the body that hold the most different matched words, in the order of the text; the start of the lead
/// where nothing in the body matched.
pub(crate) fn passages(article: &Article, matched: &[(Place, Range<usize>)]) -> Vec<Passage> {
    let of = |place| -> Vec<Range<usize>> {
        matched.iter().filter(|m| m.0 == place).map(|m| m.1.clone()).collect()
    };
    let headline = of(Place::Headline);
    let body = of(Place::Body);
    let mut passages = Vec::new();
    if !headline.is_empty() {
        let text = article.headline.clone();
        passages.push(Passage { place: Place::Headline, text, highlights: headline });
    }
    for range in best(&article.body, &body) {
        passages.push(passage(&article.body, range, &body));
    }
    passages
}

fn passage(body: &str, range: Range<usize>, matched: &[Range<usize>]) -> Passage {
    let highlights = within(matched, &range)
        .map(|m| m.start.max(range.start) - range.start..m.end.min(range.end) - range.start);
    let highlights = highlights.collect();
    Passage { place: Place::Body, text: body[range].to_owned(), highlights }
}

/// The ranges of the body to show, in order.
fn best(body: &str, matched: &[Range<usize>]) -> Vec<Range<usize>> {
    let sentences = sentences(body);
    if matched.is_empty() {
        return sentences
            .first()
            .map(|first| vec![widen(body, &sentences, 0, first.clone(), first.start)])
            .unwrap_or_default();
    }
    let mut chosen: Vec<Range<usize>> = Vec::new();
    let mut shown: Vec<String> = Vec::new();
    while chosen.len() < MAX_PASSAGES {
        let free = |sentence: &Range<usize>| {
            !chosen.iter().any(|c| c.start < sentence.end && c.end > sentence.start)
        };
        let new_words = |sentence: &Range<usize>| {
            let mut words: Vec<String> =
                within(matched, sentence).map(|m| body[m.clone()].to_lowercase()).collect();
            words.sort_unstable();
            words.dedup();
            let new = words.iter().filter(|word| !shown.contains(word)).count();
            (new, words.len())
        };
        let candidates = sentences.iter().enumerate().filter(|(_, sentence)| free(sentence));
        let scored = candidates.map(|(at, sentence)| (new_words(sentence), std::cmp::Reverse(at)));
        let Some(((new, all), std::cmp::Reverse(at))) = scored.max() else { break };
        if all == 0 || (new == 0 && !chosen.is_empty()) {
            break;
        }
        let sentence = sentences[at].clone();
        shown.extend(within(matched, &sentence).map(|m| body[m.clone()].to_lowercase()));
        let first = within(matched, &sentence).next().map_or(sentence.start, |m| m.start);
        let widened = widen(body, &sentences, at, sentence, first);
        let overlaps = chosen.iter().any(|c| c.start < widened.end && c.end > widened.start);
        chosen.push(if overlaps { sentences[at].clone() } else { widened });
    }
    chosen.sort_unstable_by_key(|range| range.start);
    chosen
}

/// What of the matches, which are in order, reaches into a range.
fn within<'a>(matched: &'a [Range<usize>], range: &Range<usize>) -> impl Iterator<Item = &'a Range<usize>> {
    let (first, end) = (matched.partition_point(|m| m.end <= range.start), range.end);
    matched[first..].iter().take_while(move |m| m.start < end)
}

/// A sentence made to fit: with the next ones of its paragraph while they fit, or cut around the first match.
fn widen(
    body: &str,
    sentences: &[Range<usize>],
    at: usize,
    sentence: Range<usize>,
    first: usize,
) -> Range<usize> {
    let chars = |range: &Range<usize>| body[range.clone()].chars().count();
    if chars(&sentence) > MAX_CHARS {
        return cut(body, &sentence, first);
    }
    let mut range = sentence;
    for next in &sentences[at + 1..] {
        let joined = range.start..next.end;
        if body[range.end..next.start].contains('\n') || chars(&joined) > MAX_CHARS {
            break;
        }
        range = joined;
    }
    range
}

/// A piece of a long sentence: from a word a little before the first match, to a word boundary.
fn cut(body: &str, sentence: &Range<usize>, first: usize) -> Range<usize> {
    let before: Vec<(usize, char)> =
        body[sentence.start..first].char_indices().rev().take(MAX_CHARS / 3).collect();
    let reaches_start = before.last().is_none_or(|(at, _)| *at == 0);
    let word_start = before.iter().rev().find(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8());
    let start = if reaches_start {
        sentence.start
    } else {
        sentence.start + word_start.unwrap_or(first - sentence.start)
    };
    let text = &body[start..sentence.end];
    let Some((limit, _)) = text.char_indices().nth(MAX_CHARS) else { return start..sentence.end };
    let at_word = text[..limit].rfind(char::is_whitespace).filter(|at| start + at > first);
    start..start + at_word.unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MAX_CHARS, passages};
    use crate::article::{Article, Place};
    use crate::query::matcher::Matcher;
    use crate::query::parse::parse;
    use crate::schema::analyzer::Analyzer;

    fn marked(query: &str, headline: &str, body: &str) -> Vec<String> {
        let query = parse(query).unwrap();
        let article = Article { headline: headline.to_owned(), body: body.to_owned(), ..Article::default() };
        let matched = Matcher::new([&query]).unwrap().highlights(&mut Analyzer::default(), &article);
        let mark = |passage: &super::Passage| {
            let mut text = passage.text.clone();
            for range in passage.highlights.iter().rev() {
                text.insert(range.end, ']');
                text.insert(range.start, '[');
            }
            text
        };
        passages(&article, &matched).iter().map(mark).collect()
    }

    #[test]
    fn what_matched_is_marked_in_whole_sentences() {
        let body = "Oil fell. Talks on military contacts failed again.\nNobody spoke. The military talks resume in May.";
        assert_eq!(marked("\"military talks\"", "", body), ["The [military talks] resume in May."]);
        assert_eq!(
            marked("oil resum*", "Oil", body),
            [
                "[Oil]",
                "[Oil] fell. Talks on military contacts failed again.",
                "The military talks [resume] in May."
            ]
        );
        assert_eq!(marked("nothing", "", body), ["Oil fell. Talks on military contacts failed again."]);
        assert_eq!(
            marked("переговоры", "", "В Москве прошли переговоры. Затем ужин."),
            ["В Москве прошли [переговоры]. Затем ужин."]
        );
        assert_eq!(marked("会谈", "", "习近平会见了布林肯。会谈坦率。"), ["[会谈]坦率。"]);
    }

    #[test]
    fn a_long_sentence_is_cut_around_the_match() {
        let body = format!("{} fentanyl {}.", "wörter ".repeat(200), "später ".repeat(200));
        let found = marked("fentanyl", "", &body);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("[fentanyl]"), "{found:?}");
        assert!(found[0].chars().count() <= MAX_CHARS + 2);
        assert!(found[0].starts_with("wörter") && found[0].ends_with("später"));
    }

    proptest! {
        #[test]
        fn ranges_are_sound_in_any_text(body in "(\\PC|[ .!?\n]|word|слово){0,400}", query in "word|слово|\\PC{1,3}") {
            let Ok(query) = parse(&query) else { return Ok(()) };
            let article = Article { body: body.clone(), ..Article::default() };
            let matched = Matcher::new([&query]).unwrap().highlights(&mut Analyzer::default(), &article);
            for passage in passages(&article, &matched) {
                prop_assert_eq!(passage.place, Place::Body);
                prop_assert!(body.contains(&passage.text));
                prop_assert!(passage.text.chars().count() <= MAX_CHARS);
                let mut end = 0;
                for range in &passage.highlights {
                    prop_assert!(range.start >= end && range.start < range.end);
                    prop_assert!(passage.text.get(range.clone()).is_some());
                    end = range.end;
                }
            }
        }
    }
}
