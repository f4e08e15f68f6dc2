//! A *failure* is an error on its way to the user: whose fault it is, where in the query, what to do instead.

use std::error::Error;
use std::io;
use std::io::Write;
use std::process::ExitCode;

use dateline::index::IndexError;
use dateline::ingest::IngestError;
use dateline::ledger::LedgerError;
use dateline::render;
use dateline::render::Paint;
use dateline::render::Style;
use dateline::render::safe;
use dateline::search::error::SearchError;
use dateline::taxonomy::TaxonomyError;
use serde_json::json;

/// Exit code of an error that is not the user's.
const INTERNAL: u8 = 1;
/// Exit code of an error that another command line would not have.
const USER: u8 = 2;

/// An error on its way to the user.
#[derive(Debug)]
pub(crate) struct Failure {
    error: anyhow::Error,
    code: u8,
    /// A fixed name for programs.
    name: &'static str,
    hint: Option<String>,
    /// A query, and the character of it that is wrong.
    place: Option<(String, usize)>,
}

impl Failure {
    /// What the user can mend by typing something else.
    pub(crate) fn user(message: impl Into<String>, hint: impl Into<String>) -> Self {
        let error = anyhow::Error::msg(message.into());
        Self { hint: Some(hint.into()), ..Self::of(error, true) }
    }

    /// A search that failed, with the query to show.
    pub(crate) fn of_search(error: SearchError, query: &str) -> Self {
        let place = error.position().map(|position| (query.to_owned(), position));
        let (name, hint, user) = (error.code(), error.hint(), error.is_users());
        Self { name, hint, place, ..Self::new(error, user) }
    }

    /// What was being done when it failed.
    pub(crate) fn context(self, doing: &'static str) -> Self {
        Self { error: self.error.context(doing), ..self }
    }

    /// The same failure where 1 says something else, as in `search`.
    pub(crate) fn never_one(self) -> Self {
        Self { code: USER, ..self }
    }

    /// Tells the user on stderr, and gives the exit code. That nobody reads the output any more is a success.
    pub(crate) fn report(&self, style: Style) -> ExitCode {
        if self.is_broken_pipe() {
            return ExitCode::SUCCESS;
        }
        // Where stderr is closed too there is nobody left to tell.
        drop(self.write(style, &mut io::stderr().lock()));
        ExitCode::from(self.code)
    }

    /// Writes it as programs read it, the same object that the server answers with.
    pub(crate) fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let position = self.place.as_ref().map(|(_, position)| position);
        let message = self.error.to_string();
        let error = json!({"code": self.name, "message": message, "hint": self.hint, "position": position});
        render::json::line(&json!({ "error": error }), out)
    }

    fn new(error: impl Error + Send + Sync + 'static, user: bool) -> Self {
        Self::of(anyhow::Error::new(error), user)
    }

    fn of(error: anyhow::Error, user: bool) -> Self {
        let (code, name) = if user { (USER, "bad_request") } else { (INTERNAL, "internal") };
        Self { error, code, name, hint: None, place: None }
    }

    fn is_broken_pipe(&self) -> bool {
        let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        self.error.chain().any(|cause| cause.downcast_ref().is_some_and(broken))
    }

    fn write(&self, style: Style, out: &mut dyn Write) -> io::Result<()> {
        style.write(out, Paint::Error, "error:")?;
        let mut said = self.error.to_string();
        writeln!(out, " {}", safe::text(&said))?;
        if let Some((query, position)) = &self.place {
            for line in render::caret(query, *position, style.prose() - 2) {
                writeln!(out, "  {line}")?;
            }
        }
        for cause in self.error.chain().skip(1).map(ToString::to_string) {
            // Many messages already end with their cause.
            if !said.contains(&cause) {
                writeln!(out, "  caused by: {}", safe::text(&cause))?;
                said = cause;
            }
        }
        if let Some(hint) = &self.hint {
            style.write(out, Paint::Hint, "hint:")?;
            writeln!(out, " {}", safe::text(hint))?;
        }
        Ok(())
    }
}

/// Output that cannot be written.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(error, false).context("the output cannot be written")
    }
}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Self {
        let user = error.is_users();
        Self::new(error, user)
    }
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        let user = error.is_users();
        Self::new(error, user)
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::new(error, false).context("the ledger of the index cannot be read")
    }
}

/// The dictionaries: those built in are right, so that the user's are at fault.
impl From<TaxonomyError> for Failure {
    fn from(error: TaxonomyError) -> Self {
        Self::new(error, true)
    }
}

#[cfg(test)]
mod tests {
    use dateline::query::QueryError;

    use super::*;

    const PLAIN: Style = Style { colour: false, width: 80 };

    fn check(failure: &Failure, code: u8, expected: &str) {
        let mut out = Vec::new();
        failure.write(PLAIN, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        assert_eq!(failure.code, code);
    }

    #[test]
    fn a_query_is_shown_with_a_caret() {
        let error = QueryError {
            message: "this parenthesis is never closed".to_owned(),
            hint: Some("add ) at the end".to_owned()),
            position: 9,
        };
        let failure = Failure::of_search(SearchError::Query(error), "北京 AND\t(talks");
        let mut json = Vec::new();
        failure.write_json(&mut json).unwrap();
        assert_eq!(
            String::from_utf8(json).unwrap(),
            "{\"error\":{\"code\":\"query_syntax\",\"message\":\"this parenthesis is never closed\",\
             \"hint\":\"add ) at the end\",\"position\":9}}\n"
        );
        check(
            &failure,
            2,
            "error: this parenthesis is never closed\n  北京 AND (talks\n             ^\nhint: add ) at the end\n",
        );
    }

    #[test]
    fn causes_follow_unless_already_said() {
        let full = io::Error::other("no space left");
        check(&full.into(), 1, "error: the output cannot be written\n  caused by: no space left\n");
        let twice = anyhow::Error::new(io::Error::other("no space left")).context("disk: no space left");
        let failure = Failure::of(twice, false);
        check(&failure, 1, "error: disk: no space left\n");
    }

    #[test]
    fn nothing_of_a_message_acts_on_the_terminal() {
        check(&Failure::user("bad \x1b[2J", "go\u{202e}od"), 2, "error: bad ␛[2J\nhint: good\n");
    }

    #[test]
    fn a_broken_pipe_is_a_success() {
        let broken = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(Failure::from(broken()).never_one().is_broken_pipe());
        assert!(!Failure::from(io::Error::other("full")).is_broken_pipe());
    }
}
