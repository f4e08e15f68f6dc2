//! A *table* of hits or facet values for a spreadsheet: CSV with a header, RFC 4180 quoting, no formulas.

use std::io;
use std::io::Write;

use crate::render::safe;
use crate::search::response::FacetCounts;
use crate::search::response::Hit;

/// Columns of a table of hits.
const HITS: [&str; 9] =
    ["id", "published", "source", "headline", "person", "country", "topic", "url", "path"];
/// Between the values of one cell.
const BETWEEN: &str = "; ";

/// Hits, one a row; several values of a facet stand in one cell, separated by `; `.
///
/// # Errors
/// Those of the writer.
pub(crate) fn hits(hits: &[Hit], out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HITS)?;
    for hit in hits {
        let tags = |facet| hit.tags.get(facet).map(|values| values.join(BETWEEN)).unwrap_or_default();
        let published = hit.published.map(|date| date.to_string()).unwrap_or_default();
        let row = [
            hit.id.to_string(),
            published,
            hit.source.clone().unwrap_or_default(),
            hit.headline.clone(),
            tags("person"),
            tags("country"),
            tags("topic"),
            hit.url.clone().unwrap_or_default(),
            hit.path.clone(),
        ];
        table.write_record(row.iter().map(|cell| safe::cell(cell).into_owned()))?;
    }
    table.flush()
}

/// Values of a facet and their counts, one a row, beside those of the archive where they are compared with it.
///
/// # Errors
/// Those of the writer.
pub(crate) fn facet(counts: &FacetCounts, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let compared = counts.values.iter().any(|value| value.of.is_some());
    let columns = if compared { 4 } else { 2 };
    table.write_record(&["value", "count", "of", "expected"][..columns])?;
    for value in &counts.values {
        let of = value.of.map(|of| of.to_string()).unwrap_or_default();
        let expected = value.expected.map(|expected| expected.to_string()).unwrap_or_default();
        let name = safe::cell(&value.value);
        let row = [name.as_ref(), &value.count.to_string(), &of, &expected];
        table.write_record(&row[..columns])?;
    }
    table.flush()
}
