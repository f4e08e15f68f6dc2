//! The commands on a small archive: what they print, and with which exit code.

use crate::command::Dir;

const TALKS: &str = "Blinken meets Xi in Beijing\n\nBEIJING, June 19 2023 - Antony Blinken, the American secretary \
                     of state, met President Xi Jinping of China in Beijing on Monday. They spoke about trade and \
                     about fentanyl, and agreed that officials of both countries would meet again.\n";
const RATES: &str = "European Central Bank leaves its rate alone\n\nThe European Central Bank left its rate at four \
                     per cent on Thursday. Christine Lagarde, its president, said in Frankfurt that inflation was \
                     falling, and that nobody had proposed to lower the rate.\n";

/// An archive of two articles, a file that is none and one that is broken, indexed.
fn indexed() -> Dir {
    let dir = Dir::new();
    dir.file("news/talks.txt", TALKS).file("news/2024/rates.txt", RATES);
    dir.file("news/broken.json", "{\"headline\": \"Cut").file("news/empty.txt", "");
    let run = dir.run("index news").exits(0).no_out();
    run.err(&[
        "failed  news/broken.json: ",
        "\nadded 2 · updated 0 · unchanged 0 · removed 0 · duplicates 0 · ",
    ]);
    dir
}

#[test]
fn indexing_counts_and_tells_what_failed() {
    let dir = indexed();
    dir.run("index")
        .exits(0)
        .no_out()
        .err(&["added 0 · updated 0 · unchanged 2 · removed 0", " failed 1 in "]);
    dir.run("index -q").exits(0).no_out().no_err();
    dir.run("index --strict").exits(1).err(&["failed 1", "hint: dateline files --failed says why"]);
    dir.run("index --json -q").exits(0).no_err().out(&["{\"added\":0,", "\"failed\":1,", "\"documents\":2,"]);
    dir.file("news/new.txt", TALKS);
    dir.run("index --dry-run").exits(0).no_out().err(&["dry run: added "]);
    dir.run("index no-such-folder").exits(2).no_out().err(&["error: ", "no-such-folder"]);
}

#[test]
fn a_directory_that_is_gone_is_dropped_by_its_name() {
    let dir = indexed();
    dir.run("index old").exits(2).no_out().err(&["error: there is no file or folder old"]);
    dir.file(
        "old/rates.txt",
        "Ferries leave Dover\n\nTwo ferries left Dover on Monday, and both came back.\n",
    );
    dir.run("index old").exits(0);
    std::fs::remove_dir_all(dir.path("old")).unwrap();
    dir.run("index").exits(0).err(&["failed  old: ", "dateline index DIR/old drops them", "removed 0"]);
    dir.run("index old --dry-run")
        .exits(0)
        .err(&["removed 2", "old is not there any more: its articles would be"]);
    dir.run("index old").exits(0).err(&["removed 1", "old is not there any more: its articles are dropped"]);
    dir.run("index").exits(0).err(&["failed 1 in "]);
    dir.run("index old").exits(2);
    dir.run("index --help").exits(0).out(&["--watch", "mounted"]);
}

#[test]
fn changed_dictionaries_take_effect_at_the_next_run() {
    let dir = Dir::new();
    dir.file(
        "news/a.json",
        "{\"titulo\": \"O porto\", \"corpo\": \"O porto de Santos parou na segunda-feira.\"}",
    );
    dir.file("more/b.json", "{\"titulo\": \"O rio\", \"corpo\": \"O rio da cidade subiu durante a noite.\"}");
    dir.run("index news more").exits(0).err(&["added 0 ", "skipped 2 "]);
    dir.run("index").exits(0).err(&["skipped 2 "]);
    dir.file("mine/schema.toml", "[json]\nheadline = [\"titulo\"]\nbody = [\"corpo\"]\n");
    let again = "the dictionaries or the version of dateline changed: every file was read again\n";
    dir.run("--schema mine index news").exits(0).err(&[again, "added 1 ", "skipped 0 "]);
    // What lay outside that run's roots is read when its own root is.
    let rest = dir.run("--schema mine index").exits(0).err(&["added 1 ", "unchanged 1 "]);
    assert!(!rest.stderr.contains("read again"), "{}", rest.stderr);
    dir.run("--schema mine index").exits(0).err(&["added 0 ", "unchanged 2 "]);
    dir.run("search santos --count").exits(0).out(&["1\n"]);
    dir.file("mine/schema.toml", "extends = \"builtin\"\n[json]\nbody = \"corpo\"\n");
    dir.run("--schema mine index").exits(2).err(&["schema.toml:3: "]);
}

#[test]
fn a_hit_shows_as_many_passages_as_asked_for() {
    let dir = indexed();
    let shown = dir.run("search country:China --format jsonl --snippets 1").exits(0).stdout;
    assert!(shown.contains("\"field\":\"body\"") && shown.contains("\"highlights\":[["), "{shown}");
    let shown = dir.run("search country:China --format jsonl --snippets 0").exits(0).stdout;
    assert!(!shown.contains("\"field\":\"body\""), "{shown}");
}

