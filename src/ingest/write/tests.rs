//! The books where reading goes wrong in ways that a file on disk cannot be made to show.

use std::path::Path;
use std::time::Instant;

use super::{FileEnd, Writing};
use crate::article::{Article, Tags};
use crate::corpus::SourceFile;
use crate::index::{ArticleIndex, IndexWrite};
use crate::ingest::pipeline::Made;
use crate::ingest::plan::Plan;
use crate::ingest::report::IngestReport;
use crate::ingest::source::Ended;
use crate::ledger::Ledger;
use crate::taxonomy::Taxonomy;

fn file() -> SourceFile {
    SourceFile { path: "a.jsonl".into(), name: "a.jsonl".to_owned(), size: 9, modified: 1 }
}

fn made(record: u32, text: &str) -> Made {
    let article = Article { headline: text.to_owned(), body: format!("{text} body"), ..Article::default() };
    Made { record, id: article.id(), article, tags: Tags::default() }
}

fn whole() -> Ended {
    Ended::Whole { format: "jsonl", hash: "ab".to_owned() }
}

fn cut() -> Ended {
    Ended::Unreadable { reason: "input/output error".to_owned() }
}

/// A run in which a plan was made and one file gave some articles, then ended in some way.
fn run(dir: &Path, plan: &Plan, read: Option<(&[(u32, &str)], Ended)>) -> IngestReport {
    let mut index = IndexWrite::open(dir, Taxonomy::builtin().schema()).unwrap();
    let ledger = Ledger::open(dir, &index.mark().ledger, index.mark().ledger_bytes).unwrap();
    let mut writing = Writing::new(dir, ledger, &|_, _| {}).unwrap();
    writing.apply_plan(&index, plan).unwrap();
    if let Some((texts, ended)) = read {
        let articles = u32::try_from(texts.len()).unwrap();
        writing.ended(&file(), FileEnd { ended, articles, others: Vec::new() });
        let texts = texts.iter().map(|(record, text)| made(*record, text)).collect();
        writing.articles(&index, &file(), texts).unwrap();
    }
    writing.settle(&mut index).unwrap();
    let report = writing.finish(&mut index, Instant::now(), false).unwrap();
    index.finish().unwrap();
    assert_eq!(ArticleIndex::open(dir).unwrap().documents(), report.documents);
    report
}

/// added, updated, unchanged, removed, failed, documents
fn counts(report: &IngestReport) -> [u64; 6] {
    let IngestReport { added, updated, unchanged, removed, failed, documents, .. } = *report;
    [added, updated, unchanged, removed, failed, documents]
}

#[test]
fn a_file_that_breaks_off_keeps_what_it_gave_and_what_it_had() {
    let dir = tempfile::tempdir().unwrap();
    let none = Plan::default();
    let first = run(dir.path(), &none, Some((&[(0, "one"), (1, "two")], whole())));
    assert_eq!(counts(&first), [2, 0, 0, 0, 0, 2]);
    let broken = run(dir.path(), &none, Some((&[(0, "new")], cut())));
    assert_eq!(counts(&broken), [1, 0, 2, 0, 1, 3]);
    let again = run(dir.path(), &none, Some((&[(0, "new"), (1, "one"), (2, "two")], whole())));
    assert_eq!(counts(&again), [0, 0, 3, 0, 0, 3]);
}

#[test]
fn a_file_that_cannot_be_looked_at_keeps_its_articles() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &Plan::default(), Some((&[(0, "one"), (3, "two")], whole())));
    let unreadable = vec![("a.jsonl".to_owned(), "permission denied".to_owned())];
    let hidden = run(dir.path(), &Plan { unreadable, ..Plan::default() }, None);
    assert_eq!(counts(&hidden), [0, 0, 2, 0, 1, 2]);
    let again = run(dir.path(), &Plan::default(), Some((&[(0, "one"), (1, "other")], whole())));
    assert_eq!(counts(&again), [0, 1, 1, 0, 0, 2]);
}

#[test]
fn an_id_is_one_document_whatever_the_ledger_lost() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &Plan::default(), Some((&[(0, "one")], whole())));
    let mut index = IndexWrite::open(dir.path(), Taxonomy::builtin().schema()).unwrap();
    index.commit(crate::index::Mark::default(), &std::collections::BTreeMap::new()).unwrap();
    index.finish().unwrap();
    let again = run(dir.path(), &Plan::default(), Some((&[(0, "one")], whole())));
    assert_eq!(again.documents, 1);
}
