//! Searching beside the bare engine: the first ten hits, facets with a timeline, and snippets, on one index in one run.
//!
//! `cargo bench --bench searching [-- ARTICLES]` makes an archive of 200,000 articles (or so many) from Reuters wires
//! with the generator of the folder that `DATELINE_SHARED` names, indexes it with dateline, and asks the 200 queries of
//! the same folder. Archive and index stay below the target folder; delete `tmp/searching` there to have them made anew.
//!
//! Both sides read the same index, in turns; of each query and side the median of the rounds counts. The bare engine's
//! query finds the same articles: a word is the union of the words of its stem, over headline and body, a phrase the
//! union of the phrases of those. The generator's places are countries of dateline's, its people persons; of its topics
//! dateline knows few, so that each stands for one of about the same meaning and size ([`TOPICS`]).
//! Dateline's counts of a facet ignore that facet's own filter. The bare engine's one pass counts the filtered articles
//! only; to have the same counts of it takes a second pass without the filter, and the last column compares with both.
//!
//! Dateline alone reads what it shows of an article. The time of that is the difference between ten hits and the tenth
//! alone, and is taken off where the two are compared.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark ends where something fails, and prints"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use dateline::index::{ArticleIndex, FORMAT};
use dateline::schema::Facet;
use dateline::search::request::{FacetRequest, Filter, Interval, SearchRequest};
use dateline::search::search;
use dateline::taxonomy::Taxonomy;
use serde_json::{Value, json};
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::{AggContextParams, AggregationCollector};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Index, Searcher, Term};

const ARTICLES: usize = 200_000;
const ROUNDS: usize = 7;
/// Days of a bucket of the bare engine's timeline, which knows no months.
const MONTH: f64 = 30.0;
/// The facets that are counted.
const COUNTED: [Facet; 3] = [Facet::Person, Facet::Country, Facet::Topic];
/// What stands for the generator's topics.
const TOPICS: [(&str, &str); 5] = [
    ("earn", "Business/Company results"),
    ("acq", "Business/Mergers and acquisitions"),
    ("grain", "Commodities/Grain"),
    ("money-supply", "Economy/Money supply"),
    ("rice", "Labour/Strikes"),
];

fn main() {
    let articles = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(ARTICLES);
    let shared = std::env::var_os("DATELINE_SHARED").map_or_else(|| "../shared".into(), PathBuf::from);
    let needed = ["bench/gen.py", "bench/queries.jsonl", "data/reuters21578"];
    if let Some(missing) = needed.iter().map(|path| shared.join(path)).find(|path| !path.exists()) {
        println!("SKIPPED: {} is not there; set DATELINE_SHARED", missing.display());
        return;
    }
    let Some(dir) = archive_index(&shared, articles) else { return };
    let ours = Ours::open(&dir);
    let bare = Bare::open(&dir);
    let queries = std::fs::read_to_string(shared.join("bench/queries.jsonl")).unwrap();
    let mut cases: Vec<Case> =
        queries.lines().map(|line| Case::of(&serde_json::from_str(line).unwrap(), &ours, &bare)).collect();
    cases.push(Case::everything());
    println!(
        "{} articles in {} segments, {} queries, {ROUNDS} rounds",
        ours.index.documents(),
        bare.searcher.segment_readers().len(),
        cases.len()
    );
    let unequal = cases.iter().filter(|case| ours.total(case) != bare.total(case)).count();
    println!("queries whose totals are not those of the bare engine: {unequal}");
    let mut times: Vec<Times> = cases.iter().map(|_| Times::default()).collect();
    for round in 0..=ROUNDS {
        for (case, times) in cases.iter().zip(&mut times) {
            // The first round warms up: pages of the index, and what dateline keeps between searches.
            let mut cold = Times::default();
            measure(case, &ours, &bare, if round == 0 { &mut cold } else { times });
        }
    }
    report(&cases, &times);
}

