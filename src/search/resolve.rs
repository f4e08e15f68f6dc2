//! *Resolving* finds the one canonical value that a filter's value stands for: `PRC`, `CN` and `China` are one.
//!
//! In order: the value as it is in the index; a form or code of the dictionaries; the only value of the index that
//! reads the same with case and accents folded; the only one that holds all of its words. Several, or none, is an
//! error that lists candidates: values that hold some of the words, words that begin so, or words spelt nearly so.

use tantivy::Searcher;

use crate::article::fold;
use crate::deadline::Deadline;
use crate::deadline::Paced;
use crate::query::compile::CompileError;
use crate::schema::Facet;
use crate::taxonomy::Taxonomy;

/// Candidates an error lists.
const MAX_CANDIDATES: usize = 6;

/// The canonical value of a facet's value as typed.
///
/// # Errors
/// Where it is unknown or means several things, with candidates; or the index cannot be read.
pub(crate) fn resolve(
    (searcher, deadline): (&Searcher, &Deadline),
    taxonomy: &Taxonomy,
    facet: Facet,
    typed: &str,
) -> Result<String, CompileError> {
    let column = facet.column(true);
    if count(searcher, column, typed)? > 0 {
        return Ok(typed.to_owned());
    }
    let folded = fold(typed.trim());
    let known = in_dictionary(taxonomy, facet, &folded);
    match known.as_slice() {
        [one] => return Ok(one.clone()),
        [] => {}
        several => return Err(ambiguous(facet, typed, several.to_vec())),
    }
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut same = Vec::new();
    let mut holding = Vec::new();
    each_value((searcher, deadline), column, |value, count| {
        let value_folded = fold(value);
        if value_folded == folded {
            same.push(value.to_owned());
        } else if !words.is_empty() {
            let parts: Vec<&str> = value_folded.split(|c: char| !c.is_alphanumeric()).collect();
            let alike = words.iter().map(|word| parts.iter().map(|part| likeness(word, part)).max());
            let alike: usize = alike.map(Option::unwrap_or_default).sum();
            if alike > 0 {
                holding.push((alike, count, value.to_owned()));
            }
        }
    })?;
    same.sort_unstable();
    same.dedup();
    if let [one] = same.as_slice() {
        return Ok(one.clone());
    }
    if !same.is_empty() {
        return Err(ambiguous(facet, typed, same));
    }
    merge(&mut holding);
    let full: Vec<String> = holding
        .iter()
        .filter(|(alike, ..)| *alike == words.len() * SAME)
        .map(|(.., value)| value.clone())
        .collect();
    match full.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(unknown(facet, typed, holding.into_iter().map(|(.., value)| value).collect())),
        _ => Err(ambiguous(facet, typed, full)),
    }
}

/// How alike a word that is the same is.
const SAME: usize = 4;

/// How alike the word of a filter and that of a value are, 0 to [`SAME`].
fn likeness(typed: &str, part: &str) -> usize {
    let letters = typed.chars().count();
    let slips = match letters {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    match () {
        () if typed == part => SAME,
        () if letters > 2 && part.starts_with(typed) => 2,
        () if slips > 0 && strsim::osa_distance(typed, part) <= slips => 1,
        () => 0,
    }
}

/// Adds up what several segments say of a value; the most alike first, then most articles.
fn merge(holding: &mut Vec<(usize, u64, String)>) {
    holding.sort_unstable_by(|a, b| a.2.cmp(&b.2));
    holding.dedup_by(|next, kept| {
        let same = next.2 == kept.2;
        kept.1 += if same { next.1 } else { 0 };
        same
    });
    holding.sort_by_key(|(alike, count, _)| std::cmp::Reverse((*alike, *count)));
}

fn in_dictionary(taxonomy: &Taxonomy, facet: Facet, folded: &str) -> Vec<String> {
    match facet {
        Facet::Country => taxonomy.countries_named(folded),
        Facet::Person => taxonomy.persons_named(folded),
        Facet::Topic => {
            let fits = |path: &str| {
                let path = fold(path);
                path == folded || path.rsplit('/').next() == Some(folded)
            };
            let known = taxonomy.topics().list.iter().map(|topic| &topic.path);
            let all = known.chain(taxonomy.learned().map(|topic| &topic.path));
            let mut fitting: Vec<String> = all.filter(|path| fits(path)).cloned().collect();
            fitting.sort_unstable();
            fitting.dedup();
            fitting
        }
        Facet::Keyphrase
        | Facet::Source
        | Facet::Author
        | Facet::Language
        | Facet::Section
        | Facet::Organization => Vec::new(),
    }
}

fn ambiguous(facet: Facet, typed: &str, mut candidates: Vec<String>) -> CompileError {
    candidates.truncate(MAX_CANDIDATES);
    CompileError::Value { message: format!("the {facet} '{typed}' means several"), candidates }
}

fn unknown(facet: Facet, typed: &str, mut candidates: Vec<String>) -> CompileError {
    candidates.truncate(MAX_CANDIDATES);
    CompileError::Value { message: format!("no article has the {facet} '{typed}'"), candidates }
}

fn count(searcher: &Searcher, column: &str, value: &str) -> Result<u64, CompileError> {
    let field = searcher.schema().get_field(column)?;
    Ok(searcher.doc_freq(&tantivy::Term::from_field_text(field, value))?)
}

/// Calls `each` with every value of a column and how many articles have it, segment by segment.
fn each_value(
    (searcher, deadline): (&Searcher, &Deadline),
    column: &str,
    mut each: impl FnMut(&str, u64),
) -> Result<(), CompileError> {
    let field = searcher.schema().get_field(column)?;
    let mut paced = Paced::new(deadline);
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut stream = inverted.terms().stream()?;
        while stream.advance() {
            if paced.step(1) {
                return Err(CompileError::Late);
            }
            let count = u64::from(stream.value().doc_freq);
            if let Ok(value) = std::str::from_utf8(stream.key()) {
                each(value, count);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_alike_when_they_begin_so_or_are_nearly_spelt_so() {
        for (typed, part, expected) in [
            ("china", "china", SAME),
            ("reag", "reagan", 2),
            ("jpan", "japan", 1),
            ("blinkin", "blinken", 1),
            ("uk", "us", 0),
            ("iran", "iraq", 1),
            ("peru", "japan", 0),
        ] {
            assert_eq!(likeness(typed, part), expected, "{typed} {part}");
        }
    }
}
