//! *Values* of a query: dates, numbers of words, and what an article has.

use crate::article::NewsDate;
use crate::query::QueryError;
use crate::query::ast::Query;
use crate::query::parse::Parser;
use crate::schema::traits::Trait;

impl Parser<'_> {
    pub(super) fn date(&mut self, start: usize, value: &str) -> Result<Query, QueryError> {
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
        let (from, to) = match ends(value) {
            Ends::Range(from, to) => (read(from)?, read(to)?),
            Ends::From(from) => (read(from)?, None),
            Ends::To(to) => (None, read(to)?),
            Ends::After(after) => {
                (read(after)?.and_then(|date| NewsDate::from_day(date.last_day() + 1)), None)
            }
            Ends::Before(before) => {
                (None, read(before)?.and_then(|date| NewsDate::from_day(date.first_day() - 1)))
            }
            Ends::Same(same) => (read(same)?, read(same)?),
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

    /// `wc:` with a number of words.
    pub(super) fn length(&mut self, start: usize, value: &str) -> Result<Query, QueryError> {
        self.at = start;
        self.count()?;
        let read =
            |text: &str| -> Result<Option<u32>, QueryError> {
                let plain = text.bytes().all(|b| b.is_ascii_digit());
                match text.parse() {
                    _ if text.is_empty() => Ok(None),
                    Ok(words) if plain => Ok(Some(words)),
                    _ => Err(self
                        .error(&format!("'{text}' is no number of words"), "write wc:>300 or wc:200..800")),
                }
            };
        let (from, to) = match ends(value) {
            Ends::Range(from, to) => (read(from)?, read(to)?),
            Ends::From(from) => (read(from)?, None),
            Ends::To(to) => (None, read(to)?),
            Ends::After(after) => (read(after)?.map(|words| words.saturating_add(1)), None),
            Ends::Before("0") => {
                return Err(
                    self.error("no article has fewer than 0 words", "write wc:0 for those without any")
                );
            }
            Ends::Before(before) => (None, read(before)?.map(|words| words.saturating_sub(1))),
            Ends::Same(same) => (read(same)?, read(same)?),
        };
        if from.is_none() && to.is_none() {
            return Err(self.error("wc: expects a number of words", "write wc:>300 or wc:200..800"));
        }
        if let (Some(first), Some(last)) = (from, to)
            && first > last
        {
            return Err(
                self.error(&format!("{first} is more than {last}"), &format!("write wc:{last}..{first}"))
            );
        }
        self.at = start + value.len();
        Ok(Query::Length(from, to))
    }

    /// `has:` with what not every article has.
    pub(super) fn has(&mut self, start: usize, value: &str) -> Result<Query, QueryError> {
        self.at = start;
        self.count()?;
        let Some(found) = Trait::ALL.into_iter().find(|what| what.name() == value) else {
            let names: Vec<&str> = Trait::ALL.into_iter().map(Trait::name).collect();
            return Err(self.error(
                &format!("no article has or lacks '{value}'"),
                &format!("has: takes one of {}", names.join(", ")),
            ));
        };
        self.at = start + value.len();
        Ok(Query::Has(found))
    }
}

/// A range as typed.
enum Ends<'a> {
    Range(&'a str, &'a str),
    From(&'a str),
    To(&'a str),
    After(&'a str),
    Before(&'a str),
    Same(&'a str),
}

fn ends(value: &str) -> Ends<'_> {
    if let Some((from, to)) = value.split_once("..") {
        Ends::Range(from, to)
    } else if let Some(from) = value.strip_prefix(">=") {
        Ends::From(from)
    } else if let Some(to) = value.strip_prefix("<=") {
        Ends::To(to)
    } else if let Some(after) = value.strip_prefix('>') {
        Ends::After(after)
    } else if let Some(before) = value.strip_prefix('<') {
        Ends::Before(before)
    } else {
        Ends::Same(value)
    }
}
