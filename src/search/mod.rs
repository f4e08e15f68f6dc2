//! A *search* answers one request from one index: the only entry for the command line, the HTTP API and all else.

mod asked;
mod counts;
pub mod error;
pub mod every;
mod feedback;
mod passages;
pub mod request;
mod resolve;
pub mod response;
mod similar;
mod suggest;
pub mod topics;

use std::collections::BTreeMap;
use std::time::Instant;

use tantivy::Searcher;

use crate::article::ArticleId;
use crate::article::Grade;
use crate::article::Kind;
use crate::article::Tags;
use crate::deadline::Deadline;
use crate::facets::Ranked;
use crate::index::ArticleIndex;
use crate::query::ast::Query;
use crate::query::parse::parse;
use crate::query::plain::any_of;
use crate::search::asked::Asked;
use crate::search::counts::facets_of;
use crate::search::counts::timeline_of;
use crate::search::error::SearchError;
use crate::search::request::{
    FacetRequest, MAX_FACET_SIZE, MAX_FILTERS, MAX_HALF_LIFE, MAX_LIMIT, MAX_OFFSET, MAX_SNIPPETS,
    SearchRequest, Sort,
};
use crate::search::response::{FullArticle, Hit, SearchResponse};
use crate::search::similar::query_for;
use crate::search::suggest::suggestion;
use crate::taxonomy::Taxonomy;

/// Answers a request.
///
/// # Errors
/// Where the request cannot be read or asks for too much, which is the user's to mend; or the index fails.
pub fn search(
    index: &ArticleIndex,
    taxonomy: &Taxonomy,
    request: &SearchRequest,
) -> Result<SearchResponse, SearchError> {
    search_until(index, taxonomy, request, &Deadline::default())
}

/// Answers a request by a deadline.
///
/// # Errors
/// Those of [`search`]; [`SearchError::Late`] where there is no answer by then.
pub fn search_until(
    index: &ArticleIndex,
    taxonomy: &Taxonomy,
    request: &SearchRequest,
    deadline: &Deadline,
) -> Result<SearchResponse, SearchError> {
    let started = Instant::now();
    check_bounds(request)?;
    let searcher = index.searcher();
    let ground = Ground { index, searcher: &searcher, taxonomy, deadline };
    let query = query_of(ground, request)?;
    let asked = Asked::of(ground, request, &query)?;
    let mut found = searcher.search(&asked.query, &asked.walk)?;
    in_time(deadline)?;
    let fed_back =
        if orders_again(request) { feedback::reorder(ground, &asked, &mut found.top)? } else { Vec::new() };
    in_time(deadline)?;
    let total = found.total;
    let page = found.top.get(request.offset.min(found.top.len())..).unwrap_or_default();
    let hits = hits(ground, &asked, &page[..page.len().min(request.limit)])?;
    let timeline = timeline_of(ground, request, &found)?;
    let explain = request.explain.then(|| asked.explained(ground, fed_back)).transpose()?;
    let did_you_mean = suggestion(ground, request, &asked)?;
    let facets = facets_of(ground, request, &asked, &found)?;
    let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(SearchResponse {
        query: request.query.clone(),
        total,
        took_ms,
        hits,
        facets,
        timeline,
        did_you_mean,
        explain,
    })
}

/// One article in full; `None` where there is none of that id.
///
/// # Errors
/// Where the index fails.
pub fn article(index: &ArticleIndex, id: ArticleId) -> Result<Option<FullArticle>, SearchError> {
    let Some(stored) = index.article(id)? else { return Ok(None) };
    let locations = index.locations(id, &stored.location);
    Ok(Some(FullArticle { id, article: stored.article, tags: stored.tags, locations }))
}

/// What a request asks for, as a query.
fn query_of(ground: Ground<'_>, request: &SearchRequest) -> Result<Query, SearchError> {
    let query = if request.any { any_of(&request.query)? } else { parse(&request.query)? };
    let Some(id) = request.like else { return Ok(query) };
    let Some(stored) = ground.index.article(id)? else {
        let hint = "dateline search --format ids lists the ids of articles".to_owned();
        return Err(SearchError::Request { message: format!("there is no article {id}"), hint });
    };
    let similar = query_for(ground, &stored)?;
    Ok(if query == Query::All { similar } else { Query::and(vec![query, similar]) })
}

