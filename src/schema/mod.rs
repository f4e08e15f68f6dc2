//! The *schema* says how an article becomes a document of the index, and a document an article again.
//!
//! The fields are data (`index-schema/schema.toml`); [`Fields`] gives them names in code, and the two directions stand
//! side by side in `document.rs`, so that a field cannot be written and forgotten.

pub mod analyzer;
pub mod document;
pub(crate) mod tongue;
pub mod traits;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, TextFieldIndexing, TextOptions,
};

/// The built-in `schema.toml`.
pub const BUILTIN: &str = include_str!("../../index-schema/schema.toml");

/// A facet: a property with a few values an article, which are counted and filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Facet {
    /// Persons named.
    Person,
    /// Countries it is about.
    Country,
    /// Topics, a parent holding its children's articles.
    Topic,
    /// Phrases it keeps coming back to.
    Keyphrase,
    /// Publisher.
    Source,
    /// Who wrote it.
    Author,
    /// ISO 639-1 code.
    Language,
    /// Section or desk.
    Section,
    /// Organisations the source gives.
    Organization,
}

impl Facet {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 9] = [
        Self::Person,
        Self::Country,
        Self::Topic,
        Self::Keyphrase,
        Self::Source,
        Self::Author,
        Self::Language,
        Self::Section,
        Self::Organization,
    ];

    /// The facet's name, in flags, queries and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Country => "country",
            Self::Topic => "topic",
            Self::Keyphrase => "keyphrase",
            Self::Source => "source",
            Self::Author => "author",
            Self::Language => "language",
            Self::Section => "section",
            Self::Organization => "organization",
        }
    }

    /// The column that holds its values; with `mentions`, every mention where the facet has two grades.
    pub fn column(self, mentions: bool) -> &'static str {
        match (self, mentions) {
            (Self::Person, true) => "person_mentioned",
            (Self::Country, true) => "country_mentioned",
            _ => self.name(),
        }
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Facet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = || Self::ALL.map(Self::name).join(", ");
        let found = Self::ALL.into_iter().find(|facet| facet.name() == text);
        found.ok_or_else(|| format!("there is no facet '{text}': the facets are {}", names()))
    }
}

/// What `schema.toml` says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaFile {
    /// Changes when an index built before must be rebuilt.
    pub version: u32,
    /// The fields of the index.
    pub field: Vec<FieldSpec>,
    /// Names under which JSON files hold our fields.
    #[serde(default)]
    pub json: BTreeMap<String, Vec<String>>,
}

/// One field of `schema.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// How much a match counts among bare words; absent: not searched by bare words.
    pub weight: Option<f32>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// Analysed words.
    Text,
    /// Whole values.
    Facet,
    /// Days since 1970-01-01.
    Day,
    /// A whole number.
    Number,
    /// The article's id.
    Key,
    /// Kept, not searched.
    Stored,
}

/// The schema file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// It is no TOML of the right shape.
    #[error("schema.toml: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A field that dateline needs is missing or of the wrong kind.
    #[error("schema.toml: the field '{0}' is missing or of another kind than the built-in one")]
    Field(String),
}

impl SchemaFile {
    /// Reads a `schema.toml`.
    ///
    /// # Errors
    /// Where it is no TOML of the right shape, with the line.
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        Ok(toml::from_str(text)?)
    }

    /// The engine's schema.
    pub fn engine_schema(&self) -> tantivy::schema::Schema {
        let mut builder = tantivy::schema::Schema::builder();
        for field in &self.field {
            let name = field.name.as_str();
            match field.kind {
                FieldKind::Text => builder.add_text_field(name, words()),
                FieldKind::Facet => builder.add_text_field(name, STRING.set_fast("raw")),
                FieldKind::Day => builder.add_i64_field(name, NumericOptions::from(INDEXED | FAST)),
                FieldKind::Number | FieldKind::Key => builder.add_u64_field(name, INDEXED | FAST),
                FieldKind::Stored => builder.add_bytes_field(name, STORED),
            };
        }
        builder.build()
    }
}

fn words() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analyzer::NAME)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    TextOptions::default().set_indexing_options(indexing)
}

/// The fields of the index, by what they mean.
#[derive(Clone, Debug)]
pub struct Fields {
    id: Field,
    headline: Field,
    lead: Field,
    body: Field,
    byline: Field,
    dateline: Field,
    source_text: Field,
    url: Field,
    facets: [Field; Facet::ALL.len()],
    person_mentioned: Field,
    country_mentioned: Field,
    published_first: Field,
    published_last: Field,
    words: Field,
    traits: Field,
    article: Field,
    weighted: Vec<(Field, f32)>,
}

/// A text field a query may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextField {
    /// The headline.
    Headline,
    /// The first paragraph.
    Lead,
    /// The whole text.
    Body,
    /// Who wrote it.
    Byline,
    /// Place and date that open a wire story.
    Dateline,
    /// The publisher.
    Source,
    /// Where it was published.
    Url,
}