/// The index of the generated archive, made where it is not there yet; `None`, said aloud, where it cannot be.
fn archive_index(shared: &Path, articles: usize) -> Option<PathBuf> {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("searching");
    std::fs::create_dir_all(&cache).unwrap();
    let index = cache.join(format!("index-{articles}-{FORMAT}"));
    let made = cache.join(format!("index-{articles}-{FORMAT}.made"));
    if made.exists() {
        return Some(index);
    }
    let wires = cache.join("reuters.jsonl");
    let archive = cache.join(format!("articles-{articles}.jsonl"));
    let generate = |arguments: &[&Path]| {
        let mut python = Command::new("python3");
        python.arg(shared.join("bench/gen.py")).args(arguments).stdout(Stdio::null());
        python.status().is_ok_and(|status| status.success())
    };
    let number = articles.to_string();
    if !generate(&["reuters".as_ref(), &shared.join("data/reuters21578"), &wires])
        || !generate(&["big".as_ref(), &archive, number.as_ref(), &wires])
    {
        println!("SKIPPED: python3 cannot run bench/gen.py");
        return None;
    }
    drop(std::fs::remove_dir_all(&index));
    let mut dateline = Command::new(env!("CARGO_BIN_EXE_dateline"));
    dateline.arg("--index").arg(&index).arg("index").arg(&archive);
    assert!(dateline.status().unwrap().success());
    std::fs::write(made, "").unwrap();
    Some(index)
}

/// One query, as either side asks it.
struct Case {
    kind: String,
    request: SearchRequest,
    bare: Box<dyn Query>,
    /// Where there is a filter: what remains to be counted, and the query without it with that facet to be counted.
    disjunctive: Option<(Aggregations, Box<dyn Query>, Aggregations)>,
}

impl Case {
    fn of(query: &Value, ours: &Ours, bare: &Bare) -> Self {
        let kind = query["kind"].as_str().unwrap().to_owned();
        let terms: Vec<&str> = query["terms"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let text = match kind.as_str() {
            "or2" | "or3" => terms.join(" OR "),
            "phrase2" | "phrase3" => format!("\"{}\"", terms.join(" ")),
            "prefix" => format!("{}*", terms[0]),
            _ => terms.join(" "),
        };
        let mut request = SearchRequest { query: text, ..SearchRequest::default() };
        for (name, facet) in [("places", Facet::Country), ("people", Facet::Person), ("topics", Facet::Topic)]
        {
            if let Some(value) = query["filters"][name].as_str() {
                request.filters.push(Filter { facet, value: ours.value(facet, value), exclude: false });
            }
        }
        let day = |name: &str| query["filters"][name].as_str().and_then(|date| date[..10].parse().ok());
        (request.from, request.to) = (day("date_from"), day("date_to"));
        let disjunctive = request.filters.first().map(|filter| {
            let open = SearchRequest { filters: Vec::new(), ..request.clone() };
            let rest: Vec<Facet> = COUNTED.into_iter().filter(|facet| *facet != filter.facet).collect();
            (
                aggregations(&rest, true),
                bare.query(&kind, &terms, &open),
                aggregations(&[filter.facet], false),
            )
        });
        let bare = bare.query(&kind, &terms, &request);
        Self { kind, request, bare, disjunctive }
    }

    fn everything() -> Self {
        let (request, bare) = (SearchRequest::default(), Box::new(AllQuery));
        Self { kind: "everything".to_owned(), request, bare, disjunctive: None }
    }

    /// The request for some of the hits, with facets and a timeline or without.
    fn asking(&self, (offset, limit): (usize, usize), counted: bool) -> SearchRequest {
        let mut request = SearchRequest { offset, limit, ..self.request.clone() };
        if counted {
            request.facets = COUNTED.map(FacetRequest::new).to_vec();
            request.by = Some(Interval::Month);
        }
        request
    }
}

/// Dateline's side.
struct Ours {
    index: ArticleIndex,
    taxonomy: Taxonomy,
}

impl Ours {
    fn open(dir: &Path) -> Self {
        Self { index: ArticleIndex::open(dir).unwrap(), taxonomy: Taxonomy::builtin() }
    }

