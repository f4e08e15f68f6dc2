//! What a search counts equals what counting by hand gives: 300 generated queries, with facets, filters and dates, each
//! asked of an index just opened and of one that is kept open.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use dateline::article::{Article, Grade, Kind, NewsDate, fold};
use dateline::index::ArticleIndex;
use dateline::ingest::tagged::Tagged;
use dateline::query::matcher::Matcher;
use dateline::query::matcher::reader::Reader;
use dateline::query::parse::parse;
use dateline::schema::Facet;
use dateline::search::request::{FacetOrder, FacetRequest, Filter, Interval, SearchRequest};
use dateline::search::response::{FacetValue, SearchResponse, Timeline};

use crate::archive::{Archive, sample_corpus, shared, tagged, taxonomy};

const QUERIES: usize = 300;
const FACETS: [Facet; 5] = [Facet::Person, Facet::Country, Facet::Topic, Facet::Keyphrase, Facet::Source];
const ORDERS: [FacetOrder; 3] = [FacetOrder::Count, FacetOrder::Name, FacetOrder::Surprising];
const INTERVALS: [Interval; 5] =
    [Interval::Month, Interval::Year, Interval::Quarter, Interval::Week, Interval::Day];

/// A small generator of numbers, the same in every run (Marsaglia's xorshift).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// An article as the recount sees it.
struct Counted {
    article: Article,
    values: BTreeMap<Facet, BTreeSet<String>>,
}

impl Counted {
    fn of(tagged: &Tagged) -> Self {
        let mut values: BTreeMap<Facet, BTreeSet<String>> = BTreeMap::new();
        for tag in tagged.tags.tags.iter().filter(|tag| tag.grade == Grade::About) {
            let facet = match tag.field {
                Kind::Person => Facet::Person,
                Kind::Country => Facet::Country,
                Kind::Topic => Facet::Topic,
                Kind::Organization => Facet::Organization,
                Kind::Keyphrase => Facet::Keyphrase,
            };
            values.entry(facet).or_default().insert(tag.value.clone());
            if let (Facet::Topic, Some((parent, _))) = (facet, tag.value.rsplit_once('/')) {
                values.entry(facet).or_default().insert(parent.to_owned());
            }
        }
        if let Some(source) = &tagged.article.source {
            values.entry(Facet::Source).or_default().insert(source.clone());
        }
        let article = Article {
            headline: tagged.article.headline.clone(),
            body: tagged.article.body.clone(),
            published: tagged.article.published,
            language: tagged.article.language.clone(),
            ..Article::default()
        };
        Self { article, values }
    }

    fn has(&self, facet: Facet, value: &str) -> bool {
        self.values.get(&facet).is_some_and(|values| values.contains(value))
    }

    /// Whether it meets every filter but the OR-ed ones of one facet.
    fn passes(&self, request: &SearchRequest, except: Option<Facet>) -> bool {
        let dated = |ok: &dyn Fn(i32, i32) -> bool| {
            self.article.published.is_some_and(|date| ok(date.first_day(), date.last_day()))
        };
        let from = request.from.is_none_or(|from| dated(&|first, _| first >= from.first_day()));
        let to = request.to.is_none_or(|to| dated(&|_, last| last <= to.last_day()));
        from && to
            && FACETS.iter().all(|facet| {
                let of = || request.filters.iter().filter(|filter| filter.facet == *facet);
                let excluded = of().any(|filter| filter.exclude && self.has(*facet, &filter.value));
                let mut wanted = of().filter(|filter| !filter.exclude).peekable();
                let meets = if wanted.peek().is_none() {
                    true
                } else if request.all_of.contains(facet) {
                    wanted.all(|filter| self.has(*facet, &filter.value))
                } else {
                    except == Some(*facet) || wanted.any(|filter| self.has(*facet, &filter.value))
                };
                meets && !excluded
            })
    }
}

/// Words that stand in the articles, some common and some rare.
fn words(articles: &[Counted]) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for counted in articles.iter().step_by(articles.len().div_ceil(300)) {
        for word in counted.article.body.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 2) {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(word, _)| word).collect()
}

/// Words that stand in most articles, so that phrases of them are found.
const COMMON: &[&str] =
    &["the", "of", "to", "in", "a", "said", "it", "for", "on", "and", "its", "at", "with"];

fn common(numbers: &mut Numbers) -> &'static str {
    COMMON[numbers.below(COMMON.len())]
}

