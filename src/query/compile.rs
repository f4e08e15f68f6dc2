//! *Compiling* turns a syntax tree into the engine's query: the one place where the two meet.

use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, EmptyQuery, Occur, PhraseQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::article::NewsDate;
use crate::article::fold;
use crate::query::QueryError;
use crate::query::ast::{Pattern, Query, Text};
use crate::schema::Facet;
use crate::schema::Fields;
use crate::schema::analyzer::Analyzer;

/// Terms one prefix may stand for.
pub const MAX_EXPANSION: usize = 1_024;

/// The engine's query.
pub(crate) type EngineQuery = Box<dyn tantivy::query::Query>;

/// A query that reads well but cannot be asked of this index.
#[derive(Debug)]
pub(crate) enum CompileError {
    /// It asks for what cannot be asked.
    Query(QueryError),
    /// A facet's value is unknown, or means several things.
    Value { message: String, candidates: Vec<String> },
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
        Query::AtLeast(..) => Err(refused(
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
    if let Some(field) = text.field {
        return in_field(context, context.fields.text(field), &text.pattern);
    }
    let mut fields: Vec<(Occur, EngineQuery)> = Vec::new();
    for &(field, weight) in context.fields.weighted() {
        let query = in_field(context, field, &text.pattern)?;
        fields.push((Occur::Should, Box::new(BoostQuery::new(query, weight))));
    }
    Ok(Box::new(BooleanQuery::new(fields)))
}

fn in_field(context: &Context<'_>, field: Field, pattern: &Pattern) -> Result<EngineQuery, CompileError> {
    let (text, slop) = match pattern {
        Pattern::Prefix(prefix) => return expand(context, field, prefix),
        Pattern::Word(word) => (word, 0),
        Pattern::Phrase { text, slop } => (text, *slop),
    };
    let mut terms: Vec<Term> =
        Analyzer::default().terms_of(text).iter().map(|term| Term::from_field_text(field, term)).collect();
    Ok(match terms.len() {
        0 => Box::new(EmptyQuery),
        1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::WithFreqs)),
        _ => {
            let mut phrase = PhraseQuery::new(terms);
            phrase.set_slop(slop);
            Box::new(phrase)
        }
    })
}

/// The terms of the index that begin so, as one query.
fn expand(context: &Context<'_>, field: Field, prefix: &str) -> Result<EngineQuery, CompileError> {
    let prefix = fold(prefix);
    let mut terms = std::collections::BTreeSet::new();
    for segment in context.searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut stream = inverted.terms().range().ge(prefix.as_bytes()).into_stream()?;
        while stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
            terms.insert(stream.key().to_vec());
            if terms.len() > MAX_EXPANSION {
                return Err(refused(
                    format!("{prefix}* stands for more than {MAX_EXPANSION} words of this index"),
                    "write more of the word",
                ));
            }
        }
    }
    let terms = terms.iter().filter_map(|bytes| std::str::from_utf8(bytes).ok());
    Ok(Box::new(TermSetQuery::new(terms.map(|term| Term::from_field_text(field, term)).collect::<Vec<_>>())))
}

fn refused(message: String, hint: &str) -> CompileError {
    CompileError::Query(QueryError { message, hint: Some(hint.to_owned()), position: 0 })
}
