//! A *run* is a row of capitalised words that reads like a person's full name though no dictionary holds it.
//!
//! A run counts as a name only with evidence: a title before it, a given name, initials, a particle, an apposition, or
//! its last word speaking on its own elsewhere in the article. A word of an organisation anywhere in it is a veto.

use rustc_hash::FxHashSet;

use crate::tag::names::Hit;
use crate::tag::names::Meaning;
use crate::tag::names::mark;
use crate::tag::reading::Reading;
use crate::tag::reading::SpanKind;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Shape;
use crate::tag::tokens::Style;
use crate::taxonomy::countries::Evidence;
use crate::taxonomy::words::Word;

/// A full name no dictionary holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// First token.
    pub(crate) start: usize,
    /// Token after the last.
    pub(crate) end: usize,
    /// Whether a title stands before it.
    pub(crate) titled: bool,
}

/// Tokens of a run at most: what is longer is a table or a list of names of things.
const LONGEST: usize = 10;
const WORDS: std::ops::RangeInclusive<usize> = 2..=4;

/// All full names of a text that no dictionary holds, in order.
pub(crate) fn runs(reading: &Reading<'_>, titles: &[Word]) -> Vec<Run> {
    let mut candidates = Vec::new();
    let mut clues = Clues::default();
    let mut at = 0;
    while at < reading.len() {
        clues.listen(reading, at);
        if !may_open(reading, at) {
            at += 1;
            continue;
        }
        let end = grow(reading, at);
        (at + 1..end).for_each(|inner| clues.listen(reading, inner));
        if is_organisation(reading, at, end) {
            clues.organisations.extend(opening(reading, at, end));
        } else {
            candidates.extend(trim(reading, at, end, titles));
        }
        at = end;
    }
    candidates.retain(|run| clues.confirm(reading, run));
    candidates
}

/// Whether what follows a name makes it that of an organisation: `Reagan |& Co`, `Wrigley |<WWY>`.
pub(crate) fn is_business_after(reading: &Reading<'_>, end: usize) -> bool {
    let organisation = mark::ORGANISATION | mark::WEAK_ORGANISATION;
    let is_one = reading.is(end, organisation) && !reading.is(end, mark::EPONYM);
    let next_is_one = is_one && reading.joins(end) && reading.token(end).is_capital();
    next_is_one || matches!(reading.gap(end), Gap::And | Gap::Angle)
}

/// How many words stand in a row of tokens: hyphens join, suffixes do not count.
fn words(reading: &Reading<'_>, start: usize, end: usize) -> usize {
    let parted = |at: &usize| *at == start || !matches!(reading.gap(*at), Gap::Hyphen | Gap::Joined);
    (start..end).filter(parted).filter(|at| *at == start || !reading.is(*at, mark::SUFFIX)).count()
}

fn may_open(reading: &Reading<'_>, at: usize) -> bool {
    let token = reading.token(at);
    let written = match token.shape {
        Shape::Capitalised => true,
        Shape::Initial => token.end - token.start == 2,
        Shape::Capitals => token.dotted && token.end - token.start <= 6,
        Shape::Lower | Shape::Number | Shape::Caseless => false,
    };
    written && token.style == Style::Sentence && reading.is_free(at)
}

fn grow(reading: &Reading<'_>, start: usize) -> usize {
    let mut end = start + 1;
    while end < start + LONGEST {
        match step(reading, start, end) {
            Some(next) => end = next,
            None => break,
        }
    }
    end
}

/// The end of the run once the token `at` has joined it.
fn step(reading: &Reading<'_>, start: usize, at: usize) -> Option<usize> {
    let free = reading.is_free(at)
        || is_surname_and_title(reading, start, at)
        || is_surname_and_place(reading, start, at);
    if !free || !reading.joins(at) {
        return None;
    }
    let token = reading.token(at);
    let follows_family = token.gap == Gap::Hyphen && reading.is(start, mark::FAMILY_FIRST);
    match token.shape {
        Shape::Capitalised | Shape::Initial => Some(at + 1),
        Shape::Capitals => (token.dotted || reading.is(at, mark::SUFFIX)).then_some(at + 1),
        Shape::Lower if follows_family => Some(at + 1),
        Shape::Lower => after_particles(reading, at),
        Shape::Number | Shape::Caseless => None,
    }
}

