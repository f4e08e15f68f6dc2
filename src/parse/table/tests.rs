//! Tables tested: delimiters, quotes, rows that do not fit.

use proptest::prelude::*;

use crate::parse::Found;
use crate::parse::tests::{read_all, show};

fn check(name: &str, bytes: &[u8], want: &[&str]) {
    let (end, found) = read_all(name, bytes);
    let mut shown: Vec<String> = found
        .iter()
        .map(|one| match one {
            Found::Article(record) => show(record),
            Found::NotAnArticle { reason } => format!("no: {reason}"),
            Found::Bad { reason } => format!("bad: {reason}"),
        })
        .collect();
    if end != "table" {
        shown.push(format!("end: {end}"));
    }
    assert_eq!(shown, want, "{name}: {:.200}", String::from_utf8_lossy(bytes));
}

#[test]
fn rows_are_articles() {
    let want = [
        "headline: Ports, reopened\nbyline: Ana Ruiz\npublished: 2023-06-18\ntopic: trade; ships\n> One.\n> Two \"quoted\".",
    ];
    check(
        "a.csv",
        b"Title,Date,Author,Keywords,Text\r\n\"Ports, reopened\",2023-06-18,Ana Ruiz,\"trade, ships\",\"One.\nTwo \"\"quoted\"\".\"\r\n",
        &want,
    );
    check(
        "a.csv",
        b"Title;Date;Author;Keywords;Text\nPorts, reopened;2023-06-18;Ana Ruiz;trade, ships;\"One.\nTwo \"\"quoted\"\".\"\n",
        &want,
    );
    check(
        "a.tsv",
        b"\xEF\xBB\xBFTitle\tDate\tAuthor\tKeywords\tText\nPorts, reopened\t2023-06-18\tAna Ruiz\ttrade, ships\t\"One.\nTwo \"\"quoted\"\".\"",
        &want,
    );
    check("a.csv", b"sep=|\r\ntitle|text\r\na, b|c;d\r\n", &["headline: a, b\n> c;d"]);
    check("a.csv", b"\"a,b;c\";title;text\nx;T;U\n", &["headline: T\n> U"]);
    check(
        "a.csv",
        b"title,text\ncaf\xE9,Le pr\xE9sident a d\xE9clar\xE9\n",
        &["headline: caf\u{e9}\n> Le pr\u{e9}sident a d\u{e9}clar\u{e9}"],
    );
    let wide: Vec<u8> = "title\ttext\nÑandú\tnews\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check("a.tsv", &wide, &["headline: Ñandú\n> news"]);
}

#[test]
fn what_does_not_fit_is_told_with_its_line() {
    check(
        "a.csv",
        b"title,text\n\"A\nB\",one\nC\nD,,\nE,two\n,\n",
        &[
            "headline: A B\n> one",
            "bad: row at line 4: expected 2 fields, found 1",
            "bad: row at line 5: expected 2 fields, found 3",
            "headline: E\n> two",
            "no: row at line 7: no headline and no text in it",
        ],
    );
    check(
        "a.csv",
        b"code,price\nA,1\n",
        &[
            "end: no column of headlines or text in this table, whose first row is: code, price (where these are the names of \
           its columns, map them in schema.toml under [json])",
        ],
    );
    let long = format!("title,text\nA,one\nB,\"{}", "open field,\n".repeat(2_000_000));
    check(
        "a.csv",
        long.as_bytes(),
        &[
            "headline: A\n> one",
            "bad: row at line 3: longer than 16 MiB, expected the \" that closes a field",
        ],
    );
}

#[test]
fn wide_tables_cost_no_more_than_their_bytes() {
    let start = std::time::Instant::now();
    let names = (0..100_000).map(|n| format!("c{n},")).collect::<String>();
    check(
        "a.csv",
        format!("title,{names}\nA,{}\n", ",".repeat(100_000)).as_bytes(),
        &["end: line 1: 100002 columns, expected at most 4096"],
    );
    assert!(start.elapsed().as_secs() < 3, "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn never_panics(text in "(,|;|\t|\"|\n|\r|sep=|title|text|é|\\PC){0,40}") {
        let _found = read_all("a.csv", text.as_bytes());
        let _found = read_all("a.csv", format!("title,text\n{text}").as_bytes());
    }
}
