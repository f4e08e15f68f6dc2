//! An *office* in a text is a title before a family name that tells who is meant: `President Xi`.

use rustc_hash::FxHashSet;

use crate::tag::Tagger;
use crate::tag::countries;
use crate::tag::finding::Rule;
use crate::tag::names::Meaning;
use crate::tag::persons::Named;
use crate::tag::persons::Who;
use crate::tag::reading::Reading;
use crate::tag::reading::Title;
use crate::tag::surnames::stands_alone;
use crate::tag::tokens::Gap;
use crate::taxonomy::persons::Person;

/// Each title before the family name of who held that office. Where the year is unknown and no country stands before
/// the title, somebody of that family named in full elsewhere makes it too doubtful.
pub(crate) fn office_holders(
    tagger: &Tagger,
    reading: &Reading<'_>,
    year: Option<i16>,
    full: &[Named],
) -> Vec<Named> {
    let rivals = last_words(reading, full);
    let known: FxHashSet<Who> = full.iter().map(|named| named.who).collect();
    let mut taken = vec![false; reading.len()];
    full.iter().for_each(|named| taken[named.start..named.end].fill(true));
    let mut found = Vec::new();
    for at in 1..reading.len() {
        let Some(title) = reading.title_before(at).filter(|_| !taken[at]) else { continue };
        let country = country_before(tagger, reading, title);
        let office = Office { title: tagger.usual_title(title.title), country, year };
        let Some((end, person)) = office_holder(tagger, reading, at, &office) else { continue };
        let who = Who::Known(person);
        let rival = rivals.contains(&reading.words[end - 1]) && !known.contains(&who);
        let doubtful = rival && country.is_none() && year.is_none();
        let free = !taken[at..end].contains(&true) && stands_alone(reading, at, end);
        if free && !doubtful {
            found.push(Named { start: at, end, who, titled: true, rule: Rule::Office(title.title) });
        }
    }
    found
}

fn last_words(reading: &Reading<'_>, full: &[Named]) -> FxHashSet<u32> {
    full.iter().filter_map(|named| reading.words.get(named.end.checked_sub(1)?).copied()).collect()
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
