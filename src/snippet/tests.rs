//! Which passages are shown, and where they begin and end: over texts in which what matched is plain to see.

use std::ops::Range;

use proptest::prelude::*;

use crate::article::{Article, Place};
use crate::snippet::{MAX_CHARS, Matches, Passage, Stand, passages};

/// Every place of some parts in a text: `a` is a word or a phrase, `a … b` two sides that belong together.
fn matches(text: &str, parts: &[&str]) -> Matches {
    let mut matches = Matches::default();
    let all = |part: &str| -> Vec<Range<usize>> {
        text.match_indices(part).map(|(at, part)| at..at + part.len()).collect()
    };
    for (number, part) in (0..).zip(parts) {
        let (left, right) = part.split_once(" … ").unwrap_or((part, part));
        for left in all(left) {
            let right = all(right).into_iter().find(|right| right.start >= left.start);
            let Some(right) = right else { continue };
            matches.stands.push(Stand { range: left.start..right.end, part: number });
            matches.marks.extend([left, right]);
        }
    }
    matches.stands.sort_by_key(|stand| stand.range.start);
    matches.marks.sort_by_key(|mark| mark.start);
    matches.marks.dedup_by(|next, before| {
        let overlap = next.start < before.end;
        before.end = if overlap { before.end.max(next.end) } else { before.end };
        overlap
    });
    matches
}

fn shown(body: &str, parts: &[&str], most: usize) -> Vec<Passage> {
    let article = Article { body: body.to_owned(), ..Article::default() };
    passages(&article, &Matches::default(), &matches(body, parts), most)
}

fn marked(passage: &Passage) -> String {
    let mut text = passage.text.clone();
    for range in passage.highlights.iter().rev() {
        text.insert(range.end, ']');
        text.insert(range.start, '[');
    }
    text
}

fn check(body: &str, parts: &[&str], most: usize, expected: &[&str]) {
    let found: Vec<String> = shown(body, parts, most).iter().map(marked).collect();
    assert_eq!(found, expected, "{parts:?}, at most {most}");
}

/// A paragraph that says nothing, so long that nothing beside it fits.
fn filler() -> String {
    format!("\n{}end.\n", "Nothing was said. ".repeat(30))
}

#[test]
fn sentences_that_hold_most_of_what_was_asked_come_first() {
    let far = filler();
    let body = format!("Oil fell.{far}Gas rose.{far}Oil and gas and coal stood still.{far}Wood burned.");
    let all = ["Oil", "gas", "coal", "Wood"];
    check(&body, &all, 1, &["[Oil] and [gas] and [coal] stood still."]);
    check(&body, &all, 2, &["[Oil] and [gas] and [coal] stood still.", "[Wood] burned."]);
    check(&body, &all, 9, &["[Oil] fell.", "[Oil] and [gas] and [coal] stood still.", "[Wood] burned."]);
    check(&body, &all, 0, &[]);
}

#[test]
fn a_part_counts_once_and_a_rare_one_more() {
    let far = filler();
    let body = format!("Oil, Oil, Oil.{far}Oil and Oil too.{far}Coal it was.");
    check(&body, &["Oil", "Coal"], 1, &["[Coal] it was."]);
    check(&body, &["Oil", "Coal"], 2, &["[Oil], [Oil], [Oil].", "[Coal] it was."]);
}

#[test]
fn a_passage_goes_on_in_its_paragraph_while_that_fits() {
    check("Oil fell. It was late.\nAll slept.", &["Oil"], 2, &["[Oil] fell. It was late."]);
    check("Oil fell. Gas rose.", &["Gas", "Oil"], 2, &["[Oil] fell. [Gas] rose."]);
    check("\n\n Nobody came. They slept.\nOh.", &["Oil"], 2, &["Nobody came. They slept."]);
    check("", &["Oil"], 2, &[]);
    check(" \n", &["Oil"], 2, &[]);
}

#[test]
fn no_passage_reads_like_another() {
    let far = filler();
    let body = format!("Oil fell.{far}Oil fell.{far}Oil rose.");
    check(&body, &["Oil"], 3, &["[Oil] fell.", "[Oil] rose."]);
}

