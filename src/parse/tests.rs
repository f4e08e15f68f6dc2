//! What holds for every reader, and what they make of real files.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::BTreeMap;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::article::{Layout, Record};
use crate::parse::json::Mapping;
use crate::parse::{Emit, Found, ParseError, Settings, Source, html, json, markdown, read, reuters, text};

const MAPPING: &str = r#"
headline = ["headline", "headline.main", "title", "webTitle"]
byline = ["byline", "byline.original", "author", "authors"]
source = ["source", "publication", "domain"]
section = ["section", "category"]
url = ["url", "link", "id"]
published = ["datePublished", "date", "published", "timestamp"]
updated = ["modified_at"]
language = ["language", "lang"]
body = ["articleBody", "body", "text", "content", "description"]
topic = ["keywords", "tags", "topics"]
country = ["places", "countries"]
person = ["people", "persons"]
organization = ["orgs"]
"#;

pub(super) fn mapping() -> Mapping {
    let names: BTreeMap<String, Vec<String>> = toml::from_str(MAPPING).unwrap();
    Mapping::new(&names).unwrap()
}

/// Everything found in a file, and how reading it ended: the format's name or the error.
pub(super) fn read_all(name: &str, bytes: &[u8]) -> (String, Vec<Found>) {
    let mut found = Vec::new();
    let settings = Settings { mapping: mapping(), ..Settings::default() };
    let mut stream = BufReader::new(bytes);
    let end = read(Source { name, stream: &mut stream, file: None, beside: None }, &settings, &mut |one| {
        found.push(one);
        ControlFlow::Continue(())
    });
    (end.map_or_else(|error| error.to_string(), |format| format.name().to_owned()), found)
}

/// The one article of a file.
pub(super) fn article(name: &str, text: &str) -> Record {
    let (end, mut found) = read_all(name, text.as_bytes());
    match (found.pop(), found.len()) {
        (Some(Found::Article(record)), 0) => record,
        other => panic!("{name} ended with {end}: {other:?}"),
    }
}

/// The fields of a record that are set, a line each; only what is expected has to be written down.
pub(super) fn show(record: &Record) -> String {
    let mut lines = Vec::new();
    let fields = [
        ("headline", &record.headline),
        ("byline", &record.byline),
        ("dateline", &record.dateline),
        ("source", &record.source),
        ("section", &record.section),
        ("url", &record.url),
        ("published", &record.published.map(|date| date.to_string())),
        ("language", &record.language),
    ];
    for (name, value) in fields {
        lines.extend(value.as_ref().map(|value| format!("{name}: {value}")));
    }
    lines.extend(record.given.iter().map(|(facet, values)| format!("{facet}: {}", values.join("; "))));
    lines.extend(record.body.lines().map(|line| format!("> {line}")));
    lines.join("\n")
}

/// The moment of publication and the day of the last change; "" for what is not told.
pub(super) fn show_times(record: &Record) -> String {
    let updated = record.updated.map(|date| date.to_string()).unwrap_or_default();
    format!("{} {updated}", record.published_time.as_deref().unwrap_or_default()).trim().to_owned()
}

/// A line for what was found: headline and place of an article, or the reason for none.
pub(super) fn show_found(found: &Found) -> String {
    match found {
        Found::Article(record) => {
            let headline = record.headline.as_deref().unwrap_or_default();
            let inside = record.inside.as_ref().map(|inside| format!(" ({inside})")).unwrap_or_default();
            format!("article {headline}{inside}")
        }
        Found::NotAnArticle { reason } => format!("none: {reason}"),
        Found::Bad { reason } => format!("bad: {reason}"),
    }
}

fn check(name: &str, text: &str, want: &str) {
    assert_eq!(show(&article(name, text)), want.trim(), "{name}: {text}");
}

