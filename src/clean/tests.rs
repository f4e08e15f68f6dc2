//! Cleaning tested: cases from a file, properties, and the surveys.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use serde::Deserialize;

use crate::article::{Article, DateOrigin, Layout, NewsDate, Record};
use crate::clean::{Context, Repeated, Survey, clean};
use crate::taxonomy::boilerplate::{Boilerplate, Folded};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    input: String,
    layout: Option<Layout>,
    #[serde(default)]
    path: String,
    given_headline: Option<String>,
    given_byline: Option<String>,
    given_dateline: Option<String>,
    given_language: Option<String>,
    url: Option<String>,
    metadata: Option<NewsDate>,
    headline: Option<String>,
    body: Option<String>,
    byline: Option<String>,
    dateline: Option<String>,
    language: Option<String>,
    published: Option<String>,
    published_from: Option<DateOrigin>,
    removed: Option<Vec<String>>,
}

/// The built-in list, read once.
pub(super) fn list() -> &'static Boilerplate {
    static LIST: OnceLock<Boilerplate> = OnceLock::new();
    LIST.get_or_init(|| Boilerplate::builtin().unwrap())
}

fn cleaned(record: Record, path: &str) -> Article {
    let repeated = Repeated::default();
    clean(record, &Context { boilerplate: list(), repeated: &repeated, group: "", path })
}

fn again(article: &Article, layout: Layout) -> Record {
    let article = article.clone();
    Record {
        headline: Some(article.headline).filter(|headline| !headline.is_empty()),
        byline: article.byline,
        dateline: article.dateline,
        source: article.source,
        section: article.section,
        url: article.url,
        published: article.published,
        language: article.language,
        body: article.body,
        given: article.given,
        layout,
        published_time: article.published_time,
        updated: article.updated,
        inside: article.inside,
        dated: Vec::new(),
    }
}

fn check_idempotent(article: &Article, layout: Layout) {
    let second = cleaned(again(article, layout), "");
    let want = Article { removed: Vec::new(), published_from: second.published_from, ..article.clone() };
    assert_eq!(second, want, "cleaning again changed the article");
}

fn check(case: Case) {
    let layout = case.layout.unwrap_or(Layout::Plain);
    let record = Record {
        headline: case.given_headline,
        byline: case.given_byline,
        dateline: case.given_dateline,
        language: case.given_language,
        url: case.url,
        published: case.metadata,
        body: case.input,
        layout,
        ..Record::default()
    };
    let article = cleaned(record, &case.path);
    let name = &case.name;
    if let Some(headline) = case.headline {
        assert_eq!(article.headline, headline, "headline of {name}");
    }
    if let Some(body) = case.body {
        assert_eq!(article.body, body, "body of {name}");
    }
    assert_eq!(article.byline, case.byline, "byline of {name}");
    assert_eq!(article.dateline, case.dateline, "dateline of {name}");
    assert_eq!(article.published.map(|date| date.to_string()), case.published, "date of {name}");
    assert_eq!(article.published_from, case.published_from, "origin of the date of {name}");
    assert_eq!(article.removed, case.removed.unwrap_or_default(), "removed of {name}");
    if case.language.is_some() {
        assert_eq!(article.language, case.language, "language of {name}");
    }
    check_idempotent(&article, layout);
}

