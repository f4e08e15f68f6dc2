//! The *query language*, and its parser.
//!
//! ```text
//! query   = and { "OR" and }
//! and     = not { [ "AND" ] not }
//! not     = { "NOT" | "-" } near
//! near    = boosted { how boosted }
//! how     = "w/" number | "near/" number        -- at most so many words on, in any order; 1 is the next word
//!         | "pre/" number                       -- in this order
//!         | "/s" | "w/s" | "/p" | "w/p"         -- in one sentence, in one paragraph
//! boosted = atom [ "^" number ]
//! atom    = "(" query ")" | "*" | text | field ":" ( text | "(" query ")" )   -- "*" alone is every article
//!         | "date:" ( date | [ date ] ".." [ date ] | ( ">" | ">=" | "<" | "<=" ) date )
//!         | "wc:" ( number | [ number ] ".." [ number ] | ( ">" | ">=" | "<" | "<=" ) number )
//!         | "has:" ( date | headline | byline | dateline | source | section | url | language | person | country | topic )
//!         | "atleast" number "(" text { "OR" text } ")"
//! text    = word | "=" word                     -- in any of its forms, in this form
//!         | word "*" | word with "*" or "?"     -- any letters, one letter
//!         | word "~" ( "1" | "2" )              -- spelt so but for so many letters
//!         | "/" regular expression "/"          -- of a whole word
//!         | [ "=" ] quote { word } quote [ "~" number ]   -- words as above, or "*" for any one
//! field   = headline | lead | body | byline | dateline | source | url
//!         | person | country | topic | keyphrase | author | language | section | organization
//! ```
//! AND, OR and NOT are in capitals. What stands beside `how` is a text, several texts joined by OR in parentheses, or again
//! such a pair; all in one field. Quotes may be straight, curly, angled or full-width, as may all other signs. A `-`
//! excludes where a word may begin; elsewhere it is part of the word, as is a `:` after anything that is no field, and a `?`
//! at its end. A sign between words that has no letter or digit (a dash, an ampersand) asks for nothing; where nothing else
//! is asked for, that is an error. No field stands inside the parentheses of another.
//!
//! Bounds: [`MAX_BYTES`], [`MAX_DEPTH`], [`MAX_CLAUSES`], [`MAX_DISTANCE`], [`MAX_CHAIN`]; every violation is an error with
//! its place.

mod leaf;
mod near;
#[cfg(test)]
mod tests;
mod values;

use crate::query::QueryError;
use crate::query::ast::{Factor, Query, Typed};
use crate::schema::Facet;
use crate::schema::TextField;

/// Bytes of a query.
pub const MAX_BYTES: usize = 8_192;
/// Levels of parentheses and NOT, and of the tree that is read from them.
pub const MAX_DEPTH: usize = 64;
/// Words, phrases, values and dates in a query.
pub const MAX_CLAUSES: usize = 1_024;
/// Words that `w/`, `near/` and `pre/` may reach over.
pub const MAX_DISTANCE: u32 = 255;
/// Sides that may be joined by `w/` and its like in one chain.
pub const MAX_CHAIN: usize = 8;

/// Reads a query; an empty one is [`Query::All`].
///
/// # Errors
/// What was expected, where, and what to type instead.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    if text.len() > MAX_BYTES {
        let message = format!("the query is longer than {MAX_BYTES} bytes");
        return Err(QueryError { message, hint: Some("ask for less at once".to_owned()), position: 0 });
    }
    let text: String = text.chars().map(plain).collect();
    let mut parser = Parser { text: &text, at: 0, depth: 0, clauses: 0 };
    let query = parser.query(Scope::Text(None))?;
    if parser.peek().is_some() {
        return Err(parser.error("this ) closes nothing", "take it out, or open it with ("));
    }
    parser.at = 0;
    match query {
        Some(query) if query.depth() > MAX_DEPTH => Err(parser.too_deep()),
        Some(query) => Ok(query),
        None if text.trim().is_empty() => Ok(Query::All),
        None => Err(parser.error("there is no word in this query", "write a word, or * for every article")),
    }
}

