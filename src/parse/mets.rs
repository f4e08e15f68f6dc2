//! *METS* is the table of contents of a scanned issue: which blocks of which ALTO pages are which article, and what is
//! known of it.
//!
//! An article is a `div` of the logical `structMap` whose type is one of [`ARTICLES`]; title, names and dates come from the
//! MODS or Dublin Core section it points to, or from its label, and what it lacks from the divisions around it. The pages
//! lie beside or below the METS file; where they cannot be had (it is packed in another file), or where no articles are
//! marked, each page is an article of its own.

mod described;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

use crate::article::{Layout, Record};
use crate::parse::alto::{self, Page};
use crate::parse::issues::Beside;
use crate::parse::printed::Text;
use crate::parse::xml::{Element, Records, Step};
use crate::parse::{Context, Emit, Found, MAX_BYTES, ParseError, fields, not_news};

/// Types of divisions that are articles.
const ARTICLES: &[&str] = &[
    "ARTICLE",
    "NEWS",
    "NEWSITEM",
    "EDITORIAL",
    "LETTER",
    "OBITUARY",
    "REVIEW",
    "INTERVIEW",
    "REPORT",
    "COLUMN",
    "FEUILLETON",
    "SERIAL",
    "STORY",
    "POEM",
    "WEATHER",
    "ANNOUNCEMENT",
    "NOTICE",
    "DEATH_NOTICE",
];

/// Types of divisions that are none, whatever is in them.
const OTHERS: &[(&str, &str)] = &[
    ("ADVERTISEMENT", "an advertisement"),
    ("ADVERT", "an advertisement"),
    ("AD", "an advertisement"),
    ("ADVERTISEMENTS", "advertisements"),
    ("PUBLICITY", "an advertisement"),
    ("CLASSIFIED", "advertisements"),
];

/// Types of divisions that hold an article's headline.
const HEADLINES: &[&str] = &["HEADLINE", "HEADING", "TITLE", "ARTICLE_TITLE", "MAIN_TITLE"];

/// Types of divisions that hold an article's byline.
const BYLINES: &[&str] = &["AUTHOR", "BYLINE"];

/// Reads an issue as its articles.
pub(super) fn read(
    source: &mut dyn BufRead,
    context: &Context<'_>,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let outline = Outline::read(source)?;
    let Some(beside) = &context.beside else {
        return Err(not_news("a table of contents (METS) apart from its pages, which are read one by one"));
    };
    if outline.articles.is_empty() {
        return Err(not_news(
            "a table of contents (METS) that marks no articles: its pages are read one by one",
        ));
    }
    let mut shelf = Shelf { files: &outline.files, beside, pages: HashMap::new(), bytes: 0 };
    for piece in outline.articles {
        let flow = match piece {
            Piece::Other(reason) => emit(Found::NotAnArticle { reason }),
            Piece::Article(article) => article.read(&mut shelf).into_iter().try_for_each(&mut *emit),
        };
        if flow.is_break() {
            break;
        }
    }
    Ok(())
}

/// The pages that the articles of an issue stand on, as paths from its folder.
pub(super) fn pages(source: &mut dyn BufRead) -> Result<BTreeSet<String>, ParseError> {
    let outline = Outline::read(source)?;
    let articles = outline.articles.iter().filter_map(|piece| match piece {
        Piece::Article(article) => Some(article),
        Piece::Other(_) => None,
    });
    let areas = articles.flat_map(|article| [&article.headline, &article.byline, &article.body]).flatten();
    Ok(areas.filter_map(|area| outline.files.get(&area.file).cloned()).collect())
}

/// What a METS file says.
#[derive(Default)]
struct Outline {
    /// Paths of pages, by the names that divisions know them by.
    files: HashMap<String, String>,
    articles: Vec<Piece>,
}

enum Piece {
    Article(Box<Article>),
    Other(String),
}

#[derive(Default)]
struct Article {
    id: String,
    record: Record,
    headline: Vec<Area>,
    byline: Vec<Area>,
    body: Vec<Area>,
}

/// A stretch of a page: from one of its elements to another, or all of it.
struct Area {
    file: String,
    begin: Option<String>,
    end: Option<String>,
}

impl Outline {
    fn read(source: &mut dyn BufRead) -> Result<Self, ParseError> {
        let mut bounded = source.take(MAX_BYTES as u64 + 1);
        let outline = Self::parse(&mut bounded)?;
        if bounded.limit() == 0 { Err(ParseError::TooLarge { limit: MAX_BYTES }) } else { Ok(outline) }
    }

