//! Stories of 1998 by the Associated Press, whose persons people marked (NIST IE-ER): the persons of each, by the strings
//! that name them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dateline::article::{Article, Kind, Place};
use dateline::tag::{Tagger, names};

use super::items::Counts;

/// What was found of the strings, and how often each was missed and found wrongly.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    pub(crate) articles: usize,
    pub(crate) counts: Counts,
    pub(crate) missed: BTreeMap<String, usize>,
    pub(crate) wrong: BTreeMap<String, usize>,
}

/// Measures the tagger on all stories of a folder.
pub(crate) fn measure(tagger: &Tagger, folder: &Path) -> Measured {
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut measured = Measured::default();
    for file in files {
        let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        for story in text.split("<DOC>").skip(1) {
            let Some(marked) = between(story, "<TEXT>", "</TEXT>") else { continue };
            let article = Article {
                headline: between(story, "<HEADLINE>", "</HEADLINE>").map(plain).unwrap_or_default(),
                body: paragraphs(marked),
                published: between(story, "<DATE_TIME>", "</DATE_TIME>").and_then(day),
                language: Some("en".to_owned()),
                ..Article::default()
            };
            let wanted = persons(marked);
            let found = names(tagger, &article).mentions.into_iter();
            let found: BTreeSet<String> = found
                .filter(|mention| mention.field == Kind::Person && mention.place == Place::Body)
                .map(|mention| without_possessive(&plain(&mention.text)))
                .collect();
            measured.articles += 1;
            measured.counts.add(&found, &wanted);
            for missed in wanted.difference(&found) {
                *measured.missed.entry(missed.clone()).or_default() += 1;
            }
            for wrong in found.difference(&wanted) {
                *measured.wrong.entry(wrong.clone()).or_default() += 1;
            }
        }
    }
    measured
}

fn persons(marked: &str) -> BTreeSet<String> {
    let opening = "<b_enamex type=\"PERSON\">";
    let names = marked.split(opening).skip(1).filter_map(|rest| rest.split("<e_enamex>").next());
    names.map(|name| without_possessive(&plain(name))).collect()
}

/// The paragraphs, which start with white space.
fn paragraphs(marked: &str) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    for line in marked.lines().filter(|line| !line.trim().is_empty()) {
        match paragraphs.last_mut() {
            Some(last) if !line.starts_with([' ', '\t']) => *last += &format!(" {line}"),
            _ => paragraphs.push(line.to_owned()),
        }
    }
    paragraphs.iter().map(|paragraph| plain(paragraph)).collect::<Vec<_>>().join("\n")
}

/// Text without marks, its white space single.
fn plain(marked: &str) -> String {
    let mut text = String::new();
    for part in marked.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    let text = text.replace("&amp;", "&").replace("&QL;", "").replace("&UR;", "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_possessive(name: &str) -> String {
    name.trim_end_matches("'s").trim_end_matches("’s").trim().to_owned()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|(inside, _)| inside)
}

/// `03/14/1998 10:36:00` as a day.
fn day(time: &str) -> Option<dateline::article::NewsDate> {
    let mut parts = time.split_whitespace().next()?.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    format!("{year}-{month}-{day}").parse().ok()
}

#[test]
fn persons_of_1998_are_found() {
    let Some(folder) = super::archive::shared("data/ner/ieer") else { return };
    let measured = measure(&super::items::tagger(), &folder);
    assert!(measured.articles >= 40, "{measured:?}");
    assert!(measured.counts.f1() >= 0.91, "{measured:?}");
}
