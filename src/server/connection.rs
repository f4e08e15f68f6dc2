//! A *connection* is one client's socket: how many there may be, and how long one may keep the server waiting.
//!
//! A client that sends its request slowly or never reads the answer costs a connection only, and only for seconds.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Sleep, sleep};

use crate::server::guard;
use crate::server::problem::Problem;

/// Time for a connection to send its headers, and to stay idle.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Time in which a client must take [`LEAST_TAKEN`] bytes of what is there for it, or all.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
const LEAST_TAKEN: usize = 64 << 10;
/// Connections told at a time that there are too many; others are closed without a word.
const REFUSALS: usize = 64;
/// Time that a connection too many has to send its headers.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(1);

/// The connections of a server.
pub(crate) struct Connections {
    router: TowerToHyperService<Router>,
    room: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    graceful: GracefulShutdown,
}

impl Connections {
    /// Room for at most so many.
    pub(crate) fn new(router: Router, most: usize) -> Self {
        Self {
            router: TowerToHyperService::new(router),
            room: Arc::new(Semaphore::new(most)),
            refusals: Arc::new(Semaphore::new(REFUSALS)),
            graceful: GracefulShutdown::new(),
        }
    }

    /// Serves a client, or tells it that there is no room.
    pub(crate) fn open(&self, stream: TcpStream) {
        let stream = TokioIo::new(Patient::new(stream, WRITE_TIMEOUT));
        if let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() {
            let connection = Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADER_TIMEOUT)
                .serve_connection(stream, self.router.clone());
            let connection = self.graceful.watch(connection);
            tokio::spawn(async move {
                // A client that goes away is no error of ours.
                drop(connection.await);
                drop(permit);
            });
        } else if let Ok(permit) = Arc::clone(&self.refusals).try_acquire_owned() {
            let connection = Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(REFUSAL_TIMEOUT)
                .keep_alive(false)
                .serve_connection(stream, hyper::service::service_fn(refuse));
            tokio::spawn(async move {
                drop(tokio::time::timeout(2 * REFUSAL_TIMEOUT, connection).await);
                drop(permit);
            });
        }
    }

    /// Lets requests under way end.
    pub(crate) async fn close(self) {
        self.graceful.shutdown().await;
    }
}

async fn refuse(_: hyper::Request<Incoming>) -> Result<axum::response::Response, Infallible> {
    let mut response = Problem::full().into_response();
    guard::seal(response.headers_mut());
    Ok(response)
}

/// Accepts the next connection. One that is gone before it is accepted, or a moment without file descriptors, does not
/// end the server.
pub(crate) async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Ok(stream),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Err(error),
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

/// A stream that gives up on a client that does not take what is written to it.
struct Patient<S> {
    stream: S,
    patience: Duration,
    /// Runs since the client last took enough.
    late: Option<Pin<Box<Sleep>>>,
    taken: usize,
}

impl<S> Patient<S> {
    fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, late: None, taken: 0 }
    }

    fn rest(&mut self) {
        self.late = None;
        self.taken = 0;
    }

    fn watch(
        &mut self,
        context: &mut Context<'_>,
        wrote: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match wrote {
            Poll::Ready(Ok(bytes)) => {
                self.taken += bytes;
                if self.taken >= LEAST_TAKEN {
                    self.rest();
                }
                wrote
            }
            Poll::Ready(Err(_)) => wrote,
            Poll::Pending => {
                let patience = self.patience;
                let late = self.late.get_or_insert_with(|| Box::pin(sleep(patience)));
                late.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.watch(context, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Asked for where all has been taken.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if flushed.is_ready() {
            self.rest();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_client_that_takes_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let silent = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let stream = accept(&listener).await.unwrap();
        let mut stream = Patient::new(stream, Duration::from_millis(100));
        let bytes = vec![0; LEAST_TAKEN];
        let mut rounds = 0;
        let ended = loop {
            let wrote = std::future::poll_fn(|context| Pin::new(&mut stream).poll_write(context, &bytes));
            match wrote.await {
                Ok(_) => rounds += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(ended.kind(), io::ErrorKind::TimedOut);
        assert!(rounds > 0);
        drop(silent);
    }

    #[tokio::test]
    async fn a_client_too_many_is_told_so() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let connections = Connections::new(Router::new(), 0);
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        connections.open(accept(&listener).await.unwrap());
        client.writable().await.unwrap();
        client.try_write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        let mut part = [0; 1 << 10];
        loop {
            client.readable().await.unwrap();
            match client.try_read(&mut part) {
                Ok(0) => break,
                Ok(read) => answer.extend_from_slice(&part[..read]),
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
            }
        }
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains("\"code\":\"busy\"") && answer.contains("connection: close"), "{answer}");
    }
}