    fn parse(source: &mut dyn BufRead) -> Result<Self, ParseError> {
        let mut records = Records::new(source)?;
        let mut described = HashMap::new();
        let (mut files, mut maps) = (HashMap::new(), Vec::new());
        while let Some(step) = records.next(&|name| matches!(name, "mets" | "fileSec" | "fileGrp"))? {
            let Step::Whole(element) = step else { continue };
            match element.name.as_str() {
                "dmdSec" => {
                    if let Some(id) = element.attribute("ID") {
                        described.insert(id.to_owned(), described::record(&element));
                    }
                }
                "file" => files.extend(file(&element)),
                "structMap" => maps.push(element),
                _ => {}
            }
        }
        // The logical map is the one that knows articles; others say which page follows which.
        maps.sort_by_key(|map| {
            let kind = map.attribute("TYPE").or_else(|| map.attribute("LABEL")).unwrap_or_default();
            !kind.to_ascii_lowercase().contains("logical")
        });
        let articles = maps.iter().map(|map| {
            let mut articles = Vec::new();
            let around = Record::default();
            map.children("div").for_each(|div| walk(div, &around, &described, &mut articles));
            articles
        });
        let marked = |pieces: &Vec<Piece>| pieces.iter().any(|piece| matches!(piece, Piece::Article(_)));
        let articles = articles.into_iter().find(marked).unwrap_or_default();
        Ok(Self { files, articles })
    }
}

/// The name and path of a page's file.
fn file(element: &Element) -> Option<(String, String)> {
    let href = element.children("FLocat").find_map(|place| place.attribute("href"))?;
    let is_text = href.to_ascii_lowercase().ends_with(".xml");
    is_text.then(|| Some((element.attribute("ID")?.to_owned(), path(href)))).flatten()
}

/// The path that an address within the issue means: `file://./ALTO/0001.xml`, `.\alto\0001.xml`.
fn path(href: &str) -> String {
    let href = href.strip_prefix("file://").unwrap_or(href).replace('\\', "/").replace("%20", " ");
    href.trim_start_matches("./").to_owned()
}

/// Finds the articles in a division. Divisions nest no deeper than elements may.
fn walk(div: &Element, around: &Record, described: &HashMap<String, Record>, pieces: &mut Vec<Piece>) {
    let kind = kind(div);
    let own = own(div, described);
    if let Some((_, what)) = OTHERS.iter().find(|(name, _)| *name == kind) {
        let name = own.headline.or_else(|| div.attribute("ID").map(str::to_owned)).unwrap_or_default();
        pieces.push(Piece::Other(format!("{name}: {what}")));
        return;
    }
    if ARTICLES.contains(&kind.as_str()) {
        let id = div.attribute("ID").unwrap_or("an article").to_owned();
        let mut article = Article { id, record: fields::or(own, around.clone()), ..Article::default() };
        article.collect(div, Part::Body);
        pieces.push(Piece::Article(Box::new(article)));
        return;
    }
    // Title, publisher and subjects of an issue or a section are not those of its articles.
    let title = own.headline.clone();
    let own = Record { headline: None, byline: None, given: BTreeMap::new(), ..own };
    let mut here = fields::or(own, around.clone());
    match kind.as_str() {
        "SECTION" | "RUBRIC" | "CATEGORY" => here.section = title.or(here.section),
        "NEWSPAPER" | "ISSUE" | "VOLUME" | "JOURNAL" | "PERIODICAL" | "PUBLICATION" => {
            here.source = here.source.or(title);
        }
        _ => {}
    }
    div.children("div").for_each(|inner| walk(inner, &here, described, pieces));
}

/// The type of a division: `ARTICLE` of `np:article`.
fn kind(div: &Element) -> String {
    let kind = div.attribute("TYPE").unwrap_or_default();
    kind.rsplit(':').next().unwrap_or(kind).trim().to_ascii_uppercase()
}

/// What is said of a division: the sections it points to, then its label.
fn own(div: &Element, described: &HashMap<String, Record>) -> Record {
    let sections = div.attribute("DMDID").unwrap_or_default().split_whitespace();
    let own = sections
        .filter_map(|id| described.get(id))
        .fold(Record::default(), |own, section| fields::or(own, section.clone()));
    let label = div.attribute("LABEL").and_then(fields::line);
    Record { headline: own.headline.or(label), ..own }
}

#[derive(Clone, Copy)]
enum Part {
    Headline,
    Byline,
    Body,
}

