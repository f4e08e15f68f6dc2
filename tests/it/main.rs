//! The integration tests, one module per subject.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod agree;
mod archive;
mod asking;
mod cli;
mod command;
mod commands;
mod deadline;
mod facets;
mod formats_l;
mod formats_m;
mod formats_n;
mod hostile;
mod http;
mod ieer;
mod incremental;
mod items;
mod judgements;
mod layering;
mod mine;
mod naive;
mod recount;
mod sample;
mod seed;
mod tidy;
mod topics;
mod watch;
