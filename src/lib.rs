//! Dateline indexes a directory of news articles and searches it by text, person, country, topic, date and source.

pub mod article;
pub mod tag;
pub mod taxonomy;
