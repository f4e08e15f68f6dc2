//! Sniffing tested: what content tells, then the name.

use super::*;

fn check(name: &str, head: &[u8], want: &str) {
    let got = match sniff(name, head) {
        Ok(format) => format.name().to_owned(),
        Err(error) => error.to_string(),
    };
    assert_eq!(got, want, "{name} {:?}", String::from_utf8_lossy(head));
}

#[test]
fn content_decides() {
    for (name, head, want) in [
        ("a.txt", "", "empty file"),
        ("a.html", "\u{FEFF} \r\n\t", "empty file"),
        ("a.txt", "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n", "reuters"),
        ("a.txt", "<REUTERS TOPICS=\"YES\">", "reuters"),
        ("a.txt", "<!doctype HTML PUBLIC \"x\">", "html"),
        ("a", "<!-- saved --><html lang=en>", "html"),
        ("a.xml", "<?xml version='1.0'?>\n<!DOCTYPE html><html xmlns='x'>", "html"),
        ("a", "<div><p>text", "html"),
        ("a.md", "<div><p>text", "markdown"),
        ("a.md", "<!doctype html><p>text", "html"),
        ("a.json", "<!DOCTYPE html>", "html"),
        ("a.xml", "<?xml version='1.0'?><rss version='2.0'>", "feed"),
        ("a", "<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        ("a.txt", "<DOC>\n<DOCNO> AP890101-0001 </DOCNO>", "trec"),
        ("a", "<DOC id=\"AFP_ENG_20030401.0001\" type=\"story\" >", "trec"),
        ("a.csv", "<html><p>x", "html"),
        ("a.csv", "title,text", "table"),
        ("a.xml", "<?xml version='1.0'?><!-- x --><alto xmlns='x'>", "alto"),
        ("a", "<?xml version='1.0'?><catalog>", "not a format this version reads: XML (catalog)"),
        ("a", "WARC/1.0\r\n", "warc"),
        ("a.txt", "{\"a\": 1}\n{\"a\": 2}\n", "jsonl"),
        ("a.txt", "{ \"a\": 1,\n\"b\": 2}", "json"),
        ("a", "[\n {\"a\":1}]", "json"),
        ("a.txt", "[Editor's note: this is old]", "text"),
        ("a", "---\ntitle: x\n---\nBody", "markdown"),
        ("a.txt", "BMW said on Monday it would build cars", "text"),
        ("a.txt", "MZ is a title of respect", "text"),
        ("a.txt", "From the harbour the ships left at 10:00:00 in 2023.\nMore words.", "text"),
        ("a.txt", "From Monday on, prices rise.\nNote: they fell before.", "text"),
        ("a", "From ana@example.org Mon Jun 19 10:00:00 2023\nReturn-Path: <x>\n", "mbox"),
        ("a.txt", "Received: by x\nSubject: y\n\nz", "mail"),
        ("a.txt", "From: the desk\nto the harbour", "text"),
        (
            "a",
            "From: <Saved by Blink>\nSubject: y\nContent-Type: multipart/related; boundary=b\n\nz",
            "mhtml",
        ),
        ("a.mht", "From: x\nSubject: y\nContent-Type: multipart/related; boundary=b\n\nz", "mhtml"),
        ("a.eml", "From: x\nSubject: y\nContent-Type: multipart/related; boundary=b\n\nz", "mail"),
        ("a.txt", "<3 was the headline", "text"),
    ] {
        check(name, head.as_bytes(), want);
    }
}

#[test]
fn then_the_name() {
    for (name, want) in [
        ("a/b.md", "markdown"),
        ("x.MARKDOWN", "markdown"),
        ("x.txt", "text"),
        ("x", "text"),
        ("x.jsonl", "jsonl"),
        ("x.css", "not a format this version reads: CSS"),
        ("x.d/y.rs", "not a format this version reads: source code"),
        ("x.d.rs/y", "text"),
        ("x.yml", "not a format this version reads: configuration"),
    ] {
        check(name, b"Some words that could be anything", want);
    }
}

#[test]
fn binary_is_named() {
    check("a.txt", b"\x89PNG\r\n\x1a\n", "a PNG image");
    check("a.txt", b"\xFF\xD8\xFF\xE0", "a JPEG image");
    check("a", b"%PDF-1.7\n", "pdf");
    check("a", b"PAR1\x15", "parquet");
    check("a.txt", b"PK\x03\x04abc", "zip");
    check("a", b"\x1f\x8b\x08\x00", "gzip");
    check("a", b"BM\x00\x01\x02", "a BMP image");
    check("a", b"some\0thing", "binary data");
    check("a", format!("{}\0{}", "word ".repeat(200), "word ".repeat(200)).as_bytes(), "text");
    check(
        "a",
        &[b"BM some words of text\0\0".as_slice(), b"\0ab".repeat(9).as_slice()].concat(),
        "a BMP image",
    );
    check("a", b"\x01\x02\x03abc", "binary data");
    check("a", b"RIFF\0\0\0\0WEBP", "an image, audio or video");
    check("a", b"\0\0\0\x20ftypmp42", "an image, audio or video");
}
