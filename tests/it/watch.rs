//! `dateline index --watch` sees what changes while it waits, and ends when it is told to.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::command::Dir;

/// The lines a watching run says on stderr while `change` is done, one after another.
#[test]
fn a_run_that_watches_says_a_line_for_every_change() {
    let dir = Dir::new();
    let story =
        |place: &str| format!("Harbour news from {place}\n\nThe council of {place} met on Tuesday.\n");
    dir.file("news/a.txt", &story("Ayr")).file("news/README.md", "About.");
    let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(["index", "news", "--watch", "--index", ".dateline"])
        .current_dir(dir.path("."))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut next = || lines.next().unwrap().unwrap();
    assert!(next().starts_with("added 1 · updated 0 · unchanged 0 · removed 0"));
    dir.file("news/b.txt", &story("Brest"));
    assert!(next().starts_with("added 1 · updated 0 · unchanged 1 · removed 0"));
    fs::remove_file(dir.path("news/a.txt")).unwrap();
    assert!(next().starts_with("added 0 · updated 0 · unchanged 1 · removed 1"));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(lines.next().is_none());
}