/// A sign as it is typed on a Latin keyboard: full-width forms and quotes of all kinds.
fn plain(c: char) -> char {
    match c {
        '“' | '”' | '„' | '‟' | '«' | '»' | '＂' => '"',
        '（' => '(',
        '）' => ')',
        '：' => ':',
        '－' | '−' | '–' => '-',
        '＊' => '*',
        '～' => '~',
        '／' => '/',
        '＝' => '=',
        '＾' => '^',
        '＜' => '<',
        '＞' => '>',
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        c => c,
    }
}

/// What a word means where the parser stands.
#[derive(Clone, Copy)]
enum Scope {
    Text(Option<TextField>),
    Facet(Facet),
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    clauses: usize,
}

/// A clause, or nothing where what was typed has no letter or digit.
type Parsed = Result<Option<Query>, QueryError>;

impl<'a> Parser<'a> {
    fn query(&mut self, scope: Scope) -> Parsed {
        let mut alternatives = Vec::new();
        loop {
            alternatives.extend(self.and(scope)?);
            if !self.keyword("OR") {
                break;
            }
            self.operand("OR")?;
        }
        Ok((!alternatives.is_empty()).then(|| Query::or(alternatives)))
    }

    fn and(&mut self, scope: Scope) -> Parsed {
        let mut clauses = Vec::new();
        if let Some(word) = ["OR", "AND"].into_iter().find(|word| self.is_keyword(word)) {
            return Err(self.nothing_before(word));
        }
        loop {
            if self.peek().is_none_or(|c| c == ')') || self.is_keyword("OR") {
                break;
            }
            if self.keyword("AND") {
                self.operand("AND")?;
                continue;
            }
            clauses.extend(self.not(scope)?);
        }
        Ok((!clauses.is_empty()).then(|| Query::and(clauses)))
    }

    fn nothing_before(&self, operator: &str) -> QueryError {
        self.error(
            &format!("{operator} joins two things, and nothing stands before this one"),
            &format!("write a {operator} b, or \"{operator}\" in quotes to look for the word"),
        )
    }

    /// Makes sure that something stands after an operator just read.
    fn operand(&mut self, operator: &str) -> Result<(), QueryError> {
        let missing = self.peek().is_none_or(|c| c == ')') || self.is_keyword("OR") || self.is_keyword("AND");
        if missing {
            return Err(self.error(
                &format!("{operator} expects a word, a phrase or a ( after it"),
                &format!("add what is missing, or write \"{operator}\" in quotes to look for the word"),
            ));
        }
        Ok(())
    }

