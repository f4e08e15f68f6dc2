//! The *server* answers searches over HTTP: the JSON API, and a page for people, over the same searches as the command
//! line.
//!
//! Handlers are thin: they turn parameters into a request and a response into JSON or a page. Searching is blocking
//! work on a bounded number of threads; async lives in this module only.

mod api;
mod connection;
mod guard;
mod page;
mod params;
mod problem;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::deadline::Deadline;
use crate::index::ArticleIndex;
use crate::search::error::SearchError;
use crate::server::connection::Connections;
use crate::server::connection::accept;
use crate::server::problem::Problem;
use crate::taxonomy::Taxonomy;

/// Bytes of a request's body, at most.
pub const MAX_BODY: usize = 1 << 20;
/// Connections served at a time: fewer than the 1,024 files that a process may usually open.
const MAX_CONNECTIONS: usize = 900;
/// Time between looks for a newer commit.
const RELOAD_EVERY: Duration = Duration::from_millis(500);
/// Time that requests under way have to end when the server stops.
const GRACE: Duration = Duration::from_millis(1_500);

/// How to serve.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Time within which every request ends.
    pub timeout: Duration,
    /// Searches run at a time.
    pub searches: usize,
    /// Host names allowed beside loopback ones.
    pub allow_hosts: Vec<String>,
    /// Origins whose pages may read the API.
    pub allow_origins: Vec<String>,
    /// A secret that every request must carry, as `Authorization: Bearer …` or as the password of `Basic`.
    pub token: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, Into::into);
        Self {
            timeout: Duration::from_secs(2),
            searches: 2 * cores,
            allow_hosts: Vec::new(),
            allow_origins: Vec::new(),
            token: None,
        }
    }
}

/// What all requests share.
#[derive(Clone)]
pub struct State {
    shared: Arc<Shared>,
}

struct Shared {
    index: ArticleIndex,
    taxonomy: Taxonomy,
    settings: Settings,
    searches: Arc<Semaphore>,
    pages: page::Pages,
}

impl State {
    /// Shares an index and dictionaries between requests.
    pub fn new(index: ArticleIndex, taxonomy: Taxonomy, settings: Settings) -> Self {
        let searches = Arc::new(Semaphore::new(settings.searches.max(1)));
        let pages = page::Pages::new();
        Self { shared: Arc::new(Shared { index, taxonomy, settings, searches, pages }) }
    }

    /// Runs blocking work when there is a thread for it. Whoever waits no longer frees no thread: the permit is held
    /// until the work has ended, which its deadline sees to.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared, &Deadline) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        let deadline = Deadline::after(self.shared.settings.timeout);
        let shared = Arc::clone(&self.shared);
        let searches = Arc::clone(&self.shared.searches);
        let permit = searches.acquire_owned().await.map_err(|_| Problem::busy())?;
        let work = tokio::task::spawn_blocking(move || {
            let done = work(&shared, &deadline);
            drop(permit);
            done
        });
        Ok(work.await.map_err(|_| Problem::failed())??)
    }
}

/// The routes, to be served or tested without a socket.
pub fn router(state: State) -> Router {
    Router::new()
        .route("/", get(page::search))
        .route("/article/{id}", get(page::article))
        .route("/style.css", get(page::style))
        .route("/api/search", get(api::search).post(api::search_json))
        .route("/api/articles/{id}", get(api::article))
        .route("/api/facets/{field}", get(api::facet))
        .route("/api/status", get(api::status))
        .route("/health", get(api::health))
        .fallback(api::not_found)
        .method_not_allowed_fallback(api::not_allowed)
        .layer(middleware::from_fn_with_state(state.clone(), guard::guard))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(state)
}

/// Serves until `shutdown` ends, then lets requests under way end, for at most 1.5 seconds. `problem` is told of what
/// goes wrong besides.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    listener: TcpListener,
    state: State,
    shutdown: impl Future<Output = ()>,
    problem: impl Fn(&str) + Send + 'static,
) -> io::Result<()> {
    let reload = tokio::spawn(reload(state.clone(), problem));
    let connections = Connections::new(router(state), MAX_CONNECTIONS);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let stream = tokio::select! {
            accepted = accept(&listener) => accepted?,
            () = &mut shutdown => break,
        };
        connections.open(stream);
    }
    reload.abort();
    drop(tokio::time::timeout(GRACE, connections.close()).await);
    Ok(())
}

async fn reload(state: State, problem: impl Fn(&str)) {
    let mut told = String::new();
    loop {
        tokio::time::sleep(RELOAD_EVERY).await;
        let index = state.shared.index.clone();
        let reloaded =
            tokio::task::spawn_blocking(move || index.reload().map_err(|error| error.to_string())).await;
        let error = match reloaded {
            Ok(Ok(_)) => String::new(),
            Ok(Err(error)) => error,
            Err(error) => error.to_string(),
        };
        if !error.is_empty() && error != told {
            problem(&error);
        }
        told = error;
    }
}

#[cfg(test)]
mod tests;
