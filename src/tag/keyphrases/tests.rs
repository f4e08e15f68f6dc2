//! The cases of `tests/cases/phrases.toml`, and that nothing but the article decides.

use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use serde::Deserialize;

use crate::article::Article;
use crate::article::Kind;
use crate::article::Provenance;
use crate::article::Tag;
use crate::tag::Dictionaries;
use crate::tag::Tagger;
use crate::tag::names_and_phrases;
use crate::taxonomy::Taxonomy;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    headline: String,
    text: String,
    language: Option<String>,
    phrases: Option<Vec<String>>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
}

fn tagger() -> &'static Tagger {
    static TAGGER: OnceLock<Tagger> = OnceLock::new();
    TAGGER.get_or_init(|| Tagger::new(&Dictionaries::of(&Taxonomy::builtin())).unwrap())
}

fn phrases(article: &Article) -> Vec<Tag> {
    names_and_phrases(tagger(), article).1
}

/// What is wrong with a case.
fn check(case: &Case) -> Vec<String> {
    let (headline, body, language) = (case.headline.clone(), case.text.clone(), case.language.clone());
    let tags = phrases(&Article { headline, body, language, ..Article::default() });
    let found: Vec<String> = tags.into_iter().map(|tag| tag.value).collect();
    let mut wrong = Vec::new();
    if case.phrases.as_ref().is_some_and(|expected| *expected != found) {
        wrong.push(format!("{}: {found:?}, not {:?}", case.name, case.phrases));
    }
    let missing = case.with.iter().filter(|phrase| !found.contains(phrase));
    wrong.extend(missing.map(|phrase| format!("{}: {phrase} is not in {found:?}", case.name)));
    let odd = case.without.iter().filter(|phrase| found.contains(phrase));
    wrong.extend(odd.map(|phrase| format!("{}: {phrase} is in {found:?}", case.name)));
    wrong
}

#[test]
fn cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/phrases.toml");
    let cases: Cases = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let asserts = |case: &Case| case.phrases.is_some() || case.with.len() + case.without.len() > 0;
    for case in &cases.case {
        assert!(asserts(case), "'{}' expects nothing", case.name);
    }
    let wrong: Vec<String> = cases.case.iter().flat_map(check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_phrase_is_a_tag_of_its_own_kind() {
    let body = "The grain embargo stays. No grain embargo ends.".to_owned();
    let tags = phrases(&Article { body, ..Article::default() });
    let [tag] = tags.as_slice() else { panic!("{tags:?}") };
    assert_eq!((tag.field, tag.provenance, tag.mentions), (Kind::Keyphrase, Provenance::Phrase, 2));
    assert!(tag.code.is_none() && tag.salience > 0.0 && tag.salience < 1.0, "{tag:?}");
}

proptest! {
    /// Neither what was tagged before nor how often changes what an article gets; and any text is taken.
    #[test]
    fn only_the_article_decides(bodies in proptest::collection::vec(
        r"((The|grain|embargo|embargoes|Bank|of|Japan|strike|plans|to|short-term|rates|Xi|said|É|rights|and|FBI|\. |, |\n|-|’s|“) ?){0,40}",
        1..6,
    )) {
        let articles: Vec<Article> =
            bodies.into_iter().map(|body| Article { headline: body.clone(), body, ..Article::default() }).collect();
        let forward: Vec<Vec<Tag>> = articles.iter().map(phrases).collect();
        let mut backward: Vec<Vec<Tag>> = articles.iter().rev().map(phrases).collect();
        backward.reverse();
        prop_assert_eq!(&forward, &backward);
        for tags in forward {
            prop_assert!(tags.len() <= super::MOST);
            prop_assert!(tags.iter().all(|tag| !tag.value.is_empty() && (0.0..=1.0).contains(&tag.salience)));
        }
    }
}
