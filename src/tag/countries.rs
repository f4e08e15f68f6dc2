//! A *country* of an article is one whose name, people, capital, places or government it names, or whose city stands
//! in its dateline.

use std::collections::BTreeMap;

use crate::article::Kind;
use crate::article::Place;
use crate::article::Provenance;
use crate::tag::Tagger;
use crate::tag::finding::Finding;
use crate::tag::names::Meaning;
use crate::tag::reading::Reading;
use crate::tag::reading::Span;
use crate::tag::reading::SpanKind;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Tokens;
use crate::taxonomy::countries::Evidence;

/// What else is known of an article when its countries are looked for.
pub(crate) struct Context<'a> {
    /// Its dateline.
    pub(crate) dateline: Option<&'a str>,
    /// Its year.
    pub(crate) year: Option<i16>,
    /// Countries that back an ambiguous form: those the source gives, those its persons act for.
    pub(crate) backing: &'a [u16],
    /// Its persons.
    pub(crate) persons: &'a [Finding],
}

/// All countries of an article.
pub(crate) fn find(tagger: &Tagger, reading: &Reading<'_>, context: &Context<'_>) -> Vec<Finding> {
    let mut found: BTreeMap<u16, Sighting> = BTreeMap::new();
    for span in &reading.spans {
        if let Some(country) = meant(tagger, reading, *span) {
            found.entry(country).or_default().spots.push((span.start, span.end));
        }
    }
    for country in dateline(tagger, &found, context) {
        found.entry(country).or_default().in_dateline = true;
    }
    for (country, span) in doubtful(reading, &found, context) {
        found.entry(country).or_default().spots.push((span.start, span.end));
    }
    found.into_iter().map(|(country, sighting)| finding(tagger, reading, country, sighting)).collect()
}

/// The country a span means by itself; `None` for one that needs other evidence.
pub(crate) fn meant(tagger: &Tagger, reading: &Reading<'_>, span: Span) -> Option<u16> {
    let SpanKind::Country { weak: false } = span.kind else { return None };
    let clear = options(reading, span).filter(|option| !option.ambiguous).map(|option| option.country);
    // A form of two countries, one of them former, means the one of the article's time: the existing one where no
    // time is known or the former ends in that very year.
    clear.min_by_key(|country| tagger.countries.get(usize::from(*country)).is_none_or(|c| c.years.are_over()))
}

#[derive(Default)]
struct Sighting {
    spots: Vec<(usize, usize)>,
    in_dateline: bool,
}

#[derive(Clone, Copy)]
struct Choice {
    country: u16,
    evidence: Evidence,
    ambiguous: bool,
}

fn options(reading: &Reading<'_>, span: Span) -> impl Iterator<Item = Choice> {
    reading.hits_of(span).filter_map(|hit| match hit.meaning {
        Meaning::Country { country, evidence, ambiguous } => Some(Choice { country, evidence, ambiguous }),
        _ => None,
    })
}

/// The countries of a dateline. There a city is a city: ambiguous forms count where nothing clearer stands.
fn dateline(tagger: &Tagger, found: &BTreeMap<u16, Sighting>, context: &Context<'_>) -> Vec<u16> {
    let mut tokens = Tokens::default();
    tokens.push(context.dateline.unwrap_or_default(), Place::Headline);
    let reading = Reading::of(&tagger.names, tokens, |meaning| tagger.admits(meaning, context.year));
    let is_place = |evidence: Evidence| !matches!(evidence, Evidence::Adjective | Evidence::People);
    let places =
        |span: &Span| options(&reading, *span).filter(|option| is_place(option.evidence)).collect::<Vec<_>>();
    let spans: Vec<Vec<Choice>> =
        reading.spans.iter().map(places).filter(|options| !options.is_empty()).collect();
    let mut clear: Vec<u16> =
        reading.spans.iter().filter_map(|span| meant(tagger, &reading, *span)).collect();
    if clear.is_empty() {
        clear.extend(spans.first().and_then(|options| {
            let backed = options.iter().find(|option| is_backed(option.country, found, context));
            backed.or(options.first()).map(|option| option.country)
        }));
    }
    clear.sort_unstable();
    clear.dedup();
    clear
}

fn is_backed(country: u16, found: &BTreeMap<u16, Sighting>, context: &Context<'_>) -> bool {
    found.contains_key(&country) || context.backing.contains(&country)
}

/// Ambiguous forms that other evidence backs and that are no part of a person's name.
fn doubtful(
    reading: &Reading<'_>,
    found: &BTreeMap<u16, Sighting>,
    context: &Context<'_>,
) -> Vec<(u16, Span)> {
    let mut in_person = vec![false; reading.len()];
    for (start, end) in context.persons.iter().flat_map(|person| &person.spots) {
        in_person[*start..*end].fill(true);
    }
    let weak = |span: &&Span| span.kind == SpanKind::Country { weak: true } && !in_person[span.start];
    let mut counted = Vec::new();
    for span in reading.spans.iter().filter(weak) {
        let beside = is_beside_country(reading, *span);
        let backed = options(reading, *span).filter(|option| {
            is_backed(option.country, found, context) || (beside && option.evidence == Evidence::Name)
        });
        let spots = |option: &Choice| found.get(&option.country).map_or(0, |sighting| sighting.spots.len());
        if let Some(best) = backed.max_by_key(|option| (spots(option), std::cmp::Reverse(option.country))) {
            counted.push((best.country, *span));
        }
    }
    counted
}

/// Whether a form stands in a list with a country's clear name: `Chad and Libya`.
fn is_beside_country(reading: &Reading<'_>, span: Span) -> bool {
    let named = |at: usize| {
        reading.span(at).is_some_and(|other| {
            let clear = other.kind == SpanKind::Country { weak: false };
            clear
                && options(reading, other)
                    .any(|option| option.evidence == Evidence::Name && !option.ambiguous)
        })
    };
    let after = match reading.gap(span.end) {
        Gap::Comma => named(span.end),
        Gap::Space => is_and(reading, span.end) && named(span.end + 1),
        _ => false,
    };
    let before = match (reading.gap(span.start), span.start) {
        (Gap::Comma, at @ 1..) => named(at - 1),
        (Gap::Space, at @ 2..) => is_and(reading, at - 1) && named(at - 2),
        _ => false,
    };
    before || after
}

fn is_and(reading: &Reading<'_>, at: usize) -> bool {
    matches!(reading.tokens.folded(at), "and" | "or")
}

fn finding(tagger: &Tagger, reading: &Reading<'_>, country: u16, sighting: Sighting) -> Finding {
    let country = &tagger.countries[usize::from(country)];
    let mut spots = sighting.spots;
    spots.sort_unstable();
    let spots = joined(reading, &spots);
    let finding = Finding::new(Kind::Country, country.name.clone(), Provenance::Dictionary);
    Finding { code: Some(country.code.clone()), spots, in_dateline: sighting.in_dateline, ..finding }
}

/// A place and its country are one mention: `Bali, Indonesia`.
fn joined(reading: &Reading<'_>, spots: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut joined: Vec<(usize, usize)> = Vec::with_capacity(spots.len());
    for &(start, end) in spots {
        match joined.last_mut() {
            Some(last) if last.1 == start && reading.gap(start) == Gap::Comma => last.1 = end,
            _ => joined.push((start, end)),
        }
    }
    joined
}
