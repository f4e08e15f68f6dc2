//! A *country* of an article is one whose name, people, capital, places or government it names, or whose city stands
//! in its dateline.

use std::collections::BTreeMap;

use crate::article::Kind;
use crate::article::Place;
use crate::article::Provenance;
use crate::tag::Tagger;
use crate::tag::finding::Finding;
use crate::tag::finding::Rule;
use crate::tag::finding::Spot;
use crate::tag::names::Meaning;
use crate::tag::names::mark;
use crate::tag::reading::Reading;
use crate::tag::reading::Span;
use crate::tag::reading::SpanKind;
use crate::tag::runs::is_symbol;
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
    let in_person = in_person(reading, context.persons);
    for span in reading.spans.iter().filter(|span| !in_person[span.start] && !names_other(reading, **span)) {
        if let Some(country) = meant(tagger, reading, *span) {
            let evidence = evidence(reading, *span, country);
            found.entry(country).or_default().spots.push(spot(*span, Rule::Clear(evidence)));
        }
    }
    for country in dateline(tagger, &found, context) {
        found.entry(country).or_default().in_dateline = true;
    }
    for (country, spot) in doubtful(reading, &found, context, &in_person) {
        found.entry(country).or_default().spots.push(spot);
    }
    found.into_iter().map(|(country, sighting)| finding(tagger, reading, country, sighting)).collect()
}

/// Whether a form names something else by where it stands: a language (`Spanish|-speaking`), a company's symbol (`<ROK>`).
fn names_other(reading: &Reading<'_>, span: Span) -> bool {
    let next =
        reading.is(span.end, mark::LANGUAGE) && matches!(reading.gap(span.end), Gap::Space | Gap::Hyphen);
    let spoken = |option: Choice| matches!(option.evidence, Evidence::Adjective | Evidence::People);
    is_symbol(reading, span.start) || next && options(reading, span).all(spoken)
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
    spots: Vec<Spot>,
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
        Meaning::Country { country, evidence, ambiguous, .. } => {
            Some(Choice { country, evidence, ambiguous })
        }
        _ => None,
    })
}

/// The countries of a dateline. There a city is a city: ambiguous forms count where nothing clearer stands.
fn dateline(tagger: &Tagger, found: &BTreeMap<u16, Sighting>, context: &Context<'_>) -> Vec<u16> {
    let mut tokens = Tokens::default();
    tokens.push(context.dateline.unwrap_or_default(), Place::Headline);
    let reading = Reading::of(&tagger.names, tokens, |meaning| tagger.admits(meaning, context.year, None));
    let places: Vec<Span> = reading.spans.iter().copied().filter(|span| is_place(&reading, *span)).collect();
    let is_qualified = |a: &Span, b: &Span| a.end == b.start && reading.gap(b.start) == Gap::Comma;
    let mut clear = Vec::new();
    let mut unclear = None;
    for row in places.chunk_by(is_qualified) {
        let Some(last) = row.last() else { continue };
        match meant(tagger, &reading, *last).or_else(|| common(&reading, row)) {
            Some(country) => clear.push(country),
            None => unclear = unclear.or_else(|| likeliest(&reading, *last, found, context)),
        }
    }
    if clear.is_empty() {
        clear.extend(unclear);
    }
    clear.sort_unstable();
    clear.dedup();
    clear
}

fn is_place(reading: &Reading<'_>, span: Span) -> bool {
    options(reading, span).any(|option| !matches!(option.evidence, Evidence::Adjective | Evidence::People))
}

/// The country a place and what qualifies it share: `Atlanta, Georgia`; else that of what qualifies it: `Cambridge, Mass.`
fn common(reading: &Reading<'_>, row: &[Span]) -> Option<u16> {
    let (last, rest) = row.split_last().filter(|(_, rest)| !rest.is_empty())?;
    let shared = |country: &u16| {
        rest.iter().any(|span| options(reading, *span).any(|option| option.country == *country))
    };
    let qualifying = || options(reading, *last).map(|option| option.country);
    qualifying().find(shared).or_else(|| qualifying().next())
}

