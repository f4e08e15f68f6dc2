//! Dateline indexes a directory of news articles and searches it by text, person, country, topic, date and source.

pub mod article;
mod facets;
pub mod index;
pub mod query;
pub mod schema;
pub mod search;
mod snippet;
mod timeline;
