//! Hostile input: nothing of it stops a run, costs much memory or time, or keeps the good articles around it from being
//! found.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::archive::shared;
use crate::command::Dir;

/// What the whole of an indexing run may take of memory, in bytes of address space.
const MEMORY: u64 = 1_000_000_000;

/// Runs a generator of the shared folder; `None`, loudly, where it or what it needs is not there.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn generated(program: &str, script: &str, dir: &Path) -> Option<()> {
    let script = shared("data/hostile/generated")?.join(script);
    let run = Command::new(program).arg(&script).arg(dir).output();
    let done = run.is_ok_and(|output| output.status.success());
    if !done {
        eprintln!("skipped: {program} {} cannot be run here", script.display());
    }
    done.then_some(())
}

/// Indexes a folder with bounded memory; what it told.
#[expect(clippy::print_stderr, reason = "what is not tested is said")]
fn index(dir: &Dir, folder: &Path) -> String {
    let dateline = env!("CARGO_BIN_EXE_dateline");
    let limit = format!("--as={MEMORY}");
    let bounded =
        Command::new("prlimit").args([limit.as_str(), "true"]).status().is_ok_and(|run| run.success());
    let mut command = if bounded { Command::new("prlimit") } else { Command::new(dateline) };
    if bounded {
        command.args([limit.as_str(), dateline]);
    } else {
        eprintln!("not tested: memory cannot be bounded here");
    }
    let run = command.arg("index").arg(folder).current_dir(dir.path("")).output().unwrap();
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{:?}: {told}", run.status);
    assert!(!told.contains("panicked") && !told.contains("its reader failed"), "{told}");
    told
}

/// How each file ended, by the last part of its name.
fn outcomes(dir: &Dir) -> BTreeMap<String, Value> {
    let listed = dir.run("files --json").exits(0).stdout;
    let entries = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let name = |entry: &Value| entry["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    entries.map(|entry| (name(&entry), entry)).collect()
}

fn articles(entry: &Value) -> usize {
    let records = entry["records"].as_array().map(Vec::as_slice).unwrap_or_default();
    records.iter().filter(|record| record.is_string()).count()
}

#[test]
fn bombs_lies_and_depths() {
    let dir = Dir::new();
    let folder = dir.path("hostile");
    let Some(()) = generated("python3", "gen.py", &folder) else { return };
    index(&dir, &folder);
    let outcomes = outcomes(&dir);
    assert_eq!(outcomes.len(), fs::read_dir(&folder).unwrap().count());
    for (name, count) in [
        ("jsonl_mixed.jsonl", 3),
        ("jsonl_line_50MB.jsonl", 1),
        ("json_dates.jsonl", 13),
        ("json_facets.jsonl", 16),
        ("warc_len_short.warc", 0),
    ] {
        assert_eq!(articles(&outcomes[name]), count, "{name}: {:#}", outcomes[name]);
    }
    for name in ["bomb_1GiB.txt.gz", "bomb_nested.gz", "xml_deep_200k.xml", "json_depth_100k.json"] {
        assert_eq!(articles(&outcomes[name]), 0, "{name}");
    }
    let secret = "passwd nologin";
    dir.args(&["search", secret]).exits(1);
    for query in ["ok1", "ok2", "ok3", "after"] {
        dir.args(&["search", query]).exits(0);
    }
}

#[test]
fn a_hostile_tree_of_files() {
    let dir = Dir::new();
    let folder = dir.path("tree");
    let Some(()) = generated("bash", "gen_fs.sh", &folder) else { return };
    index(&dir, &folder);
    dir.run("search ok").exits(0);
    // Nothing outside the root is read: not through links, whatever they lead to.
    let outcomes = outcomes(&dir);
    for name in ["escape.txt", "escape_dir", "loop", "zero.txt", "dangling.txt"] {
        assert_eq!(outcomes[name]["outcome"]["reason"], "a symbolic link", "{name}");
    }
    assert!(outcomes.keys().any(|name| name.contains("\\xff")));
    dir.args(&["search", "root"]).exits(1);
    let printed = dir.run("files").exits(0).stdout;
    assert!(!printed.contains('\u{1b}'), "{printed:?}");
    // What may not be looked into is taken away by the test's own end.
    drop(Command::new("chmod").args(["-R", "u+rwX"]).arg(&folder).status());
}

#[test]
fn json_is_what_the_standard_says() {
    let Some(cases) = shared("data/hostile/jsontestsuite/test_parsing") else { return };
    let dir = Dir::new();
    index(&dir, Path::new(&cases));
    for (name, entry) in outcomes(&dir) {
        let failed = entry["outcome"]["outcome"] == "failed"
            || entry["records"]
                .as_array()
                .is_some_and(|records| records.iter().any(|one| one["failed"].is_string()));
        match name.as_bytes()[0] {
            b'y' => assert!(!failed, "{name}: {entry:#}"),
            b'n' => {
                assert!(
                    failed || entry["outcome"]["outcome"] == "skipped" && articles(&entry) == 0,
                    "{name}: {entry:#}"
                );
            }
            _ => {}
        }
    }
}

#[test]
fn naughty_strings_are_found_and_print_tamely() {
    let Some(path) = shared("data/hostile/blns/blns.json") else { return };
    let strings: Vec<String> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let dir = Dir::new();
    let lines: Vec<String> = (0..)
        .zip(&strings)
        .map(|(n, text)| {
            serde_json::json!({"title": text, "body": format!("Story number n{n}. {text}")}).to_string()
        })
        .collect();
    dir.file("news/blns.jsonl", &lines.join("\n"));
    index(&dir, &dir.path("news"));
    for n in [0, 100, 300, strings.len() - 1] {
        let printed = dir.args(&["search", &format!("n{n}")]).exits(0).stdout;
        assert!(!printed.chars().any(|c| c.is_control() && c != '\n'), "{printed:?}");
    }
}
