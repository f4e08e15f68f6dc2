//! Dateline indexes a directory of news articles and searches it by text, person, country, topic, date and source.

pub mod article;
pub mod clean;
pub mod taxonomy;
