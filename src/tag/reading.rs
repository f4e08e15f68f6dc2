//! A *reading* is one text with everything the dictionaries know of its words.

use crate::tag::names::Hit;
use crate::tag::names::Meaning;
use crate::tag::names::Names;
use crate::tag::names::mark;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Style;
use crate::tag::tokens::Token;
use crate::tag::tokens::Tokens;
use crate::taxonomy::language::Language;

/// One text, read.
pub(crate) struct Reading<'a> {
    /// The dictionaries' names.
    pub(crate) names: &'a Names,
    /// The text's tokens.
    pub(crate) tokens: Tokens,
    /// Its language, where that is known and not English.
    pub(crate) language: Option<Language>,
    /// Whether its language writes all nouns with a capital, so that a capital says nothing.
    pub(crate) capital_nouns: bool,
    /// Their words' numbers.
    pub(crate) words: Vec<u32>,
    /// The forms that stand in it and are admitted.
    pub(crate) hits: Vec<Hit>,
    /// The longest forms from left to right that do not overlap: countries, guards and persons' full forms.
    pub(crate) spans: Vec<Span>,
    /// Per token, the number of its span plus one; 0 where there is none.
    span_at: Vec<u32>,
    /// Per token, whether it is part of a title.
    in_title: Vec<bool>,
    /// Per token, the title that starts with it.
    title_at: Vec<Option<Title>>,
    /// Per token, the title that ends with it.
    title_end: Vec<Option<Title>>,
}

/// The longest form at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// First token.
    pub(crate) start: usize,
    /// Token after the last.
    pub(crate) end: usize,
    /// What it is.
    pub(crate) kind: SpanKind,
}

/// What kind of form a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpanKind {
    /// A country's form; `weak` where it counts with other evidence only.
    Country { weak: bool },
    /// A guard.
    Guard,
    /// A person's full form.
    Person,
}

/// A title in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Title {
    /// First token.
    pub(crate) start: usize,
    /// Token after the last.
    pub(crate) end: usize,
    /// Its place in the list of titles.
    pub(crate) title: u32,
}

impl<'a> Reading<'a> {
    /// Reads a text; `admits` says which forms hold in its year.
    pub(crate) fn of(names: &'a Names, tokens: Tokens, admits: impl Fn(&Meaning) -> bool) -> Self {
        let words = names.numbers(&tokens);
        let mut hits = names.hits(&tokens, &words);
        hits.retain(|hit| admits(&hit.meaning));
        let len = words.len();
        let mut reading = Self {
            names,
            tokens,
            language: None,
            capital_nouns: false,
            words,
            hits,
            spans: Vec::new(),
            span_at: vec![0; len],
            in_title: vec![false; len],
            title_at: vec![None; len],
            title_end: vec![None; len],
        };
        reading.find_spans();
        reading.find_titles();
        reading
    }

    /// How many tokens there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// A token.
    pub(crate) fn token(&self, at: usize) -> &Token {
        &self.tokens.list[at]
    }

    /// What stands before a token; the end of a line past the last.
    pub(crate) fn gap(&self, at: usize) -> Gap {
        self.tokens.list.get(at).map_or(Gap::Line, |token| token.gap)
    }

    /// Whether a token's word has one of the marks.
    pub(crate) fn is(&self, at: usize, bits: u32) -> bool {
        let foreign = |word: u32| {
            bits & mark::WORD != 0
                && self.language.is_some_and(|language| self.names.is_word_of(word, language))
        };
        self.words.get(at).is_some_and(|word| self.names.is(*word, bits) || foreign(*word))
    }

    /// Whether a token belongs to the same phrase as the one before.
    pub(crate) fn joins(&self, at: usize) -> bool {
        at > 0 && self.names.joins(&self.tokens, &self.words, at) && !self.tokens.list[at - 1].possessive
    }

    /// The forms that start with a token, by length.
    pub(crate) fn hits_at(&self, at: usize) -> &[Hit] {
        let from = self.hits.partition_point(|hit| (hit.start as usize) < at);
        let len = self.hits[from..].iter().take_while(|hit| hit.start as usize == at).count();
        &self.hits[from..from + len]
    }

    /// The forms that fill a span.
    pub(crate) fn hits_of(&self, span: Span) -> impl Iterator<Item = &Hit> {
        self.hits_at(span.start).iter().filter(move |hit| hit.end as usize == span.end)
    }

