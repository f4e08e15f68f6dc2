//! A *run* is a row of capitalised words that reads like a person's full name though no dictionary holds it.
//!
//! A run counts as a name only with [`Clues`]: a title before it, a given name, initials, a particle, an apposition, other
//! persons beside it in a list, or its last word speaking on its own elsewhere in the article. A word of an organisation
//! anywhere in it is a veto.

use rustc_hash::FxHashSet;

use crate::tag::Tagger;
use crate::tag::beside::follows_nation;
use crate::tag::beside::is_described;
use crate::tag::beside::is_family;
use crate::tag::beside::is_quoted;
use crate::tag::beside::lists;
use crate::tag::clues::Clues;
use crate::tag::names::Hit;
use crate::tag::names::Meaning;
use crate::tag::names::mark;
use crate::tag::reading::Reading;
use crate::tag::reading::Span;
use crate::tag::reading::SpanKind;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Shape;
use crate::tag::tokens::Style;
use crate::taxonomy::countries::Evidence;

/// A row of words that may be a full name no dictionary holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// First token.
    pub(crate) start: usize,
    /// Token after the last.
    pub(crate) end: usize,
    /// What is for and against it.
    pub(crate) clues: Clues,
}

impl Run {
    /// Whether a title stands before it.
    pub(crate) fn is_titled(&self) -> bool {
        self.clues.has(Clues::TITLE)
    }
}

/// Tokens of a run at most: what is longer is a table or a list of names of things.
const LONGEST: usize = 10;
/// Tokens between a title and the last words of a long office at most: `Minister |of Trade, Industry and| Housing`.
const OFFICE: usize = 6;
const WORDS: std::ops::RangeInclusive<usize> = 2..=4;

/// All rows of words of a text that may be full names no dictionary holds, in order, with their clues.
pub(crate) fn runs(tagger: &Tagger, reading: &Reading<'_>) -> Vec<Run> {
    let mut found = Vec::new();
    let mut article = Elsewhere::default();
    let mut at = 0;
    while at < reading.len() {
        article.listen(reading, at);
        if !may_open(tagger, reading, at) {
            at += 1;
            continue;
        }
        let end = grow(tagger, reading, at);
        (at + 1..end).for_each(|inner| article.listen(reading, inner));
        let start = after_office(reading, at, end).unwrap_or(at);
        if is_organisation(reading, start, end) {
            article.organisations.extend(opening(reading, at, end));
            let given = Clues::GIVEN.when(reading.is(start, mark::GIVEN));
            found.push(Run { start: at, end, clues: Clues::ORGANISATION | given });
        } else {
            found.extend(trim(tagger, reading, start, end));
        }
        at = end;
    }
    for run in found.iter_mut().filter(|run| !run.clues.has(Clues::ORGANISATION)) {
        run.clues |= article.clues(tagger, reading, run);
    }
    lists(reading, &mut found);
    found
}

/// Whether what follows a name makes it that of an organisation: `Reagan |& Co`, `Wrigley |<WWY>`.
pub(crate) fn is_business_after(reading: &Reading<'_>, end: usize) -> bool {
    let organisation = mark::ORGANISATION | mark::WEAK_ORGANISATION;
    let is_one = reading.is(end, organisation) && !reading.is(end, mark::EPONYM);
    let next_is_one = is_one && reading.joins(end) && reading.token(end).is_capital();
    next_is_one || is_firm_after(reading, end) || matches!(reading.gap(end), Gap::And | Gap::Angle)
}

/// Whether partners follow: `G.H. Bass |and Co`, `W.I. Carr|, Sons and Co`.
fn is_firm_after(reading: &Reading<'_>, end: usize) -> bool {
    let firm = |at: usize| reading.is(at, mark::FIRM) && at < reading.len() && reading.token(at).is_capital();
    match reading.gap(end) {
        Gap::Comma => firm(end) && matches!(reading.tokens.folded(end + 1), "and" | "et"),
        Gap::Space => {
            matches!(reading.tokens.folded(end), "and" | "et")
                && reading.gap(end + 1) == Gap::Space
                && firm(end + 1)
        }
        _ => false,
    }
}

/// Whether a name stands in the brackets that wires put around companies and their symbols: `<|Davy McKee>`, `<|ROK>`.
pub(crate) fn is_symbol(reading: &Reading<'_>, start: usize) -> bool {
    reading.gap(start) == Gap::Angle
}

