//! *Similarity* is BM25: how much it says of an article that a row of slots stands in it so often.
//!
//! Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009. The terms of a slot count as
//! one term, which as many articles hold as the commonest of them at least, and as all of them together at most.

use std::sync::Arc;

use tantivy::Score;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;

use crate::query::places::Filled;
use crate::query::places::Filling;

/// How soon more of a word says no more.
const K1: Score = 1.2;
/// How much the length of an article counts.
const B: Score = 0.75;

/// BM25 of one row of slots.
#[derive(Clone)]
pub(super) struct Similarity {
    weight: Score,
    /// By the engine's one-byte length of a field: what the frequency is weighed against.
    norms: Arc<[Score; 256]>,
}

impl Similarity {
    /// # Errors
    /// Where the index cannot be read.
    pub(super) fn of(
        statistics: &dyn Bm25StatisticsProvider,
        field: Field,
        filled: &Filled,
    ) -> tantivy::Result<Self> {
        let articles = statistics.total_num_docs()?;
        let weight = weight(statistics, articles, filled)?;
        let words = statistics.total_num_tokens(field)?;
        let average = words as Score / articles.max(1) as Score;
        let norm = |length: u8| {
            let length = FieldNormReader::id_to_fieldnorm(length) as Score;
            K1 * (1.0 - B + B * length / average.max(Score::MIN_POSITIVE))
        };
        let norms = std::array::from_fn(|id| norm(u8::try_from(id).unwrap_or(u8::MAX)));
        Ok(Self { weight: weight * (1.0 + K1), norms: Arc::new(norms) })
    }

    pub(super) fn boosted(&self, boost: Score) -> Self {
        Self { weight: self.weight * boost, norms: Arc::clone(&self.norms) }
    }

    /// The score of a row that stands so often in a field of this length, as the engine notes it.
    pub(super) fn score(&self, length: u8, frequency: u32) -> Score {
        let frequency = frequency as Score;
        self.weight * frequency / (frequency + self.norms[usize::from(length)])
    }
}

/// What a pattern says by its rarity: as much as all its slots; one of several says as much as the commonest of them.
fn weight(statistics: &dyn Bm25StatisticsProvider, articles: u64, filled: &Filled) -> tantivy::Result<Score> {
    match filled {
        Filled::Row(slots, _) => {
            let mut sum = 0.0;
            for terms in slots.iter().flatten() {
                let mut holding = 0;
                for Filling { term, .. } in terms {
                    holding += statistics.doc_freq(term)?;
                }
                sum += rarity(holding.min(articles), articles);
            }
            Ok(sum)
        }
        Filled::Any(any) => {
            let mut least = Score::INFINITY;
            for filled in any {
                least = least.min(weight(statistics, articles, filled)?);
            }
            Ok(least)
        }
        Filled::Near(left, _, right) => {
            Ok(weight(statistics, articles, left)? + weight(statistics, articles, right)?)
        }
    }
}

/// The logarithm of how unlikely it is that an article holds a term that so many of all hold.
fn rarity(holding: u64, articles: u64) -> Score {
    let without = (articles - holding) as Score + 0.5;
    (1.0 + without / (holding as Score + 0.5)).ln()
}
