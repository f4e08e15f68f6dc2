//! *Grading* says what an article is about and what it only names, and how central each is to it.

use rustc_hash::FxHashMap;

use crate::article::Grade;
use crate::article::Kind;
use crate::article::Place;
use crate::article::Provenance;
use crate::article::Tag;
use crate::tag::finding::Finding;
use crate::tag::finding::Spot;
use crate::tag::names::Hit;
use crate::tag::names::Meaning;
use crate::tag::names::mark;
use crate::tag::reading::Reading;
use crate::tag::tokens::Gap;
use crate::taxonomy::countries::Evidence;

const HEADLINE: f32 = 3.5;
const LEAD: f32 = 2.5;
const DATELINE: f32 = 2.0;
const GIVEN: f32 = 2.0;
const BODY: f32 = 1.0;
/// What a country's mentions must weigh together: with the weights above the best, of a few round figures, on news with
/// countries given by editors.
const ABOUT: f32 = 3.5;
/// What they must weigh where no country weighs more and none weighs enough.
const STRONGEST: f32 = 2.0;
/// What a place or a metonym counts for: a country's towns are named in many stories that are not about it.
const PLACE: f32 = 0.5;
/// What the mentions of persons who act for a country count for, and how much they count at most.
const PERSON: f32 = 0.5;
const PERSONS: f32 = 1.0;

/// The tags of all findings: by field, then grade, then salience.
pub(crate) fn tags(reading: &Reading<'_>, found: Vec<Finding>) -> Vec<Tag> {
    let grades = grades(reading, &found);
    let strongest = found.iter().map(|finding| weight_of(reading, finding)).fold(1.0, f32::max);
    let mut tags: Vec<Tag> = found
        .into_iter()
        .zip(grades)
        .map(|(finding, grade)| tag(reading, finding, grade, strongest))
        .collect();
    tags.sort_by(|a, b| {
        let order = (a.field, a.grade).cmp(&(b.field, b.grade));
        order.then(b.salience.total_cmp(&a.salience)).then_with(|| a.value.cmp(&b.value))
    });
    tags
}

/// A country is what an article is about where the dateline has it or its mentions weigh enough (a few far down are common
/// in passing); where none does, the strongest is, or the only one. A person is easily about: few are named, and by
/// title, prominently or twice fewer.
fn grades(reading: &Reading<'_>, found: &[Finding]) -> Vec<Grade> {
    let backing = backing(reading, found);
    let weights: Vec<f32> = found.iter().map(|finding| country_weight(reading, finding, &backing)).collect();
    let countries = || found.iter().zip(&weights).filter(|(finding, _)| finding.field == Kind::Country);
    let alone = countries().count() == 1;
    let enough = |finding: &Finding, weight: f32| finding.in_dateline || weight >= ABOUT;
    let none = !countries().any(|(finding, weight)| enough(finding, *weight));
    let most = countries().map(|(_, weight)| *weight).fold(STRONGEST, f32::max);
    let about = |(finding, weight): (&Finding, &f32)| match finding.field {
        _ if finding.provenance == Provenance::Given => true,
        Kind::Country => enough(finding, *weight) || (none && *weight >= most) || (alone && *weight > 0.0),
        Kind::Person => {
            let prominent = || finding.spots.iter().any(|spot| weight_of_spot(reading, spot) > BODY);
            finding.spots.len() > 1 || finding.titled || prominent()
        }
        Kind::Topic | Kind::Organization | Kind::Keyphrase => true,
    };
    let grade = |about: bool| if about { Grade::About } else { Grade::Mentioned };
    found.iter().zip(&weights).map(about).map(grade).collect()
}

/// How much the persons found say of the countries they act for, by code.
fn backing<'a>(reading: &Reading<'_>, found: &'a [Finding]) -> FxHashMap<&'a str, f32> {
    let mut backing = FxHashMap::default();
    for person in found {
        for code in &person.acts_for {
            *backing.entry(code.as_str()).or_default() += PERSON * named(reading, person);
        }
    }
    backing
}

/// What a country's own mentions weigh, and those of its persons where it is named at all.
fn country_weight(reading: &Reading<'_>, finding: &Finding, backing: &FxHashMap<&str, f32>) -> f32 {
    let own = named(reading, finding);
    let code = finding.code.as_deref().unwrap_or_default();
    let persons = backing.get(code).copied().unwrap_or_default().min(PERSONS);
    if own > 0.0 && finding.field == Kind::Country { own + persons } else { own }
}

fn named(reading: &Reading<'_>, finding: &Finding) -> f32 {
    finding.spots.iter().map(|spot| weight_of_spot(reading, spot)).sum()
}

fn weight_of(reading: &Reading<'_>, finding: &Finding) -> f32 {
    let dateline = if finding.in_dateline { DATELINE } else { 0.0 };
    let given = if finding.provenance == Provenance::Given { GIVEN } else { 0.0 };
    named(reading, finding) + dateline + given
}

/// How much a mention says about what the article is about: nothing where it only tells whose money is meant, as
/// `Canadian` does in `20 mln Canadian dlrs`.
pub(crate) fn weight_of_spot(reading: &Reading<'_>, spot: &Spot) -> f32 {
    let token = reading.token(spot.start);
    if is_money(reading, spot.start, spot.end) {
        return 0.0;
    }
    let place = match (token.place, token.paragraph) {
        (Place::Headline, _) => HEADLINE,
        (Place::Body, 0) => LEAD,
        (Place::Body, _) => BODY,
    };
    if spot.rule.is_place() { place * PLACE } else { place }
}

/// Whether a country's form stands before the name of its money.
fn is_money(reading: &Reading<'_>, start: usize, end: usize) -> bool {
    let is_adjective = |hit: &Hit| {
        let adjective = matches!(hit.meaning, Meaning::Country { evidence: Evidence::Adjective, .. });
        adjective && hit.end as usize == end
    };
    let sure = reading.is(end, mark::CURRENCY);
    let money =
        sure || reading.is(end, mark::WEAK_CURRENCY) && reading.hits_at(start).iter().any(is_adjective);
    money && matches!(reading.gap(end), Gap::Space | Gap::Hyphen)
}

fn tag(reading: &Reading<'_>, finding: Finding, grade: Grade, strongest: f32) -> Tag {
    // The tenth mention says less than the second: weights count by their logarithm.
    let salience = weight_of(reading, &finding).ln_1p() / strongest.ln_1p();
    Tag {
        grade,
        salience: (salience * 1000.0).round() / 1000.0,
        mentions: u32::try_from(finding.spots.len()).unwrap_or(u32::MAX),
        field: finding.field,
        value: finding.value,
        code: finding.code,
        provenance: finding.provenance,
    }
}
