//! *Markdown*: front matter in YAML (`---`) or TOML (`+++`), then text with light markup.
//!
//! The names of front matter fields are those of the JSON [`Mapping`]. A link keeps its text; images, code blocks and
//! tags are dropped; list items, quotes and headings are paragraphs. The first `# heading` is the headline where
//! front matter has none. Front matter that cannot be read is dropped where its first line looks like a field, and
//! is text otherwise.

use std::io::BufRead;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde_json::{Map, Value};

use crate::article::{Layout, Record};
use crate::parse::json::Mapping;
use crate::parse::{Emit, ParseError, charset, emit_one, json, markup, whole};

/// The most bytes front matter may have; longer is text.
const MAX_FRONT_MATTER: usize = 64 << 10;

/// Reads a Markdown file as one article.
pub(super) fn read(
    source: &mut dyn BufRead,
    mapping: &Mapping,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let text = charset::decode(&whole(source)?);
    let (fields, text) = front_matter(&text);
    let metadata = json::record_of(&fields, mapping);
    let (heading, body) = render(text, metadata.headline.is_none());
    let headline = metadata.headline.clone().or(heading);
    emit_one(Record { headline, body, layout: Layout::Paragraphs, ..metadata }, emit)
}

/// The fields of the front matter and the text after it.
fn front_matter(text: &str) -> (Map<String, Value>, &str) {
    let text = text.trim_start_matches('\n');
    let Some((block, rest)) = delimited(text, "---").or_else(|| delimited(text, "+++")) else {
        return (Map::new(), text);
    };
    let fields = if text.starts_with('+') { toml_fields(block) } else { serde_norway::from_str(block).ok() };
    match fields {
        Some(fields) => (fields, rest),
        None if starts_like_fields(block) => (Map::new(), rest),
        None => (Map::new(), text),
    }
}

fn delimited<'a>(text: &'a str, fence: &str) -> Option<(&'a str, &'a str)> {
    let inner = text.strip_prefix(fence)?.trim_start_matches([' ', '\t']).strip_prefix('\n')?;
    let mut at = 0;
    for line in inner.split_inclusive('\n') {
        let end = line.trim_end();
        if end == fence || (end == "..." && fence == "---") {
            return Some((&inner[..at], &inner[at + line.len()..]));
        }
        at += line.len();
        if at > MAX_FRONT_MATTER {
            return None;
        }
    }
    None
}

fn toml_fields(block: &str) -> Option<Map<String, Value>> {
    let table: toml::Table = block.parse().ok()?;
    let value = |value: toml::Value| match value {
        toml::Value::Datetime(date) => Some(Value::String(date.to_string())),
        other => serde_json::to_value(other).ok(),
    };
    Some(table.into_iter().filter_map(|(name, field)| Some((name, value(field)?))).collect())
}

fn starts_like_fields(block: &str) -> bool {
    let first = block.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let name = first.split([':', '=']).next().unwrap_or_default();
    name.len() < first.len() && !name.is_empty() && name.split_whitespace().count() <= 2
}

/// The text a paragraph a line, and apart from it the first top heading where one is wanted.
fn render(text: &str, take_heading: bool) -> (Option<String>, String) {
    let mut page = Page { take_heading, ..Page::default() };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        page.event(event);
    }
    page.end_line();
    (page.heading, page.body)
}

#[derive(Default)]
struct Page {
    take_heading: bool,
    in_heading: bool,
    heading: Option<String>,
    /// How many images and code blocks are open.
    silent: usize,
    html: String,
    line: String,
    body: String,
}

impl Page {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Image { .. } | Tag::CodeBlock(_)) => self.silent += 1,
            Event::End(TagEnd::Image | TagEnd::CodeBlock) => self.silent = self.silent.saturating_sub(1),
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })
                if self.take_heading && self.heading.is_none() =>
            {
                self.end_line();
                self.in_heading = true;
            }
            Event::End(TagEnd::HtmlBlock) => {
                self.end_line();
                let html = std::mem::take(&mut self.html);
                self.body.push_str(&markup::paragraphs(&html));
            }
            Event::Html(html) => self.html.push_str(&html),
            Event::Text(text) | Event::Code(text) if self.silent == 0 => self.line.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => self.line.push(' '),
            Event::Start(tag) if is_block(&tag.to_end()) => self.end_line(),
            Event::End(tag) if is_block(&tag) => self.end_line(),
            _ => {}
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.is_empty() {
            return;
        }
        if std::mem::take(&mut self.in_heading) {
            self.heading = Some(words.join(" "));
        } else {
            self.body.push_str(&words.join(" "));
            self.body.push('\n');
        }
    }
}

fn is_block(tag: &TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::TableCell
    )
}
