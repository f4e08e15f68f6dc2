//! Habits of this code that a reader relies on.

use std::fs;
use std::path::{Path, PathBuf};

use crate::layering::rust_files;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn files() -> Vec<(PathBuf, String)> {
    let folders = ["src", "tests"].map(|folder| root().join(folder));
    let files = folders.iter().flat_map(|folder| rust_files(folder));
    files.map(|file| (file.clone(), fs::read_to_string(file).unwrap())).collect()
}

fn check(what: &str, wrong: impl Fn(&Path, &str) -> bool) {
    let wrong: Vec<String> = files()
        .iter()
        .filter(|(file, text)| wrong(file, text))
        .map(|(file, _)| file.display().to_string())
        .collect();
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_opens_by_saying_what_it_is() {
    check("no //! on the first line", |_, text| !text.starts_with("//! "));
}

#[test]
fn imports_can_be_read_by_a_text_test() {
    let brace = ["use ", "crate::{"].concat();
    check("brace group at the crate's root", |_, text| text.contains(&brace));
}

#[test]
fn nothing_is_put_off() {
    let words =
        [["FIX", "ME"].concat(), ["TO", "DO"].concat(), ["todo", "!("].concat(), ["XX", "X"].concat()];
    check("something put off", |_, text| words.iter().any(|word| text.contains(word)));
}

#[test]
fn no_source_file_is_two_rooms() {
    check("longer than 700 lines", |file, text| !file.ends_with("tests.rs") && text.lines().count() > 700);
}

#[test]
fn every_test_file_is_run() {
    let main = fs::read_to_string(root().join("tests/it/main.rs")).unwrap();
    for file in rust_files(&root().join("tests/it")) {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(name == "main" || main.contains(&format!("mod {name};")), "tests/it/{name}.rs is not run");
    }
}

#[test]
fn the_readmes_commands_are_run_by_ci() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let ci = fs::read_to_string(root().join(".ci/run")).unwrap();
    for marker in ["<!-- ci: main job -->", "<!-- ci: tests -->"] {
        assert!(readme.contains(marker), "README.md lacks {marker}");
        assert!(ci.contains(marker), ".ci/run does not read {marker}");
    }
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let dependencies =
        manifest.split("[dependencies]").nth(1).and_then(|rest| rest.split("[profile").next()).unwrap();
    for line in dependencies.lines().filter(|line| line.contains(" = ")) {
        assert!(line.contains(" # "), "no reason: {line}");
    }
}
