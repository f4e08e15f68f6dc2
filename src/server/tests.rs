//! The server tested without a socket: guard, routes, errors, pages.

use std::sync::atomic::AtomicBool;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

use crate::index::ArticleIndex;
use crate::ingest;
use crate::ingest::{IngestOptions, Progress};
use crate::server::{MAX_BODY, Settings, State, router};
use crate::taxonomy::Taxonomy;

const STORY: &str = "{\"headline\": \"Talks on <b>Taiwan</b> & fentanyl\", \"published\": \"2023-06-19\", \"source\": \"Harbour \\\"Gazette\\\"\", \"url\": \"javascript:alert(1)\", \"body\": \"Antony Blinken met Wang Yi in Beijing on Monday. <script>alert(1)</script> They spoke of fentanyl.\"}";

/// A server over one article, and the folder its index lives in.
fn server(settings: Settings) -> (tempfile::TempDir, Router) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("story.json"), STORY).unwrap();
    let taxonomy = Taxonomy::builtin();
    let path = dir.path().join(".dateline");
    index(dir.path(), &path, &taxonomy);
    let state = State::new(ArticleIndex::open(&path).unwrap(), taxonomy, settings);
    (dir, router(state))
}

fn index(root: &std::path::Path, path: &std::path::Path, taxonomy: &Taxonomy) {
    let options =
        IngestOptions { roots: vec![root.to_owned()], index: path.to_owned(), ..IngestOptions::default() };
    ingest::index(&options, taxonomy, &Progress::default(), &AtomicBool::new(false), &|_, _| {}).unwrap();
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        request = request.header(header::HOST, "127.0.0.1:7878");
    }
    for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

