//! The cases of `tests/cases/tags.toml`, properties over any text, and the article the project was made for.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::proptest;
use serde::Deserialize;

use crate::article::Article;
use crate::article::Grade;
use crate::article::Kind;
use crate::article::Place;
use crate::article::Provenance;
use crate::article::Tags;
use crate::tag::Dictionaries;
use crate::tag::Tagger;
use crate::tag::explain;
use crate::tag::tag;
use crate::taxonomy::codes::TopicCodes;
use crate::taxonomy::countries::Countries;
use crate::taxonomy::guards::Guards;
use crate::taxonomy::known::KnownNames;
use crate::taxonomy::persons::Persons;
use crate::taxonomy::phrases::PhraseWords;
use crate::taxonomy::places::PlaceCodes;
use crate::taxonomy::topics::Topics;
use crate::taxonomy::words::Words;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

/// One article and what must and must not be found. `persons` and `countries` are complete where they are given:
/// `China` is about, `(Taiwan)` only mentioned.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    headline: String,
    #[serde(default)]
    text: String,
    dateline: Option<String>,
    published: Option<String>,
    language: Option<String>,
    #[serde(default)]
    given: BTreeMap<String, Vec<String>>,
    persons: Option<Vec<String>>,
    countries: Option<Vec<String>>,
    organizations: Option<Vec<String>>,
    mentions: Option<Vec<String>>,
}

/// A small dictionary of its own, so that the cases stay true whatever the large ones hold.
fn tagger() -> Tagger {
    let read =
        |name: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    let countries = Countries::parse(&read("tests/cases/countries.tsv"), "countries.tsv").unwrap();
    let persons = Persons::parse(&read("tests/cases/persons.tsv"), "persons.tsv").unwrap();
    let guards =
        Guards::parse("New Jersey\nMorgan Stanley\nGeorgia Tech\nNew Mexico\n", "guards.txt").unwrap();
    let mut words = Words::default();
    for name in ["titles.txt", "given-names.txt", "given-names-more.txt", "not-persons.txt"] {
        words.add(&read(&format!("index-schema/{name}")), name).unwrap();
    }
    let places = "index-schema/mappings/reuters-places.tsv";
    let places = PlaceCodes::parse(&read(places), places).unwrap();
    Tagger::new(&Dictionaries {
        countries: &countries,
        persons: &persons,
        guards: &guards,
        words: &words,
        known: &KnownNames::parse(
            "malivai|washington\nmorgan|freeman\nvictoria|beckham\n",
            "known-names.txt",
        )
        .unwrap(),
        places: &places,
        topics: &Topics::default(),
        topic_codes: &TopicCodes::default(),
        phrases: &PhraseWords::default(),
        learned: Vec::new(),
    })
    .unwrap()
}

fn listed(tags: &Tags, field: Kind) -> Vec<String> {
    let tags = tags.tags.iter().filter(|tag| tag.field == field);
    let mut values: Vec<String> = tags
        .map(|tag| match tag.grade {
            Grade::About => tag.value.clone(),
            Grade::Mentioned => format!("({})", tag.value),
        })
        .collect();
    values.sort();
    values
}

/// What is wrong with a case.
fn check(tagger: &Tagger, case: &Case) -> Vec<String> {
    let article = Article {
        headline: case.headline.clone(),
        body: case.text.trim().to_owned(),
        dateline: case.dateline.clone(),
        published: case.published.as_deref().map(|date| date.parse().unwrap()),
        language: case.language.clone(),
        given: case.given.clone(),
        ..Article::default()
    };
    let tags = tag(tagger, &article);
    let expected = [
        (Kind::Person, &case.persons),
        (Kind::Country, &case.countries),
        (Kind::Organization, &case.organizations),
    ];
    let mut wrong = Vec::new();
    for (field, values) in expected {
        let found = listed(&tags, field);
        if let Some(mut values) = values.clone() {
            values.sort();
            if found != values {
                wrong.push(format!("{}: {} are {found:?}, not {values:?}", case.name, field.name()));
            }
        }
    }
    if let Some(mentions) = &case.mentions {
        let found: Vec<String> = tags.mentions.iter().map(|m| format!("{} = {}", m.text, m.value)).collect();
        if &found != mentions {
            wrong.push(format!("{}: mentions are {found:?}, not {mentions:?}", case.name));
        }
    }
    check_ranges(&article, &tags);
    wrong
}

/// Every mention's range is its text, in order.
fn check_ranges(article: &Article, tags: &Tags) {
    let mut last = (Place::Headline, 0);
    for mention in &tags.mentions {
        let field = if mention.place == Place::Headline { &article.headline } else { &article.body };
        let [start, end] = mention.range;
        assert_eq!(field.get(start as usize..end as usize), Some(mention.text.as_str()));
        assert!((mention.place, start) >= last, "out of order: {mention:?}");
        last = (mention.place, start);
    }
    for tag in &tags.tags {
        assert!((0.0..=1.0).contains(&tag.salience), "{tag:?}");
        let counted = tags.mentions.iter().filter(|m| m.field == tag.field && m.value == tag.value).count();
        // Phrases are counted, and their places not kept.
        assert!(counted >= tag.mentions as usize || tag.field == Kind::Keyphrase);
    }
}

