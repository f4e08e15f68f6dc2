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
use crate::tag::finding::Finding;
use crate::tag::finding::Rule;
use crate::tag::finding::Spot;
use crate::tag::names::Hit;
use crate::tag::names::Meaning;
use crate::tag::names::mark;
use crate::tag::offices::office_holders;
use crate::tag::reading::Reading;
use crate::tag::reading::Span;
use crate::tag::reading::SpanKind;
use crate::tag::runs::Run;
use crate::tag::runs::is_business_after;
use crate::tag::runs::is_symbol;
use crate::tag::runs::runs;
use crate::tag::surnames::Sources;
use crate::tag::surnames::surnames;
use crate::tag::tokens::Shape;

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
pub(crate) struct Named {
    /// First token.
    pub(crate) start: usize,
    /// Token after the last.
    pub(crate) end: usize,
    /// Who.
    pub(crate) who: Who,
    /// Whether a title stands before it.
    pub(crate) titled: bool,
    /// How it is known.
    pub(crate) rule: Rule,
}

/// All persons of an article, and the rows of words that are no names.
pub(crate) fn find(tagger: &Tagger, reading: &Reading<'_>, year: Option<i16>) -> (Vec<Finding>, Vec<Run>) {
    let mut full = known_names(tagger, reading, year);
    let (clusters, doubtful) = open_names(tagger, reading, &mut full);
    full.sort_by_key(|named| named.start);
    full.extend(office_holders(tagger, reading, year, &full));
    full.sort_by_key(|named| named.start);
    let mut all = surnames(&Sources { tagger, reading, clusters: &clusters, year }, &full);
    all.extend(full);
    all.sort_by_key(|named| named.start);
    (findings(tagger, &clusters, &all), doubtful)
}

fn known_names(tagger: &Tagger, reading: &Reading<'_>, year: Option<i16>) -> Vec<Named> {
    let persons = reading.spans.iter().filter(|span| span.kind == SpanKind::Person);
    let whole =
        persons.filter(|span| !is_business_after(reading, span.end) && !is_symbol(reading, span.start));
    // A title is no part of a mention, be it part of the name the dictionary gives: `Pope |John Paul II`.
    let after_title = |span: &Span| {
        let titles =
            reading.hits_at(span.start).iter().filter(|hit| matches!(hit.meaning, Meaning::Title(_)));
        titles.map(|hit| hit.end as usize).filter(|end| *end < span.end).max()
    };
    let named = |span: &Span| {
        let all = || reading.hits_of(*span).filter_map(|hit| full_person(hit.meaning));
        let fits = |person: &u32| tagger.persons[*person as usize].years.hold(year);
        let person = all().find(fits).or_else(|| all().next())?;
        let titled = reading.title_before(span.start).is_some();
        let start = after_title(span).unwrap_or(span.start);
        Some(Named { start, end: span.end, who: Who::Known(person), titled, rule: Rule::Full })
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
fn open_names(tagger: &Tagger, reading: &Reading<'_>, full: &mut Vec<Named>) -> (Clusters, Vec<Run>) {
    let mut open = Vec::new();
    let whole_surname = |run: &Run| {
        let is_surname = |hit: &Hit| matches!(hit.meaning, Meaning::Bare(_) | Meaning::Family(_));
        reading.hits_at(run.start).iter().any(|hit| hit.end as usize == run.end && is_surname(hit))
    };
    // A surname of several words that opens a sentence reads like a full name: `Von der Leyen`.
    for run in runs(tagger, reading).into_iter().filter(|run| !whole_surname(run)) {
        let core = (run.start..run.end).filter(|at| !is_trimming(reading, *at)).map(|at| reading.words[at]);
        let known = reading.names.meanings(core).find_map(full_person).filter(|_| run.clues.are_enough());
        match known {
            Some(person) => full.push(named(&run, Who::Known(person), Rule::Initials)),
            None => open.push(run),
        }
    }
    let clusters = clusters(reading, full, &open);
    let mut doubtful = Vec::new();
    for (run, who) in open.iter().zip(&clusters.of_run) {
        let rule = if run.clues.are_enough() { Rule::Open(run.clues) } else { Rule::Part };
        match who {
            Some(who) => full.push(named(run, *who, rule)),
            None => doubtful.push(*run),
        }
    }
    (clusters, doubtful)
}

fn named(run: &Run, who: Who, rule: Rule) -> Named {
    Named { start: run.start, end: run.end, who, titled: run.is_titled(), rule }
}

fn is_trimming(reading: &Reading<'_>, at: usize) -> bool {
    reading.token(at).shape == Shape::Initial || reading.is(at, mark::SUFFIX)
}

fn findings(tagger: &Tagger, clusters: &Clusters, all: &[Named]) -> Vec<Finding> {
    let mut number: FxHashMap<Who, usize> = FxHashMap::default();
    let mut found: Vec<Finding> = Vec::new();
    for named in all {
        let at = *number.entry(named.who).or_insert(found.len());
        if at == found.len() {
            found.push(finding(tagger, clusters, named.who));
        }
        found[at].spots.push(Spot { start: named.start, end: named.end, rule: named.rule });
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
