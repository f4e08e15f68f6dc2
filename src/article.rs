//! An *article* is one news story, cleaned, with the tags it came with and the tags found in it.
//!
//! Everything here is plain data: a [`Record`] is what a reader found in a source file, an [`Article`] is what is
//! left after cleaning, [`Tags`] are what the article is about. No I/O and no engine types: this is the ground the
//! indexing half and the searching half share.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One story as it stands in a source file, before cleaning. Empty or absent fields are `None`, never `""`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The headline, where the format marks one.
    pub headline: Option<String>,
    /// Who wrote it, as printed, names separated by `, `; without a leading "By".
    pub byline: Option<String>,
    /// Place and date that open a wire story ("SALVADOR, Feb 26"), without the dash.
    pub dateline: Option<String>,
    /// The publisher or site.
    pub source: Option<String>,
    /// The section or desk.
    pub section: Option<String>,
    /// Where it was published: a web address or another permanent name.
    pub url: Option<String>,
    /// Publication date as the source's own metadata states it.
    pub published: Option<NewsDate>,
    /// Lines beside the text that may say when it was published, likeliest first.
    pub dated: Vec<String>,
    /// The moment of publication as RFC 3339 has it, where the source states one; with the zone it states, or none.
    pub published_time: Option<String>,
    /// When it was changed last, where the source says so.
    pub updated: Option<NewsDate>,
    /// ISO 639-1 code, where the source states one.
    pub language: Option<String>,
    /// The text: paragraphs separated by `\n`, still with debris; for plain text the lines as they stand.
    pub body: String,
    /// Tags the source itself carries, by facet name (`topic`, `country`, `person`, `organization`), as written there.
    /// Places of which it does not say whether they are countries are of `place`.
    pub given: BTreeMap<String, Vec<String>>,
    /// Where in its file it stands, where that holds other files: `2023/06/a.html` of a zip.
    pub inside: Option<String>,
    /// How the text was laid out, which decides what the cleaner may do with its lines.
    pub layout: Layout,
}

/// What a line of a record's text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Each line is a paragraph (marked-up formats).
    #[default]
    Paragraphs,
    /// Lines as a person or a scraper left them: paragraphs may be wrapped, the first line may be the headline.
    Plain,
    /// A wire service's transmission: clean text with a trailer line of its own at the end.
    Wire,
}

/// One news story, cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The headline; made from the lead where the source has none, never empty unless the article is.
    pub headline: String,
    /// Who wrote it, names separated by `, `.
    pub byline: Option<String>,
    /// Place and date that open a wire story.
    pub dateline: Option<String>,
    /// The publisher or site.
    pub source: Option<String>,
    /// The section or desk.
    pub section: Option<String>,
    /// A web address or another permanent name.
    pub url: Option<String>,
    /// Publication date, as precise as it is known.
    pub published: Option<NewsDate>,
    /// Where `published` was found.
    pub published_from: Option<DateOrigin>,
    /// The moment of publication as RFC 3339 has it, where the source states one; with the zone it states, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_time: Option<String>,
    /// When it was changed last, where the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<NewsDate>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// Paragraphs separated by `\n`.
    pub body: String,
    /// Tags the source itself carries, by facet name, as written there.
    pub given: BTreeMap<String, Vec<String>>,
    /// Where in its file it stands, where that holds other files: `2023/06/a.html` of a zip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<String>,
    /// What cleaning took out, in order.
    pub removed: Vec<String>,
}

impl Article {
    /// The content-addressed id: first 64 bits of the BLAKE3 hash of the normalised (published, source, headline,
    /// body). Two articles have the same id when these four read the same, white space and case of the source aside.
    pub fn id(&self) -> ArticleId {
        let mut hasher = blake3::Hasher::new();
        let published = self.published.map(|date| date.to_string()).unwrap_or_default();
        let source = self.source.as_deref().unwrap_or_default().to_lowercase();
        for part in [published.as_str(), source.as_str(), self.headline.as_str(), self.body.as_str()] {
            for word in part.split_whitespace() {
                hasher.update(word.as_bytes());
                hasher.update(b" ");
            }
            hasher.update(b"\x1f");
        }
        let bytes = *hasher.finalize().as_bytes();
        ArticleId(u64::from_be_bytes([
            bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
        ]))
    }

