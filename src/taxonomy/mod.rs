//! The *taxonomy* is what the files of `index-schema/` say: the dictionaries that cleaning and tagging work from.

pub mod boilerplate;
