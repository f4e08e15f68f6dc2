//! `dateline topics show`: all there is to know of one topic.

use std::io;
use std::io::Write;
use std::process::ExitCode;

use dateline::render;
use dateline::render::Format;
use dateline::render::Paint;
use dateline::render::Style;
use dateline::render::safe;
use dateline::render::thousands;
use dateline::search::topics::tree;
use dateline::taxonomy::learned::{LearnedTopic, Share};
use dateline::taxonomy::topics::Topic;
use serde_json::{Value, json};

use crate::commands::failure::Failure;
use crate::commands::filters::formats;
use crate::commands::globals::Globals;
use crate::commands::output;
use crate::commands::topics::resolve;

/// Words of a learned topic that are shown, on either side.
pub(super) const WORDS: usize = 15;

/// Show one topic: what it holds, its query and examples, and of a learned one its figures and strongest words
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The topic: its path, or the last part of it
    name: String,
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
    let path = resolve(&taxonomy, &args.name)?;
    let index = globals.open_any()?;
    let tree = tree(&taxonomy, index.as_ref()).map_err(|error| Failure::of_search(error, ""))?;
    let shown = Shown {
        path: &path,
        count: tree.topics.iter().find(|topic| topic.path == path).and_then(|topic| topic.count),
        topic: taxonomy.topics().list.iter().find(|topic| topic.path == path),
        learned: taxonomy.learned().find(|topic| topic.path == path),
    };
    output::write(|out| match args.format {
        Format::Json => render::json::object(&shown.json(), out),
        _ => shown.text(globals.style(), out),
    })?;
    Ok(ExitCode::SUCCESS)
}

struct Shown<'a> {
    path: &'a str,
    count: Option<u64>,
    topic: Option<&'a Topic>,
    learned: Option<&'a LearnedTopic>,
}

impl Shown<'_> {
    fn text(&self, style: Style, out: &mut dyn Write) -> io::Result<()> {
        style.write(out, Paint::Strong, &safe::text(self.path))?;
        writeln!(out)?;
        let mut line = |label: &str, text: &str| writeln!(out, "{label:<9} {}", safe::text(text));
        if let Some(topic) = self.topic {
            line("about", &topic.about)?;
            line("from", &origin(topic))?;
            if let Some(iptc) = &topic.iptc {
                line("IPTC", &format!("medtop:{iptc}"))?;
            }
            if let Some(language) = &topic.language {
                line("language", language)?;
            }
        }
        if let Some(count) = self.count {
            line("articles", &thousands(count))?;
        }
        if let Some(topic) = self.topic {
            match topic.query.trim().is_empty() {
                true => line("query", "none: it holds what the topics below it hold")?,
                false => line("query", &topic.query.split_whitespace().collect::<Vec<_>>().join(" "))?,
            }
            for example in &topic.matching {
                line("match", &example.text.split_whitespace().collect::<Vec<_>>().join(" "))?;
            }
            for example in &topic.no_match {
                line("no match", &example.text.split_whitespace().collect::<Vec<_>>().join(" "))?;
            }
        }
        match self.learned {
            Some(learned) => tell(learned, out),
            None => Ok(()),
        }
    }

    fn json(&self) -> Value {
        let texts = |list: &[dateline::taxonomy::topics::Example]| -> Vec<String> {
            list.iter().map(|example| example.text.clone()).collect()
        };
        let topic = self.topic;
        let origin = topic.map(|topic| if topic.is_users { "user" } else { "builtin" });
        json!({
            "path": self.path,
            "count": self.count,
            "origin": origin.unwrap_or("learned"),
            "about": topic.map(|topic| &topic.about).or(self.learned.map(|learned| &learned.about)),
            "iptc": topic.and_then(|topic| topic.iptc.as_ref()),
            "language": topic.and_then(|topic| topic.language.as_ref()),
            "query": topic.map(|topic| &topic.query),
            "match": topic.map(|topic| texts(&topic.matching)).unwrap_or_default(),
            "no_match": topic.map(|topic| texts(&topic.no_match)).unwrap_or_default(),
            "learned": self.learned.map(figures),
        })
    }
}

fn origin(topic: &Topic) -> String {
    match topic.is_users {
        true => format!("your topics.toml, line {}", topic.line),
        false => "the built-in topics.toml".to_owned(),
    }
}

/// What was learned, for people.
pub(super) fn tell(learned: &LearnedTopic, out: &mut dyn Write) -> io::Result<()> {
    let share = |share: Share| {
        let Share { share, low, high } = share;
        format!("{share:.3}, with 95 % confidence {low:.3} to {high:.3}")
    };
    let words = |speak_for: bool| {
        let some = learned.words.iter().filter(|word| (word.weight > 0.0) == speak_for).take(WORDS);
        let word = |word: &dateline::taxonomy::learned::WeighedWord| {
            let place = if word.in_headline { "headline:" } else { "" };
            format!("{place}{} {:+.2}", word.stem, word.weight)
        };
        some.map(word).collect::<Vec<_>>().join(" · ")
    };
    let (all, belonging) = (thousands(learned.articles), thousands(learned.belonging));
    let mut line = |label: &str, text: &str| writeln!(out, "{label:<9} {}", safe::text(text));
    line("learned", &format!("from {}: {belonging} of {all} articles", learned.from))?;
    line("precision", &share(learned.precision))?;
    line("recall", &share(learned.recall))?;
    line("for", &words(true))?;
    line("against", &words(false))?;
    line("words", &format!("{} in all", thousands(learned.words.len() as u64)))
}

/// What was learned, for programs.
pub(super) fn figures(learned: &LearnedTopic) -> Value {
    let share = |share: Share| json!([share.share, share.low, share.high]);
    let words = learned
        .words
        .iter()
        .map(|word| json!({ "stem": word.stem, "in_headline": word.in_headline, "weight": word.weight }));
    json!({
        "path": learned.path, "about": learned.about, "from": learned.from, "language": learned.language,
        "articles": learned.articles, "belonging": learned.belonging,
        "precision": share(learned.precision), "recall": share(learned.recall), "least": learned.least,
        "words": words.collect::<Vec<_>>(),
    })
}
