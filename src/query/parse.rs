//! The *query language*, and its parser.
//!
//! ```text
//! query   = and { "OR" and }
//! and     = not { [ "AND" ] not }
//! not     = { "NOT" | "-" } atom
//! atom    = "(" query ")" | "*" | text | field ":" ( text | "(" query ")" )   -- "*" alone is every article
//!         | "date:" ( date | [ date ] ".." [ date ] | ( ">" | ">=" | "<" | "<=" ) date )
//!         | "atleast" number "(" text { "OR" text } ")"
//! text    = word | word "*" | quote { word | word "*" } quote [ "~" number ]
//! field   = headline | lead | body | byline | dateline | source | url
//!         | person | country | topic | author | language | section | organization
//! ```
//! Operators are in capitals. Quotes may be straight, curly or full-width. A `-` excludes where a word may begin;
//! elsewhere it is part of the word, as is a `:` after anything that is no field. A sign between words that has no letter
//! or digit (a dash, an ampersand) asks for nothing; where nothing else is asked for, that is an error. No field stands inside the parentheses of another.
//!
//! Bounds: [`MAX_BYTES`], [`MAX_DEPTH`], [`MAX_CLAUSES`]; every violation is an error with its place.

#[cfg(test)]
mod tests;

use crate::article::NewsDate;
use crate::query::QueryError;
use crate::query::ast::{Pattern, Query, Text, Typed};
use crate::schema::Facet;
use crate::schema::TextField;

/// Bytes of a query.
pub const MAX_BYTES: usize = 8_192;
/// Levels of parentheses and NOT, and of the tree that is read from them.
pub const MAX_DEPTH: usize = 64;
/// Words, phrases, values and dates in a query.
pub const MAX_CLAUSES: usize = 1_024;

