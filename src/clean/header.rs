//! The *header* is what stands above an article's text: headline, byline, date line, dateline. This file reads the
//! first lines of a text and takes those off that are of the header.

use std::collections::HashSet;

use crate::article::{Layout, NewsDate};
use crate::clean::lines::Line;
use crate::clean::{Context, Story, View, dateline, dates, headline, lines};
use crate::taxonomy::boilerplate::Words;

/// Takes the header off; whether there was any. It goes on until no line of a header stands first.
pub(super) fn strip(story: &mut Story, view: &View, context: &Context<'_>) -> bool {
    let words = context.boilerplate.words();
    let mut changed = false;
    while strip_one(story, view, words) {
        changed = true;
    }
    changed
}

/// Whether the line has the shape of a byline or a date.
pub(super) fn is_header(text: &str, words: &Words) -> bool {
    byline(text, words).is_some() || dates::line(text, words).is_some()
}

/// A byline's names without the word that opens it.
pub(super) fn without_by<'a>(text: &'a str, words: &Words) -> &'a str {
    after_by(text, words).filter(|names| !names.is_empty()).unwrap_or(text)
}

/// The names of a byline, and the date that follows them: "Jane Doe March 11, 2015 3:46 PM".
pub(super) fn split_date(text: &str, words: &Words) -> (String, Option<NewsDate>) {
    if text.len() > 300 {
        return (text.to_owned(), None);
    }
    let starts =
        text.char_indices().filter(|(at, _)| *at == 0 || text[..*at].ends_with([' ', '|', '(', ',']));
    let date = |at: usize| Some((at, dates::line(text[at..].trim_end_matches([')', ' ']), words)?));
    match starts.filter_map(|(at, _)| date(at)).next() {
        Some((at, date)) => {
            (text[..at].trim_end_matches([' ', ',', '|', '(', '-', '–', '—', '•', '·']).to_owned(), date)
        }
        None => (text.to_owned(), None),
    }
}

fn strip_one(story: &mut Story, view: &View, words: &Words) -> bool {
    let Some(first) = story.lines.front().cloned() else { return false };
    // A made headline is its own text again, so the last line always stays.
    let next = story.lines.get(1).cloned();
    if let Some(date) = dates::line(&first.text, words).filter(|_| next.is_some()) {
        story.dated = story.dated.or(date);
        story.drop_first();
        return true;
    }
    if let Some((names, date)) =
        signed(&first.text, words).filter(|_| view.layout == Layout::Paragraphs && next.is_some())
    {
        story.dated = story.dated.or(Some(date));
        story.byline = story.byline.take().or(names);
        story.drop_first();
        return true;
    }
    let taken = next.is_some_and(|next| {
        strip_byline(story, &first, &next, words) || strip_headline(story, view, (&first, &next), words)
    });
    taken || strip_dateline(story, &first.text, words)
}

fn strip_byline(story: &mut Story, first: &Line, next: &Line, words: &Words) -> bool {
    if let Some(found) = byline(&first.text, words) {
        story.dated = story.dated.or(found.date);
        if story.byline.is_some() {
            story.drop_first();
        } else {
            story.byline = Some(found.names);
            story.lines.pop_front();
        }
        return true;
    }
    let alone = is_name(&first.text) && dateline::whole_line(&next.text, words).is_some()
        || story.headline.is_some() && first.gap && next.gap && is_desk(&first.text, words);
    let bare = story.byline.is_none() && alone;
    if bare {
        story.byline = Some(first.text.clone());
        story.lines.pop_front();
    }
    bare
}

/// Takes a headline off, or the repetition of one.
fn strip_headline(story: &mut Story, view: &View, (first, next): (&Line, &Line), words: &Words) -> bool {
    let title = is_title(first, next, view, words);
    match &story.headline {
        None if title => {
            story.headline = Some(first.text.clone());
            story.lines.pop_front();
            true
        }
        Some(headline) if first.text.len() < 2_000 && same(headline, &first.text) => {
            // A headline made from the lead may read as the line it was made from, which has to stay.
            let made = headline::without_stop(&first.text, words) == first.text
                && first.text.chars().count() <= headline::LONGEST + 1;
            if made && !title {
                return false;
            }
            story.drop_first();
            true
        }
        _ => false,
    }
}

fn strip_dateline(story: &mut Story, first: &str, words: &Words) -> bool {
    let whole = dateline::whole_line(first, words).filter(|_| story.lines.len() > 1);
    let Some(found) = whole.or_else(|| dateline::opening(first, words)) else { return false };
    if story.dateline.as_ref().is_some_and(|known| !same(known, &found.text)) {
        return false;
    }
    story.dated = story.dated.or_else(|| dates::in_text(&found.text, words));
    story.dateline.get_or_insert(found.text);
    match story.lines.front_mut() {
        Some(line) if found.end < first.len() => line.text = first[found.end..].to_owned(),
        _ => drop(story.lines.pop_front()),
    }
    true
}

