//! `dateline serve`: the HTTP API and the web page.

use std::io;
use std::io::Write;
use std::net::{Ipv6Addr, SocketAddr};
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
    #[arg(long, value_name = "HOST", value_parser = host)]
    allow_host: Vec<String>,
    /// Let the pages of this origin read the API, as https://news.example.org
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    allow_origin: Vec<String>,
    /// Answer only requests with the token in this file, as Authorization: Bearer TOKEN; a browser asks for it as the
    /// password of any name
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

/// Reads the name of a host: what would never equal the name in a request is refused.
fn host(text: &str) -> Result<String, String> {
    let is_name = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    if is_name || text.parse::<Ipv6Addr>().is_ok() {
        return Ok(text.to_owned());
    }
    Err("write the name alone, without scheme, port or path: news.example.org; every port is served"
        .to_owned())
}

/// Reads an origin, as browsers write them: in lower case, nothing behind the port, no port where it is the usual one.
fn origin(text: &str) -> Result<String, String> {
    let hint =
        Err("write scheme and host, and a port where it is not the usual one: https://news.example.org"
            .to_owned());
    let Some((scheme @ ("http" | "https"), place)) = text.split_once("://") else { return hint };
    let (name, port) = match place.rsplit_once(':') {
        Some((name, port)) if !place.ends_with(']') => (name, Some(port)),
        _ => (place, None),
    };
    let usual = if scheme == "http" { 80 } else { 443 };
    let port_is_sound = port.is_none_or(|port| {
        port.parse::<u16>().is_ok_and(|number| number != usual && number.to_string() == port)
    });
    let address = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
    let is_lower = !text.bytes().any(|b| b.is_ascii_uppercase());
    let bare_address = address == name && name.contains(':');
    if port_is_sound && is_lower && !bare_address && host(address).is_ok() {
        Ok(text.to_owned())
    } else {
        hint
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_origins_that_never_match_are_refused() {
        for (typed, sound) in [
            ("news.example.org", true),
            ("my_box", true),
            ("192.168.1.5", true),
            ("fe80::1", true),
            ("", false),
            ("news.example.org:7878", false),
            ("http://news.example.org", false),
            ("news.example.org/", false),
            ("*.example.org", false),
            ("[fe80::1]", false),
        ] {
            assert_eq!(host(typed).is_ok(), sound, "{typed:?}");
        }
        for (typed, sound) in [
            ("https://news.example.org", true),
            ("http://localhost:3000", true),
            ("http://[::1]:3000", true),
            ("http://[::1]", true),
            ("https://news.example.org/", false),
            ("https://news.example.org:443", false),
            ("http://news.example.org:080", false),
            ("https://News.example.org", false),
            ("news.example.org", false),
            ("https://", false),
            ("ftp://news.example.org", false),
            ("*", false),
            ("null", false),
        ] {
            assert_eq!(origin(typed).is_ok(), sound, "{typed:?}");
        }
    }
}
