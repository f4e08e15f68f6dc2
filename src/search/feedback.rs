//! *Feedback* orders the best hits again by what the very best of them have in common: the words that stand in several of
//! the first ten and in few other articles. It finds nothing new and loses nothing.
//!
//! This is a relevance model (Lavrenko and Croft, "Relevance-based language models", 2001; Abdul-Jaleel and others,
//! "UMass at TREC 2004", where it is mixed with the query as here), its share kept small, and used to order what matches
//! only. It serves plain words, any of which may match; who asks in the query language has said what is wanted.

use rustc_hash::FxHashMap;

use tantivy::query::{BooleanQuery, BoostQuery, EnableScoring, Occur, Query as _};
use tantivy::{DocSet, Score};

use crate::facets::Order;
use crate::facets::Ranked;
use crate::query::ast::{Pattern, Query, Text, Typed};
use crate::query::compile::EngineQuery;
use crate::query::compile::holding;
use crate::query::plain::is_stop_word;
use crate::schema::analyzer::Analyzer;
use crate::schema::tongue::Tongue;
use crate::search::Ground;
use crate::search::asked::Asked;
use crate::search::error::SearchError;

/// Hits that are ordered again.
pub(super) const DEPTH: usize = 1_000;
/// Hits that are read.
const READ: usize = 10;
/// Words that are taken from them.
const WORDS: usize = 20;
/// How much the words count beside the query.
const SHARE: Score = 0.25;
/// A word that more than one of so many articles have says too little.
const COMMON: u64 = 10;

/// Orders the first [`DEPTH`] hits again; the words by which it was done, most telling first.
///
/// # Errors
/// Where the index cannot be read, or the deadline is over.
pub(super) fn reorder(
    ground: Ground<'_>,
    asked: &Asked<'_>,
    hits: &mut [Ranked],
) -> Result<Vec<String>, SearchError> {
    let depth = hits.len().min(DEPTH);
    let hits = &mut hits[..depth];
    let words = telling_words(ground, asked, hits)?;
    let asked_for = words_asked_for(asked);
    if words.is_empty() || asked_for <= 0.0 {
        return Ok(Vec::new());
    }
    let total: Score = words.iter().map(|(_, weight)| weight).sum();
    let mut clauses: Vec<(Occur, EngineQuery)> = Vec::new();
    for (word, weight) in &words {
        let query = asked.compile(ground, &Query::Text(text(word)))?;
        clauses.push((Occur::Should, Box::new(BoostQuery::new(query, weight / total))));
    }
    let scores = scores(ground, &BooleanQuery::new(clauses), hits)?;
    for (hit, score) in hits.iter_mut().zip(scores) {
        hit.score = (1.0 - SHARE) * hit.score / asked_for + SHARE * score;
    }
    hits.sort_unstable_by(|a, b| a.before(b, Order::Relevance));
    Ok(words.into_iter().map(|(word, _)| word).collect())
}

fn text(word: &str) -> Text {
    Text { field: None, pattern: Pattern::Word(word.to_owned()), typed: Typed::default() }
}

/// How many words the query asks for that say something and stand in some article.
fn words_asked_for(asked: &Asked<'_>) -> Score {
    let missing = asked.known.missing.borrow();
    let clauses = match asked.parsed {
        Query::Or(clauses) => clauses.as_slice(),
        one => std::slice::from_ref(one),
    };
    let counts = clauses.iter().map(|clause| match clause {
        Query::Text(text) if !missing.contains(text) => 1.0,
        Query::Boost(inner, factor) if factor.0 >= 1_000 => match inner.as_ref() {
            Query::Text(text) if !missing.contains(text) => factor.0 as Score / 1_000.0,
            _ => 0.0,
        },
        _ => 0.0,
    });
    counts.sum()
}

/// The words that the first hits have in common, with their weights.
fn telling_words(
    ground: Ground<'_>,
    asked: &Asked<'_>,
    hits: &[Ranked],
) -> Result<Vec<(String, Score)>, SearchError> {
    let read: Vec<&Ranked> = hits.iter().take(READ).filter(|hit| hit.score > 0.0).collect();
    let squares: Score = read.iter().map(|hit| hit.score * hit.score).sum();
    // By stem: the weight, in how many of the hits it stands, and a word that has it.
    let mut stems: FxHashMap<String, (Score, u32, String)> = FxHashMap::default();
    let mut analyzer = Analyzer::default();
    for hit in read {
        let article = ground.index.stored(ground.searcher, hit.address)?.article;
        let tongue = Tongue::of(article.language.as_deref());
        let mut counts: FxHashMap<String, (u32, String)> = FxHashMap::default();
        let mut length = 0;
        for part in [&article.headline, &article.body] {
            analyzer.words(tongue, part, |word, _| {
                length += 1;
                let count = counts.entry(word.stem.to_owned()).or_insert_with(|| (0, word.folded.to_owned()));
                count.0 += 1;
            });
        }
        let share = hit.score * hit.score / squares;
        for (stem, (count, word)) in counts {
            let known = stems.entry(stem).or_insert((0.0, 0, word));
            known.0 += share * count as Score / length as Score;
            known.1 += 1;
        }
    }
    let says_something = |word: &str| {
        word.chars().nth(1).is_some() && !word.bytes().all(|b| b.is_ascii_digit()) && !is_stop_word(word)
    };
    let mut common: Vec<(Score, String)> = (stems.into_values())
        .filter(|(_, hits, word)| *hits >= 2 && says_something(word))
        .map(|(weight, _, word)| (weight, word))
        .collect();
    common.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let most = (ground.searcher.num_docs() / COMMON).max(2);
    let mut telling = Vec::new();
    for (weight, word) in common {
        if telling.len() == WORDS {
            break;
        }
        let articles =
            asked.known.with_context(ground, |context| Ok(holding(context, &text(&word), &word)?))?;
        if (2..=most).contains(&articles) {
            telling.push((word, weight));
        }
    }
    Ok(telling)
}

/// The score of each hit by a query, 0 where it does not match.
fn scores(ground: Ground<'_>, query: &BooleanQuery, hits: &[Ranked]) -> Result<Vec<Score>, SearchError> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(ground.searcher))?;
    let mut order: Vec<usize> = (0..hits.len()).collect();
    order.sort_unstable_by_key(|at| hits[*at].address);
    let mut scores = vec![0.0; hits.len()];
    for of_segment in order.chunk_by(|a, b| hits[*a].address.segment_ord == hits[*b].address.segment_ord) {
        let Some(first) = of_segment.first() else { continue };
        let segment = ground.searcher.segment_reader(hits[*first].address.segment_ord);
        let mut scorer = weight.scorer(segment, 1.0)?;
        for at in of_segment {
            let doc = hits[*at].address.doc_id;
            let found = if scorer.doc() < doc { scorer.seek(doc) } else { scorer.doc() };
            if found == doc {
                scores[*at] = scorer.score();
            }
        }
    }
    Ok(scores)
}
