//! What is asked besides the query language: plain words, articles like one, newer ones first, runs of many queries; and
//! what is offered where a word stands in no article.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dateline::search::request::SearchRequest;
use dateline::search::response::SearchResponse;

use crate::archive::{Archive, sample_corpus};
use crate::command::Dir;

static SAMPLE: LazyLock<Archive> = LazyLock::new(|| Archive::of(&[sample_corpus()]).0);

fn ask(request: &SearchRequest) -> SearchResponse {
    SAMPLE.search(request).unwrap_or_else(|error| panic!("{request:?}: {error}"))
}

fn of(query: &str) -> SearchRequest {
    SearchRequest { query: query.to_owned(), ..SearchRequest::default() }
}

#[test]
fn what_was_perhaps_meant_is_offered_and_finds_something() {
    for (query, meant) in [
        ("fentanil", Some("fentanyl")),
        ("fentanyl precusors", Some("fentanyl AND precusors")),
        ("\"millitary talks\"", Some("\"military talks\"")),
        ("headline:(oil OR tarifs)", Some("headline:oil OR headline:tariff")),
        ("talks -fentanil", Some("talks AND NOT fentanyl")),
        ("fentanyl", None),
        ("zzzzzzzzz", None),
        ("fentanyl AND zzzzzzzzz", None),
        ("xq", None),
    ] {
        let response = ask(&of(query));
        let meant = meant.map(|meant| meant.replace("precusors", "precursors"));
        assert_eq!(response.did_you_mean, meant, "{query}");
        if let Some(meant) = meant {
            assert!(SAMPLE.total(&meant) > 0, "{meant}");
        }
    }
}

#[test]
fn plain_words_are_offered_as_plain_words() {
    for (query, meant) in [
        ("What about fentanil, or precusors?", Some("What about fentanyl, or precursors?")),
        ("What about fentanyl?", None),
        ("zzzzzzzzz fentanil", Some("zzzzzzzzz fentanyl")),
    ] {
        let response = ask(&SearchRequest { any: true, ..of(query) });
        assert_eq!(response.did_you_mean.as_deref(), meant, "{query}");
    }
}

#[test]
fn plain_words_find_what_has_any_of_them_and_the_best_first() {
    let plain = |query: &str| SearchRequest { any: true, explain: true, ..of(query) };
    let response = ask(&plain("What do China and the United States do about fentanyl (precursors)?"));
    assert_eq!(
        response.total,
        SAMPLE.total(
            "china OR united OR states OR fentanyl OR precursors OR \
         what OR do OR and OR the OR about"
        )
    );
    assert!(response.hits[..3].iter().all(|hit| hit.headline.to_lowercase().contains("fentanyl")));
    let explained = response.explain.unwrap();
    assert!(explained.understood.starts_with("what^0.05 OR do^0.1 OR china"), "{}", explained.understood);
    assert!(!explained.fed_back.is_empty() && !explained.fed_back.contains(&"the".to_owned()));
    // Ordering again loses and doubles nothing.
    let mut ids: Vec<_> = ask(&SearchRequest { limit: 1_000, ..plain("fentanyl talks") })
        .hits
        .iter()
        .map(|hit| hit.id)
        .collect();
    let total = ids.len() as u64;
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len() as u64, total), (total, SAMPLE.total("fentanyl OR talks")));
    assert!(SAMPLE.search(&plain("…")).is_err());
}

#[test]
fn articles_like_one_share_its_subject() {
    let first = ask(&of("headline:fentanyl headline:restore")).hits.remove(0);
    let response = ask(&SearchRequest { like: Some(first.id), ..SearchRequest::default() });
    assert!(response.hits.iter().all(|hit| hit.id != first.id));
    let alike = |tag: &String| tag.starts_with("Narcotics") || tag.starts_with("Diplomacy");
    assert!(response.hits[..5].iter().all(|hit| hit.tags["topic"].iter().any(alike)), "{:?}", response.hits);
    let within = SearchRequest { like: Some(first.id), ..of("headline:fentanyl") };
    assert!(ask(&within).total < response.total);
    let unknown = SearchRequest { like: "0000000000000001".parse().ok(), ..SearchRequest::default() };
    assert!(SAMPLE.search(&unknown).unwrap_err().to_string().contains("no article 0000000000000001"));
}

