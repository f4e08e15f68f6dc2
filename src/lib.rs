//! Dateline indexes a directory of news articles and searches it by text, person, country, topic, date and source.

pub mod article;
pub mod deadline;
mod sentence;
pub mod taxonomy;
pub mod corpus;
pub mod parse;
pub mod clean;
pub mod tag;
pub mod learn;
pub mod schema;
mod columns;
pub mod index;
pub mod ledger;
pub mod ingest;
pub mod query;
mod facets;
mod timeline;
mod snippet;
pub mod search;
pub mod render;
pub mod server;