    /// Whether the headline is the first sentence of the body, whole or cut short: its words stand there again.
    pub fn has_made_headline(&self) -> bool {
        let cut = self.headline.strip_suffix('…');
        let rest = self.body.strip_prefix(cut.unwrap_or(&self.headline).trim_end_matches('.'));
        rest.is_some_and(|rest| {
            cut.is_some() || rest.is_empty() || rest.starts_with(['.', '!', '?', '\n', '。'])
        })
    }

    /// The first paragraph of the body; the whole first line where the body has one line only.
    pub fn lead(&self) -> &str {
        self.body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default()
    }
}

/// The name of an article for ever: 16 hex digits of the hash of its text (see [`Article::id`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(pub u64);

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for ArticleId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let hex = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if !hex {
            return Err(NotAnId(text.chars().take(40).collect()));
        }
        u64::from_str_radix(text, 16).map(ArticleId).map_err(|_| NotAnId(text.to_owned()))
    }
}

impl Serialize for ArticleId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ArticleId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The text given is no article id.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is no article id: an id is 16 hex digits, as `dateline search --format ids` prints them")]
pub struct NotAnId(String);

/// A calendar date of the Gregorian calendar, as precise as it is known: a year, a month or a day, 1600 to 9999.
///
/// Ordered by first day, the more precise last. Prints and reads as `2023`, `2023-06` or `2023-06-18`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NewsDate {
    year: i16,
    month: u8,
    day: u8,
}

impl NewsDate {
    /// A whole year; `None` outside 1600 to 9999.
    pub fn year(year: i16) -> Option<Self> {
        (1600..=9999).contains(&year).then_some(Self { year, month: 0, day: 0 })
    }

    /// A whole month; `None` where there is no such month.
    pub fn month(year: i16, month: u8) -> Option<Self> {
        let year = Self::year(year)?;
        (1..=12).contains(&month).then_some(Self { month, ..year })
    }

    /// A day; `None` where the calendar has no such day.
    pub fn day(year: i16, month: u8, day: u8) -> Option<Self> {
        let start = Self::month(year, month)?;
        let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        (date.day() > 0).then_some(Self { day, ..start })
    }

    /// The year this date lies in.
    pub fn in_year(self) -> i16 {
        self.year
    }

    /// The month this date lies in, 1 to 12; 0 where only the year is known.
    pub fn in_month(self) -> u8 {
        self.month
    }

    /// Whether the day is known.
    pub fn is_day(self) -> bool {
        self.day > 0
    }

    /// First day covered, in days since 1970-01-01.
    pub fn first_day(self) -> i32 {
        days(self.year, self.month.max(1), self.day.max(1))
    }

    /// Last day covered, in days since 1970-01-01.
    pub fn last_day(self) -> i32 {
        match (self.month, self.day) {
            (0, _) => days(self.year, 12, 31),
            (12, 0) => days(self.year, 12, 31),
            (month, 0) => days(self.year, month + 1, 1) - 1,
            (month, day) => days(self.year, month, day),
        }
    }

    /// The day that many days after 1970-01-01; `None` outside 1600 to 9999.
    pub fn from_day(day: i32) -> Option<Self> {
        let date = EPOCH.checked_add(jiff::Span::new().try_days(i64::from(day)).ok()?).ok()?;
        Self::day(date.year(), date.month().unsigned_abs(), date.day().unsigned_abs())
    }
}

const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

fn days(year: i16, month: u8, day: u8) -> i32 {
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    let (year, month, day) = (i32::from(year), i32::from(month), i32::from(day));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for NewsDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.month, self.day) {
            (0, _) => write!(f, "{:04}", self.year),
            (month, 0) => write!(f, "{:04}-{month:02}", self.year),
            (month, day) => write!(f, "{:04}-{month:02}-{day:02}", self.year),
        }
    }
}

impl FromStr for NewsDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let wrong = || NotADate(text.chars().take(40).collect());
        let number = |part: &str, width: usize| -> Option<u16> {
            let digits = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        };
        let parts: Vec<&str> = text.split('-').collect();
        let year = parts.first().and_then(|y| number(y, 4)).and_then(|y| i16::try_from(y).ok());
        let small = |at: usize| parts.get(at).and_then(|p| number(p, 2)).and_then(|n| u8::try_from(n).ok());
        let date = match (parts.len(), year) {
            (1, Some(year)) => Self::year(year),
            (2, Some(year)) => small(1).and_then(|month| Self::month(year, month)),
            (3, Some(year)) => small(1).zip(small(2)).and_then(|(month, day)| Self::day(year, month, day)),
            _ => None,
        };
        date.ok_or_else(wrong)
    }
}