/// Whether the best hits are ordered again by what they have in common.
fn orders_again(request: &SearchRequest) -> bool {
    request.any && request.sort == Sort::Relevance && request.limit > 0 && request.recency.is_none()
}

/// An error where some work has stopped at the deadline.
fn in_time(deadline: &Deadline) -> Result<(), SearchError> {
    if deadline.was_missed() { Err(SearchError::Late) } else { Ok(()) }
}

/// What a search is run on.
#[derive(Clone, Copy)]
struct Ground<'a> {
    index: &'a ArticleIndex,
    searcher: &'a Searcher,
    taxonomy: &'a Taxonomy,
    deadline: &'a Deadline,
}

fn check_bounds(request: &SearchRequest) -> Result<(), SearchError> {
    let bounded = |what: &str, value: usize, max: usize, hint: &str| {
        if value > max {
            let message = format!("{what} {value} is more than {max}");
            return Err(SearchError::Request { message, hint: hint.to_owned() });
        }
        Ok(())
    };
    let many = "ask for values that have something in common, such as a parent topic";
    bounded("the number of filters", request.filters.len(), MAX_FILTERS, many)?;
    for (at, FacetRequest { facet, .. }) in request.facets.iter().enumerate() {
        if request.facets[..at].iter().any(|before| before.facet == *facet) {
            let message = format!("the facet {facet} is asked for twice");
            return Err(SearchError::Request {
                message,
                hint: format!("ask for {facet} once, with one size"),
            });
        }
    }
    bounded("limit", request.limit, MAX_LIMIT, "ask for fewer hits and go on with offset")?;
    bounded("offset", request.offset, MAX_OFFSET, "narrow the search by date or by facet")?;
    if request.recency.is_some_and(|days| !(1..=MAX_HALF_LIFE).contains(&days)) {
        let message = format!("recency is from 1 to {MAX_HALF_LIFE} days");
        return Err(SearchError::Request { message, hint: "ask for 30 days, as 30d".to_owned() });
    }
    bounded("snippets", request.snippets, MAX_SNIPPETS, "show the article for more of it")?;
    for facet in &request.facets {
        bounded(
            "facet size",
            facet.size,
            MAX_FACET_SIZE,
            "ask for fewer values, or for those with a prefix",
        )?;
    }
    if request.share && request.by.is_none() {
        let message = "share has no effect without a timeline".to_owned();
        return Err(SearchError::Request { message, hint: "leave it out, or count by month".to_owned() });
    }
    if let (Some(from), Some(to)) = (request.from, request.to)
        && from.first_day() > to.last_day()
    {
        let message = format!("from {from} is after to {to}");
        return Err(SearchError::Request { message, hint: format!("write from {to} and to {from}") });
    }
    Ok(())
}

fn hits(ground: Ground<'_>, asked: &Asked<'_>, page: &[Ranked]) -> Result<Vec<Hit>, SearchError> {
    let Ground { index, searcher, deadline, .. } = ground;
    if page.is_empty() {
        return Ok(Vec::new());
    }
    let mut wanted = asked.wanted(ground)?;
    let mut hits = Vec::with_capacity(page.len());
    for ranked in page {
        if deadline.is_over() {
            return Err(SearchError::Late);
        }
        let stored = index.stored(searcher, ranked.address)?;
        let id = stored.article.id();
        let locations = index.locations(id, &stored.location);
        let snippets = wanted.snippets(&stored.article, &stored.tags);
        let article = stored.article;
        hits.push(Hit {
            id,
            score: ranked.score,
            headline: article.headline,
            byline: article.byline,
            dateline: article.dateline,
            source: article.source,
            section: article.section,
            url: article.url,
            published: article.published,
            language: article.language,
            path: stored.location.path,
            locations: u32::try_from(locations.len()).unwrap_or(u32::MAX),
            tags: tag_names(&stored.tags, asked.known.mentions),
            snippets,
        });
    }
    Ok(hits)
}

fn tag_names(tags: &Tags, mentions: bool) -> BTreeMap<String, Vec<String>> {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for kind in [Kind::Person, Kind::Country, Kind::Topic] {
        names.insert(kind.name().to_owned(), Vec::new());
    }
    for tag in tags.tags.iter().filter(|tag| mentions || tag.grade == Grade::About) {
        names.entry(tag.field.name().to_owned()).or_default().push(tag.value.clone());
    }
    names
}