fn likeliest(
    reading: &Reading<'_>,
    span: Span,
    found: &BTreeMap<u16, Sighting>,
    context: &Context<'_>,
) -> Option<u16> {
    let countries = || options(reading, span).map(|option| option.country);
    countries().find(|country| is_backed(*country, found, context)).or_else(|| countries().next())
}

fn is_backed(country: u16, found: &BTreeMap<u16, Sighting>, context: &Context<'_>) -> bool {
    found.contains_key(&country) || context.backing.contains(&country)
}

/// Per token, whether it is part of a person's name.
fn in_person(reading: &Reading<'_>, persons: &[Finding]) -> Vec<bool> {
    let mut tokens = vec![false; reading.len()];
    for spot in persons.iter().flat_map(|person| &person.spots) {
        tokens[spot.start..spot.end].fill(true);
    }
    tokens
}

/// Ambiguous forms that other evidence backs and that are no part of a person's name.
fn doubtful(
    reading: &Reading<'_>,
    found: &BTreeMap<u16, Sighting>,
    context: &Context<'_>,
    in_person: &[bool],
) -> Vec<(u16, Spot)> {
    let weak = |span: &&Span| {
        let ambiguous = span.kind == SpanKind::Country { weak: true };
        ambiguous && !in_person[span.start] && !names_other(reading, **span)
    };
    let mut counted = Vec::new();
    for span in reading.spans.iter().filter(weak) {
        let beside = is_beside_country(reading, *span);
        let compound = is_compound(reading, *span);
        let backed = options(reading, *span).filter(|option| {
            let shown = beside && option.evidence == Evidence::Name
                || compound && option.evidence == Evidence::Adjective;
            is_backed(option.country, found, context) || shown
        });
        let spots = |option: &Choice| found.get(&option.country).map_or(0, |sighting| sighting.spots.len());
        if let Some(best) = backed.max_by_key(|option| (spots(option), std::cmp::Reverse(option.country))) {
            let backed = is_backed(best.country, found, context);
            let rule = if backed { Rule::Backed(best.evidence) } else { Rule::Beside(best.evidence) };
            counted.push((best.country, spot(*span, rule)));
        }
    }
    counted
}

/// Whether a form is the first half of a compound with a country's clear form: `Franco-German`.
fn is_compound(reading: &Reading<'_>, span: Span) -> bool {
    let clear = |other: Span| other.kind == SpanKind::Country { weak: false };
    reading.gap(span.end) == Gap::Hyphen && reading.span(span.end).is_some_and(clear)
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
    spots.sort_unstable_by_key(|spot| spot.start);
    let spots = joined(reading, &spots);
    let finding = Finding::new(Kind::Country, country.name.clone(), Provenance::Dictionary);
    Finding { code: Some(country.code.clone()), spots, in_dateline: sighting.in_dateline, ..finding }
}

/// A place and its country are one mention: `Bali, Indonesia`.
fn joined(reading: &Reading<'_>, spots: &[Spot]) -> Vec<Spot> {
    let mut joined: Vec<Spot> = Vec::with_capacity(spots.len());
    for spot in spots {
        match joined.last_mut() {
            Some(last) if last.end == spot.start && reading.gap(spot.start) == Gap::Comma => {
                last.end = spot.end;
                // Named by both, it is named by what says more.
                last.rule = if last.rule.is_place() { spot.rule } else { last.rule };
            }
            _ => joined.push(*spot),
        }
    }
    joined
}

fn spot(span: Span, rule: Rule) -> Spot {
    Spot { start: span.start, end: span.end, rule }
}

/// What a form says of a country: the strongest of what it may be.
fn evidence(reading: &Reading<'_>, span: Span, country: u16) -> Evidence {
    let said = options(reading, span).filter(|option| option.country == country && !option.ambiguous);
    said.map(|option| option.evidence).next().unwrap_or(Evidence::Name)
}
