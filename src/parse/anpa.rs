//! *Wire text*: stories as agencies transmit them to ANPA 1312 or to IPTC 7901, one after the other.
//!
//! A message is a header between SOH and STX, the text between STX and ETX, and a trailer that says when it was sent. In
//! the header stand priority, category and keywords. ANPA marks the lines above the text with `^`; in IPTC 7901 they
//! are the first lines up to an empty one. Lines of a paragraph are joined; lines of tables stay.

use std::io::BufRead;
use std::ops::ControlFlow;

use crate::article::{Layout, Record};
use crate::parse::pieces::{self, Piece};
use crate::parse::{Emit, Found, MAX_ARTICLE_BYTES, ParseError, charset, fields};

const SOH: u8 = 1;
const STX: u8 = 2;
const ETX: u8 = 3;
const SYN: u8 = 22;

/// How far into a file its first header may begin.
const MAX_LEADER: usize = 64;

/// The most lines that stand above a text.
const MAX_HEADING: usize = 8;

/// The most words of a line that says when a text was sent.
const MAX_SIGNATURE: usize = 4;

/// Categories of ANPA 1312 that every agency uses alike.
const CATEGORIES: &[(&str, &str)] = &[
    ("d", "Food"),
    ("e", "Entertainment"),
    ("f", "Finance"),
    ("i", "International"),
    ("l", "Lifestyle"),
    ("o", "Weather"),
    ("p", "Politics"),
    ("s", "Sports"),
    ("t", "Travel"),
    ("w", "Washington"),
];

/// Zones as wires name them.
const ZONES: &[(&str, &str)] = &[
    ("GMT", "Z"),
    ("UTC", "Z"),
    ("CET", "+01:00"),
    ("CEST", "+02:00"),
    ("EST", "-05:00"),
    ("EDT", "-04:00"),
    ("CST", "-06:00"),
    ("CDT", "-05:00"),
    ("MST", "-07:00"),
    ("MDT", "-06:00"),
    ("PST", "-08:00"),
    ("PDT", "-07:00"),
];

const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdec";

/// Words of lines above a text that tell editors which version this is.
const VERSIONS: &[&str] = &[
    "LEAD",
    "LD",
    "REFILE",
    "REPEAT",
    "URGENT",
    "FLASH",
    "BULLETIN",
    "UPDATE",
    "CORRECTION",
    "WRITETHRU",
    "ADD",
];

/// Lines from which on a transmission is for editors.
const ENDINGS: &[&str] = &[
    "# Notebook",
    "The following information is not intended for publication",
    "The following information is not for publication",
];

/// Whether a file begins with the header of a message, which is a line or more of text.
pub(super) fn is(bytes: &[u8]) -> bool {
    let Some(start) = bytes.iter().take(MAX_LEADER).position(|byte| *byte == SOH) else { return false };
    let (leader, message) = bytes.split_at(start);
    let blank = |byte: &u8| *byte == SYN || *byte == 0 || byte.is_ascii_whitespace();
    let end = message.iter().position(|byte| *byte == STX).unwrap_or_default();
    leader.iter().all(blank) && message[..end].contains(&b'\n')
}

/// Reads messages one by one.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let mut message = Vec::new();
    let (mut position, mut first) = (0u64, true);
    loop {
        message.clear();
        let (piece, passed) = pieces::next(source, SOH, MAX_ARTICLE_BYTES, &mut message)?;
        let start = position;
        position += passed;
        let flow = match piece {
            _ if first => ControlFlow::Continue(()),
            Piece::None => ControlFlow::Continue(()),
            Piece::TooLong => emit(Found::Bad {
                reason: format!(
                    "message at byte {start}: longer than {} MiB, expected the next SOH",
                    MAX_ARTICLE_BYTES >> 20
                ),
            }),
            Piece::Whole | Piece::Last => emit(found(&message, start)),
        };
        first = false;
        if flow.is_break() || matches!(piece, Piece::None | Piece::Last) {
            return Ok(());
        }
    }
}

