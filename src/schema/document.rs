//! A *document* is an article as the index holds it: its words, its columns, and the article itself to be shown.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::Value;

use crate::article::Article;
use crate::article::ArticleId;
use crate::article::Grade;
use crate::article::Kind;
use crate::article::Location;
use crate::article::Mention;
use crate::article::Place;
use crate::article::Tag;
use crate::article::Tags;
use crate::schema::Facet;
use crate::schema::Fields;
use crate::schema::analyzer::Analyzer;
use crate::schema::tongue::Tongue;
use crate::schema::traits::Trait;

/// Bytes of a facet value that are kept; a longer one is no name.
pub const MAX_FACET_VALUE: usize = 200;

thread_local! {
    /// One analyzer a thread, for its memory of stems.
    static ANALYZER: RefCell<Analyzer> = RefCell::new(Analyzer::default());
}

/// What is stored of an article beside the columns.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredArticle {
    /// The article.
    pub article: Article,
    /// What it is about.
    pub tags: Tags,
    /// The first place that holds it.
    pub location: Location,
}

/// The document of an article.
pub fn to_document(fields: &Fields, id: ArticleId, stored: &StoredArticle) -> TantivyDocument {
    let article = &stored.article;
    let mut document = TantivyDocument::default();
    document.add_u64(fields.id, id.0);
    let texts = [
        (fields.headline, article.headline.as_str()),
        (fields.body, article.body.as_str()),
        (fields.lead, article.lead()),
    ];
    let tongue = Tongue::of(article.language.as_deref());
    for (field, text) in texts {
        match tongue {
            Tongue::English => document.add_text(field, text),
            _ => {
                let stemmed = ANALYZER.with_borrow_mut(|analyzer| analyzer.with_stems(tongue, text));
                document.add_pre_tokenized_text(field, stemmed);
            }
        }
    }
    for (field, text) in [
        (fields.byline, &article.byline),
        (fields.dateline, &article.dateline),
        (fields.source_text, &article.source),
        (fields.url, &article.url),
    ] {
        if let Some(text) = text {
            document.add_text(field, text);
        }
    }
    for (facet, mentions, value) in facet_values(article, &stored.tags) {
        document.add_text(fields.facet(facet, mentions), value);
    }
    if let Some(date) = article.published {
        document.add_i64(fields.published_first, i64::from(date.first_day()));
        document.add_i64(fields.published_last, i64::from(date.last_day()));
    }
    for what in Trait::ALL.into_iter().filter(|what| what.is_in(article, &stored.tags)) {
        document.add_text(fields.traits, what.name());
    }
    document.add_u64(fields.words, article.body.split_whitespace().count() as u64);
    document.add_bytes(fields.article, &Packed::pack(stored));
    document
}

/// The article of a document; `None` where the document is damaged.
pub fn from_document(fields: &Fields, document: &TantivyDocument) -> Option<StoredArticle> {
    let bytes = document.get_first(fields.article)?.as_bytes()?;
    Packed::unpack(bytes)
}

/// The values of every facet, each once: facet, whether it is the column of all mentions, value.
fn facet_values<'a>(article: &'a Article, tags: &'a Tags) -> Vec<(Facet, bool, &'a str)> {
    let mut values: Vec<(Facet, bool, &str)> = Vec::new();
    for tag in &tags.tags {
        match tag.field {
            Kind::Person => graded(&mut values, Facet::Person, tag),
            Kind::Country => graded(&mut values, Facet::Country, tag),
            Kind::Organization => values.push((Facet::Organization, false, &tag.value)),
            Kind::Keyphrase => values.push((Facet::Keyphrase, false, &tag.value)),
            Kind::Topic if tag.grade == Grade::About => {
                let ends = tag.value.match_indices('/').map(|(at, _)| at).chain([tag.value.len()]);
                values.extend(ends.map(|end| (Facet::Topic, false, &tag.value[..end])));
            }
            Kind::Topic => {}
        }
    }
    values.extend(article.source.as_deref().map(|value| (Facet::Source, false, value)));
    values.extend(article.section.as_deref().map(|value| (Facet::Section, false, value)));
    values.extend(article.language.as_deref().map(|value| (Facet::Language, false, value)));
    let byline = article.byline.as_deref().unwrap_or_default();
    values.extend(byline.split(", ").map(|name| (Facet::Author, false, name)));
    for value in &mut values {
        value.2 = clipped(value.2);
    }
    values.retain(|value| !value.2.is_empty());
    values.sort_unstable();
    values.dedup();
    values
}

fn graded<'a>(values: &mut Vec<(Facet, bool, &'a str)>, facet: Facet, tag: &'a Tag) {
    values.push((facet, true, &tag.value));
    if tag.grade == Grade::About {
        values.push((facet, false, &tag.value));
    }
}

