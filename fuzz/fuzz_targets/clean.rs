//! Any text is a record: cleaning it ends, adds nothing, and cleaning what is left changes no more of its text.
//!
//! `cargo +nightly fuzz run clean`, from the project's folder. The first byte picks how the text is laid out.

#![no_main]

use std::sync::LazyLock;

use dateline::article::{Layout, Record};
use dateline::clean::survey::Repeated;
use dateline::clean::{Context, clean};
use dateline::taxonomy::Taxonomy;
use dateline::taxonomy::boilerplate::Boilerplate;
use libfuzzer_sys::fuzz_target;

static LIST: LazyLock<Boilerplate> = LazyLock::new(|| Taxonomy::builtin().boilerplate().unwrap());

fuzz_target!(|text: &str| {
    let repeated = Repeated::default();
    let context = Context { boilerplate: &LIST, repeated: &repeated, group: "", path: "a.txt" };
    let layout = match text.as_bytes().first() {
        Some(byte) if byte % 3 == 0 => Layout::Paragraphs,
        Some(byte) if byte % 3 == 1 => Layout::Wire,
        _ => Layout::Plain,
    };
    // What stands beside the text is read too.
    let mut lines = text.lines().map(str::to_owned);
    let (byline, dated) = (lines.next(), lines.next().into_iter().collect());
    let record = Record { byline, dated, body: text.to_owned(), layout, ..Record::default() };
    let article = clean(record, &context);
    assert!(article.body.len() <= 2 * text.len() + 2, "{:?}", article.body);
    let again = Record {
        byline: article.byline.clone(),
        headline: Some(article.headline.clone()).filter(|headline| !headline.is_empty()),
        body: article.body.clone(),
        layout,
        ..Record::default()
    };
    drop(clean(again, &context));
});
