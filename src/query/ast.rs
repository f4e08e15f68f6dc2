//! The *syntax tree* of a query, as plain data that prints as a query again.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::article::NewsDate;
use crate::schema::Facet;
use crate::schema::TextField;

/// A query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Query {
    /// Every article.
    All,
    /// All of these; never fewer than two, never an `And` inside.
    And(Vec<Self>),
    /// Any of these; never fewer than two, never an `Or` inside.
    Or(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// Text in a field.
    Text(Text),
    /// That many places where any of these texts stands.
    AtLeast(u32, Vec<Text>),
    /// A value of a facet, as typed.
    Facet(Facet, String),
    /// Published between these, inclusive; at least one end is there.
    Date(Option<NewsDate>, Option<NewsDate>),
}

/// Text in one field, or in headline and body where none is named.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Text {
    /// The field.
    pub field: Option<TextField>,
    /// What stands there.
    pub pattern: Pattern,
    /// Where it was typed.
    #[serde(skip)]
    pub typed: Typed,
}

/// A place in the query as typed, in characters from 0, to point an error at. It is no part of what a query asks for: two
/// texts are equal wherever they were typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed(pub usize);

impl PartialEq for Typed {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Typed {}

impl Hash for Typed {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// What a text must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pattern {
    /// A word as typed; one that the analyzer splits (`U.S.`) is a phrase of its parts.
    Word(String),
    /// Words that begin so.
    Prefix(String),
    /// Words in this order, with up to `slop` moves of a word between them.
    Phrase {
        /// The words as typed between the quotes; one that ends in `*` is a beginning.
        text: String,
        /// How many places the words may be apart from the phrase as written.
        slop: u32,
    },
}

impl Query {
    /// Joins by AND, flat.
    pub fn and(clauses: Vec<Self>) -> Self {
        Self::join(clauses, Self::And, |query| match query {
            Self::And(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// Joins by OR, flat.
    pub fn or(clauses: Vec<Self>) -> Self {
        Self::join(clauses, Self::Or, |query| match query {
            Self::Or(inner) => Ok(inner),
            other => Err(other),
        })
    }

    fn join(
        clauses: Vec<Self>,
        whole: fn(Vec<Self>) -> Self,
        open: fn(Self) -> Result<Vec<Self>, Self>,
    ) -> Self {
        let mut flat = Vec::with_capacity(clauses.len());
        for clause in clauses {
            match open(clause) {
                Ok(inner) => flat.extend(inner),
                Err(clause) => flat.push(clause),
            }
        }
        match flat.len() {
            1 => flat.remove(0),
            _ => whole(flat),
        }
    }

    /// The clauses directly below this one.
    pub fn clauses(&self) -> &[Self] {
        match self {
            Self::And(clauses) | Self::Or(clauses) => clauses,
            Self::Not(inner) => std::slice::from_ref(inner),
            Self::All | Self::Text(_) | Self::AtLeast(..) | Self::Facet(..) | Self::Date(..) => &[],
        }
    }

    /// How many levels of clauses there are, 1 for a word.
    pub fn depth(&self) -> usize {
        1 + self.clauses().iter().map(Self::depth).max().unwrap_or_default()
    }

    /// The texts that an article found by this query may hold, which is what to highlight: none below a NOT.
    pub fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Text(text) => vec![text],
            Self::AtLeast(_, texts) => texts.iter().collect(),
            Self::And(clauses) | Self::Or(clauses) => clauses.iter().flat_map(Self::texts).collect(),
            Self::All | Self::Not(_) | Self::Facet(..) | Self::Date(..) => Vec::new(),
        }
    }

    fn in_parentheses(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(_) | Self::Or(_) => write!(f, "({self})"),
            _ => write!(f, "{self}"),
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, clauses: &[Self], by: &str| {
            for (at, clause) in clauses.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { by })?;
                clause.in_parentheses(f)?;
            }
            Ok(())
        };
        match self {
            Self::All => f.write_str("*"),
            Self::And(clauses) => joined(f, clauses, " AND "),
            Self::Or(clauses) => joined(f, clauses, " OR "),
            Self::Not(inner) => {
                f.write_str("NOT ")?;
                inner.in_parentheses(f)
            }
            Self::Text(text) => write!(f, "{text}"),
            Self::AtLeast(count, texts) => {
                write!(f, "atleast{count}(")?;
                for (at, text) in texts.iter().enumerate() {
                    write!(f, "{}{text}", if at == 0 { "" } else { " OR " })?;
                }
                f.write_str(")")
            }
            Self::Facet(facet, value) => write!(f, "{facet}:\"{value}\""),
            Self::Date(from, to) if from == to => write!(f, "date:{}", date(*from)),
            Self::Date(from, to) => write!(f, "date:{}..{}", date(*from), date(*to)),
        }
    }
}

fn date(date: Option<NewsDate>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = self.field {
            write!(f, "{}:", field.name())?;
        }
        match &self.pattern {
            Pattern::Word(word) => f.write_str(word),
            Pattern::Prefix(prefix) => write!(f, "{prefix}*"),
            Pattern::Phrase { text, slop: 0 } => write!(f, "\"{text}\""),
            Pattern::Phrase { text, slop } => write!(f, "\"{text}\"~{slop}"),
        }
    }
}
