//! A *story* of a TREC collection: its fields told by their tags, and made the fields of a record.

use std::collections::BTreeSet;

use crate::article::{Layout, NewsDate, Record};
use crate::parse::{dates, fields, markup};

/// What a tag holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Number,
    Headline,
    Byline,
    Dateline,
    Date,
    Source,
    Section,
    Lead,
    Body,
    Caption,
    Topic,
    Country,
    Person,
    Organization,
    Language,
    Address,
    Aside,
}

/// The tags of the collections, by what they hold.
const FIELDS: &[(Field, &[&str])] = &[
    (Field::Number, &["DOCNO"]),
    (Field::Headline, &["HEADLINE", "HEAD", "HL", "TITLE", "TI", "TTL"]),
    (Field::Byline, &["BYLINE", "AUTHOR", "AU", "BY"]),
    (Field::Dateline, &["DATELINE"]),
    (Field::Date, &["DATE", "DATE1", "DATE_TIME", "DD", "PUBDATE", "DATELINE-DATE"]),
    (Field::Source, &["PUB", "SO", "SOURCE", "JOURNAL"]),
    (Field::Section, &["SECTION", "SE"]),
    (Field::Lead, &["LP", "LEADPARA", "LD", "SUMMARY", "ABS", "ABSTRACT"]),
    (Field::Body, &["TEXT", "TX"]),
    (Field::Caption, &["CAPTION", "GRAPHIC"]),
    (Field::Topic, &["SUBJECT", "IN", "DESCRIPT", "DESCRIPTORS", "KW", "KEYWORDS"]),
    (Field::Country, &["CN", "COUNTRY"]),
    (Field::Person, &["NAME", "PERSON"]),
    (Field::Organization, &["CO", "COMPANY"]),
    (Field::Language, &["LANG", "LANGUAGE"]),
    (Field::Address, &["URL"]),
    (Field::Aside, ASIDE),
];

/// Tags that hold nothing of an article: numbers of desks and machines, pages and lengths, notes to editors.
const ASIDE: &[&str] = &[
    "DOCID",
    "DOCTYPE",
    "DOCHDR",
    "DOCOLDNO",
    "FILEID",
    "FIRST",
    "SECOND",
    "NOTE",
    "SLUG",
    "PROFILE",
    "PAGE",
    "LENGTH",
    "TYPE",
    "TP",
    "XX",
    "MS",
    "GV",
    "RE",
    "ST",
    "HT",
    "ANNOTATION",
    "TRAILER",
    "ACCESS",
    "MEMO",
    "CITY",
    "EDITION",
    "CODE",
    "DAY",
    "MONTH",
    "PG.COL",
    "PUBYEAR",
    "REGION",
    "FEATURE",
    "STATE",
    "WORD.CT",
    "COPYRGHT",
    "CORRECTION-DATE",
    "CORRECTION",
    "PARENT",
    "ID",
    "DOCREF",
];

/// Marks of the typesetters in the New York Times wire of AQUAINT, and what they print.
const TYPESETTING: &[(&str, &str)] = &[
    ("&UR;", ""),
    ("&LR;", ""),
    ("&QL;", ""),
    ("&QC;", ""),
    ("&QR;", ""),
    ("&TLR;", ""),
    ("&HT;", " "),
    ("&MD;", " — "),
    ("&LC;", ""),
    ("&UC;", ""),
];

/// How many fields of a kind are looked into for a date or a tag.
const MANY: usize = 100;

/// Lines that the FBIS opens its texts with.
const SLUGS: &[&str] = &["Language:", "Article Type:", "Document Type:"];

/// How the publishers of the collections name themselves, by the first letters of the number of a story.
const PUBLISHERS: &[(&str, &str)] = &[
    ("AFP", "Agence France-Presse"),
    ("APW", "Associated Press"),
    ("AP", "Associated Press"),
    ("CNA", "Central News Agency of Taiwan"),
    ("FBIS", "FBIS"),
    ("FT", "Financial Times"),
    ("LA", "Los Angeles Times"),
    ("LTW", "Los Angeles Times/Washington Post Newswire Service"),
    ("NYT", "New York Times"),
    ("SJMN", "San Jose Mercury News"),
    ("WPB", "Washington Post/Bloomberg Newswire Service"),
    ("WSJ", "Wall Street Journal"),
    ("XIE", "Xinhua"),
    ("XIN", "Xinhua"),
];

