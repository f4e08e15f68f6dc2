//! The *page* shows searches and articles to people: made on the server, without a script, readable on a phone.
//!
//! All text is escaped by the templates; links are made here from the parameters of the request.

mod hits;
mod links;
mod pieces;
mod sheet;

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{Environment, context};

use crate::article::ArticleId;
use crate::schema::Facet;
use crate::search;
use crate::search::request::{FacetRequest, Interval, SearchRequest};
use crate::server;
use crate::server::page::hits::Page;
use crate::server::page::sheet::Sheet;
use crate::server::params::{pairs_of_query, request_of};
use crate::server::problem::Problem;

/// Hits on a page.
const PAGE: usize = 20;
/// Facets beside the hits, and how many values each shows.
const FACETS: [(Facet, usize); 4] =
    [(Facet::Person, 12), (Facet::Country, 12), (Facet::Topic, 12), (Facet::Source, 8)];

/// The templates, read once.
pub(crate) struct Pages {
    templates: Environment<'static>,
}

impl Pages {
    pub(crate) fn new() -> Self {
        let mut templates = Environment::new();
        for (name, source) in [
            ("layout.html", include_str!("../templates/layout.html")),
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

    /// The page that tells of a problem.
    pub(crate) fn problem(&self, problem: &Problem) -> Response {
        let mut response =
            self.show("error.html", context! { error => minijinja::Value::from(Serde(problem)) });
        *response.status_mut() = problem.status;
        problem.mark(response.headers_mut());
        response
    }
}

/// `GET /`
pub(crate) async fn search(State(state): State<server::State>, RawQuery(query): RawQuery) -> Response {
    let pairs = pairs_of_query(&query.unwrap_or_default());
    let request = match request_of(&pairs) {
        Ok(request) => for_page(request),
        Err(error) => return state.shared.pages.problem(&Problem::from(error)),
    };
    let made = state.run(move |shared| {
        let response = search::search(&shared.index, &shared.taxonomy, &request)?;
        let page = Page::of(&pairs, &request, response);
        Ok(shared.pages.show("search.html", minijinja::Value::from(Serde(page))))
    });
    made.await.unwrap_or_else(|problem| state.shared.pages.problem(&problem))
}

/// `GET /article/{id}`
pub(crate) async fn article(State(state): State<server::State>, Path(id): Path<String>) -> Response {
    made_article(&state, &id).await.unwrap_or_else(|problem| state.shared.pages.problem(&problem))
}

async fn made_article(state: &server::State, id: &str) -> Result<Response, Problem> {
    let id: ArticleId = id.parse().map_err(|_| Problem::no_article(id))?;
    let made = state.run(move |shared| {
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

/// What the page always asks for besides.
fn for_page(request: SearchRequest) -> SearchRequest {
    let facets = if request.facets.is_empty() {
        FACETS.map(|(facet, size)| FacetRequest { facet, size, prefix: None }).to_vec()
    } else {
        request.facets
    };
    let limit = if request.limit == SearchRequest::default().limit { PAGE } else { request.limit };
    SearchRequest { facets, limit, by: request.by.or(Some(Interval::Month)), ..request }
}
