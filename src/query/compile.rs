//! *Compiling* turns a syntax tree into the engine's query: the one place where the two meet.

use std::collections::BTreeSet;
use std::ops::Bound;

use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, EmptyQuery, Occur, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::article::NewsDate;
use crate::deadline::Deadline;
use crate::deadline::Paced;
use crate::query::QueryError;
use crate::query::ast::{Query, Text};
use crate::query::row::Row;
use crate::query::slot::Slot;
use crate::query::slot::slots;
use crate::schema::Facet;
use crate::schema::Fields;
use crate::schema::analyzer::Analyzer;
use crate::schema::analyzer::stem_ranges;

/// Terms one prefix may stand for.
pub const MAX_EXPANSION: usize = 1_024;
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
    /// When the search has to be done.
    pub(crate) deadline: &'a Deadline,
}

/// Compiles a query.
///
/// # Errors
/// Where a prefix stands for too many terms, a facet's value is not known, or the query asks for what only topics may.
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
        Query::AtLeast(_, texts) => Err(refused(
            &texts[0],
            format!("'{query}': atleast works in topics only, in this version"),
            "leave atleast out",
        )),
        Query::Facet(facet, value) => {
            let value = (context.resolve)(*facet, value)?;
            let term = Term::from_field_text(context.fields.facet(*facet, context.mentions), &value);
            Ok(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
        }
        Query::Date(from, to) => Ok(date_range(context.fields, *from, *to)),
    }
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
    Box::new(tantivy::query::ConstScoreQuery::new(Box::new(BooleanQuery::new(ranges)), 0.0))
}

fn compile_text(context: &Context<'_>, text: &Text) -> Result<EngineQuery, CompileError> {
    let mut analyzer = Analyzer::default();
    let (slots, slop) = slots(&mut analyzer, &text.pattern);
    if context.deadline.is_over() {
        return Err(CompileError::Late);
    }
    if slop > 0 && slots.len() > MAX_LOOSE {
        let message = format!("a phrase with ~ has more than {MAX_LOOSE} words");
        return Err(refused(text, message, "leave words out, or the ~"));
    }
    if let Some(field) = text.field {
        return in_field(context, &analyzer, context.fields.text(field), text, (&slots, slop));
    }
    let mut fields: Vec<(Occur, EngineQuery)> = Vec::new();
    for &(field, weight) in context.fields.weighted() {
        let query = in_field(context, &analyzer, field, text, (&slots, slop))?;
        fields.push((Occur::Should, Box::new(BoostQuery::new(query, weight))));
    }
    Ok(Box::new(BooleanQuery::new(fields)))
}

fn in_field(
    context: &Context<'_>,
    analyzer: &Analyzer,
    field: Field,
    text: &Text,
    (slots, slop): (&[Slot], u32),
) -> Result<EngineQuery, CompileError> {
    let mut filled = Vec::with_capacity(slots.len());
    for slot in slots {
        let terms = match slot {
            Slot::Stem(stem) => inflected(context, analyzer, field, stem)?,
            Slot::Prefix(prefix) => beginning(context, field, text, prefix)?,
        };
        if terms.is_empty() {
            return Ok(Box::new(EmptyQuery));
        }
        filled.push(terms.iter().map(|term| Term::from_field_text(field, term)).collect());
    }
    if filled.is_empty() {
        return Ok(Box::new(EmptyQuery));
    }
    Ok(Box::new(Row::new(field, filled, slop, context.deadline)))
}

/// The words of the index that have this stem.
fn inflected(
    context: &Context<'_>,
    analyzer: &Analyzer,
    field: Field,
    stem: &str,
) -> Result<BTreeSet<String>, CompileError> {
    let mut words = BTreeSet::new();
    for range in stem_ranges(stem) {
        each_beginning(context, field, &range, |word| {
            if analyzer.stem_of(word) == stem {
                words.insert(word.to_owned());
            }
            Ok(())
        })?;
    }
    Ok(words)
}

/// The words of the index that begin so.
fn beginning(
    context: &Context<'_>,
    field: Field,
    text: &Text,
    prefix: &str,
) -> Result<BTreeSet<String>, CompileError> {
    let mut words = BTreeSet::new();
    each_beginning(context, field, prefix, |word| {
        words.insert(word.to_owned());
        if words.len() > MAX_EXPANSION {
            return Err(refused(
                text,
                format!("{prefix}* stands for more than {MAX_EXPANSION} words of this index"),
                "write more of the word",
            ));
        }
        Ok(())
    })?;
    Ok(words)
}

fn each_beginning(
    context: &Context<'_>,
    field: Field,
    beginning: &str,
    mut each: impl FnMut(&str) -> Result<(), CompileError>,
) -> Result<(), CompileError> {
    for segment in context.searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut stream = inverted.terms().range().ge(beginning.as_bytes()).into_stream()?;
        let mut paced = Paced::new(context.deadline);
        while stream.advance() && stream.key().starts_with(beginning.as_bytes()) {
            if paced.step(1) {
                return Err(CompileError::Late);
            }
            if let Ok(word) = std::str::from_utf8(stream.key()) {
                each(word)?;
            }
        }
    }
    Ok(())
}

fn refused(text: &Text, message: String, hint: &str) -> CompileError {
    CompileError::Query(QueryError { message, hint: Some(hint.to_owned()), position: text.typed.0 })
}