impl TextField {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Headline, Self::Lead, Self::Body, Self::Byline, Self::Dateline, Self::Source, Self::Url];

    /// The name a query uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Lead => "lead",
            Self::Body => "body",
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::Source => "source",
            Self::Url => "url",
        }
    }
}

impl Fields {
    /// The fields of an index.
    ///
    /// # Errors
    /// Where the index lacks one, or has it of another kind.
    pub fn of(file: &SchemaFile, schema: &tantivy::schema::Schema) -> Result<Self, SchemaError> {
        let kinds: BTreeMap<&str, FieldKind> = file.field.iter().map(|f| (f.name.as_str(), f.kind)).collect();
        let get = |name: &str, kind: FieldKind| {
            let there = kinds.get(name) == Some(&kind);
            schema.get_field(name).ok().filter(|_| there).ok_or_else(|| SchemaError::Field(name.to_owned()))
        };
        let text = |name: &str| get(name, FieldKind::Text);
        let mut facets = [get("id", FieldKind::Key)?; Facet::ALL.len()];
        for (at, facet) in Facet::ALL.into_iter().enumerate() {
            facets[at] = get(facet.name(), FieldKind::Facet)?;
        }
        let mut weighted = Vec::new();
        for field in file.field.iter().filter(|field| field.kind == FieldKind::Text) {
            if let Some(weight) = field.weight {
                weighted.push((text(&field.name)?, weight));
            }
        }
        Ok(Self {
            id: get("id", FieldKind::Key)?,
            headline: text("headline")?,
            lead: text("lead")?,
            body: text("body")?,
            byline: text("byline")?,
            dateline: text("dateline")?,
            source_text: text("source_text")?,
            url: text("url")?,
            facets,
            person_mentioned: get("person_mentioned", FieldKind::Facet)?,
            country_mentioned: get("country_mentioned", FieldKind::Facet)?,
            published_first: get("published_first", FieldKind::Day)?,
            published_last: get("published_last", FieldKind::Day)?,
            words: get("words", FieldKind::Number)?,
            traits: get("traits", FieldKind::Facet)?,
            article: get("article", FieldKind::Stored)?,
            weighted,
        })
    }

    /// The fields that bare words search, with their weights.
    pub fn weighted(&self) -> &[(Field, f32)] {
        &self.weighted
    }

    /// The weighted field in which all stands that stands in this one: the body, of the lead.
    pub fn whole_of(&self, field: Field) -> Option<Field> {
        (field == self.lead && self.weighted.iter().any(|(other, _)| *other == self.body))
            .then_some(self.body)
    }

    /// The field a query names.
    pub fn text(&self, field: TextField) -> Field {
        match field {
            TextField::Headline => self.headline,
            TextField::Lead => self.lead,
            TextField::Body => self.body,
            TextField::Byline => self.byline,
            TextField::Dateline => self.dateline,
            TextField::Source => self.source_text,
            TextField::Url => self.url,
        }
    }

    /// A facet's field; with `mentions`, the one that holds every mention.
    pub fn facet(&self, facet: Facet, mentions: bool) -> Field {
        match (facet, mentions) {
            (Facet::Person, true) => self.person_mentioned,
            (Facet::Country, true) => self.country_mentioned,
            _ => self.facets[facet as usize],
        }
    }

    /// First and last day of publication.
    pub fn published(&self) -> (Field, Field) {
        (self.published_first, self.published_last)
    }

    /// How many words the body has.
    pub fn words(&self) -> Field {
        self.words
    }

    /// What the article has that not every one has, by the names of [`traits::Trait`].
    pub fn traits(&self) -> Field {
        self.traits
    }

    /// The article's id.
    pub fn id(&self) -> Field {
        self.id
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILTIN, Facet, Fields, SchemaFile};

    #[test]
    fn the_built_in_file_has_every_field() {
        let file = SchemaFile::parse(BUILTIN).unwrap();
        let schema = file.engine_schema();
        let fields = Fields::of(&file, &schema).unwrap();
        assert_eq!(fields.weighted().len(), 3);
        assert_eq!(schema.fields().count(), file.field.len());
    }

    #[test]
    fn a_missing_field_is_named() {
        let text = BUILTIN.replace("\"dateline\"", "\"dateplace\"");
        let file = SchemaFile::parse(&text).unwrap();
        let error = Fields::of(&file, &file.engine_schema()).unwrap_err();
        assert!(error.to_string().contains("'dateline'"), "{error}");
    }

    #[test]
    fn facets_are_found_by_their_names() {
        for facet in Facet::ALL {
            assert_eq!(facet.name().parse(), Ok(facet));
            assert_eq!(Facet::ALL[facet as usize], facet);
        }
        assert!("place".parse::<Facet>().unwrap_err().contains("person, country"));
    }
}