#[test]
fn markdown_files() {
    check(
        "a.md",
        "---\ntitle: Ports reopen\ndate: 2023-06-18\nauthors: [Ana Ruiz, By Jo Li]\ntags: [trade, shipping]\nplaces: Chile\n\
         lang: es\nlink: https://example.org/a\n---\n\nThe *ports* [reopened](http://x) on\nSunday. ![map](m.png)\n\n\
         - First `item`\n- Second\n\n> A quote.\n\n```\nlet code = 1;\n```\n## Then\nMore.\n",
        "headline: Ports reopen\nbyline: Ana Ruiz, Jo Li\nurl: https://example.org/a\npublished: 2023-06-18\nlanguage: es\n\
         country: Chile\ntopic: trade; shipping\n> The ports reopened on Sunday.\n> First item\n> Second\n> A quote.\n> Then\n> More.",
    );
    check(
        "a.txt",
        "+++\ntitle = \"Ports\"\ndate = 2023-06-18T10:00:00Z\n+++\nText.",
        "headline: Ports\npublished: 2023-06-18\n> Text.",
    );
    check("a.md", "# Head\n\nOne.\n\n# Two\n", "headline: Head\n> One.\n> Two");
    check("a.md", "---\ntitle: [broken\n---\n# Head\nOne.", "headline: Head\n> One.");
    check("a.md", "---\nnot front matter, a rule\n---\nOne.", "> not front matter, a rule\n> One.");
    check("a.md", "---\ntitle: Head\n---\n# Head\nOne.", "headline: Head\n> One.");
    check(
        "a.md",
        "<div>\n<p>Tagged &amp; kept</p>\n</div>\n\nOne <b>two</b>.",
        "> Tagged & kept\n> One two.",
    );
    check("a.md", "| a | b |\n|---|---|\n| c | d |\n", "> a b\n> c d");
}

#[test]
fn text_files() {
    let record = article("a.txt", "Head line\r\n\r\nFirst\tpara\rgraph.\u{2}\n");
    assert_eq!(
        (record.body.as_str(), record.layout, record.headline),
        ("Head line\n\nFirst\tpara\ngraph.\n", Layout::Plain, None)
    );
    for (bytes, want) in
        [(&b"12 + 3\n"[..], "no words in it"), (b"\n\n", "empty file"), (b"a\0b", "binary data")]
    {
        assert_eq!(read_all("a.txt", bytes), (want.to_owned(), vec![]));
    }
    let wide: Vec<u8> = "Ñandú news".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (end, found) = read_all("a.txt", &wide);
    assert!(matches!(&found[..], [Found::Article(record)] if record.body == "Ñandú news"), "{end} {found:?}");
}

#[test]
fn fields_hold_no_control_characters() {
    check(
        "a.json",
        r#"{"title": "A\u0007\u202Eb\nc ", "text": "x\r\ny\u0085z", "author": "\u0000"}"#,
        "headline: Ab c\n> x\n> y\n> z",
    );
}

const STORY: &str = "<REUTERS TOPICS=\"YES\" NEWID=\"1\">\n<DATE> 2-MAR-1987 05:01:01.79&#9;&#9;C</DATE>\n<TOPICS><D>cocoa</D><D>acq</D></TOPICS>\n\
<PLACES><D>el-salvador</D></PLACES>\n<PEOPLE></PEOPLE>\n<ORGS><D>opec</D></ORGS>\n<TEXT>&#2;\n<TITLE>COCOA &lt;CCO> UP\n</TITLE>\n\
<AUTHOR>    BY ANA RUIZ, Reuters</AUTHOR>\n<DATELINE>    SALVADOR, March 2 - </DATELINE><BODY>Showers\nwent on &amp; on.\n    Next.\n\
\x20REUTER\n&#3;</BODY></TEXT>\n</REUTERS>";

#[test]
fn reuters_stories() {
    check(
        "a.sgm",
        STORY,
        "headline: COCOA <CCO> UP\nbyline: ANA RUIZ\ndateline: SALVADOR, March 2\nsource: Reuters\npublished: 1987-03-02\nlanguage: en\n\
         country: el-salvador\norganization: opec\ntopic: cocoa; acq\n> Showers went on & on.\n> Next.\n> REUTER",
    );
    let common = "source: Reuters\nlanguage: en";
    check(
        "a.sgm",
        "<REUTERS><TEXT TYPE=\"BRIEF\">&#2;\n******<TITLE>RATES CUT\n</TITLE>Blah blah blah.\n&#3;\n</TEXT></REUTERS>",
        &format!("headline: RATES CUT\n{common}"),
    );
    check(
        "a.sgm",
        "<REUTERS><TEXT TYPE=\"UNPROC\">&#2;\nFED REPORT - FEB 26\n    Two weeks      avgs\n Net free....644\n Loans.......81\n&#3;\n</TEXT></REUTERS>",
        &format!(
            "headline: FED REPORT - FEB 26\n{common}\n> Two weeks      avgs\n> Net free....644\n> Loans.......81"
        ),
    );
}

