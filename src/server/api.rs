//! The *API*: searches and articles as JSON, the same objects that the command line prints.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::article::ArticleId;
use crate::search;
use crate::search::error::SearchError;
use crate::search::request::{FacetRequest, SearchRequest};
use crate::server;
use crate::server::Refused;
use crate::server::params::{Pairs, facet as facet_named, number, pairs_of_json, pairs_of_query, request_of};

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
        return problem(status, "content_type", "send Content-Type: application/json");
    }
    match pairs_of_json(&body) {
        Ok(pairs) => run_search(&state, &pairs).await,
        Err(error) => Refused::Search(error).into_response(),
    }
}

async fn run_search(state: &server::State, pairs: &Pairs) -> Response {
    let request = match request_of(pairs) {
        Ok(request) => request,
        Err(error) => return Refused::Search(error).into_response(),
    };
    answer(state.run(move |index, taxonomy| search::search(index, taxonomy, &request)).await)
}

/// `GET /api/articles/{id}`
pub(crate) async fn article(state: Shared, Path(id): Path<String>) -> Response {
    let id: ArticleId = match id.parse() {
        Ok(id) => id,
        Err(error) => return problem(StatusCode::NOT_FOUND, "article", &format!("{error}")),
    };
    match state.run(move |index, _| search::article(index, id)).await {
        Ok(Some(article)) => Json(article).into_response(),
        Ok(None) => problem(StatusCode::NOT_FOUND, "article", &format!("there is no article {id}")),
        Err(refused) => refused.into_response(),
    }
}

/// `GET /api/facets/{field}?q=&prefix=`
pub(crate) async fn facet(state: Shared, Path(field): Path<String>, RawQuery(query): RawQuery) -> Response {
    let request = match facet_request(&field, pairs_of_query(&query.unwrap_or_default())) {
        Ok(request) => request,
        Err(error) => return Refused::Search(error).into_response(),
    };
    let found = state.run(move |index, taxonomy| search::search(index, taxonomy, &request)).await;
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
    answer(state.run(|index, _| index.status().map_err(SearchError::from)).await)
}

/// `GET /health`
pub(crate) async fn health() -> Response {
    Json(json!({"status": "available"})).into_response()
}

/// Any other path.
pub(crate) async fn not_found() -> Response {
    problem(StatusCode::NOT_FOUND, "not_found", "there is nothing here: see / and /api/search?q=")
}

/// A path asked for by the wrong method.
pub(crate) async fn not_allowed() -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, "method", "this path is not served by this method")
}

fn answer<T: Serialize>(found: Result<T, Refused>) -> Response {
    match found {
        Ok(value) => Json(value).into_response(),
        Err(refused) => refused.into_response(),
    }
}

/// An error of no search, as JSON.
pub(crate) fn problem(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({"error": {"code": code, "message": message, "hint": null, "position": null}})))
        .into_response()
}

impl Refused {
    /// The status, and the error as JSON.
    pub(crate) fn parts(&self) -> (StatusCode, serde_json::Value) {
        match self {
            Self::Search(error) => {
                let status = if error.is_users() {
                    StatusCode::BAD_REQUEST
                } else {
                    StatusCode::INTERNAL_SERVER_ERROR
                };
                let error = json!({"code": error.code(), "message": error.to_string(), "hint": error.hint(), "position": error.position()});
                (status, json!({ "error": error }))
            }
            Self::Busy => {
                let error = json!({"code": "timeout", "message": "the search did not end in time", "hint": "ask for less, or again later", "position": null});
                (StatusCode::SERVICE_UNAVAILABLE, json!({ "error": error }))
            }
            Self::Failed => {
                let error = json!({"code": "internal", "message": "the search failed", "hint": null, "position": null});
                (StatusCode::INTERNAL_SERVER_ERROR, json!({ "error": error }))
            }
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, body) = self.parts();
        let mut response = (status, Json(body)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
