//! Crawls tested: answers as servers send them, and records that lie.

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use crate::parse::tests::{read_all, show_found};

const PAGE: &str = "<html><head><title>Ports reopen</title></head><body><p>The ports of Salvador reopened on Monday, said the \
                    harbour master.</p></body></html>";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn record_of_length(kind: &str, url: &str, body: &[u8], length: &str) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n\
         Content-Type: application/http; msgtype={kind}\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

fn record(kind: &str, url: &str, body: &[u8]) -> Vec<u8> {
    record_of_length(kind, url, body, &body.len().to_string())
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}\r\n").as_bytes(), body].concat()
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let mut chunks: Vec<u8> = Vec::new();
    for chunk in body.chunks(50) {
        chunks.extend(format!("{:x};x=y\r\n", chunk.len()).bytes());
        chunks.extend(chunk);
        chunks.extend(b"\r\n");
    }
    chunks.extend(b"0\r\n\r\n");
    chunks
}

fn check(bytes: &[u8], want: &[&str]) {
    let (end, found) = read_all("a.warc", bytes);
    let found: Vec<String> = found.iter().map(show_found).collect();
    let alike = |(found, want): (&String, &&str)| found.starts_with(want);
    assert!(found.len() == want.len() && found.iter().zip(want).all(alike), "{end}: {found:#?}");
}

#[test]
fn bodies_are_unpacked() {
    let page = PAGE.as_bytes();
    for (head, body) in [
        ("", page.to_vec()),
        ("Content-Encoding: gzip\r\n", gzip(page)),
        ("Content-Encoding: deflate\r\n", zlib(page)),
        ("Content-Encoding: gzip\r\n", page.to_vec()),
        ("Transfer-Encoding: chunked\r\n", chunked(page)),
        ("Transfer-Encoding: chunked\r\n", page.to_vec()),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunked(&gzip(page))),
    ] {
        let bytes = record("response", "https://bay.example/1", &answer(head, &body));
        check(&bytes, &["article Ports reopen (https://bay.example/1)"]);
    }
    let odd = record("response", "https://bay.example/1", &answer("Content-Encoding: lzma\r\n", page));
    check(&odd, &["bad: https://bay.example/1: it is compressed as 'lzma', which is not read"]);
}

#[test]
fn what_is_no_article_is_counted() {
    let bytes = [
        record("warcinfo", "", b"software: x"),
        record("request", "https://bay.example/1", b"GET / HTTP/1.1\r\n\r\n"),
        record("response", "https://bay.example/1", b"HTTP/1.1 404 Not Found\r\n\r\n<p>no"),
        record(
            "response",
            "https://bay.example/a.png",
            b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx",
        ),
        record("response", "https://bay.example/1", &answer("", PAGE.as_bytes())),
        record("revisit", "https://bay.example/1", b""),
    ]
    .concat();
    let want = [
        "none: a record of type warcinfo",
        "none: https://bay.example/1: a record of type request",
        "none: https://bay.example/1: an answer with status 404",
        "none: https://bay.example/a.png: content of type image/png",
        "article Ports reopen (https://bay.example/1)",
        "none: https://bay.example/1: a record of type revisit",
    ];
    check(&bytes, &want);
    let members = bytes.split_inclusive(|byte| *byte == b'\n').collect::<Vec<_>>().concat();
    check(&gzip(&members), &want);
}

#[test]
fn a_record_that_lies_costs_itself() {
    let good = record("response", "https://bay.example/2", &answer("", PAGE.as_bytes()));
    let article = "article Ports reopen (https://bay.example/2)";
    let short = record_of_length("response", "u", &answer("", PAGE.as_bytes()), "10");
    check(
        &[short, good.clone()].concat(),
        &["none: u: an answer with status 2", "bad: record at byte", article],
    );
    let negative = record_of_length("response", "u", b"x", "-1");
    check(
        &[negative, good.clone()].concat(),
        &["bad: record at byte 0: Content-Length '-1' is no length", article],
    );
    let cut = &good[..good.len() - 30];
    check(cut, &[article, "bad: record at byte 0: the file ends 26 bytes before the record does"]);
    let heads = [b"WARC/1.0\r\n".to_vec(), b"X: y\r\n".repeat(20_000), b"\r\n".to_vec()].concat();
    check(
        &[heads, good.clone()].concat(),
        &["bad: record at byte 0: its head is longer than 64 KiB", article],
    );
    check(&[good.clone(), b"WARC".to_vec()].concat(), &[article, "bad: record at byte"]);
}

#[test]
fn a_broken_member_costs_itself() {
    let good = |url: &str| gzip(&record("response", url, &answer("", PAGE.as_bytes())));
    let mut broken = good("https://bay.example/2");
    let middle = broken.len() / 2;
    broken[middle..middle + 20].fill(0xFF);
    let bytes = [good("https://bay.example/1"), broken, good("https://bay.example/3")].concat();
    let (_, found) = read_all("a.warc.gz", &bytes);
    let shown: Vec<String> = found.iter().map(show_found).collect();
    assert_eq!(shown.first().map(String::as_str), Some("article Ports reopen (https://bay.example/1)"));
    assert_eq!(shown.last().map(String::as_str), Some("article Ports reopen (https://bay.example/3)"));
    assert!(shown.iter().any(|line| line.contains("broken gzip data")), "{shown:?}");
}

#[test]
fn a_bomb_costs_little_and_what_follows_is_read() {
    let bomb = gzip(&vec![b'7'; 64 << 20]);
    let head = "Content-Encoding: gzip\r\n";
    let bomb = answer(head, &bomb);
    let next = record("response", "https://bay.example/2", &answer("", PAGE.as_bytes()));
    let bytes = [record("response", "https://bay.example/1", &bomb), next.clone()].concat();
    check(&bytes, &["bad: https://bay.example/1: larger than 16 MiB", "article Ports reopen"]);
    let flat = record("response", "https://bay.example/1", &answer("", &vec![b'7'; 300 << 20]));
    let bytes = [gzip(&flat), gzip(&next)].concat();
    let (_, found) = read_all("a.warc.gz", &bytes);
    let shown: Vec<String> = found.iter().map(show_found).collect();
    assert_eq!(
        shown.last().map(String::as_str),
        Some("article Ports reopen (https://bay.example/2)"),
        "{shown:?}"
    );
}

#[test]
fn arc() {
    let body = answer("", PAGE.as_bytes());
    let head = "filedesc://x.arc 127.0.0.1 20140216050221 text/plain 12\n1 0 x\nURL \n\n";
    let line = |url: &str| format!("{url} 93.184.216.119 20140216050221 text/html {}\n", body.len());
    let bytes = [
        head.as_bytes(),
        line("http://bay.example/a b").as_bytes(),
        &body,
        b"\n",
        line("http://bay.example/2").as_bytes(),
        &body,
        b"\n",
    ]
    .concat();
    check(
        &bytes,
        &[
            "none: filedesc://x.arc: a record of type warcinfo",
            "article Ports reopen (http://bay.example/a b)",
            "article Ports reopen (http://bay.example/2)",
        ],
    );
}
