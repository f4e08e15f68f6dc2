//! A *run* is what TREC's tools read: one hit a line, with its query, its document, its rank, its score and who found it.

use std::io;
use std::io::Write;

use crate::search::response::Hit;
use crate::search::response::SearchResponse;

/// What an article's address begins with that was given as the number of a TREC document.
const DOCUMENT: &str = "docno:";

/// Writes the hits of one query.
///
/// # Errors
/// Where it cannot be written.
pub fn run(query: &str, name: &str, response: &SearchResponse, out: &mut dyn Write) -> io::Result<()> {
    for (rank, hit) in (1..).zip(&response.hits) {
        let document = document(hit);
        writeln!(out, "{query} Q0 {document} {rank} {:.6} {name}", hit.score)?;
    }
    Ok(())
}

/// The number of a document that came with one, else the article's id.
fn document(hit: &Hit) -> String {
    let number = hit.url.as_deref().and_then(|url| url.strip_prefix(DOCUMENT));
    let number = number.filter(|number| !number.is_empty() && !number.contains(char::is_whitespace));
    number.map_or_else(|| hit.id.to_string(), str::to_owned)
}