#[test]
fn cases() {
    let cases: Cases = toml::from_str(include_str!("../../tests/cases/clean.toml")).unwrap();
    assert!(cases.case.len() > 40, "cases are missing");
    let wrong: Vec<String> = cases
        .case
        .into_iter()
        .filter_map(|case| {
            let name = case.name.clone();
            std::panic::catch_unwind(|| check(case)).err().map(|_| name)
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_seed_article_loses_its_debris_and_nothing_else() {
    let Some(text) = super::measured::shared("data/seed-article.txt") else { return };
    let debris = |line: &str| {
        ["Success", "You are now signed", "Check your email", "READ MORE", "- "]
            .iter()
            .any(|start| line.starts_with(start))
    };
    for layout in [Layout::Plain, Layout::Paragraphs] {
        let article = cleaned(Record { body: text.clone(), layout, ..Record::default() }, "seed-article.txt");
        let kept: Vec<&str> = text.lines().filter(|line| !debris(line)).collect();
        assert_eq!(article.body, kept.join("\n"));
        let gone: Vec<&str> = text.lines().filter(|line| debris(line)).collect();
        assert_eq!(article.removed, [gone[..4].join("\n"), gone[4..].join("\n")]);
        assert!(article.headline.starts_with("On Monday, U.S. Secretary of State, Antony Blinken, attended"));
        assert!(article.headline.chars().count() <= 120 && article.headline.ends_with('…'));
        assert_eq!((article.published, article.language.as_deref()), (None, Some("en")));
        check_idempotent(&article, layout);
    }
}

#[test]
fn given_values_are_trimmed_and_empty_ones_dropped() {
    let given = BTreeMap::from([
        ("topic".to_owned(), vec![" cocoa ".to_owned(), String::new()]),
        ("person".to_owned(), vec![" ".to_owned()]),
    ]);
    let article = cleaned(Record { given, ..Record::default() }, "");
    assert_eq!(article.given, BTreeMap::from([("topic".to_owned(), vec!["cocoa".to_owned()])]));
    assert_eq!(article.headline, "");
}

#[test]
fn lines_of_many_articles_are_debris_of_their_group_only() {
    let record = |n: usize| Record {
        body: format!(
            "Story {n} tells of one thing.\nThe Daily Example, founded in Springfield\nIt goes on {n} times."
        ),
        ..Record::default()
    };
    let survey = |articles: usize, copies: usize| {
        let mut survey = Survey::default();
        for n in 0..articles {
            (0..copies).for_each(|_| survey.add(&record(n), "a"));
        }
        survey.finish()
    };
    let line = "the daily example, FOUNDED in  Springfield";
    assert!(survey(8, 1).contains("a", line));
    assert!(!survey(8, 1).contains("b", line), "another group");
    assert!(!survey(7, 3).contains("a", line), "copies count once");
    assert!(!survey(8, 1).contains("a", "Story 3 tells of one thing."), "stands in one article");
    let repeated = survey(8, 1);
    let context = Context { boilerplate: list(), repeated: &repeated, group: "a", path: "" };
    let article = clean(record(3), &context);
    assert_eq!(article.body, "Story 3 tells of one thing.\nIt goes on 3 times.");
    let wire = clean(Record { layout: Layout::Wire, ..record(3) }, &context);
    assert_eq!(wire.body.lines().count(), 3);
}

#[test]
fn a_line_of_twenty_megabytes_takes_linear_time() {
    let start = std::time::Instant::now();
    for text in ["word ".repeat(4 << 20), "a".repeat(20 << 20), "- . ".repeat(5 << 20), "x\n".repeat(2 << 20)]
    {
        for layout in [Layout::Plain, Layout::Paragraphs, Layout::Wire] {
            let headline = Some("x".to_owned());
            let article = cleaned(Record { body: text.clone(), layout, headline, ..Record::default() }, "");
            assert!(!article.body.is_empty());
        }
    }
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

/// Lines that cleaning has something to say about, in any order and with anything between.
fn text() -> impl Strategy<Value = String> {
    let known = [
        "Success",
        "READ MORE:",
        "Related",
        "Trending",
        "- A headline about something else",
        "A Title Without End",
        "Share",
        "Facebook",
        "Twitter",
        "REUTER",
        " Reuter",
        "By Jane Doe",
        "June 19, 2023",
        "Updated 03/04/2023",
        "PARIS, June 5 (Reuters) - Prices rose in the capital on Monday.",
        "LONDON - Share this article",
        "",
        "    The talks between the two sides went on into the night and were to",
        "resume on Monday, officials said.",
        "Sign up for our newsletter",
        "Is this the end of the road for the party?",
        "A cart-",
        "wheel",
        "cartwheel",
        "(Reporting by Jane Doe; Editing by John Roe)",
        "Larry Fine",
        "LONDON 1996-08-30",
        "PARIS -",
        "Shr 3   4   5",
        "He left the U.S.",
        "Prices rose. REUTER REUTER",
        "这是第一句话。这是第二句话。",
        "\u{feff}Copyright 2005 A. B. All rights reserved.",
        "the company's share of the market for goods of that kind was large, it",
        "“No comment,” he said.",
        "-",
        "…",
        "\r",
    ];
    let line = prop_oneof![8 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>(),
        1 => "[a-z ,.-]{0,90}", 1 => Just("word ".repeat(30))];
    prop::collection::vec(line, 0..14).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cleaning_settles(text in text(), titled in any::<bool>(), layout in 0..3_usize) {
        let layout = [Layout::Plain, Layout::Paragraphs, Layout::Wire][layout];
        let headline = titled.then(|| "A Title Without End".to_owned());
        let article = cleaned(Record { body: text, headline, layout, ..Record::default() }, "");
        check_idempotent(&article, layout);
        assert!(article.body.lines().all(|line| !line.is_empty() && line.trim() == line && !line.contains("  ")));
        assert_eq!(article.headline.is_empty(), article.body.is_empty() && !titled);
    }

    #[test]
    fn no_debris_is_left(text in text()) {
        let article = cleaned(Record { body: text, ..Record::default() }, "");
        assert!(article.body.lines().all(|line| !list().is_line(&Folded::new(line))), "{}", article.body);
    }
}
