//! A run reads what is new or changed, drops what is gone, and leaves the rest alone.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use dateline::article::ArticleId;
use dateline::index::{ArticleIndex, IndexError};
use dateline::ingest::report::IngestReport;
use dateline::ingest::{IngestError, IngestOptions};
use dateline::ledger;
use dateline::ledger::Outcome;
use dateline::search::request::SearchRequest;

use crate::archive::{Archive, shared, taxonomy};

fn story(place: &str, event: &str) -> String {
    format!(
        "Harbour news from {place}\n\nThe council of {place} met on Tuesday and talked about {event} for two hours.\n\n\
         Nobody from the port spoke, and the {event} was put off until the spring of next year.\n"
    )
}

/// added, updated, unchanged, removed, duplicates, skipped, failed, documents
fn counts(report: &IngestReport) -> [u64; 8] {
    let IngestReport { added, updated, unchanged, removed, duplicates, skipped, failed, documents, .. } =
        *report;
    [added, updated, unchanged, removed, duplicates, skipped, failed, documents]
}

fn three() -> (Archive, PathBuf) {
    let archive = Archive::empty();
    archive.write("news/a.txt", &story("Ayr", "dredging"));
    archive.write("news/b.txt", &story("Brest", "fishing"));
    archive.write("news/sub/c.txt", &story("Cork", "pilotage"));
    let news = archive.dir.path().join("news");
    (archive, news)
}

#[test]
fn a_second_run_changes_nothing() {
    let (archive, news) = three();
    assert_eq!(counts(&archive.index(std::slice::from_ref(&news))), [3, 0, 0, 0, 0, 0, 0, 3]);
    assert_eq!(counts(&archive.index(&[news])), [0, 0, 3, 0, 0, 0, 0, 3]);
    assert_eq!(counts(&archive.index(&[])), [0, 0, 3, 0, 0, 0, 0, 3]);
    assert_eq!(archive.total("dredging"), 1);
}

#[test]
fn a_changed_file_is_replaced_and_a_missing_one_dropped() {
    let (archive, news) = three();
    archive.index(std::slice::from_ref(&news));
    archive.write("news/a.txt", &story("Ayr", "lighthouses"));
    fs::remove_file(news.join("b.txt")).unwrap();
    archive.write("news/d.txt", &story("Dover", "ferries"));
    assert_eq!(counts(&archive.index(&[news])), [1, 1, 1, 1, 0, 0, 0, 3]);
    let found = ["dredging", "lighthouses", "fishing", "pilotage", "ferries"].map(|word| archive.total(word));
    assert_eq!(found, [0, 1, 0, 1, 1]);
}

#[test]
fn a_touched_file_is_read_but_not_replaced() {
    let (archive, news) = three();
    archive.index(std::slice::from_ref(&news));
    let generation = archive.open().mark().generation;
    archive.write("news/a.txt", &story("Ayr", "dredging"));
    let report = archive.index(&[news]);
    assert_eq!(counts(&report), [0, 0, 3, 0, 0, 0, 0, 3]);
    assert_eq!(report.bytes, 0);
    assert!(archive.open().mark().generation > generation);
}

#[cfg(unix)]
#[test]
fn a_file_replaced_by_a_link_gives_up_its_articles() {
    let (archive, news) = three();
    archive.index(std::slice::from_ref(&news));
    fs::remove_file(news.join("a.txt")).unwrap();
    std::os::unix::fs::symlink("b.txt", news.join("a.txt")).unwrap();
    assert_eq!(counts(&archive.index(std::slice::from_ref(&news))), [0, 0, 2, 1, 0, 1, 0, 2]);
    assert_eq!(archive.total("dredging"), 0);
    fs::remove_file(news.join("a.txt")).unwrap();
    archive.write("news/a.txt", &story("Ayr", "dredging"));
    assert_eq!(counts(&archive.index(&[news])), [1, 0, 2, 0, 0, 0, 0, 3]);
    assert_eq!(archive.total("*"), 3);
}

