//! Facets over a small index of several segments: a topic and its parent, orders, type-ahead, and what is kept while an
//! index is open and changes.

use std::collections::BTreeMap;

use dateline::article::{Article, ArticleId, Grade, Kind, Location, Provenance, Tag, Tags};
use dateline::index::{ArticleIndex, IndexWrite};
use dateline::schema::document::StoredArticle;
use dateline::schema::{BUILTIN, Facet};
use dateline::search::request::{FacetOrder, FacetRequest, Filter, Interval, SearchRequest};
use dateline::search::response::SearchResponse;
use dateline::search::search;

use crate::archive::taxonomy;

/// Headline, date, persons and topics of an article.
type Given = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

/// A segment each.
const COMMITS: [&[Given]; 3] = [
    &[
        ("oil falls", "2023-01-05", &["Xi Jinping", "Ángela Ruiz"], &["Energy/Oil", "Energy/Gas"]),
        ("oil rises", "2023-01-20", &["Joe Biden"], &["Energy/Oil"]),
    ],
    &[
        ("gas falls", "2023-03-01", &["Joe Biden", "Xi Jinping"], &["Energy/Gas", "Politics"]),
        ("vote", "2023-03", &["Joe Biden"], &["Politics/Elections"]),
        ("vote again", "", &["Joe Biden"], &["Politics/Elections"]),
    ],
    &[("oil and gas", "2023-04-30", &["Ángela Ruiz", "John Ruiz"], &["Energy", "Energy/Gas"])],
];

struct Small {
    _dir: tempfile::TempDir,
    index: ArticleIndex,
    writer: IndexWrite,
}

impl Small {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".dateline");
        let mut writer = IndexWrite::open(&path, BUILTIN).unwrap();
        for articles in COMMITS {
            articles.iter().for_each(|given| add(&writer, given));
            commit(&mut writer);
        }
        let index = ArticleIndex::open(&path).unwrap();
        assert_eq!(index.status().unwrap().segments, 3);
        Self { _dir: dir, index, writer }
    }

    fn ask(&self, request: &SearchRequest) -> SearchResponse {
        SearchResponse { took_ms: 0, ..search(&self.index, taxonomy(), request).unwrap() }
    }

    /// Name and count of the values listed, asked as often as it takes to keep everything.
    fn check(&self, request: &SearchRequest, expected: &[(&str, u64)]) {
        let first = self.ask(request);
        let counts = &first.facets[0].1;
        let found: Vec<(&str, u64)> = counts.values.iter().map(|v| (v.value.as_str(), v.count)).collect();
        assert_eq!(found, expected, "{request:?}");
        for _ in 0..2 {
            assert_eq!(self.ask(request), first, "{request:?}");
        }
    }
}

fn add(writer: &IndexWrite, (headline, date, persons, topics): &Given) {
    let tag = |field, value: &&str| Tag {
        field,
        value: (*value).to_owned(),
        code: None,
        grade: Grade::About,
        salience: 0.5,
        provenance: Provenance::Given,
        mentions: 1,
    };
    let persons = persons.iter().map(|value| tag(Kind::Person, value));
    let tags = persons.chain(topics.iter().map(|value| tag(Kind::Topic, value))).collect();
    let article =
        Article { headline: (*headline).to_owned(), published: date.parse().ok(), ..Article::default() };
    let id = article.id();
    let location = Location { path: "a.txt".to_owned(), record: 0 };
    let tags = Tags { tags, mentions: Vec::new() };
    writer.add(id, &StoredArticle { article, tags, location }).unwrap();
}

fn commit(writer: &mut IndexWrite) {
    let mark = writer.mark().clone();
    writer.commit(mark, &BTreeMap::new()).unwrap();
}

fn asking(facet: FacetRequest, query: &str, filters: &[(Facet, &str)]) -> SearchRequest {
    SearchRequest {
        query: query.to_owned(),
        filters: filters.iter().map(|(facet, value)| Filter::typed(*facet, value)).collect(),
        facets: vec![facet],
        ..SearchRequest::default()
    }
}

#[test]
fn a_parent_counts_an_article_once_and_stands_for_its_children() {
    let small = Small::new();
    let topics = || FacetRequest::new(Facet::Topic);
    let all =
        [("Energy", 4), ("Energy/Gas", 3), ("Politics", 3), ("Energy/Oil", 2), ("Politics/Elections", 2)];
    small.check(&asking(topics(), "", &[]), &all);
    let persons = || FacetRequest::new(Facet::Person);
    let energy = [("Joe Biden", 2), ("Xi Jinping", 2), ("Ángela Ruiz", 2), ("John Ruiz", 1)];
    small.check(&asking(persons(), "", &[(Facet::Topic, "Energy")]), &energy);
    small.check(&asking(persons(), "", &[(Facet::Topic, "!Energy")]), &[("Joe Biden", 2)]);
    // Counts of a facet ignore its own selection, of which one or the other is enough.
    let either = [(Facet::Topic, "Politics/Elections"), (Facet::Topic, "Energy/Oil")];
    small.check(&asking(topics(), "", &either), &all);
    let both = SearchRequest {
        all_of: vec![Facet::Topic],
        ..asking(topics(), "", &[(Facet::Topic, "Energy/Gas"), (Facet::Topic, "Energy/Oil")])
    };
    small.check(&both, &[("Energy", 1), ("Energy/Gas", 1), ("Energy/Oil", 1)]);
}