#[test]
fn newer_articles_come_first_where_scores_age() {
    let days = |recency: Option<u32>| -> Vec<String> {
        let response = ask(&SearchRequest { recency, limit: 1_000, ..of("fentanyl") });
        response.hits.iter().filter_map(|hit| hit.published).map(|date| date.to_string()).collect()
    };
    let (plain, aged) = (days(None), days(Some(1)));
    assert_eq!(plain.len(), aged.len());
    assert!(!plain.is_sorted_by(|a, b| a >= b));
    assert!(aged[..5].is_sorted_by(|a, b| a >= b), "{aged:?}");
}

#[test]
fn many_queries_make_a_run() {
    let dir = Dir::new();
    let index = SAMPLE.path();
    let index = index.to_str().unwrap();
    dir.file("queries.tsv", "q1\tfentanyl precursors\nno tab\nq2\t(oil\n\nq3\toil OR gas\n");
    let run = dir
        .args(&[
            "--index",
            index,
            "search",
            "--queries",
            "queries.tsv",
            "--format",
            "trec",
            "--run",
            "mine",
            "-n",
            "2",
        ])
        .exits(2)
        .err(&["line 2: expected a name", "line 3: this ( is never closed"]);
    let lines: Vec<Vec<&str>> = run.stdout.lines().map(|line| line.split(' ').collect()).collect();
    let columns = |at: usize| lines.iter().map(|line| line[at]).collect::<Vec<_>>();
    assert_eq!(columns(0), ["q1", "q1", "q3", "q3"]);
    assert_eq!(columns(3), ["1", "2", "1", "2"]);
    assert!(
        lines
            .iter()
            .all(|line| line.len() == 6 && line[1] == "Q0" && line[2].len() == 16 && line[5] == "mine")
    );
    dir.args(&["--index", index, "search", "--queries", "queries.tsv"]).exits(2).err(&["add --format trec"]);
    dir.args(&["--index", index, "search", "--queries", "none.tsv", "--format", "trec"])
        .exits(2)
        .err(&["cannot be read"]);
    dir.args(&["--index", index, "search", "--any", "(oil"]).exits(0);
    dir.args(&["--index", index, "search", "--recency", "soon", "oil"])
        .exits(2)
        .err(&["write an age as 30d"]);
    dir.args(&["--index", index, "similar", "0000000000000001"]).exits(2).err(&["there is no article"]);
}

/// The key phrases of every article of an archive, by id.
fn phrases(archive: &Archive) -> BTreeMap<String, Vec<String>> {
    let response = archive.search(&SearchRequest { limit: 200, ..of("*") }).unwrap();
    let phrases = |tags: &BTreeMap<String, Vec<String>>| tags.get("keyphrase").cloned().unwrap_or_default();
    response.hits.iter().map(|hit| (hit.id.to_string(), phrases(&hit.tags))).collect()
}

#[test]
fn an_article_has_the_same_phrases_in_any_archive() {
    let all = phrases(&SAMPLE);
    let some = phrases(&Archive::of(&[sample_corpus().join("meridian-wire")]).0);
    assert!(some.len() < all.len() && some.values().any(|phrases| !phrases.is_empty()));
    for (id, phrases) in &some {
        assert_eq!(Some(phrases), all.get(id), "{id}");
    }
}

#[test]
fn a_key_phrase_is_found_however_it_is_typed() {
    let talks = SAMPLE.total("keyphrase:\"military talks\"");
    assert!(talks > 0);
    assert_eq!(SAMPLE.total("keyphrase:\"Military TALKS\""), talks);
    let error = SAMPLE.search(&of("keyphrase:\"millitary talks\"")).unwrap_err();
    assert!(format!("{error:?}").contains("\"military talks\""), "{error:?}");
}

/// The texts between back quotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The first numbers of a cell in parentheses, as `(4)` or `(4 articles)` or `(39, 2, 70)`.
fn counts(cell: &str) -> Vec<u64> {
    let groups = cell.split('(').skip(1).filter_map(|rest| rest.split(')').next());
    let numbers =
        groups.map(|group| group.trim_end_matches(" articles").split(", ").map(str::parse).collect());
    numbers.into_iter().find_map(Result::ok).unwrap_or_default()
}

#[test]
fn the_page_on_the_language_says_what_is_found() {
    let page = include_str!("../../docs/query-language.md");
    let examples = page.split("## Questions in plain words").next().unwrap();
    let mut checked = 0;
    for row in examples.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let queries = quoted(cells[0]);
        queries.iter().for_each(|query| drop(ask(&of(query))));
        let counts = counts(cells[1]);
        for (query, count) in queries.iter().zip(&counts) {
            assert_eq!(SAMPLE.total(query), *count, "{query}");
        }
        checked += counts.len();
    }
    assert!(checked > 30, "only {checked} counts on the page");
}