fn text(numbers: &mut Numbers, words: &[String]) -> String {
    let word = |numbers: &mut Numbers| numbers.pick(words).clone();
    let (a, b, c) = (word(numbers), word(numbers), word(numbers));
    let beginning = |word: &str, letters: usize| word.chars().take(letters).collect::<String>();
    match numbers.below(13) {
        0 => "*".to_owned(),
        1 => format!("{a} OR {b} OR {c}"),
        2 => format!("{a} -{b}"),
        3 => format!("({a} OR {b}) NOT {c}"),
        4 => format!("headline:{a} OR \"{b} {c}\""),
        5 => format!("lead:({a} OR {b})"),
        6 => format!("{}* OR {b}", beginning(&a, 5)),
        7 => format!("\"{a} {b}\"~8 OR {c}"),
        8 => format!("\"{} {} {}\"~{}", common(numbers), common(numbers), common(numbers), numbers.below(7)),
        9 => {
            let words = [(); 4].map(|()| common(numbers));
            format!("\"{}\"~{}", words.join(" "), numbers.below(9))
        }
        10 => format!("\"{} {}*\"", common(numbers), beginning(&b, 3)),
        11 => format!("\"{}* {}\"~3 OR {c}", beginning(&a, 3), common(numbers)),
        _ => a,
    }
}

fn request(numbers: &mut Numbers, words: &[String], values: &[(Facet, String)]) -> SearchRequest {
    let mut request = SearchRequest {
        query: text(numbers, words),
        facets: FACETS.map(|facet| FacetRequest { size: 1_000, ..FacetRequest::new(facet) }).to_vec(),
        by: Some(*numbers.pick(&INTERVALS)),
        share: numbers.one_in(2),
        limit: 0,
        ..SearchRequest::default()
    };
    for facet in &mut request.facets {
        facet.order = *numbers.pick(&ORDERS);
    }
    for _ in 0..numbers.below(4) {
        let (facet, value) = numbers.pick(values).clone();
        request.filters.push(Filter { facet, value, exclude: numbers.one_in(5) });
    }
    if numbers.one_in(4) {
        request.all_of.push(*numbers.pick(&FACETS));
    }
    if numbers.one_in(3) {
        request.from = "1987-03".parse().ok();
    }
    if numbers.one_in(4) {
        request.to = "2023-06-19".parse().ok();
    }
    if request.by == Some(Interval::Day) && request.from.is_none() {
        // From the oldest article on there are more days than a timeline may have.
        request.by = Some(Interval::Week);
    }
    request
}

fn check(roots: &[PathBuf]) {
    let (archive, report) = Archive::of(roots);
    let articles: Vec<Counted> = tagged(roots).values().map(Counted::of).collect();
    assert_eq!(articles.len() as u64, report.documents);
    let words = words(&articles);
    let values: BTreeSet<(Facet, String)> = (articles.iter().take(2_000))
        .flat_map(|counted| counted.values.iter())
        .flat_map(|(facet, values)| values.iter().map(|value| (*facet, value.clone())))
        .filter(|(facet, _)| FACETS.contains(facet))
        .collect();
    let values: Vec<(Facet, String)> = values.into_iter().collect();
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let requests: Vec<SearchRequest> = (0..QUERIES).map(|_| request(&mut numbers, &words, &values)).collect();
    let matched = matched(&requests, &articles);
    let mut found = 0;
    let open = archive.open();
    for (request, matched) in requests.iter().zip(&matched) {
        let response = answer(&archive, &open, request);
        found += recount(&response, request, &articles, matched);
    }
    assert!(found > QUERIES as u64, "the queries find too little to prove anything: {found}");
}

/// For every request, the articles whose text matches.
fn matched(requests: &[SearchRequest], articles: &[Counted]) -> Vec<Vec<usize>> {
    let queries: Vec<_> = requests.iter().map(|request| parse(&request.query).unwrap()).collect();
    let matcher = Matcher::new(&queries).unwrap();
    let mut reader = Reader::default();
    let mut matched = vec![Vec::new(); requests.len()];
    for (number, counted) in articles.iter().enumerate() {
        for found in matcher.matches(&mut reader, &counted.article) {
            matched[found.query].push(number);
        }
    }
    for (request, matched) in requests.iter().zip(&mut matched) {
        if request.query == "*" {
            *matched = (0..articles.len()).collect();
        }
    }
    matched
}

/// The answer of an index just opened, which is that of one kept open too.
fn answer(archive: &Archive, open: &ArticleIndex, request: &SearchRequest) -> SearchResponse {
    let first = archive.search(request).unwrap_or_else(|error| panic!("{request:?}: {error}"));
    let again = dateline::search::search(open, taxonomy(), request).unwrap();
    assert_eq!(SearchResponse { took_ms: first.took_ms, ..again }, first, "{request:?}");
    first
}

