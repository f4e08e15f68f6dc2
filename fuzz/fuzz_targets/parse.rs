//! Any bytes are a file: reading it ends, without a panic, and what it gives keeps the promises of a record.
//!
//! `cargo +nightly fuzz run parse`, from the project's folder. The first byte picks the file's name.

#![no_main]

use std::ops::ControlFlow;

use dateline::parse::limits::Limits;
use dateline::parse::{Found, Settings, Source, read};
use libfuzzer_sys::fuzz_target;

const NAMES: &[&str] = &[
    "a", "a.txt", "a.html", "a.md", "a.json", "a.jsonl", "a.xml", "a.csv", "a.eml", "a.mbox", "a.sgm", "a.warc",
];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    let limits = Limits { seconds: 5, unpacked: 64 << 20, ..Limits::default() };
    let settings = Settings { limits, ..Settings::default() };
    let mut stream = bytes;
    let source = Source { name, stream: &mut stream, file: None, beside: None };
    drop(read(source, &settings, &mut |found| {
        if let Found::Article(record) = found {
            let wild = |c: char| c.is_control() && c != '\n' && c != '\t';
            assert!(!record.body.contains(wild), "{record:?}");
            assert!(record.headline.is_none_or(|text| !text.contains(wild) && !text.is_empty()));
            assert!(record.published.is_some() || record.published_time.is_none());
        }
        ControlFlow::Continue(())
    }));
});