fn found(message: &[u8], start: u64) -> Found {
    let Some(text) = message.iter().position(|byte| *byte == STX) else {
        return Found::Bad {
            reason: format!("message at byte {start}: expected STX before its text, found none"),
        };
    };
    let end = message[text..].iter().position(|byte| *byte == ETX).map_or(message.len(), |end| text + end);
    let part = |from: usize, to: usize| charset::decode_raw(message.get(from..to).unwrap_or_default());
    let (header, text, mut trailer) = (part(0, text), part(text + 1, end), part(end + 1, message.len()));
    // Some agencies sign before ETX.
    let last = text.trim_end().lines().next_back().unwrap_or_default();
    if sent(&trailer).is_none() && words(last).count() <= MAX_SIGNATURE && sent(last).is_some() {
        last.clone_into(&mut trailer);
    }
    let header = Header::of(&header);
    let (heading, body) = split(&text);
    if header.keywords.iter().chain(&heading).any(|line| words(line).any(|word| word == "KILL")) {
        return Found::NotAnArticle { reason: "withdraws a story: KILL".to_owned() };
    }
    let heading = Heading::of(&heading, &header.keywords);
    let mut record = Record {
        headline: heading.headline,
        byline: heading.byline,
        source: source(&trailer).or(header.source),
        section: header.section,
        body: paragraphs(body),
        layout: Layout::Wire,
        ..Record::default()
    };
    fields::give(&mut record.given, "topic", record.section.clone().into_iter().chain(header.topics));
    if let Some(sent) = sent(&trailer) {
        fields::publish(&mut record, &sent);
    }
    match record.headline.is_none() && record.body.is_empty() {
        true => Found::NotAnArticle { reason: format!("message at byte {start}: no text in it") },
        false => Found::Article(record),
    }
}

/// Words between white space, control characters and commas.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | '<' | '='))
        .filter(|word| !word.is_empty())
}

#[derive(Default)]
struct Header {
    source: Option<String>,
    section: Option<String>,
    /// The lines of keywords: `BC-LT--Argentina-Cancer`, `Switzerland/migration/`.
    keywords: Vec<String>,
    topics: Vec<String>,
}

impl Header {
    /// The first line numbers the message. In ANPA the second has priority, category and keywords, in IPTC 7901 the
    /// first goes on with priority, category and length, and keywords have lines of their own.
    fn of(text: &str) -> Self {
        let mut lines = text.lines().filter(|line| words(line).next().is_some());
        let numbered: Vec<&str> = words(lines.next().unwrap_or_default()).collect();
        let is_7901 = numbered.len() >= 4 && numbered[1].len() == 1 && numbered[2].len() == 1;
        let keywords: Vec<String> = lines.take(MAX_HEADING).map(str::to_owned).collect();
        if is_7901 {
            let is_name = |word: &&&str| word.chars().all(char::is_alphabetic);
            let topics = keywords.iter().flat_map(|line| line.split('/')).filter_map(fields::line);
            let topics = topics.collect();
            let source = numbered[3..].iter().find(is_name).map(|word| (*word).to_owned());
            return Self { source, section: None, keywords, topics };
        }
        let category = keywords.first().and_then(|line| words(line).nth(1)).filter(|word| word.len() == 1);
        let section =
            category.and_then(|word| CATEGORIES.iter().find(|(code, _)| word.eq_ignore_ascii_case(code)));
        Self { section: section.map(|(_, name)| (*name).to_owned()), keywords, ..Self::default() }
    }
}

/// The lines above a text, and the text.
fn split(text: &str) -> (Vec<String>, &str) {
    let (mut heading, mut rest) = (Vec::new(), text);
    let mut is_marked = false;
    while let Some((line, after)) = next_line(rest) {
        let shown = line.trim_start_matches(['^', ' ']).trim_end_matches(['<', '=', ' ', '\r']);
        let blank = shown.is_empty();
        match line.starts_with('^') {
            true => is_marked = true,
            false if is_marked => break,
            false if blank && heading.is_empty() => {}
            false if blank || heading.len() == MAX_HEADING || line.starts_with(['\t', ' ']) => break,
            false => {}
        }
        if !blank && heading.len() < MAX_HEADING {
            heading.push(shown.to_owned());
        }
        rest = after;
    }
    let is_prose = heading.last().is_none_or(|line| line.ends_with(['.', '"', ',']));
    match !is_marked && (is_prose || rest.trim().is_empty() || heading.len() == MAX_HEADING) {
        true => (Vec::new(), text),
        false => (heading, rest),
    }
}

fn next_line(text: &str) -> Option<(&str, &str)> {
    (!text.is_empty()).then(|| text.split_once('\n').unwrap_or((text, "")))
}

#[derive(Default)]
struct Heading {
    headline: Option<String>,
    byline: Option<String>,
}

