//! Dateline indexes a directory of news articles and searches it by text, person, country, topic, date and source.

pub mod article;
pub mod clean;
pub mod corpus;
mod facets;
pub mod index;
pub mod ingest;
pub mod ledger;
pub mod parse;
pub mod query;
pub mod schema;
pub mod search;
pub mod server;
mod snippet;
pub mod tag;
pub mod taxonomy;
mod timeline;
