//! *ALTO* is the text of one scanned page as a machine read it, word by word, in the versions 1 to 4 of its schema.
//!
//! A page is an article, a block a paragraph or more; hyphenated words are joined. The order is that of `ReadingOrder`,
//! else of `IDNEXT`, else of the file. What stands in the margins (running heads, page numbers) is left out where the
//! print space holds text. A page of an issue whose articles a METS file marks is read with that ([`crate::parse::mets`]).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::BufRead;
use std::ops::{ControlFlow, Range};

use crate::article::{Layout, NewsDate, Record};
use crate::parse::printed::{Line, Tail, Text, day_in};
use crate::parse::xml::{Element, Records, Step};
use crate::parse::{Context, Emit, Found, MAX_ARTICLE_BYTES, ParseError, fields};

/// Reads a file as an article a page.
pub(super) fn read(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    if let Some(issue) = context.beside.and_then(|beside| beside.claimant()) {
        let reason = format!("a page of {issue}, which says what its articles are");
        return Err(ParseError::NotNews { reason });
    }
    let mut number = 0u64;
    pages(source, &mut |page| {
        number += 1;
        let inside = (number > 1).then(|| format!("page {number}"));
        let body = page.text();
        emit(match body.is_empty() {
            true => Found::NotAnArticle { reason: "a page without text".to_owned() },
            false => Found::Article(Record {
                published: page.day,
                language: page.language.clone(),
                layout: Layout::Paragraphs,
                inside,
                body,
                ..Record::default()
            }),
        })
    })?;
    match number {
        0 => Err(ParseError::Failed { reason: "expected a Page in this ALTO file, found none".to_owned() }),
        _ => Ok(()),
    }
}

/// The text of a page.
#[derive(Default)]
pub(super) struct Page {
    /// Its lines, each with the number of its block, in the order of the file.
    lines: Vec<(usize, Line)>,
    /// Which lines a block, a group of blocks or a line is, by name.
    spans: HashMap<String, Range<usize>>,
    /// The blocks in the order of reading.
    order: Vec<Range<usize>>,
    language: Option<String>,
    day: Option<NewsDate>,
}

impl Page {
    /// All its text.
    fn text(&self) -> String {
        let mut text = Text::default();
        self.order.iter().for_each(|span| self.add(span.clone(), &mut text));
        text.done()
    }

    /// How many bytes of text it holds.
    pub(super) fn bytes(&self) -> usize {
        self.lines.iter().map(|(_, line)| line.text.len() + line.id.len()).sum()
    }

    /// Adds the lines from one element to another, by name; false where there is no such element.
    pub(super) fn add_area(&self, begin: Option<&str>, end: Option<&str>, text: &mut Text) -> bool {
        let Some(begin) = begin else {
            self.order.iter().for_each(|span| self.add(span.clone(), text));
            return true;
        };
        let Some(first) = self.spans.get(begin) else { return false };
        let last = end.and_then(|end| self.spans.get(end)).filter(|last| last.end >= first.end);
        self.add(first.start..last.unwrap_or(first).end, text);
        true
    }

    fn add(&self, span: Range<usize>, text: &mut Text) {
        let mut block = None;
        for (own, line) in self.lines.get(span).unwrap_or_default() {
            if block.replace(*own) != Some(*own) {
                text.block();
            }
            text.line(line);
        }
    }
}

/// Hands on the pages of a file one by one.
pub(super) fn pages(
    source: &mut dyn BufRead,
    each: &mut dyn FnMut(Page) -> ControlFlow<()>,
) -> Result<(), ParseError> {
    let mut records = Records::new(source)?;
    let (mut day, mut order, mut making) = (None, Vec::new(), None::<Making>);
    let part = |name: &str| {
        matches!(name, "alto" | "Layout" | "Page" | "PrintSpace" | "ComposedBlock")
            || name.ends_with("Margin")
    };
    let ended = loop {
        let step = match records.next(&part) {
            Ok(Some(step)) => step,
            Ok(None) => break None,
            Err(error) => break Some(error),
        };
        match step {
            Step::Whole(element) if element.name == "Description" => {
                let file = element.at("sourceImageInformation/fileName").and_then(Element::line);
                day = file.and_then(|file| day_in(&file));
            }
            Step::Whole(element) if element.name == "ReadingOrder" => {
                let refs = element.descendants("ElementRef");
                order = refs.iter().filter_map(|one| one.attribute("REF").map(str::to_owned)).collect();
            }
            Step::Enter(element) if element.name == "Page" => {
                making = Some(Making { page: Page { day, ..Page::default() }, ..Making::default() });
            }
            Step::Leave(name) if name == "Page" => {
                if let Some(made) = making.take()
                    && each(made.done(&order)).is_break()
                {
                    return Ok(());
                }
            }
            step => {
                if let Some(making) = &mut making {
                    making.step(step)?;
                }
            }
        }
    };
    // Where the file breaks off within a page, what was read of it is there.
    let cut = making.take_if(|made| !made.page.lines.is_empty()).map(|made| made.done(&order));
    match (cut.is_some_and(|page| each(page).is_break()), ended) {
        (_, Some(error)) => Err(error),
        (_, None) if making.is_some() => {
            Err(ParseError::Failed { reason: "the file ends before its </Page>".to_owned() })
        }
        (_, None) => Ok(()),
    }
}

/// A page that is being read.
#[derive(Default)]
struct Making {
    page: Page,
    blocks: Vec<Block>,
    /// The groups and margins that are open: their names, and the line each began at.
    open: Vec<(Option<String>, usize)>,
    margins: usize,
    languages: BTreeMap<String, usize>,
    bytes: usize,
}