#[test]
fn reuters_faults() {
    let check = |text: &str, want: &[&str]| {
        let (end, found) = read_all("a.sgm", text.as_bytes());
        let shown: Vec<&str> = found
            .iter()
            .map(|one| match one {
                Found::Article(_) => "article",
                Found::Bad { reason } | Found::NotAnArticle { reason } => reason,
            })
            .collect();
        assert_eq!(shown, want, "{end}: {text}");
    };
    check(&format!("{STORY}\n{STORY}"), &["article", "article"]);
    check(
        &format!("<REUTERS>cut {STORY}"),
        &["story at byte 0: another <REUTERS> starts before its </REUTERS>", "article"],
    );
    check(
        &format!("{STORY}<REUTERS><TEXT>cut"),
        &["article", &format!("story at byte {}: the file ends before its </REUTERS>", STORY.len())],
    );
    let long = format!("<REUTERS>{}</REUTERS>{STORY}", "x".repeat(17 << 20));
    check(&long, &["story at byte 0: longer than 16 MiB, expected </REUTERS>", "article"]);
    assert_eq!(read_all("a.sgm", b"<!DOCTYPE lewis>\n").0, "no <REUTERS> story in it");
}

#[test]
fn each_may_stop() {
    let mut seen = 0;
    let twice = format!("{STORY}{STORY}");
    let source = Source { name: "a.sgm", stream: &mut twice.as_bytes(), file: None, beside: None };
    let end = read(source, &Settings { mapping: mapping(), ..Settings::default() }, &mut |_| {
        seen += 1;
        ControlFlow::Break(())
    });
    assert_eq!((end.unwrap().name(), seen), ("reuters", 1));
}

fn run_forced(format: usize, bytes: &[u8]) {
    let mapping = mapping();
    let mut source = bytes;
    let emit: &mut Emit<'_> = &mut |_| ControlFlow::Continue(());
    let _end: Result<(), ParseError> = match format {
        0 => text::read(&mut source, emit),
        1 => html::read(&mut source, emit),
        2 => markdown::read(&mut source, &mapping, emit),
        3 => json::read(&mut source, &mapping, emit),
        4 => json::read_lines(&mut source, &mapping, emit),
        _ => reuters::read(&mut source, emit),
    };
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes: Vec<u8>, format in 0..6usize) {
        run_forced(format, &bytes);
        let _found = read_all("a", &bytes);
    }

    #[test]
    fn no_text_makes_a_reader_panic(
        text in "(<p>|</|<div |<!--|<REUTERS>|</REUTERS>|<TEXT>|---\n|\\+\\+\\+\n|title: |\\{\"|\":\"|\\[|# |&#2;|é|\u{202E}|\\PC|\n){0,60}",
        format in 0..6usize,
    ) {
        run_forced(format, text.as_bytes());
        for found in read_all("a", text.as_bytes()).1 {
            let Found::Article(record) = found else { continue };
            prop_assert!(!record.body.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
            prop_assert!(record.headline != Some(String::new()));
        }
    }
}

/// The files below a folder of the shared data; none, said loudly, where that is not there.
fn shared(folder: &str) -> Vec<PathBuf> {
    let root = std::env::var("DATELINE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let root = Path::new(&root).join("data").join(folder);
    let files = walkdir::WalkDir::new(&root)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file());
    let files: Vec<PathBuf> = files.map(walkdir::DirEntry::into_path).collect();
    if files.is_empty() {
        eprintln!("SKIPPED: no files in {}", root.display());
    }
    files
}

#[test]
fn reuters_collection_is_read_whole() {
    for path in shared("reuters21578").iter().filter(|path| path.extension().is_some_and(|end| end == "sgm"))
    {
        let (end, found) = read_all("x.sgm", &std::fs::read(path).unwrap());
        let articles: Vec<&Record> = found
            .iter()
            .filter_map(|one| if let Found::Article(record) = one { Some(record) } else { None })
            .collect();
        assert_eq!(
            (end.as_str(), found.len(), articles.len()),
            ("reuters", 1000, 1000),
            "{}",
            path.display()
        );
        assert!(articles.iter().all(
            |record| record.published.is_some() && (record.headline.is_some() || !record.body.is_empty())
        ));
    }
}

#[test]
fn real_pages_give_an_article_or_a_reason() {
    let pages = shared("extraction/readability");
    let sources: Vec<&PathBuf> = pages.iter().filter(|path| path.ends_with("source.html")).collect();
    let mut articles = 0;
    for path in &sources {
        let (end, found) = read_all("source.html", &std::fs::read(path).unwrap());
        assert!(found.len() == 1 || (found.is_empty() && end != "html"), "{}: {end}", path.display());
        articles += found.len();
    }
    assert!(articles * 100 >= sources.len() * 90, "{articles} of {}", sources.len());
}

