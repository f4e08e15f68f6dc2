//! How good and how fast the tagger is: the table of `docs/tagging.md`.
//!
//! `cargo bench --bench tagging` prints the table, with `-- --speed` only how fast; with `-- --write` it takes the place of
//! the one in the document. Speed
//! is a share of the engine's English tokenising of the same text on the same core in the same run. What needs the news
//! of the folder that `DATELINE_SHARED` names is left out, and said to be, where the folder is not there.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a benchmark ends where something fails, and prints"
)]

mod dictionaries;
#[path = "../../tests/it/ieer.rs"]
mod ieer;
#[path = "../../tests/it/items.rs"]
mod items;
mod learned;
mod scorer;
mod speed;

use std::path::PathBuf;

use crate::items::Counts;
use crate::scorer::percent;

/// Where the table stands in the document.
const START: &str = "<!-- measured -->\n";
const END: &str = "<!-- /measured -->\n";

fn main() {
    let shared = std::env::var_os("DATELINE_SHARED").map_or_else(|| "../shared".into(), PathBuf::from);
    let wires = shared.join("data/reuters21578");
    // A few of the rows alone: all of them take several minutes.
    let only = |flag: &str| wires.exists() && std::env::args().any(|argument| argument == flag);
    if only("--speed") {
        println!("{}", speed::rows(&wires));
        return;
    }
    if only("--learned") {
        println!("{}", learned::rows(&wires));
        return;
    }
    let tagger = items::tagger();
    let mut table = String::from("| measure | figure |\n|---|---|\n");
    let mut errors = String::new();
    for kind in ["reuters", "news1996", "bbc"] {
        match scorer::score(&shared, kind) {
            Some(score) => {
                table += &scorer::rows(kind, &score);
                errors += &scorer::errors(kind, &score);
            }
            None => {
                eprintln!("SKIPPED: {kind} needs {} and python3", shared.join("eval/tagging.py").display());
            }
        }
    }
    let folder = shared.join("data/ner/ieer");
    if folder.exists() {
        let measured = ieer::measure(&tagger, &folder);
        table += &row(&format!("distinct persons, AP 1998 ({} stories)", measured.articles), measured.counts);
        errors += &scorer::listed("persons missed, AP 1998", measured.missed);
        errors += &scorer::listed("persons wrong, AP 1998", measured.wrong);
    } else {
        eprintln!("SKIPPED: {} is not there", folder.display());
    }
    table +=
        &row("countries named, English items of `tests/cases/countries-news.tsv`", items::english(&tagger));
    for (language, (countries, persons)) in items::languages(&tagger) {
        table +=
            &row(&format!("countries named, `{language}` items of `tests/cases/languages.tsv`"), countries);
        table += &row(&format!("persons, the same `{language}` items"), persons);
    }
    table += &dictionaries::rows();
    if wires.exists() {
        table += &learned::rows(&wires);
        table += &speed::rows(&wires);
    } else {
        eprintln!("SKIPPED: {} is not there", wires.display());
    }
    let measured = format!("{table}\nCommonest errors, most frequent first:\n\n{errors}");
    if std::env::args().any(|argument| argument == "--write") {
        write(&measured);
    }
    println!("{measured}");
}

fn row(measure: &str, counts: Counts) -> String {
    let (precision, recall, f1) = (counts.precision(), counts.recall(), counts.f1());
    format!("| {measure} | P {}, R {}, F1 {} |\n", percent(precision), percent(recall), percent(f1))
}

/// Puts what was measured into the document.
fn write(measured: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tagging.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once(START).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    std::fs::write(path, format!("{before}{START}{measured}{END}{after}")).unwrap();
}