/// How many words stand in a row of tokens: hyphens join, suffixes do not count.
fn words(reading: &Reading<'_>, start: usize, end: usize) -> usize {
    let nickname = nickname(reading, start, end);
    let parted = |at: &usize| *at == start || !matches!(reading.gap(*at), Gap::Hyphen | Gap::Joined);
    let counts = |at: &usize| *at == start || !(reading.is(*at, mark::SUFFIX) || nickname.contains(at));
    (start..end).filter(parted).filter(counts).count()
}

/// The words in quotation marks inside a name.
pub(crate) fn nickname(reading: &Reading<'_>, start: usize, end: usize) -> std::ops::Range<usize> {
    let mut quotes = (start + 1..end).filter(|at| reading.gap(*at) == Gap::Quote);
    quotes.next().map_or(end..end, |open| open..quotes.next().unwrap_or(end))
}

fn may_open(tagger: &Tagger, reading: &Reading<'_>, at: usize) -> bool {
    let token = reading.token(at);
    let written = match token.shape {
        Shape::Capitalised => true,
        Shape::Initial => token.end - token.start == 2,
        Shape::Capitals => token.dotted && token.end - token.start <= 6,
        Shape::Lower | Shape::Number | Shape::Caseless => false,
    };
    let free = || reading.is_free(at) || is_place_and_given(tagger, reading, at);
    written && token.style == Style::Sentence && free()
}

fn grow(tagger: &Tagger, reading: &Reading<'_>, start: usize) -> usize {
    let mut end = start + 1;
    while end < start + LONGEST {
        match step(tagger, reading, start, end).or_else(|| after_nickname(reading, start, end)) {
            Some(next) => end = next,
            None => break,
        }
    }
    end
}

/// The end of the run once the token `at` has joined it.
fn step(tagger: &Tagger, reading: &Reading<'_>, start: usize, at: usize) -> Option<usize> {
    let free = reading.is_free(at)
        || is_surname_and_title(reading, start, at)
        || is_surname_and_place(tagger, reading, start, at);
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
    let given = (start..at).any(|at| reading.is(at, mark::GIVEN)) || is_initial(reading, at - 1);
    single && last && given && reading.token(at).shape == Shape::Capitalised
}

/// Whether a place is a given name here, as somebody is known by it and the next word: `|Victoria Beckham`.
fn is_place_and_given(tagger: &Tagger, reading: &Reading<'_>, at: usize) -> bool {
    let single = |span: &Span| span.end == span.start + 1 && matches!(span.kind, SpanKind::Country { .. });
    let alone = reading.span(at).is_some_and(|span| single(&span));
    alone
        && reading.gap(at + 1) == Gap::Space
        && reading.is_free(at + 1)
        && is_known(tagger, reading, at, at + 1)
}

/// Whether somebody is known by a first and a last word that no list of given names tells.
fn is_known(tagger: &Tagger, reading: &Reading<'_>, first: usize, last: usize) -> bool {
    let capital = |at: usize| reading.token(at).is_capital();
    let written = first < last && capital(first) && capital(last);
    // The list holds no first word that is a given name by itself.
    written
        && !reading.is(first, mark::GIVEN)
        && tagger.known.hold(reading.tokens.folded(first), reading.tokens.folded(last))
}

/// Whether a city is a family name here: `Jack |London`.
fn is_surname_and_place(tagger: &Tagger, reading: &Reading<'_>, start: usize, at: usize) -> bool {
    let is_place = |hit: &Hit| match hit.meaning {
        Meaning::Country { evidence, .. } => {
            matches!(evidence, Evidence::Capital | Evidence::Place | Evidence::Metonym)
        }
        _ => true,
    };
    let span = reading.span(at).filter(|span| matches!(span.kind, SpanKind::Country { .. }));
    let place = span.is_some_and(|span| span.end == span.start + 1 && reading.hits_of(span).all(is_place));
    let last = !(reading.joins(at + 1) && reading.token(at + 1).is_capital());
    let given = || reading.is(start, mark::GIVEN) || is_known(tagger, reading, start, at);
    place && last && reading.gap(at) == Gap::Space && given()
}

fn after_particles(reading: &Reading<'_>, at: usize) -> Option<usize> {
    let is_particle = |at: &usize| reading.is(*at, mark::PARTICLE | mark::WEAK_PARTICLE);
    let next = (at..at + 4).find(|next| !is_particle(next) || !reading.joins(*next))?;
    let name = next > at && next < reading.len() && reading.joins(next) && reading.is_free(next);
    (name && reading.token(next).shape == Shape::Capitalised).then_some(next + 1)
}