#[test]
fn both_sides_of_a_proximity_are_shown_together_where_they_fit() {
    let far = filler();
    let near = "Oil fell. Much time went by. Gas rose.";
    check(near, &["Oil … Gas"], 1, &["[Oil] fell. Much time went by. [Gas] rose."]);
    // Too far apart for one passage: each has its own.
    let body = format!("Oil fell.{far}Gas rose.");
    check(&body, &["Oil … Gas"], 2, &["[Oil] fell.", "[Gas] rose."]);
    check(&format!("Oil fell.{far}Oil and Gas."), &["Oil … Gas"], 1, &["[Oil] and [Gas]."]);
}

#[test]
fn a_long_sentence_is_cut_at_words_around_what_matched() {
    let body = format!("{}fentanyl {}.", "wörter ".repeat(200), "später ".repeat(200));
    let found = shown(&body, &["fentanyl"], 1);
    let text = marked(&found[0]);
    assert!(text.starts_with("wörter") && text.ends_with("später") && text.contains("[fentanyl]"), "{text}");
    // At the end of the sentence there is more before it.
    let body = format!("{}fentanyl.", "wörter ".repeat(200));
    let text = &shown(&body, &["fentanyl"], 1)[0].text;
    assert!(text.chars().count() > 230 && text.ends_with("fentanyl."), "{text}");
}

#[test]
fn a_phrase_is_not_cut() {
    for pad in 0..40 {
        let body = format!(
            "oil {}{}central bank of the north {}",
            "xx ".repeat(70),
            "y".repeat(pad),
            "zz ".repeat(90)
        );
        for passage in shown(&body, &["oil", "central bank of the north"], 2) {
            for highlight in &passage.highlights {
                let text = &passage.text[highlight.clone()];
                assert!(text == "oil" || text == "central bank of the north", "{pad}: {passage:?}");
            }
        }
    }
    let far = "x".repeat(225);
    let crossing = format!("Oil fell in May. June came {far}.");
    assert!(marked(&shown(&crossing, &["May. June"], 1)[0]).starts_with("Oil fell in [May. June] came"));
}

#[test]
fn text_without_spaces_is_cut_between_characters() {
    let body = format!("{}会谈{}。", "习近平会见".repeat(100), "坦率地交谈".repeat(100));
    let found = shown(&body, &["会谈"], 1);
    assert_eq!(found[0].text.chars().count(), MAX_CHARS);
    // A base and its marks stay together.
    let body = format!("{}x{}", "e\u{301}\u{323}".repeat(300), "a\u{308}\u{304}".repeat(300));
    let text = &shown(&body, &["x"], 1)[0].text;
    assert!(text.starts_with('e') && text.ends_with('\u{304}'), "{text}");
    let family = "👩\u{200d}👩\u{200d}👧".repeat(90);
    let text = &shown(&format!("{family}x{family}"), &["x"], 1)[0].text;
    assert!(text.starts_with('👩') && text.ends_with('👧'), "{text}");
}

fn assert_sound(body: &str, passages: &[Passage], most: usize) -> Result<(), TestCaseError> {
    prop_assert!(passages.len() <= most);
    let mut from = 0;
    for passage in passages {
        prop_assert_eq!(passage.place, Place::Body);
        let at = body[from..].find(&passage.text);
        prop_assert!(at.is_some(), "{:?} in order", passage);
        from += at.unwrap_or_default() + passage.text.len();
        prop_assert!(passage.text.chars().count() <= MAX_CHARS && !passage.text.contains('\n'));
        prop_assert_eq!(passage.text.trim(), &passage.text);
        let mut end = 0;
        for range in &passage.highlights {
            prop_assert!(range.start >= end && range.start < range.end);
            prop_assert!(passage.text.get(range.clone()).is_some());
            end = range.end;
        }
    }
    for (number, passage) in passages.iter().enumerate() {
        prop_assert!(passages[..number].iter().all(|before| before.text != passage.text));
    }
    Ok(())
}

proptest! {
    #[test]
    fn passages_are_sound_in_any_text(
        body in "(\\PC|[ .!?\n]|word|two words|слово|会谈|e\u{301}|👩\u{200d}👧|[.] A|x{50}){0,400}",
        most in 0usize..5,
    ) {
        let parts = ["word", "two words", "слово", "会谈", "会", "x … 谈", "A … word", "xxxxxxxxxxxxxxxxxxxxx"];
        assert_sound(&body, &shown(&body, &parts, most), most)?;
    }
}
