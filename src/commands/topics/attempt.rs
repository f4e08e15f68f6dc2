//! `dateline topics try`: which articles of the index a topic would tag.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;

use dateline::article::{Kind, fold};
use dateline::index::ArticleIndex;
use dateline::render;
use dateline::render::Format;
use dateline::render::Paint;
use dateline::render::Style;
use dateline::render::safe;
use dateline::render::thousands;
use dateline::schema::document::StoredArticle;
use dateline::search::every::{every, every_found};
use dateline::tag::Trial;
use dateline::taxonomy::Taxonomy;
use dateline::taxonomy::learned::LearnedTopic;
use dateline::taxonomy::topics::Topic;
use dateline::taxonomy::topics::Topics;
use dateline::taxonomy::topics_in;
use serde::Serialize;
use serde_json::json;

use crate::commands::failure::Failure;
use crate::commands::filters::{formats, number};
use crate::commands::globals::Globals;
use crate::commands::output;
use crate::commands::topics::{percent, resolve};

/// What a query is called that has no name yet.
const UNNAMED: &str = "(query)";
/// Articles that may be listed on either side.
const MAX_SAMPLES: usize = 100;
/// Topics listed beside.
const MAX_BESIDE: usize = 8;

/// Show which articles of the index a topic would tag, before it is adopted
///
/// It tells how many articles there are and what share of the archive, how many have the topic now, what other topics they
/// have most, and the surest and the least sure of them.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A topic's name, a file of topics (.toml) or of a query, or a query
    #[arg(value_name = "NAME|FILE|QUERY", required = true)]
    what: Vec<String>,
    /// Take it as a query, whatever is called so
    #[arg(long)]
    query: bool,
    /// Articles to list, of the surest and of the least sure, 0 to 100
    #[arg(short = 'n', long, value_name = "N", default_value = "5", allow_negative_numbers = true, value_parser = number(MAX_SAMPLES))]
    limit: usize,
    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    #[arg(value_parser = formats(&[Format::Text, Format::Json]))]
    format: Format,
}

