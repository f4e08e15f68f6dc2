//! *Compiling* turns a syntax tree into the engine's query: the one place where the two meet.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::article::NewsDate;
use crate::deadline::Deadline;
use crate::query::QueryError;
use crate::query::ast::{Pattern, Query, Text};
use crate::query::expand::{MAX_EXPANSION, words};
use crate::query::places::often::{self, Often};
use crate::query::places::{Filled, Part, Places};
use crate::query::slot::{Shape, Slot, slots};
use crate::schema::Facet;
use crate::schema::Fields;
use crate::schema::TextField;
use crate::schema::analyzer::Analyzer;
use crate::schema::tongue::Tongue;
use crate::schema::traits::Trait;

/// Words a loose phrase may have.
pub const MAX_LOOSE: usize = 32;

/// The engine's query.
pub(crate) type EngineQuery = Box<dyn tantivy::query::Query>;

/// A query that reads well but cannot be asked of this index.
#[derive(Debug)]
pub(crate) enum CompileError {
    /// It asks for what cannot be asked.
    Query(QueryError),
    /// A facet's value is unknown, or means several things.
    Value { message: String, candidates: Vec<String> },
    /// The deadline is over.
    Late,
    /// The index cannot be read.
    Engine(String),
}

impl From<tantivy::TantivyError> for CompileError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Engine(error.to_string())
    }
}

impl From<std::io::Error> for CompileError {
    fn from(error: std::io::Error) -> Self {
        Self::Engine(error.to_string())
    }
}

/// What compiling needs to know of the index.
pub(crate) struct Context<'a> {
    /// The fields.
    pub(crate) fields: &'a Fields,
    /// The index as it is now: prefixes expand to its terms.
    pub(crate) searcher: &'a Searcher,
    /// The canonical values a facet's value stands for.
    pub(crate) resolve: &'a dyn Fn(Facet, &str) -> Result<String, CompileError>,
    /// Whether facets mean every mention.
    pub(crate) mentions: bool,
    /// The tongues of its articles, but for English.
    pub(crate) tongues: &'a [Tongue],
    /// When the search has to be done.
    pub(crate) deadline: &'a Deadline,
    /// Texts some word of which no article holds, where they were looked for.
    pub(crate) missing: &'a RefCell<Vec<Text>>,
}

/// Compiles a query.
///
/// # Errors
/// Where a wildcard stands for too many words, or a facet's value is not known.
pub(crate) fn compile(context: &Context<'_>, query: &Query) -> Result<EngineQuery, CompileError> {
    let many = |clauses: &[Query], occur: Occur| -> Result<EngineQuery, CompileError> {
        let clauses = clauses.iter().map(|clause| Ok((occur, compile(context, clause)?)));
        Ok(Box::new(BooleanQuery::new(clauses.collect::<Result<Vec<_>, CompileError>>()?)))
    };
    match query {
        Query::All => Ok(Box::new(AllQuery)),
        Query::And(clauses) if clauses.iter().any(|clause| matches!(clause, Query::Not(_))) => {
            and_not(context, clauses)
        }
        Query::And(clauses) => many(clauses, Occur::Must),
        Query::Or(clauses) => many(clauses, Occur::Should),
        Query::Not(inner) => Ok(except(Box::new(AllQuery), vec![compile(context, inner)?])),
        Query::Text(text) => compile_text(context, text),
        Query::AtLeast(count, texts) => at_least(context, *count, texts),
        Query::Facet(facet, value) => {
            let value = (context.resolve)(*facet, value)?;
            Ok(unscored(context.fields.facet(*facet, context.mentions), &value))
        }
        Query::Date(from, to) => Ok(date_range(context.fields, *from, *to)),
        Query::Length(from, to) => {
            let field = context.fields.words();
            let end = |words: &Option<u32>| match words {
                Some(words) => Bound::Included(Term::from_field_u64(field, u64::from(*words))),
                None => Bound::Unbounded,
            };
            Ok(no_score(Box::new(RangeQuery::new(end(from), end(to)))))
        }
        Query::Has(what) => Ok(unscored(context.fields.traits(), what.name())),
        Query::Boost(inner, factor) => {
            let factor = factor.0 as f32 / 1_000.0;
            let inner_query = compile(context, inner)?;
            Ok(match inner.as_ref() {
                // What has no score of its own adds its factor.
                Query::Facet(..) | Query::Date(..) | Query::Length(..) | Query::Has(_) => {
                    Box::new(ConstScoreQuery::new(inner_query, factor))
                }
                _ => Box::new(BoostQuery::new(inner_query, factor)),
            })
        }
    }
}

/// The articles that have a value, all scored alike.
pub(crate) fn unscored(field: Field, value: &str) -> EngineQuery {
    no_score(Box::new(TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic)))
}

