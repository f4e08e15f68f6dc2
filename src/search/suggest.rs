//! A *suggestion* is the query as it was perhaps meant, where a word of it stands in no article: spelt as a word of the index
//! that is nearly the same, or asked for by the name that the dictionaries have for it. It is offered, never run.

use std::cmp::Reverse;

use tantivy::collector::Count;

use crate::query::ast::{Pattern, Query, Text};
use crate::query::compile::nearly;
use crate::schema::Facet;
use crate::search::Ground;
use crate::search::asked::Asked;
use crate::search::error::SearchError;
use crate::search::request::SearchRequest;
use crate::search::resolve::resolve;

/// A query that would find something, for one of which some word stands in no article; `None` where there is none, or where
/// every word stands in some.
pub(super) fn suggestion(
    ground: Ground<'_>,
    request: &SearchRequest,
    asked: &Asked<'_>,
) -> Result<Option<String>, SearchError> {
    let missing: Vec<Text> = asked.known.missing.borrow().clone();
    if missing.is_empty() {
        return Ok(None);
    }
    if request.any {
        return plain(ground, asked, &request.query, &missing);
    }
    let mut meant = asked.parsed.clone();
    for text in &missing {
        let Some(better) = better(ground, asked, text)? else { return Ok(None) };
        replace(&mut meant, text, &better);
    }
    let query = asked.compile(ground, &meant)?;
    let found = ground.searcher.search(&query, &Count)?;
    Ok((found > 0).then(|| meant.to_string()))
}

/// Plain words with those that stand in no article spelt as words that do; the others stay, found or not.
fn plain(
    ground: Ground<'_>,
    asked: &Asked<'_>,
    typed: &str,
    missing: &[Text],
) -> Result<Option<String>, SearchError> {
    let mut respelt: Vec<(usize, String)> = Vec::new();
    for text in missing {
        if let Pattern::Word(word) = &text.pattern
            && let Some(better) = spelling(ground, asked, text, word)?
        {
            respelt.push((text.typed.0, better));
        }
    }
    respelt.sort_unstable();
    respelt.dedup();
    let mut meant = String::new();
    let mut rest = typed.chars().enumerate().peekable();
    while let Some((at, c)) = rest.next() {
        match respelt.iter().find(|(start, _)| *start == at) {
            None => meant.push(c),
            Some((_, better)) => {
                meant.push_str(better);
                while rest.next_if(|(_, c)| c.is_alphanumeric()).is_some() {}
            }
        }
    }
    Ok((meant != typed).then_some(meant))
}

/// A text as it was perhaps meant.
fn better(ground: Ground<'_>, asked: &Asked<'_>, text: &Text) -> Result<Option<Query>, SearchError> {
    let respelt = match &text.pattern {
        Pattern::Word(word) | Pattern::Exact(word) | Pattern::Fuzzy(word, _) => {
            spelling(ground, asked, text, word)?.map(Pattern::Word)
        }
        Pattern::Phrase { text: phrase, slop } => {
            let mut words = Vec::new();
            for word in phrase.split(' ') {
                words.push(spelling(ground, asked, text, word)?.unwrap_or_else(|| word.to_owned()));
            }
            let text = words.join(" ");
            (text != *phrase).then_some(Pattern::Phrase { text, slop: *slop })
        }
        _ => None,
    };
    if let Some(pattern) = respelt {
        return Ok(Some(Query::Text(Text { pattern, ..text.clone() })));
    }
    let (Pattern::Word(name) | Pattern::Phrase { text: name, .. }, None) = (&text.pattern, text.field) else {
        return Ok(None);
    };
    for facet in [Facet::Country, Facet::Person] {
        if let Ok(value) = resolve((ground.searcher, ground.deadline), ground.taxonomy, facet, name) {
            return Ok(Some(Query::Facet(facet, value)));
        }
    }
    Ok(None)
}

/// The word of the index that is most nearly spelt like a word that stands in no article: that with the fewest slips, then
/// that which most articles have.
fn spelling(
    ground: Ground<'_>,
    asked: &Asked<'_>,
    text: &Text,
    word: &str,
) -> Result<Option<String>, SearchError> {
    let near = asked.known.with_context(ground, |context| Ok(nearly(context, text, word)?))?;
    let best = near.into_iter().min_by_key(|(slips, articles, _)| (*slips, Reverse(*articles)));
    Ok(best.map(|(.., word)| word))
}

/// Puts another query in place of a text, wherever it stands.
fn replace(query: &mut Query, text: &Text, better: &Query) {
    match query {
        Query::And(clauses) | Query::Or(clauses) => {
            clauses.iter_mut().for_each(|clause| replace(clause, text, better));
        }
        Query::Not(inner) | Query::Boost(inner, _) => replace(inner, text, better),
        Query::Text(found) if found == text => better.clone_into(query),
        Query::AtLeast(_, texts) => {
            if let Query::Text(better) = better {
                texts.iter_mut().filter(|found| *found == text).for_each(|found| found.clone_from(better));
            }
        }
        _ => {}
    }
}
