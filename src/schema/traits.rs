//! A *trait* of an article is something that not every article has: a date, a byline, a headline of its own.

use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::article::Grade;
use crate::article::Kind;
use crate::article::Tags;

/// Something an article may have; what a query asks for with `has:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trait {
    /// A date of publication.
    Date,
    /// A headline that is not made from its text.
    Headline,
    /// A writer.
    Byline,
    /// A place and date that open it.
    Dateline,
    /// A publisher.
    Source,
    /// A section.
    Section,
    /// Where it was published.
    Url,
    /// A known language.
    Language,
    /// A person it is about.
    Person,
    /// A country it is about.
    Country,
    /// A topic.
    Topic,
}

impl Trait {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 11] = [
        Self::Date,
        Self::Headline,
        Self::Byline,
        Self::Dateline,
        Self::Source,
        Self::Section,
        Self::Url,
        Self::Language,
        Self::Person,
        Self::Country,
        Self::Topic,
    ];

    /// The name a query uses, and the index.
    pub fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Headline => "headline",
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::Source => "source",
            Self::Section => "section",
            Self::Url => "url",
            Self::Language => "language",
            Self::Person => "person",
            Self::Country => "country",
            Self::Topic => "topic",
        }
    }

    /// Whether an article has it.
    pub(crate) fn is_in(self, article: &Article, tags: &Tags) -> bool {
        let there = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        let about = |kind: Kind| tags.tags.iter().any(|tag| tag.field == kind && tag.grade == Grade::About);
        match self {
            Self::Date => article.published.is_some(),
            Self::Headline => !article.has_made_headline(),
            Self::Byline => there(&article.byline),
            Self::Dateline => there(&article.dateline),
            Self::Source => there(&article.source),
            Self::Section => there(&article.section),
            Self::Url => there(&article.url),
            Self::Language => there(&article.language),
            Self::Person => about(Kind::Person),
            Self::Country => about(Kind::Country),
            Self::Topic => about(Kind::Topic),
        }
    }
}
