//! A *rendering* is a search response, a facet or an article written for a reader: a person at a terminal, a program,
//! a spreadsheet.
//!
//! [`Format`] lists the forms; each is a file here that writes to any writer. What a terminal can show comes in as a
//! [`Style`], nothing is looked up. Whatever a text holds, nothing of it acts on the terminal: see [`safe`].

pub mod article;
mod caret;
mod chart;
mod csv;
pub mod json;
mod layout;
pub mod reasons;
pub mod safe;
pub mod trec;
mod style;
mod text;
pub mod topics;

use std::io;
use std::io::Write;
use std::str::FromStr;

pub use caret::caret;
pub use chart::thousands;
pub use style::Paint;
pub use style::Style;

use crate::search::response::FacetCounts;
use crate::search::response::SearchResponse;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// A table for spreadsheets.
    Csv,
    /// The bare names: ids of articles, values of facets.
    Ids,
    /// A TREC run; a query without a name is number 1.
    Trec,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Text, Self::Json, Self::JsonLines, Self::Csv, Self::Ids, Self::Trec];

    /// The name, as `--format` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Ids => "ids",
            Self::Trec => "trec",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|format| format.name() == text);
        let names = Self::ALL.map(Self::name).join(", ");
        found.ok_or_else(|| format!("there is no format '{text}': the formats are {names}"))
    }
}

/// Writes a response. Facets, timeline and explanation are part of text and JSON; the other forms are its hits.
///
/// # Errors
/// Those of the writer.
pub fn response(
    format: Format,
    response: &SearchResponse,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => text::response(response, style, out),
        Format::Json => json::object(response, out),
        Format::JsonLines => response.hits.iter().try_for_each(|hit| json::line(hit, out)),
        Format::Csv => csv::hits(&response.hits, out),
        Format::Ids => response.hits.iter().try_for_each(|hit| writeln!(out, "{}", hit.id)),
        Format::Trec => trec::run("1", "dateline", response, out),
    }
}

/// Writes the counts of one facet.
///
/// # Errors
/// Those of the writer.
pub fn facet(
    format: Format,
    name: &str,
    counts: &FacetCounts,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => text::facet(name, counts, style, out),
        Format::Json => json::object(counts, out),
        Format::JsonLines => counts.values.iter().try_for_each(|value| json::line(value, out)),
        Format::Csv => csv::facet(counts, out),
        // A count is no document of a run.
        Format::Ids | Format::Trec => {
            counts.values.iter().try_for_each(|value| writeln!(out, "{}", safe::text(&value.value)))
        }
    }
}

#[cfg(test)]
mod tests;
