//! The *page* shows searches and articles to people: made on the server, without a script, readable on a phone.
//!
//! All text is escaped by the templates; links are made here from the parameters of the request.

mod chart;
mod form;
mod hits;
mod links;
mod pieces;
mod sheet;

use axum::extract::{RawQuery, State};
use axum::http::{Uri, header};
use axum::response::{Html, IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{Environment, context};

use crate::article::ArticleId;
use crate::schema::Facet;
use crate::search;
use crate::search::request::{FacetRequest, Interval, SearchRequest};
use crate::server;
use crate::server::api::{Named, name_of};
use crate::server::page::form::Form;
use crate::server::page::hits::Page;
use crate::server::page::sheet::Sheet;
use crate::server::params::{Pairs, pairs_of_query, request_of};
use crate::server::problem::Problem;

/// Hits on a page.
const PAGE: usize = 20;
/// Facets beside the hits, and how many values each shows.
const FACETS: [(Facet, usize); 5] = [
    (Facet::Person, 12),
    (Facet::Country, 12),
    (Facet::Topic, 12),
    (Facet::Keyphrase, 12),
    (Facet::Source, 8),
];

/// The templates, read once.
pub(crate) struct Pages {
    templates: Environment<'static>,
}

impl Pages {
    pub(crate) fn new() -> Self {
        let mut templates = Environment::new();
        for (name, source) in [
            ("layout.html", include_str!("../templates/layout.html")),
            ("form.html", include_str!("../templates/form.html")),
            ("search.html", include_str!("../templates/search.html")),
            ("article.html", include_str!("../templates/article.html")),
            ("error.html", include_str!("../templates/error.html")),
        ] {
            // They are part of the program: a test shows that each can be read.
            drop(templates.add_template(name, source));
        }
        Self { templates }
    }

    fn show(&self, name: &str, context: minijinja::Value) -> Response {
        let page = self.templates.get_template(name).and_then(|template| template.render(context));
        match page {
            Ok(page) => Html(page).into_response(),
            Err(_) => Problem::failed().into_response(),
        }
    }

    /// The page that tells of a problem, with what was asked at that address.
    pub(crate) fn problem(&self, problem: &Problem, address: &Uri) -> Response {
        let form = Form::of(&pairs_of_query(address.query().unwrap_or_default()));
        let caret = problem.position.map(|position| form.caret(position));
        let context = context! {
            error => minijinja::Value::from(Serde(problem)),
            form => minijinja::Value::from(Serde(form)),
            caret,
        };
        let mut response = self.show("error.html", context);
        *response.status_mut() = problem.status;
        problem.mark(response.headers_mut());
        response
    }
}

/// `GET /`
pub(crate) async fn search(state: State<server::State>, RawQuery(query): RawQuery, address: Uri) -> Response {
    let made = made_hits(&state, &query.unwrap_or_default()).await;
    made.unwrap_or_else(|problem| state.shared.pages.problem(&problem, &address))
}

async fn made_hits(state: &server::State, query: &str) -> Result<Response, Problem> {
    let mut pairs = pairs_of_query(query);
    let request = for_page(request_of(&pairs)?, &pairs);
    pairs.retain(|(_, value)| !value.trim().is_empty());
    let made = state.run(move |shared, by| {
        let response = search::search_until(&shared.index, &shared.taxonomy, &request, by)?;
        let page = Page::of(&pairs, &request, response);
        Ok(shared.pages.show("search.html", minijinja::Value::from(Serde(page))))
    });
    made.await
}

/// `GET /article/{id}`
pub(crate) async fn article(state: State<server::State>, id: Named, address: Uri) -> Response {
    let made = made_article(&state, id).await;
    made.unwrap_or_else(|problem| state.shared.pages.problem(&problem, &address))
}

async fn made_article(state: &server::State, id: Named) -> Result<Response, Problem> {
    let id = name_of(id)?;
    let id: ArticleId = id.parse().map_err(|_| Problem::no_article(&id))?;
    let made = state.run(move |shared, _| {
        let article = search::article(&shared.index, id)?.map(Sheet::of);
        Ok(article.map(|sheet| shared.pages.show("article.html", minijinja::Value::from(Serde(sheet)))))
    });
    made.await?.ok_or_else(|| Problem::no_article(&id.to_string()))
}

/// `GET /style.css`
pub(crate) async fn style() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, include_str!("../templates/style.css")).into_response()
}

/// What the page asks for where the address does not say.
fn for_page(request: SearchRequest, pairs: &Pairs) -> SearchRequest {
    let says = |name: &str| pairs.iter().any(|(n, value)| n == name && !value.trim().is_empty());
    let facets = if says("facets") {
        request.facets
    } else {
        FACETS.map(|(facet, size)| FacetRequest { size, ..FacetRequest::new(facet) }).to_vec()
    };
    // A page of no hits has nothing to lead on to.
    let limit = if says("limit") && request.limit > 0 { request.limit } else { PAGE };
    SearchRequest { facets, limit, by: request.by.or(Some(Interval::Month)), ..request }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_is_asked_for_is_kept() {
        for (query, expected) in
            [("q=oil", 20), ("limit=10", 10), ("limit=0", 20), ("limit=", 20), ("n=7", 7)]
        {
            let pairs = pairs_of_query(query);
            assert_eq!(for_page(request_of(&pairs).unwrap(), &pairs).limit, expected, "{query}");
        }
    }
}