/// The end of the run once a nickname in quotation marks and the word after it have joined it: `Hector "Macho" Camacho`.
fn after_nickname(reading: &Reading<'_>, start: usize, at: usize) -> Option<usize> {
    let opens = reading.gap(at) == Gap::Quote && at < start + 3;
    let close = (at + 1..at + 5).find(|close| !matches!(reading.gap(*close), Gap::Space | Gap::Hyphen));
    let close = close.filter(|close| opens && *close < reading.len() && reading.gap(*close) == Gap::Quote)?;
    let names = |at: usize| reading.token(at).shape == Shape::Capitalised;
    (names(start) && names(at) && names(close) && reading.is_free(close)).then_some(close + 1)
}

/// Where a name starts that follows an office of several words: `Minister of Housing and Local Government |Peter Chin`.
fn after_office(reading: &Reading<'_>, start: usize, end: usize) -> Option<usize> {
    let organisation = |at: usize| reading.is(at, mark::ORGANISATION | mark::WEAK_ORGANISATION);
    let last = (start..end).rev().find(|at| organisation(*at)).filter(|last| *last + 2 < end)?;
    let given = reading.is(last + 1, mark::GIVEN) && reading.gap(last + 1) == Gap::Space;
    let first = (start.saturating_sub(OFFICE)..start).rev().find(|at| reading.title_at(*at).is_some())?;
    let same = (first + 1..=start).all(|at| matches!(reading.gap(at), Gap::Space | Gap::Comma | Gap::Hyphen));
    (given && same).then_some(last + 1)
}

fn is_organisation(reading: &Reading<'_>, start: usize, end: usize) -> bool {
    let given =
        (start..end - 1).any(|at| reading.is(at, mark::GIVEN)) || reading.title_before(start).is_some();
    let weak_end = if given { end - 1 } else { end };
    let nickname = nickname(reading, start, end);
    let holds = |to: usize, bits: u32| (start..to).any(|at| reading.is(at, bits) && !nickname.contains(&at));
    let inside = holds(weak_end, mark::WEAK_ORGANISATION) || holds(end, mark::ORGANISATION);
    inside || is_business_after(reading, end) || reading.gap(start) == Gap::And || is_symbol(reading, start)
}

/// The first two words of a run, by which an organisation's short name is known again.
fn opening(reading: &Reading<'_>, start: usize, end: usize) -> Option<(u32, u32)> {
    (end - start > 1).then(|| (reading.words[start], reading.words[start + 1]))
}

/// Takes words off both ends that are no names, and what stands before a given name.
fn trim(tagger: &Tagger, reading: &Reading<'_>, start: usize, end: usize) -> Option<Run> {
    // `Kim |In|-so`: half a name is no word.
    let half =
        |at: usize| reading.gap(at + 1) == Gap::Hyphen || (at > start && reading.gap(at) == Gap::Hyphen);
    let nickname = nickname(reading, start, end);
    let is_word = |at: &usize| {
        reading.is(*at, mark::WORD) && !is_initial(reading, *at) && !half(*at) && !nickname.contains(at)
    };
    let title = reading.title_before(start).and_then(|title| tagger.titles.get(title.title as usize));
    let titled = title.is_some_and(|title| !title.weak);
    // A name ends with no initial: `Thomas |L.`
    let end = (start..end).rev().find(|at| !is_word(at) && !is_initial(reading, *at))? + 1;
    let is_given = |at: usize| reading.is(at, mark::GIVEN | mark::WEAK_GIVEN);
    let opens_only = |at: &usize| is_word(at) || (reading.is(*at, mark::WEAK_WORD) && !is_given(*at));
    let mut start = (start..end).find(|at| !opens_only(at))?;
    // `Norway's |Odd Bjorn Hjelmeseth`: within a sentence such a word before a given name is one too.
    let weak = reading.is(start, mark::WEAK_GIVEN)
        && !reading.is(start, mark::WORD | mark::WEAK_WORD)
        && !reading.token(start).opens
        && reading.is(start + 1, mark::GIVEN);
    let known = weak
        || reading.is(start, mark::GIVEN | mark::FAMILY_FIRST)
        || is_known(tagger, reading, start, end - 1);
    if !titled && !known {
        let given =
            (start + 1..end).find(|at| reading.is(*at, mark::GIVEN) && reading.gap(*at) == Gap::Space);
        start = given.filter(|at| *at + 1 < end && !is_initial(reading, start)).unwrap_or(start);
    }
    let holds_word = (start..end).any(|at| is_word(&at));
    let numbered =
        start + 2 == end && reading.is(start, mark::GIVEN) && reading.token(end - 1).shape == Shape::Capitals;
    let long = !numbered && !WORDS.contains(&words(reading, start, end));
    let is_capital = reading.token(start).is_capital();
    (is_capital && !holds_word && !long).then_some(Run { start, end, clues: Clues::TITLE.when(titled) })
}

