//! The *API*: searches and articles as JSON, the same objects that the command line prints.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::article::ArticleId;
use crate::search;
use crate::search::error::SearchError;
use crate::search::request::{FacetRequest, SearchRequest};
use crate::server;
use crate::server::params::{Pairs, facet as facet_named, number, pairs_of_json, pairs_of_query, request_of};
use crate::server::problem::Problem;

type Shared = State<server::State>;

/// `GET /api/search`
pub(crate) async fn search(state: Shared, RawQuery(query): RawQuery) -> Response {
    run_search(&state, &pairs_of_query(&query.unwrap_or_default())).await
}

/// `POST /api/search`
pub(crate) async fn search_json(state: Shared, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().unwrap_or_default().trim() != "application/json" {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Problem::new(status, "content_type", "send Content-Type: application/json").into_response();
    }
    match pairs_of_json(&body) {
        Ok(pairs) => run_search(&state, &pairs).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

async fn run_search(state: &server::State, pairs: &Pairs) -> Response {
    let request = match request_of(pairs) {
        Ok(request) => request,
        Err(error) => return Problem::from(error).into_response(),
    };
    answer(state.run(move |shared| search::search(&shared.index, &shared.taxonomy, &request)).await)
}

/// `GET /api/articles/{id}`
pub(crate) async fn article(state: Shared, Path(id): Path<String>) -> Response {
    let id: ArticleId = match id.parse() {
        Ok(id) => id,
        Err(error) => {
            return Problem::new(StatusCode::NOT_FOUND, "article", &format!("{error}")).into_response();
        }
    };
    match state.run(move |shared| search::article(&shared.index, id)).await {
        Ok(Some(article)) => Json(article).into_response(),
        Ok(None) => Problem::no_article(&id.to_string()).into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// `GET /api/facets/{field}?q=&prefix=`
pub(crate) async fn facet(state: Shared, Path(field): Path<String>, RawQuery(query): RawQuery) -> Response {
    let request = match facet_request(&field, pairs_of_query(&query.unwrap_or_default())) {
        Ok(request) => request,
        Err(error) => return Problem::from(error).into_response(),
    };
    let found = state.run(move |shared| search::search(&shared.index, &shared.taxonomy, &request)).await;
    answer(found.map(|response| response.facets.into_iter().next().map(|(_, counts)| counts)))
}

/// The search that counts one facet and returns no hits.
fn facet_request(field: &str, pairs: Pairs) -> Result<SearchRequest, SearchError> {
    let facet = facet_named(field)?;
    let (own, pairs): (Pairs, Pairs) =
        pairs.into_iter().partition(|(name, _)| matches!(name.as_str(), "prefix" | "limit" | "n"));
    let mut wanted = FacetRequest::new(facet);
    for (name, value) in own {
        match name.as_str() {
            "prefix" => wanted.prefix = Some(value).filter(|prefix| !prefix.is_empty()),
            _ => wanted.size = number(&name, &value)?,
        }
    }
    Ok(SearchRequest { limit: 0, facets: vec![wanted], ..request_of(&pairs)? })
}

/// `GET /api/status`
pub(crate) async fn status(state: Shared) -> Response {
    answer(state.run(|shared| shared.index.status().map_err(SearchError::from)).await)
}

/// `GET /health`
pub(crate) async fn health() -> Response {
    Json(json!({"status": "available"})).into_response()
}

/// Any other path.
pub(crate) async fn not_found() -> Response {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "there is nothing here: see / and /api/search?q=")
        .into_response()
}

/// A path asked for by the wrong method.
pub(crate) async fn not_allowed() -> Response {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "this path is not served by this method")
        .into_response()
}

fn answer<T: Serialize>(found: Result<T, Problem>) -> Response {
    match found {
        Ok(value) => Json(value).into_response(),
        Err(problem) => problem.into_response(),
    }
}