    fn total(&self, case: &Case) -> u64 {
        search(&self.index, &self.taxonomy, &case.asking((0, 0), false)).unwrap().total
    }

    fn milliseconds(&self, request: &SearchRequest) -> f64 {
        milliseconds(|| search(&self.index, &self.taxonomy, request).unwrap())
    }

    /// The value of the index that a value of the generator stands for.
    fn value(&self, facet: Facet, value: &str) -> String {
        let value = TOPICS.iter().find(|(name, _)| *name == value).map_or(value, |(_, topic)| topic);
        let request = SearchRequest {
            filters: vec![Filter::typed(facet, value)],
            facets: vec![FacetRequest { size: 0, ..FacetRequest::new(facet) }],
            limit: 0,
            ..SearchRequest::default()
        };
        let response = search(&self.index, &self.taxonomy, &request).unwrap();
        response.facets[0].1.values[0].value.clone()
    }
}

/// The bare engine's side.
struct Bare {
    index: Index,
    searcher: Searcher,
    text: [Field; 2],
    aggregations: Aggregations,
}

impl Bare {
    fn open(dir: &Path) -> Self {
        let index = Index::open_in_dir(dir.join("engine")).unwrap();
        let searcher = index.reader().unwrap().searcher();
        let text = ["headline", "body"].map(|name| index.schema().get_field(name).unwrap());
        let aggregations = aggregations(&COUNTED, true);
        Self { index, searcher, text, aggregations }
    }

