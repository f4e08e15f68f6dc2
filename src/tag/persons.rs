//! A *person* of an article is everybody its names, titles and surnames say is one, under one canonical name.
//!
//! Full names come first: the dictionary's, then open ones (see [`crate::tag::runs`]), then a title with the family
//! name of who held that office. What is left are surnames: each goes to the person of that family named last before
//! it, or first after it where none was.

use rustc_hash::FxHashMap;

use crate::article::Kind;
use crate::article::Provenance;
use crate::tag::Tagger;
use crate::tag::clusters::Clusters;
use crate::tag::clusters::clusters;
use crate::tag::countries;
use crate::tag::finding::Finding;
use crate::tag::names::Meaning;
use crate::tag::names::mark;
use crate::tag::reading::Reading;
use crate::tag::reading::Span;
use crate::tag::reading::SpanKind;
use crate::tag::reading::Title;
use crate::tag::runs::is_business_after;
use crate::tag::runs::runs;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Shape;
use crate::tag::tokens::Style;
use crate::taxonomy::persons::Person;

/// Somebody an article names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Who {
    /// A person of the dictionary.
    Known(u32),
    /// A person known from this article only.
    Open(u32),
}

/// A place where somebody is named.
#[derive(Clone, Copy, Debug)]
struct Named {
    start: usize,
    end: usize,
    who: Who,
    titled: bool,
}

/// All persons of an article.
pub(crate) fn find(tagger: &Tagger, reading: &Reading<'_>, year: Option<i16>) -> Vec<Finding> {
    let mut full = known_names(tagger, reading, year);
    let clusters = open_names(tagger, reading, &mut full);
    office_holders(tagger, reading, year, &mut full);
    full.sort_by_key(|named| named.start);
    let mut all = Surnames::new(tagger, reading, &clusters, &full).find(year, &full);
    all.extend(full);
    all.sort_by_key(|named| named.start);
    findings(tagger, &clusters, &all)
}

fn known_names(tagger: &Tagger, reading: &Reading<'_>, year: Option<i16>) -> Vec<Named> {
    let persons = reading.spans.iter().filter(|span| span.kind == SpanKind::Person);
    let whole = persons.filter(|span| !is_business_after(reading, span.end));
    let named = |span: &Span| {
        let all = || reading.hits_of(*span).filter_map(|hit| full_person(hit.meaning));
        let fits = |person: &u32| tagger.persons[*person as usize].years.hold(year);
        let person = all().find(fits).or_else(|| all().next())?;
        let titled = reading.title_before(span.start).is_some();
        Some(Named { start: span.start, end: span.end, who: Who::Known(person), titled })
    };
    whole.filter_map(named).collect()
}

fn full_person(meaning: Meaning) -> Option<u32> {
    match meaning {
        Meaning::Full(person) => Some(person),
        _ => None,
    }
}

/// Adds the open names to `full`; one that only has initials more than a name of the dictionary is that person.
fn open_names(tagger: &Tagger, reading: &Reading<'_>, full: &mut Vec<Named>) -> Clusters {
    let mut open = Vec::new();
    for run in runs(reading, &tagger.titles) {
        let core = (run.start..run.end).filter(|at| !is_trimming(reading, *at)).map(|at| reading.words[at]);
        match reading.names.meanings(core).find_map(full_person) {
            Some(person) => {
                full.push(Named {
                    start: run.start,
                    end: run.end,
                    who: Who::Known(person),
                    titled: run.titled,
                });
            }
            None => open.push(run),
        }
    }
    let clusters = clusters(reading, &open);
    for (run, cluster) in open.iter().zip(&clusters.of_run) {
        full.push(Named { start: run.start, end: run.end, who: Who::Open(*cluster), titled: run.titled });
    }
    clusters
}

fn is_trimming(reading: &Reading<'_>, at: usize) -> bool {
    reading.token(at).shape == Shape::Initial || reading.is(at, mark::SUFFIX)
}

