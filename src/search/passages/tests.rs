//! What of an article is marked for a query, exactly; over any text and any query the marks are sound.

use proptest::prelude::*;

use super::*;
use crate::query::parse::parse;

fn marked(snippet: &Snippet) -> String {
    let mut text = snippet.text.clone();
    for [start, end] in snippet.highlights.iter().rev() {
        text.insert(*end as usize, ']');
        text.insert(*start as usize, '[');
    }
    text
}

fn snippets(query: &str, names: &[(Facet, &str)], article: &Article, tags: &Tags) -> Vec<Snippet> {
    let query = parse(query).unwrap();
    let names = names.iter().map(|(facet, value)| (*facet, (*value).to_owned()));
    Wanted::of(&query, names, 2).unwrap().snippets(article, tags)
}

/// The one sentence of a body, with what a query marks there.
fn check(query: &str, expected: &str) {
    let body = expected.replace(['[', ']'], "");
    let article = Article { body, ..Article::default() };
    let found = snippets(query, &[], &article, &Tags::default());
    assert_eq!(found.iter().map(marked).collect::<Vec<_>>(), [expected], "{query}");
}

#[test]
fn what_matched_is_marked_as_it_stands() {
    for (query, expected) in [
        ("talk", "The [talks] about [talking] went on."),
        ("=talk", "The talks were only [talk]."),
        ("café", "At the [CAFÉ] or [cafe] or [Cafés]."),
        ("traffick*", "Some [traffickers], some [trafficking], no traffic."),
        ("wom?n", "A [woman] and two [women] and a womb."),
        ("*ism", "Such [racism] and [ISM] isms."),
        ("blinkin~1", "Then [Blinken] spoke to Linken."),
        ("/joh?n/", "Now [Jon] met [John], not Johns."),
        ("\"military talk\"", "The [military talks] and talks military."),
        ("\"central bank of china\"", "The [Central Bank of China]’s bank."),
        ("\"president * putin\"", "So [President Vladimir Putin] left putin."),
        ("\"military talks\"~2", "The [military] contact [talks] ended, all talks."),
        ("\"talks military\"~2", "The [military talks] ended."),
        ("\"oil prices\" OR oil", "The [oil prices] of [oil] fell, prices said."),
        ("oil w/3 prices", "The [oil] in [prices] of the year, and more and more oil too."),
        ("oil pre/3 prices", "Many prices, [oil] and [prices]."),
        ("oil /s prices", "The [oil] has [prices]. Other oil has none. Some prices too."),
        ("(oil OR gas) w/2 prices", "The [gas] [prices] rose, coal prices fell."),
        ("lead:oil", "The [oil] and [oils] flow."),
        ("body:oil", "The [oil] flows."),
        ("headline:oil", "The oil flows."),
        ("oil NOT gas", "The [oil] flows, petrol flows."),
        ("oil -gas", "The [oil] flows."),
        ("oil OR NOT flows", "The [oil] flows."),
        ("(oil coal) OR gas", "The oil and [gas] flow."),
        ("atleast2(oil OR gas)", "The [oil] and [gas] flow."),
        ("oil^3 flow", "The [oil] [flows]."),
        ("U.S.", "The [U.S]. and the [U S] of us."),
        ("переговоры", "Прошли [переговоры] в Москве."),
        ("会谈", "习近平[会谈]，会见，谈。"),
        ("محادثات", "بدأت [محادثات] السلام."),
        ("वार्ता", "शांति [वार्ता] शुरू हुई।"),
        ("ångström", "Ein [A\u{30a}ngstro\u{308}m] weit."),
        ("oil", "👩‍👧 [oil] 👍🏽 [oil]."),
        ("*", "All of it."),
        ("nothing", "Not there."),
    ] {
        check(query, expected);
    }
}

fn mention(field: Kind, value: &str, place: Place, range: [u32; 2]) -> Mention {
    Mention { field, value: value.to_owned(), text: String::new(), place, range }
}

#[test]
fn persons_and_countries_asked_for_are_marked_where_they_are_named() {
    let article = Article {
        headline: "Xi in Paris".to_owned(),
        body: "President Xi Jinping of China met Macron. Xi left.".to_owned(),
        ..Article::default()
    };
    let person = |place, range| mention(Kind::Person, "Xi Jinping", place, range);
    let mentions = vec![
        person(Place::Headline, [0, 2]),
        person(Place::Body, [10, 20]),
        mention(Kind::Country, "China", Place::Body, [24, 29]),
        mention(Kind::Topic, "Diplomacy", Place::Body, [30, 33]),
        person(Place::Body, [42, 44]),
        person(Place::Body, [400, 402]),
    ];
    let tags = Tags { tags: Vec::new(), mentions };
    let xi = (Facet::Person, "Xi Jinping");
    for (query, names, expected) in [
        ("*", vec![xi], vec!["[Xi] in Paris", "President [Xi Jinping] of China met Macron. [Xi] left."]),
        (
            "*",
            vec![xi, xi, (Facet::Country, "China")],
            vec!["[Xi] in Paris", "President [Xi Jinping] of [China] met Macron. [Xi] left."],
        ),
        ("jinping", vec![], vec!["President Xi [Jinping] of China met Macron. Xi left."]),
        (
            "\"jinping of\"",
            vec![xi],
            vec!["[Xi] in Paris", "President [Xi Jinping of] China met Macron. [Xi] left."],
        ),
        ("*", vec![(Facet::Topic, "Diplomacy")], vec!["President Xi Jinping of China met Macron. Xi left."]),
    ] {
        let found: Vec<String> = snippets(query, &names, &article, &tags).iter().map(marked).collect();
        assert_eq!(found, expected, "{query} {names:?}");
    }
}

#[test]
fn values_of_a_query_are_those_not_below_a_not() {
    let query = parse("oil (person:\"Xi Jinping\" OR country:CN) -person:Macron topic:Energy").unwrap();
    let values: Vec<String> =
        values_in(&query).iter().map(|(facet, value)| format!("{facet} {value}")).collect();
    assert_eq!(values, ["person Xi Jinping", "country CN", "topic Energy"]);
}

proptest! {
    #[test]
    fn marks_are_sound_for_any_query_and_any_text(
        headline in "(\\PC|word){0,20}",
        body in "(\\PC|[ .!?\n]|word|Wörter|слово|会谈|محادثات|वार्ता|e\u{301}|👩\u{200d}👧){0,300}",
        query in "(word|слово|会|\"word 会谈\"~2|wor*|w?rd|word~1|/w.*/|\"\\PC{1,4}\"|\\PC{1,3}|वा*|e\u{301})( w/5 | /s | OR | NOT | ){0,1}(word|会谈|محادثات|wö*|\\PC{1,3})",
    ) {
        let Ok(query) = parse(&query) else { return Ok(()) };
        let article = Article { headline, body, ..Article::default() };
        let Ok(mut wanted) = Wanted::of(&query, [], 3) else { return Ok(()) };
        for snippet in wanted.snippets(&article, &Tags::default()) {
            let text = match snippet.field {
                Place::Headline => &article.headline,
                Place::Body => &article.body,
            };
            prop_assert!(text.contains(&snippet.text));
            let mut end = 0;
            for [from, to] in &snippet.highlights {
                prop_assert!(*from >= end && from < to);
                let marked = snippet.text.get(*from as usize..*to as usize);
                prop_assert!(marked.is_some_and(|marked| marked.starts_with(char::is_alphanumeric)), "{marked:?}");
                end = *to;
            }
        }
    }
}
