//! Any bytes are text in some charset: decoding ends, and leaves no control character and no mark of direction.
//!
//! `cargo +nightly fuzz run charset`, from the project's folder.

#![no_main]

use std::ops::ControlFlow;

use dateline::parse::{Found, Settings, Source, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for name in ["a.txt", "a.html", "a.xml"] {
        let mut stream = bytes;
        let source = Source { name, stream: &mut stream, file: None, beside: None };
        drop(read(source, &Settings::default(), &mut |found| {
            if let Found::Article(record) = found {
                let wild = |c: char| {
                    c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{FEFF}')
                };
                assert!(!record.body.contains(wild), "{record:?}");
            }
            ControlFlow::Continue(())
        }));
    }
});
