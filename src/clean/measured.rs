//! What cleaning takes out of real news, read from the shared data where it is at hand.

#![expect(clippy::print_stderr, reason = "a test says what it measured and what it skipped")]

use std::fs;
use std::path::PathBuf;

use crate::article::{Article, Layout, Record};
use crate::clean::tests::list;
use crate::clean::{Context, Repeated, clean};
use crate::taxonomy::boilerplate::Boilerplate;

/// A file of the shared data; says so where it is not there.
pub(super) fn shared(path: &str) -> Option<String> {
    let root = std::env::var("DATELINE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let file = PathBuf::from(root).join(path);
    let bytes = fs::read(&file);
    if bytes.is_err() {
        eprintln!("SKIPPED: {} is not there; set DATELINE_SHARED", file.display());
    }
    bytes.ok().map(|bytes| bytes.iter().map(|&byte| char::from(byte)).collect::<String>()).map(utf8)
}

/// Takes text read as Latin-1 for UTF-8 where it is.
fn utf8(text: String) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or(text)
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(open)?;
    rest.split_once(close).map(|(inner, _)| inner)
}

fn wire_stories() -> Option<Vec<(String, String)>> {
    let mut stories = Vec::new();
    for number in 0..11 {
        let file = shared(&format!("data/reuters21578/reut2-{number:03}.sgm"))?;
        for story in file.split("</REUTERS>") {
            let Some(body) = between(story, "<BODY>", "</BODY>") else { continue };
            let plain = |text: &str| {
                text.replace("&#3;", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            };
            stories.push((plain(between(story, "<TITLE>", "</TITLE>").unwrap_or_default()), plain(body)));
        }
    }
    Some(stories)
}

fn cleaned(boilerplate: &Boilerplate, (title, body): &(String, String), layout: Layout) -> Article {
    let record = Record { headline: Some(title.clone()), body: body.clone(), layout, ..Record::default() };
    clean(record, &Context { boilerplate, repeated: &Repeated::default(), group: "", path: "" })
}

/// What this wire ends its stories with, typing errors included; not asked of the patterns under test.
fn is_sign_off(line: &str) -> bool {
    let line = line.to_lowercase();
    line == "more" || line.starts_with("reu") && line.split(' ').count() <= 2 && line != "reuters."
}

#[test]
fn wire_stories_lose_their_trailers_only() {
    let Some(stories) = wire_stories() else { return };
    let boilerplate = list();
    assert!(stories.len() > 10_000);
    for layout in [Layout::Wire, Layout::Plain] {
        let (mut trailers, mut wrong) = (0, Vec::new());
        for story in &stories {
            let article = cleaned(boilerplate, story, layout);
            for gone in article.removed {
                let trailer = gone.lines().all(is_sign_off);
                trailers += usize::from(trailer);
                if !trailer {
                    wrong.push(format!("{}: {gone}", story.0));
                }
            }
        }
        eprintln!("{layout:?}: {trailers} trailers of {} stories", stories.len());
        assert!(wrong.is_empty(), "{layout:?}: {}", wrong.join("\n"));
        assert!(trailers > 9_000);
    }
}

#[test]
fn news_pages_keep_their_text() {
    let root = std::env::var("DATELINE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let Ok(sections) = fs::read_dir(PathBuf::from(root).join("data/bbc/dataset/data_files")) else {
        eprintln!("SKIPPED: data/bbc is not there; set DATELINE_SHARED");
        return;
    };
    let files = sections.flat_map(|section| fs::read_dir(section.unwrap().path()).unwrap());
    let (mut articles, mut titled, mut removed) = (0, 0, Vec::new());
    for file in files {
        let body: String = fs::read(file.unwrap().path()).unwrap().into_iter().map(char::from).collect();
        let title = body.lines().next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let record = Record { body, layout: Layout::Plain, ..Record::default() };
        let article = clean(
            record,
            &Context { boilerplate: list(), repeated: &Repeated::default(), group: "", path: "" },
        );
        articles += 1;
        if article.headline == title {
            titled += 1;
        } else {
            eprintln!("'{title}' became '{}'", article.headline);
        }
        removed.extend(article.removed);
    }
    eprintln!("{titled} of {articles} headlines, removed: {removed:?}");
    assert!(articles > 1_000 && titled == articles, "{titled} of {articles}");
    assert!(removed.iter().all(|line| line.starts_with("Listen to the full interview")), "{removed:?}");
}