    /// The span a token lies in.
    pub(crate) fn span(&self, at: usize) -> Option<Span> {
        let number = self.span_at.get(at).copied()?.checked_sub(1)?;
        self.spans.get(number as usize).copied()
    }

    /// The title that starts with a token.
    pub(crate) fn title_at(&self, at: usize) -> Option<Title> {
        self.title_at.get(at).copied().flatten()
    }

    /// The title that stands right before a token: `President |Xi`.
    pub(crate) fn title_before(&self, at: usize) -> Option<Title> {
        let before = at.checked_sub(1).filter(|_| self.joins(at))?;
        self.title_end.get(before).copied().flatten()
    }

    /// Whether a token may be part of a person's name: no strong form of something else, no title.
    pub(crate) fn is_free(&self, at: usize) -> bool {
        let held = self.span(at).is_some_and(|span| span.kind != SpanKind::Country { weak: true });
        !held && !self.in_title.get(at).copied().unwrap_or(false)
    }

    /// Whether a token is part of a title.
    pub(crate) fn is_title(&self, at: usize) -> bool {
        self.in_title.get(at).copied().unwrap_or(false)
    }

    fn find_spans(&mut self) {
        let mut at = 0;
        while at < self.hits.len() {
            let start = self.hits[at].start;
            let same = self.hits[at..].iter().take_while(|hit| hit.start == start).count();
            let next = match self.longest(at..at + same) {
                Some(span) => {
                    self.spans.push(span);
                    let number = u32::try_from(self.spans.len()).unwrap_or(0);
                    self.span_at[span.start..span.end].fill(number);
                    span.end
                }
                None => start as usize + 1,
            };
            at += self.hits[at..].iter().take_while(|hit| (hit.start as usize) < next).count();
        }
    }

    /// The longest form among hits of one start; of the same length a person before a guard before a country.
    fn longest(&self, range: std::ops::Range<usize>) -> Option<Span> {
        let mut best: Option<Span> = None;
        for hit in &self.hits[range] {
            let Some(kind) = self.kind(hit) else { continue };
            let (start, end) = (hit.start as usize, hit.end as usize);
            let better = best.is_none_or(|best| (end, rank(kind)) > (best.end, rank(best.kind)));
            if better {
                best = Some(Span { start, end, kind });
            }
        }
        best
    }

    fn kind(&self, hit: &Hit) -> Option<SpanKind> {
        match hit.meaning {
            Meaning::Country { ambiguous, .. } => {
                Some(SpanKind::Country { weak: ambiguous || self.is_doubtful(hit) })
            }
            Meaning::Guard => Some(SpanKind::Guard),
            Meaning::Full(_) => Some(SpanKind::Person),
            Meaning::Bare(_) | Meaning::Family(_) | Meaning::Title(_) => None,
        }
    }

    /// Whether a form means something else when the text is all in capitals: `US`, `POLISH`.
    pub(crate) fn is_doubtful(&self, hit: &Hit) -> bool {
        let at = hit.start as usize;
        let token = self.token(at);
        let capitals = token.style == Style::Capitals && !token.dotted;
        capitals && hit.end == hit.start + 1 && self.is(at, mark::CAPITALS)
    }

    fn find_titles(&mut self) {
        let mut free_from = 0;
        for at in 0..self.hits.len() {
            let hit = self.hits[at];
            let Meaning::Title(title) = hit.meaning else { continue };
            let (start, end) = (hit.start as usize, hit.end as usize);
            let replaces = self.title_at[start].is_some_and(|old| old.end < end);
            let held = (start..end).any(|at| self.span_at[at] > 0);
            if held || (start < free_from && !replaces) {
                continue;
            }
            if let Some(old) = self.title_at[start] {
                self.title_end[old.end - 1] = None;
            }
            let title = Title { start, end, title };
            self.title_at[start] = Some(title);
            self.title_end[end - 1] = Some(title);
            self.in_title[start..end].fill(true);
            free_from = end;
        }
    }
}

fn rank(kind: SpanKind) -> u8 {
    match kind {
        SpanKind::Person => 3,
        SpanKind::Guard => 2,
        SpanKind::Country { weak: false } => 1,
        SpanKind::Country { weak: true } => 0,
    }
}
