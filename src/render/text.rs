//! The *text* of a response: hits, facets and timeline laid out for a person at a terminal.

use std::io;
use std::io::Write;

use crate::article::Kind;
use crate::article::Place;
use crate::render::chart;
use crate::render::chart::thousands;
use crate::render::layout::Line;
use crate::render::layout::Mark;
use crate::render::style::Paint;
use crate::render::style::Style;
use crate::search::response::Explained;
use crate::search::response::FacetCounts;
use crate::search::response::Hit;
use crate::search::response::SearchResponse;
use crate::search::response::Snippet;

/// Columns before what belongs to a headline.
const INDENT: usize = 2;
/// Values of one facet on the line of tags.
const MAX_TAGS: usize = 3;
/// Lines of the passage of a hit that has one.
const ONE_PASSAGE_LINES: usize = 2;

pub(crate) fn response(response: &SearchResponse, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut sections = Sections { any: false, out };
    if let Some(explained) = &response.explain {
        explanation(explained, style, sections.next()?)?;
    }
    for found in &response.hits {
        hit(found, style, sections.next()?)?;
    }
    if response.facets.iter().any(|(_, counts)| !counts.values.is_empty()) {
        chart::facets(&response.facets, style, sections.next()?)?;
    }
    match &response.timeline {
        Some(timeline) if response.total > 0 => chart::timeline(timeline, style, sections.next()?),
        _ => Ok(()),
    }
}

pub(crate) fn facet(name: &str, counts: &FacetCounts, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let lines = chart::facet(name, counts, style.prose());
    lines.iter().try_for_each(|line| line.write_line(out, style, 0))
}

/// Parts with an empty line between them.
struct Sections<'a> {
    any: bool,
    out: &'a mut dyn Write,
}

impl Sections<'_> {
    fn next(&mut self) -> io::Result<&mut dyn Write> {
        if self.any {
            writeln!(self.out)?;
        }
        self.any = true;
        Ok(self.out)
    }
}

/// Words shown of those that a wildcard stands for.
const SHOWN_WORDS: usize = 12;

fn explanation(explained: &Explained, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut understood = Line::new("understood as  ", Paint::Strong);
    understood.push(&explained.understood, Paint::Plain);
    understood.write_line(out, style, 0)?;
    let counts = explained.clauses.iter().map(|clause| thousands(clause.hits).len());
    let widest = counts.max().unwrap_or_default();
    for clause in &explained.clauses {
        let mut line = Line::new(&format!("{:>widest$}  ", thousands(clause.hits)), Paint::Plain);
        // A tree is at most 64 deep; beyond half of that the indent would say nothing more.
        line.pad(line.width() + INDENT * clause.depth.min(32) as usize);
        line.push(&clause.clause, Paint::Plain);
        if !clause.words.is_empty() {
            line.push(&format!("  = {}", listed(&clause.words)), Paint::Dim);
        }
        line.write_line(out, style, INDENT)?;
    }
    for filter in &explained.filters {
        Line::new(filter, Paint::Plain).write_line(out, style, INDENT)?;
    }
    if !explained.fed_back.is_empty() {
        let mut line = Line::new("ordered besides by  ", Paint::Plain);
        line.push(&listed(&explained.fed_back), Paint::Dim);
        line.write_line(out, style, INDENT)?;
    }
    Ok(())
}

/// The first words of a list, and how many more there are.
fn listed(words: &[String]) -> String {
    let shown = &words[..words.len().min(SHOWN_WORDS)];
    let more = match words.len() - shown.len() {
        0 => String::new(),
        more => format!(" … {} more", thousands(more as u64)),
    };
    shown.join(", ") + &more
}

fn hit(hit: &Hit, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for line in headline(hit).wrap(style.prose()) {
        line.write_line(out, style, 0)?;
    }
    let room = style.prose() - INDENT;
    origin(hit, room).write_line(out, style, INDENT)?;
    let tags = tags(hit, room);
    if !tags.is_empty() {
        tags.write_line(out, style, INDENT)?;
    }
    for line in passages(&hit.snippets, room) {
        line.write_line(out, style, INDENT)?;
    }
    Ok(())
}

fn headline(hit: &Hit) -> Line {
    let matched = hit.snippets.iter().find(|s| s.field == Place::Headline && s.text == hit.headline);
    let marks = matched.map(|snippet| marks(snippet, Paint::StrongMatch)).unwrap_or_default();
    let headline = Line::marked(&hit.headline, &marks, Paint::Strong);
    if headline.width() == 0 { Line::new("(no headline)", Paint::Dim) } else { headline }
}