/// Short, without full stop, above something longer or a gap, and nothing else that stands there.
fn is_title(first: &Line, next: &Line, view: &View, words: &Words) -> bool {
    let text = &first.text;
    if text.len() > 600 || next.text.is_empty() {
        return false;
    }
    let chars = text.chars().count();
    let count = text.split_whitespace().count();
    let enough = count >= 2 || text.chars().filter(|c| lines::is_cjk(*c)).count() >= 5;
    let longer = !view.wrapped && next.text.len() >= 80 && next.text.len() * 2 >= text.len() * 3;
    let below = next.gap || longer || (!view.wrapped || next.indented) && is_header(&next.text, words);
    let begins = text.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
    let ends = text.trim_end_matches(lines::is_closing).ends_with(['.', '。', ',', ';', ':', '：', '…']);
    enough
        && count <= 20
        && chars <= 150
        && below
        && begins
        && !ends
        && !lines::is_item(text)
        && text.chars().any(char::is_alphabetic)
        && dateline::whole_line(text, words).is_none()
        && dateline::opening(text, words).is_none()
}

fn same(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

struct Byline {
    names: String,
    date: Option<NewsDate>,
}

/// "By" and names in capitals, alone on the line or before a bar and a date.
fn byline(text: &str, words: &Words) -> Option<Byline> {
    if text.len() > 300 {
        return None;
    }
    let rest = after_by(text, words)?;
    let mut parts = rest.split(['|', '•', '·']).map(str::trim);
    let names = parts.next()?.trim_end_matches([',', ':', '-', ' ']);
    let date = parts.find_map(|part| dates::in_text(part, words));
    let count = names.split_whitespace().count();
    let stops = names.ends_with(['!', '?', '。'])
        || names.ends_with('.') && headline::without_stop(names, words) != names;
    let shaped =
        (1..=12).contains(&count) && names.chars().count() <= 100 && !stops && are_names(names, words);
    shaped.then(|| Byline { names: names.to_owned(), date })
}

fn after_by<'a>(text: &'a str, words: &Words) -> Option<&'a str> {
    let end = text.find([' ', ':', '：'])?;
    let opens = words.byline.contains(&text[..end].to_lowercase());
    opens.then(|| text[end..].trim_start_matches([' ', ':', '：']))
}

/// A line that opens with the day, or with who wrote it or that it was published and tells the day, and is no sentence:
/// "Posted by Jane Doe on June 3, 2019", "2/26/2015 7:11 AM by staff". What it names, and the day.
fn signed(text: &str, words: &Words) -> Option<(Option<String>, NewsDate)> {
    if text.len() > 150 || text.split(' ').count() > 16 || text.ends_with(['.', '!', '?', ':', '。']) {
        return None;
    }
    let date = dates::in_text(text, words).filter(|date| date.is_day())?;
    let all: Vec<&str> = text.split(' ').filter(|word| !bare(word).is_empty()).collect();
    let is_of = |word: &&str, list: &HashSet<String>| list.contains(&bare(word).to_lowercase());
    let by = all.iter().position(|word| is_of(word, &words.byline));
    let names = by.map(|at| {
        let names = all[at + 1..].iter().take_while(|word| bare(word).starts_with(char::is_uppercase));
        names.copied().collect::<Vec<_>>().join(" ")
    });
    let names = names.map(|names| split_date(names.trim_end_matches([',', ' ', '•', '|']), words).0);
    let names = names.filter(|names| are_names(names, words));
    let first = all.first()?;
    let dated = || dates::in_text(&all[..all.len().min(4)].join(" "), words).is_some();
    let says = all.iter().any(|word| is_of(word, &words.published) || is_of(word, &words.updated));
    let opens = is_of(first, &words.published)
        || is_of(first, &words.updated)
        || by == Some(0) && names.is_some()
        || (by.is_some() || says) && dated();
    opens.then_some((names, date))
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Two words in capitals before the first comma, or an agency.
fn are_names(names: &str, words: &Words) -> bool {
    let first = names.split(',').next().unwrap_or_default();
    if words.agencies.contains(&first.to_lowercase()) || is_desk(first, words) {
        return true;
    }
    let parts: Vec<&str> = first.split_whitespace().collect();
    let capitals = parts.iter().filter(|part| part.starts_with(char::is_uppercase)).count();
    let small = parts.iter().filter(|part| !part.starts_with(char::is_uppercase)).all(|part| part.len() <= 3);
    let wide = first.chars().filter(|c| lines::is_cjk(*c)).count();
    let starts =
        first.starts_with(char::is_uppercase) && capitals >= 2 && capitals * 3 >= parts.len() * 2 && small;
    (starts && !first.chars().any(|c| c.is_ascii_digit())) || (2..=12).contains(&wide)
}

/// A newspaper's own name for who wrote it: "Foreign desk", "Redacción de deportes".
fn is_desk(text: &str, words: &Words) -> bool {
    let named = |word: Option<&str>| word.is_some_and(|word| words.desks.contains(&word.to_lowercase()));
    let plain = text.chars().all(|c| c.is_alphabetic() || " -'’&".contains(c));
    let count = text.split(' ').count();
    let cjk = text.chars().all(lines::is_cjk) && words.desks.iter().any(|desk| text.ends_with(desk.as_str()));
    let begins = text.starts_with(char::is_uppercase) && count <= 5;
    text.len() <= 60
        && plain
        && (cjk || begins && (named(text.split(' ').next_back()) || named(text.split(' ').next())))
}

/// Two to four words in capitals and nothing else.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let name = |word: &&str| {
        word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || "-'’.".contains(c))
    };
    text.len() <= 60 && (2..=4).contains(&words.len()) && words.iter().all(name)
}