#[test]
fn search_tells_by_its_exit_code() {
    let dir = indexed();
    dir.run("search fentanyl")
        .exits(0)
        .out(&["Blinken meets Xi in Beijing\n  2023-06-19  "])
        .err(&["1 of 1 article in "]);
    dir.run("search nothinglikethis").exits(1).no_out().err(&["no article matches"]);
    dir.run("search -q fentanyl").exits(0).no_out().no_err();
    dir.run("search -q nothinglikethis").exits(1).no_out().no_err();
    dir.run("search (fentanyl").exits(2).no_out().err(&["error: ", "\n  (fentanyl\n  ^\nhint: "]);
    dir.run("search --person Nobody").exits(2).no_out().err(&["error: ", "Nobody"]);
    dir.run("search --from 2024 --to 2023").exits(2).no_out().err(&["error: ", "hint: "]);
    assert_eq!(dir.run("search --count").exits(0).no_err().stdout, "2\n");
    assert_eq!(dir.run("search -c nothinglikethis").exits(1).stdout, "0\n");
    dir.run("search --format json").exits(0).no_err().out(&["\"total\": 2,", "\"facets\": {},"]);
    dir.run("search --format csv rate -- -fentanyl")
        .exits(0)
        .out(&["id,published,source,headline,", ",European Central"]);
}

#[test]
fn an_id_leads_to_its_article() {
    let dir = indexed();
    let ids = dir.run("search fentanyl --format ids").exits(0).no_err().stdout;
    let id = ids.trim();
    dir.args(&["show", id]).exits(0).no_err().out(&[
        "Blinken meets Xi in Beijing\n",
        id,
        "news/talks.txt",
        "Antony Blinken",
    ]);
    dir.args(&["show", id, "--format", "json"]).exits(0).out(&["\"published\": \"2023-06-19\""]);
    dir.run("show 0123456789abcdef")
        .exits(2)
        .no_out()
        .err(&["no article 0123456789abcdef", "hint: dateline search --format ids"]);
}

#[test]
fn facets_files_and_status_say_what_is_there() {
    let dir = indexed();
    dir.run("facets person").exits(0).no_err().out(&["person\n", "Antony Blinken", "Xi Jinping"]);
    dir.run("facets person --prefix ant --format csv").exits(0).out(&["value,count\nAntony Blinken,1\n"]);
    dir.run("facets person fentanyl --order surprising --format csv")
        .exits(0)
        .out(&["value,count,of,expected\nAntony Blinken,1,1,0.5\n"]);
    dir.run("facets person fentanyl --order surprising").exits(0).out(&["×2.0"]);
    dir.run("search fentanyl --by month --share").exits(0).out(&["1  100.0%"]);
    dir.run("facets country nothinglikethis").exits(0);
    dir.run("files").exits(0).out(&["news/talks.txt", "news/broken.json\n    "]).err(&["of "]);
    let failed = dir.run("files --failed --json").exits(0).no_err().out(&["\"path\":\"news/broken.json\""]);
    assert_eq!(failed.stdout.lines().count(), 1);
    let below = dir.run("files news/2024").exits(0).out(&["    record 0 article "]);
    assert_eq!(below.stdout.lines().count(), 2, "{}", below.stdout);
    for (here, path) in
        [("news", "talks.txt"), (".", "./news/talks.txt"), (".", "news/tal"), ("news/2024", "../talks.txt")]
    {
        let one = dir.run(&format!("files {path}")).within(here).exits(0).out(&["news/talks.txt\n"]);
        assert_eq!(one.stdout.lines().count(), 2, "{path}: {}", one.stdout);
    }
    let whole = dir.path("news/2024").display().to_string();
    dir.args(&["files", &whole]).exits(0).out(&["news/2024/rates.txt\n"]);
    dir.run("status")
        .exits(0)
        .out(&["documents  2\n", "archive    news\n"])
        .err(&["hint: dateline files --failed"]);
    dir.run("status --json").exits(0).no_err().out(&["\"documents\": 2,"]);
}

#[test]
fn an_error_of_a_command_that_prints_json_is_json_too() {
    let dir = indexed();
    for (command, parts) in [
        ("index --json nosuch", ["{\"error\":{\"code\":\"bad_request\",", "nosuch", "\"position\":null}}"]),
        (
            "search --format json (a",
            ["{\"error\":{\"code\":\"query_syntax\",", "\"hint\":\"", "\"position\":0}}"],
        ),
        (
            "status --json --index nosuch",
            ["{\"error\":{\"code\":\"bad_request\",", "no index at", "\"hint\":null"],
        ),
    ] {
        let printed = dir.run(command).exits(2).out(&parts).err(&["error: "]);
        assert_eq!(printed.stdout.lines().count(), 1, "{}", printed.stdout);
    }
    dir.run("search --format csv (a").exits(2).no_out();
}

#[test]
fn tagging_needs_no_index() {
    let dir = Dir::new();
    dir.run("tag --format jsonl")
        .stdin(TALKS)
        .exits(0)
        .no_err()
        .out(&["{\"path\":\"-\",\"record\":0,", "Xi Jinping"]);
    dir.run("tag -").stdin(TALKS).exits(0).out(&[
        "Blinken meets Xi in Beijing\n",
        "(from the dateline)",
        "about",
    ]);
    dir.file("broken.json", "{\"headline\": \"Cut");
    dir.run("tag --explain -").stdin(TALKS).exits(0).out(&[
        "what counts, and why",
        "Xi Jinping · person, dictionary · ",
        "+ a name or alias of persons.tsv",
    ]);
    dir.run("tag --explain --format jsonl -").stdin(TALKS).exits(0).out(&[
        "\"explain\":[{\"field\":",
        "\"rule\":\"dictionary\"",
        "\"for\":[",
    ]);
    dir.run("tag broken.json").exits(1).no_out().err(&["failed  broken.json: "]);
    assert!(!dir.path(".dateline").exists());
}

#[test]
fn a_reader_who_leaves_is_no_error() {
    let dir = indexed();
    for command in
        ["search", "search --format json", "search --format csv", "facets person", "files", "status"]
    {
        let told = dir.run(command).exits_when_unread(0);
        assert!(!told.contains("error"), "{command}: {told}");
    }
}
