//! Ten hits read and marked: what the articles and their passages cost beside the search itself.
//!
//! `cargo bench --bench snippets -- INDEX [FRAGMENTS]` asks an index of news some queries, each for ten hits and for the
//! tenth alone, in turns; of each the median counts, and the difference is that of nine hits.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use std::path::Path;
use std::time::Instant;

use dateline::index::ArticleIndex;
use dateline::search::request::SearchRequest;
use dateline::search::search;
use dateline::taxonomy::Taxonomy;

const ROUNDS: usize = 41;
const QUERIES: [&str; 16] = [
    "oil",
    "oil prices",
    "\"crude oil\"",
    "\"oil prices\"~5",
    "tariff* OR quota*",
    "japan trade surplus dollar",
    "oil w/5 price",
    "bank /s rate",
    "saudi~1",
    "inflat~2",
    "/pric.*/",
    "*ation",
    "country:Japan trade",
    "person:Reagan",
    "the of and in to",
    "atleast5(oil OR crude)",
];

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let Some(dir) = arguments.next() else {
        println!("SKIPPED: name an index, and how many fragments if not 2");
        return;
    };
    let snippets = arguments.next().map_or(2, |number| number.parse().unwrap());
    let index = ArticleIndex::open(Path::new(&dir)).unwrap();
    let taxonomy = Taxonomy::builtin();
    let milliseconds = |request: &SearchRequest| {
        let started = Instant::now();
        let answer = search(&index, &taxonomy, request);
        let took = started.elapsed().as_secs_f64() * 1e3;
        (took, answer.map_or(0, |answer| answer.total))
    };
    println!("{:<32} {:>8} {:>10} {:>10}", "query", "articles", "ten hits", "and search");
    for query in QUERIES {
        let asking = |offset, limit| SearchRequest {
            query: query.to_owned(),
            offset,
            limit,
            snippets,
            ..SearchRequest::default()
        };
        let (mut ten, mut tenth, mut total) = (Vec::new(), Vec::new(), 0);
        for _ in 0..ROUNDS {
            tenth.push(milliseconds(&asking(9, 1)).0);
            let (took, found) = milliseconds(&asking(0, 10));
            ten.push(took);
            total = found;
        }
        let nine = median(&mut ten) - median(&mut tenth);
        println!("{query:<32} {total:>8} {:>7.2} ms {:>7.2} ms", nine / 9.0 * 10.0, median(&mut ten));
    }
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}
