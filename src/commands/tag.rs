//! `dateline tag`: what would be indexed of a file, and why each tag; no index is needed.

use std::io;
use std::io::{BufRead, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dateline::article::{Location, Reason};
use dateline::ingest::IngestError;
use dateline::ingest::tagged::FileProblem;
use dateline::ingest::tagged::TagOptions;
use dateline::ingest::tagged::Tagged;
use dateline::ingest::tagged::{tag_paths, tag_reader};
use dateline::render;
use dateline::render::Format;
use dateline::render::Style;
use dateline::search::response::FullArticle;
use dateline::tag::{Dictionaries, Tagger, explain};
use serde::Serialize;

use crate::commands::failure::Failure;
use crate::commands::filters::formats;
use crate::commands::globals::Globals;
use crate::commands::output;
use crate::commands::read_pdf;

/// The path that means standard input.
const STDIN: &str = "-";

/// Show what would be indexed of files, and why each tag; no index is needed
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files and directories; - is standard input, as is nothing at all in a pipe
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    #[arg(value_parser = formats(&[Format::Text, Format::JsonLines]))]
    format: Format,
    /// Tell of each person and country, and of what only looks like one, why it counts or does not; and of each topic
    /// which words its query asks for
    #[arg(long)]
    explain: bool,
}

impl Args {
    pub(crate) fn prints_json(&self) -> bool {
        matches!(self.format, Format::Json | Format::JsonLines)
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    if args.paths.is_empty() && io::stdin().is_terminal() {
        return Err(Failure::user("there is nothing to tag", "dateline tag FILE, or pipe an article in"));
    }
    let taxonomy = globals.taxonomy()?;
    let style = globals.style();
    let program = read_pdf::program();
    let options = TagOptions { taxonomy: &taxonomy, program: program.as_deref() };
    let page = output::write(|out| {
        let explainer = args.explain.then(|| Tagger::new(&Dictionaries::of(&taxonomy))).transpose()?;
        let mut page = Page { format: args.format, style, globals, explainer, out, articles: 0, failed: 0 };
        tag(&args.paths, options, &mut page)?;
        Ok::<_, Failure>((page.articles, page.failed))
    })?;
    Ok(ExitCode::from(u8::from(matches!(page, (0, 1..)))))
}

fn tag(paths: &[PathBuf], options: TagOptions<'_>, page: &mut Page<'_>) -> Result<(), Failure> {
    if paths.is_empty() {
        return tag_stdin(options, page);
    }
    for group in paths.chunk_by(|a, b| !is_stdin(a) && !is_stdin(b)) {
        match group {
            [one] if is_stdin(one) => tag_stdin(options, page)?,
            files => page.fill(|each| tag_paths(files, options, each))?,
        }
    }
    Ok(())
}

fn tag_stdin(options: TagOptions<'_>, page: &mut Page<'_>) -> Result<(), Failure> {
    let mut input: Box<dyn BufRead> = Box::new(io::stdin().lock());
    page.fill(|each| tag_reader(STDIN, &mut input, options, each))
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == STDIN
}

/// What takes one article or problem after the other.
type Each<'a> = &'a mut dyn FnMut(Result<Tagged, FileProblem>) -> ControlFlow<()>;

/// An article with the reasons of its tags, as JSON.
#[derive(Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    tagged: &'a Tagged,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<Vec<Reason>>,
}

/// Where tagged articles are written to.
struct Page<'a> {
    format: Format,
    style: Style,
    globals: &'a Globals,
    /// What tells the reasons, where they are asked for.
    explainer: Option<Tagger>,
    out: &'a mut dyn Write,
    articles: u64,
    failed: u64,
}

impl Page<'_> {
    /// Writes all that is read, and stops reading where it cannot be written.
    fn fill(&mut self, read: impl FnOnce(Each<'_>) -> Result<(), IngestError>) -> Result<(), Failure> {
        let mut written = Ok(());
        read(&mut |found| {
            written = match found {
                Ok(tagged) => self.article(tagged),
                Err(problem) => self.problem(&problem),
            };
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(written?)
    }

    fn article(&mut self, tagged: Tagged) -> io::Result<()> {
        self.articles += 1;
        let reasons = self.explainer.as_ref().map(|tagger| explain(tagger, &tagged.article));
        if self.format == Format::JsonLines {
            return render::json::line(&Explained { tagged: &tagged, explain: reasons }, self.out);
        }
        if self.articles > 1 {
            writeln!(self.out, "\n")?;
        }
        let Tagged { path, record, id, article, tags } = tagged;
        let full = FullArticle { id, article, tags, locations: vec![Location { path, record }] };
        render::article::examine(&full, self.style, self.out)?;
        match reasons {
            Some(reasons) => render::reasons::show(&full, &reasons, self.style, self.out),
            None => Ok(()),
        }
    }

    fn problem(&mut self, problem: &FileProblem) -> io::Result<()> {
        let FileProblem { path, reason, skipped } = problem;
        self.failed += u64::from(!skipped);
        self.globals.say(&format!("{} {path}: {reason}", if *skipped { "skipped" } else { "failed " }));
        // What was found before stands above what is said on a terminal.
        self.out.flush()
    }
}
