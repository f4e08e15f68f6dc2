//! The *syntax tree* of a query, as plain data that prints as a query again.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::article::NewsDate;
use crate::schema::Facet;
use crate::schema::TextField;
use crate::schema::traits::Trait;

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
    /// As many words in the body as between these, inclusive; at least one end is there.
    Length(Option<u32>, Option<u32>),
    /// Has what not every article has.
    Has(Trait),
    /// This, its score multiplied.
    Boost(Box<Self>, Factor),
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

/// What a score is multiplied by, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor(pub u32);

/// What a text must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pattern {
    /// A word as typed, in any of its forms; one that the analyzer splits (`U.S.`) is a phrase of its parts.
    Word(String),
    /// A word in this form only.
    Exact(String),
    /// Words that begin so.
    Prefix(String),
    /// Words of this shape: `?` stands for one letter, `*` for any.
    Wildcard(String),
    /// Words spelt like this but for so many letters: 1 or 2.
    Fuzzy(String, u8),
    /// Words that match a regular expression as a whole.
    Regex(String),
    /// Words in this order, with up to `slop` moves of a word between them.
    Phrase {
        /// The words as typed between the quotes: each may be exact, a beginning, a shape or fuzzy; a lone `*` is any word.
        text: String,
        /// How many places the words may be apart from the phrase as written.
        slop: u32,
    },
    /// Any of these; only beside a proximity operator. Never fewer than two, never an `Any` inside.
    Any(Vec<Self>),
    /// Two patterns near each other.
    Near(Box<Self>, Nearness, Box<Self>),
}

/// How near two patterns stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Nearness {
    /// At most so many words on, whichever comes first: 1 is the next word.
    Within(u32),
    /// The first before the second, at most so many words on.
    Before(u32),
    /// In one sentence.
    Sentence,
    /// In one paragraph.
    Paragraph,
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
            Self::Not(inner) | Self::Boost(inner, _) => std::slice::from_ref(inner),
            _ => &[],
        }
    }

    /// How many levels of clauses there are, 1 for a word.
    pub fn depth(&self) -> usize {
        match self {
            Self::Text(text) => text.pattern.depth(),
            _ => 1 + self.clauses().iter().map(Self::depth).max().unwrap_or_default(),
        }
    }

    /// The texts that an article found by this query may hold, which is what to highlight: none below a NOT.
    pub fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Text(text) => vec![text],
            Self::AtLeast(_, texts) => texts.iter().collect(),
            Self::Not(_) => Vec::new(),
            _ => self.clauses().iter().flat_map(Self::texts).collect(),
        }
    }

    /// Whether it prints as one piece, that a sign may stand before or after.
    fn is_piece(&self) -> bool {
        match self {
            Self::Text(text) => text.field.is_some() || !matches!(text.pattern, Pattern::Near(..)),
            Self::And(_) | Self::Or(_) | Self::Not(_) | Self::Boost(..) => false,
            _ => true,
        }
    }
}

impl Pattern {
    /// How many levels of patterns there are, 1 for a word.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::Any(patterns) => 1 + patterns.iter().map(Self::depth).max().unwrap_or_default(),
            Self::Near(left, _, right) => 1 + left.depth().max(right.depth()),
            _ => 1,
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, clauses: &[Self], by: &str| {
            for (at, clause) in clauses.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { by })?;
                match clause {
                    Self::And(_) | Self::Or(_) => write!(f, "({clause})")?,
                    _ => write!(f, "{clause}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::All => f.write_str("*"),
            Self::And(clauses) => joined(f, clauses, " AND "),
            Self::Or(clauses) => joined(f, clauses, " OR "),
            Self::Not(inner) => match inner.as_ref() {
                Self::And(_) | Self::Or(_) => write!(f, "NOT ({inner})"),
                _ => write!(f, "NOT {inner}"),
            },
            Self::Boost(inner, factor) if inner.is_piece() => write!(f, "{inner}^{factor}"),
            Self::Boost(inner, factor) => write!(f, "({inner})^{factor}"),
            Self::Text(text) => write!(f, "{text}"),
            Self::AtLeast(count, texts) => {
                write!(f, "atleast{count}(")?;
                for (at, text) in texts.iter().enumerate() {
                    write!(f, "{}{text}", if at == 0 { "" } else { " OR " })?;
                }
                f.write_str(")")
            }
            Self::Facet(facet, value) => write!(f, "{facet}:\"{value}\""),
            Self::Date(from, to) => write!(f, "date:{}", range(from.as_ref(), to.as_ref())),
            Self::Length(from, to) => write!(f, "wc:{}", range(from.as_ref(), to.as_ref())),
            Self::Has(what) => write!(f, "has:{}", what.name()),
        }
    }
}

fn range<T: fmt::Display + PartialEq>(from: Option<&T>, to: Option<&T>) -> String {
    let text = |end: Option<&T>| end.map(T::to_string).unwrap_or_default();
    if from == to { text(from) } else { format!("{}..{}", text(from), text(to)) }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:03}", self.0 / 1_000, self.0 % 1_000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.field, &self.pattern) {
            (Some(field), Pattern::Near(..)) => write!(f, "{}:({})", field.name(), self.pattern),
            (Some(field), pattern) => write!(f, "{}:{pattern}", field.name()),
            (None, pattern) => write!(f, "{pattern}"),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) | Self::Wildcard(word) => f.write_str(word),
            Self::Exact(word) => write!(f, "={word}"),
            Self::Prefix(prefix) => write!(f, "{prefix}*"),
            Self::Fuzzy(word, slips) => write!(f, "{word}~{slips}"),
            Self::Regex(regex) => write!(f, "/{regex}/"),
            Self::Phrase { text, slop: 0 } => write!(f, "\"{text}\""),
            Self::Phrase { text, slop } => write!(f, "\"{text}\"~{slop}"),
            Self::Any(patterns) => {
                for (at, pattern) in patterns.iter().enumerate() {
                    write!(f, "{}{pattern}", if at == 0 { "(" } else { " OR " })?;
                }
                f.write_str(")")
            }
            Self::Near(left, how, right) => match right.as_ref() {
                Self::Near(..) => write!(f, "{left} {how} ({right})"),
                _ => write!(f, "{left} {how} {right}"),
            },
        }
    }
}

impl fmt::Display for Nearness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within(words) => write!(f, "w/{words}"),
            Self::Before(words) => write!(f, "pre/{words}"),
            Self::Sentence => f.write_str("/s"),
            Self::Paragraph => f.write_str("/p"),
        }
    }
}
