//! The *leaves* of a query as typed: words, phrases, regular expressions, facet values, and what stands after a field.

use crate::query::QueryError;
use crate::query::ast::{Pattern, Query, Text};
use crate::query::parse::{Parsed, Parser, Scope, is_paren, is_quote, starts_operand};
use crate::query::slot::has_wildcard;
use crate::query::slot::pattern_of;
use crate::query::slot::whole_word;
use crate::schema::Facet;
use crate::schema::TextField;
use crate::schema::analyzer::Analyzer;

impl Parser<'_> {
    pub(super) fn phrase(&mut self, scope: Scope, exact: bool) -> Result<Query, QueryError> {
        let open = self.at;
        let start = open + 1;
        let Some(length) = self.text[start..].find(is_quote) else {
            return Err(self.error("this quote is never closed", "add a \" where the phrase ends"));
        };
        let words = self.text[start..start + length].split_whitespace();
        let marked = words.map(|word| match exact && !word.starts_with('=') {
            true => format!("={word}"),
            false => word.to_owned(),
        });
        let text = marked.collect::<Vec<_>>().join(" ");
        self.at = start + length + 1;
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
                self.check_wildcards(open, &text, slop)?;
                let typed = self.typed(open);
                Ok(Query::Text(Text { field, pattern: Pattern::Phrase { text, slop }, typed }))
            }
            Scope::Facet(facet) => self.value(facet, open, text),
        }
    }

    /// Makes sure that every `*` in a phrase means something.
    fn check_wildcards(&mut self, open: usize, phrase: &str, slop: u32) -> Result<(), QueryError> {
        let words: Vec<&str> = phrase.split(' ').collect();
        let end = words.len() - 1;
        for (at, word) in words.iter().enumerate() {
            let (message, hint) = match *word {
                "*" if slop > 0 => (
                    "a lone * in a phrase with ~ stands for no place of its own".to_owned(),
                    "take it out: \"a b\"~2 lets words stand between".to_owned(),
                ),
                "*" if at == 0 || at == end => (
                    "a lone * stands between two words of a phrase".to_owned(),
                    "take it out, or write \"a * b\" for any one word between".to_owned(),
                ),
                "*" => continue,
                word => match misused(word) {
                    Some(misused) => misused,
                    None => continue,
                },
            };
            self.at = open;
            return Err(self.error(&message, &hint));
        }
        Ok(())
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

    pub(super) fn word(&mut self, scope: Scope) -> Parsed {
        let start = self.at;
        if let (Scope::Text(field), Some(length)) = (scope, regex_length(self.rest())) {
            return self.regex(field, start, length).map(Some);
        }
        let length = self.rest().find(|c: char| c.is_whitespace() || is_paren(c) || is_quote(c));
        let word = &self.text[start..start + length.unwrap_or(self.text.len() - start)];
        if let Some((name, value)) = word.split_once(':') {
            let name = name.to_ascii_lowercase();
            let name = name.as_str();
            let after = start + word.len() - value.len();
            let opens = self.text[after..].starts_with(|c: char| !c.is_whitespace() && c != ')');
            let valued = matches!(name, "date" | "wc" | "has");
            if opens && (valued || scope_of(name).is_some()) && !matches!(scope, Scope::Text(None)) {
                let message = format!("{name}: stands inside another field");
                let hint =
                    format!("close that one first, or write \"{name}:\" in quotes to look for the word");
                return Err(self.error(&message, &hint));
            }
            let value = without_boost(value);
            match name {
                "date" if opens => return self.date(after, value).map(Some),
                "wc" if opens => return self.length(after, value).map(Some),
                "has" if opens => return self.has(after, value).map(Some),
                _ => {}
            }
            if opens && let Some(scope) = scope_of(name) {
                self.at = after;
                return self.in_field(name, scope).map(Some);
            }
        }
        if let Some(count) = word.to_ascii_lowercase().strip_prefix("atleast").and_then(|n| n.parse().ok())
            && self.text[start + word.len()..].starts_with('(')
        {
            return self.at_least(scope, start, word, count).map(Some);
        }
        let word = without_boost(word);
        self.at = start + word.len();
        self.leaf(scope, start, word)
    }

    /// What stands after a field's colon.
    fn in_field(&mut self, name: &str, scope: Scope) -> Result<Query, QueryError> {
        let start = self.at;
        let minus = self.rest().starts_with('-') && starts_operand(&self.rest()[1..]);
        if let Some(word) = ["AND", "OR", "NOT"].into_iter().find(|word| self.is_keyword(word)) {
            let hint = format!("write {name}:\"{word}\" to look for the word");
            return Err(self.error(&format!("{name}: expects a word, a phrase or a ( after it"), &hint));
        }
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
        if let Some((_, operator)) =
            [("||", "OR"), ("|", "OR"), ("&&", "AND")].iter().find(|(sign, _)| *sign == word)
        {
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
        if let Some((message, hint)) = misused(word) {
            return wrong(self, &message, &hint);
        }
        let typed = self.typed(start);
        Ok(Some(Query::Text(Text { field, pattern: pattern_of(word), typed })))
    }

    fn regex(&mut self, field: Option<TextField>, start: usize, length: usize) -> Result<Query, QueryError> {
        let regex = &self.text[start + 1..start + 1 + length];
        self.count()?;
        if let Err(error) = whole_word(regex) {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            let hint = format!("mend it, or write \"/{regex}/\" in quotes to look for the text");
            return Err(self.error(&format!("this regular expression cannot be read: {reason}"), &hint));
        }
        self.at = start + length + 2;
        let typed = self.typed(start);
        Ok(Query::Text(Text { field, pattern: Pattern::Regex(regex.to_owned()), typed }))
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

/// How long the regular expression between two strokes is, where the text begins with one: without white space, and with
/// nothing but the end of a word or a boost after it.
fn regex_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('/')?;
    let mut escaped = false;
    let close = inner.char_indices().find(|(_, c)| {
        let ends = c.is_whitespace() || (*c == '/' && !escaped);
        escaped = *c == '\\' && !escaped;
        ends
    });
    let (length, _) = close.filter(|(at, c)| *c == '/' && *at > 0)?;
    let after = inner[length + 1..].chars().next();
    after.is_none_or(|c| c.is_whitespace() || is_paren(c) || is_quote(c) || c == '^').then_some(length)
}

/// What is wrong with the signs of a word, and what to type instead: a sign that would say nothing, or more than can be meant.
fn misused(word: &str) -> Option<(String, String)> {
    let plain = |text: &str| !text.contains(['~', '=']) && !has_wildcard(text);
    let letters: String = word.chars().filter(|c| !matches!(c, '*' | '=')).collect();
    let letters = letters.split(['~', '^']).next().unwrap_or_default();
    let hint = format!("write {letters} alone, or with one of =, * and ~");
    if let Some((text, boost)) = word.rsplit_once('^')
        && is_number(boost)
        && text.contains(char::is_alphanumeric)
    {
        return Some((format!("a word has one ^ at its end, unlike {word}"), format!("write {letters}^2")));
    }
    if let Some(exact) = word.strip_prefix('=').filter(|exact| exact.contains(char::is_alphanumeric)) {
        let message = || format!("= asks for a word as it stands, and {word} for more");
        return (!plain(exact)).then(|| (message(), hint));
    }
    let fuzzy = word.match_indices('~').find(|(at, _)| {
        word[..*at].contains(char::is_alphanumeric)
            && word[at + 1..].starts_with(|c: char| c.is_ascii_digit() || c == '~')
            || (*at > 0 && at + 1 == word.len())
    });
    if let Some((at, _)) = fuzzy {
        let (text, slips) = (&word[..at], &word[at + 1..]);
        let (Ok(slips @ 1..=2), true) = (slips.parse::<usize>(), plain(text)) else {
            let message = match plain(text) {
                true => "~ after a word expects 1 or 2, the letters that may differ".to_owned(),
                false => format!("{text} cannot be fuzzy too"),
            };
            return Some((
                message,
                format!("write {letters}~1, or \"{letters}\" in quotes for the word alone"),
            ));
        };
        let words = Analyzer::default().folded(text);
        let least = 2 * slips + 1;
        let long = matches!(words.as_slice(), [word] if word.chars().count() >= least);
        let message = || format!("~{slips} is for one word of {least} letters or more, unlike {text}");
        return (!long).then(|| (message(), format!("write {letters} alone")));
    }
    let pieces = word.split(|c: char| !(c.is_alphanumeric() || matches!(c, '*' | '?')));
    let bare = pieces.into_iter().any(|p| p.contains('*') && !p.contains(char::is_alphanumeric));
    (has_wildcard(word) && bare).then(|| {
        let hint = format!("write a beginning and a *, such as traffick*, or {letters} alone");
        (format!("a * stands beside a letter, unlike in {word}"), hint)
    })
}

/// A word or value without the `^` and the number at its end.
fn without_boost(word: &str) -> &str {
    let boost = word.rfind('^').filter(|at| *at > 0 && is_number(&word[at + 1..]));
    &word[..boost.unwrap_or(word.len())]
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}