/// Whether a title is a family name here: `Larry |King`.
fn is_surname_and_title(reading: &Reading<'_>, start: usize, at: usize) -> bool {
    let single = reading.title_at(at).is_some_and(|title| title.end == at + 1);
    let last = !(reading.joins(at + 1) && reading.token(at + 1).is_capital());
    single && last && reading.is(start, mark::GIVEN) && reading.token(at).shape == Shape::Capitalised
}

/// Whether a city is a family name here: `Jack |London`.
fn is_surname_and_place(reading: &Reading<'_>, start: usize, at: usize) -> bool {
    let is_place = |hit: &Hit| {
        let city = Evidence::Capital;
        matches!(hit.meaning, Meaning::Country { evidence, .. } if evidence == city || evidence == Evidence::Place)
    };
    let span = reading.span(at).filter(|span| matches!(span.kind, SpanKind::Country { .. }));
    let place = span.is_some_and(|span| span.end == span.start + 1 && reading.hits_of(span).all(is_place));
    let last = !(reading.joins(at + 1) && reading.token(at + 1).is_capital());
    place && last && reading.is(start, mark::GIVEN) && reading.gap(at) == Gap::Space
}

fn after_particles(reading: &Reading<'_>, at: usize) -> Option<usize> {
    let is_particle = |at: &usize| reading.is(*at, mark::PARTICLE | mark::WEAK_PARTICLE);
    let next = (at..at + 4).find(|next| !is_particle(next) || !reading.joins(*next))?;
    let name = next > at && next < reading.len() && reading.joins(next) && reading.is_free(next);
    (name && reading.token(next).shape == Shape::Capitalised).then_some(next + 1)
}

fn is_organisation(reading: &Reading<'_>, start: usize, end: usize) -> bool {
    let given =
        (start..end - 1).any(|at| reading.is(at, mark::GIVEN)) || reading.title_before(start).is_some();
    let weak_end = if given { end - 1 } else { end };
    let weak = (start..weak_end).any(|at| reading.is(at, mark::WEAK_ORGANISATION));
    let inside = weak || (start..end).any(|at| reading.is(at, mark::ORGANISATION));
    inside || is_business_after(reading, end) || reading.gap(start) == Gap::And
}

/// The first two words of a run, by which an organisation's short name is known again.
fn opening(reading: &Reading<'_>, start: usize, end: usize) -> Option<(u32, u32)> {
    (end - start > 1).then(|| (reading.words[start], reading.words[start + 1]))
}

/// Takes words off both ends that are no names, and what stands before a given name.
fn trim(reading: &Reading<'_>, start: usize, end: usize, titles: &[Word]) -> Option<Run> {
    let is_word = |at: &usize| reading.is(*at, mark::WORD) && !is_initial(reading, *at);
    let title = reading.title_before(start).and_then(|title| titles.get(title.title as usize));
    let titled = title.is_some_and(|title| !title.weak);
    let end = (start..end).rev().find(|at| !is_word(at))? + 1;
    let is_given = |at: usize| reading.is(at, mark::GIVEN | mark::WEAK_GIVEN);
    let opens_only = |at: &usize| is_word(at) || (reading.is(*at, mark::WEAK_WORD) && !is_given(*at));
    let mut start = (start..end).find(|at| !opens_only(at))?;
    if !titled && !reading.is(start, mark::GIVEN | mark::FAMILY_FIRST) {
        let given =
            (start + 1..end).find(|at| reading.is(*at, mark::GIVEN) && reading.gap(*at) == Gap::Space);
        start = given.filter(|at| *at + 1 < end && !is_initial(reading, start)).unwrap_or(start);
    }
    let holds_word = (start..end).any(|at| is_word(&at));
    let long = !WORDS.contains(&words(reading, start, end));
    let is_capital = reading.token(start).is_capital();
    (is_capital && !holds_word && !long).then_some(Run { start, end, titled })
}