fn no_score(query: EngineQuery) -> EngineQuery {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

/// Compiles AND with some of its clauses negated: those are taken away from what all the others match.
fn and_not(context: &Context<'_>, clauses: &[Query]) -> Result<EngineQuery, CompileError> {
    let mut with: Vec<(Occur, EngineQuery)> = Vec::new();
    let mut without = Vec::new();
    for clause in clauses {
        match clause {
            Query::Not(inner) => without.push(compile(context, inner)?),
            other => with.push((Occur::Must, compile(context, other)?)),
        }
    }
    if with.is_empty() {
        with.push((Occur::Must, Box::new(AllQuery)));
    }
    Ok(except(Box::new(BooleanQuery::new(with)), without))
}

fn except(with: EngineQuery, without: Vec<EngineQuery>) -> EngineQuery {
    let without = without.into_iter().map(|query| (Occur::MustNot, query));
    Box::new(BooleanQuery::new(std::iter::once((Occur::Must, with)).chain(without).collect()))
}

/// Articles published between two dates, inclusive: a date that is known to the month only lies between them when the
/// whole month does.
pub(crate) fn date_range(fields: &Fields, from: Option<NewsDate>, to: Option<NewsDate>) -> EngineQuery {
    let (first, last) = fields.published();
    let bound = |field: Field, day: Option<i32>| match day {
        Some(day) => Bound::Included(Term::from_field_i64(field, i64::from(day))),
        None => Bound::Unbounded,
    };
    // An open end still asks for a date: the earliest and the latest there are.
    let from = from.map_or(i32::MIN, NewsDate::first_day);
    let to = to.map_or(i32::MAX, NewsDate::last_day);
    let ranges: Vec<(Occur, EngineQuery)> = vec![
        (Occur::Must, Box::new(RangeQuery::new(bound(first, Some(from)), Bound::Unbounded))),
        (Occur::Must, Box::new(RangeQuery::new(Bound::Unbounded, bound(last, Some(to))))),
    ];
    no_score(Box::new(BooleanQuery::new(ranges)))
}

fn compile_text(context: &Context<'_>, text: &Text) -> Result<EngineQuery, CompileError> {
    if context.deadline.is_over() {
        return Err(CompileError::Late);
    }
    let mut parts: Vec<Part> = Vec::new();
    for (field, weight) in searched(context, text) {
        let within = if text.field.is_none() { context.fields.whole_of(field) } else { None };
        // All words of a part stand in its whole: to look them up there once is enough.
        let filled = match parts.iter().find(|part| Some(part.field) == within) {
            Some(whole) => Some(whole.filled.in_field(field)),
            None => fill(context, text, &text.pattern, field)?,
        };
        parts.extend(filled.map(|filled| Part { field, filled, weight, within }));
    }
    if parts.is_empty() {
        context.missing.borrow_mut().push(text.clone());
        return Ok(Box::new(EmptyQuery));
    }
    Ok(Box::new(Places::new(parts, context.deadline)))
}

/// The fields a text is looked for in, with their weights.
pub(crate) fn searched(context: &Context<'_>, text: &Text) -> Vec<(Field, f32)> {
    match text.field {
        Some(field) => vec![(context.fields.text(field), 1.0)],
        None => context.fields.weighted().to_vec(),
    }
}

/// The words of the index that beginnings, wildcards, fuzzy words and regular expressions of a text stand for, in order.
///
/// # Errors
/// As of [`compile`].
pub(crate) fn expansion(context: &Context<'_>, text: &Text) -> Result<Vec<String>, CompileError> {
    let mut found = BTreeSet::new();
    let mut patterns = vec![&text.pattern];
    while let Some(pattern) = patterns.pop() {
        match pattern {
            Pattern::Any(any) => patterns.extend(any),
            Pattern::Near(left, _, right) => patterns.extend([left.as_ref(), right.as_ref()]),
            row => {
                for slot in slots(&mut Analyzer::default(), row).0 {
                    for (field, _) in searched(context, text) {
                        if Shape::of(&slot).is_some() {
                            found.extend(words_of(context, text, field, &slot)?);
                        }
                    }
                }
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// Words of the index that one or two slips make of a word that is not there: how many slips, how many articles have it,
/// and the word. None where the word is there in some form, or is too short to tell.
///
/// # Errors
/// As of [`compile`].
pub(crate) fn nearly(
    context: &Context<'_>,
    text: &Text,
    typed: &str,
) -> Result<Vec<(u8, u64, String)>, CompileError> {
    let folded = Analyzer::default().folded(typed);
    let [word] = folded.as_slice() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (field, _) in searched(context, text) {
        if !words_of(context, text, field, &Slot::Stem(word.clone()))?.is_empty() {
            return Ok(Vec::new());
        }
        let most = match word.chars().count() {
            0..=3 => 0,
            4..=6 => 1,
            _ => 2,
        };
        // The fewest slips that lead to any word are enough.
        for slips in 1..=most {
            let near = words(context, field, &Slot::Fuzzy(word.clone(), slips), &|| CompileError::Late)?;
            for near in near {
                let articles = context.searcher.doc_freq(&Term::from_field_text(field, &near))?;
                found.push((slips, articles, near));
            }
            if !found.is_empty() {
                break;
            }
        }
    }
    Ok(found)
}

/// How many articles hold a word in any of its forms, in the field where it is commonest.
///
/// # Errors
/// As of [`compile`].
pub(crate) fn holding(context: &Context<'_>, text: &Text, word: &str) -> Result<u64, CompileError> {
    let mut most = 0;
    for (field, _) in searched(context, text) {
        let mut articles = 0;
        for form in words_of(context, text, field, &Slot::Stem(word.to_owned()))? {
            articles += context.searcher.doc_freq(&Term::from_field_text(field, &form))?;
        }
        most = most.max(articles);
    }
    Ok(most)
}

/// A pattern with the words of a field in its slots; `None` where some slot has none.
fn fill(
    context: &Context<'_>,
    text: &Text,
    pattern: &Pattern,
    field: Field,
) -> Result<Option<Filled>, CompileError> {
    match pattern {
        Pattern::Any(any) => {
            let mut filled = Vec::new();
            for pattern in any {
                filled.extend(fill(context, text, pattern, field)?);
            }
            Ok((!filled.is_empty()).then_some(Filled::Any(filled)))
        }
        Pattern::Near(left, how, right) => {
            let Some(left) = fill(context, text, left, field)? else { return Ok(None) };
            let right = fill(context, text, right, field)?;
            Ok(right.map(|right| Filled::Near(Box::new(left), *how, Box::new(right))))
        }
        row => fill_row(context, text, row, field),
    }
}

fn fill_row(
    context: &Context<'_>,
    text: &Text,
    pattern: &Pattern,
    field: Field,
) -> Result<Option<Filled>, CompileError> {
    let (slots, slop) = slots(&mut Analyzer::default(), pattern);
    if slop > 0 && slots.len() > MAX_LOOSE {
        let message = format!("a phrase with ~ has more than {MAX_LOOSE} words");
        return Err(refused(text, message, "leave words out, or the ~"));
    }
    let mut filled = Vec::with_capacity(slots.len());
    for slot in &slots {
        if *slot == Slot::Any {
            filled.push(None);
            continue;
        }
        let words = words_of(context, text, field, slot)?;
        if words.is_empty() {
            return Ok(None);
        }
        filled.push(Some(words.iter().map(|word| Term::from_field_text(field, word)).collect()));
    }
    Ok((!filled.is_empty()).then_some(Filled::Row(filled, slop)))
}

fn words_of(
    context: &Context<'_>,
    text: &Text,
    field: Field,
    slot: &Slot,
) -> Result<BTreeSet<String>, CompileError> {
    words(context, field, slot, &|| {
        let message = format!("'{}' stands for more than {MAX_EXPANSION} words of this index", text.pattern);
        refused(text, message, "ask for fewer: write more of its beginning")
    })
}

/// Compiles a number of places: what stands there counts as for OR.
fn at_least(context: &Context<'_>, count: u32, texts: &[Text]) -> Result<EngineQuery, CompileError> {
    let mut any: Vec<(Occur, EngineQuery)> = Vec::new();
    let mut parts = Vec::new();
    let own_headline = Term::from_field_text(context.fields.traits(), Trait::Headline.name());
    for text in texts {
        any.push((Occur::Should, compile_text(context, text)?));
        let fields = match text.field {
            Some(field) => vec![field],
            None => vec![TextField::Headline, TextField::Body],
        };
        for searched in fields {
            let field = context.fields.text(searched);
            let counted = if searched == TextField::Lead { TextField::Body } else { searched };
            let beside = text.field.is_none() && searched == TextField::Headline;
            let only = beside.then(|| own_headline.clone());
            let filled = fill(context, text, &text.pattern, field)?;
            parts.extend(filled.map(|filled| often::Part { field, counted, filled, only }));
        }
    }
    let often: EngineQuery = Box::new(Often::new(count, parts, context.deadline));
    Ok(Box::new(BooleanQuery::new(vec![
        (Occur::Must, Box::new(BooleanQuery::new(any))),
        (Occur::Must, often),
    ])))
}

fn refused(text: &Text, message: String, hint: &str) -> CompileError {
    CompileError::Query(QueryError { message, hint: Some(hint.to_owned()), position: text.typed.0 })
}
