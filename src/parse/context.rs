//! A *context* is what a reader has at hand beside the bytes. A reader of containers gives each member to [`Context::member`].

use std::fs::File;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::article::Record;
use crate::parse::issues::Beside;
use crate::parse::json::Mapping;
use crate::parse::limits::{Budget, Fault};
use crate::parse::{Emit, Found, ParseError, read_stream};

/// What a reader has at hand beside the bytes.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// The name of what is read, within the file it is packed in.
    pub(super) name: &'a str,
    pub(super) mapping: &'a Mapping,
    pub(super) budget: &'a Budget,
    pub(super) program: Option<&'a Path>,
    /// In how many files it is packed.
    pub(super) depth: u64,
    pub(super) file: Option<&'a File>,
    pub(super) beside: Option<Beside<'a>>,
}

impl Context<'_> {
    /// Whether what is packed in here may be read.
    pub(super) fn depth(&self) -> Result<(), ParseError> {
        self.budget.depth(self.depth + 1).map_err(|Fault(reason)| ParseError::Failed { reason })
    }

    /// What a member is read with.
    pub(super) fn inside<'a>(&'a self, name: &'a str) -> Context<'a> {
        Context { name, depth: self.depth + 1, file: None, beside: None, ..*self }
    }

    /// Reads a file that is packed in another; what is wrong with it is told and passed over.
    pub(super) fn member(
        &self,
        name: &str,
        stream: &mut dyn BufRead,
        emit: &mut Emit<'_>,
    ) -> ControlFlow<()> {
        self.member_with(name, stream, &|record| record, emit)
    }

    /// The same, where more is known of its records than stands in them.
    pub(super) fn member_with(
        &self,
        name: &str,
        stream: &mut dyn BufRead,
        complete: &dyn Fn(Record) -> Record,
        emit: &mut Emit<'_>,
    ) -> ControlFlow<()> {
        let context = self.inside(name);
        let mut flow = ControlFlow::Continue(());
        let mut within = |found| {
            flow = emit(found_in(name, found, complete));
            flow
        };
        // A fault in a parser must cost one member, not all that follow.
        let read = catch_unwind(AssertUnwindSafe(|| read_stream(&context, stream, &mut within)));
        if flow.is_break() {
            return flow;
        }
        let found = match read {
            Ok(Ok(_)) => return flow,
            Ok(Err(ParseError::NotNews { reason })) => Found::NotAnArticle { reason },
            Ok(Err(error)) => Found::Bad { reason: error.to_string() },
            Err(_) => Found::Bad { reason: READER_FAILED.to_owned() },
        };
        emit(found_in(name, found, complete))
    }
}

/// What is told of a file whose reader panicked.
pub(crate) const READER_FAILED: &str = "its reader failed on it";

/// What was found in a member, told of with the member's name.
fn found_in(name: &str, found: Found, complete: &dyn Fn(Record) -> Record) -> Found {
    match found {
        Found::Article(record) => {
            let inside = match &record.inside {
                Some(inside) => format!("{name}/{inside}"),
                None => name.to_owned(),
            };
            Found::Article(Record { inside: Some(inside), ..complete(record) })
        }
        Found::NotAnArticle { reason } => Found::NotAnArticle { reason: format!("{name}: {reason}") },
        Found::Bad { reason } => Found::Bad { reason: format!("{name}: {reason}") },
    }
}