    fn not(&mut self, scope: Scope) -> Parsed {
        if self.keyword("NOT") {
            self.operand("NOT")?;
        } else if self.rest().starts_with('-') && starts_operand(&self.rest()[1..]) {
            self.at += 1;
            self.operand("-")?;
        } else {
            return self.near(scope);
        }
        let operand = self.at;
        match self.deeper(|parser| parser.not(scope))? {
            Some(Query::Not(query)) => Ok(Some(*query)),
            Some(query) => Ok(Some(Query::Not(Box::new(query)))),
            None => {
                self.at = operand;
                Err(self.error(
                    "there is no word after NOT",
                    "write what is to be left out, or take the NOT away",
                ))
            }
        }
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth == MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn too_deep(&self) -> QueryError {
        let message = format!("the query is nested deeper than {MAX_DEPTH} levels");
        self.error(&message, "take out parentheses that are not needed")
    }

    fn boosted(&mut self, scope: Scope) -> Parsed {
        let atom = self.atom(scope)?;
        let at = self.at;
        let Some(text) = self.rest().strip_prefix('^') else { return Ok(atom) };
        let end = text.find(|c: char| c.is_whitespace() || is_paren(c) || is_quote(c)).unwrap_or(text.len());
        let Some(factor) = factor(&text[..end]) else {
            return Err(self.error("^ expects a number from 0.001 to 1000", "write word^2, or (a OR b)^0.5"));
        };
        self.at = at + 1 + end;
        Ok(atom.map(|atom| match atom {
            Query::Boost(inner, before) => {
                let both = u64::from(before.0) * u64::from(factor.0) / 1_000;
                Query::Boost(inner, Factor(u32::try_from(both).unwrap_or(u32::MAX).max(1)))
            }
            atom => Query::Boost(Box::new(atom), factor),
        }))
    }

    fn atom(&mut self, scope: Scope) -> Parsed {
        match self.peek() {
            Some('(') => self.group(scope),
            Some(c) if is_quote(c) => self.phrase(scope, false).map(Some),
            Some('=') if self.rest()[1..].starts_with(is_quote) => {
                self.at += 1;
                self.phrase(scope, true).map(Some)
            }
            _ => self.word(scope),
        }
    }

    fn group(&mut self, scope: Scope) -> Parsed {
        let open = self.at;
        self.at += 1;
        let inner = self.deeper(|parser| parser.query(scope))?;
        let closed = self.peek() == Some(')');
        if closed && inner.is_some() {
            self.at += 1;
            return Ok(inner);
        }
        self.at = open;
        Err(match closed {
            true => {
                self.error("there is no word between these parentheses", "put one there, or take them out")
            }
            false => self.error("this ( is never closed", "add a ) where it ends"),
        })
    }

    fn typed(&self, start: usize) -> Typed {
        Typed(self.text[..start].chars().count())
    }

    fn count(&mut self) -> Result<(), QueryError> {
        self.clauses += 1;
        if self.clauses > MAX_CLAUSES {
            let message = format!("the query has more than {MAX_CLAUSES} words, phrases and values");
            return Err(self.error(&message, "ask for less at once"));
        }
        Ok(())
    }

    /// Skips white space; the character the parser stands at.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.rest().chars().next()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn is_keyword(&mut self, word: &str) -> bool {
        let _ = self.peek();
        let after = self.rest().strip_prefix(word);
        after.is_some_and(|after| {
            after.chars().next().is_none_or(|c| c.is_whitespace() || is_paren(c) || is_quote(c))
        })
    }

    fn keyword(&mut self, word: &str) -> bool {
        let there = self.is_keyword(word);
        self.at += if there { word.len() } else { 0 };
        there
    }

    fn error(&self, message: &str, hint: &str) -> QueryError {
        QueryError {
            message: message.to_owned(),
            hint: Some(hint.to_owned()),
            position: self.text[..self.at].chars().count(),
        }
    }
}

/// A number as a factor: up to three digits after the point, from 0.001 to 1000.
fn factor(text: &str) -> Option<Factor> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let fits =
        (1..=4).contains(&whole.len()) && (1..=3).contains(&rest.len()) && digits(whole) && digits(rest);
    let thousandths: u32 = if fits { format!("{whole}{rest:0<3}").parse().ok()? } else { return None };
    (1..=1_000_000).contains(&thousandths).then_some(Factor(thousandths))
}

/// Whether a `-` before this text excludes it: a word, whatever sign it begins with, a phrase or a group.
fn starts_operand(rest: &str) -> bool {
    let word =
        rest.split(|c: char| c.is_whitespace() || is_paren(c) || is_quote(c)).next().unwrap_or_default();
    let opens = rest.starts_with(|c: char| c == '(' || is_quote(c)) || rest.starts_with("=\"");
    !rest.starts_with('-') && (opens || word.contains(char::is_alphanumeric))
}

fn is_paren(c: char) -> bool {
    matches!(c, '(' | ')')
}

fn is_quote(c: char) -> bool {
    c == '"'
}