impl Heading {
    fn of(lines: &[String], keywords: &[String]) -> Self {
        let mut this = Self::default();
        let mut headline: Vec<&str> = Vec::new();
        let mut over = false;
        for line in lines {
            let is_byline = ["By ", "BY ", "Von ", "Par ", "Por "].iter().any(|by| line.starts_with(by));
            if is_byline && this.byline.is_none() {
                let names = line.strip_prefix("Von ").or_else(|| line.strip_prefix("Par ")).unwrap_or(line);
                this.byline = fields::byline([names.strip_prefix("Por ").unwrap_or(names)]);
                over = true;
            } else if is_note(line, keywords) {
                over = over || !headline.is_empty();
            } else if !over {
                headline.push(line);
            }
        }
        // What follows the headline as a sentence sums the story up.
        let sentences = headline.iter().skip(1).position(|line| line.ends_with('.'));
        headline.truncate(sentences.map_or(headline.len(), |at| at + 1));
        this.headline = fields::line(&typeset(&headline.join(" ")));
        this
    }
}

/// Whether a line above a text is for editors: keywords with a count of words, pictures, the version.
fn is_note(line: &str, keywords: &[String]) -> bool {
    let counted = line.rsplit_once(',').is_some_and(|(_, count)| {
        let count = count.trim();
        !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit())
    });
    let noted =
        ["AP Photo", "Eds:", "EDS:", "Ed:", "EDITOR", "With AP"].iter().any(|start| line.starts_with(start));
    let shouted = !line.contains(char::is_lowercase) || line.contains("Ld-Writethru");
    let version = shouted && words(line).any(|word| VERSIONS.contains(&word));
    let repeated = keywords.iter().any(|own| own.trim() == line);
    counted && (line.contains("--") || line.contains('-')) || noted || version || repeated
}

/// The text, a paragraph a line.
fn paragraphs(text: &str) -> String {
    let mut body = String::new();
    for line in text.lines() {
        if ENDINGS.iter().any(|ending| line.trim_start().starts_with(ending)) {
            break;
        }
        // A backspace begins a line of a table.
        let indented = line.starts_with(['\t', '\u{8}', '^']) || line.starts_with("  ");
        let Some(shown) = fields::line(&typeset(line.trim_matches(['^', '<', '=', '\u{8}', '\r']))) else {
            end(&mut body);
            continue;
        };
        if shown.bytes().all(|byte| matches!(byte, b'_' | b'*' | b' ' | b'-')) {
            end(&mut body);
            continue;
        }
        if indented {
            end(&mut body);
        } else if !body.is_empty() && !body.ends_with('\n') {
            body.push(' ');
        }
        body.push_str(&shown);
    }
    body
}

fn end(body: &mut String) {
    if !body.is_empty() && !body.ends_with('\n') {
        body.push('\n');
    }
}

/// Quotation marks and dashes, which a wire has no characters for.
fn typeset(text: &str) -> String {
    text.replace("``", "“").replace("''", "”").replace(" _ ", " — ")
}

/// Who sent it: `AP-WF-11-13-13 1509GMT`.
fn source(trailer: &str) -> Option<String> {
    let (name, _) = words(trailer).next()?.split_once('-')?;
    let is_name = (2..=8).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphabetic());
    is_name.then(|| name.to_owned())
}

/// When it was sent, as ISO 8601 has it: of `AP-WF-11-13-13 1509GMT`, which has the month first, or of
/// `212322 GMT Nov 18`, which has day, hour and minute, month and year.
fn sent(trailer: &str) -> Option<String> {
    let all: Vec<&str> = words(trailer).collect();
    let pairs = all.windows(2).find_map(|pair| {
        let parts: Vec<&str> = pair[0].rsplitn(4, '-').collect();
        let [year, day, month, ..] = parts.as_slice() else { return None };
        let (clock, zone) = (pair[1].get(..4)?, pair[1].get(4..)?);
        moment([year, month, day], clock, zone)
    });
    pairs.or_else(|| {
        all.windows(4).find_map(|group| {
            let at = MONTHS.find(&group[2].get(..3)?.to_ascii_lowercase()).filter(|at| at % 3 == 0)?;
            let day = group[0].get(..2).filter(|_| group[0].len() == 6)?;
            moment([group[3], &(at / 3 + 1).to_string(), day], group[0].get(2..)?, group[1])
        })
    })
}

fn moment([year, month, day]: [&str; 3], clock: &str, zone: &str) -> Option<String> {
    let number =
        |text: &str| text.parse::<u16>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    // Wires of this kind begin in the sixties.
    let year = match number(year)? {
        short @ 0..=59 => 2000 + short,
        short @ 60..=99 => 1900 + short,
        long => long,
    };
    let (month, day, clock) = (number(month)?, number(day)?, number(clock).filter(|_| clock.len() == 4)?);
    let zone = ZONES.iter().find(|(name, _)| *name == zone).map_or("", |(_, offset)| offset);
    Some(format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:00{zone}", clock / 100, clock % 100))
}

#[cfg(test)]
mod tests;