impl Article {
    fn collect(&mut self, div: &Element, part: Part) {
        let areas = match part {
            Part::Headline => &mut self.headline,
            Part::Byline => &mut self.byline,
            Part::Body => &mut self.body,
        };
        div.children("fptr").for_each(|pointer| areas.extend(pointed(pointer)));
        for inner in div.children("div") {
            let kind = kind(inner);
            let part = match kind.as_str() {
                kind if HEADLINES.contains(&kind) => Part::Headline,
                kind if BYLINES.contains(&kind) => Part::Byline,
                // A kicker or a subtitle is text, wherever it stands.
                "SUBTITLE" | "SUBHEADLINE" | "OVERLINE" | "KICKER" | "MOTTO" => Part::Body,
                kind if OTHERS.iter().any(|(name, _)| *name == kind) => continue,
                _ => part,
            };
            self.collect(inner, part);
        }
    }

    /// The article, and what of it is missing.
    fn read(self, shelf: &mut Shelf<'_>) -> Vec<Found> {
        let Self { id, mut record, headline, byline, body } = self;
        let mut missing = None;
        let mut text = |areas: &[Area]| {
            let mut text = Text::default();
            for area in areas {
                if let Err(reason) = shelf.add(area, &mut text) {
                    missing.get_or_insert(reason);
                }
            }
            text.done()
        };
        let (headline, byline, body) = (text(&headline), text(&byline), text(&body));
        record.headline = record.headline.or_else(|| fields::line(&headline));
        record.byline = record.byline.or_else(|| fields::byline([byline.as_str()]));
        let bad = missing.map(|reason| Found::Bad { reason: format!("{id}: {reason}") });
        let found = match (body.is_empty(), &bad) {
            (true, Some(_)) => None,
            (true, None) if headline.is_empty() => {
                Some(Found::NotAnArticle { reason: format!("{id}: no text in it") })
            }
            _ => {
                let layout = Layout::Paragraphs;
                Some(Found::Article(Record { body, inside: Some(id), layout, ..record }))
            }
        };
        found.into_iter().chain(bad).collect()
    }
}

/// The stretches of pages that a pointer means, in their order.
fn pointed(pointer: &Element) -> Vec<Area> {
    let areas = pointer.descendants("area");
    if areas.is_empty() {
        let file = pointer.attribute("FILEID").map(str::to_owned);
        return file.into_iter().map(|file| Area { file, begin: None, end: None }).collect();
    }
    let own = |area: &&Element, name: &str| area.attribute(name).map(str::to_owned);
    let area = |area: &Element| {
        Some(Area { file: own(&area, "FILEID")?, begin: own(&area, "BEGIN"), end: own(&area, "END") })
    };
    areas.into_iter().filter_map(area).collect()
}

/// The pages of an issue, each read when it is first asked for.
struct Shelf<'a> {
    files: &'a HashMap<String, String>,
    beside: &'a Beside<'a>,
    pages: HashMap<String, Result<Page, String>>,
    bytes: usize,
}

impl Shelf<'_> {
    /// Adds the text of an area; the reason why not in words for the user.
    fn add(&mut self, area: &Area, text: &mut Text) -> Result<(), String> {
        // Pictures of the page are pointed to as well.
        let Some(path) = self.files.get(&area.file) else { return Ok(()) };
        if !self.pages.contains_key(&area.file) {
            let page = self.open(path);
            self.pages.insert(area.file.clone(), page);
        }
        let page = match self.pages.get(&area.file) {
            Some(Ok(page)) => page,
            Some(Err(reason)) => return Err(reason.clone()),
            None => return Ok(()),
        };
        text.block();
        match page.add_area(area.begin.as_deref(), area.end.as_deref(), text) {
            true => Ok(()),
            false => {
                Err(format!("no element {} in its page {path}", area.begin.as_deref().unwrap_or_default()))
            }
        }
    }

    fn open(&mut self, path: &str) -> Result<Page, String> {
        let told = |reason: String| format!("its page {path} cannot be read: {reason}");
        let file = self.beside.open(path).map_err(|error| told(error.to_string()))?;
        let mut first = None;
        let read = alto::pages(&mut BufReader::new(file.take(MAX_BYTES as u64)), &mut |page| {
            first = Some(page);
            ControlFlow::Break(())
        });
        let page = first.ok_or_else(|| match read {
            Err(error) => told(error.to_string()),
            Ok(()) => told("no Page in it".to_owned()),
        })?;
        self.bytes += page.bytes();
        match self.bytes > MAX_BYTES {
            true => Err(told(format!("the issue has more than {} MiB of text", MAX_BYTES >> 20))),
            false => Ok(page),
        }
    }
}

#[cfg(test)]
mod tests;
