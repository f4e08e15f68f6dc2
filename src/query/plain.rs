//! *Plain words* are a question as people ask it: no operators, any of its words will do, and the more of them an article
//! has and the rarer they are, the better.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::query::QueryError;
use crate::query::ast::{Factor, Pattern, Query, Text, Typed};
use crate::query::parse::MAX_BYTES;
use crate::query::parse::MAX_CLAUSES;
use crate::schema::analyzer::Analyzer;
use crate::schema::tongue::Tongue;

/// Words that say next to nothing.
static STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../index-schema/stop-words.txt").lines();
    lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// What a stop word counts, in thousandths.
const STOP: u32 = 50;

/// Whether a folded word says next to nothing.
pub(crate) fn is_stop_word(folded: &str) -> bool {
    STOP_WORDS.contains(folded)
}

/// Any of the words of a text, each as often as it stands there. A stop word counts little where others are there, unless it
/// stands in capitals among others that do not (`WHO`, `IT`).
///
/// # Errors
/// Where there is no word, or too much of them.
pub fn any_of(text: &str) -> Result<Query, QueryError> {
    let error =
        |message: String, hint: &str| Err(QueryError { message, hint: Some(hint.to_owned()), position: 0 });
    if text.len() > MAX_BYTES {
        return error(format!("the query is longer than {MAX_BYTES} bytes"), "ask for less at once");
    }
    let shouted = !text.chars().any(char::is_lowercase);
    let mut words: Vec<(String, u32, bool, usize)> = Vec::new();
    Analyzer::default().words(Tongue::English, text, |word, raw| {
        let typed = &text[raw.range.clone()];
        let operator = matches!(typed, "AND" | "OR" | "NOT");
        let capitals = !operator && typed.chars().nth(1).is_some() && !typed.chars().any(char::is_lowercase);
        let stop = is_stop_word(word.folded) && (shouted || !capitals);
        match words.iter_mut().find(|known| known.0 == word.folded) {
            Some(known) => (known.1, known.2) = (known.1 + 1, known.2 && stop),
            None => words.push((word.folded.to_owned(), 1, stop, text[..raw.range.start].chars().count())),
        }
    });
    if words.is_empty() {
        return error("there is no word in this query".to_owned(), "write the words to look for");
    }
    if words.len() > MAX_CLAUSES {
        return error(
            format!("the query has more than {MAX_CLAUSES} different words"),
            "ask for less at once",
        );
    }
    let only_stops = words.iter().all(|(_, _, stop, _)| *stop);
    let clauses = words.into_iter().map(|(word, count, stop, at)| {
        let text = Query::Text(Text { field: None, pattern: Pattern::Word(word), typed: Typed(at) });
        match count * if stop && !only_stops { STOP } else { 1_000 } {
            1_000 => text,
            factor => Query::Boost(Box::new(text), Factor(factor.min(1_000_000))),
        }
    });
    Ok(Query::or(clauses.collect()))
}

#[cfg(test)]
mod tests {
    use super::any_of;

    fn check(text: &str, expected: &str) {
        assert_eq!(any_of(text).unwrap().to_string(), expected, "{text}");
    }

    #[test]
    fn any_of_the_words_will_do() {
        check("Oil prices (crude)", "oil OR prices OR crude");
        check("what is fentanyl?", "what^0.05 OR is^0.05 OR fentanyl");
        check("oil, oil and gas OR -coal", "oil^2 OR and^0.05 OR gas OR or^0.05 OR coal");
        check("what WHO says it is", "what^0.05 OR who OR says OR it^0.05 OR is^0.05");
        check("WHO SAYS", "who^0.05 OR says");
        check("to be or not to be", "to^2 OR be^2 OR or OR not");
        assert!(any_of("… ?").is_err());
        assert!(any_of(&"word ".repeat(5_000)).is_err());
    }
}