#[test]
fn cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tags.toml");
    let cases: Cases = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let tagger = tagger();
    let asserts =
        |case: &Case| case.persons.is_some() || case.countries.is_some() || case.organizations.is_some();
    for case in &cases.case {
        assert!(asserts(case) || case.mentions.is_some(), "'{}' expects nothing", case.name);
    }
    let wrong: Vec<String> = cases.case.iter().flat_map(|case| check(&tagger, case)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn the_seed_article() {
    let shared = std::env::var("DATELINE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let Ok(text) = std::fs::read_to_string(Path::new(&shared).join("data/seed-article.txt")) else {
        eprintln!("SKIPPED: no seed article in {shared}/data");
        return;
    };
    let debris = ["Success", "You are now signed up", "Check your email", "READ MORE", "- "];
    let clean = |line: &&str| !debris.iter().any(|start| line.starts_with(start));
    let body = text.lines().filter(clean).collect::<Vec<_>>().join("\n");
    let published = "2023-06-19".parse().ok();
    let tags = tag(&tagger(), &Article { body, published, ..Article::default() });
    assert_eq!(listed(&tags, Kind::Person), ["Antony Blinken", "Joe Biden", "Wang Yi", "Xi Jinping"]);
    let countries = listed(&tags, Kind::Country);
    assert_eq!(countries, ["(Indonesia)", "(Taiwan)", "China", "United States"]);
    assert_eq!(tags.tags[0].field, Kind::Person);
}

#[test]
fn a_found_tag_that_is_given_keeps_its_mentions() {
    let given = BTreeMap::from([("country".to_owned(), vec!["ussr".to_owned()])]);
    let body = "The Soviet Union and Iran agreed.".to_owned();
    let tags = tag(&tagger(), &Article { body, given, ..Article::default() }).tags;
    let soviet: Vec<_> = tags.iter().filter(|tag| tag.value == "Soviet Union").collect();
    assert_eq!(soviet.len(), 1);
    assert_eq!((soviet[0].provenance, soviet[0].mentions), (Provenance::Given, 1));
    assert_eq!(soviet[0].code.as_deref(), Some("SU"));
}

proptest! {
    #[test]
    fn any_text_is_tagged(headline in ".{0,60}", body in "(?s).{0,300}", dateline in ".{0,20}") {
        let article = Article { headline, body, dateline: Some(dateline), ..Article::default() };
        check_ranges(&article, &tag(small(), &article));
    }

    #[test]
    fn any_names_are_tagged(words in proptest::collection::vec(r"(Mr\. |President |Xi|Jinping|van |de |John|Smith|J\. |U\.S\.|China's|Jordan|Temple|Will|-|, |\n| |\. |’s | & |Reagan|习近平|É|”|l'|L’|said |and |35|\(|who )", 0..40)) {
        let body = words.concat();
        let article = Article { headline: body.clone(), body, ..Article::default() };
        check_ranges(&article, &tag(small(), &article));
        check_reasons(&article);
    }
}

/// Every mention has its reason, and every reason stands where it says.
fn check_reasons(article: &Article) {
    let reasons = explain(small(), article);
    let mut counted = 0;
    for reason in &reasons {
        let field = if reason.place == Place::Headline { &article.headline } else { &article.body };
        let [start, end] = reason.range.map(|at| at as usize);
        assert_eq!(field.get(start..end), Some(reason.text.as_str()));
        assert!(!reason.rule.is_empty() && reason.pros.len() + reason.cons.len() > 0, "{reason:?}");
        counted += usize::from(reason.value.is_some());
    }
    assert_eq!(counted, tag(small(), article).mentions.len());
}

#[test]
fn reasons_say_what_decided() {
    let article = Article {
        headline: "Niemann waits".to_owned(),
        body: "President Reagan met Poland's Gunda Niemann and John Archer Holdings.\nGeorgia Tech and Chad were named. Niemann left."
            .to_owned(),
        published: "1987".parse().ok(),
        ..Article::default()
    };
    let lines: Vec<String> = explain(small(), &article)
        .into_iter()
        .map(|reason| {
            let value = reason.value.as_deref().unwrap_or("-");
            let evidence = [reason.pros, reason.cons].map(|texts| texts.join(", ")).join(" / ");
            format!(
                "{} = {value}: {}, {}, {}: {evidence}",
                reason.text, reason.rule, reason.score, reason.weight
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// One tagger for all random texts.
fn small() -> &'static Tagger {
    static TAGGER: std::sync::OnceLock<Tagger> = std::sync::OnceLock::new();
    TAGGER.get_or_init(tagger)
}
