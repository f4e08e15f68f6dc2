//! An *element* is one value of a long list of JSON, cut out of a stream without reading the rest: strings and brackets
//! are all that is looked at.
//!
//! A dump of a million articles is one list, or an object that holds one under a usual key. Both are read an element at a
//! time, each no longer than a bound; what is longer or broken is told with its byte, and passed over.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use serde_json::Value;

use crate::parse::json::scanner::{Cut, Scanner};
use crate::parse::json::{LISTS, Mapping, kind, record};
use crate::parse::{Emit, Found, ParseError, charset, fields, not_news};

/// Reads the values of a stream one after the other: the elements of lists, objects that hold lists, other objects.
pub(super) fn read(
    source: &mut dyn BufRead,
    bound: usize,
    mapping: &Mapping,
    emit: &mut Emit<'_>,
) -> Result<(), ParseError> {
    let mut found = 0usize;
    let mut count = |one: Found| {
        found += 1;
        emit(one)
    };
    let mut articles = Articles { mapping, typed: false, emit: &mut count };
    let flow = values(&mut Scanner::new(source, 0), bound, &mut articles)?;
    if found == 0 && flow.is_continue() { Err(not_news("no article in this JSON")) } else { Ok(()) }
}

/// Where elements become articles.
struct Articles<'a, 'b> {
    mapping: &'a Mapping,
    /// Whether one of them called itself an article: then what calls itself something else is none.
    typed: bool,
    emit: &'a mut Emit<'b>,
}

impl Articles<'_, '_> {
    fn element(&mut self, text: &[u8], at: u64) -> ControlFlow<()> {
        let text = charset::decode_raw(text);
        let value = match serde_json::from_str::<Value>(&text) {
            Ok(value) => value,
            Err(error) => return self.bad(at, &format!("expected an article, found no valid JSON: {error}")),
        };
        if let Some(object) = value.as_object() {
            self.typed |= fields::is_article(object);
            if self.typed && fields::is_other_thing(object) {
                return ControlFlow::Continue(());
            }
        }
        (self.emit)(record::found(&value, self.mapping))
    }

    /// An object that stands alone; where its text is long it has been looked into before.
    fn object(&mut self, text: &[u8], at: u64) -> ControlFlow<()> {
        match serde_json::from_str::<Value>(&charset::decode_raw(text)) {
            Ok(value) => super::each_article(&value, self.mapping, self.emit),
            Err(error) => self.bad(at, &format!("expected an object, found no valid JSON: {error}")),
        }
    }

    /// What cannot be read on from: where the next element starts nobody knows.
    fn end(&mut self, at: u64, what: &str) -> ControlFlow<()> {
        let _told: ControlFlow<()> = self.bad(at, what);
        ControlFlow::Break(())
    }

    fn bad(&mut self, at: u64, what: &str) -> ControlFlow<()> {
        (self.emit)(Found::Bad { reason: format!("byte {at}: {what}") })
    }
}

fn values(
    scanner: &mut Scanner<'_>,
    bound: usize,
    articles: &mut Articles<'_, '_>,
) -> io::Result<ControlFlow<()>> {
    let mut text = Vec::new();
    while let Some(first) = scanner.peek()? {
        let at = scanner.position;
        let flow = match first {
            b'[' => list(scanner, bound, articles)?,
            b'{' => match scanner.value(bound, &mut text)? {
                Cut::Whole => articles.object(&text, at),
                Cut::Early => articles.bad(at, "the file ends before the } of this object"),
                // Too long for one article: it is looked into from its beginning.
                Cut::TooLong => {
                    let mut again = text.as_slice().chain(&mut *scanner.source);
                    let mut inner = Scanner::new(&mut again, at);
                    let flow = members(&mut inner, bound, articles)?;
                    scanner.position = inner.position;
                    flow
                }
            },
            _ => {
                scanner.value(bound, &mut text)?;
                let what = serde_json::from_slice::<Value>(&text);
                let what = what.as_ref().map_or("no valid JSON", kind);
                let reason = format!("expected a list of articles or an object, found {what}");
                articles.end(at, &reason)
            }
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// The elements of a list, from its `[` to its `]`.
fn list(
    scanner: &mut Scanner<'_>,
    bound: usize,
    articles: &mut Articles<'_, '_>,
) -> io::Result<ControlFlow<()>> {
    let mut text = Vec::new();
    scanner.pass(1);
    let mut first = true;
    loop {
        let at = scanner.position;
        match (scanner.peek()?, first) {
            (Some(b']'), _) => {
                scanner.pass(1);
                return Ok(ControlFlow::Continue(()));
            }
            (Some(b','), false) => scanner.pass(1),
            (Some(_), true) => {}
            (Some(byte), false) => {
                let what = format!("expected , or ] after an element, found '{}'", byte.escape_ascii());
                return Ok(articles.end(at, &what));
            }
            (None, _) => {
                return Ok(articles.end(at, "the file ends before the ] of its list"));
            }
        }
        first = false;
        scanner.peek()?;
        let at = scanner.position;
        let flow = match scanner.value(bound, &mut text)? {
            Cut::Whole => articles.element(&text, at),
            Cut::Early => {
                return Ok(articles.end(at, "the file ends within this element"));
            }
            Cut::TooLong => {
                let flow = articles.bad(at, &format!("an element longer than {} MiB", bound >> 20));
                scanner.rest()?;
                flow
            }
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
}

/// The lists of articles that an object holds, under a usual key or one below it: `{"response": {"docs": […]}}`.
fn members(
    scanner: &mut Scanner<'_>,
    bound: usize,
    articles: &mut Articles<'_, '_>,
) -> io::Result<ControlFlow<()>> {
    let (mut text, mut outer, mut lists) = (Vec::new(), None::<String>, 0usize);
    let start = scanner.position;
    scanner.pass(1);
    loop {
        let at = scanner.position;
        match scanner.peek()? {
            Some(b'}') => {
                scanner.pass(1);
                match outer.take() {
                    Some(_) => continue,
                    None if lists > 0 => return Ok(ControlFlow::Continue(())),
                    None => {
                        let most = bound >> 20;
                        return Ok(articles.bad(
                            start,
                            &format!("an object longer than {most} MiB without a list of articles"),
                        ));
                    }
                }
            }
            Some(b',') => {
                scanner.pass(1);
                continue;
            }
            Some(b'"') => {}
            Some(_) => {
                return Ok(articles.end(at, "expected a key in quotes"));
            }
            None => {
                return Ok(articles.end(at, "the file ends before the } of its object"));
            }
        }
        scanner.value(bound, &mut text)?;
        let key = serde_json::from_slice::<String>(&text).unwrap_or_default();
        if scanner.peek()? == Some(b':') {
            scanner.pass(1);
        }
        let path = outer.as_ref().map_or_else(|| key.clone(), |outer| format!("{outer}.{key}"));
        let leads = LISTS.iter().any(|list| list.split_once('.').is_some_and(|(first, _)| first == path));
        let flow = match scanner.peek()? {
            Some(b'[') if LISTS.contains(&path.as_str()) => {
                lists += 1;
                list(scanner, bound, articles)?
            }
            Some(b'{') if leads => {
                scanner.pass(1);
                outer = Some(key);
                continue;
            }
            Some(_) => {
                if scanner.value(0, &mut text)? == Cut::TooLong {
                    scanner.rest()?;
                }
                ControlFlow::Continue(())
            }
            None => ControlFlow::Continue(()),
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
}
