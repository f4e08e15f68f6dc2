//! `dateline serve`: the HTTP API and the web page.

use std::io;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use dateline::render::safe;
use dateline::server;
use dateline::server::Settings;
use dateline::server::State;
use tokio::net::TcpListener;
use tokio::signal;

use crate::commands::failure::Failure;
use crate::commands::globals::Globals;

/// Bytes a token must have: 128 bits in hex.
const MIN_TOKEN: usize = 32;

/// Serve the index over HTTP: a web page at / and an API at /api
///
/// Serves this machine only, unless --listen names another address, which needs --token-file. A run of dateline index
/// meanwhile is seen within a second. Ctrl-C stops it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Address and port
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// Time within which every request ends, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    timeout: Duration,
    /// Serve under this host name too, beside localhost
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// Let the pages of this origin read the API, as https://news.example.org
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// Answer only requests with the token in this file, as Authorization: Bearer TOKEN
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let token = args.token_file.as_ref().map(token).transpose()?;
    if !args.listen.ip().is_loopback() && token.is_none() {
        let message = format!("{} can be reached from other machines, and there is no token", args.listen);
        return Err(Failure::user(message, "add --token-file FILE, or listen on 127.0.0.1"));
    }
    let settings = Settings {
        timeout: args.timeout,
        allow_hosts: args.allow_host.clone(),
        allow_origins: args.allow_origin.clone(),
        token,
        ..Settings::default()
    };
    let state = State::new(globals.open()?, globals.taxonomy()?, settings);
    let runtime = tokio::runtime::Runtime::new()?;
    let served = runtime.block_on(serve(args, globals, state));
    // A search that nobody waits for any more must not keep the process.
    runtime.shutdown_timeout(Duration::from_millis(100));
    served.map(|()| ExitCode::SUCCESS)
}

async fn serve(args: &Args, globals: &Globals, state: State) -> Result<(), Failure> {
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        Failure::user(
            format!("cannot listen on {}: {error}", args.listen),
            "choose another port with --listen",
        )
    })?;
    globals.say(&format!("serving http://{}", listener.local_addr()?));
    let problem = |reason: &str| {
        // Where stderr is closed there is nobody to tell.
        drop(writeln!(io::stderr(), "warning: {}", safe::text(reason)));
    };
    server::serve(listener, state, stopped(), problem).await?;
    globals.say("stopped");
    Ok(())
}

/// Ends when Ctrl-C is pressed or the process is asked to terminate.
async fn stopped() {
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = signal::ctrl_c() => {}
        }
        return;
    }
    drop(signal::ctrl_c().await);
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.01..=600.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "write seconds from 0.01 to 600".to_owned())
}

fn token(path: &PathBuf) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::user(format!("{}: {error}", path.display()), "name a file that holds the token")
    })?;
    let token = text.trim();
    if token.len() < MIN_TOKEN {
        let message = format!("the token in {} is shorter than {MIN_TOKEN} characters", path.display());
        return Err(Failure::user(message, "make one with: head -c 16 /dev/urandom | xxd -p > FILE"));
    }
    Ok(token.to_owned())
}