/// Adds each title that stands before the family name of who held that office: `President Xi`.
fn office_holders(tagger: &Tagger, reading: &Reading<'_>, year: Option<i16>, full: &mut Vec<Named>) {
    let mut found = Vec::new();
    for at in 1..reading.len() {
        let Some(title) = reading.title_before(at) else { continue };
        let country = country_before(tagger, reading, title);
        let office = Office { title: tagger.usual_title(title.title), country, year };
        let Some((end, person)) = office_holder(tagger, reading, at, &office) else { continue };
        let known = |named: &Named| named.who == Who::Known(person);
        let rival = full.iter().find(|named| last_word(reading, named) == Some(reading.words[end - 1]));
        let doubtful = rival.is_some() && !full.iter().any(known) && country.is_none() && year.is_none();
        if !doubtful && stands_alone(reading, at, end) {
            found.push(Named { start: at, end, who: Who::Known(person), titled: true });
        }
    }
    found.retain(|new| !full.iter().any(|old| old.start < new.end && new.start < old.end));
    full.extend(found);
}

struct Office<'a> {
    title: &'a str,
    country: Option<&'a str>,
    year: Option<i16>,
}

/// Who of a family name's bearers held the office; where none did, who acts for the country before the title.
fn office_holder(
    tagger: &Tagger,
    reading: &Reading<'_>,
    at: usize,
    office: &Office<'_>,
) -> Option<(usize, u32)> {
    let bearers = || {
        reading.hits_at(at).iter().rev().filter_map(|hit| match hit.meaning {
            Meaning::Family(person) | Meaning::Bare(person) => Some((hit.end as usize, person)),
            _ => None,
        })
    };
    let held = only_one(bearers().filter(|(_, person)| holds(&tagger.persons[*person as usize], office)));
    held.or_else(|| {
        only_one(bearers().filter(|(_, person)| acts_for(&tagger.persons[*person as usize], office)))
    })
}

/// The person of the longest form, unless two share it.
fn only_one(bearers: impl Iterator<Item = (usize, u32)>) -> Option<(usize, u32)> {
    let mut bearers = bearers.peekable();
    let first = *bearers.peek()?;
    bearers.take_while(|(end, _)| *end == first.0).all(|(_, person)| person == first.1).then_some(first)
}

fn holds(person: &Person, office: &Office<'_>) -> bool {
    let same = |title: &str| {
        let longer = title.strip_prefix(office.title).is_some_and(|rest| rest.starts_with(" of "));
        let fuller = office.title.contains(' ') && title.ends_with(office.title);
        title == office.title || longer || fuller
    };
    let fits = |of: &str| office.country.is_none_or(|country| country == of);
    person.offices.iter().any(|held| held.years.hold(office.year) && same(&held.title) && fits(&held.of))
}

fn acts_for(person: &Person, office: &Office<'_>) -> bool {
    let known = office.country.is_some_and(|country| person.countries.iter().any(|code| code == country));
    known && person.years.hold(office.year)
}

/// The country whose form stands right before a title: `Chinese |leader`, `China's |President`.
fn country_before<'a>(tagger: &'a Tagger, reading: &Reading<'_>, title: Title) -> Option<&'a str> {
    let before = title.start.checked_sub(1)?;
    let near = reading.gap(title.start) == Gap::Space;
    let span = reading.span(before).filter(|_| near)?;
    let country = countries::meant(tagger, reading, span)?;
    tagger.countries.get(usize::from(country)).map(|country| country.code.as_str())
}

fn last_word(reading: &Reading<'_>, named: &Named) -> Option<u32> {
    reading.words.get(named.end.checked_sub(1)?).copied()
}

