//! A *problem* is why a request has no answer: a status, a fixed name for programs, and what to send instead.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::search::error::SearchError;

/// Why a request has no answer. Its JSON is part of the contract.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Problem {
    #[serde(skip)]
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    /// Where in the query, in characters from 0.
    pub(crate) position: Option<usize>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: &str) -> Self {
        Self { status, code, message: message.to_owned(), hint: None, position: None }
    }

    pub(crate) fn hint(self, hint: &str) -> Self {
        Self { hint: Some(hint.to_owned()), ..self }
    }

    /// The search did not end in time.
    pub(crate) fn busy() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", "the search did not end in time")
            .hint("ask for less, or again later")
    }

    /// There are as many connections as can be served.
    pub(crate) fn full() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many connections are open")
            .hint("ask again later")
    }

    /// The search panicked, or a page could not be made.
    pub(crate) fn failed() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the search failed")
    }

    /// There is no such article.
    pub(crate) fn no_article(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "article", &format!("there is no article {id}"))
    }

    /// Puts the headers on an answer that tells of this problem, whatever form it has.
    pub(crate) fn mark(&self, headers: &mut HeaderMap) {
        match self.status {
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            // What is left of the body will not be read.
            StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        let status = match error {
            SearchError::Late => StatusCode::SERVICE_UNAVAILABLE,
            _ if error.is_users() => StatusCode::BAD_REQUEST,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self {
            status,
            code: error.code(),
            message: error.to_string(),
            hint: error.hint(),
            position: error.position(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({ "error": self }))).into_response();
        self.mark(response.headers_mut());
        response
    }
}
