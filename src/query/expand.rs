//! *Expanding* finds the words of the index that fill a slot.

use std::collections::BTreeSet;

use levenshtein_automata::{DFA, Distance, SINK_STATE};
use tantivy::Searcher;
use tantivy::index::InvertedIndexReader;
use tantivy::schema::Field;
use tantivy_fst::Automaton;

use crate::deadline::Paced;
use crate::query::compile::CompileError;
use crate::query::compile::Context;
use crate::query::slot::Shape;
use crate::query::slot::Slot;
use crate::schema::Facet;
use crate::schema::Fields;
use crate::schema::analyzer::stem_term;
use crate::schema::tongue::{Tongue, english_ranges};

/// Words one beginning, wildcard, fuzzy word or regular expression may stand for.
pub(crate) const MAX_EXPANSION: usize = 1_024;

/// The tongues of the articles of an index, but for English.
///
/// # Errors
/// Where the index cannot be read.
pub(crate) fn tongues_of(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<Tongue>> {
    let mut found = Vec::new();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(fields.facet(Facet::Language, false))?;
        let mut stream = inverted.terms().stream()?;
        while stream.advance() {
            found.push(Tongue::of(std::str::from_utf8(stream.key()).ok()));
        }
    }
    found.sort_unstable();
    found.dedup();
    found.retain(|tongue| *tongue != Tongue::English);
    Ok(found)
}

/// The words of a field that fill a slot.
///
/// # Errors
/// `too_many` where there are more than [`MAX_EXPANSION`] of one shape; where the deadline is over, or the index cannot be
/// read.
pub(crate) fn words(
    context: &Context<'_>,
    field: Field,
    slot: &Slot,
    too_many: &dyn Fn() -> CompileError,
) -> Result<BTreeSet<String>, CompileError> {
    match slot {
        Slot::Stem(word) => inflected(context, field, word),
        Slot::Exact(word) => {
            let mut words = BTreeSet::new();
            exact(context, field, word, |word| {
                words.insert(word.to_owned());
            })?;
            Ok(words)
        }
        Slot::Any => Ok(BTreeSet::new()),
        Slot::Prefix(_) | Slot::Wildcard(_) | Slot::Fuzzy(..) | Slot::Regex(_) => {
            of_shape(context, field, slot, too_many)
        }
    }
}

/// The words that have the English stem of this one, and its stems in the other tongues of the index.
fn inflected(context: &Context<'_>, field: Field, word: &str) -> Result<BTreeSet<String>, CompileError> {
    let mut words = BTreeSet::new();
    let stem = Tongue::English.stem(word);
    for range in english_ranges(&stem) {
        each_beginning(context, field, &range, |found| {
            if Tongue::English.stem(found) == stem {
                words.insert(found.to_owned());
            }
            Ok(())
        })?;
    }
    for tongue in context.tongues {
        exact(context, field, &stem_term(*tongue, &tongue.stem(word)), |term| {
            words.insert(term.to_owned());
        })?;
    }
    Ok(words)
}

fn exact(
    context: &Context<'_>,
    field: Field,
    word: &str,
    mut found: impl FnMut(&str),
) -> Result<(), CompileError> {
    for segment in context.searcher.segment_readers() {
        if segment.inverted_index(field)?.terms().get(word.as_bytes())?.is_some() {
            found(word);
            break;
        }
    }
    Ok(())
}

fn of_shape(
    context: &Context<'_>,
    field: Field,
    slot: &Slot,
    too_many: &dyn Fn() -> CompileError,
) -> Result<BTreeSet<String>, CompileError> {
    let mut words = BTreeSet::new();
    let Some(shape) = Shape::of(slot) else { return Ok(words) };
    let mut add = |word: &str| {
        if shape.fits(word) {
            words.insert(word.to_owned());
            if words.len() > MAX_EXPANSION {
                return Err(too_many());
            }
        }
        Ok(())
    };
    match &shape {
        Shape::Fuzzy(dfa) => each_near(context, field, dfa, &mut add)?,
        shape => each_beginning(context, field, shape.beginning(), add)?,
    }
    Ok(words)
}

/// Calls `each` with every word of the index that begins so, segment by segment.
pub(crate) fn each_beginning(
    context: &Context<'_>,
    field: Field,
    beginning: &str,
    mut each: impl FnMut(&str) -> Result<(), CompileError>,
) -> Result<(), CompileError> {
    for inverted in inverted(context, field)? {
        let mut stream = inverted.terms().range().ge(beginning.as_bytes()).into_stream()?;
        let mut paced = Paced::new(context.deadline);
        while stream.advance() && stream.key().starts_with(beginning.as_bytes()) {
            if paced.step(1) {
                return Err(CompileError::Late);
            }
            word_of(stream.key()).map_or(Ok(()), &mut each)?;
        }
    }
    Ok(())
}

/// Calls `each` with every word of the index that an automaton accepts.
pub(crate) fn each_near(
    context: &Context<'_>,
    field: Field,
    dfa: &DFA,
    each: &mut dyn FnMut(&str) -> Result<(), CompileError>,
) -> Result<(), CompileError> {
    for inverted in inverted(context, field)? {
        let mut stream = inverted.terms().search(Near(dfa)).into_stream()?;
        let mut paced = Paced::new(context.deadline);
        while stream.advance() {
            if paced.step(1) {
                return Err(CompileError::Late);
            }
            word_of(stream.key()).map_or(Ok(()), &mut *each)?;
        }
    }
    Ok(())
}

fn inverted(
    context: &Context<'_>,
    field: Field,
) -> Result<Vec<std::sync::Arc<InvertedIndexReader>>, CompileError> {
    let segments = context.searcher.segment_readers().iter();
    Ok(segments.map(|segment| segment.inverted_index(field)).collect::<tantivy::Result<_>>()?)
}

/// A term as a word; `None` for a mark.
fn word_of(term: &[u8]) -> Option<&str> {
    std::str::from_utf8(term).ok().filter(|word| word.starts_with(char::is_alphanumeric))
}

/// A Levenshtein automaton as the dictionary walks it.
struct Near<'a>(&'a DFA);

impl Automaton for Near<'_> {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}
