//! What is *asked* is a request made ready to be run: its query compiled, its filters resolved, what the walk over the matches
//! counts and keeps.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy::query::{AllQuery, BooleanQuery, Occur, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use crate::facets::CountedFacet;
use crate::facets::Order;
use crate::facets::Recency;
use crate::facets::Walk;
use crate::query::ast::Query;
use crate::query::ast::Text;
use crate::query::compile;
use crate::query::compile::EngineQuery;
use crate::query::expand::tongues_of;
use crate::query::explain;
use crate::schema::Facet;
use crate::schema::tongue::Tongue;
use crate::search::counts::values_of;
use crate::search::error::SearchError;
use crate::search::feedback;
use crate::search::passages::{Wanted, values_in};
use crate::search::request::{Filter, SearchRequest, Sort};
use crate::search::resolve::resolve;
use crate::search::response::{Clause, Explained};
use crate::search::{Ground, in_time, orders_again};

/// A request made ready to be run.
pub(super) struct Asked<'a> {
    pub(super) parsed: &'a Query,
    pub(super) known: Known,
    /// Fragments of the body that a hit shows.
    pub(super) snippets: usize,
    pub(super) query: EngineQuery,
    pub(super) walk: Walk,
    /// The canonical values selected, by facet; and how each was typed.
    pub(super) selected: Vec<Selected>,
}

/// What compiling needs to know of the index and the request, and what it finds out.
pub(super) struct Known {
    pub(super) mentions: bool,
    pub(super) tongues: Vec<Tongue>,
    /// Texts that hold a word which no article has.
    pub(super) missing: RefCell<Vec<Text>>,
}

impl Known {
    pub(super) fn of(ground: Ground<'_>, mentions: bool) -> Result<Self, SearchError> {
        let tongues = tongues_of(ground.searcher, ground.index.fields())?;
        Ok(Self { mentions, tongues, missing: RefCell::default() })
    }

    /// Does some work that needs to know of the index.
    pub(super) fn with_context<T>(
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
pub(super) struct Selected {
    pub(super) facet: Facet,
    pub(super) typed: String,
    pub(super) value: String,
    pub(super) exclude: bool,
}

impl<'a> Asked<'a> {
    pub(super) fn of(
        ground: Ground<'_>,
        request: &SearchRequest,
        parsed: &'a Query,
    ) -> Result<Self, SearchError> {
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

    pub(super) fn compile(&self, ground: Ground<'_>, query: &Query) -> Result<EngineQuery, SearchError> {
        self.known.with_context(ground, |context| Ok(compile::compile(context, query)?))
    }

    /// What the passages of its hits show.
    pub(super) fn wanted(&self, ground: Ground<'_>) -> Result<Wanted, SearchError> {
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

    pub(super) fn explained(
        &self,
        ground: Ground<'_>,
        fed_back: Vec<String>,
    ) -> Result<Explained, SearchError> {
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
