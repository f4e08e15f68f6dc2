//! A *search* answers one request from one index: the only entry for the command line, the HTTP API and all else.

mod counts;
pub mod error;
mod feedback;
mod passages;
pub mod request;
mod resolve;
pub mod response;
mod similar;
mod suggest;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tantivy::query::{AllQuery, BooleanQuery, Occur, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use crate::article::ArticleId;
use crate::article::Grade;
use crate::article::Kind;
use crate::article::Tags;
use crate::deadline::Deadline;
use crate::facets::CountedFacet;
use crate::facets::Order;
use crate::facets::Ranked;
use crate::facets::Recency;
use crate::facets::Walk;
use crate::index::ArticleIndex;
use crate::query::ast::Query;
use crate::query::ast::Text;
use crate::query::compile;
use crate::query::compile::EngineQuery;
use crate::query::expand::tongues_of;
use crate::query::explain;
use crate::query::parse::parse;
use crate::query::plain::any_of;
use crate::schema::Facet;
use crate::schema::tongue::Tongue;
use crate::search::counts::facets_of;
use crate::search::counts::timeline_of;
use crate::search::counts::values_of;
use crate::search::error::SearchError;
use crate::search::passages::{Wanted, values_in};
use crate::search::request::{
    FacetRequest, Filter, MAX_FACET_SIZE, MAX_FILTERS, MAX_LIMIT, MAX_OFFSET, MAX_SNIPPETS, SearchRequest,
    Sort,
};
use crate::search::resolve::resolve;
use crate::search::response::{Clause, Explained, FullArticle, Hit, SearchResponse};
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
    let total = found.total;
    let page = found.top.get(request.offset.min(found.top.len())..).unwrap_or_default();
    let hits = hits(ground, &asked, &page[..page.len().min(request.limit)])?;
    let timeline = timeline_of(ground, request, &found)?;
    let explain = request.explain.then(|| asked.explained(ground, fed_back)).transpose()?;
    let did_you_mean = suggestion(ground, &asked)?;
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

/// A request made ready to be run.
struct Asked<'a> {
    parsed: &'a Query,
    known: Known,
    /// Fragments of the body that a hit shows.
    snippets: usize,
    query: EngineQuery,
    walk: Walk,
    /// The canonical values selected, by facet; and how each was typed.
    selected: Vec<Selected>,
}

/// What compiling needs to know of the index and the request, and what it finds out.
struct Known {
    mentions: bool,
    tongues: Vec<Tongue>,
    /// Texts that hold a word which no article has.
    missing: RefCell<Vec<Text>>,
}

impl Known {
    fn of(ground: Ground<'_>, mentions: bool) -> Result<Self, SearchError> {
        let tongues = tongues_of(ground.searcher, ground.index.fields())?;
        Ok(Self { mentions, tongues, missing: RefCell::default() })
    }

    /// Does some work that needs to know of the index.
    fn with_context<T>(
        &self,
        ground: Ground<'_>,
        work: impl FnOnce(&compile::Context<'_>) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let Ground { index, searcher, taxonomy, deadline } = ground;
        let resolve = |facet: Facet, value: &str| resolve((searcher, deadline), taxonomy, facet, value);
        work(&compile::Context {
            fields: index.fields(),
            searcher,
            resolve: &resolve,
            mentions: self.mentions,
            tongues: &self.tongues,
            deadline,
            missing: &self.missing,
        })
    }
}

/// A filter whose value was found.
struct Selected {
    facet: Facet,
    typed: String,
    value: String,
    exclude: bool,
}

impl<'a> Asked<'a> {
    fn of(ground: Ground<'_>, request: &SearchRequest, parsed: &'a Query) -> Result<Self, SearchError> {
        let mut selected: Vec<Selected> = Vec::new();
        for Filter { facet, value: typed, exclude } in &request.filters {
            let value = resolve((ground.searcher, ground.deadline), ground.taxonomy, *facet, typed)?;
            let again =
                selected.iter().any(|s| s.facet == *facet && s.value == value && s.exclude == *exclude);
            if !again {
                selected.push(Selected { facet: *facet, typed: typed.clone(), value, exclude: *exclude });
            }
        }
        let walk = walk_of(ground, request)?;
        let known = Known::of(ground, request.mentions)?;
        let (query, snippets) = (Box::new(AllQuery), request.snippets);
        let mut asked = Self { parsed, known, snippets, query, walk, selected };
        asked.query = asked.whole_query(ground, request)?;
        Ok(asked)
    }

