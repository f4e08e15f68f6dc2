//! The tagger's speed on one core, as a share of the engine's English tokenising of the same text in the same run.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark ends where something fails, and prints"
)]

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use dateline::article::Article;
use dateline::ingest::tagged::tag_paths;
use dateline::tag::{Dictionaries, Tagger, names, tag};
use dateline::taxonomy::Taxonomy;
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};

const ROUNDS: usize = 7;

fn main() {
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let shared = std::env::var_os("DATELINE_SHARED").map_or_else(|| "../shared".into(), PathBuf::from);
    let dir = named.unwrap_or_else(|| shared.join("data/reuters21578"));
    if !dir.exists() {
        println!("SKIPPED: {} is not there; set DATELINE_SHARED or name a folder", dir.display());
        return;
    }
    let articles = articles(&dir);
    let bytes: usize = articles.iter().map(|article| article.headline.len() + article.body.len()).sum();
    let started = Instant::now();
    let taxonomy = Taxonomy::builtin();
    let tagger = Tagger::new(&Dictionaries::of(&taxonomy)).unwrap();
    println!("dictionaries read and folded in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let mut stem = TokenizerManager::default().get("en_stem").unwrap();
    let (mut stemming, mut naming, mut tagging) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        stemming.push(time(|| articles.iter().for_each(|article| tokenise(&mut stem, article))));
        naming.push(time(|| articles.iter().for_each(|article| drop(black_box(names(&tagger, article))))));
        tagging.push(time(|| articles.iter().for_each(|article| drop(black_box(tag(&tagger, article))))));
    }
    let (stemming, naming, tagging) = (median(stemming), median(naming), median(tagging));
    let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    println!("{} articles, {:.1} MB", articles.len(), bytes as f64 / 1e6);
    println!("en_stem            {:>6.1} MB/s", rate(stemming));
    println!(
        "persons, countries {:>6.1} MB/s: {:.2} of it",
        rate(naming),
        stemming.as_secs_f64() / naming.as_secs_f64()
    );
    println!(
        "with topics        {:>6.1} MB/s: {:.2} of it",
        rate(tagging),
        stemming.as_secs_f64() / tagging.as_secs_f64()
    );
}

fn articles(dir: &std::path::Path) -> Vec<Article> {
    let mut articles = Vec::new();
    let mut each = |found: Result<dateline::ingest::tagged::Tagged, _>| {
        articles.extend(found.ok().map(|tagged| tagged.article));
        ControlFlow::Continue(())
    };
    tag_paths(&[dir.to_owned()], &Taxonomy::builtin(), &mut each).unwrap();
    articles
}

fn tokenise(analyzer: &mut TextAnalyzer, article: &Article) {
    for text in [&article.headline, &article.body] {
        let mut stream = analyzer.token_stream(text);
        while stream.advance() {
            black_box(stream.token());
        }
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