impl Args {
    pub(crate) fn prints_json(&self) -> bool {
        self.format == Format::Json
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let taxonomy = globals.taxonomy()?;
    let tried = tried(args, &taxonomy)?;
    let index = globals.open()?;
    let mut all = Vec::new();
    for topic in &tried {
        all.push(Found::of(topic, &index, &taxonomy, args.limit)?);
    }
    output::write(|out| match args.format {
        Format::Json => render::json::object(&json!({ "tried": all }), out),
        _ => all.iter().try_for_each(|found| found.text(globals.style(), out)),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A topic to be tried: told by a query, by words, or by both.
struct Tried {
    path: String,
    topic: Option<Topic>,
    learned: Option<LearnedTopic>,
}

/// What was meant: a name of the tree goes before a file, and a file before a query.
fn tried(args: &Args, taxonomy: &Taxonomy) -> Result<Vec<Tried>, Failure> {
    let what = args.what.join(" ");
    if args.query {
        return Ok(vec![Tried::of_query(&what)]);
    }
    let file = Path::new(&what);
    let is_toml = file.extension().is_some_and(|ending| ending == "toml");
    let resolved = resolve(taxonomy, &what);
    if let Ok(path) = &resolved {
        let topic = taxonomy.topics().list.iter().find(|topic| topic.path == *path).cloned();
        let learned = taxonomy.learned().find(|topic| topic.path == *path).cloned();
        return Ok(vec![Tried { path: path.clone(), topic, learned }]);
    }
    if !is_toml && !file.is_file() {
        // Several topics of that name are no query.
        let last = |topic: &Topic| topic.path.rsplit('/').next().map(fold) == Some(fold(&what));
        let several = taxonomy.topics().list.iter().filter(|topic| last(topic)).count() > 1;
        return match (resolved, several) {
            (Err(error), true) => Err(error),
            _ => Ok(vec![Tried::of_query(&what)]),
        };
    }
    let unread =
        |error: io::Error| Failure::user(format!("{what} cannot be read: {error}"), "name a file of text");
    let text = fs::read_to_string(file).map_err(unread)?;
    if !is_toml {
        return Ok(vec![Tried::of_query(&text)]);
    }
    if text.lines().any(|line| line.starts_with("least = ")) {
        let learned = LearnedTopic::parse(&text, &what)?;
        return Ok(vec![Tried { path: learned.path.clone(), topic: None, learned: Some(learned) }]);
    }
    let topics = topics_in(file)?.list.into_iter().filter(|topic| topic.is_users);
    Ok(topics.map(|topic| Tried { path: topic.path.clone(), topic: Some(topic), learned: None }).collect())
}

impl Tried {
    fn of_query(query: &str) -> Self {
        let topic = Topic::of_query(UNNAMED, query);
        Self { path: UNNAMED.to_owned(), topic: Some(topic), learned: None }
    }
}

/// What a topic would tag.
#[derive(Serialize)]
struct Found {
    topic: String,
    /// Articles it would tag.
    articles: u64,
    /// Articles of the archive.
    of: u64,
    /// How many of them have the topic in the index now.
    tagged_now: u64,
    /// Other topics they have in the index, most articles first.
    beside: Vec<(String, u64)>,
    surest: Vec<Sample>,
    least_sure: Vec<Sample>,
}

#[derive(Clone, Serialize)]
struct Sample {
    id: String,
    salience: f32,
    published: Option<String>,
    headline: String,
    path: String,
}

impl Found {
    fn of(tried: &Tried, index: &ArticleIndex, taxonomy: &Taxonomy, limit: usize) -> Result<Self, Failure> {
        let mut topics = Topics::default();
        topics.list.extend(tried.topic.clone());
        let learned: Vec<&LearnedTopic> = tried.learned.iter().collect();
        let query = tried.topic.as_ref().map_or("", |topic| topic.query.trim());
        let trial = Trial::new(&topics, &learned).map_err(|error| match tried.path.as_str() {
            UNNAMED => Failure::user(error.to_string(), "docs/query-language.md has the language by example"),
            _ => error.into(),
        })?;
        let mut samples: Vec<Sample> = Vec::new();
        let (mut tagged_now, mut beside) = (0, BTreeMap::new());
        let mut each = |stored: StoredArticle, _| {
            let tags = trial.of(&stored.article);
            if let Some(tag) = tags.iter().find(|tag| tag.value == tried.path) {
                for other in stored.tags.tags.iter().filter(|tag| tag.field == Kind::Topic) {
                    match other.value == tried.path {
                        true => tagged_now += 1,
                        false => *beside.entry(other.value.clone()).or_insert(0) += 1,
                    }
                }
                samples.push(sample(stored, tag.salience));
            }
            ControlFlow::Continue(())
        };
        let failed = |error| Failure::of_search(error, query);
        match (&tried.learned, query) {
            (Some(_), _) => every(index, taxonomy, "", &mut each).map_err(failed)?,
            // A topic without a query finds nothing.
            (None, "") => {}
            (None, query) => every_found(index, taxonomy, query, &mut each).map_err(failed)?,
        }
        samples.sort_by(|a, b| b.salience.total_cmp(&a.salience).then_with(|| a.id.cmp(&b.id)));
        let mut beside: Vec<(String, u64)> = beside.into_iter().collect();
        beside.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        beside.truncate(MAX_BESIDE);
        let surest: Vec<Sample> = samples.iter().take(limit).cloned().collect();
        let rest = samples.len() - surest.len();
        let least_sure = samples.iter().rev().take(limit.min(rest)).cloned().collect();
        let (articles, of) = (samples.len() as u64, index.documents());
        Ok(Self { topic: tried.path.clone(), articles, of, tagged_now, beside, surest, least_sure })
    }

    fn text(&self, style: Style, out: &mut dyn Write) -> io::Result<()> {
        style.write(out, Paint::Strong, &safe::text(&self.topic))?;
        let (articles, of) = (thousands(self.articles), thousands(self.of));
        writeln!(out, " would tag {articles} of {of} articles, {}", percent(self.articles, self.of))?;
        if self.topic != UNNAMED {
            writeln!(out, "{} of them have it in the index now", thousands(self.tagged_now))?;
        }
        let beside: Vec<String> = self
            .beside
            .iter()
            .map(|(path, count)| format!("{} {}", safe::text(path), thousands(*count)))
            .collect();
        if !beside.is_empty() {
            writeln!(out, "their other topics: {}", beside.join(" · "))?;
        }
        for (label, samples) in [("surest", &self.surest), ("least sure", &self.least_sure)] {
            if !samples.is_empty() {
                writeln!(out, "{label}:")?;
            }
            for sample in samples {
                let published = sample.published.as_deref().unwrap_or("undated");
                let headline = safe::text(&sample.headline);
                writeln!(out, "  {:.2}  {published:<10}  {}  {headline}", sample.salience, sample.id)?;
            }
        }
        Ok(())
    }
}

fn sample(stored: StoredArticle, salience: f32) -> Sample {
    Sample {
        id: stored.article.id().to_string(),
        salience,
        published: stored.article.published.map(|date| date.to_string()),
        headline: stored.article.headline,
        path: stored.location.path,
    }
}
