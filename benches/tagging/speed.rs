//! The tagger's speed beside the engine's English tokenising.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use dateline::article::Article;
use dateline::ingest::tagged::{Tagged, tag_paths};
use dateline::tag::{Dictionaries, Tagger, names, names_and_phrases, tag, topics};
use dateline::taxonomy::Taxonomy;
use dateline::taxonomy::topics::Topics;
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};

const ROUNDS: usize = 7;
/// Topics of a service that watches the news for its customers.
const MANY: usize = 5_000;

/// The rows of the table.
pub(crate) fn rows(dir: &Path) -> String {
    let articles = articles(dir);
    let bytes: usize = articles.iter().map(|article| article.headline.len() + article.body.len()).sum();
    let tagger = crate::items::tagger();
    let watching = with_topics(&many_topics(&articles));
    let mut stem = TokenizerManager::default().get("en_stem").unwrap();
    let works: [(&str, Work<'_>); 6] = [
        ("the engine's `en_stem`", &mut |article| tokenise(&mut stem, article)),
        ("persons and countries, the same text and core", &mut |article| {
            drop(black_box(names(&tagger, article)));
        }),
        ("with key phrases", &mut |article| drop(black_box(names_and_phrases(&tagger, article)))),
        ("all topics, alone", &mut |article| drop(black_box(topics(&tagger, article)))),
        ("and 5,000 more, of names and phrases of the wires", &mut |article| {
            drop(black_box(topics(&watching, article)));
        }),
        ("persons, countries, key phrases and topics", &mut |article| drop(black_box(tag(&tagger, article)))),
    ];
    let mut works = works.map(|(name, work)| (name, work, Vec::new()));
    for _ in 0..ROUNDS {
        for (_, work, times) in &mut works {
            times.push(time(|| articles.iter().for_each(&mut *work)));
        }
    }
    let mut rows = String::new();
    let mut stemming = None;
    for (name, _, times) in works {
        let time = median(times).as_secs_f64();
        let rate = bytes as f64 / 1e6 / time;
        let share = stemming.map_or(String::new(), |stemming: f64| format!(": {:.2} of it", stemming / time));
        stemming.get_or_insert(time);
        rows += &format!("| {name} | {rate:.1} MB/s{share} |\n");
    }
    format!("| speed of the following, one core | {} wires |\n{rows}", articles.len())
}

/// What is done with one article.
type Work<'a> = &'a mut dyn FnMut(&Article);

/// The topics of the dictionary and more.
fn with_topics(more: &str) -> Tagger {
    let taxonomy = Taxonomy::builtin();
    let mut topics = taxonomy.topics().clone();
    topics.extend(Topics::parse(more, "many topics", &topics).unwrap());
    Tagger::new(&Dictionaries { topics: &topics, ..Dictionaries::of(&taxonomy) }).unwrap()
}

/// Topics that ask for two names of some article, near each other or in the headline, or for two phrases of it.
fn many_topics(articles: &[Article]) -> String {
    let mut text = String::new();
    for (number, article) in articles.iter().step_by(articles.len() / MANY).take(MANY).enumerate() {
        let is_word = |word: &&str| word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        let is_name = |word: &&str| is_word(word) && word.starts_with(char::is_uppercase);
        let words: Vec<&str> = article.body.split(' ').filter(is_word).collect();
        let names: Vec<&str> = article.body.split(' ').filter(is_name).collect();
        if words.len() < 2 || names.is_empty() {
            continue;
        }
        let word = |step: usize| names[(number * step) % names.len()].to_lowercase();
        let phrase = |step: usize| {
            let at = (number * step) % (words.len() - 1);
            format!("\"{}\"", words[at..=at + 1].join(" "))
        };
        let query = match number % 3 {
            0 => format!("{} {}", phrase(7), phrase(13)),
            1 => format!("({}) w/5 ({} OR {})", word(7), word(11), word(13)),
            _ => format!("headline:{} {} OR atleast2({} OR {})", word(7), word(3), phrase(5), phrase(17)),
        };
        text += &format!("[[topic]]\npath = \"Watched {number}\"\nabout = \"x\"\nquery = '{query}'\n");
    }
    text
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
