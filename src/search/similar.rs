//! A *similar* article is one that shares what tells an article from others: its rarest words, most of all those of its
//! headline, and the persons and topics it is about. They are asked for as a query like any other.

use rustc_hash::FxHashMap;

use crate::article::Grade;
use crate::article::Kind;
use crate::query::ast::{Factor, Pattern, Query, Text, Typed};
use crate::query::compile::holding;
use crate::query::plain::is_stop_word;
use crate::schema::Facet;
use crate::schema::analyzer::Analyzer;
use crate::schema::document::StoredArticle;
use crate::schema::tongue::Tongue;
use crate::search::Ground;
use crate::search::asked::Known;
use crate::search::error::SearchError;

/// Words that are asked for.
const WORDS: usize = 25;
/// How much more a word of the headline counts than one of the text.
const HEADLINE: u32 = 3;
/// How much a tag counts beside the words, in thousandths, for the most salient.
const TAG: f32 = 2_000.0;

/// The query that finds articles like this one.
///
/// # Errors
/// Where the index cannot be read, or the deadline is over.
pub(super) fn query_for(ground: Ground<'_>, stored: &StoredArticle) -> Result<Query, SearchError> {
    let article = &stored.article;
    let tongue = Tongue::of(article.language.as_deref());
    let mut counts: FxHashMap<String, (u32, String)> = FxHashMap::default();
    let mut analyzer = Analyzer::default();
    for (part, weight) in [(&article.headline, HEADLINE), (&article.body, 1)] {
        analyzer.words(tongue, part, |word, _| {
            let count = counts.entry(word.stem.to_owned()).or_insert_with(|| (0, word.folded.to_owned()));
            count.0 += weight;
        });
    }
    let articles = ground.searcher.num_docs() as f32;
    let mut words = Vec::new();
    let known = Known::of(ground, false)?;
    for (count, word) in counts.into_values().filter(|(_, word)| !is_stop_word(word)) {
        let holding = known.with_context(ground, |context| Ok(holding(context, &text(&word), &word)?))?;
        // A word of no other article finds nothing.
        if holding > 1 {
            let frequency = count as f32 / (count as f32 + 2.0);
            words.push((frequency * (articles / holding as f32).ln(), word));
        }
    }
    words.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    words.truncate(WORDS);
    let best = words.first().map_or(1.0, |(weight, _)| weight.max(f32::MIN_POSITIVE));
    let words =
        words.into_iter().map(|(weight, word)| boosted(Query::Text(text(&word)), weight / best * 1_000.0));
    let about = stored.tags.tags.iter().filter(|tag| tag.grade == Grade::About);
    let tags = about.filter_map(|tag| {
        let facet = match tag.field {
            Kind::Person => Facet::Person,
            Kind::Topic => Facet::Topic,
            // Most articles of an archive share a country; a phrase's words are asked for anyway.
            Kind::Country | Kind::Organization | Kind::Keyphrase => return None,
        };
        Some(boosted(Query::Facet(facet, tag.value.clone()), tag.salience * TAG))
    });
    Ok(Query::or(words.chain(tags).collect()))
}

fn text(word: &str) -> Text {
    Text { field: None, pattern: Pattern::Word(word.to_owned()), typed: Typed::default() }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and a few thousand")]
fn boosted(query: Query, thousandths: f32) -> Query {
    Query::Boost(Box::new(query), Factor(thousandths.round().max(1.0) as u32))
}
