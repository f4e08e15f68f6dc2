//! `dateline topics`: the tree of topics, and what one does to make topics of one's own.

mod attempt;
mod check;
mod forget;
mod learn;
mod show;

use std::process::ExitCode;

use clap::Subcommand;
use dateline::article::fold;
use dateline::render;
use dateline::render::Format;
use dateline::search::topics::TopicNode;
use dateline::search::topics::tree;
use dateline::taxonomy::Taxonomy;

use crate::commands::failure::Failure;
use crate::commands::filters::formats;
use crate::commands::globals::Globals;
use crate::commands::output;

/// Topics that an error lists.
const MAX_CANDIDATES: usize = 6;

/// Show the tree of topics, with the articles of each where there is an index; check, try and learn topics of your own
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Only topics with a word that begins like this, and those below them: oil, Diplomacy, energy/oil
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    #[arg(value_parser = formats(&[Format::Text, Format::Json, Format::JsonLines, Format::Csv]))]
    format: Format,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    Show(show::Args),
    Try(attempt::Args),
    Learn(learn::Args),
    Forget(forget::Args),
}

impl Args {
    pub(crate) fn prints_json(&self) -> bool {
        match &self.command {
            None => matches!(self.format, Format::Json | Format::JsonLines),
            Some(Command::Check(args)) => args.prints_json(),
            Some(Command::Show(args)) => args.prints_json(),
            Some(Command::Try(args)) => args.prints_json(),
            Some(Command::Learn(args)) => args.prints_json(),
            Some(Command::Forget(_)) => false,
        }
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    match &args.command {
        None => show_tree(args, globals),
        Some(Command::Check(args)) => check::run(args, globals),
        Some(Command::Show(args)) => show::run(args, globals),
        Some(Command::Try(args)) => attempt::run(args, globals),
        Some(Command::Learn(args)) => learn::run(args, globals),
        Some(Command::Forget(args)) => forget::run(args, globals),
    }
}

fn show_tree(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let taxonomy = globals.taxonomy()?;
    let index = globals.open_any()?;
    let mut tree = tree(&taxonomy, index.as_ref()).map_err(|error| Failure::of_search(error, ""))?;
    if let Some(filter) = &args.filter {
        tree.topics = filtered(&tree.topics, filter);
        if tree.topics.is_empty() {
            let hint = "dateline topics without a word shows the whole tree";
            return Err(Failure::user(format!("no topic has a word that begins like '{filter}'"), hint));
        }
    }
    output::write(|out| render::topics::tree(args.format, &tree, globals.style(), out))?;
    Ok(ExitCode::SUCCESS)
}

/// The topics that a filter asks for, those below them, and those above them.
fn filtered(topics: &[TopicNode], filter: &str) -> Vec<TopicNode> {
    let filter = fold(filter.trim().trim_matches('/'));
    let is_asked_for = |path: &str| {
        let path = fold(path);
        let mut parts = path.split('/');
        let starts = path.strip_prefix(&filter).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        starts || parts.any(|part| begins(part, &filter))
    };
    let asked: Vec<&str> = topics.iter().map(|t| t.path.as_str()).filter(|path| is_asked_for(path)).collect();
    let is_above = |path: &str| {
        asked.iter().any(|below| below.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    };
    let shown = |topic: &&TopicNode| asked.contains(&topic.path.as_str()) || is_above(&topic.path);
    topics.iter().filter(shown).cloned().collect()
}

/// Whether a text, or the text from one of its words on, begins like this.
fn begins(text: &str, with: &str) -> bool {
    let starts = text.char_indices().filter(|(at, c)| {
        let before = text[..*at].chars().next_back();
        c.is_alphanumeric() && before.is_none_or(|before| !before.is_alphanumeric())
    });
    starts.map(|(at, _)| at).any(|at| text[at..].starts_with(with))
}

/// The path of the one topic that a name stands for: its path, or the last part of it.
fn resolve(taxonomy: &Taxonomy, name: &str) -> Result<String, Failure> {
    let mut paths: Vec<&str> = taxonomy.topics().list.iter().map(|topic| topic.path.as_str()).collect();
    paths.extend(taxonomy.learned().map(|topic| topic.path.as_str()));
    paths.sort_unstable();
    paths.dedup();
    let name_folded = fold(name.trim());
    let last = |path: &str| fold(path.rsplit('/').next().unwrap_or_default());
    let same: Vec<&str> = paths.iter().filter(|path| fold(path) == name_folded).copied().collect();
    let alike: Vec<&str> = match same.is_empty() {
        true => paths.iter().filter(|path| last(path) == name_folded).copied().collect(),
        false => same,
    };
    match alike.as_slice() {
        [one] => Ok((*one).to_owned()),
        [] => {
            let near: Vec<&str> =
                paths.iter().filter(|path| begins(&fold(path), &name_folded)).copied().collect();
            let hint = match near.is_empty() {
                true => "dateline topics shows them all".to_owned(),
                false => format!("did you mean {}?", listed(&near)),
            };
            Err(Failure::user(format!("there is no topic '{name}'"), hint))
        }
        several => {
            let message = format!("the topic '{name}' means several");
            Err(Failure::user(message, format!("write one of {}", listed(several))))
        }
    }
}

fn listed(paths: &[&str]) -> String {
    paths.iter().take(MAX_CANDIDATES).copied().collect::<Vec<_>>().join(", ")
}

/// Per cent of all, to one digit after the point: `1.2 %`.
fn percent(part: u64, all: u64) -> String {
    format!("{:.1} %", 100.0 * part as f64 / all.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use dateline::search::topics::Origin;

    use super::*;

    #[test]
    fn a_filter_keeps_what_is_above_and_below() {
        let paths = ["Energy", "Energy/Crude oil", "Energy/Crude oil/Spills", "Energy/Gas", "Soil"];
        let node = |path: &&str| TopicNode {
            path: (*path).to_owned(),
            count: None,
            origin: Origin::Builtin,
            iptc: None,
            about: None,
        };
        let nodes: Vec<TopicNode> = paths.iter().map(node).collect();
        let check = |filter: &str, expected: &[&str]| {
            let found = filtered(&nodes, filter);
            assert_eq!(
                found.iter().map(|topic| topic.path.as_str()).collect::<Vec<_>>(),
                expected,
                "{filter}"
            );
        };
        check("oil", &["Energy", "Energy/Crude oil", "Energy/Crude oil/Spills"]);
        check("energy/gas", &["Energy", "Energy/Gas"]);
        check("ENERGY", &["Energy", "Energy/Crude oil", "Energy/Crude oil/Spills", "Energy/Gas"]);
        check("zinc", &[]);
    }
}