    fn query(&self, kind: &str, terms: &[&str], request: &SearchRequest) -> Box<dyn Query> {
        let text: Vec<Box<dyn Query>> = match kind {
            "phrase2" | "phrase3" => vec![self.phrase(terms)],
            "prefix" => vec![self.word(&self.beginning(terms[0]))],
            _ => terms.iter().map(|term| self.word(&self.forms(term))).collect(),
        };
        if kind.starts_with("or") {
            return Box::new(BooleanQuery::new(text.into_iter().map(|q| (Occur::Should, q)).collect()));
        }
        let field = |name: &str| self.index.schema().get_field(name).unwrap();
        let mut all: Vec<(Occur, Box<dyn Query>)> = text.into_iter().map(|q| (Occur::Must, q)).collect();
        for Filter { facet, value, .. } in &request.filters {
            let term = Term::from_field_text(field(facet.name()), value);
            all.push((Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic))));
        }
        if let (Some(from), Some(to)) = (request.from, request.to) {
            let day =
                |name, day| std::ops::Bound::Included(Term::from_field_i64(field(name), i64::from(day)));
            let open = std::ops::Bound::Unbounded;
            let from = RangeQuery::new(day("published_first", from.first_day()), open.clone());
            let to = RangeQuery::new(open, day("published_last", to.last_day()));
            all.extend([(Occur::Must, Box::new(from) as Box<dyn Query>), (Occur::Must, Box::new(to))]);
        }
        Box::new(BooleanQuery::new(all))
    }

    /// Any of the words in headline or body.
    fn word(&self, forms: &[String]) -> Box<dyn Query> {
        let terms = self.text.iter().flat_map(|field| {
            forms.iter().map(|form| {
                let term = Term::from_field_text(*field, form);
                let query: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
                (Occur::Should, query)
            })
        });
        Box::new(BooleanQuery::new(terms.collect()))
    }

    fn phrase(&self, terms: &[&str]) -> Box<dyn Query> {
        let mut phrases: Vec<Vec<String>> = vec![Vec::new()];
        for term in terms {
            let forms = self.forms(term);
            let longer = |phrase: &Vec<String>, form: &String| {
                [phrase.as_slice(), std::slice::from_ref(form)].concat()
            };
            phrases = phrases.iter().flat_map(|p| forms.iter().map(move |form| longer(p, form))).collect();
        }
        let queries = self.text.iter().flat_map(|field| {
            phrases.iter().map(|phrase| {
                let terms = phrase.iter().map(|word| Term::from_field_text(*field, word)).collect();
                (Occur::Should, Box::new(PhraseQuery::new(terms)) as Box<dyn Query>)
            })
        });
        Box::new(BooleanQuery::new(queries.collect()))
    }

    /// The words of the index with the same stem.
    fn forms(&self, word: &str) -> Vec<String> {
        let stemmer = frostem::Stemmer::new(frostem::Algorithm::English);
        let inflects = |word: &str| word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase());
        let stem =
            |word: &str| if inflects(word) { stemmer.stem(word).into_owned() } else { word.to_owned() };
        let mut words = self.beginning(&word[..word.len().min(2)]);
        words.retain(|found| stem(found) == stem(word));
        words
    }

    /// The words of the index that begin so.
    fn beginning(&self, start: &str) -> Vec<String> {
        let mut words = Vec::new();
        for segment in self.searcher.segment_readers() {
            for field in self.text {
                let inverted = segment.inverted_index(field).unwrap();
                let mut stream = inverted.terms().range().ge(start).into_stream().unwrap();
                while stream.advance() && stream.key().starts_with(start.as_bytes()) {
                    words.push(std::str::from_utf8(stream.key()).unwrap().to_owned());
                }
            }
        }
        words.sort_unstable();
        words.dedup();
        words
    }

    fn total(&self, case: &Case) -> u64 {
        self.searcher.search(&case.bare, &Count).unwrap() as u64
    }

    fn hits(&self, case: &Case) -> f64 {
        let top = TopDocs::with_limit(10).order_by_score();
        milliseconds(|| self.searcher.search(&case.bare, &(top, Count)).unwrap())
    }

    fn counts(&self, case: &Case) -> f64 {
        milliseconds(|| self.count(&case.bare, &self.aggregations))
    }

    /// The counts that dateline gives: those of the filtered facet without its filter.
    fn disjunctive_counts(&self, case: &Case) -> f64 {
        let Some((rest, open, own)) = &case.disjunctive else { return self.counts(case) };
        milliseconds(|| {
            let own = AggregationCollector::from_aggs(own.clone(), self.context());
            (self.count(&case.bare, rest), self.searcher.search(open, &own).unwrap())
        })
    }

    fn count(&self, query: &dyn Query, counted: &Aggregations) -> impl Sized + use<> {
        let top = TopDocs::with_limit(10).order_by_score();
        let counts = AggregationCollector::from_aggs(counted.clone(), self.context());
        self.searcher.search(query, &(top, Count, counts)).unwrap()
    }

    fn context(&self) -> AggContextParams {
        AggContextParams::new(Default::default(), self.index.tokenizers().clone())
    }
}

/// The bare engine's counts of some facets, and by date.
fn aggregations(facets: &[Facet], timeline: bool) -> Aggregations {
    let terms = |facet: &Facet| json!({"terms": {"field": facet.name(), "size": 10}});
    let mut counted: serde_json::Map<String, Value> =
        facets.iter().map(|facet| (facet.name().to_owned(), terms(facet))).collect();
    if timeline {
        let histogram = json!({"histogram": {"field": "published_first", "interval": MONTH}});
        counted.insert("timeline".to_owned(), histogram);
    }
    serde_json::from_value(Value::Object(counted)).unwrap()
}

/// What a query took in each round, in milliseconds.
#[derive(Default)]
struct Times {
    ten: Vec<f64>,
    tenth: Vec<f64>,
    bare: Vec<f64>,
    counted_ten: Vec<f64>,
    counted_tenth: Vec<f64>,
    counted_bare: Vec<f64>,
    disjunctive_bare: Vec<f64>,
}

impl Times {
    /// What nine hits take to be read and marked.
    fn nine(&self) -> f64 {
        median(&self.ten) - median(&self.tenth)
    }