fn clipped(value: &str) -> &str {
    value[..value.floor_char_boundary(MAX_FACET_VALUE)].trim()
}

/// A stored article on disk: JSON in which a mention names its tag by number, since names would repeat.
#[derive(Serialize, Deserialize)]
struct Packed<'a> {
    #[serde(rename = "a")]
    article: std::borrow::Cow<'a, Article>,
    #[serde(rename = "t")]
    tags: std::borrow::Cow<'a, [Tag]>,
    #[serde(rename = "m")]
    mentions: Vec<(usize, Place, u32, u32)>,
    #[serde(rename = "l")]
    location: std::borrow::Cow<'a, Location>,
}

impl Packed<'_> {
    fn pack(stored: &StoredArticle) -> Vec<u8> {
        let tags = &stored.tags.tags;
        let number = |mention: &Mention| {
            tags.iter().position(|tag| tag.field == mention.field && tag.value == mention.value)
        };
        let packed = Packed {
            article: std::borrow::Cow::Borrowed(&stored.article),
            tags: std::borrow::Cow::Borrowed(tags),
            mentions: (stored.tags.mentions.iter())
                .filter_map(|m| Some((number(m)?, m.place, m.range[0], m.range[1])))
                .collect(),
            location: std::borrow::Cow::Borrowed(&stored.location),
        };
        // Plain data of strings and numbers always has a JSON form.
        serde_json::to_vec(&packed).unwrap_or_default()
    }

    fn unpack(bytes: &[u8]) -> Option<StoredArticle> {
        let packed: Packed<'_> = serde_json::from_slice(bytes).ok()?;
        let article = packed.article.into_owned();
        let tags = packed.tags.into_owned();
        let mention = |&(tag, place, start, end): &(usize, Place, u32, u32)| {
            let tag: &Tag = tags.get(tag)?;
            let text = match place {
                Place::Headline => &article.headline,
                Place::Body => &article.body,
            };
            Some(Mention {
                field: tag.field,
                value: tag.value.clone(),
                text: text.get(start as usize..end as usize)?.to_owned(),
                place,
                range: [start, end],
            })
        };
        let mentions = packed.mentions.iter().filter_map(mention).collect();
        Some(StoredArticle { article, tags: Tags { tags, mentions }, location: packed.location.into_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::{StoredArticle, facet_values, from_document, to_document};
    use crate::article::{Article, Grade, Kind, Location, Mention, Place, Provenance, Tag, Tags};
    use crate::schema::{BUILTIN, Facet, Fields, SchemaFile};

    fn tag(field: Kind, value: &str, grade: Grade) -> Tag {
        let value = value.to_owned();
        Tag {
            field,
            value,
            code: None,
            grade,
            salience: 0.5,
            provenance: Provenance::Dictionary,
            mentions: 1,
        }
    }

    fn stored() -> StoredArticle {
        let article = Article {
            headline: "Blinken in Peking".to_owned(),
            body: "Blinken traf Xi.\nMehr später.".to_owned(),
            byline: Some("A. Writer, B. Writer".to_owned()),
            language: Some("de".to_owned()),
            published: "2023-06".parse().ok(),
            ..Article::default()
        };
        let mention = Mention {
            field: Kind::Person,
            value: "Xi Jinping".to_owned(),
            text: "Xi".to_owned(),
            place: Place::Body,
            range: [13, 15],
        };
        let tags = vec![
            tag(Kind::Person, "Xi Jinping", Grade::About),
            tag(Kind::Country, "China", Grade::Mentioned),
            tag(Kind::Topic, "Diplomacy/Military talks", Grade::About),
        ];
        let location = Location { path: "a.txt".to_owned(), record: 0 };
        StoredArticle { article, tags: Tags { tags, mentions: vec![mention] }, location }
    }

    #[test]
    fn an_article_comes_back_as_it_went_in() {
        let file = SchemaFile::parse(BUILTIN).unwrap();
        let fields = Fields::of(&file, &file.engine_schema()).unwrap();
        let stored = stored();
        let document = to_document(&fields, stored.article.id(), &stored);
        assert_eq!(from_document(&fields, &document), Some(stored));
    }

    #[test]
    fn facets_hold_parents_and_grades() {
        let stored = stored();
        let values = facet_values(&stored.article, &stored.tags);
        let of = |facet, mentions| -> Vec<&str> {
            values.iter().filter(|v| v.0 == facet && v.1 == mentions).map(|v| v.2).collect()
        };
        assert_eq!(of(Facet::Topic, false), ["Diplomacy", "Diplomacy/Military talks"]);
        assert_eq!(of(Facet::Country, false), [""; 0]);
        assert_eq!(of(Facet::Country, true), ["China"]);
        assert_eq!(of(Facet::Author, false), ["A. Writer", "B. Writer"]);
        assert_eq!(of(Facet::Language, false), ["de"]);
    }
}
