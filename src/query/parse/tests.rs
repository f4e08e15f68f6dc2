//! What queries are read as, and what is wrong with those that cannot be read.

use proptest::prelude::*;

use super::{MAX_BYTES, parse};

/// Reads a query and prints it again in full.
fn check(text: &str, understood: &str) {
    match parse(text) {
        Ok(query) => assert_eq!(query.to_string(), understood, "for {text:?}"),
        Err(error) => panic!("{text:?}: {error}"),
    }
}

fn check_error(text: &str, position: usize, message: &str) {
    let error = parse(text).expect_err(text);
    assert_eq!(error.position, position, "position in {text:?}: {error}");
    assert!(error.message.contains(message), "{text:?}: {error}");
    assert!(error.hint.is_some(), "a hint for {text:?}");
}

#[test]
fn words_are_joined_by_and() {
    check("fentanyl precursors", "fentanyl AND precursors");
    check("oil OR gas", "oil OR gas");
    check("oil gas OR coal", "(oil AND gas) OR coal");
    check("oil AND (gas OR coal)", "oil AND (gas OR coal)");
    check("a (b c) (d OR (e OR f))", "a AND b AND c AND (d OR e OR f)");
    check("", "*");
    check("  ", "*");
    check("*", "*");
    check("or and not", "or AND and AND not");
}

#[test]
fn not_excludes() {
    check("oil -gas", "oil AND NOT gas");
    check("oil NOT (gas OR coal)", "oil AND NOT (gas OR coal)");
    check("-oil", "NOT oil");
    check("--oil", "--oil");
    check("NOT NOT oil", "oil");
    check("oil - gas", "oil AND gas");
    check("oil -#opec", "oil AND NOT #opec");
    check("oil -'opec' -$5", "oil AND NOT 'opec' AND NOT $5");
    check_error("oil NOT …", 8, "no word after NOT");
    check_error("headline:-oil", 9, "headline: expects");
    check("military-to-military", "military-to-military");
}

#[test]
fn phrases_have_any_quotes() {
    check("“military talks” now", "\"military talks\" AND now");
    check("\"words  near\"~5", "\"words near\"~5");
    check("headline:\"spy balloon\"", "headline:\"spy balloon\"");
    check("\"crude oil pric*\"", "\"crude oil pric*\"");
    check("\"what is this?\"", "\"what is this?\"");
    check_error("a \"cr*de oil\"", 2, "at the end of a word only");
    check_error("\"oil * gas\"", 0, "at the end of a word only");
    check("＂spy balloon＂", "\"spy balloon\"");
}

#[test]
fn fields_hold_words_phrases_and_groups() {
    check("headline:oil", "headline:oil");
    check("headline:(oil OR gas)", "headline:oil OR headline:gas");
    check("country:China person:\"Xi Jinping\"", "country:\"China\" AND person:\"Xi Jinping\"");
    check(
        "topic:(Diplomacy OR \"Narcotics/Fentanyl\")",
        "topic:\"Diplomacy\" OR topic:\"Narcotics/Fentanyl\"",
    );
    check("source:Reuters url:example.org", "source:Reuters AND url:example.org");
    check_error("oil headline:*", 13, "headline: expects");
    check_error("person:*", 7, "person: expects");
    check_error("person:()", 7, "no word between");
    check_error("country:japan*", 8, "whole name");
    check_error("headline:(oil lead:gas)", 14, "inside another field");
    check_error("country:\"Jap*\"", 8, "whole name");
}

#[test]
fn what_only_looks_like_syntax_is_text() {
    check("who said: nothing", "who AND said: AND nothing");
    check("headline: oil", "headline: AND oil");
    check("http://example.org/a", "http://example.org/a");
    check("ratio 3:1", "ratio AND 3:1");
    check("R & D", "R AND D");
    check("what is fentanyl?", "what AND is AND fentanyl?");
    check("$5 50% #tag", "$5 AND 50% AND #tag");
}

#[test]
fn dates_are_points_and_ranges() {
    check("date:2023-06", "date:2023-06");
    check("date:2023-06-01..2023-06-30", "date:2023-06-01..2023-06-30");
    check("date:>=2023", "date:2023..");
    check("date:>2023", "date:2024-01-01..");
    check("date:<2023-03", "date:..2023-02-28");
    check("date:..2020", "date:..2020");
    check_error("date:2023-13", 5, "no date");
    check_error("x date:yesterday", 7, "no date");
    check_error("date:(1986 OR 1987)", 5, "expects a date");
    check_error("date:\"1987\"", 5, "expects a date");
    check_error("date:1987-06..1987-03", 5, "is after");
}

#[test]
fn at_least_counts_places() {
    check("atleast3(oil)", "atleast3(oil)");
    check(
        "atleast2(oil OR \"crude oil\" OR headline:opec)",
        "atleast2(oil OR \"crude oil\" OR headline:opec)",
    );
    check_error("atleast2(oil gas)", 0, "joined by OR");
    check_error("atleast0(oil)", 0, "1 to 1000");
    check("atleast (oil)", "atleast AND oil");
}

#[test]
fn prefixes_end_in_a_star() {
    check("traffick*", "traffick*");
    check("headline:milit*", "headline:milit*");
    check_error("tra*ck", 0, "at the end");
    check_error("a wo?d", 2, "at the end");
    check_error("trafick~1", 0, "fuzzy");
    check_error("oil w/5 gas", 4, "not an operator");
}

#[test]
fn errors_say_where() {
    check_error("(oil", 0, "never closed");
    check_error("oil)", 3, "closes nothing");
    check_error("\"oil", 0, "never closed");
    check_error("oil OR", 6, "expects a word");
    check_error("oil || gas", 4, "no operator here");
    check_error("oil && gas", 4, "no operator here");
    check_error("…", 0, "no word in this query");
    check_error("a ()", 2, "no word between");
    check_error("U.S.*", 0, "at the end of a word only");
    check_error("OR oil", 0, "nothing stands before");
    check_error("oil AND OR gas", 8, "expects a word");
    check_error("oil NOT", 7, "expects a word");
    check_error("\"…\"", 0, "no word");
    check_error("\"oil gas\"~x", 9, "number");
    check_error(&"a ".repeat(MAX_BYTES), 0, "longer than");
    check_error(&"a ".repeat(1_025), 2_049, "more than 1024");
}

#[test]
fn depth_is_bounded_on_a_small_stack() {
    let check = || {
        for open in ["(", "NOT ", "-(", "(a OR ", "headline:(", "headline:", "(a OR b ", "atleast2("] {
            for count in [60, 65, 1_000] {
                assert!(parse(&open.repeat(count)).is_err(), "{open}");
            }
            let error = parse(&open.repeat(1_000_000)).expect_err(open);
            assert!(error.message.contains("longer than"));
        }
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(check).unwrap().join().unwrap();
}

proptest! {
    #[test]
    fn any_text_is_a_query_or_an_error_inside_it(text in "[a-zA-Z(): \"“”*~0-9éß习-]{0,60}|\\PC{0,60}") {
        match parse(&text) {
            Ok(query) => {
                let printed = query.to_string();
                prop_assert_eq!(parse(&printed).map(|q| q.to_string()), Ok(printed));
            }
            Err(error) => prop_assert!(error.position <= text.chars().count()),
        }
    }
}