fn is_initial(reading: &Reading<'_>, at: usize) -> bool {
    let token = reading.token(at);
    let dotted = token.shape == Shape::Initial && token.end - token.start > 1;
    dotted || (token.shape == Shape::Capitals && token.dotted)
}

/// What the rest of the article says about a run.
#[derive(Default)]
struct Elsewhere {
    /// Capitalised words that stand on their own.
    lone: FxHashSet<u32>,
    /// Those that a title stands before.
    titled: FxHashSet<u32>,
    /// Those of them that speak.
    speakers: FxHashSet<u32>,
    /// First two words of organisations.
    organisations: FxHashSet<(u32, u32)>,
}

impl Elsewhere {
    fn listen(&mut self, reading: &Reading<'_>, at: usize) {
        let capital = |at: usize| reading.token(at).is_capital() && !reading.is(at, mark::WORD);
        let after = reading.joins(at + 1) && capital(at + 1);
        let plain = reading.token(at).shape == Shape::Capitalised && !reading.is(at, mark::WORD);
        if plain && !after && reading.title_before(at).is_some() {
            self.titled.insert(reading.words[at]);
        }
        if !plain || after || (reading.joins(at) && capital(at - 1)) {
            return;
        }
        self.lone.insert(reading.words[at]);
        let after = reading.gap(at + 1) == Gap::Space && reading.is(at + 1, mark::SPEECH);
        let before = reading.gap(at) == Gap::Space && at > 0 && reading.is(at - 1, mark::SPEECH);
        if after || before {
            self.speakers.insert(reading.words[at]);
        }
    }

    fn clues(&self, tagger: &Tagger, reading: &Reading<'_>, run: &Run) -> Clues {
        let company =
            opening(reading, run.start, run.end).is_some_and(|two| self.organisations.contains(&two));
        let known = Clues::COMPANY.when(company) | Clues::GIVEN.when(reading.is(run.start, mark::GIVEN));
        // Where all nouns have a capital, two of them side by side are no name.
        if reading.capital_nouns {
            return known;
        }
        let last = last_name(reading, run.start, run.end);
        let word = reading.words[last];
        let known_family = reading.token(run.start).opens && is_family(reading, last);
        let alone = |at: usize| self.lone.contains(&reading.words[at]);
        known
            | built(reading, run)
            | Clues::KNOWN.when(is_known(tagger, reading, run.start, last))
            | Clues::TITLED_ELSEWHERE.when(self.titled.contains(&word) && !known_family)
            | Clues::SPEAKS.when(self.speakers.contains(&word) && !known_family)
            | Clues::AGAIN.when(alone(last) && !alone(run.start) && !known_family)
            | Clues::WEAK_GIVEN.when(reading.is(run.start, mark::WEAK_GIVEN))
            | Clues::NATION.when(follows_nation(reading, run.start))
            | Clues::QUOTED.when(is_quoted(reading, run))
            | Clues::DESCRIBED.when(is_described(reading, run.end))
    }
}

/// The last token of a name that is no suffix.
pub(crate) fn last_name(reading: &Reading<'_>, start: usize, end: usize) -> usize {
    (start..end).rev().find(|at| !reading.is(*at, mark::SUFFIX)).unwrap_or(start)
}

/// What the words of a run say by themselves.
fn built(reading: &Reading<'_>, run: &Run) -> Clues {
    let inner = run.start..run.end - 1;
    let initials = inner.clone().any(|at| is_initial(reading, at));
    let nickname = (run.start + 1..run.end).any(|at| reading.gap(at) == Gap::Quote);
    let particle =
        inner.skip(1).any(|at| reading.is(at, mark::PARTICLE) && reading.token(at).shape == Shape::Lower);
    Clues::FAMILY_FIRST.when(reading.is(run.start, mark::FAMILY_FIRST))
        | Clues::INITIALS.when(initials)
        | Clues::NICKNAME.when(nickname)
        | Clues::PARTICLE.when(particle)
}
