//! News items with the countries and persons they name, written to measure the tagger with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dateline::article::{Article, Kind};
use dateline::tag::{Dictionaries, Tagger, names};
use dateline::taxonomy::Taxonomy;

/// What was found of what stands there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) right: usize,
    pub(crate) wrong: usize,
    pub(crate) missed: usize,
}

impl Counts {
    pub(crate) fn add(&mut self, found: &BTreeSet<String>, wanted: &BTreeSet<String>) {
        self.right += found.intersection(wanted).count();
        self.wrong += found.difference(wanted).count();
        self.missed += wanted.difference(found).count();
    }

    pub(crate) fn precision(self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    pub(crate) fn recall(self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }

    /// The harmonic mean of both.
    pub(crate) fn f1(self) -> f64 {
        2.0 * self.right as f64 / (2 * self.right + self.wrong + self.missed).max(1) as f64
    }
}

/// The built-in dictionaries, ready.
pub(crate) fn tagger() -> Tagger {
    Tagger::new(&Dictionaries::of(&Taxonomy::builtin())).unwrap()
}

/// Countries of `countries-news.tsv`, named at all.
pub(crate) fn english(tagger: &Tagger) -> Counts {
    let mut counts = Counts::default();
    for row in rows("countries-news.tsv") {
        let [published, dateline, headline, text, countries] = row.as_slice() else { panic!("{row:?}") };
        let article = Article {
            published: published.parse().ok(),
            dateline: Some(dateline.clone()).filter(|dateline| !dateline.is_empty()),
            headline: headline.clone(),
            body: text.clone(),
            ..Article::default()
        };
        counts.add(&codes(tagger, &article), &listed(countries, [' ', '|']));
    }
    counts
}

/// Countries and persons of `languages.tsv`, by language.
pub(crate) fn languages(tagger: &Tagger) -> BTreeMap<String, (Counts, Counts)> {
    let mut all: BTreeMap<String, (Counts, Counts)> = BTreeMap::new();
    for row in rows("languages.tsv") {
        let cell = |at: usize| row.get(at).cloned().unwrap_or_default();
        let article = Article {
            published: cell(1).parse().ok(),
            body: cell(2),
            language: Some(cell(0)),
            ..Article::default()
        };
        let persons: BTreeSet<String> = names(tagger, &article)
            .tags
            .into_iter()
            .filter(|tag| tag.field == Kind::Person)
            .map(|tag| tag.value)
            .collect();
        let counts = all.entry(cell(0)).or_default();
        counts.0.add(&codes(tagger, &article), &listed(&cell(3), ['|', '|']));
        counts.1.add(&persons, &listed(&cell(4), ['|', '|']));
    }
    all
}

fn rows(file: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn codes(tagger: &Tagger, article: &Article) -> BTreeSet<String> {
    let tags = names(tagger, article).tags.into_iter().filter(|tag| tag.field == Kind::Country);
    tags.filter_map(|tag| tag.code).collect()
}

fn listed(cell: &str, between: [char; 2]) -> BTreeSet<String> {
    let items = cell.split(between).map(str::trim);
    items.filter(|item| !item.is_empty() && *item != "-").map(str::to_owned).collect()
}

#[test]
fn countries_of_english_news_are_found() {
    let counts = english(&tagger());
    assert!(counts.right >= 300, "{counts:?}");
    assert!(counts.precision() >= 0.95 && counts.recall() >= 0.95, "{counts:?}");
}

#[test]
fn countries_and_known_persons_are_found_in_seven_languages() {
    let all = languages(&tagger());
    assert_eq!(all.keys().collect::<Vec<_>>(), ["de", "es", "fr", "it", "pt", "ru", "zh"]);
    for (language, (countries, persons)) in all {
        assert!(countries.right >= 70 && countries.f1() >= 0.93, "{language}: countries {countries:?}");
        assert!(persons.right >= 35 && persons.f1() >= 0.92, "{language}: persons {persons:?}");
        assert!(persons.precision() >= 0.95, "{language}: open names do harm: {persons:?}");
    }
}
