//! A *surname* on its own means the person of that family whom the article names in full, or a form of the dictionary
//! that needs no full name; a first name on its own means the one person named in full with it before.

use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;

use crate::tag::Tagger;
use crate::tag::clusters::Clusters;
use crate::tag::finding::Rule;
use crate::tag::names::Meaning;
use crate::tag::names::mark;
use crate::tag::persons::Named;
use crate::tag::persons::Who;
use crate::tag::reading::Reading;
use crate::tag::reading::SpanKind;
use crate::tag::runs::is_business_after;
use crate::tag::runs::is_symbol;
use crate::tag::runs::last_name;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Shape;
use crate::tag::tokens::Style;

/// What surnames are looked for with.
pub(crate) struct Sources<'a> {
    /// The dictionaries.
    pub(crate) tagger: &'a Tagger,
    /// The text.
    pub(crate) reading: &'a Reading<'a>,
    /// Its open persons.
    pub(crate) clusters: &'a Clusters,
    /// Its year.
    pub(crate) year: Option<i16>,
}

/// All surnames outside the full names, which are in order.
pub(crate) fn surnames(sources: &Sources<'_>, full: &[Named]) -> Vec<Named> {
    Surnames::new(sources, full).find(full)
}

/// Whether a surname is no part of a longer name.
pub(crate) fn stands_alone(reading: &Reading<'_>, start: usize, end: usize) -> bool {
    if is_business_after(reading, end) || is_symbol(reading, start) || reading.gap(start) == Gap::And {
        return false;
    }
    if reading.token(start).style != Style::Sentence {
        let given = start > 0 && reading.joins(start) && reading.is(start - 1, mark::GIVEN);
        return !given;
    }
    let parted_before = start == 0 || !reading.joins(start) || may_precede(reading, start - 1);
    let parted_after = end >= reading.len() || !reading.joins(end) || may_follow(reading, end);
    parted_before && parted_after
}

fn may_precede(reading: &Reading<'_>, at: usize) -> bool {
    let token = reading.token(at);
    let is_title = reading.title_before(at + 1).is_some();
    let named = reading.gap(at + 1) == Gap::Hyphen && is_surname(reading, at);
    let known = reading.span(at).is_some_and(|span| span.kind != SpanKind::Guard);
    let plain = token.shape != Shape::Capitalised && token.shape != Shape::Initial;
    plain || is_title || known || named || reading.is(at, mark::WORD | mark::WEAK_WORD)
}

fn may_follow(reading: &Reading<'_>, at: usize) -> bool {
    let token = reading.token(at);
    let named = token.gap == Gap::Hyphen && is_surname(reading, at);
    let known =
        reading.span(at).is_some_and(|span| span.kind != SpanKind::Guard) || reading.title_at(at).is_some();
    let plain = !token.is_capital();
    plain || known || named || reading.is(at, mark::WORD | mark::EPONYM | mark::SUFFIX)
}

fn is_surname(reading: &Reading<'_>, at: usize) -> bool {
    reading.hits_at(at).iter().any(|hit| matches!(hit.meaning, Meaning::Bare(_) | Meaning::Family(_)))
}

/// The words by which somebody named in full is named alone: the last one too where the dictionary spells it otherwise.
fn families<'a>(sources: &'a Sources<'a>, named: &Named) -> impl Iterator<Item = u32> + use<'a> {
    let last = last_name(sources.reading, named.start, named.end);
    let reading = sources.reading;
    // `bin |Salman` alone would be another.
    let particle = || {
        let elided = reading.gap(last) == Gap::Joined;
        !elided && reading.is(last - 1, mark::PARTICLE | mark::WEAK_PARTICLE)
    };
    let known = matches!(named.who, Who::Known(_)) && last > named.start && !particle();
    let own = known.then(|| sources.reading.words[last]);
    sources.clusters.families(named.who).iter().copied().chain(own)
}

