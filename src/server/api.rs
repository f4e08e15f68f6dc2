//! The *API*: searches and articles as JSON, the same objects that the command line prints.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::article::ArticleId;
use crate::article::NotAnId;
use crate::search;
use crate::search::error::SearchError;
use crate::search::response::FullArticle;
use crate::server;
use crate::server::params::{Pairs, facet_request_of, pairs_of_json, pairs_of_query, request_of};
use crate::server::problem::Problem;

type Shared = State<server::State>;
/// The part of a path that names something, where it is text at all.
pub(crate) type Named = Result<Path<String>, PathRejection>;

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
    answer(
        state
            .run(move |shared, by| search::search_until(&shared.index, &shared.taxonomy, &request, by))
            .await,
    )
}

/// `GET /api/articles/{id}`
pub(crate) async fn article(state: Shared, id: Named) -> Response {
    answer(found_article(&state, id).await)
}

async fn found_article(state: &server::State, id: Named) -> Result<FullArticle, Problem> {
    let id: ArticleId = name_of(id)?
        .parse()
        .map_err(|error: NotAnId| Problem::new(StatusCode::NOT_FOUND, "article", &error.to_string()))?;
    let found = state.run(move |shared, _| search::article(&shared.index, id)).await?;
    found.ok_or_else(|| Problem::no_article(&id.to_string()))
}

/// `GET /api/facets/{field}?q=&prefix=&order=`
pub(crate) async fn facet(state: Shared, field: Named, RawQuery(query): RawQuery) -> Response {
    let request = name_of(field)
        .and_then(|field| Ok(facet_request_of(&field, pairs_of_query(&query.unwrap_or_default()))?));
    let request = match request {
        Ok(request) => request,
        Err(problem) => return problem.into_response(),
    };
    let found = state
        .run(move |shared, by| search::search_until(&shared.index, &shared.taxonomy, &request, by))
        .await;
    answer(found.map(|response| response.facets.into_iter().next().map(|(_, counts)| counts)))
}

/// `GET /api/status`
pub(crate) async fn status(state: Shared) -> Response {
    answer(state.run(|shared, _| shared.index.status().map_err(SearchError::from)).await)
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

/// What a path names.
///
/// # Errors
/// Where it is no text, as `%ff` is none.
pub(crate) fn name_of(named: Named) -> Result<String, Problem> {
    let Path(name) = named.map_err(|_| {
        Problem::new(StatusCode::BAD_REQUEST, "bad_request", "the path is not UTF-8")
            .hint("encode names as UTF-8, as K%C3%B6ln")
    })?;
    Ok(name)
}

fn answer<T: Serialize>(found: Result<T, Problem>) -> Response {
    match found {
        Ok(value) => Json(value).into_response(),
        Err(problem) => problem.into_response(),
    }
}
