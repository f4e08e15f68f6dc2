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
    check_error("-OR", 1, "- expects a word");
    check_error("oil NOT …", 8, "no word after NOT");
    check_error("headline:-oil", 9, "headline: expects");
    check_error("headline:NOT oil", 9, "headline: expects");
    check_error("headline:OR", 9, "headline: expects");
    check("military-to-military", "military-to-military");
}

#[test]
fn phrases_have_any_quotes() {
    check("“military talks” now", "\"military talks\" AND now");
    check("\"words  near\"~5", "\"words near\"~5");
    check("headline:\"spy balloon\"", "headline:\"spy balloon\"");
    check("\"crude oil pric*\"", "\"crude oil pric*\"");
    check("\"what is this?\"", "\"what is this?\"");
    check("a \"cr*de ?il\"", "a AND \"cr*de ?il\"");
    check("\"oil * gas\"", "\"oil * gas\"");
    check("=\"crude =oils\"", "\"=crude =oils\"");
    check("「北京」 «mot juste»", "「北京」 AND \"mot juste\"");
    check_error("a \"* oil\"", 2, "between two words");
    check_error("\"oil *\"", 0, "between two words");
    check_error("\"oil * gas\"~2", 0, "no place of its own");
    check_error("\"oil .* gas\"", 0, "beside a letter");
    check("＂spy balloon＂", "\"spy balloon\"");
}

#[test]
fn fields_hold_words_phrases_and_groups() {
    check("headline:oil Headline:Oil", "headline:oil AND headline:Oil");
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
    check("ATLEAST3(oil)", "atleast3(oil)");
    check(
        "atleast2(oil OR \"crude oil\" OR headline:opec)",
        "atleast2(oil OR \"crude oil\" OR headline:opec)",
    );
    check_error("atleast2(oil gas)", 0, "joined by OR");
    check_error("atleast0(oil)", 0, "1 to 1000");
    check("atleast (oil)", "atleast AND oil");
}

#[test]
fn words_have_shapes() {
    check("traffick*", "traffick*");
    check("headline:milit*", "headline:milit*");
    check("tra*ck a wo?d", "tra*ck AND a AND wo?d");
    check("*ism", "*ism");
    check("trafick~1 smugler~2", "trafick~1 AND smugler~2");
    check("=talks", "=talks");
    check("a = b", "a AND b");
    check("/joh?n(ath[ao]n)?/ /a\\/b/", "/joh?n(ath[ao]n)?/ AND /a\\/b/");
    check("/ca/\"d e\" /b/(c)", "/ca/ AND \"d e\" AND /b/ AND c");
    check("headline:/tal(k|ks)/", "headline:/tal(k|ks)/");
    check("/usr/bin a/b/c /", "/usr/bin AND a/b/c");
    check_error("oil trafick~3", 4, "expects 1 or 2");
    check_error("trafick~", 0, "expects 1 or 2");
    check("–oil −gas", "NOT oil AND NOT gas");
    check("oil~+1", "oil~+1");
    check("~5 a~b x=y", "~5 AND a~b AND x=y");
    check_error("a =oil*", 2, "as it stands");
    check_error("=oil~1", 0, "as it stands");
    check_error("wo*d~1", 0, "cannot be fuzzy too");
    check_error("word~1*", 0, "expects 1 or 2");
    check_error("oil~1~2", 0, "expects 1 or 2");
    check_error("oil^2^3", 0, "one ^ at its end");
    check_error("U.S.~1", 0, "for one word of 3 letters");
    check_error("习近平~1", 0, "for one word of 3 letters");
    check_error("frog~2", 0, "for one word of 5 letters");
    check_error("\"=oil* price\"", 0, "as it stands");
    check_error("oil /a(b/", 4, "cannot be read: unclosed group");
    check_error("/(a{1000}){1000}/", 0, "cannot be read");
}