fn is_initial(reading: &Reading<'_>, at: usize) -> bool {
    let token = reading.token(at);
    let dotted = token.shape == Shape::Initial && token.end - token.start > 1;
    dotted || (token.shape == Shape::Capitals && token.dotted)
}

/// What the rest of the article says about a run.
#[derive(Default)]
struct Clues {
    /// Capitalised words that stand on their own.
    lone: FxHashSet<u32>,
    /// Those of them that speak.
    speakers: FxHashSet<u32>,
    /// First two words of organisations.
    organisations: FxHashSet<(u32, u32)>,
}

impl Clues {
    fn listen(&mut self, reading: &Reading<'_>, at: usize) {
        let capital = |at: usize| reading.token(at).is_capital() && !reading.is(at, mark::WORD);
        let joined = (reading.joins(at + 1) && capital(at + 1)) || (reading.joins(at) && capital(at - 1));
        if joined || reading.token(at).shape != Shape::Capitalised || reading.is(at, mark::WORD) {
            return;
        }
        self.lone.insert(reading.words[at]);
        let after = reading.gap(at + 1) == Gap::Space && reading.is(at + 1, mark::SPEECH);
        let before = reading.gap(at) == Gap::Space && at > 0 && reading.is(at - 1, mark::SPEECH);
        if after || before {
            self.speakers.insert(reading.words[at]);
        }
    }

    fn confirm(&self, reading: &Reading<'_>, run: &Run) -> bool {
        if run.titled {
            return true;
        }
        let is_business =
            opening(reading, run.start, run.end).is_some_and(|two| self.organisations.contains(&two));
        if reading.capital_nouns {
            return !is_business && reading.is(run.start, mark::GIVEN);
        }
        let last = reading.words[last_name(reading, run)];
        let named_again = reading.is(run.start, mark::WEAK_GIVEN) && self.lone.contains(&last);
        let speaks = self.speakers.contains(&last) || named_again;
        !is_business && (is_built_as_name(reading, run) || speaks || is_described(reading, run.end))
    }
}

/// The last token of a run that is no suffix.
pub(crate) fn last_name(reading: &Reading<'_>, run: &Run) -> usize {
    (run.start..run.end).rev().find(|at| !reading.is(*at, mark::SUFFIX)).unwrap_or(run.start)
}

fn is_built_as_name(reading: &Reading<'_>, run: &Run) -> bool {
    let inner = run.start..run.end - 1;
    let known = reading.is(run.start, mark::GIVEN | mark::FAMILY_FIRST);
    let initials = inner.clone().any(|at| is_initial(reading, at));
    let particle =
        inner.skip(1).any(|at| reading.is(at, mark::PARTICLE) && reading.token(at).shape == Shape::Lower);
    known || initials || particle
}

/// Whether what follows describes a person: `, a spokesman`, `, 45,`, `, who`, `(Germany)`.
fn is_described(reading: &Reading<'_>, end: usize) -> bool {
    match reading.gap(end) {
        Gap::Open => reading.span(end).is_some_and(|span| matches!(span.kind, SpanKind::Country { .. })),
        Gap::Comma => reading.is(end, mark::SPEECH) || is_age(reading, end) || is_apposition(reading, end),
        _ => false,
    }
}

fn is_age(reading: &Reading<'_>, at: usize) -> bool {
    let token = reading.token(at);
    token.shape == Shape::Number && token.end - token.start == 2 && reading.gap(at + 1) == Gap::Comma
}

fn is_apposition(reading: &Reading<'_>, start: usize) -> bool {
    let end = (start + 1..reading.len().min(start + 6)).find(|at| !reading.joins(*at)).unwrap_or(start + 6);
    let title = (start..end.min(reading.len())).find_map(|at| reading.title_at(at));
    title.is_some_and(|title| !(reading.joins(title.end) && reading.token(title.end).is_capital()))
}