/// The surnames of the persons an article names in full.
struct Surnames<'a> {
    sources: &'a Sources<'a>,
    /// Where each person of the dictionary is first named in full.
    first: FxHashMap<Who, usize>,
    /// Where each was last named so far.
    last: FxHashMap<Who, usize>,
    /// Per family name of open persons, who was named first, and who last so far.
    open_first: FxHashMap<u32, Who>,
    open_last: FxHashMap<u32, Who>,
    /// The first words of full names so far; `None` where two persons share one.
    given: FxHashMap<u32, Option<Who>>,
    /// The first words of all full names.
    first_words: FxHashSet<(Who, u32)>,
}

impl<'a> Surnames<'a> {
    fn new(sources: &'a Sources<'a>, full: &[Named]) -> Self {
        let mut first = FxHashMap::default();
        let mut open_first = FxHashMap::default();
        for named in full {
            first.entry(named.who).or_insert(named.start);
            for family in families(sources, named) {
                open_first.entry(family).or_insert(named.who);
            }
        }
        let (last, open_last) = (FxHashMap::default(), FxHashMap::default());
        let words = &sources.reading.words;
        let first_words = full.iter().map(|named| (named.who, words[named.start])).collect();
        Self { sources, first, last, open_first, open_last, given: FxHashMap::default(), first_words }
    }

    fn find(mut self, full: &[Named]) -> Vec<Named> {
        let mut found = Vec::new();
        let mut full = full.iter().peekable();
        let mut at = 0;
        while at < self.sources.reading.len() {
            if let Some(named) = full.next_if(|named| named.start <= at) {
                self.see(named);
                at = at.max(named.end);
                continue;
            }
            let limit = full.peek().map_or(self.sources.reading.len(), |next| next.start);
            at = match self.surname(at, limit) {
                Some(named) => {
                    found.push(named);
                    named.end
                }
                None => at + 1,
            };
        }
        found
    }

    fn see(&mut self, named: &Named) {
        self.last.insert(named.who, named.start);
        let reading = self.sources.reading;
        if named.end - named.start > 1 && reading.token(named.start).shape == Shape::Capitalised {
            let held = self.given.entry(reading.words[named.start]).or_insert(Some(named.who));
            if *held != Some(named.who) {
                *held = None;
            }
        }
        for family in families(self.sources, named) {
            self.open_last.insert(family, named.who);
        }
    }

    fn surname(&self, at: usize, limit: usize) -> Option<Named> {
        if self.sources.reading.span(at).is_some_and(|span| span.kind != SpanKind::Country { weak: true }) {
            return None;
        }
        let surname = self.known_surname(at, limit).map(|(end, who)| (end, who, Rule::Surname));
        let bare = || self.bare(at, limit).map(|(end, who)| (end, who, Rule::Bare));
        let given = || self.given_name(at).map(|who| (at + 1, who, Rule::GivenName));
        // Who is named in full only later does not take the name of who is known by it alone: `Trump … Donald Trump Jr.`
        let sure = surname.filter(|(_, who, _)| self.nearness(*who).0);
        let (end, who, rule) = sure.or_else(bare).or(surname).or_else(given)?;
        let start = self.with_given_name(self.with_particles(at, who), who);
        let alone = stands_alone(self.sources.reading, start, end);
        let titled = self.sources.reading.title_before(start).is_some();
        alone.then_some(Named { start, end, who, titled, rule })
    }

    /// The person of this family named last before the token, or first after it.
    fn known_surname(&self, at: usize, limit: usize) -> Option<(usize, Who)> {
        let mut best: Option<(usize, Who)> = None;
        for hit in self.sources.reading.hits_at(at) {
            let (Meaning::Family(person) | Meaning::Bare(person)) = hit.meaning else { continue };
            let (who, end) = (Who::Known(person), hit.end as usize);
            let later =
                |(old_end, old): (usize, Who)| (end, self.nearness(who)) > (old_end, self.nearness(old));
            if end <= limit && self.first.contains_key(&who) && best.is_none_or(later) {
                best = Some((end, who));
            }
        }
        let open = self.open_surname(at).map(|who| (at + 1, who));
        match (best, open) {
            (Some(known), Some(open)) => {
                let nearer = known.0 > open.0 || self.nearness(known.1) > self.nearness(open.1);
                Some(if nearer { known } else { open })
            }
            (known, open) => known.or(open),
        }
    }

