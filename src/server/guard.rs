//! The *guard* looks at every request before anything else does: its Host, its Origin, its token; and puts the headers
//! on every answer that keep a browser from doing more than showing it.
//!
//! A page of another site can make a browser send requests here, and by rebinding its name to a loopback address can
//! make them look like requests to itself. Checking Host on every request is what stops that.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::{Instant, timeout_at};

use crate::server::Settings;
use crate::server::problem::Problem;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Lets a request through, or answers it.
pub(crate) async fn guard(
    State(state): State<crate::server::State>,
    request: Request,
    next: Next,
) -> Response {
    let settings = &state.shared.settings;
    let origin = request.headers().get(header::ORIGIN).cloned();
    let address = request.uri().clone();
    let answered = match admit(settings, &request) {
        Err(problem) => Err(problem),
        Ok(()) if is_preflight(&request) => Ok(preflight()),
        Ok(()) => within(settings.timeout, request, next).await,
    };
    let mut response = answered.unwrap_or_else(|problem| {
        if is_page(address.path()) {
            state.shared.pages.problem(&problem, &address)
        } else {
            problem.into_response()
        }
    });
    let status = response.status();
    let headers = response.headers_mut();
    seal(headers);
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, challenge(address.path()));
    }
    if let Some(origin) = origin.filter(|origin| is_allowed_origin(settings, origin)) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    response
}

/// Puts the headers on an answer that keep a browser from doing more than showing it.
pub(crate) fn seal(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// Answers a request in time: from its first byte after the headers to the last of the answer made.
async fn within(time: Duration, request: Request, next: Next) -> Result<Response, Problem> {
    let deadline = Instant::now() + time;
    let (parts, body) = request.into_parts();
    let read = Bytes::from_request(Request::from_parts(parts.clone(), body), &());
    let body = timeout_at(deadline, read).await.map_err(|_| slow())?.map_err(|error| unread(&error))?;
    let answer = next.run(Request::from_parts(parts, Body::from(body)));
    timeout_at(deadline, answer).await.map_err(|_| Problem::busy())
}

fn slow() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", "the body of the request did not come in time")
}

fn unread(error: &BytesRejection) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body", "the body is larger than 1 MiB")
        }
        status => Problem::new(status, "body", "the body of the request cannot be read"),
    }
}

fn admit(settings: &Settings, request: &Request) -> Result<(), Problem> {
    let forbidden = |code, message| Err(Problem::new(StatusCode::FORBIDDEN, code, message));
    let headers = request.headers();
    if !has_allowed_host(settings, request) {
        return forbidden("host", "this Host is not served: see --allow-host");
    }
    if let Some(origin) = headers.get(header::ORIGIN) {
        let own = headers.get(header::HOST).is_some_and(|host| is_origin_of(origin, host));
        if !own && !is_allowed_origin(settings, origin) {
            return forbidden("origin", "this Origin is not allowed: see --allow-origin");
        }
    } else if crosses_sites(headers) && !is_visit(request) {
        return forbidden("origin", "requests of other sites are not answered");
    }
    if !is_preflight(request) && !has_token(settings, headers) {
        let message = "send Authorization: Bearer and the token";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "token", message));
    }
    Ok(())
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Whether a path is one that people look at.
fn is_page(path: &str) -> bool {
    path == "/" || path.starts_with("/article/")
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Whether the request names a host that is served, in its Host header and, where it has one, in its target.
fn has_allowed_host(settings: &Settings, request: &Request) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let target = request.uri().authority().map(|authority| authority.as_str());
    [host.to_str().ok(), target.or(host.to_str().ok())]
        .iter()
        .all(|host| host.is_some_and(|h| allows(settings, h)))
}

fn allows(settings: &Settings, host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => (address, port),
        None => host.find(':').map_or((host, ""), |at| host.split_at(at)),
    };
    let port_is_sound =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    let loopback = name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || (host.starts_with('[')
            && name.parse::<std::net::Ipv6Addr>().is_ok_and(|address| address.is_loopback()));
    let allowed = || settings.allow_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(name));
    port_is_sound && (loopback || allowed())
}

fn is_origin_of(origin: &HeaderValue, host: &HeaderValue) -> bool {
    let (Ok(origin), Ok(host)) = (origin.to_str(), host.to_str()) else { return false };
    origin
        .split_once("://")
        .is_some_and(|(scheme, rest)| matches!(scheme, "http" | "https") && rest.eq_ignore_ascii_case(host))
}

fn is_allowed_origin(settings: &Settings, origin: &HeaderValue) -> bool {
    settings.allow_origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes())
}

fn crosses_sites(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

/// Whether a person follows a link to a page, which any site may hold.
fn is_visit(request: &Request) -> bool {
    is_page(request.uri().path())
        && request.headers().get("sec-fetch-mode").is_some_and(|mode| mode == "navigate")
}

/// What to send instead of no token. A browser can only ask a person for a name and a password.
fn challenge(path: &str) -> HeaderValue {
    let browsed = is_page(path) || path == "/style.css";
    HeaderValue::from_static(if browsed { "Basic realm=\"dateline\", charset=\"UTF-8\"" } else { "Bearer" })
}

fn has_token(settings: &Settings, headers: &HeaderMap) -> bool {
    let Some(token) = &settings.token else { return true };
    let sent = headers.get(header::AUTHORIZATION).and_then(sent_token).unwrap_or_default();
    // Hashes are compared, and in constant time, so that the time taken says nothing about the token.
    blake3::hash(&sent) == blake3::hash(token.as_bytes())
}

/// The token of `Bearer TOKEN`, or the password of `Basic base64(NAME:TOKEN)`.
fn sent_token(authorization: &HeaderValue) -> Option<Vec<u8>> {
    let (scheme, sent) = authorization.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(sent.trim().into());
    }
    let pair = scheme.eq_ignore_ascii_case("basic").then(|| base64(sent.trim()))??;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    Some(pair[colon + 1..].to_vec())
}

/// Decodes base64; `None` where a byte is none of its letters.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    Some(bytes)
}
