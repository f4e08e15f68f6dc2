//! What is made of every article of the sample corpus: its date and where that was found, its headline, what went as
//! debris, whom and what it is about. `sample-corpus/README.md` says what each file is there to show.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::ControlFlow;

use dateline::article::{Grade, Kind};
use dateline::ingest::tagged::{FileProblem, Tagged, tag_paths};

use crate::archive::{sample_corpus, taxonomy};

fn about(tagged: &Tagged, kind: Kind) -> String {
    let tags = tagged.tags.tags.iter().filter(|tag| tag.field == kind && tag.grade == Grade::About);
    tags.map(|tag| tag.value.as_str()).collect::<Vec<_>>().join(" · ")
}

fn told(tagged: &Tagged) -> String {
    let article = &tagged.article;
    let date = article.published.map_or_else(|| "undated".to_owned(), |date| date.to_string());
    let from = article.published_from.map(|from| format!(" from {from:?}").to_lowercase());
    let mut told = format!("{date}{}", from.unwrap_or_default());
    for part in [&article.source, &article.byline, &article.dateline, &article.language] {
        write!(told, " | {}", part.as_deref().unwrap_or("-")).unwrap();
    }
    write!(told, "\n  {}\n  {}", article.headline, article.lead().chars().take(70).collect::<String>())
        .unwrap();
    for kind in [Kind::Person, Kind::Country, Kind::Topic, Kind::Keyphrase] {
        write!(told, "\n  {}: {}", kind.name(), about(tagged, kind)).unwrap();
    }
    for removed in &article.removed {
        let line: String = removed.lines().next().unwrap_or_default().chars().take(70).collect();
        write!(told, "\n  - {line}").unwrap();
    }
    told
}

fn problem(problem: &FileProblem) -> String {
    let what = if problem.skipped { "skipped" } else { "failed" };
    format!("{what}: {}", problem.reason)
}

#[test]
fn every_sample_is_read_as_its_page_says() {
    let root = sample_corpus();
    let below = |path: &str| path.rsplit_once("sample-corpus/").map_or(path, |(_, below)| below).to_owned();
    let mut all = BTreeMap::new();
    let mut each = |found: Result<Tagged, FileProblem>| {
        let (name, text) = match &found {
            Ok(tagged) => (format!("{}#{}", below(&tagged.path), tagged.record), told(tagged)),
            Err(found) => (below(&found.path), problem(found)),
        };
        all.insert(name, text);
        ControlFlow::Continue(())
    };
    tag_paths(&[root], taxonomy(), &mut each).unwrap();
    let text: Vec<String> = all.iter().map(|(name, text)| format!("{name}\n  {text}\n")).collect();
    insta::assert_snapshot!("sample", text.join("\n"));
}
