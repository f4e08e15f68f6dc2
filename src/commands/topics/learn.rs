//! `dateline topics learn`: makes a topic of articles that show what it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dateline::article::{Article, ArticleId, fold};
use dateline::index::ArticleIndex;
use dateline::learn::{Aim, Lesson, Unlearnable, Wanted};
use dateline::query::parse::parse;
use dateline::render;
use dateline::render::Format;
use dateline::schema::document::StoredArticle;
use dateline::search::every::every;
use dateline::taxonomy::LEARNED;
use dateline::taxonomy::Taxonomy;
use dateline::taxonomy::TaxonomyError;
use dateline::taxonomy::learned::{LearnedTopic, check_name};

use crate::commands::failure::Failure;
use crate::commands::filters::formats;
use crate::commands::globals::Globals;
use crate::commands::output;
use crate::commands::topics::show::{figures, tell};

/// Articles that do not belong which are learned from; of more, a sample.
const MAX_OTHERS: u64 = 20_000;
/// Tags of the archive that an error lists.
const MAX_TAGS: usize = 8;

/// Learn a topic from articles of the index that show what it is
///
/// What a source has tagged, a list of ids, or what a query finds belongs; all other articles do not. The words that tell
/// the two apart are weighed, tried on articles not yet seen, and kept in learned/NAME.toml of --schema. From the next run
/// of `dateline index` on they tag what is alike, tagged by its source or not.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The topic's place in the tree: Rice, Commodities/Rice
    name: String,
    /// What shows it: tag:VALUE of the articles' own tags, ids:FILE with an id a line, or query:QUERY, whose words
    /// themselves are left out
    #[arg(long, value_name = "tag:VALUE|ids:FILE|query:QUERY", value_parser = From::read)]
    from: From,
    /// Choose the threshold so that this share of what is picked belongs, above 0 and below 1 [default: best F1]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    precision: Option<f64>,
    /// What the topic holds, in a line
    #[arg(long, value_name = "TEXT")]
    about: Option<String>,
    /// Learn and tell, but keep nothing
    #[arg(long)]
    dry_run: bool,
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

/// What says which articles belong.
#[derive(Clone, Debug)]
enum From {
    /// A tag the source gave, of whatever kind.
    Tag(String),
    Ids(PathBuf),
    Query(String),
}

impl From {
    fn read(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some((_, rest)) if rest.trim().is_empty() => Err(format!("'{text}' names nothing")),
            Some(("tag", tag)) => Ok(Self::Tag(tag.trim().to_owned())),
            Some(("ids", file)) => Ok(Self::Ids(file.into())),
            Some(("query", query)) => Ok(Self::Query(query.to_owned())),
            _ => Err("write tag:VALUE, ids:FILE or query:QUERY".to_owned()),
        }
    }

    fn typed(&self) -> String {
        match self {
            Self::Tag(tag) => format!("tag:{tag}"),
            Self::Ids(file) => format!("ids:{}", file.display()),
            Self::Query(query) => format!("query:{query}"),
        }
    }
}