/// Compares one answer with counting by hand; gives the total.
fn recount(
    response: &SearchResponse,
    request: &SearchRequest,
    articles: &[Counted],
    matched: &[usize],
) -> u64 {
    let hits: Vec<&Counted> = matched.iter().map(|n| &articles[*n]).collect();
    let all: Vec<&&Counted> = hits.iter().filter(|counted| counted.passes(request, None)).collect();
    assert_eq!(response.total, all.len() as u64, "total of {request:?}");
    for ((name, counts), wanted) in response.facets.iter().zip(&request.facets) {
        let facet: Facet = name.parse().unwrap();
        let mut by_hand: BTreeMap<&str, u64> = BTreeMap::new();
        let looked_at: Vec<_> = hits.iter().filter(|c| c.passes(request, Some(facet))).collect();
        for counted in &looked_at {
            for value in counted.values.get(&facet).into_iter().flatten() {
                *by_hand.entry(value).or_default() += 1;
            }
        }
        assert_eq!(counts.distinct, by_hand.len() as u64, "distinct {name} of {request:?}");
        for value in &counts.values {
            let count = by_hand.get(value.value.as_str()).copied().unwrap_or(0);
            assert_eq!(value.count, count, "{name} {} of {request:?}", value.value);
        }
        let listed = &counts.values[..by_hand.len().min(wanted.size)];
        check_order(wanted.order, listed, (looked_at.len(), articles), facet);
        let selected = request.filters.iter().filter(|filter| filter.facet == facet && !filter.exclude);
        for filter in selected {
            assert!(counts.values.iter().any(|value| value.selected && value.value == filter.value));
        }
    }
    let timeline = response.timeline.as_ref().unwrap();
    let dated: u64 = timeline.buckets.iter().map(|bucket| bucket.count).sum();
    assert_eq!(dated + timeline.undated, response.total, "timeline of {request:?}");
    check_timeline(timeline, request, &all, articles);
    response.total
}

/// Holds the order of values, and what is told of the archive, against counting by hand.
fn check_order(
    order: FacetOrder,
    values: &[FacetValue],
    (found, articles): (usize, &[Counted]),
    facet: Facet,
) {
    let surprise = |value: &FacetValue| {
        let of = articles.iter().filter(|counted| counted.has(facet, &value.value)).count();
        let expected = of as f64 * found as f64 / articles.len() as f64;
        assert_eq!(value.of, Some(of as u64), "{value:?}");
        assert!((value.expected.unwrap() - expected).abs() <= 0.0051, "{value:?}: {expected}");
        let count = value.count as f64;
        let with = count * (count / expected).ln();
        // The other three cells of the table: rows are found or not, columns have the value or not.
        let cell = |observed: f64, row: f64, column: f64| {
            if observed == 0.0 {
                0.0
            } else {
                observed * (observed * articles.len() as f64 / (row * column)).ln()
            }
        };
        let (row, rest) = (found as f64, (articles.len() - found) as f64);
        let (column, without) = (of as f64, (articles.len() - of) as f64);
        let g2 = with + cell(row - count, row, without) + cell(column - count, rest, column);
        let g2 = 2.0 * (g2 + cell(rest - (column - count), rest, without));
        if count > expected { g2 } else { -g2 }
    };
    for pair in values.windows(2) {
        let right = match order {
            FacetOrder::Count => (pair[0].count, &pair[1].value) >= (pair[1].count, &pair[0].value),
            FacetOrder::Name => fold(&pair[0].value) <= fold(&pair[1].value),
            FacetOrder::Surprising => surprise(&pair[0]) >= surprise(&pair[1]) - 1e-6,
        };
        assert!(right, "{order:?} of {pair:?}");
    }
    assert!(order == FacetOrder::Surprising || values.iter().all(|value| value.of.is_none()));
}

/// Counts the articles of every bucket, and those of the archive where asked for.
fn check_timeline(timeline: &Timeline, request: &SearchRequest, all: &[&&Counted], articles: &[Counted]) {
    let by = request.by.unwrap();
    for bucket in &timeline.buckets {
        let is_in = |counted: &Counted| {
            let date = counted.article.published;
            date.is_some_and(|date| {
                [date.first_day(), date.last_day()].iter().all(|day| same(by, bucket.start, *day))
            })
        };
        let count = all.iter().filter(|counted| is_in(counted)).count() as u64;
        assert_eq!(bucket.count, count, "{bucket:?} of {request:?}");
        let of = request.share.then(|| articles.iter().filter(|counted| is_in(counted)).count() as u64);
        assert_eq!(bucket.of, of, "{bucket:?} of {request:?}");
    }
}

/// Whether a day lies in the bucket that begins so.
fn same(by: Interval, start: NewsDate, day: i32) -> bool {
    let (start_day, day_text) = (start.first_day(), NewsDate::from_day(day).unwrap().to_string());
    let start = start.to_string();
    let quarter = |text: &str| (text[5..7].parse::<u32>().unwrap() - 1) / 3;
    match by {
        Interval::Year => day_text[..4] == start[..4],
        Interval::Quarter => day_text[..4] == start[..4] && quarter(&day_text) == quarter(&start),
        Interval::Month => day_text[..7] == start[..7],
        Interval::Week => (0..7).contains(&(day - start_day)),
        Interval::Day => day == start_day,
    }
}

#[test]
fn counts_over_the_sample_corpus_are_exact() {
    check(&[sample_corpus()]);
}

#[test]
fn counts_over_real_wires_are_exact() {
    let Some(reuters) = shared("data/reuters21578") else { return };
    check(&[reuters.join("reut2-000.sgm"), reuters.join("reut2-005.sgm"), reuters.join("reut2-010.sgm")]);
}
