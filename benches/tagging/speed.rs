//! The tagger's speed beside the engine's English tokenising.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use dateline::article::Article;
use dateline::ingest::tagged::{Tagged, tag_paths};
use dateline::tag::{names, names_and_phrases, tag};
use dateline::taxonomy::Taxonomy;
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};

const ROUNDS: usize = 7;

/// The rows of the table.
pub(crate) fn rows(dir: &Path) -> String {
    let articles = articles(dir);
    let bytes: usize = articles.iter().map(|article| article.headline.len() + article.body.len()).sum();
    let tagger = crate::items::tagger();
    let mut stem = TokenizerManager::default().get("en_stem").unwrap();
    let (mut stemming, mut naming, mut phrasing, mut tagging) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        stemming.push(time(|| articles.iter().for_each(|article| tokenise(&mut stem, article))));
        naming.push(time(|| articles.iter().for_each(|article| drop(black_box(names(&tagger, article))))));
        let phrases = |article| drop(black_box(names_and_phrases(&tagger, article)));
        phrasing.push(time(|| articles.iter().for_each(phrases)));
        tagging.push(time(|| articles.iter().for_each(|article| drop(black_box(tag(&tagger, article))))));
    }
    let (stemming, naming) = (median(stemming), median(naming));
    let (phrasing, tagging) = (median(phrasing), median(tagging));
    let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    let share = |time: Duration| stemming.as_secs_f64() / time.as_secs_f64();
    format!(
        "| the engine's `en_stem` on the {} wires, one core | {:.1} MB/s |\n\
         | persons and countries, the same text and core | {:.1} MB/s: {:.2} of it |\n\
         | with key phrases | {:.1} MB/s: {:.2} of it |\n\
         | with topics too | {:.1} MB/s: {:.2} of it |\n",
        articles.len(),
        rate(stemming),
        rate(naming),
        share(naming),
        rate(phrasing),
        share(phrasing),
        rate(tagging),
        share(tagging)
    )
}

fn articles(dir: &Path) -> Vec<Article> {
    let mut articles = Vec::new();
    let mut each = |found: Result<Tagged, _>| {
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