/// That a learned topic needs a folder.
pub(super) fn no_folder() -> Failure {
    let message = "learned topics are kept in a folder of dictionaries of your own, and none is named";
    let hint = "add --schema DIR, which is made where it is not there, or set DATELINE_SCHEMA to it; \
                later runs of dateline index need it too";
    Failure::user(message, hint)
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let path = args.name.trim();
    let name_hint = "dateline topics learn Commodities/Rice --from tag:rice";
    check_name(path).map_err(|reason| Failure::user(reason, name_hint))?;
    if globals.schema().is_none() && !args.dry_run {
        return Err(no_folder());
    }
    let taxonomy = taxonomy(globals)?;
    let index = globals.open()?;
    let topic = learn(args, path, &index, &taxonomy, globals)?;
    output::write(|out| match args.format {
        Format::Json => render::json::object(&figures(&topic), out),
        _ => tell(&topic, out),
    })?;
    if matches!(args.from, From::Query(_)) {
        globals.say("the words of the query were left out, or they alone would have been learned");
        globals.say("to hold what it finds as well, give the topic that query in topics.toml");
    }
    if let Some(dir) = globals.schema().filter(|_| !args.dry_run) {
        let file = keep(dir, &topic)?;
        globals.say(&format!("kept in {}; {}", file.display(), place(&taxonomy, path)));
        globals.say(&format!("dateline index --schema {} tags the articles anew", dir.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// The dictionaries; a folder that is not there yet, or has none of them yet, is to be.
fn taxonomy(globals: &Globals) -> Result<Taxonomy, Failure> {
    let Some(dir) = globals.schema().filter(|dir| dir.exists()) else { return Ok(Taxonomy::builtin()) };
    match Taxonomy::load(dir) {
        Err(TaxonomyError::Empty(_)) => Ok(Taxonomy::builtin()),
        loaded => Ok(loaded?),
    }
}

fn learn(
    args: &Args,
    path: &str,
    index: &ArticleIndex,
    taxonomy: &Taxonomy,
    globals: &Globals,
) -> Result<LearnedTopic, Failure> {
    let mut showing = Showing::of(&args.from)?;
    let query = match &args.from {
        From::Query(query) => query.as_str(),
        From::Tag(_) | From::Ids(_) => "",
    };
    let parsed = parse(query).ok().filter(|_| !query.is_empty());
    let mut lesson = Lesson::without_words_of(parsed.as_ref());
    let mut others = 0;
    let kept = (u64::MAX / index.documents().max(1)).saturating_mul(MAX_OTHERS);
    let mut each = |stored: StoredArticle, found| {
        let article = &stored.article;
        let belongs = showing.shows(article, found);
        others += u64::from(!belongs);
        // Ids are hashes: those below a share of all are a fair sample.
        if belongs || index.documents() <= MAX_OTHERS || article.id().0 < kept {
            lesson.add(article, belongs);
        }
        ControlFlow::Continue(())
    };
    every(index, taxonomy, query, &mut each).map_err(|error| Failure::of_search(error, query))?;
    showing.tell_missing(globals)?;
    let wanted = Wanted {
        path: path.to_owned(),
        about: args.about.clone().unwrap_or_else(|| format!("Learned from {}", args.from.typed())),
        from: args.from.typed(),
        aim: args.precision.map_or(Aim::F1, Aim::Precision),
        others,
    };
    lesson.learn(wanted).map_err(|error| {
        let hint = match error {
            Unlearnable::TooFew { .. } => "show more articles: another tag, more ids, a wider query",
            Unlearnable::TooMany { .. } => "show fewer articles, or index more of other subjects",
            Unlearnable::Imprecise { .. } => "ask for less precision, or show more articles",
            Unlearnable::Unlike { .. } => "show more articles, or articles of one subject",
        };
        Failure::user(error.to_string(), hint)
    })
}

/// Which articles show what the topic is, and what is seen on the way.
enum Showing {
    Tag { wanted: String, seen: BTreeMap<String, usize>, shown: bool },
    Ids { file: PathBuf, wanted: BTreeSet<ArticleId> },
    Query,
}

impl Showing {
    fn of(from: &From) -> Result<Self, Failure> {
        Ok(match from {
            From::Tag(tag) => Self::Tag { wanted: fold(tag), seen: BTreeMap::new(), shown: false },
            From::Ids(file) => Self::Ids { file: file.clone(), wanted: ids(file)? },
            From::Query(_) => Self::Query,
        })
    }

    fn shows(&mut self, article: &Article, found: bool) -> bool {
        match self {
            Self::Tag { wanted, seen, shown } => {
                let given: BTreeSet<&String> = article.given.values().flatten().collect();
                let shows = given.iter().any(|value| fold(value.trim()) == *wanted);
                *shown |= shows;
                if !*shown {
                    given.into_iter().for_each(|value| *seen.entry(value.clone()).or_default() += 1);
                }
                shows
            }
            Self::Ids { wanted, .. } => wanted.remove(&article.id()),
            Self::Query => found,
        }
    }

    /// Tells of what was asked for and is not there.
    fn tell_missing(self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Tag { wanted, seen, shown: false } => {
                let message = format!("no article is tagged '{wanted}' by its source");
                let mut seen: Vec<(String, usize)> = seen.into_iter().collect();
                seen.sort_by_key(|(value, count)| {
                    (!fold(value).contains(&wanted), std::cmp::Reverse(*count))
                });
                let tags: Vec<String> = seen
                    .into_iter()
                    .take(MAX_TAGS)
                    .map(|(value, count)| format!("{value} ({count})"))
                    .collect();
                let hint = match tags.is_empty() {
                    true => "no article has tags of its source: use ids:FILE or query:QUERY".to_owned(),
                    false => format!("some of the tags there are: {}", tags.join(", ")),
                };
                Err(Failure::user(message, hint))
            }
            Self::Ids { file, wanted } if !wanted.is_empty() => {
                globals.say(&format!("{} ids of {} are not in the index", wanted.len(), file.display()));
                Ok(())
            }
            Self::Tag { .. } | Self::Ids { .. } | Self::Query => Ok(()),
        }
    }
}

/// The ids of a file, the first word of each line.
fn ids(file: &Path) -> Result<BTreeSet<ArticleId>, Failure> {
    let hint = "name a file with an id a line, as dateline search --format ids prints them";
    let text = fs::read_to_string(file)
        .map_err(|error| Failure::user(format!("{} cannot be read: {error}", file.display()), hint))?;
    let mut ids = BTreeSet::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some(word) = line.split_whitespace().next().filter(|word| !word.starts_with('#')) else {
            continue;
        };
        let id: ArticleId = word
            .parse()
            .map_err(|error| Failure::user(format!("{}:{number}: {error}", file.display()), hint))?;
        ids.insert(id);
    }
    Ok(ids)
}

/// Where a topic comes to stand in the tree.
fn place(taxonomy: &Taxonomy, path: &str) -> String {
    let known = |path: &str| {
        taxonomy.topics().list.iter().any(|topic| topic.path == path)
            || taxonomy.learned().any(|topic| topic.path == path)
    };
    match path.rsplit_once('/') {
        _ if taxonomy.learned().any(|topic| topic.path == path) => {
            "it takes the place of what was learned before".to_owned()
        }
        _ if known(path) => format!("{path} holds what its query finds as well"),
        Some((parent, _)) if !known(parent) => format!("'{parent}' is a new topic of the tree"),
        _ => format!("{path} is a new topic of the tree"),
    }
}

/// Writes the topic's file, whole or not at all.
fn keep(dir: &Path, topic: &LearnedTopic) -> Result<PathBuf, Failure> {
    let file = dir.join(LEARNED).join(LearnedTopic::file_name(&topic.path));
    let unfinished = file.with_extension("toml.new");
    let write = || -> io::Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&unfinished, topic.to_toml())?;
        fs::rename(&unfinished, &file)
    };
    write().map_err(|error| {
        let message = format!("{} cannot be written: {error}", file.display());
        Failure::user(message, "name another folder with --schema DIR")
    })?;
    Ok(file)
}

fn share(text: &str) -> Result<f64, String> {
    let share: Option<f64> = text.parse().ok().filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| "write a share above 0 and below 1, such as 0.95".to_owned())
}
