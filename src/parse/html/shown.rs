//! What a page *shows* of its article beside the text: its headline, who wrote it, and the lines that may say when it was
//! published.

use std::collections::BTreeSet;

use dom_query::{Document, NodeRef};

use crate::parse::fields;
use crate::parse::html::names::NAMES;
use crate::parse::html::{folded, furniture};

/// The longest line that is looked at for a date, in bytes.
const MAX_LINE: usize = 200;
/// How many lines below the headline may state the date.
const BELOW: usize = 10;
/// The longest date that has a text before it which says what it is the date of, and the longest such text, in bytes.
const MAX_LABEL: usize = 30;
/// The most elements that are looked at for a date or a byline.
const MAX_ELEMENTS: usize = 300;
/// The longest text that is looked at for a date, in bytes: white space and all.
const MAX_TEXT: usize = 1_000;
/// The most lines of a kind.
const MAX_LINES: usize = 8;

const HEADINGS: [&str; 3] = ["h1", "h2", "h3"];

/// The lines of a page that may state the day of publication, likeliest first: below the headline what calls itself a date,
/// then other lines; then what calls itself a date above: there the day may stand on which the page was saved.
pub(super) fn dates(document: &Document, title: &str) -> Vec<String> {
    let Some(body) = document.body() else { return Vec::new() };
    let title = folded(title);
    let (mut above, mut named, mut below) = (Vec::new(), Vec::new(), Vec::new());
    let (mut left, mut elements) = (0, 0);
    let mut before = String::new();
    let mut seen = false;
    for node in body.descendants_it() {
        if node.is_text() {
            let text = node.text();
            if left == 0 || text.len() > MAX_TEXT || text.trim().is_empty() || furniture::is_hidden(&node) {
                continue;
            }
            left -= 1;
            // What a date is the date of often stands in an element of its own before it.
            let label = if text.trim().len() <= MAX_LABEL { before.as_str() } else { "" };
            below.extend(fields::line(&format!("{label} {text}")).filter(|_| may_be_date(&text)));
            let is_heading =
                node.parent().is_some_and(|above| HEADINGS.iter().any(|name| above.has_name(name)));
            let is_label = |text: &String| !is_heading && text.len() <= MAX_LABEL;
            before = fields::line(&text).filter(is_label).unwrap_or_default();
        } else if is_headline(&node, &title) {
            left = BELOW;
            seen = true;
        } else if elements < MAX_ELEMENTS && NAMES.is_date(&node) {
            elements += 1;
            let line = furniture::shown(&node, MAX_LINE).filter(|line| may_be_date(line));
            // A date in a table is one of what the article tells.
            let line = line.filter(|_| !node.ancestors_it(None).any(|above| above.has_name("table")));
            if seen {
                named.extend(line);
            } else {
                above.extend(line);
            }
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for line in named.into_iter().take(MAX_LINES).chain(below).chain(above.into_iter().take(MAX_LINES)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// The longest line that is taken for a byline, in bytes and in words.
const MAX_BYLINE: (usize, usize) = (80, 8);

/// Who wrote the article, as the page shows it: best in so many words, else in an element so named; below the headline, if
/// there is something.
pub(super) fn byline(document: &Document) -> Option<String> {
    let body = document.body()?;
    let (mut best, mut below, mut elements) = (None, false, 0);
    for node in body.descendants_it().filter(NodeRef::is_element) {
        below |= node.has_name("h1");
        let marked = is_marked(&node);
        if !marked && !NAMES.is_byline(&node) {
            continue;
        }
        elements += 1;
        if elements > MAX_ELEMENTS {
            break;
        }
        let Some(line) = furniture::shown(&node, MAX_LINE).filter(|line| is_byline(line)) else { continue };
        let rank = (below, marked);
        if best.as_ref().is_some_and(|(before, _)| *before >= rank)
            || node.ancestors_it(None).any(|above| furniture::is_aside(&above))
        {
            continue;
        }
        best = fields::byline([line.as_str()]).map(|names| (rank, names)).or(best);
    }
    best.map(|(_, names)| names)
}

/// Whether an element is marked as the author in so many words.
fn is_marked(node: &NodeRef<'_>) -> bool {
    let mut marks = ["rel", "itemprop"].into_iter().filter_map(|name| node.attr(name));
    marks.any(|marks| marks.split_ascii_whitespace().any(|mark| mark.eq_ignore_ascii_case("author")))
}

fn is_byline(line: &str) -> bool {
    line.len() <= MAX_BYLINE.0 && line.split(' ').count() <= MAX_BYLINE.1
}

/// The headline as the page shows it, where that of its metadata is nearly the same, or is that and more: the name of the site,
/// of a section. What a page tells search engines and what it prints differ by a word or two.
pub(super) fn headline(document: &Document, stated: &str) -> Option<String> {
    let headings = document.select("h1, h2, h3");
    let headings = headings.nodes();
    let longer = headings.iter().take(MAX_HEADINGS).find_map(|heading| {
        let shown = furniture::shown(heading, MAX_LINE)?;
        let parts = |c: char| !c.is_alphanumeric() && !"'’\"”“,;!?…".contains(c);
        let below = |rest: &str| rest.trim_start().starts_with(|c: char| c != ':' && parts(c));
        let above = |rest: &str| rest.trim_end().ends_with(parts);
        let apart = stated.strip_prefix(shown.as_str()).is_some_and(below)
            || stated.strip_suffix(shown.as_str()).is_some_and(above);
        let long = shown.split(' ').count() >= 3 || folded(&shown).chars().count() >= 12;
        (apart && long).then_some(shown)
    });
    longer.or_else(|| {
        headings.iter().take(MAX_HEADINGS).find_map(|heading| {
            // Below the first order stand the headlines of others, some of them much like this.
            let least = if heading.has_name("h1") { 6 } else { 10 };
            let shown = furniture::shown(heading, MAX_LINE)?;
            (!stated.starts_with(&shown) && is_alike(&shown, stated, least)).then_some(shown)
        })
    })
}

/// The most headings that are compared with the headline.
const MAX_HEADINGS: usize = 100;

/// Whether so many tenths of the longer words of two headlines are the same.
fn is_alike(one: &str, other: &str, tenths: usize) -> bool {
    let [one, other] = [one, other].map(str::to_lowercase);
    let [one, other] = [one.as_str(), other.as_str()].map(|text| -> BTreeSet<&str> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| word.chars().nth(3).is_some()).collect()
    });
    one.intersection(&other).count() * 10 >= one.union(&other).count() * tenths && one.len() >= 3
}

fn is_headline(node: &NodeRef<'_>, title: &str) -> bool {
    if node.has_name("h1") {
        return true;
    }
    ["h2", "h3"].iter().any(|name| node.has_name(name))
        && furniture::shown(node, MAX_LINE).is_some_and(|text| folded(&text) == title)
}

/// Whether a line has a year in it, of this century or the last.
fn may_be_date(line: &str) -> bool {
    let year = |digits: &str| digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    line.len() <= MAX_LINE && line.split(|c: char| !c.is_ascii_digit()).any(year)
}