/// Whether a surname is no part of a longer name.
fn stands_alone(reading: &Reading<'_>, start: usize, end: usize) -> bool {
    if is_business_after(reading, end) || reading.gap(start) == Gap::And {
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

/// The surnames of the persons an article names in full.
struct Surnames<'a> {
    tagger: &'a Tagger,
    reading: &'a Reading<'a>,
    clusters: &'a Clusters,
    /// Where each person of the dictionary is first named in full.
    first: FxHashMap<Who, usize>,
    /// Where each was last named so far.
    last: FxHashMap<Who, usize>,
    /// Per family name of open persons, who was named first, and who last so far.
    open_first: FxHashMap<u32, Who>,
    open_last: FxHashMap<u32, Who>,
}

impl<'a> Surnames<'a> {
    fn new(tagger: &'a Tagger, reading: &'a Reading<'a>, clusters: &'a Clusters, full: &[Named]) -> Self {
        let mut first = FxHashMap::default();
        let mut open_first = FxHashMap::default();
        for named in full {
            first.entry(named.who).or_insert(named.start);
            for family in clusters.families(named.who) {
                open_first.entry(*family).or_insert(named.who);
            }
        }
        let (last, open_last) = (FxHashMap::default(), FxHashMap::default());
        Self { tagger, reading, clusters, first, last, open_first, open_last }
    }

    fn find(mut self, year: Option<i16>, full: &[Named]) -> Vec<Named> {
        let mut found = Vec::new();
        let mut full = full.iter().peekable();
        let mut at = 0;
        while at < self.reading.len() {
            if let Some(named) = full.next_if(|named| named.start <= at) {
                self.see(named);
                at = at.max(named.end);
                continue;
            }
            let limit = full.peek().map_or(self.reading.len(), |next| next.start);
            at = match self.surname(at, limit, year) {
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
        for family in self.clusters.families(named.who) {
            self.open_last.insert(*family, named.who);
        }
    }

    fn surname(&self, at: usize, limit: usize, year: Option<i16>) -> Option<Named> {
        if self.reading.span(at).is_some_and(|span| span.kind != SpanKind::Country { weak: true }) {
            return None;
        }
        let (end, who) = self.known_surname(at, limit).or_else(|| self.bare(at, limit, year))?;
        let start = self.with_particles(at, who);
        let alone = stands_alone(self.reading, start, end);
        let titled = self.reading.title_before(start).is_some();
        alone.then_some(Named { start, end, who, titled })
    }

    /// The person of this family named last before the token, or first after it.
    fn known_surname(&self, at: usize, limit: usize) -> Option<(usize, Who)> {
        let mut best: Option<(usize, Who)> = None;
        for hit in self.reading.hits_at(at) {
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
        let token = self.reading.token(at);
        let word = self.reading.words[at];
        let written = matches!(token.shape, Shape::Capitalised | Shape::Capitals);
        let who = self.open_last.get(&word).or_else(|| self.open_first.get(&word)).copied();
        let common = self.reading.is(at, mark::WORD) || (token.opens && self.reading.is(at, mark::WEAK_WORD));
        who.filter(|_| written && !common)
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
    fn bare(&self, at: usize, limit: usize, year: Option<i16>) -> Option<(usize, Who)> {
        let hits = self.reading.hits_at(at).iter().rev().filter(|hit| hit.end as usize <= limit);
        let bare = hits.filter_map(|hit| match hit.meaning {
            Meaning::Bare(person) => Some((hit.end as usize, person)),
            _ => None,
        });
        let mut fitting = bare.filter(|(_, person)| self.tagger.persons[*person as usize].years.hold(year));
        fitting.next().map(|(end, person)| (end, Who::Known(person)))
    }

    /// Where a surname starts: `|van den Broek`, where the full name has these particles.
    fn with_particles(&self, at: usize, who: Who) -> usize {
        let Who::Open(cluster) = who else { return at };
        let mut start = at;
        for particle in self.clusters.particles(cluster).iter().rev() {
            let joined = start > 0 && self.reading.joins(start) && self.reading.words[start - 1] == *particle;
            if !joined {
                break;
            }
            start -= 1;
        }
        start
    }
}

fn findings(tagger: &Tagger, clusters: &Clusters, all: &[Named]) -> Vec<Finding> {
    let mut number: FxHashMap<Who, usize> = FxHashMap::default();
    let mut found: Vec<Finding> = Vec::new();
    for named in all {
        let at = *number.entry(named.who).or_insert(found.len());
        if at == found.len() {
            found.push(finding(tagger, clusters, named.who));
        }
        found[at].spots.push((named.start, named.end));
        found[at].titled |= named.titled;
    }
    found
}

fn finding(tagger: &Tagger, clusters: &Clusters, who: Who) -> Finding {
    match who {
        Who::Known(person) => {
            let person = &tagger.persons[person as usize];
            let code = person.wikidata.clone();
            let acts_for = person.countries.clone();
            Finding {
                code,
                acts_for,
                ..Finding::new(Kind::Person, person.name.clone(), Provenance::Dictionary)
            }
        }
        Who::Open(cluster) => Finding {
            longest: Some(clusters.longest(cluster)),
            ..Finding::new(Kind::Person, String::new(), Provenance::Name)
        },
    }
}
