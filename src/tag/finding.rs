//! A *finding* is a person, country or organisation of an article with the places that name it.

use crate::article::Grade;
use crate::article::Kind;
use crate::article::Place;
use crate::article::Provenance;
use crate::article::Tag;
use crate::tag::clues::Clues;
use crate::tag::names::Hit;
use crate::tag::names::Meaning;
use crate::tag::names::mark;
use crate::tag::reading::Reading;
use crate::tag::tokens::Gap;
use crate::taxonomy::countries::Evidence;

/// A place that names something found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    /// First token.
    pub(crate) start: usize,
    /// Token after the last.
    pub(crate) end: usize,
    /// Why it counts.
    pub(crate) rule: Rule,
}

/// Why a place names something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rule {
    /// A person's name or alias of the dictionary.
    Full,
    /// The same but for initials and suffixes.
    Initials,
    /// A row of words with enough clues.
    Open(Clues),
    /// Part of a longer name of the article.
    Part,
    /// A title, by its number, before the family name of who held that office.
    Office(u32),
    /// A family name of somebody named in full.
    Surname,
    /// A first name of somebody named in full.
    GivenName,
    /// A form of the dictionary that needs no full name.
    Bare,
    /// A country's form that means nothing else.
    Clear(Evidence),
    /// An ambiguous form of a country that other evidence names.
    Backed(Evidence),
    /// An ambiguous form of a country beside a clear one.
    Beside(Evidence),
}

impl Rule {
    /// Whether a country is told by a place of it or the seat of its government.
    pub(crate) fn is_place(self) -> bool {
        let (Self::Clear(evidence) | Self::Backed(evidence) | Self::Beside(evidence)) = self else {
            return false;
        };
        matches!(evidence, Evidence::Capital | Evidence::Place | Evidence::Metonym)
    }
}

/// Something found.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// The facet.
    pub(crate) field: Kind,
    /// The canonical value.
    pub(crate) value: String,
    /// Its code.
    pub(crate) code: Option<String>,
    /// How it was found.
    pub(crate) provenance: Provenance,
    /// Its mentions, in order.
    pub(crate) spots: Vec<Spot>,
    /// Whether a title stands before one of them.
    pub(crate) titled: bool,
    /// Whether the dateline names it.
    pub(crate) in_dateline: bool,
    /// The tokens that make the canonical value, where no dictionary does.
    pub(crate) longest: Option<(usize, usize)>,
    /// Codes of the countries a person acts for.
    pub(crate) acts_for: Vec<String>,
}

impl Finding {
    /// A finding without mentions.
    pub(crate) fn new(field: Kind, value: String, provenance: Provenance) -> Self {
        Self {
            field,
            value,
            code: None,
            provenance,
            spots: Vec::new(),
            titled: false,
            in_dateline: false,
            longest: None,
            acts_for: Vec::new(),
        }
    }

    /// A country is what the article is about where the dateline has it, its mentions weigh enough (a few far down are
    /// common in passing), or it is the only one. A person is easily about: few are named, and by title, prominently or
    /// twice fewer.
    fn grade(&self, reading: &Reading<'_>, alone: bool) -> Grade {
        let prominent = || self.spots.iter().any(|spot| weight(reading, spot) > BODY);
        let named = || {
            let weight: f32 = self.spots.iter().map(|spot| weight(reading, spot)).sum();
            weight >= ABOUT || (alone && weight > 0.0)
        };
        let about = match self.field {
            Kind::Country => self.in_dateline || named(),
            Kind::Person => self.spots.len() > 1 || self.titled || prominent(),
            Kind::Topic | Kind::Organization => true,
        };
        let given = self.provenance == Provenance::Given;
        if given || about { Grade::About } else { Grade::Mentioned }
    }

    fn weight(&self, reading: &Reading<'_>) -> f32 {
        let named: f32 = self.spots.iter().map(|spot| weight(reading, spot)).sum();
        let dateline = if self.in_dateline { DATELINE } else { 0.0 };
        let given = if self.provenance == Provenance::Given { GIVEN } else { 0.0 };
        named + dateline + given
    }
}

/// The tags of all findings: by field, then grade, then salience.
pub(crate) fn tags(reading: &Reading<'_>, found: Vec<Finding>) -> Vec<Tag> {
    let strongest = found.iter().map(|finding| finding.weight(reading)).fold(1.0, f32::max);
    let alone = found.iter().filter(|finding| finding.field == Kind::Country).count() == 1;
    let mut tags: Vec<Tag> =
        found.into_iter().map(|finding| tag(reading, finding, strongest, alone)).collect();
    tags.sort_by(|a, b| {
        let order = (a.field, a.grade).cmp(&(b.field, b.grade));
        order.then(b.salience.total_cmp(&a.salience)).then_with(|| a.value.cmp(&b.value))
    });
    tags
}

const HEADLINE: f32 = 3.5;
const LEAD: f32 = 2.5;
const DATELINE: f32 = 2.0;
const GIVEN: f32 = 2.0;
const BODY: f32 = 1.0;
/// What a country's mentions must weigh together: with the weights above the best, of a few round figures, on news with
/// countries given by editors.
const ABOUT: f32 = 3.5;
/// What a place or a metonym counts for: a country's towns are named in many stories that are not about it.
const PLACE: f32 = 0.5;

/// How much a mention says about what the article is about: nothing where it only tells whose money is meant, as
/// `Canadian` does in `20 mln Canadian dlrs`.
pub(crate) fn weight(reading: &Reading<'_>, spot: &Spot) -> f32 {
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

fn tag(reading: &Reading<'_>, finding: Finding, strongest: f32, alone: bool) -> Tag {
    // The tenth mention says less than the second: weights count by their logarithm.
    let salience = finding.weight(reading).ln_1p() / strongest.ln_1p();
    Tag {
        grade: finding.grade(reading, alone),
        salience: (salience * 1000.0).round() / 1000.0,
        mentions: u32::try_from(finding.spots.len()).unwrap_or(u32::MAX),
        field: finding.field,
        value: finding.value,
        code: finding.code,
        provenance: finding.provenance,
    }
}