/// A page of a web crawl: the answer's header gives its address.
pub(super) struct Page<'a> {
    number: Option<String>,
    url: Option<String>,
    pub(super) html: &'a str,
}

impl Page<'_> {
    /// Its number in the collection.
    pub(super) fn number(&self) -> &str {
        self.number.as_deref().unwrap_or("a page without a number")
    }

    /// Its record, with the address it was fetched from.
    pub(super) fn complete(&self, record: Record) -> Record {
        Record { url: self.url.clone().or(record.url), ..record }
    }
}

/// The page a story is, where it is one.
pub(super) fn page(sgml: &str) -> Option<Page<'_>> {
    let (before, rest) = sgml.split_once("<DOCHDR>")?;
    let (header, html) = rest.split_once("</DOCHDR>")?;
    let number = before.split_once("<DOCNO>").and_then(|(_, rest)| rest.split_once('<'));
    Some(Page {
        number: number.and_then(|(number, _)| fields::line(number)),
        url: header.split_whitespace().next().and_then(fields::address),
        html: html.rsplit_once("</").map_or(html, |(html, _)| html),
    })
}

/// The record of a story; empty where it holds nothing of one.
pub(super) fn record(sgml: &str) -> Record {
    let parts = Parts::of(sgml);
    let number = parts.line(Field::Number).or_else(|| attribute(sgml, "id"));
    let (headline, deck_byline) = parts.headline();
    let (body, layout) = parts.body();
    let mut record = Record {
        headline: headline.or_else(|| attribute(sgml, "title")),
        byline: parts.byline().or(deck_byline),
        dateline: parts.line(Field::Dateline).map(|line| line.trim_end_matches(['-', '_', ' ']).to_owned()),
        section: parts.line(Field::Section).and_then(|line| fields::line(line.split(';').next()?)),
        url: parts
            .line(Field::Address)
            .or_else(|| attribute(sgml, "url"))
            .and_then(|line| fields::address(&line)),
        language: parts.line(Field::Language).and_then(|line| fields::language(&line)),
        body,
        layout,
        ..Record::default()
    };
    for text in parts.lines(Field::Date).take(MANY) {
        fields::publish(&mut record, &text);
        record.published = record.published.or_else(|| american(&text)).or_else(|| date_in(&text));
    }
    if let Some(number) = &number {
        record.published = record.published.or_else(|| date_in(number));
        let known = PUBLISHERS.iter().find(|(start, _)| is_of(number, start));
        record.source = known.map(|(_, name)| (*name).to_owned());
    }
    record.source =
        record.source.or_else(|| parts.line(Field::Source).map(|line| publisher(&line).to_owned()));
    let facets = [
        (Field::Topic, "topic"),
        (Field::Country, "country"),
        (Field::Person, "person"),
        (Field::Organization, "organization"),
    ];
    for (field, facet) in facets {
        parts
            .texts(field)
            .take(MANY)
            .for_each(|text| fields::give(&mut record.given, facet, tags(&plain(text))));
    }
    record.inside = number;
    record
}

/// A stretch of a story, told by its tag; what stands in none is [`Field::Body`]'s where nothing else is.
struct Parts<'a> {
    parts: Vec<(Field, &'a str)>,
    /// Text between the tags.
    loose: String,
}

impl<'a> Parts<'a> {
    /// Goes over the tags once. An end tag that is never there ends the field at the next tag.
    fn of(sgml: &'a str) -> Self {
        let (mut parts, mut loose, mut rest) = (Vec::new(), String::new(), sgml);
        let mut never_closed = BTreeSet::new();
        while let Some(at) = rest.find('<') {
            loose.push_str(&rest[..at]);
            rest = &rest[at..];
            let Some(length) = markup::tag_length(rest) else { break };
            let (tag, after) = rest.split_at(length);
            rest = after;
            let name = markup::tag_name(&tag[1..]).to_ascii_uppercase();
            let field = if tag.starts_with("</") { None } else { field(&name) };
            let Some(field) = field else {
                loose.push_str(if length == 1 || !is_break(&name) { tag } else { "\n" });
                continue;
            };
            let close = if never_closed.contains(&name) { None } else { close_of(after, &name) };
            let content = &after[..close.or_else(|| after.find('<')).unwrap_or(after.len())];
            if close.is_none() {
                never_closed.insert(name);
            }
            rest = &after[content.len()..];
            parts.push((field, content));
        }
        Self { parts, loose }
    }