async fn send(router: &Router, request: Request<Body>) -> (StatusCode, header::HeaderMap, String) {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

async fn get(router: &Router, path: &str) -> (StatusCode, Value) {
    let (status, _, body) = send(router, request(Method::GET, path, &[], "")).await;
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn requests_are_answered_in_json() {
    let (_dir, router) = server(Settings::default());
    let (status, found) =
        get(&router, "/api/search?q=fentanyl&facets=person,country:5&by=month&person=blinken").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(found["total"], 1);
    assert_eq!(found["facets"]["person"]["values"][0]["selected"], true);
    assert_eq!(found["timeline"]["buckets"][0]["start"], "2023-06-01");
    let id = found["hits"][0]["id"].as_str().unwrap();
    let (status, article) = get(&router, &format!("/api/articles/{id}")).await;
    assert_eq!((status, &article["locations"][0]["path"]), (StatusCode::OK, &Value::from("story.json")));
    let (status, counts) = get(&router, "/api/facets/country?q=fentanyl&prefix=TAI").await;
    assert_eq!((status, &counts["values"][0]["value"]), (StatusCode::OK, &Value::from("Taiwan")));
    let (_, found) = get(&router, "/api/search?facets=country:2:surprising&by=year&share").await;
    assert_eq!(found["facets"]["country"]["values"][0]["expected"], 1.0);
    assert_eq!(found["timeline"]["buckets"][0]["of"], 1);
    assert_eq!(get(&router, "/api/status").await.1["documents"], 1);
    assert_eq!(get(&router, "/health").await.1["status"], "available");
}

#[tokio::test]
async fn a_body_of_json_asks_the_same() {
    let (_dir, router) = server(Settings::default());
    let json = [("content-type", "application/json")];
    let body =
        r#"{"query": "fentanyl", "person": ["Antony Blinken", "Wang Yi"], "all_of": "person", "limit": 3}"#;
    let (status, _, found) = send(&router, request(Method::POST, "/api/search", &json, body)).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    assert_eq!(serde_json::from_str::<Value>(&found).unwrap()["total"], 1);
    let plain = [("content-type", "text/plain")];
    let (status, ..) = send(&router, request(Method::POST, "/api/search", &plain, body)).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = format!("{{\"query\": \"{}\"}}", "a".repeat(MAX_BODY));
    let many = format!("{{\"person\": [{}\"Wang Yi\"]}}", "\"Wang Yi\",".repeat(50_000));
    for (body, expected, message) in [
        (large.as_str(), 413, "the body is larger than 1 MiB"),
        (many.as_str(), 400, "there are more than 100 filters"),
        (r#"{"q": ["oil", "gas"]}"#, 400, "q is given twice"),
        (r#"{"q": "oil", "q": "gas"}"#, 400, "q is given twice"),
        (
            "[]",
            400,
            "the body is no JSON object: invalid type: sequence, expected an object at line 1 column 0",
        ),
    ] {
        let (status, _, answer) = send(&router, request(Method::POST, "/api/search", &json, body)).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!((status.as_u16(), &answer["error"]["message"]), (expected, &Value::from(message)));
    }
}

#[tokio::test]
async fn a_wrong_request_says_what_to_send_instead() {
    let (_dir, router) = server(Settings::default());
    for (path, code, position) in [
        ("/api/search?q=(oil", "query_syntax", Value::from(0)),
        ("/api/search?q=oil&country=Atlantis", "filter_value", Value::Null),
        ("/api/search?q=oil&colour=red", "bad_request", Value::Null),
        ("/api/search?limit=-1", "bad_request", Value::Null),
        ("/api/search?limit=1001", "bad_request", Value::Null),
        ("/api/search?limit=18446744073709551615", "bad_request", Value::Null),
        ("/api/search?offset=1000000000", "bad_request", Value::Null),
        ("/api/search?snippets=11", "bad_request", Value::Null),
        ("/api/search?snippets=few", "bad_request", Value::Null),
        ("/api/facets/person?snippets=3", "bad_request", Value::Null),
        ("/api/search?facets=place", "bad_request", Value::Null),
        ("/api/search?facets=person:99999", "bad_request", Value::Null),
        ("/api/search?facets=person:5:best", "bad_request", Value::Null),
        ("/api/search?share=true", "bad_request", Value::Null),
        ("/api/facets/person?order=best", "bad_request", Value::Null),
        ("/api/facets/person?share=true", "bad_request", Value::Null),
        ("/api/search?from=yesterday", "bad_request", Value::Null),
        ("/api/search?by=hour", "bad_request", Value::Null),
        ("/api/facets/place", "bad_request", Value::Null),
        ("/api/search?q=oil&q=gas", "bad_request", Value::Null),
        ("/api/search?q=oil&query=gas", "bad_request", Value::Null),
        ("/api/search?from=1987&begin_date=19870301", "bad_request", Value::Null),
        ("/api/search?sort=newest&sort=oldest", "bad_request", Value::Null),
        ("/api/search?facets=person,person:3", "bad_request", Value::Null),
        ("/api/facets/person?sort=newest", "bad_request", Value::Null),
        ("/api/facets/person?facets=topic", "bad_request", Value::Null),
        ("/api/facets/person?prefix=a&prefix=b", "bad_request", Value::Null),
        ("/api/articles/%ff", "bad_request", Value::Null),
        ("/api/facets/%ff", "bad_request", Value::Null),
    ] {
        let (status, body) = get(&router, path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(body["error"]["code"], code, "{path}: {body}");
        assert_eq!(body["error"]["position"], position, "{path}: {body}");
        assert!(body["error"]["message"].as_str().is_some_and(|message| !message.is_empty()));
    }
    for path in ["/api/articles/0000000000000000", "/api/articles/..%2f..", "/nothing", "/api/search/x"] {
        assert_eq!(get(&router, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let (status, ..) = send(&router, request(Method::DELETE, "/api/search", &[], "")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_limit_of_none_counts_only() {
    let (_dir, router) = server(Settings::default());
    let (_, found) = get(&router, "/api/search?limit=0").await;
    assert_eq!((&found["total"], found["hits"].as_array().map(Vec::len)), (&Value::from(1), Some(0)));
}

#[tokio::test]
async fn only_requests_of_this_machine_are_answered() {
    let settings = Settings {
        allow_hosts: vec!["archive.example.org".to_owned()],
        allow_origins: vec!["https://pages.example.org".to_owned()],
        ..Settings::default()
    };
    let (_dir, router) = server(settings);
    for (headers, path, expected) in [
        (vec![("host", "localhost:7878")], "/health", 200),
        (vec![("host", "LOCALHOST")], "/health", 200),
        (vec![("host", "[::1]:7878")], "/health", 200),
        (vec![("host", "127.0.0.2")], "/health", 200),
        (vec![("host", "archive.example.org")], "/health", 200),
        (vec![("host", "evil.example.org")], "/health", 403),
        (vec![("host", "")], "/health", 403),
        (vec![("host", "localhost.")], "/health", 403),
        (vec![("host", "127.0.0.1.evil.example")], "/health", 403),
        (vec![("host", "localhost:7878:1")], "/health", 403),
        (vec![("host", "0.0.0.0")], "/health", 403),
        (vec![("host", "user@localhost")], "/health", 403),
        (vec![("origin", "http://127.0.0.1:7878")], "/health", 200),
        (vec![("origin", "https://pages.example.org")], "/health", 200),
        (vec![("origin", "https://evil.example.org")], "/health", 403),
        (vec![("origin", "null")], "/health", 403),
        (vec![("sec-fetch-site", "cross-site")], "/api/search", 403),
        (vec![("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], "/", 200),
        (vec![("sec-fetch-site", "same-origin")], "/api/search", 200),
    ] {
        let (status, answered, _) = send(&router, request(Method::GET, path, &headers, "")).await;
        assert_eq!(status.as_u16(), expected, "{headers:?} {path}");
        let shared = answered.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).is_some();
        assert_eq!(shared, headers.contains(&("origin", "https://pages.example.org")), "{headers:?}");
        assert!(answered.contains_key(header::CONTENT_SECURITY_POLICY));
    }
}

#[tokio::test]
async fn a_token_is_asked_for_where_there_is_one() {
    let (_dir, router) =
        server(Settings { token: Some("0123456789abcdef".to_owned()), ..Settings::default() });
    for (value, expected) in [
        ("", 401),
        ("Bearer no", 401),
        ("Basic 0123456789abcdef", 401),
        ("Bearer 0123456789abcdef", 200),
        ("Basic YW5uOjAxMjM0NTY3ODlhYmNkZWY=", 200),
        ("basic OjAxMjM0NTY3ODlhYmNkZWY", 200),
        ("Basic YW5uOm5v", 401),
    ] {
        let headers = [("authorization", value)];
        let (status, ..) = send(&router, request(Method::GET, "/api/search", &headers, "")).await;
        assert_eq!(status.as_u16(), expected, "{value:?}");
    }
    for (path, expected) in [
        ("/", "Basic"),
        ("/article/0000000000000000", "Basic"),
        ("/style.css", "Basic"),
        ("/api/status", "Bearer"),
    ] {
        let (status, headers, _) = send(&router, request(Method::GET, path, &[], "")).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(headers[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with(expected), "{path}");
    }
}

#[tokio::test]
async fn pages_show_hits_and_escape_what_articles_say() {
    let (_dir, router) = server(Settings::default());
    let (status, headers, page) =
        send(&router, request(Method::GET, "/?q=taiwan+fentanyl&person=Wang+Yi&by=year", &[], "")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
    for text in ["<mark>fentanyl</mark>", "person: Wang Yi", "2023-06-19", "Harbour &quot;Gazette&quot;"] {
        assert!(page.contains(text), "{text} is not in\n{page}");
    }
    for text in ["<script", "<b>Taiwan", "javascript:", "style="] {
        assert!(!page.contains(text), "{text} is in\n{page}");
    }
    let href =
        page.split("href=\"&#x2f;article&#x2f;").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let (status, _, page) = send(&router, request(Method::GET, &format!("/article/{href}"), &[], "")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("<mark class=\"person\">Antony Blinken</mark>"), "{page}");
    assert!(!page.contains("<script") && !page.contains("javascript:"), "{page}");
}

#[tokio::test]
async fn a_page_that_fails_says_why() {
    let (_dir, router) = server(Settings::default());
    let (status, _, page) = send(&router, request(Method::GET, "/?q=(oil", &[], "")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("never closed") && page.contains("at character 1 "), "{page}");
    assert!(page.contains("value=\"(oil\"") && page.contains(">(oil\n^</pre>"), "{page}");
    let (status, _, page) =
        send(&router, request(Method::GET, "/?q=oil&from=soon&country=CN", &[], "")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    for text in ["name=\"q\" value=\"oil\"", "value=\"soon\"", "name=\"country\" value=\"CN\""] {
        assert!(page.contains(text), "{text} is not in\n{page}");
    }
    let (status, headers, page) = send(&router, request(Method::GET, "/article/%ff", &[], "")).await;
    assert_eq!(
        (status, &headers[header::CONTENT_TYPE]),
        (StatusCode::BAD_REQUEST, &header::HeaderValue::from_static("text/html; charset=utf-8"))
    );
    assert!(page.contains("the path is not UTF-8"), "{page}");
    let (status, _, page) = send(&router, request(Method::GET, "/article/%3Cscript%3E", &[], "")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(page.contains("&lt;script&gt;"), "{page}");
    let (status, _, page) = send(&router, request(Method::GET, "/?q=zzzz", &[], "")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Nothing found"), "{page}");
}

/// A body that never comes.
fn endless() -> Body {
    Body::new(Endless)
}

struct Endless;

impl hyper::body::Body for Endless {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        std::task::Poll::Pending
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_in_time_is_not_waited_for() {
    let settings = Settings { timeout: std::time::Duration::from_millis(50), ..Settings::default() };
    let (_dir, router) = server(settings);
    let mut request =
        request(Method::POST, "/api/search", &[("content-type", "application/json")], "").map(|_| endless());
    request.headers_mut().insert(header::CONTENT_LENGTH, 100_000.into());
    let (status, headers, body) = send(&router, request).await;
    assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(headers[header::CONNECTION], "close");
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["error"]["code"], "timeout");
}

#[tokio::test]
async fn an_empty_value_is_as_good_as_none() {
    let (_dir, router) = server(Settings::default());
    let (_, plain) = get(&router, "/api/search?q=fentanyl").await;
    for path in [
        "/api/search?q=fentanyl&limit=&offset=&snippets=&by=&sort=&explain=&mentions=&facets=&all_of=&from=&person=&q=",
        "/api/search?q=fentanyl&facets=none",
        "/api/search?query=fentanyl&all_of=person,country",
    ] {
        let (status, mut found) = get(&router, path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {found}");
        found["took_ms"].clone_from(&plain["took_ms"]);
        assert_eq!(found, plain, "{path}");
    }
    let (_, found) = get(&router, "/api/search?q=fentanyl&explain").await;
    assert!(found["explain"].is_object(), "{found}");
}

#[tokio::test]
async fn pages_lead_on_only_to_more() {
    let (_dir, router) = server(Settings::default());
    for (path, expected, others) in [
        ("/?q=fentanyl&begin_date=2023-06-01", "name=\"from\" value=\"2023-06-01\"", "begin_date"),
        ("/?limit=0", "fentanyl", "rel=\"next\""),
        ("/?limit=0", "fentanyl", "Nothing found"),
        ("/?offset=5", "rel=\"prev\"", "Nothing found"),
    ] {
        let (status, _, page) = send(&router, request(Method::GET, path, &[], "")).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(page.contains(expected) && !page.contains(others), "{path}: {page}");
    }
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let (_dir, router) = server(Settings::default());
    for path in ["/", "/health", "/style.css", "/api/search?q=oil", "/api/status"] {
        let (status, headers, body) = send(&router, request(Method::HEAD, path, &[], "")).await;
        assert_eq!((status, body.as_str()), (StatusCode::OK, ""), "{path}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
    }
    let (status, headers, _) = send(&router, request(Method::DELETE, "/api/search", &[], "")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(headers[header::ALLOW].to_str().unwrap().contains("POST"));
}
