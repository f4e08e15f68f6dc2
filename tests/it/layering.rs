//! Imports go one way: the table of ARCHITECTURE.md, held against the code.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms each room may import, in the order of `lib.rs`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("article", &[]),
    ("deadline", &[]),
    ("sentence", &[]),
    ("taxonomy", &["article"]),
    ("corpus", &[]),
    ("parse", &["article", "corpus"]),
    ("clean", &["article", "taxonomy"]),
    ("tag", &["article", "taxonomy", "query", "schema", "sentence"]),
    ("learn", &["article", "taxonomy", "tag", "schema", "query"]),
    ("schema", &["article", "sentence"]),
    ("columns", &[]),
    ("index", &["article", "columns", "schema"]),
    ("ledger", &["article"]),
    ("ingest", &["article", "taxonomy", "corpus", "parse", "clean", "tag", "schema", "index", "ledger"]),
    ("query", &["article", "deadline", "schema", "sentence"]),
    ("facets", &["columns", "deadline", "schema"]),
    ("timeline", &["article"]),
    ("snippet", &["article", "sentence"]),
    (
        "search",
        &[
            "article", "deadline", "taxonomy", "schema", "columns", "index", "query", "facets", "timeline",
            "snippet",
        ],
    ),
    ("render", &["article", "search"]),
    ("server", &["article", "deadline", "taxonomy", "schema", "index", "search"]),
];

/// Which rooms alone may name a foreign crate.
const ALONE: &[(&str, &[&str])] = &[
    ("tantivy", &["schema", "columns", "index", "query", "facets", "search"]),
    ("walkdir", &["corpus"]),
    ("globset", &["corpus"]),
    ("dom_smoothie", &["parse"]),
    ("dom_query", &["parse"]),
    ("pulldown_cmark", &["parse"]),
    ("encoding_rs", &["parse"]),
    ("mail_parser", &["parse"]),
    ("pdf_extract", &["parse"]),
    ("parquet", &["parse"]),
    ("crossbeam_channel", &["ingest"]),
    ("axum", &["server"]),
    ("tokio", &["server"]),
    ("minijinja", &["server"]),
    ("anstyle", &["render"]),
    ("anyhow", &[]),
    ("clap", &[]),
    ("indicatif", &[]),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The Rust files below a path, sorted.
pub(crate) fn rust_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.flatten().flat_map(|entry| rust_files(&entry.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    files
}

/// The files of a room.
fn files_of(room: &str) -> Vec<PathBuf> {
    let mut files = rust_files(&source().join(format!("{room}.rs")));
    files.extend(rust_files(&source().join(room)));
    files
}

/// The code of a file before its tests, without comments.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn is_test(file: &Path) -> bool {
    file.file_stem().is_some_and(|stem| stem == "tests" || stem == "measured")
}

#[test]
fn imports_follow_the_table() {
    let mut wrong = Vec::new();
    for (room, may) in MAY_IMPORT {
        for file in files_of(room).into_iter().filter(|file| !is_test(file)) {
            for rest in code(&file).split("crate::").skip(1) {
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if name != *room && !may.contains(&name.as_str()) {
                    wrong.push(format!("{}: crate::{name}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the table:\n{}", wrong.join("\n"));
}

#[test]
fn the_table_names_every_room() {
    let lib = fs::read_to_string(source().join("lib.rs")).unwrap();
    let rooms: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    let table: Vec<&str> = MAY_IMPORT.iter().map(|(room, _)| *room).collect();
    assert_eq!(table, rooms);
}

#[test]
fn the_table_has_no_cycle() {
    let table: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut done: Vec<&str> = Vec::new();
    while done.len() < table.len() {
        let next = table
            .iter()
            .find(|(room, may)| !done.contains(room) && may.iter().all(|room| done.contains(room)));
        let Some((room, _)) = next else { panic!("a cycle among the rooms beyond {done:?}") };
        done.push(room);
    }
}

#[test]
fn foreign_crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (foreign, rooms) in ALONE {
        for (room, _) in MAY_IMPORT.iter().filter(|(room, _)| !rooms.contains(room)) {
            for file in files_of(room).into_iter().filter(|file| !is_test(file)) {
                if code(&file).contains(&format!("{foreign}::")) {
                    wrong.push(format!("{}: {foreign}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "foreign crates out of their rooms:\n{}", wrong.join("\n"));
}

#[test]
fn the_page_names_every_room() {
    let page = fs::read_to_string(source().join("../ARCHITECTURE.md")).unwrap();
    for (room, _) in MAY_IMPORT {
        assert!(page.contains(&format!("| `{room}")), "ARCHITECTURE.md has no row for {room}");
    }
}