    fn texts(&self, field: Field) -> impl Iterator<Item = &'a str> {
        self.parts.iter().filter(move |(own, _)| *own == field).map(|(_, text)| *text)
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = String> {
        self.texts(field).filter_map(|text| fields::line(&plain(text)))
    }

    fn line(&self, field: Field) -> Option<String> {
        self.lines(field).next()
    }

    /// The headline (notes to editors aside), and the byline that the Wall Street Journal prints below it.
    fn headline(&self) -> (Option<String>, Option<String>) {
        for text in self.texts(Field::Headline).take(MANY).map(plain) {
            let lines = || text.lines().map(|line| line.trim().trim_matches('@').trim());
            let is_rule = |line: &str| line.len() > 2 && line.bytes().all(|byte| byte == b'-');
            let title: Vec<&str> = lines().take_while(|line| !is_rule(line) && !is_byline(line)).collect();
            let byline = lines().find(|line| is_byline(line));
            if text.trim_start().starts_with("Eds:") {
                continue;
            }
            if let Some(title) = fields::line(&title.join(" ")) {
                return (
                    Some(without_stamp(&title).to_owned()),
                    byline.and_then(|line| fields::byline([line])),
                );
            }
        }
        (None, None)
    }

    /// The names; a second line is the writer's post.
    fn byline(&self) -> Option<String> {
        let line = self.line(Field::Byline)?;
        // "By Ana Ruiz, Times Staff Writer", "By James Oberg , Oberg, a space engineer, is the author of ..."
        let (name, rest) = line.split_once(',').unwrap_or((&line, ""));
        let post = [
            "staff",
            "writer",
            "correspondent",
            "editor",
            "special to",
            "times",
            "press",
            "reporter",
            " is ",
            " a ",
        ];
        let rest = rest.to_lowercase();
        let name = if post.iter().any(|word| rest.contains(word)) { name } else { &line };
        fields::byline([name.trim().trim_end_matches([',', '.', ';'])])
    }

    /// The text: lead, story, captions; paragraphs where they are marked, the lines as they stand where not.
    fn body(&self) -> (String, Layout) {
        let marked = |text: &str| text.to_ascii_lowercase().contains("<p>");
        let layout = match self.texts(Field::Body).any(marked) {
            true => Layout::Paragraphs,
            false => Layout::Plain,
        };
        let mut body = String::new();
        let slug = |line: &&str| !SLUGS.iter().any(|slug| line.trim_start().starts_with(slug));
        for field in [Field::Lead, Field::Body, Field::Caption] {
            for text in self.texts(field) {
                let text = if marked(text) { markup::paragraphs(&typeset(text)) } else { plain(text) };
                let text: Vec<&str> = text.lines().filter(slug).collect();
                add(&mut body, text.join("\n").trim_matches('\n').trim_end());
            }
        }
        if body.is_empty() {
            add(&mut body, plain(&self.loose).trim_matches('\n').trim_end());
        }
        (body, layout)
    }
}

fn add(body: &mut String, text: &str) {
    if !text.trim().is_empty() {
        body.push_str(if body.is_empty() { "" } else { "\n\n" });
        body.push_str(text);
    }
}

fn field(name: &str) -> Option<Field> {
    FIELDS.iter().find(|(_, names)| names.contains(&name)).map(|(field, _)| *field)
}

/// Bytes before the end tag of this name; `None` where there is none.
fn close_of(text: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find("</").map(|at| from + at) {
        let own = text.as_bytes().get(at + 2..at + 2 + name.len());
        let ends = text.as_bytes().get(at + 2 + name.len()).is_none_or(|byte| b"> \t\r\n".contains(byte));
        if ends && own.is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes())) {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

/// Whether a tag ends a line of the text it stands in.
fn is_break(name: &str) -> bool {
    !matches!(name, "F" | "FONT" | "B" | "I" | "EM")
}

/// The text of a field: its tags taken out, its references decoded.
fn plain(sgml: &str) -> String {
    let (text, mut plain) = (typeset(sgml), String::with_capacity(sgml.len()));
    let mut rest = text.as_str();
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        let Some(length) = markup::tag_length(&rest[at..]) else {
            rest = &rest[at..];
            break;
        };
        if length == 1 {
            plain.push('<');
        }
        rest = &rest[at + length..];
    }
    plain.push_str(rest);
    markup::decode(&plain).into_owned()
}