    fn open_surname(&self, at: usize) -> Option<Who> {
        let token = self.sources.reading.token(at);
        let word = self.sources.reading.words[at];
        let written = matches!(token.shape, Shape::Capitalised | Shape::Capitals);
        let who = self.open_last.get(&word).or_else(|| self.open_first.get(&word)).copied();
        let common = self.sources.reading.is(at, mark::WORD)
            || (token.opens && self.sources.reading.is(at, mark::WEAK_WORD));
        who.filter(|_| written && !common)
    }

    /// The only person named in full before whose name starts with the token, where it can be nothing else.
    fn given_name(&self, at: usize) -> Option<Who> {
        let reading = self.sources.reading;
        let token = reading.token(at);
        let plain = token.shape == Shape::Capitalised && token.style == Style::Sentence;
        let other = reading.span(at).is_some()
            || reading.is(at, mark::WORD | mark::WEAK_WORD)
            || is_surname(reading, at);
        let who = self.given.get(&reading.words[at]).copied().flatten();
        // `Will the bill pass?`: what opens a sentence is a name where it speaks or has something.
        let speaks = reading.is(at + 1, mark::SPEECH)
            || token.possessive
            || reading.gap(at + 1) == Gap::Comma
            || matches!(reading.tokens.folded(at + 1), "is" | "was" | "has" | "had");
        let long = token.end - token.start > 2 && reading.title_at(at).is_none();
        who.filter(|_| plain && !other && long && (!token.opens || speaks))
    }

    /// Where a surname in a headline starts, whose capitals tell no row of words: `KEVIN |BROWN`.
    fn with_given_name(&self, start: usize, who: Who) -> usize {
        let reading = self.sources.reading;
        let before = start
            .checked_sub(1)
            .filter(|_| reading.joins(start) && reading.token(start).style != Style::Sentence);
        let first = |at: &usize| self.first_words.contains(&(who, reading.words[*at]));
        before.filter(first).unwrap_or(start)
    }

    /// Orders persons: the later named before, the better; of those named after only, the first.
    fn nearness(&self, who: Who) -> (bool, isize) {
        let signed = |at: usize| isize::try_from(at).unwrap_or(isize::MAX);
        match self.last.get(&who) {
            Some(last) => (true, signed(*last)),
            None => (false, self.first.get(&who).map_or(isize::MIN, |first| -signed(*first))),
        }
    }

    /// A form that means somebody without a full name, in that year.
    fn bare(&self, at: usize, limit: usize) -> Option<(usize, Who)> {
        let hits = self.sources.reading.hits_at(at).iter().rev().filter(|hit| hit.end as usize <= limit);
        let bare = hits.filter_map(|hit| match hit.meaning {
            Meaning::Bare(person) => Some((hit.end as usize, person)),
            _ => None,
        });
        let mut fitting = bare.filter(|(_, person)| {
            self.sources.tagger.persons[*person as usize].years.hold(self.sources.year)
        });
        fitting.next().map(|(end, person)| (end, Who::Known(person)))
    }

    /// Where a surname starts: `|van den Broek`, where the full name has these particles.
    fn with_particles(&self, at: usize, who: Who) -> usize {
        let Who::Open(cluster) = who else { return at };
        let mut start = at;
        for particle in self.sources.clusters.particles(cluster).iter().rev() {
            let joined = start > 0
                && self.sources.reading.joins(start)
                && self.sources.reading.words[start - 1] == *particle;
            if !joined {
                break;
            }
            start -= 1;
        }
        start
    }
}