/// The line of date, source and id, or the file where no source is known; that gives way where the line is narrow.
fn origin(hit: &Hit, room: usize) -> Line {
    let date = hit.published.map_or_else(|| "undated".to_owned(), |date| date.to_string());
    let mut end = Line::new(&format!("  {}", hit.id), Paint::Dim);
    if hit.locations > 1 {
        end.push(&format!("  in {} places", thousands(hit.locations.into())), Paint::Dim);
    }
    let mut line = Line::new(&date, Paint::Plain);
    line.pad(10);
    let left = room.saturating_sub(line.width() + 2 + end.width());
    line.push("  ", Paint::Plain);
    let left = left.max(8);
    line.append(match &hit.source {
        Some(source) => Line::new(source, Paint::Plain).cut(left),
        // The end of a path tells files apart.
        None => Line::new(&hit.path, Paint::Dim).cut_front(left),
    });
    line.append(end);
    line
}

/// What the article is about, as many whole values as fit: each facet in turn gives its next most salient one.
fn tags(hit: &Hit, room: usize) -> Line {
    let facets = [Kind::Person, Kind::Country, Kind::Topic].map(|kind| (kind, values(kind, hit)));
    let mut counts = [0; 3];
    for turn in 1..=MAX_TAGS {
        for at in 0..facets.len() {
            let mut more = counts;
            more[at] = turn;
            let is_next = counts[at] + 1 == turn && facets[at].1.len() >= turn;
            if is_next && tag_line(&facets, more).width() <= room {
                counts = more;
            }
        }
    }
    tag_line(&facets, counts)
}

/// The values of one facet; of topics the last part of the path, where that is no country's name, and only those that
/// have no child among them.
fn values(kind: Kind, hit: &Hit) -> Vec<&str> {
    let values = hit.tags.get(kind.name()).map(Vec::as_slice).unwrap_or_default();
    if kind != Kind::Topic {
        return values.iter().map(String::as_str).collect();
    }
    let is_parent = |path: &str| {
        let child = |other: &String| other.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        values.iter().any(child)
    };
    let countries = hit.tags.get(Kind::Country.name()).map(Vec::as_slice).unwrap_or_default();
    let name = |path: &'_ String| match path.rsplit_once('/') {
        Some((_, leaf)) if !countries.iter().any(|country| country == leaf) => path.len() - leaf.len(),
        _ => 0,
    };
    values.iter().filter(|path| !is_parent(path)).map(|path| &path[name(path)..]).collect()
}

/// So many values of each facet, and how many more there are.
fn tag_line(facets: &[(Kind, Vec<&str>)], counts: [usize; 3]) -> Line {
    let mut line = Line::default();
    for ((kind, values), count) in facets.iter().zip(counts) {
        for value in &values[..count] {
            if !line.is_empty() {
                line.push(" · ", Paint::Dim);
            }
            line.push(value, Paint::Entity(*kind));
        }
        if count > 0 && values.len() > count {
            line.push(&format!(" +{}", values.len() - count), Paint::Dim);
        }
    }
    line
}

/// The passages of the body: of one, the two lines around its first match; of several, the line of each with its first.
fn passages(snippets: &[Snippet], room: usize) -> Vec<Line> {
    let body: Vec<&Snippet> = snippets.iter().filter(|snippet| snippet.field == Place::Body).collect();
    let each = (ONE_PASSAGE_LINES / body.len().max(1)).max(1);
    body.iter().flat_map(|snippet| passage(snippet, room, each)).collect()
}

/// So many lines of a passage, from the first that holds a match on, with `…` where something is left out.
fn passage(snippet: &Snippet, room: usize, most: usize) -> Vec<Line> {
    let whole = Line::marked(&snippet.text, &marks(snippet, Paint::Match), Paint::Plain);
    let lines = whole.wrap(room.saturating_sub(4));
    let first = lines.iter().position(|line| line.has(Paint::Match)).unwrap_or_default();
    let first = first.min(lines.len().saturating_sub(most));
    let end = (first + most).min(lines.len());
    let mut shown = Vec::with_capacity(most);
    for (at, line) in lines.iter().enumerate().take(end).skip(first) {
        let mut painted = Line::default();
        painted.push(if at == first && first > 0 { "… " } else { "" }, Paint::Dim);
        painted.append(line.clone());
        painted.push(if at + 1 == end && end < lines.len() { " …" } else { "" }, Paint::Dim);
        shown.push(painted);
    }
    shown
}

fn marks(snippet: &Snippet, paint: Paint) -> Vec<Mark> {
    snippet.highlights.iter().map(|range| Mark::new(*range, paint)).collect()
}
