//! The command line where no index is needed: help, mistakes, completions, manual.

use crate::command::Dir;

const COMMANDS: [&str; 11] =
    ["index", "search", "show", "similar", "tag", "facets", "files", "status", "serve", "completions", "man"];

#[test]
fn help_lists_every_command() {
    let help =
        Dir::new().run("--help").exits(0).no_err().out(&["Usage: dateline", "--index <DIR>", "NO_COLOR"]);
    for command in COMMANDS {
        assert!(help.stdout.contains(&format!("\n  {command} ")), "{command} in {}", help.stdout);
    }
    Dir::new().run("").exits(2).no_out().err(&["Usage: dateline"]);
    Dir::new().run("--version").exits(0).out(&[&format!("dateline {}", env!("CARGO_PKG_VERSION"))]);
}

#[test]
fn every_command_has_help() {
    for command in COMMANDS {
        let long = Dir::new().run(&format!("{command} --help")).exits(0).no_err();
        assert!(long.stdout.contains(&format!("Usage: dateline {command}")), "{}", long.stdout);
        let same = Dir::new().run(&format!("help {command}")).exits(0).no_err();
        assert_eq!(long.stdout, same.stdout);
    }
    let search = Dir::new().run("search --help").exits(0);
    search.out(&[
        "dateline search --limit 5 -- -climate talks",
        "--person <NAME>",
        "--all-of <FACET>",
        "drug traffick*",
    ]);
}

/// A command line that is wrong, and what stderr must say.
fn check_mistake(arguments: &[&str], parts: &[&str]) {
    Dir::new().args(arguments).exits(2).no_out().err(&["error: "]).err(parts);
}

#[test]
fn mistakes_say_what_to_type() {
    check_mistake(&["serch", "x"], &["serch", "search"]);
    check_mistake(
        &["search", "--from", "2023-13"],
        &["'2023-13' is no date: write 2023, 2023-06 or 2023-06-18"],
    );
    check_mistake(&["search", "--to", "yesterday"], &["'yesterday' is no date: write 2023"]);
    check_mistake(&["search", "-n", "ten"], &["write a whole number from 0 to 1000"]);
    check_mistake(&["search", "-n", "1001"], &["write a whole number from 0 to 1000"]);
    check_mistake(&["search", "--offset", "-1"], &["write a whole number from 0 to 100000"]);
    check_mistake(&["search", "--snippets", "11"], &["write a whole number from 0 to 10"]);
    check_mistake(
        &["search", "--facets", "planet"],
        &["there is no facet 'planet'", "person, country, topic"],
    );
    check_mistake(&["search", "--facets", "person:x"], &["write person:20"]);
    check_mistake(&["search", "--facets", "person:5:best"], &["write person:20 or person:20:surprising"]);
    check_mistake(&["search", "--share"], &["--by <INTERVAL>"]);
    check_mistake(&["facets", "person", "--order", "best"], &["count, name, surprising"]);
    check_mistake(&["search", "--all-of", "persons"], &["possible values: person, country"]);
    check_mistake(&["search", "--format", "xml"], &["text, json, jsonl, csv, ids"]);
    check_mistake(&["search", "--format", "csv", "--by", "year"], &["--by", "hint: use --format json"]);
    check_mistake(&["search", "--count", "--limit", "3"], &["--count", "--limit"]);
    check_mistake(&["search", "--sort", "best"], &["relevance, newest, oldest"]);
    check_mistake(&["search", "-xword"], &["-- -x"]);
    check_mistake(&["show", "12"], &["'12' is no article id", "16 hex digits"]);
    check_mistake(&["facets", "planet"], &["possible values: person, country"]);
    check_mistake(&["facets"], &["<FIELD>"]);
    check_mistake(&["index", "--jobs", "many"], &["write a whole number from 0 to"]);
    check_mistake(&["status", "--color", "blue"], &["auto, always, never"]);
    check_mistake(&["status", "-q", "-v"], &["--quiet", "--verbose"]);
    check_mistake(&["completions", "dos"], &["bash", "fish", "zsh"]);
    check_mistake(
        &["man", "serch"],
        &["there is no command 'serch'", "hint: the commands are index, search"],
    );
}

#[test]
fn without_an_index_the_error_says_how_to_make_one() {
    for command in ["search x", "show 0123456789abcdef", "facets person", "files", "status"] {
        let no_index = "error: there is no index: no .dateline in this directory or above\n\
                        hint: make one with dateline index DIR, or name one with --index DIR\n";
        let printed = Dir::new().run(command).exits(2).no_out();
        assert_eq!(printed.stderr, no_index, "{command}");
    }
    Dir::new().run("index").exits(2).no_out().err(&["nothing to read", "hint: dateline index DIR"]);
}

#[test]
fn flag_beats_environment_beats_the_directory() {
    let dir = Dir::new();
    dir.file(".dateline/notes", "no index");
    dir.run("status").exits(2).err(&["no index at DIR/.dateline"]);
    dir.run("status").env("DATELINE_INDEX", "named").exits(2).err(&["no index at named"]);
    dir.run("status").env("DATELINE_INDEX", "").exits(2).err(&["no index at DIR/.dateline"]);
    dir.run("status --index flag").env("DATELINE_INDEX", "named").exits(2).err(&["no index at flag"]);
    dir.run("--index flag status").exits(2).err(&["no index at flag"]);
    dir.run("status -v").exits(2).err(&["index  DIR/.dateline"]);
}

#[test]
fn colour_is_as_asked() {
    let dir = Dir::new();
    let coloured = |printed: &str| printed.contains('\x1b');
    assert!(!coloured(&dir.run("status").exits(2).stderr));
    assert!(coloured(&dir.run("status --color always").exits(2).stderr));
    assert!(coloured(&dir.run("status --color always").env("NO_COLOR", "1").exits(2).stderr));
    assert!(!coloured(&dir.run("status --color never").exits(2).stderr));
}

#[test]
fn nothing_typed_acts_on_the_terminal() {
    let printed = Dir::new().args(&["status", "--index", "a\x1b[2Jb\u{202e}c"]).exits(2);
    assert!(!printed.stderr.contains(['\x1b', '\u{202e}']), "{:?}", printed.stderr);
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let printed = Dir::new().run(&format!("completions {shell}")).exits(0).no_err();
        for command in COMMANDS {
            assert!(printed.stdout.contains(command), "{command} for {shell}");
        }
    }
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let manual = Dir::new().run("man").exits(0).no_err();
    for command in COMMANDS {
        assert!(manual.stdout.contains(&format!(".TH dateline-{command} 1")), "{command}");
    }
    let page = Dir::new().run("man search").exits(0).no_err();
    assert_eq!(page.stdout.matches(".TH ").count(), 1);
}

#[test]
fn a_closed_pipe_is_silent() {
    for command in ["man", "completions bash", "--help", "search --help"] {
        assert_eq!(Dir::new().run(command).exits_when_unread(0), "", "{command}");
    }
}

#[test]
fn tag_needs_something_to_read() {
    Dir::new().run("tag no-such-file").exits(2).no_out().err(&["error: "]);
}