#[test]
fn values_come_by_count_by_name_or_by_surprise() {
    let small = Small::new();
    let persons = |order| FacetRequest { order, size: 3, ..FacetRequest::new(Facet::Person) };
    let by_count = [("Joe Biden", 4), ("Xi Jinping", 2), ("Ángela Ruiz", 2)];
    small.check(&asking(persons(FacetOrder::Count), "", &[]), &by_count);
    let by_name = [("Ángela Ruiz", 2), ("Joe Biden", 4), ("John Ruiz", 1)];
    small.check(&asking(persons(FacetOrder::Name), "", &[]), &by_name);
    let surprising = asking(persons(FacetOrder::Surprising), "oil", &[]);
    small.check(&surprising, &[("Ángela Ruiz", 2), ("John Ruiz", 1), ("Xi Jinping", 1)]);
    let response = small.ask(&surprising);
    let told: Vec<_> = response.facets[0].1.values.iter().map(|v| (v.of, v.expected)).collect();
    assert_eq!(told, [(Some(2), Some(1.0)), (Some(1), Some(0.5)), (Some(2), Some(1.0))]);
    assert_eq!(response.facets[0].1.distinct, 4);
}

#[test]
fn type_ahead_finds_any_word_of_a_name() {
    let small = Small::new();
    let beginning = |prefix: &str| {
        let prefix = Some(prefix.to_owned());
        asking(FacetRequest { prefix, ..FacetRequest::new(Facet::Person) }, "", &[])
    };
    small.check(&beginning("ang"), &[("Ángela Ruiz", 2)]);
    small.check(&beginning("RUI"), &[("Ángela Ruiz", 2), ("John Ruiz", 1)]);
    small.check(&beginning("uiz"), &[]);
    // A selected value is listed besides, with none.
    let mut selected = beginning("ang");
    selected.filters.push(Filter::typed(Facet::Person, "Joe Biden"));
    small.check(&selected, &[("Ángela Ruiz", 2), ("Joe Biden", 4)]);
}

#[test]
fn a_timeline_tells_its_share_of_the_archive() {
    let small = Small::new();
    let request = |by, query: &str| SearchRequest {
        query: query.to_owned(),
        by: Some(by),
        share: true,
        ..SearchRequest::default()
    };
    for (by, query, expected, undated) in [
        (Interval::Month, "falls", vec![("2023-01-01", 1, 2), ("2023-02-01", 0, 0), ("2023-03-01", 1, 2)], 0),
        (Interval::Quarter, "", vec![("2023-01-01", 4, 4), ("2023-04-01", 1, 1)], 1),
        (Interval::Day, "gas -oil", vec![("2023-03-01", 1, 1)], 0),
        (Interval::Day, "vote", vec![], 2),
    ] {
        for _ in 0..3 {
            let timeline = small.ask(&request(by, query)).timeline.unwrap();
            let found: Vec<(String, u64, u64)> =
                timeline.buckets.iter().map(|b| (b.start.to_string(), b.count, b.of.unwrap())).collect();
            let expected: Vec<_> =
                expected.iter().map(|(start, n, of)| ((*start).to_owned(), *n, *of)).collect();
            assert_eq!((found, timeline.undated), (expected, undated), "{by:?} {query}");
        }
    }
    let idle = SearchRequest { share: true, ..SearchRequest::default() };
    let error = search(&small.index, taxonomy(), &idle).unwrap_err();
    assert!(error.is_users() && error.to_string().contains("share"), "{error}");
}

#[test]
fn what_is_kept_follows_the_index() {
    let mut small = Small::new();
    let surprising = FacetRequest { order: FacetOrder::Surprising, ..FacetRequest::new(Facet::Person) };
    let request = SearchRequest { by: Some(Interval::Year), share: true, ..asking(surprising, "vote", &[]) };
    small.check(&request, &[("Joe Biden", 2)]);
    let gone: ArticleId = Article {
        headline: "oil rises".to_owned(),
        published: "2023-01-20".parse().ok(),
        ..Article::default()
    }
    .id();
    small.writer.delete(gone);
    add(&small.writer, &("vote in March", "2023-03-02", &["Ada Zhou", "Joe Biden"], &[]));
    commit(&mut small.writer);
    // Until it is told to, an open index answers from the commit it has read.
    small.check(&request, &[("Joe Biden", 2)]);
    assert!(small.index.reload().unwrap());
    small.check(&request, &[("Joe Biden", 3), ("Ada Zhou", 1)]);
    let response = small.ask(&request);
    let values = &response.facets[0].1.values;
    assert_eq!((values[0].of, values[1].of), (Some(4), Some(1)));
    assert_eq!(response.timeline.unwrap().buckets[0].of, Some(5));
}
