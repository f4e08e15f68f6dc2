//! What a record promises of its fields, whichever reader made it, is held here.

use crate::article::{Layout, Record};
use crate::parse::{Found, charset, fields};

/// What was found, with fields as a record promises them.
pub(super) fn tidy(found: Found) -> Found {
    match found {
        Found::Article(record) => Found::Article(tidy_record(record)),
        other => other,
    }
}

/// Holds for every reader what the fields of a record promise: escapes in JSON and HTML bring control characters in
/// long after the file was decoded.
fn tidy_record(record: Record) -> Record {
    let line = |text: Option<String>| text.and_then(|text| fields::line(&charset::scrub(text)));
    let headline = line(record.headline);
    let body = charset::scrub(record.body);
    let body = match (&headline, record.layout) {
        (Some(headline), Layout::Paragraphs) => without_headline(body, headline),
        _ => body,
    };
    let mut given = record.given;
    given.retain(|_, values| {
        *values = values.drain(..).filter_map(|value| line(Some(value))).collect();
        !values.is_empty()
    });
    Record {
        dated: record.dated.into_iter().filter_map(|text| line(Some(text))).collect(),
        byline: line(record.byline),
        dateline: line(record.dateline),
        published_time: record.published_time.filter(|_| record.published.is_some()),
        inside: line(record.inside),
        source: line(record.source),
        section: line(record.section),
        url: line(record.url),
        headline,
        body,
        given,
        ..record
    }
}

/// Pages print the headline above the text; it is not its first paragraph.
fn without_headline(body: String, headline: &str) -> String {
    match body.split_once('\n') {
        Some((first, rest)) if first.split_whitespace().eq(headline.split_whitespace()) => rest.to_owned(),
        _ => body,
    }
}
