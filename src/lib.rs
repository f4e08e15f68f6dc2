//! Dateline indexes a directory of news articles and searches it by text, person, country, topic, date and source.

pub mod article;
pub mod index;
pub mod ingest;
pub mod ledger;
pub mod query;
pub mod render;
pub mod schema;
pub mod search;
pub mod taxonomy;