/// Reads a query; an empty one is [`Query::All`].
///
/// # Errors
/// What was expected, where, and what to type instead.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    if text.len() > MAX_BYTES {
        let message = format!("the query is longer than {MAX_BYTES} bytes");
        return Err(QueryError { message, hint: Some("ask for less at once".to_owned()), position: 0 });
    }
    let mut parser = Parser { text, at: 0, depth: 0, clauses: 0 };
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
        if self.is_keyword("OR") || self.is_keyword("AND") {
            let word = if self.is_keyword("OR") { "OR" } else { "AND" };
            return Err(self.error(
                &format!("{word} joins two things, and nothing stands before this one"),
                &format!("write a {word} b, or \"{word}\" in quotes to look for the word"),
            ));
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
        } else {
            return self.atom(scope);
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

    fn atom(&mut self, scope: Scope) -> Parsed {
        match self.peek() {
            Some('(') => self.group(scope),
            Some(c) if is_quote(c) => self.phrase(scope).map(Some),
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

    fn phrase(&mut self, scope: Scope) -> Result<Query, QueryError> {
        let open = self.at;
        let start = open + self.rest().chars().next().map_or(0, char::len_utf8);
        let Some(length) = self.text[start..].find(is_quote) else {
            return Err(self.error("this quote is never closed", "add a \" where the phrase ends"));
        };
        let text = self.text[start..start + length].split_whitespace().collect::<Vec<_>>().join(" ");
        self.at = start + length + self.text[start + length..].chars().next().map_or(0, char::len_utf8);
        let slop = self.slop()?;
        self.count()?;
        if !text.contains(char::is_alphanumeric) {
            self.at = open;
            return Err(
                self.error("there is no word between these quotes", "put a phrase there, or take them out")
            );
        }
        match scope {
            Scope::Text(field) => {
                self.check_wildcards(open, &text)?;
                let typed = self.typed(open);
                Ok(Query::Text(Text { field, pattern: Pattern::Phrase { text, slop }, typed }))
            }
            Scope::Facet(facet) => self.value(facet, open, text),
        }
    }

    /// Makes sure that a `*` in a phrase stands at the end of a word.
    fn check_wildcards(&mut self, open: usize, phrase: &str) -> Result<(), QueryError> {
        let fits = |word: &&str| match word.strip_suffix('*') {
            Some(beginning) => !beginning.contains('*') && beginning.ends_with(char::is_alphanumeric),
            None => !word.contains('*'),
        };
        match phrase.split(' ').find(|word| !fits(word)) {
            None => Ok(()),
            Some(word) => {
                self.at = open;
                let message = format!("in a phrase, * stands at the end of a word only, unlike in {word}");
                Err(self
                    .error(&message, "write the beginning of the word and a *, such as \"drug traffick*\""))
            }
        }
    }

    /// A facet's value, which is always whole.
    fn value(&mut self, facet: Facet, start: usize, value: String) -> Result<Query, QueryError> {
        if value.contains('*') {
            self.at = start;
            let message = format!("the value of {facet}: is a whole name, without *");
            let hint = format!("dateline facets {facet} --prefix lists the names that begin so");
            return Err(self.error(&message, &hint));
        }
        Ok(Query::Facet(facet, value))
    }

    fn typed(&self, start: usize) -> Typed {
        Typed(self.text[..start].chars().count())
    }

    fn slop(&mut self) -> Result<u32, QueryError> {
        let Some(rest) = self.rest().strip_prefix('~') else { return Ok(0) };
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        match digits.parse() {
            Ok(slop) if slop <= 100 => {
                self.at += 1 + digits.len();
                Ok(slop)
            }
            _ => Err(self.error("~ after a phrase expects a number from 0 to 100", "write \"words near\"~5")),
        }
    }

    fn word(&mut self, scope: Scope) -> Parsed {
        let start = self.at;
        let length = self.rest().find(|c: char| c.is_whitespace() || is_paren(c) || is_quote(c));
        let word = &self.text[start..start + length.unwrap_or(self.text.len() - start)];
        if let Some((name, value)) = word.split_once([':', '：']) {
            let after = start + word.len() - value.len();
            let opens = self.text[after..].starts_with(|c: char| !c.is_whitespace() && c != ')');
            let is_field = opens && (name == "date" || scope_of(name).is_some());
            if is_field && !matches!(scope, Scope::Text(None)) {
                let message = format!("{name}: stands inside another field");
                let hint =
                    format!("close that one first, or write \"{name}:\" in quotes to look for the word");
                return Err(self.error(&message, &hint));
            }
            if opens && name == "date" {
                return self.date(after, value).map(Some);
            }
            if opens && let Some(scope) = scope_of(name) {
                self.at = after;
                return self.in_field(name, scope).map(Some);
            }
        }
        if let Some(count) = word.strip_prefix("atleast").and_then(|n| n.parse().ok())
            && self.text[start + word.len()..].starts_with('(')
        {
            return self.at_least(scope, start, word, count).map(Some);
        }
        self.at = start + word.len();
        self.leaf(scope, start, word)
    }

    /// What stands after a field's colon.
    fn in_field(&mut self, name: &str, scope: Scope) -> Result<Query, QueryError> {
        let start = self.at;
        let minus = self.rest().starts_with('-') && starts_operand(&self.rest()[1..]);
        let read = if minus { None } else { self.deeper(|parser| parser.atom(scope))? };
        match read {
            Some(query) if query != Query::All => Ok(query),
            _ => {
                self.at = start;
                let hint = match minus {
                    true => {
                        format!("write -{name}: to exclude, or \"{name}:\" in quotes to look for the word")
                    }
                    false => format!("write {name}:word, or \"{name}:\" in quotes to look for the word"),
                };
                Err(self.error(&format!("{name}: expects a word, a phrase or a ( after it"), &hint))
            }
        }
    }

    fn leaf(&mut self, scope: Scope, start: usize, word: &str) -> Parsed {
        let wrong = |parser: &mut Self, message: &str, hint: &str| {
            parser.at = start;
            Err(parser.error(message, hint))
        };
        if word == "*" {
            return Ok(Some(Query::All));
        }
        if let Some((_, operator)) = [("||", "OR"), ("&&", "AND")].iter().find(|(sign, _)| *sign == word) {
            return wrong(self, &format!("{word} is no operator here"), &format!("write {operator}"));
        }
        if !word.contains(char::is_alphanumeric) {
            return Ok(None);
        }
        self.count()?;
        let field = match scope {
            Scope::Text(field) => field,
            Scope::Facet(facet) => return self.value(facet, start, word.to_owned()).map(Some),
        };
        if let Some((stem, digits)) = word.rsplit_once('~')
            && digits.bytes().all(|b| b.is_ascii_digit())
        {
            let hint = format!("write {stem}* for words that begin so, or leave ~{digits} out");
            return wrong(self, "a word cannot be fuzzy in this version", &hint);
        }
        let proximity = ["w/", "pre/", "near/"].into_iter().find(|operator| {
            let digits = word.to_ascii_lowercase();
            let digits = digits.strip_prefix(operator).unwrap_or_default().to_owned();
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        });
        if proximity.is_some() {
            return wrong(
                self,
                &format!("{word} is not an operator of this version"),
                "write \"two words\"~5",
            );
        }
        let pattern = match word.strip_suffix('*') {
            Some(prefix) if !has_wildcard(prefix) && prefix.ends_with(char::is_alphanumeric) => {
                Pattern::Prefix(prefix.to_owned())
            }
            None if !has_wildcard(word) => Pattern::Word(word.to_owned()),
            _ => {
                let message = "a wildcard may stand at the end of a word only";
                return wrong(self, message, "write the beginning of the word and a *, such as trafick*");
            }
        };
        let typed = self.typed(start);
        Ok(Some(Query::Text(Text { field, pattern, typed })))
    }

    fn at_least(&mut self, scope: Scope, start: usize, word: &str, count: u32) -> Result<Query, QueryError> {
        self.at = start;
        let Scope::Text(_) = scope else {
            return Err(self.error("atleast counts words of the text", "leave the facet out"));
        };
        if !(1..=1_000).contains(&count) {
            return Err(self.error("atleast expects a number from 1 to 1000", "write atleast3(word)"));
        }
        self.at += word.len();
        let inner = self.group(scope)?;
        let clauses = match inner {
            Some(Query::Or(clauses)) => clauses,
            Some(clause) => vec![clause],
            None => Vec::new(),
        };
        let texts: Option<Vec<Text>> = clauses.into_iter().map(as_text).collect();
        if let Some(texts) = texts.filter(|texts| !texts.is_empty()) {
            return Ok(Query::AtLeast(count, texts));
        }
        self.at = start;
        Err(self
            .error("atleast expects words or phrases joined by OR", "write atleast3(oil OR \"crude oil\")"))
    }

    fn date(&mut self, start: usize, value: &str) -> Result<Query, QueryError> {
        self.at = start + value.len();
        self.count()?;
        let read = |text: &str| -> Result<Option<NewsDate>, QueryError> {
            if text.is_empty() {
                return Ok(None);
            }
            text.parse().map(Some).map_err(|error: crate::article::NotADate| QueryError {
                message: error.to_string(),
                hint: Some("date:2023-06, date:2023-06-01..2023-06-30, date:>=2023".to_owned()),
                position: self.text[..start].chars().count(),
            })
        };
        let (from, to) = if let Some((from, to)) = value.split_once("..") {
            (read(from)?, read(to)?)
        } else if let Some(from) = value.strip_prefix(">=") {
            (read(from)?, None)
        } else if let Some(to) = value.strip_prefix("<=") {
            (None, read(to)?)
        } else if let Some(before) = value.strip_prefix('>') {
            (read(before)?.and_then(|date| NewsDate::from_day(date.last_day() + 1)), None)
        } else if let Some(after) = value.strip_prefix('<') {
            (None, read(after)?.and_then(|date| NewsDate::from_day(date.first_day() - 1)))
        } else {
            (read(value)?, read(value)?)
        };
        if from.is_none() && to.is_none() {
            self.at = start;
            return Err(self.error("date: expects a date", "write date:2023-06 or date:2023-01..2023-06"));
        }
        if let (Some(first), Some(last)) = (from, to)
            && first.first_day() > last.last_day()
        {
            self.at = start;
            return Err(
                self.error(&format!("{first} is after {last}"), &format!("write date:{last}..{first}"))
            );
        }
        Ok(Query::Date(from, to))
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

fn as_text(query: Query) -> Option<Text> {
    match query {
        Query::Text(text) => Some(text),
        _ => None,
    }
}

fn scope_of(name: &str) -> Option<Scope> {
    let text = TextField::ALL.into_iter().find(|field| field.name() == name);
    let facet = Facet::ALL.into_iter().find(|facet| facet.name() == name);
    text.map(|field| Scope::Text(Some(field))).or(facet.map(Scope::Facet))
}

/// Whether a `-` before this text excludes it: a word, whatever sign it begins with, a phrase or a group.
fn starts_operand(rest: &str) -> bool {
    let word =
        rest.split(|c: char| c.is_whitespace() || is_paren(c) || is_quote(c)).next().unwrap_or_default();
    let opens = rest.starts_with(|c: char| c == '(' || is_quote(c));
    !rest.starts_with('-') && (opens || word.contains(char::is_alphanumeric))
}

fn has_wildcard(word: &str) -> bool {
    let inner = word.trim_end_matches('?');
    inner.contains('*') || inner.contains('?')
}

fn is_paren(c: char) -> bool {
    matches!(c, '(' | ')')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '＂')
}
