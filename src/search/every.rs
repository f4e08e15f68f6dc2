//! *Every* article of an index, one after the other, and whether a query finds it: for what looks at all of them.

use std::collections::HashSet;
use std::ops::ControlFlow;

use tantivy::collector::DocSetCollector;
use tantivy::{DocAddress, Searcher};

use crate::deadline::Deadline;
use crate::index::ArticleIndex;
use crate::query::compile::compile;
use crate::query::parse::parse;
use crate::schema::document::StoredArticle;
use crate::search::Ground;
use crate::search::asked::Known;
use crate::search::error::SearchError;
use crate::taxonomy::Taxonomy;

/// What takes one article after the other, and whether the query finds it.
pub type Each<'a> = &'a mut dyn FnMut(StoredArticle, bool) -> ControlFlow<()>;

/// Calls `each` with every article, and whether the query finds it; the empty query finds all.
///
/// # Errors
/// Where the query cannot be read, which is the user's to mend; or the index fails.
pub fn every(
    index: &ArticleIndex,
    taxonomy: &Taxonomy,
    query: &str,
    each: Each<'_>,
) -> Result<(), SearchError> {
    let searcher = index.searcher();
    let found = found(index, &searcher, taxonomy, query)?;
    for (number, segment) in (0..).zip(searcher.segment_readers()) {
        for document in segment.doc_ids_alive() {
            let address = DocAddress::new(number, document);
            if each(index.stored(&searcher, address)?, found.contains(&address)).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Calls `each` with every article that the query finds.
///
/// # Errors
/// Those of [`every`].
pub fn every_found(
    index: &ArticleIndex,
    taxonomy: &Taxonomy,
    query: &str,
    each: Each<'_>,
) -> Result<(), SearchError> {
    let searcher = index.searcher();
    let mut found: Vec<DocAddress> = found(index, &searcher, taxonomy, query)?.into_iter().collect();
    found.sort_unstable();
    for address in found {
        if each(index.stored(&searcher, address)?, true).is_break() {
            return Ok(());
        }
    }
    Ok(())
}

fn found(
    index: &ArticleIndex,
    searcher: &Searcher,
    taxonomy: &Taxonomy,
    query: &str,
) -> Result<HashSet<DocAddress>, SearchError> {
    let deadline = Deadline::default();
    let ground = Ground { index, searcher, taxonomy, deadline: &deadline };
    let query = parse(query)?;
    let known = Known::of(ground, false)?;
    let query = known.with_context(ground, |context| Ok(compile(context, &query)?))?;
    Ok(searcher.search(&query, &DocSetCollector)?)
}