#[test]
fn only_what_lies_below_the_roots_given_can_be_gone() {
    let (archive, news) = three();
    archive.index(std::slice::from_ref(&news));
    fs::remove_file(news.join("a.txt")).unwrap();
    assert_eq!(counts(&archive.index(&[news.join("sub")])), [0, 0, 1, 0, 0, 0, 0, 3]);
    let keep = IngestOptions { index: archive.path(), keep_missing: true, ..IngestOptions::default() };
    assert_eq!(archive.run(&keep, &AtomicBool::new(false)).removed, 0);
    assert_eq!(archive.index(&[news]).removed, 1);
}

#[test]
fn a_root_that_is_gone_is_an_error_not_an_empty_archive() {
    let (archive, news) = three();
    archive.index(std::slice::from_ref(&news));
    fs::rename(&news, archive.dir.path().join("away")).unwrap();
    let options = IngestOptions { index: archive.path(), ..IngestOptions::default() };
    let run = dateline::ingest::index(
        &options,
        taxonomy(),
        &Default::default(),
        &AtomicBool::new(false),
        &|_, _| {},
    );
    assert!(matches!(run, Err(IngestError::Corpus(_))), "{run:?}");
    assert_eq!(archive.total("*"), 3);
}

#[test]
fn a_root_that_is_gone_is_dropped_when_it_is_named() {
    let (archive, news) = three();
    archive.write("old/d.txt", &story("Dover", "ferries"));
    let old = archive.dir.path().join("old");
    archive.index(&[news.clone(), old.clone()]);
    fs::remove_dir_all(&old).unwrap();
    archive.write("news/e.txt", &story("Emden", "tugboats"));
    assert_eq!(counts(&archive.index(&[])), [1, 0, 3, 0, 0, 0, 1, 5]);
    let told = archive.problems.lock().unwrap().join("\n");
    assert!(told.starts_with("old: ") && told.contains("keeps its articles: dateline index "), "{told}");
    assert_eq!(archive.open().mark().roots, ["news", "old"]);
    assert_eq!(counts(&archive.index(std::slice::from_ref(&old))), [0, 0, 0, 1, 0, 0, 0, 4]);
    assert_eq!(archive.open().mark().roots, ["news"]);
    assert_eq!(counts(&archive.index(&[])), [0, 0, 4, 0, 0, 0, 0, 4]);
    fs::remove_file(news.join("e.txt")).unwrap();
    assert_eq!(archive.index(&[news.join("e.txt")]).removed, 1);
}

#[test]
fn a_root_that_is_back_is_whole() {
    let (archive, news) = three();
    archive.write("old/d.txt", &story("Dover", "ferries"));
    let (old, away) = (archive.dir.path().join("old"), archive.dir.path().join("away"));
    archive.index(&[news, old.clone()]);
    fs::rename(&old, &away).unwrap();
    assert_eq!(archive.index(&[]).failed, 1);
    fs::rename(&away, &old).unwrap();
    assert_eq!(counts(&archive.index(&[])), [0, 0, 4, 0, 0, 0, 0, 4]);
}

