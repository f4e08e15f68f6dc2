//! The *globals* are the flags of every command, and what they stand for: the index, the dictionaries, the style.

use std::env;
use std::io;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::{OsStringValueParser, TypedValueParser};
use dateline::index::ArticleIndex;
use dateline::render::Style;
use dateline::render::safe;
use dateline::taxonomy::Taxonomy;

use crate::commands::failure::Failure;

/// The directory of an index, where no other is named.
const INDEX: &str = ".dateline";
/// Columns where the terminal does not tell.
const WIDTH: usize = 80;

/// The flags of every command.
#[derive(clap::Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Globals {
    /// The index [default: the nearest .dateline in this directory or above]
    #[arg(long, global = true, value_name = "DIR", env = "DATELINE_INDEX", hide_env_values = true, value_parser = directory())]
    index: Option<PathBuf>,
    /// Your own dictionaries; a file that is not there is the built-in one [default: built in]
    #[arg(long, global = true, value_name = "DIR", env = "DATELINE_SCHEMA", hide_env_values = true, value_parser = directory())]
    schema: Option<PathBuf>,
    /// When to colour: auto is on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Colour,
    /// Say nothing but errors; for search print nothing, only the exit code tells
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say which index is used, and name every file that failed
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// Show no progress bar
    #[arg(long, global = true)]
    no_progress: bool,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

impl Globals {
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Whether a progress bar may be drawn.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.no_progress && !self.quiet && io::stderr().is_terminal()
    }

    /// How stdout is written to.
    pub(crate) fn style(&self) -> Style {
        Style { colour: self.colours(io::stdout().is_terminal()), width: width() }
    }

    /// How stderr is written to.
    pub(crate) fn error_style(&self) -> Style {
        Style { colour: self.colours(io::stderr().is_terminal()), width: width() }
    }

    /// Says something on stderr, unless it is to be quiet.
    pub(crate) fn say(&self, message: &str) {
        if !self.quiet {
            // Where stderr is closed there is nobody to tell.
            drop(writeln!(io::stderr(), "{}", safe::text(message)));
        }
    }

    /// Opens the index to read it.
    pub(crate) fn open(&self) -> Result<ArticleIndex, Failure> {
        let Some(dir) = self.index() else { return Err(no_index()) };
        self.say_index(&dir);
        Ok(ArticleIndex::open(&dir)?)
    }

    /// The index there is: the one named, or the nearest in this directory or above.
    pub(crate) fn index(&self) -> Option<PathBuf> {
        let named = self.index.clone().filter(|dir| !dir.as_os_str().is_empty());
        named.or_else(nearest)
    }

    /// The directory of the index, named by the flag and the environment; else `.dateline` here.
    pub(crate) fn index_or_new(&self) -> PathBuf {
        let dir = self.index().unwrap_or_else(|| PathBuf::from(INDEX));
        self.say_index(&dir);
        dir
    }

    pub(crate) fn taxonomy(&self) -> Result<Taxonomy, Failure> {
        match self.schema() {
            Some(dir) => Ok(Taxonomy::load(dir)?),
            None => Ok(Taxonomy::builtin()),
        }
    }

    /// Opens the index where one is named or found.
    pub(crate) fn open_any(&self) -> Result<Option<ArticleIndex>, Failure> {
        self.index().map(|_| self.open()).transpose()
    }

    /// The folder of the user's dictionaries.
    pub(crate) fn schema(&self) -> Option<&Path> {
        self.schema.as_deref().filter(|dir| !dir.as_os_str().is_empty())
    }

    fn say_index(&self, dir: &Path) {
        if self.verbose {
            self.say(&format!("index  {}", dir.display()));
        }
    }

    fn colours(&self, terminal: bool) -> bool {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        match self.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !set("NO_COLOR") && !dumb,
        }
    }
}

/// Reads a directory's name; an empty one, as an environment variable may have it, names none.
fn directory() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

fn nearest() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    here.ancestors().map(|dir| dir.join(INDEX)).find(|dir| dir.is_dir())
}

fn no_index() -> Failure {
    let message = "there is no index: no .dateline in this directory or above";
    Failure::user(message, "make one with dateline index DIR, or name one with --index DIR")
}

fn width() -> usize {
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| width.0.into())
}
