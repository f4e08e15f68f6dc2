//! *Similarity* is BM25F: how much it says of an article that a pattern stands so often in its fields.
//!
//! Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", 2004: the places of all fields are
//! weighed, each against the length of its field, and added up before more of them say less; the sum of a score for each
//! field would count a word twice that stands in two. The terms of a slot count as one term, which as many articles hold as
//! the commonest of them at least, and as all of them together at most.

use std::sync::Arc;

use tantivy::Score;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25StatisticsProvider;

use crate::query::places::Filled;
use crate::query::places::Part;

/// How soon more places say no more. For newspapers .9 is usual (Anserini's baselines of the TREC collections); weights of
/// fields above 1 make for more places.
const K1: Score = 1.0;
/// How much the length of a field counts; .4 is usual beside that.
const B: Score = 0.4;

/// BM25F of one pattern.
#[derive(Clone)]
pub(super) struct Similarity {
    pub(super) rarity: Score,
    /// Per part, by the engine's one-byte length of its field, what one place counts.
    norms: Vec<Arc<[Score; 256]>>,
}

impl Similarity {
    /// # Errors
    /// Where the index cannot be read.
    pub(super) fn of(statistics: &dyn Bm25StatisticsProvider, parts: &[Part]) -> tantivy::Result<Self> {
        let articles = statistics.total_num_docs()?;
        let mut norms = Vec::with_capacity(parts.len());
        // An article counts once in however many fields: as rare as in the field where it is commonest.
        let mut rarest = Score::INFINITY;
        for part in parts {
            if part.within.is_none() {
                rarest = rarest.min(rarity(statistics, articles, &part.filled)?);
            }
            let words = statistics.total_num_tokens(part.field)?;
            let average = (words as Score / articles.max(1) as Score).max(Score::MIN_POSITIVE);
            let norm = |length: u8| {
                let length = FieldNormReader::id_to_fieldnorm(length) as Score;
                part.weight / (1.0 - B + B * length / average)
            };
            norms.push(Arc::new(std::array::from_fn(|id| norm(u8::try_from(id).unwrap_or(u8::MAX)))));
        }
        Ok(Self { rarity: rarest, norms })
    }

    /// What one place counts in the field of a part, by its length.
    pub(super) fn of_part(&self, number: usize) -> Arc<[Score; 256]> {
        Arc::clone(&self.norms[number])
    }

    /// The score of a pattern of some rarity whose places count so much in all.
    pub(super) fn score(rarity: Score, counted: Score) -> Score {
        rarity * (1.0 + K1) * counted / (K1 + counted)
    }
}

/// What a pattern says by its rarity: as much as all its slots; one of several says as much as the commonest of them.
fn rarity(statistics: &dyn Bm25StatisticsProvider, articles: u64, filled: &Filled) -> tantivy::Result<Score> {
    match filled {
        Filled::Row(slots, _) => {
            let mut sum = 0.0;
            for terms in slots.iter().flatten() {
                let mut holding = 0;
                for term in terms {
                    holding += statistics.doc_freq(term)?;
                }
                sum += idf(holding.min(articles), articles);
            }
            Ok(sum)
        }
        Filled::Any(any) => {
            let mut least = Score::INFINITY;
            for filled in any {
                least = least.min(rarity(statistics, articles, filled)?);
            }
            Ok(least)
        }
        Filled::Near(left, _, right) => {
            Ok(rarity(statistics, articles, left)? + rarity(statistics, articles, right)?)
        }
    }
}

/// The logarithm of how unlikely it is that an article holds a term that so many of all hold.
fn idf(holding: u64, articles: u64) -> Score {
    let without = (articles - holding) as Score + 0.5;
    (1.0 + without / (holding as Score + 0.5)).ln()
}