#[test]
fn a_file_that_no_pattern_asks_for_is_not_gone() {
    let (archive, news) = three();
    archive.write("news/m.md", &story("Malmo", "bridges"));
    archive.index(std::slice::from_ref(&news));
    let of = |glob: &str| IngestOptions {
        roots: vec![news.clone()],
        index: archive.path(),
        globs: vec![glob.to_owned()],
        ..IngestOptions::default()
    };
    fs::remove_file(news.join("b.txt")).unwrap();
    assert_eq!(counts(&archive.run(&of("*.md"), &AtomicBool::new(false))), [0, 0, 1, 1, 0, 0, 0, 3]);
    assert_eq!(archive.run(&of("!sub/**"), &AtomicBool::new(false)).removed, 1);
    assert_eq!(archive.total("*"), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn two_names_that_are_no_text_are_two_files() {
    use std::os::unix::ffi::OsStrExt;
    let (archive, news) = three();
    for (name, place) in [(&b"a\xff.txt"[..], "Turku"), (b"a\xfe.txt", "Umea")] {
        fs::write(news.join(std::ffi::OsStr::from_bytes(name)), story(place, "ice")).unwrap();
    }
    assert_eq!(archive.index(std::slice::from_ref(&news)).documents, 5);
    assert_eq!(counts(&archive.index(&[news])), [0, 0, 5, 0, 0, 0, 0, 5]);
    assert_eq!(places(&archive, "turku"), ["news/a\\xff.txt"]);
}

#[test]
fn an_index_in_the_archive_is_not_indexed() {
    let (archive, news) = three();
    let options = IngestOptions {
        roots: vec![archive.dir.path().to_owned()],
        index: archive.dir.path().join("idx"),
        ..IngestOptions::default()
    };
    let stop = AtomicBool::new(false);
    assert_eq!(counts(&archive.run(&options, &stop)), [3, 0, 0, 0, 0, 0, 0, 3]);
    assert_eq!(counts(&archive.run(&options, &stop)), [0, 0, 3, 0, 0, 0, 0, 3]);
    drop(news);
}

#[test]
fn a_dry_run_needs_no_lock() {
    let (archive, news) = three();
    archive.index(std::slice::from_ref(&news));
    archive.write("news/d.txt", &story("Dover", "ferries"));
    let writer = dateline::index::IndexWrite::open(&archive.path(), taxonomy().schema()).unwrap();
    let dry = IngestOptions { index: archive.path(), dry_run: true, ..IngestOptions::default() };
    assert!(archive.run(&dry, &AtomicBool::new(false)).added >= 1);
    drop(writer);
    assert_eq!(archive.total("ferries"), 0);
}

/// The ids found by a query, and the places of the first.
fn places(archive: &Archive, query: &str) -> Vec<String> {
    let request = SearchRequest { query: query.to_owned(), ..SearchRequest::default() };
    let response = archive.search(&request).unwrap();
    assert_eq!(response.total, 1, "{query}");
    let hit = &response.hits[0];
    let article = dateline::search::article(&archive.open(), hit.id).unwrap().unwrap();
    assert_eq!(article.locations.len(), hit.locations as usize);
    assert_eq!(article.locations[0].path, hit.path);
    article.locations.into_iter().map(|location| location.path).collect()
}

#[test]
fn the_same_article_in_two_files_is_one_document_in_two_places() {
    let (archive, news) = three();
    archive.write("news/z.txt", &story("Ayr", "dredging"));
    assert_eq!(counts(&archive.index(std::slice::from_ref(&news))), [3, 0, 0, 0, 1, 0, 0, 3]);
    assert_eq!(places(&archive, "dredging"), ["news/a.txt", "news/z.txt"]);
    archive.write("news/0.txt", &story("Ayr", "dredging"));
    assert_eq!(counts(&archive.index(std::slice::from_ref(&news))), [0, 0, 4, 0, 1, 0, 0, 3]);
    assert_eq!(places(&archive, "dredging"), ["news/0.txt", "news/a.txt", "news/z.txt"]);
    fs::remove_file(news.join("0.txt")).unwrap();
    fs::remove_file(news.join("z.txt")).unwrap();
    archive.index(std::slice::from_ref(&news));
    assert_eq!(places(&archive, "dredging"), ["news/a.txt"]);
    fs::remove_file(news.join("a.txt")).unwrap();
    archive.index(&[news]);
    assert_eq!(archive.total("dredging"), 0);
}

/// A record with an author, whose text is told by a number.
fn by(author: &str, n: u32) -> String {
    format!(
        "{{\"headline\": \"Story {n}\", \"author\": \"{author}\", \"body\": \"The harbour of town {n} is full.\"}}\n"
    )
}

/// Who wrote the story of a number, as the index has it.
fn author(archive: &Archive, n: u32) -> String {
    let request = SearchRequest { query: format!("\"story {n}\""), ..SearchRequest::default() };
    let response = archive.search(&request).unwrap();
    assert_eq!(response.total, 1, "story {n}");
    let found = dateline::search::article(&archive.open(), response.hits[0].id).unwrap().unwrap();
    assert_eq!(found.locations[0].path, response.hits[0].path);
    found.article.byline.unwrap()
}

#[test]
fn an_article_whose_author_changes_is_replaced() {
    let archive = Archive::empty();
    let news = archive.dir.path().join("news");
    archive.write("news/all.jsonl", &(by("Ann", 1) + &by("Ben", 2)));
    archive.index(std::slice::from_ref(&news));
    archive.write("news/all.jsonl", &(by("Ann", 1) + &by("Cleo", 2)));
    assert_eq!(counts(&archive.index(std::slice::from_ref(&news))), [0, 1, 1, 0, 0, 0, 0, 2]);
    assert_eq!([1, 2].map(|n| author(&archive, n)), ["Ann", "Cleo"]);
    archive.write("news/all.jsonl", &(by("Dora", 3) + &by("Eve", 1) + &by("Cleo", 2)));
    assert_eq!(counts(&archive.index(&[news])), [1, 0, 2, 0, 0, 0, 0, 3]);
    assert_eq!([1, 2, 3].map(|n| author(&archive, n)), ["Eve", "Cleo", "Dora"]);
}

#[test]
fn an_article_is_told_of_as_its_first_place_has_it() {
    let archive = Archive::empty();
    let news = archive.dir.path().join("news");
    archive.write("news/a.jsonl", &by("Ann", 1));
    archive.write("news/b.jsonl", &(by("Ben", 1) + &by("Ben", 2)));
    archive.write("news/c/c.jsonl", &(by("Cleo", 1) + &by("Cleo", 2)));
    archive.index(std::slice::from_ref(&news));
    assert_eq!([1, 2].map(|n| author(&archive, n)), ["Ann", "Ben"]);
    fs::remove_file(news.join("a.jsonl")).unwrap();
    assert_eq!(counts(&archive.index(std::slice::from_ref(&news))), [0, 0, 4, 0, 0, 0, 0, 2]);
    assert_eq!([1, 2].map(|n| author(&archive, n)), ["Ben", "Ben"]);
    archive.write("news/b.jsonl", &by("Ben", 3));
    archive.index(&[news.join("b.jsonl")]);
    archive.index(&[news]);
    assert_eq!([1, 2, 3].map(|n| author(&archive, n)), ["Cleo", "Cleo", "Ben"]);
}

#[test]
fn records_that_move_within_a_file_stay() {
    let archive = Archive::empty();
    let line =
        |n: u32| format!("{{\"headline\": \"Story {n}\", \"body\": \"The harbour of town {n} is full.\"}}\n");
    let news = archive.dir.path().join("news");
    archive.write("news/all.jsonl", &(line(1) + &line(2) + &line(3)));
    assert_eq!(counts(&archive.index(std::slice::from_ref(&news))), [3, 0, 0, 0, 0, 0, 0, 3]);
    archive.write("news/all.jsonl", &(line(0) + &line(1) + "{broken\n" + &line(3)));
    assert_eq!(counts(&archive.index(std::slice::from_ref(&news))), [0, 1, 2, 0, 0, 0, 1, 3]);
    let found = [0, 1, 2, 3].map(|n| archive.total(&format!("\"story {n}\"")));
    assert_eq!(found, [1, 1, 0, 1]);
    assert!(archive.problems.lock().unwrap()[0].contains("news/all.jsonl: line 3"));
    assert_eq!(counts(&archive.index(&[news])), [0, 0, 3, 0, 0, 0, 1, 3]);
}

#[test]
fn what_cannot_be_read_is_in_the_ledger_with_its_reason() {
    let (archive, news) = three();
    archive.write("news/empty.txt", "");
    archive.write("news/cut.json", "{\"headline\": \"x");
    archive.write("news/README.md", "About this folder.");
    let report = archive.index(std::slice::from_ref(&news));
    assert_eq!(counts(&report), [3, 0, 0, 0, 0, 2, 1, 3]);
    let mark = archive.open().mark();
    let entries = ledger::read(&archive.path(), &mark.ledger, mark.ledger_bytes).unwrap();
    let outcome = |name: &str| entries[name].outcome.clone();
    assert!(matches!(outcome("news/empty.txt"), Outcome::Skipped { reason } if reason.contains("empty")));
    assert!(matches!(outcome("news/cut.json"), Outcome::Failed { reason } if reason.contains("line 1")));
    assert!(
        matches!(outcome("news/README.md"), Outcome::Skipped { reason } if reason.contains("about the folder"))
    );
    assert_eq!(entries["news/a.txt"].articles().count(), 1);
    assert_eq!(counts(&archive.index(&[news])), [0, 0, 3, 0, 0, 2, 1, 3]);
}

#[test]
fn a_run_that_is_stopped_goes_on_where_it_was() {
    let (archive, news) = three();
    let options =
        IngestOptions { roots: vec![news.clone()], index: archive.path(), ..IngestOptions::default() };
    let report = archive.run(&options, &AtomicBool::new(true));
    assert!(report.interrupted);
    assert_eq!(archive.total("*"), report.documents);
    archive.index(std::slice::from_ref(&news));
    assert_eq!(archive.total("*"), 3);
    assert_eq!(counts(&archive.index(&[news])), [0, 0, 3, 0, 0, 0, 0, 3]);
}

#[test]
fn what_pages_repeat_is_found_in_folders_of_one_page_whatever_the_threads() {
    let archive = Archive::empty();
    for n in 0..40 {
        let page = story(&format!("Port{n}"), "dredging") + "\nBecome a friend of the harbour tonight\n";
        archive.write(&format!("news/story-{n}/page.txt"), &page);
    }
    let ids = |jobs: usize| {
        let index = archive.dir.path().join(format!("index-{jobs}"));
        let roots = vec![archive.dir.path().join("news")];
        let options = IngestOptions { roots, index: index.clone(), jobs, ..IngestOptions::default() };
        archive.run(&options, &AtomicBool::new(false));
        let request =
            |query: &str| SearchRequest { query: query.to_owned(), limit: 50, ..Default::default() };
        let found = |query: &str| {
            let open = ArticleIndex::open(&index).unwrap();
            dateline::search::search(&open, taxonomy(), &request(query)).unwrap()
        };
        assert_eq!(found("friend").total, 0);
        let mut ids: Vec<ArticleId> = found("dredging").hits.iter().map(|hit| hit.id).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(1).len(), 40);
    assert_eq!(ids(1), ids(7));
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let (archive, news) = three();
    archive.index(std::slice::from_ref(&news));
    let schema = taxonomy().schema();
    let first = dateline::index::IndexWrite::open(&archive.path(), schema).unwrap();
    let second = dateline::index::IndexWrite::open(&archive.path(), schema);
    assert!(matches!(second, Err(IndexError::Busy(_))));
    drop(first);
}

#[test]
fn an_index_of_another_format_is_refused_by_name() {
    let (archive, news) = three();
    archive.index(&[news]);
    fs::write(archive.path().join("format.json"), "{\"format\": 99, \"dateline\": \"9.0\"}").unwrap();
    let error = ArticleIndex::open(&archive.path()).err().unwrap();
    assert!(error.is_users());
    assert!(error.to_string().contains("format 99"), "{error}");
    let missing = ArticleIndex::open(&archive.dir.path().join("none")).err().unwrap();
    assert!(missing.to_string().contains("dateline index DIR"), "{missing}");
}

#[test]
fn an_open_index_sees_the_next_commit_when_it_looks() {
    let (archive, news) = three();
    archive.index(std::slice::from_ref(&news));
    let open = archive.open();
    archive.write("news/d.txt", &story("Dover", "ferries"));
    archive.index(&[news]);
    let total = || {
        let request = SearchRequest { query: "ferries".to_owned(), ..SearchRequest::default() };
        dateline::search::search(&open, taxonomy(), &request).unwrap().total
    };
    assert_eq!(total(), 0);
    assert!(open.reload().unwrap());
    assert_eq!(total(), 1);
    assert!(!open.reload().unwrap());
}

#[test]
fn an_id_is_the_text() {
    let (archive, news) = three();
    archive.index(std::slice::from_ref(&news));
    let (other, _) = Archive::of(&[news]);
    let ids = |archive: &Archive| -> Vec<ArticleId> {
        archive.search(&SearchRequest::default()).unwrap().hits.iter().map(|hit| hit.id).collect()
    };
    assert_eq!(ids(&archive).len(), 3);
    assert_eq!(ids(&archive), ids(&other));
}

#[test]
fn eleven_thousand_wires_are_read_once() {
    let Some(reuters) = shared("data/reuters21578") else { return };
    let (archive, first) = Archive::of(std::slice::from_ref(&reuters));
    assert_eq!((first.documents + first.duplicates, first.failed), (11_000, 0), "{first:?}");
    let second = archive.index(std::slice::from_ref(&reuters));
    assert_eq!(counts(&second), [0, 0, 11_000, 0, 0, first.skipped, 0, first.documents]);
    assert_eq!(second.bytes, 0);
    let one = archive.dir.path().join("reut2-003.sgm");
    fs::copy(reuters.join("reut2-003.sgm"), &one).unwrap();
    archive.index(std::slice::from_ref(&one));
    let third = archive.index(&[]);
    assert_eq!((third.added, third.removed, third.documents), (0, 0, first.documents));
    let text = fs::read(&one).unwrap();
    let at = text.windows(7).position(|window| window == b"<TITLE>").unwrap();
    let changed = [&text[..at + 7], b"EXTRA ", &text[at + 7..]].concat();
    fs::write(&one, changed).unwrap();
    let fourth = archive.index(&[one]);
    assert_eq!((fourth.added + fourth.updated, fourth.removed, fourth.failed), (1, 0, 0), "{fourth:?}");
    assert_eq!(fourth.unchanged, 999);
}

#[test]
fn a_file_of_bad_lines_does_not_fill_the_ledger() {
    let archive = Archive::empty();
    let good = "{\"headline\": \"Port full\", \"body\": \"The harbour of the town is full of ships.\"}\n";
    archive.write(
        "news/bad.jsonl",
        &(format!("{good}{}{good}", "x\n".repeat(20_000)).replacen("full", "shut", 1)),
    );
    let news = archive.dir.path().join("news");
    assert_eq!(counts(&archive.index(std::slice::from_ref(&news))), [2, 0, 0, 0, 0, 0, 1_001, 2]);
    assert!(archive.problems.lock().unwrap()[1_000].ends_with("and 19000 more records"));
    assert!(archive.open().mark().ledger_bytes < 200_000);
    assert_eq!(counts(&archive.index(&[news])), [0, 0, 2, 0, 0, 0, 1_001, 2]);
}

#[test]
fn what_is_refused_by_its_beginning_is_not_read_to_its_end() {
    let (archive, news) = three();
    let image = fs::File::create(news.join("disk.img")).unwrap();
    image.set_len(200 << 30).unwrap();
    // Older than what may have changed again within the clock's grain.
    image.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    let started = std::time::Instant::now();
    assert_eq!(counts(&archive.index(std::slice::from_ref(&news))), [3, 0, 0, 0, 0, 1, 0, 3]);
    assert_eq!(counts(&archive.index(&[news])), [0, 0, 3, 0, 0, 1, 0, 3]);
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

#[test]
fn a_text_longer_than_any_article_is_refused_with_what_to_do() {
    let (archive, news) = three();
    let sentence = "The harbour of the town is full of ships, and nobody knows why they came.\n";
    archive.write("news/a.txt", &sentence.repeat((17 << 20) / sentence.len()));
    assert_eq!(counts(&archive.index(std::slice::from_ref(&news))), [2, 0, 0, 0, 0, 0, 1, 2]);
    assert!(archive.problems.lock().unwrap()[0].contains("larger than 16 MiB, the limit"));
    assert!(archive.problems.lock().unwrap()[0].contains(": split it"));
    archive.write("news/b.txt", &sentence.repeat((17 << 20) / sentence.len()));
    assert_eq!(counts(&archive.index(&[news])), [0, 0, 1, 1, 0, 0, 2, 1]);
}

#[test]
fn a_file_is_tagged_as_it_is_indexed() {
    let archive = Archive::empty();
    for n in 0..30 {
        let page = story(&format!("Port{n}"), "dredging") + "\nBecome a friend of the harbour tonight\n";
        archive.write(&format!("news/{n}.txt"), &page);
    }
    let news = archive.dir.path().join("news");
    archive.index(std::slice::from_ref(&news));
    let request = SearchRequest { query: "port7".to_owned(), ..SearchRequest::default() };
    let hit = archive.search(&request).unwrap().hits[0].id;
    let tagged = crate::archive::tagged(&[news.join("7.txt")]);
    assert_eq!(tagged.keys().copied().collect::<Vec<_>>(), [hit]);
}
