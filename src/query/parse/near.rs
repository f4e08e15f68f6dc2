//! *Proximity* in a query as typed: two or more texts and what stands between them, `w/5`, `pre/3`, `/s`, `/p`.

use crate::query::QueryError;
use crate::query::ast::{Nearness, Pattern, Query, Text};
use crate::query::parse::{
    MAX_CHAIN, MAX_DISTANCE, Parsed, Parser, Scope, is_paren, is_quote, starts_operand,
};
use crate::schema::TextField;

impl<'a> Parser<'a> {
    pub(super) fn near(&mut self, scope: Scope) -> Parsed {
        let _ = self.peek();
        let start = self.at;
        if let Some((operator, _)) = self.nearness()? {
            return Err(self.nothing_before(operator));
        }
        let mut left = self.boosted(scope)?;
        let mut sides = 1;
        loop {
            let _ = self.peek();
            let at = self.at;
            let Some((operator, how)) = self.nearness()? else { return Ok(left) };
            self.at += operator.len();
            self.operand(operator)?;
            let before = self.at;
            let right = match self.nearness()? {
                Some(_) => None,
                None if self.excludes() => return Err(self.not_beside(operator)),
                None => self.boosted(scope)?,
            };
            sides += 1;
            if sides > MAX_CHAIN {
                self.at = at;
                let message = format!("more than {MAX_CHAIN} things are joined by {operator} and its like");
                return Err(self.error(&message, "ask for fewer at once, or join some with AND"));
            }
            let (Some(first), Some(second)) = (left, right) else {
                self.at = before;
                let hint =
                    format!("add what is missing, or write \"{operator}\" in quotes to look for the word");
                return Err(
                    self.error(&format!("{operator} expects a word or a phrase on both sides"), &hint)
                );
            };
            left = Some(self.pair((start, first), (at, operator, how), (before, second))?);
        }
    }

    /// Whether the parser stands at a NOT or a minus.
    fn excludes(&mut self) -> bool {
        self.is_keyword("NOT") || (self.rest().starts_with('-') && starts_operand(&self.rest()[1..]))
    }

    fn not_beside(&self, operator: &str) -> QueryError {
        let message = format!("nothing is excluded beside {operator}");
        self.error(
            &message,
            &format!("write a NOT (a {operator} b), or \"NOT\" in quotes to look for the word"),
        )
    }

    /// The proximity operator the parser stands at, and what it asks for; the parser stays there.
    fn nearness(&mut self) -> Result<Option<(&'a str, Nearness)>, QueryError> {
        let end = self.rest().find(|c: char| c.is_whitespace() || is_paren(c) || is_quote(c));
        let word = &self.rest()[..end.unwrap_or(self.rest().len())];
        let Some((before, after)) = word.split_once('/') else { return Ok(None) };
        let how = match (before.to_ascii_lowercase().as_str(), after.to_ascii_lowercase().as_str()) {
            ("" | "w", "s") => Nearness::Sentence,
            ("" | "w", "p") => Nearness::Paragraph,
            (name @ ("w" | "near" | "pre"), digits)
                if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) =>
            {
                let Some(words) = digits.parse().ok().filter(|words| (1..=MAX_DISTANCE).contains(words))
                else {
                    let message = format!("{name}/ expects a number of words from 1 to {MAX_DISTANCE}");
                    return Err(self.error(&message, &format!("write {name}/5, or /p for one paragraph")));
                };
                if name == "pre" { Nearness::Before(words) } else { Nearness::Within(words) }
            }
            _ => return Ok(None),
        };
        Ok(Some((word, how)))
    }

    /// Two clauses as sides of a proximity operator; each with the place it was typed at.
    fn pair(
        &mut self,
        (start, left): (usize, Query),
        (at, operator, how): (usize, &str, Nearness),
        (before, right): (usize, Query),
    ) -> Result<Query, QueryError> {
        let mut sides = Vec::new();
        for (typed, side) in [(start, left), (before, right)] {
            let Some(side) = as_side(side) else {
                self.at = typed;
                let message =
                    format!("{operator} joins words, phrases and groups of them with OR, and this is none");
                let hint = format!(
                    "write (a OR b) {operator} \"c d\"; what else is asked for stands beside: (a {operator} b) AND c"
                );
                return Err(self.error(&message, &hint));
            };
            sides.push(side);
        }
        let typed = self.typed(start);
        match (sides.pop(), sides.pop()) {
            (Some((field, right)), Some((same, left))) if field == same => {
                let pattern = Pattern::Near(Box::new(left), how, Box::new(right));
                Ok(Query::Text(Text { field, pattern, typed }))
            }
            (right, left) => {
                self.at = at;
                let field = [left, right].into_iter().flatten().find_map(|(field, _)| field);
                let name = field.map_or("headline", TextField::name);
                let message = format!("the two sides of {operator} stand in different fields");
                Err(self.error(&message, &format!("write {name}:(a {operator} b)")))
            }
        }
    }
}

/// A clause as a side of a proximity operator: a text, or texts of one field joined by OR.
fn as_side(query: Query) -> Option<(Option<TextField>, Pattern)> {
    match query {
        Query::Text(text) => Some((text.field, text.pattern)),
        Query::Or(clauses) => {
            let mut sides = clauses.into_iter().map(as_side);
            let (field, first) = sides.next()??;
            let mut patterns = vec![first];
            for side in sides {
                let (other, pattern) = side?;
                patterns.push(pattern);
                if other != field {
                    return None;
                }
            }
            Some((field, Pattern::Any(patterns)))
        }
        _ => None,
    }
}