fn typeset(sgml: &str) -> String {
    let marks = TYPESETTING.iter().filter(|(mark, _)| sgml.contains(mark));
    marks.fold(sgml.to_owned(), |text, (mark, printed)| text.replace(mark, printed))
}

fn is_byline(line: &str) -> bool {
    line.strip_prefix("By ").is_some_and(|name| name.starts_with(char::is_uppercase))
}

/// The Financial Times opens its headlines with `FT  14 MAY 91 / `.
fn without_stamp(title: &str) -> &str {
    match title.split_once(" / ") {
        Some((stamp, rest)) if stamp.starts_with("FT ") && stamp.len() < 20 => rest.trim_start(),
        _ => title,
    }
}

/// `WALL STREET JOURNAL (J), PAGE A1` without the page.
fn publisher(line: &str) -> &str {
    line.split([',', '(']).next().unwrap_or(line).trim()
}

/// Tags a field lists: a line or a `;` between them, codes before them or in brackets behind.
fn tags(text: &str) -> Vec<String> {
    let pieces = text.split(['\n', ';']).map(str::trim).filter(|piece| !piece.is_empty());
    pieces.filter_map(name).collect()
}

/// The name of `P3721 Aircraft.`, `GBZ  United Kingdom, EC.` and `MARKETING, ADVERTISING (MKT)`; none of a code alone.
fn name(piece: &str) -> Option<String> {
    let is_code = |word: &str| word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let has_digit = |word: &str| word.bytes().any(|b| b.is_ascii_digit());
    let piece = piece.trim_end_matches('.');
    let coded = piece
        .split_once(' ')
        .filter(|(word, rest)| word.len() > 2 && is_code(word) && (has_digit(word) || rest.starts_with(' ')));
    match coded {
        Some((_, name)) => fields::line(name.split(',').next()?),
        None if piece.len() <= 3 && is_code(piece) => None,
        None => fields::line(piece.split(" (").next()?),
    }
}

/// Whether a story's number opens with these letters, and no others.
fn is_of(number: &str, letters: &str) -> bool {
    number.strip_prefix(letters).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// `03/24/87` and `03/24/1987`, as American newspapers write a day.
fn american(text: &str) -> Option<NewsDate> {
    let mut parts = text.trim().split('/').map(|part| part.trim().parse::<u16>().ok());
    let (month, day, year) = (parts.next()??, parts.next()??, parts.next()??);
    of_numbers(year, month, day)
}

fn of_numbers(year: u16, month: u16, day: u16) -> Option<NewsDate> {
    // The collections hold nothing older than these hundred years.
    let year = match year {
        0..30 => year + 2000,
        30..100 => year + 1900,
        _ => year,
    };
    NewsDate::day(i16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// The day in a story's number: `AP890101-0001`, `LA010189-0001`, `NYT19980601.0001`, `AFP_ENG_20030401.0001`,
/// `910514`.
fn date_in(number: &str) -> Option<NewsDate> {
    let runs = number.split(|c: char| !c.is_ascii_digit());
    let day = |text: &str, order: [usize; 3]| {
        let part = |at: usize| text.get(at..at + 2)?.parse::<u16>().ok();
        of_numbers(part(order[0])?, part(order[1])?, part(order[2])?)
    };
    // The Los Angeles Times writes the month first.
    let order = if number.starts_with("LA") { [4, 0, 2] } else { [0, 2, 4] };
    runs.filter_map(|run| match run.len() {
        8 => dates::parse(run),
        6 => day(run, order),
        _ => None,
    })
    .next()
}

/// An attribute of the story's own tag: Gigaword's `<DOC id="…" type="story">`, the `<doc id="…" url="…" title="…">` of
/// dumps made into text.
fn attribute(sgml: &str, name: &str) -> Option<String> {
    let tag = sgml.get(..markup::tag_length(sgml)?)?;
    let (_, rest) = tag.split_once(&format!(" {name}="))?;
    let value = match rest.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next()?,
        None => rest.split(['>', ' ']).next()?,
    };
    fields::line(&markup::decode(value))
}
