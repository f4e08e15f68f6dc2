//! *Cleaning* makes an article of a record: the text without the debris of the page it stood on, one paragraph a
//! line, with headline, byline, dateline, publication date and language where they can be known.
//!
//! It works in rounds over the lines of the text until nothing changes, so that cleaning a clean article changes
//! nothing: `debris` marks and takes lines, `header` reads the first ones, `lines` joins wrapped ones. It does
//! no I/O and knows no format; what it took out stands in [`Article::removed`].

mod dateline;
mod dates;
mod debris;
mod header;
mod headline;
mod language;
mod lines;
mod names;
pub mod survey;

use std::collections::{BTreeMap, VecDeque};

use crate::article::{Article, DateOrigin, Layout, NewsDate, Record};
use crate::clean::lines::Line;
use crate::taxonomy::boilerplate::Boilerplate;

pub use crate::clean::survey::{Repeated, Survey};

/// What cleaning knows beside the record.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What debris looks like.
    pub boilerplate: &'a Boilerplate,
    /// Lines that stand in many articles of a group.
    pub repeated: &'a Repeated,
    /// The group of sources the record is of, as it was named to the survey.
    pub group: &'a str,
    /// The source file, `/` between folders: below the archive's root, or absolute.
    pub path: &'a str,
}

/// Makes an article of a record. Pure; takes time linear in the text; cleaning an article again changes nothing.
pub fn clean(record: Record, context: &Context<'_>) -> Article {
    let mut story = Story::new(&record, context);
    story.tidy(record.layout, context);
    let (published, published_from) = published(&record, &story, context);
    let body = story.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
    let words = context.boilerplate.words();
    Article {
        headline: story.headline.unwrap_or_else(|| headline::from_lead(&body, words)),
        byline: story.byline,
        dateline: story.dateline,
        source: tidy(record.source),
        section: tidy(record.section),
        url: tidy(record.url),
        published,
        published_from,
        language: language::of(record.language.as_deref(), &body, words),
        body,
        given: given(record.given),
        published_time: record.published_time.filter(|_| published_from == Some(DateOrigin::Metadata)),
        updated: record.updated,
        inside: record.inside,
        removed: removed(story.removed),
    }
}

/// A record on its way to an article.
struct Story {
    lines: VecDeque<Line>,
    headline: Option<String>,
    byline: Option<String>,
    dateline: Option<String>,
    /// The first date that stands at the top of the text, or beside it.
    dated: Option<NewsDate>,
    removed: Vec<Removed>,
}

/// Text taken out, with the numbers of the first and last line it stood on.
struct Removed {
    at: usize,
    last: usize,
    text: String,
}

/// One round's changes can open the way for another's; texts settle in two or three.
const ROUNDS: usize = 16;

impl Story {
    fn new(record: &Record, context: &Context<'_>) -> Self {
        let words = context.boilerplate.words();
        let byline = tidy(record.byline.clone());
        let byline = byline.map(|text| header::without_by(&text, words).to_owned());
        let (byline, signed) = byline.map(|text| header::split_date(&text, words)).unwrap_or_default();
        let dateline = tidy(record.dateline.clone());
        let beside = dateline.iter().chain(&record.dated);
        Self {
            lines: lines::split(&record.body),
            headline: tidy(record.headline.clone()),
            byline: tidy(Some(byline)),
            dated: beside.filter_map(|text| dates::in_text(text, words)).next().or(signed),
            dateline,
            removed: Vec::new(),
        }
    }

    fn tidy(&mut self, layout: Layout, context: &Context<'_>) {
        let wrapped = layout != Layout::Paragraphs && lines::are_wrapped(&self.lines);
        let mut view = View { layout, wrapped };
        for round in 0..ROUNDS {
            let mut changed = debris::strip(self, &view, context);
            if layout != Layout::Wire {
                changed |= header::strip(self, &view, context);
            }
            if layout != Layout::Paragraphs {
                changed |= lines::join(&mut self.lines, view.wrapped);
            }
            // The second round sees paragraphs where the first saw lines.
            if !changed && (round > 0 || !wrapped) {
                return;
            }
            view.wrapped = false;
        }
    }

    /// Takes the first line out and reports it.
    fn drop_first(&mut self) {
        if let Some(line) = self.lines.pop_front() {
            self.removed.push(Removed { at: line.at, last: line.last, text: line.text });
        }
    }
}

/// How a round looks at the lines.
struct View {
    layout: Layout,
    /// Paragraphs still run over several lines.
    wrapped: bool,
}

fn removed(mut all: Vec<Removed>) -> Vec<String> {
    all.sort_by_key(|removed| removed.at);
    let mut runs: Vec<Removed> = Vec::new();
    for removed in all {
        match runs.last_mut() {
            Some(run) if removed.at <= run.last + 1 => {
                run.text.push('\n');
                run.text.push_str(&removed.text);
                run.last = run.last.max(removed.last);
            }
            _ => runs.push(removed),
        }
    }
    runs.into_iter().map(|run| run.text).collect()
}

fn published(
    record: &Record,
    story: &Story,
    context: &Context<'_>,
) -> (Option<NewsDate>, Option<DateOrigin>) {
    let words = context.boilerplate.words();
    let url = || names::in_url(record.url.as_deref()?, words);
    let day = |url: &NewsDate| story.dated.filter(|day| names::lies_in(*day, *url)).unwrap_or(*url);
    let found = (record.published.map(|date| (date, DateOrigin::Metadata)))
        .or_else(|| url().map(|date| (day(&date), DateOrigin::Url)))
        .or_else(|| story.dated.map(|date| (date, DateOrigin::Dateline)))
        .or_else(|| names::in_path(context.path, words));
    (found.map(|(date, _)| date), found.map(|(_, origin)| origin))
}

/// A value with single spaces; none where nothing is left.
fn tidy(value: Option<String>) -> Option<String> {
    let value = lines::collapse(&value?);
    (!value.is_empty()).then_some(value)
}

fn given(given: BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    let mut kept = BTreeMap::new();
    for (field, values) in given {
        let values: Vec<String> = values.into_iter().filter_map(|value| tidy(Some(value))).collect();
        if !values.is_empty() {
            kept.insert(field, values);
        }
    }
    kept
}

#[cfg(test)]
mod measured;
#[cfg(test)]
mod tests;