#[test]
fn hostile_files_do_no_harm() {
    for path in shared("hostile") {
        let bytes = std::fs::read(&path).unwrap();
        for name in [path.to_string_lossy().as_ref(), "a.html", "a.md", "a.jsonl"] {
            let start = Instant::now();
            let _found = read_all(name, &bytes);
            assert!(
                start.elapsed() < Duration::from_secs(1),
                "{} as {name}: {:?}",
                path.display(),
                start.elapsed()
            );
        }
    }
}

#[test]
fn json_suite_is_told_apart() {
    for path in shared("hostile/jsontestsuite/test_parsing") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (end, found) = read_all(&name, &std::fs::read(&path).unwrap());
        let broken = found.iter().any(|one| matches!(one, Found::Bad { .. }));
        let valid = matches!(end.as_str(), "json" | "no article in this JSON") && !broken;
        match name.get(..2) {
            Some("y_") => assert!(valid, "{name}: {end}"),
            Some("n_") => assert!(!valid, "{name}: {found:?}"),
            _ => {}
        }
    }
}

#[test]
fn bombs_are_read_in_linear_time() {
    let sentence = "Word after word makes a sentence, and another follows. ";
    let cases = [
        ("deep div", "<div>".repeat(100_000) + sentence),
        ("deep span", "<span><div></span>".repeat(100_000) + sentence),
        ("bold", format!("<html>{}", (0..50_000).map(|i| format!("<p><b id={i}>x")).collect::<String>())),
        (
            "attributes",
            format!("<div {}>{sentence}", (0..50_000).map(|i| format!("a{i}=1 ")).collect::<String>()),
        ),
        ("unclosed comments", "<p><!-- ".repeat(100_000)),
        ("unclosed tags", "<p><a href=\"".repeat(100_000)),
        ("entities", "<p>&amp&#x&lt;".repeat(100_000)),
        ("quotes.md", ">".repeat(100_000) + sentence),
        ("brackets.md", "[".repeat(100_000) + sentence),
        ("stars.md", "*a_".repeat(50_000) + sentence),
        ("lists.md", "- ".repeat(20_000) + sentence),
        ("rows.md", format!("|a|\n|-|\n{}", "|b".repeat(100_000))),
        ("deep.json", "[".repeat(1_000_000)),
        ("deep.jsonl", "{\"a\":".repeat(1_000_000)),
        (
            "aliases.md",
            format!(
                "---\na0: &a0 [x,x]\n{}---\n{sentence}",
                (1..30).map(|i| format!("a{i}: &a{i} [*a{0},*a{0},*a{0}]\n", i - 1)).collect::<String>()
            ),
        ),
        ("line.html", format!("<p>{}", sentence.repeat(200_000))),
    ];
    for (name, text) in cases {
        let start = Instant::now();
        let name = if name.contains('.') { name.to_owned() } else { format!("{name}.html") };
        let (end, _) = read_all(&name, text.as_bytes());
        // What is linear takes a second at most, on a loaded machine some; a tree of 100,000 nested elements takes 15.
        assert!(start.elapsed() < Duration::from_secs(10), "{name}: {:?} {end}", start.elapsed());
    }
}

#[test]
fn moments_and_changes() {
    let check =
        |name: &str, text: &str, want: &str| assert_eq!(show_times(&article(name, text)), want, "{text}");
    check(
        "a.xml",
        "<rss><channel><item><title>T</title><pubDate>Sun, 18 Jun 2023 23:59:59 -0500</pubDate></item></channel></rss>",
        "2023-06-18T23:59:59-05:00",
    );
    check(
        "a.xml",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>T</title><published>2023-06-18T10:00:00Z</published>\
         <updated>2023-06-19T10:00:00Z</updated></entry></feed>",
        "2023-06-18T10:00:00Z 2023-06-19",
    );
    check(
        "a.json",
        r#"{"title": "T", "date": "20230618T120000Z", "modified_at": 1687132800}"#,
        "2023-06-18T12:00:00Z 2023-06-19",
    );
    check("a.md", "+++\ntitle = \"T\"\ndate = 2023-06-18T10:00:00Z\n+++\nText.", "2023-06-18T10:00:00Z");
    check("a.json", r#"{"title": "T", "date": "June 18, 2023"}"#, "");
    check(
        "a.html",
        "<meta property='article:published_time' content='2023-06-18T10:00:00+02:00'>\
         <meta property='article:modified_time' content='2023-06-20'><p>The ports of the bay reopened on Sunday morning.",
        "2023-06-18T10:00:00+02:00 2023-06-20",
    );
}