struct Block {
    id: Option<String>,
    next: Option<String>,
    lines: Range<usize>,
    margin: bool,
}

impl Making {
    fn step(&mut self, step: Step) -> Result<(), ParseError> {
        match step {
            Step::Enter(element) => {
                self.margins += usize::from(element.name.ends_with("Margin"));
                self.open.push((element.attribute("ID").map(str::to_owned), self.page.lines.len()));
            }
            Step::Leave(name) => {
                self.margins -= usize::from(name.ends_with("Margin")).min(self.margins);
                if let Some((Some(id), start)) = self.open.pop() {
                    self.page.spans.insert(id, start..self.page.lines.len());
                }
            }
            Step::Whole(element) if element.name == "TextBlock" => self.block(&element),
            Step::Whole(_) => {}
        }
        match self.bytes > MAX_ARTICLE_BYTES {
            true => Err(ParseError::Failed { reason: "a page of more than 16 MiB of text".to_owned() }),
            false => Ok(()),
        }
    }

    fn block(&mut self, element: &Element) {
        let start = self.page.lines.len();
        let number = self.blocks.len();
        let mut lines: Vec<(Option<f64>, Line)> = element.children("TextLine").map(line).collect();
        mark_indented(&mut lines);
        for (_, line) in lines {
            self.bytes += line.text.len() + line.id.len();
            if !line.id.is_empty() {
                let at = self.page.lines.len();
                self.page.spans.insert(line.id.clone(), at..at + 1);
            }
            self.page.lines.push((number, line));
        }
        let lines = start..self.page.lines.len();
        let id = element.attribute("ID").map(str::to_owned);
        if let Some(id) = &id {
            self.page.spans.insert(id.clone(), lines.clone());
        }
        let language = element.attribute("LANG").or_else(|| element.attribute("language"));
        if let Some(language) = language.and_then(fields::language) {
            *self.languages.entry(language).or_default() += lines.len();
        }
        let next = element.attribute("IDNEXT").map(str::to_owned);
        self.blocks.push(Block { id, next, lines, margin: self.margins > 0 });
    }

    fn done(self, order: &[String]) -> Page {
        let Self { mut page, mut blocks, languages, .. } = self;
        if blocks.iter().any(|block| !block.margin && !block.lines.is_empty()) {
            blocks.retain(|block| !block.margin);
        }
        if order.is_empty() {
            page.order = chained(&blocks);
        } else {
            let ranks: HashMap<&str, usize> =
                order.iter().enumerate().rev().map(|(rank, id)| (id.as_str(), rank)).collect();
            let lines = &page.lines;
            // One may be named itself, or its first line.
            blocks.sort_by_cached_key(|block| {
                let line = lines.get(block.lines.start).map(|(_, line)| line.id.as_str());
                let own = block.id.as_deref().and_then(|id| ranks.get(id));
                own.or_else(|| ranks.get(line?)).copied().unwrap_or(usize::MAX)
            });
            page.order = blocks.into_iter().map(|block| block.lines).collect();
        }
        page.language = languages.into_iter().max_by_key(|(_, lines)| *lines).map(|(language, _)| language);
        page
    }
}

/// The blocks in the order their `IDNEXT` names; in that of the file where they name none.
fn chained(blocks: &[Block]) -> Vec<Range<usize>> {
    let numbers: HashMap<&str, usize> =
        blocks.iter().enumerate().filter_map(|(at, block)| Some((block.id.as_deref()?, at))).collect();
    let next = |at: usize| numbers.get(blocks[at].next.as_deref()?).copied();
    let targets: HashSet<usize> = (0..blocks.len()).filter_map(next).collect();
    let (mut order, mut done) = (Vec::new(), vec![false; blocks.len()]);
    let starts = (0..blocks.len()).filter(|at| !targets.contains(at));
    // Those of a circle have no beginning; they come last.
    for start in starts.chain(0..blocks.len()) {
        let mut at = Some(start);
        while let Some(own) = at.filter(|own| !done[*own]) {
            done[own] = true;
            order.push(blocks[own].lines.clone());
            at = next(own);
        }
    }
    order
}

/// A line, and where it begins on the page.
fn line(element: &Element) -> (Option<f64>, Line) {
    let mut line = Line { id: element.attribute("ID").unwrap_or_default().to_owned(), ..Line::default() };
    for part in element.elements() {
        match part.name.as_str() {
            "String" => {
                let kind = part.attribute("SUBS_TYPE");
                let whole = part.attribute("SUBS_CONTENT").filter(|_| kind == Some("HypPart1"));
                line.continues |= kind == Some("HypPart2") && line.text.is_empty();
                line.tail = match (kind, whole) {
                    (Some("HypPart1"), Some(_)) => Tail::Substituted,
                    _ => Tail::Open,
                };
                line.word(whole.or_else(|| part.attribute("CONTENT")).unwrap_or_default());
            }
            "HYP" if line.tail == Tail::Open => line.hyphenate(),
            _ => {}
        }
    }
    (element.attribute("HPOS").and_then(|text| text.parse().ok()), line)
}

/// Marks the lines that are set in a little, as the first lines of paragraphs are.
fn mark_indented(lines: &mut [(Option<f64>, Line)]) {
    let mut edges: Vec<f64> = lines.iter().filter_map(|(left, _)| *left).filter(|x| x.is_finite()).collect();
    edges.sort_by(f64::total_cmp);
    let (Some(edge), Some(last)) = (edges.get(edges.len() / 3), edges.last()) else { return };
    let least = (last - edge) / 4.0;
    for (left, line) in lines.iter_mut().skip(1) {
        line.indented = least > 0.0 && left.is_some_and(|left| left - edge > least);
    }
}

#[cfg(test)]
mod tests;
