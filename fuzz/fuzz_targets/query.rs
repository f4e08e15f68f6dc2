//! Any text is a query or an error inside it; a query prints as itself, and can be evaluated.
//!
//! `cargo +nightly fuzz run query`, from the project's folder.

#![no_main]

use dateline::article::Article;
use dateline::query::matcher::Matcher;
use dateline::query::matcher::reader::Reader;
use dateline::query::parse::parse;
use dateline::query::plain::any_of;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    drop(any_of(text));
    match parse(text) {
        Ok(query) => {
            let printed = query.to_string();
            assert_eq!(parse(&printed).as_ref(), Ok(&query), "{text:?} printed as {printed:?}");
            let Ok(matcher) = Matcher::new([&query]) else { return };
            let body = "Oil fell. Talks on military contacts failed again.\nThe cartel's traffickers, 习近平.";
            let article = Article { headline: text.to_owned(), body: body.to_owned(), ..Article::default() };
            let mut reader = Reader::default();
            matcher.matches(&mut reader, &article);
            for (place, range) in matcher.highlights(&mut reader, &article).ranges {
                let text = match place {
                    dateline::article::Place::Headline => &article.headline,
                    dateline::article::Place::Body => &article.body,
                };
                assert!(text.get(range).is_some());
            }
        }
        Err(error) => assert!(error.position <= text.chars().count()),
    }
});