    fn walk(&self) -> f64 {
        median(&self.tenth) - self.nine().max(0.0) / 9.0
    }

    fn counted(&self) -> f64 {
        median(&self.counted_tenth) - self.nine().max(0.0) / 9.0
    }
}

fn measure(case: &Case, ours: &Ours, bare: &Bare, times: &mut Times) {
    times.bare.push(bare.hits(case));
    times.tenth.push(ours.milliseconds(&case.asking((9, 1), false)));
    times.ten.push(ours.milliseconds(&case.asking((0, 10), false)));
    times.counted_bare.push(bare.counts(case));
    times.disjunctive_bare.push(bare.disjunctive_counts(case));
    times.counted_tenth.push(ours.milliseconds(&case.asking((9, 1), true)));
    times.counted_ten.push(ours.milliseconds(&case.asking((0, 10), true)));
}

fn report(cases: &[Case], times: &[Times]) {
    let mut kinds: BTreeMap<&str, Vec<&Times>> = BTreeMap::new();
    for (case, times) in cases.iter().zip(times) {
        kinds.entry(&case.kind).or_default().push(times);
        if case.kind != "everything" {
            kinds.entry("~ all 200").or_default().push(times);
        }
    }
    println!(
        "\nmilliseconds, p50 / p95    {:<44}{:<44}same counts",
        "(a) ten hits and the total", "(b) with three facets and months"
    );
    let side = format!("{:>15} {:>15} {:>11}", "dateline", "bare engine", "ratio");
    println!("{:<16} {:>8}  {side}  {side} {:>12}", "kind", "queries", "ratio");
    for (kind, times) in &kinds {
        let column = |of: &dyn Fn(&Times) -> f64| times.iter().map(|times| of(times)).collect::<Vec<f64>>();
        let (walk, bare) = (column(&Times::walk), column(&|times| median(&times.bare)));
        let (counted, counted_bare) = (column(&Times::counted), column(&|times| median(&times.counted_bare)));
        println!(
            "{kind:<16} {:>8}  {} {} {}  {} {} {}  {}",
            times.len(),
            spread(&walk),
            spread(&bare),
            ratio(&walk, &bare),
            spread(&counted),
            spread(&counted_bare),
            ratio(&counted, &counted_bare),
            ratio(&counted, &column(&|times| median(&times.disjunctive_bare)))
        );
    }
    let nine = times.iter().filter(|times| times.nine() > 0.0).map(|times| times.nine() / 9.0 * 10.0);
    println!("\n(c) ten hits read and marked: {} ms", spread(&nine.collect::<Vec<f64>>()));
    let whole = times.iter().map(|times| median(&times.counted_ten)).collect::<Vec<f64>>();
    println!("whole answers, with ten hits, facets and months: {} ms", spread(&whole));
    println!("ratio: that of all times together, and the median of the queries' own");
}

fn spread(times: &[f64]) -> String {
    format!("{:>6.2} /{:>6.2}", part(times, 0.5), part(times, 0.95))
}

fn ratio(ours: &[f64], bare: &[f64]) -> String {
    let each: Vec<f64> = ours.iter().zip(bare).map(|(ours, bare)| ours / bare).collect();
    format!("{:>5.2} {:>5.2}", ours.iter().sum::<f64>() / bare.iter().sum::<f64>(), median(&each))
}

fn median(times: &[f64]) -> f64 {
    part(times, 0.5)
}

/// The time that so large a part of them does not exceed.
fn part(times: &[f64], part: f64) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a short list"
    )]
    let at = ((times.len() as f64 * part).ceil() as usize).max(1) - 1;
    times.get(at).copied().unwrap_or_default()
}

fn milliseconds<T>(work: impl FnOnce() -> T) -> f64 {
    let started = Instant::now();
    std::hint::black_box(work());
    started.elapsed().as_secs_f64() * 1e3
}