#[test]
fn sides_stand_near_each_other() {
    check("oil w/5 gas", "oil w/5 gas");
    check("oil NEAR/5 gas", "oil w/5 gas");
    check("oil pre/3 \"crude pric*\"", "oil pre/3 \"crude pric*\"");
    check("(oil OR gas) w/5 pric* OR coal", "(oil OR gas) w/5 pric* OR coal");
    check("oil W/S gas coal /p ban", "oil /s gas AND coal /p ban");
    check("a w/2 b w/3 c", "a w/2 b w/3 c");
    check("a w/2 (b w/3 c)", "a w/2 (b w/3 c)");
    check("headline:(oil w/5 gas)", "headline:(oil w/5 gas)");
    check("headline:oil w/5 headline:gas", "headline:(oil w/5 gas)");
    check("-oil w/5 gas", "NOT oil w/5 gas");
    check("(oil w/5 gas)^2", "(oil w/5 gas)^2");
    check("w/o km/h 24/7 and/or", "w/o AND km/h AND 24/7 AND and/or");
    check("oil ／s gas", "oil /s gas");
    check_error("w/5 gas", 0, "nothing stands before");
    check_error("oil w/5", 7, "expects a word");
    check_error("oil AND /s gas", 8, "nothing stands before");
    check_error("oil w/0 gas", 4, "from 1 to 255");
    check_error("oil w/256 gas", 4, "from 1 to 255");
    check_error("oil w/5 w/5 gas", 8, "on both sides");
    check_error("oil w/5 -gas", 8, "nothing is excluded beside");
    check_error("oil w/5 NOT gas", 8, "nothing is excluded beside");
    check_error("oil w/5 (gas coal)", 8, "this is none");
    check_error("(oil gas) w/5 coal", 0, "this is none");
    check_error("country:China w/5 oil", 0, "this is none");
    check_error("oil w/5 gas^2", 8, "this is none");
    check_error("headline:oil w/5 gas", 13, "different fields");
    check_error("a w/1 b w/1 c w/1 d w/1 e w/1 f w/1 g w/1 h w/1 i", 44, "more than 8");
}

#[test]
fn scores_are_weighed() {
    check("oil^2 gas", "oil^2 AND gas");
    check("(oil OR gas)^0.5", "(oil OR gas)^0.5");
    check("\"crude oil\"^1.250", "\"crude oil\"^1.25");
    check("headline:oil^3", "headline:oil^3");
    check("NOT oil^2", "NOT oil^2");
    check("((oil)^2)^2", "oil^4");
    check("oil~1^2", "oil~1^2");
    check("a^b 10^", "a^b AND 10^");
    check_error("oil^0", 3, "0.001 to 1000");
    check_error("oil^1001", 3, "0.001 to 1000");
    check_error("(oil)^x", 5, "0.001 to 1000");
}

#[test]
fn an_article_has_a_length_and_traits() {
    check("wc:>300", "wc:301..");
    check("wc:<300", "wc:..299");
    check("wc:200..800 wc:5", "wc:200..800 AND wc:5");
    check("has:date^2 date:2023^0.5", "has:date^2 AND date:2023^0.5");
    check_error("wc:<0", 3, "fewer than 0");
    check("has:date -has:byline", "has:date AND NOT has:byline");
    check("wc: has: x", "wc: AND has: AND x");
    check_error("wc:many", 3, "no number of words");
    check_error("wc:+5", 3, "no number of words");
    check_error("wc:..", 3, "expects a number");
    check_error("oil wc:9..5", 7, "9 is more than 5");
    check_error("has:colour", 4, "no article has or lacks 'colour'");
    check_error("headline:(a wc:5)", 12, "inside another field");
}

#[test]
fn errors_say_where() {
    check_error("(oil", 0, "never closed");
    check_error("oil)", 3, "closes nothing");
    check_error("\"oil", 0, "never closed");
    check_error("oil OR", 6, "expects a word");
    check_error("oil || gas", 4, "no operator here");
    check_error("oil | gas", 4, "no operator here");
    check_error("oil && gas", 4, "no operator here");
    check_error("…", 0, "no word in this query");
    check_error("a ()", 2, "no word between");
    check_error("U.S.*", 0, "beside a letter");
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
        for open in [
            "(",
            "NOT ",
            "-(",
            "(a OR ",
            "headline:(",
            "headline:",
            "(a OR b ",
            "atleast2(",
            "(a w/5 ",
            "(a /s (b OR ",
        ] {
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
    fn any_text_is_a_query_or_an_error_inside_it(text in "[a-zA-Z(): \"“”*?~^/=.0-9éß习-]{0,60}|(a|oil|OR|NOT|-|w/5|pre/2|/s|\\(|\\)|\"|=|\\*|~1|\\^2|headline:|wc:>5|/x/| ){0,40}|\\PC{0,60}") {
        match parse(&text) {
            Ok(query) => {
                let printed = query.to_string();
                prop_assert_eq!(parse(&printed).map(|q| q.to_string()), Ok(printed));
            }
            Err(error) => prop_assert!(error.position <= text.chars().count()),
        }
    }
}