    /// The query with every condition but the selections that the walk checks by itself, which are set there.
    fn whole_query(
        &mut self,
        ground: Ground<'_>,
        request: &SearchRequest,
    ) -> Result<EngineQuery, SearchError> {
        let fields = ground.index.fields();
        let value_query =
            |facet, value: &str| compile::unscored(fields.facet(facet, request.mentions), value);
        let mut conditions: Vec<(Occur, EngineQuery)> =
            vec![(Occur::Must, self.compile(ground, self.parsed)?)];
        let mut any_of: BTreeMap<Facet, Vec<String>> = BTreeMap::new();
        for filter in &self.selected {
            if filter.exclude {
                conditions.push((Occur::MustNot, value_query(filter.facet, &filter.value)));
            } else if request.all_of.contains(&filter.facet) {
                conditions.push((Occur::Must, value_query(filter.facet, &filter.value)));
            } else {
                any_of.entry(filter.facet).or_default().push(filter.value.clone());
            }
        }
        for (facet, values) in any_of {
            match self.walk.counted.iter().position(|counted| counted.facet == facet) {
                Some(at) => self.walk.selected.push((at, values)),
                None => {
                    let any = values.iter().map(|value| (Occur::Should, value_query(facet, value)));
                    conditions.push((Occur::Must, Box::new(BooleanQuery::new(any.collect()))));
                }
            }
        }
        if request.from.is_some() || request.to.is_some() {
            conditions.push((Occur::Must, compile::date_range(fields, request.from, request.to)));
        }
        if let Some(id) = request.like {
            let term = Term::from_field_u64(fields.id(), id.0);
            conditions.push((Occur::MustNot, Box::new(TermQuery::new(term, IndexRecordOption::Basic))));
        }
        if conditions.len() == 1 {
            return Ok(conditions.remove(0).1);
        }
        Ok(Box::new(BooleanQuery::new(conditions)))
    }

    fn compile(&self, ground: Ground<'_>, query: &Query) -> Result<EngineQuery, SearchError> {
        self.known.with_context(ground, |context| Ok(compile::compile(context, query)?))
    }

    /// What the passages of its hits show.
    fn wanted(&self, ground: Ground<'_>) -> Result<Wanted, SearchError> {
        let Ground { searcher, taxonomy, deadline, .. } = ground;
        let filters = self.selected.iter().filter(|filter| !filter.exclude);
        let mut values: Vec<(Facet, String)> =
            filters.map(|filter| (filter.facet, filter.value.clone())).collect();
        for (facet, typed) in values_in(self.parsed) {
            if matches!(facet, Facet::Person | Facet::Country) {
                values.push((facet, resolve((searcher, deadline), taxonomy, facet, typed)?));
            }
        }
        Wanted::of(self.parsed, values, self.snippets)
    }

    fn explained(&self, ground: Ground<'_>, fed_back: Vec<String>) -> Result<Explained, SearchError> {
        let mut clauses = Vec::new();
        for (depth, clause) in explain::clauses(self.parsed) {
            let query = self.compile(ground, clause)?;
            let hits = ground.searcher.search(&query, &tantivy::collector::Count)? as u64;
            in_time(ground.deadline)?;
            let words = match clause {
                Query::Text(text) => self.known.with_context(ground, |c| Ok(compile::expansion(c, text)?))?,
                _ => Vec::new(),
            };
            clauses.push(Clause { depth, clause: clause.to_string(), hits, words });
        }
        let filters = self.selected.iter().map(|filter| {
            let not = if filter.exclude { "not " } else { "" };
            format!("{}: {not}{} → {}", filter.facet, filter.typed, filter.value)
        });
        Ok(Explained { understood: self.parsed.to_string(), clauses, filters: filters.collect(), fed_back })
    }
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

fn walk_of(ground: Ground<'_>, request: &SearchRequest) -> Result<Walk, SearchError> {
    ground.index.kept().follow(ground.searcher);
    let counted = request.facets.iter().map(|wanted| -> tantivy::Result<CountedFacet> {
        let column = wanted.facet.column(request.mentions);
        Ok(CountedFacet { facet: wanted.facet, column, values: values_of(ground, wanted, column)? })
    });
    Ok(Walk {
        kept: Arc::clone(ground.index.kept()),
        counted: counted.collect::<tantivy::Result<_>>()?,
        selected: Vec::new(),
        days: request.by.is_some(),
        order: match request.sort {
            Sort::Relevance => Order::Relevance,
            Sort::Newest => Order::Newest,
            Sort::Oldest => Order::Oldest,
        },
        recency: request.recency.map(|half_life| Recency { newest: newest_day(ground.searcher), half_life }),
        keep: match request.offset + request.limit {
            _ if request.limit == 0 => 0,
            wanted if orders_again(request) => wanted.max(feedback::DEPTH),
            wanted => wanted,
        },
        deadline: ground.deadline.clone(),
    })
}

/// The newest day on which an article was published, or may have been.
fn newest_day(searcher: &Searcher) -> i32 {
    let days = searcher.segment_readers().iter().filter_map(|segment| {
        let column = segment.fast_fields().i64("published_last").ok()?;
        (column.values.num_vals() > 0).then(|| column.max_value())
    });
    days.max().and_then(|day| i32::try_from(day).ok()).unwrap_or(i32::MAX)
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