impl Serialize for NewsDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NewsDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The text given is no date.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is no date: write 2023, 2023-06 or 2023-06-18")]
pub struct NotADate(String);

/// Where an article's publication date was found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrigin {
    /// The source's own metadata.
    Metadata,
    /// The web address; where that has a month only, with the day of a line above the story.
    Url,
    /// The dateline that opens the story, or a line above it.
    Dateline,
    /// The name of the file.
    Filename,
    /// The folders above the file.
    Path,
}

/// A facet whose values are found in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A person, under one canonical name.
    Person,
    /// A country, under its common English name.
    Country,
    /// A topic, as its path in the tree: `Narcotics/Fentanyl`.
    Topic,
    /// An organisation, where the source gives one.
    Organization,
    /// A phrase the article keeps coming back to.
    Keyphrase,
}

impl Kind {
    /// The facet's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Country => "country",
            Self::Topic => "topic",
            Self::Organization => "organization",
            Self::Keyphrase => "keyphrase",
        }
    }
}

/// How much an article has to do with a tag's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// The article is about it: the facet by default.
    About,
    /// The article names it.
    Mentioned,
}

/// How a tag came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// The source said so.
    Given,
    /// A name of the dictionaries.
    Dictionary,
    /// A person's name known by its shape and context only.
    Name,
    /// A topic's query matched.
    Query,
    /// A phrase of the article scored high enough.
    Phrase,
    /// A learned topic.
    Learned,
}

/// A facet value of an article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    /// The facet.
    pub field: Kind,
    /// The canonical value.
    pub value: String,
    /// A country's ISO 3166 alpha-2, a person's Wikidata id, a topic's IPTC Media Topic id.
    pub code: Option<String>,
    /// About or only mentioned.
    pub grade: Grade,
    /// How central it is to the article, 0 to 1.
    pub salience: f32,
    /// How the tag came to be.
    pub provenance: Provenance,
    /// How many mentions stand in headline and body.
    pub mentions: u32,
}

/// A place in an article where an entity is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The facet.
    pub field: Kind,
    /// The canonical value.
    pub value: String,
    /// The text as it stands.
    pub text: String,
    /// The field of the article it stands in.
    #[serde(rename = "in")]
    pub place: Place,
    /// Byte range in that field, on character boundaries.
    pub range: [u32; 2],
}

/// Why a place in an article counts as a mention of a person or country or speaks for a topic, or why it does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The facet.
    pub field: Kind,
    /// The canonical value; none where it does not count.
    pub value: Option<String>,
    /// The text as it stands.
    pub text: String,
    /// The field of the article it stands in.
    #[serde(rename = "in")]
    pub place: Place,
    /// Byte range in that field, on character boundaries.
    pub range: [u32; 2],
    /// The rule that decided.
    pub rule: String,
    /// What the evidence adds up to; 1 is enough.
    pub score: f32,
    /// How much the mention counts for what the article is about: 3.5 in the headline, 2.5 in the first paragraph, 1 below;
    /// half of it for a country's places, nothing for its money. A country needs 3.5.
    pub weight: f32,
    /// The evidence for it.
    #[serde(rename = "for")]
    pub pros: Vec<String>,
    /// The evidence against it.
    #[serde(rename = "against")]
    pub cons: Vec<String>,
}

/// A text field of an article that mentions point into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// The headline.
    Headline,
    /// The body.
    Body,
}

/// What an article is about: tags sorted by field, then grade, then salience, and the mentions in order of the text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tags {
    /// The tags.
    pub tags: Vec<Tag>,
    /// Where they are named.
    pub mentions: Vec<Mention>,
}

/// Where an article was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The source file, relative to the archive's root, `/` between folders.
    pub path: String,
    /// Which article of that file, from 0.
    pub record: u32,
}

/// Folds case, accents and compatibility forms: `São` and `SAO` are both `sao`, `Straße` is `strasse`, `Łódź` is `lodz`.
/// The breve of `й` stays: it is no accent, but makes another letter.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Folds a word as [`fold`] does, into a buffer that is emptied first.
pub fn fold_into(word: &str, folded: &mut String) {
    folded.clear();
    if word.is_ascii() {
        folded.push_str(word);
        folded.make_ascii_lowercase();
        return;
    }
    for c in word.nfkd().flat_map(char::to_lowercase) {
        match c {
            '\u{306}' if folded.ends_with('и') => {
                folded.pop();
                folded.push('й');
            }
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            c if is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
}
