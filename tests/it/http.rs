//! The command line and the server give one answer, over a real socket, while the index changes under them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::archive::{Archive, sample_corpus};

/// A server on a port of its own, killed when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(archive: &Archive) -> Self {
        Self::start_with(archive, &[])
    }

    fn start_with(archive: &Archive, args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
            .args(["serve", "--listen", "127.0.0.1:0", "--index"])
            .arg(archive.path())
            .args(args)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address =
            line.trim().strip_prefix("serving http://").unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { child, address }
    }

    /// A connection that has sent the head of a request.
    fn ask(&self, first: &str, headers: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(stream, "{first} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.address).unwrap();
        stream
    }

    fn get(&self, path: &str) -> Value {
        let mut response = String::new();
        self.ask(&format!("GET {path}"), "Connection: close\r\n").read_to_string(&mut response).unwrap();
        let body = response.split_once("\r\n\r\n").unwrap().1;
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {response}"))
    }

    #[cfg(unix)]
    fn interrupt(&mut self) -> Duration {
        let started = Instant::now();
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
        started.elapsed()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command_line(archive: &Archive, args: &[&str]) -> Value {
    dateline(archive, &[&["search"], args].concat())
}

/// What a command prints as JSON.
fn dateline(archive: &Archive, args: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(args)
        .args(["--format", "json", "--index"])
        .arg(archive.path())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn without_time(mut response: Value) -> Value {
    response.as_object_mut().unwrap().remove("took_ms").unwrap();
    response
}

#[test]
fn the_command_line_and_the_server_give_one_answer() {
    let (archive, _) = Archive::of(&[sample_corpus()]);
    let server = Server::start(&archive);
    for (args, path) in [
        (vec!["fentanyl"], "/api/search?q=fentanyl"),
        (
            vec![
                "taiwan",
                "military",
                "--person",
                "Blinken",
                "--person",
                "Wang Yi",
                "--all-of",
                "person",
                "--from",
                "2023-06",
                "--to",
                "2023-06",
                "--facets",
                "person,country:3",
                "--by",
                "day",
            ],
            "/api/search?q=taiwan+military&person=Blinken&person=Wang+Yi&all_of=person&from=2023-06&to=2023-06\
             &facets=person,country:3&by=day",
        ),
        (
            vec![
                "--country",
                "!CN",
                "--topic",
                "Energy/Oil",
                "--sort",
                "oldest",
                "-n",
                "3",
                "--facets",
                "topic,source",
            ],
            "/api/search?country=!CN&topic=Energy/Oil&sort=oldest&limit=3&facets=topic,source",
        ),
        (
            vec!["oil OR gas -\"spy balloon\"", "--explain"],
            "/api/search?q=oil+OR+gas+-%22spy+balloon%22&explain=true",
        ),
        (vec!["country:CN", "--snippets", "5"], "/api/search?q=country:CN&snippets=5"),
        (
            vec!["--mentions", "--facets", "country", "-n", "2"],
            "/api/search?mentions=true&facets=country&limit=2",
        ),
        (
            vec!["oil", "--facets", "person:5:surprising,country:name", "--by", "quarter", "--share"],
            "/api/search?q=oil&facets=person:5:surprising,country:name&by=quarter&share",
        ),
    ] {
        let printed = without_time(command_line(&archive, &args));
        assert_eq!(printed, without_time(server.get(path)), "{args:?}");
        assert!(printed["total"].as_u64().unwrap() > 0, "{args:?}");
    }
    let values = dateline(&archive, &["facets", "person", "oil", "--order", "surprising", "-n", "4"]);
    assert_eq!(values, server.get("/api/facets/person?q=oil&order=surprising&limit=4"));
    assert!(values["values"][0]["of"].as_u64() >= values["values"][0]["count"].as_u64(), "{values}");
}

#[test]
fn a_new_commit_is_seen_within_a_second_and_ctrl_c_ends_within_two() {
    let archive = Archive::empty();
    let news = archive.dir.path().join("news");
    archive
        .write("news/a.txt", "Ferry stays in port\n\nThe ferry stayed in port on Monday as the wind rose.\n");
    archive.index(std::slice::from_ref(&news));
    let server = &mut Server::start(&archive);
    assert_eq!(server.get("/api/search?q=lighthouse")["total"], 0);
    archive.write("news/b.txt", "Lighthouse is sold\n\nThe lighthouse was sold on Monday to a painter.\n");
    archive.index(&[news]);
    let committed = Instant::now();
    while server.get("/api/search?q=lighthouse")["total"] != 1 {
        assert!(committed.elapsed() < Duration::from_secs(20), "the new commit is not seen");
        std::thread::sleep(Duration::from_millis(50));
    }
    let _idle = TcpStream::connect(&server.address).unwrap();
    #[cfg(unix)]
    assert!(server.interrupt() < Duration::from_secs(20));
}

#[test]
fn bodies_that_come_slowly_do_not_keep_others_out() {
    let (archive, _) = Archive::of(&[sample_corpus()]);
    let server = Server::start_with(&archive, &["--timeout", "0.3"]);
    let headers = "Content-Type: application/json\r\nContent-Length: 100000\r\n";
    let mut slow: Vec<TcpStream> = (0..50).map(|_| server.ask("POST /api/search", headers)).collect();
    for stream in &mut slow {
        stream.write_all(b"{").unwrap();
    }
    assert!(server.get("/api/search?q=oil")["total"].as_u64().unwrap() > 0);
    for mut stream in slow {
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
        assert!(response.contains("\r\nconnection: close\r\n"), "{response}");
    }
}
