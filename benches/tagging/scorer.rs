//! The shared scorer, run over what `dateline tag` finds.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Errors listed of each kind.
const LISTED: usize = 10;

/// What the scorer says of one of its sets; `None` where it cannot run.
pub(crate) fn score(shared: &Path, kind: &str) -> Option<Value> {
    let script = shared.join("eval/tagging.py");
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join(kind);
    let python = |arguments: &[&str]| {
        let mut command = Command::new("python3");
        command.arg(&script).args(arguments).env("DATELINE_SHARED", shared);
        command.output().ok().filter(|output| output.status.success())
    };
    python(&["prepare", kind, folder.to_str()?]).filter(|_| script.exists())?;
    let tags = scratch.path().join("tags.jsonl");
    let status = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(["tag", "--format", "jsonl"])
        .arg(folder.join("articles.jsonl"))
        .stdout(std::fs::File::create(&tags).unwrap())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success());
    let output = python(&["score", folder.to_str()?, tags.to_str()?])?;
    serde_json::from_slice(&output.stdout).ok()
}

/// The rows of the table for a set.
pub(crate) fn rows(kind: &str, score: &Value) -> String {
    let articles = &score["articles"];
    let three = |value: &Value| {
        let part = |name: &str| percent(value[name].as_f64().unwrap_or_default());
        format!("P {}, R {}, F1 {}", part("P"), part("R"), part("F1"))
    };
    let one = |value: &Value| percent(value.as_f64().unwrap_or_default());
    match kind {
        "reuters" => format!(
            "| countries an article is about, Reuters 1987 ({articles} articles) | {} |\n\
             | the same without the United States | {} |\n\
             | countries mentioned | {} |\n\
             | persons, recall of Reuters' own tags | {}, at {} persons an article |\n\
             | twelve topics against Reuters' codes | {} |\n",
            three(&score["country"]),
            three(&score["country_without_US"]),
            three(&score["country_mentioned"]),
            one(&score["person_recall"]),
            score["persons_per_article"],
            three(&score["topics"]),
        ),
        "news1996" => format!(
            "| mentions of persons, wires of 1996 ({articles} articles) | {} |\n",
            three(&score["person_mentions"])
        ),
        _ => format!(
            "| root topic against the section, BBC ({articles} stories) | {} |\n",
            one(&score["section"]["accuracy"])
        ),
    }
}

/// The commonest errors of a set.
pub(crate) fn errors(kind: &str, score: &Value) -> String {
    let pairs = |value: &Value| -> BTreeMap<String, usize> {
        let pairs = value.as_array().cloned().unwrap_or_default();
        let pair = |pair: Value| {
            Some((pair[0].as_str()?.to_owned(), usize::try_from(pair[1].as_u64()?).unwrap_or_default()))
        };
        pairs.into_iter().filter_map(pair).collect()
    };
    match kind {
        "reuters" => [
            ("countries wrongly about, Reuters", "most_wrong"),
            ("countries not about that are, Reuters", "most_missed"),
            ("persons missed, Reuters", "persons_missed"),
        ]
        .map(|(title, field)| listed(title, pairs(&score[field])))
        .concat(),
        "bbc" => listed("sections, BBC", pairs(&score["section"]["most_wrong"])),
        _ => String::new(),
    }
}

/// A line of a list of errors.
pub(crate) fn listed(title: &str, errors: BTreeMap<String, usize>) -> String {
    let mut errors: Vec<(String, usize)> = errors.into_iter().collect();
    errors.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    errors.truncate(LISTED);
    let errors: Vec<String> = errors.into_iter().map(|(name, count)| format!("{name} ({count})")).collect();
    format!("- {title}: {}\n", if errors.is_empty() { "none".to_owned() } else { errors.join(", ") })
}

/// Three digits: `.931`.
pub(crate) fn percent(share: f64) -> String {
    let digits = format!("{share:.3}");
    digits.strip_prefix('0').map_or(digits.clone(), str::to_owned)
}
