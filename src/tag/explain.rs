//! A *reason* says why a place of an article counts as a mention, or why it does not.

use crate::article::Article;
use crate::article::Kind;
use crate::article::Reason;
use crate::tag::Read;
use crate::tag::Tagger;
use crate::tag::clues::Clues;
use crate::tag::clues::ENOUGH;
use crate::tag::finding::Finding;
use crate::tag::finding::Rule;
use crate::tag::finding::Spot;
use crate::tag::grading::weight_of_spot;
use crate::tag::names::Meaning;
use crate::tag::reading::Span;
use crate::tag::reading::SpanKind;
use crate::tag::runs::Run;
use crate::tag::text;
use crate::taxonomy::countries::Evidence;

/// What a rule says: its name, its score, the evidence for and against.
struct Said {
    rule: &'static str,
    score: f32,
    pros: Vec<String>,
    cons: Vec<String>,
}

/// Every place that counts or might have, in order of the text.
pub(super) fn reasons(tagger: &Tagger, article: &Article, read: &Read<'_>) -> Vec<Reason> {
    let mut all: Vec<(usize, Reason)> = Vec::new();
    let mut taken = vec![false; read.reading.len()];
    for finding in &read.found {
        for spot in &finding.spots {
            taken[spot.start..spot.end].fill(true);
            let said = said(tagger, read, finding, spot);
            let value = Some(finding.value.clone());
            let weight = weight_of_spot(&read.reading, spot);
            let reason = reason(article, read, (spot.start, spot.end), (finding.field, value), said);
            all.push((spot.start, Reason { weight, ..reason }));
        }
    }
    let free = |start: usize, end: usize| !taken[start..end].contains(&true);
    for span in read.reading.spans.iter().filter(|span| free(span.start, span.end)) {
        all.extend(uncounted(tagger, read, *span).map(|(field, said)| {
            (span.start, reason(article, read, (span.start, span.end), (field, None), said))
        }));
    }
    // What is plainly an organisation was never taken for a person.
    let near = |run: &Run| run.clues.pros().next().is_some() || !run.clues.has(Clues::ORGANISATION);
    for run in read.doubtful.iter().filter(|run| free(run.start, run.end) && near(run)) {
        let said = clued(run.clues, "open name");
        all.push((run.start, reason(article, read, (run.start, run.end), (Kind::Person, None), said)));
    }
    all.sort_by_key(|(start, _)| *start);
    all.into_iter().map(|(_, reason)| reason).collect()
}

fn reason(
    article: &Article,
    read: &Read<'_>,
    (start, end): (usize, usize),
    (field, value): (Kind, Option<String>),
    said: Said,
) -> Reason {
    let first = read.reading.token(start);
    Reason {
        field,
        value,
        text: text(article, &read.reading, start, end).to_owned(),
        place: first.place,
        range: [first.start, read.reading.token(end - 1).end],
        rule: said.rule.to_owned(),
        score: said.score,
        weight: 0.0,
        pros: said.pros,
        cons: said.cons,
    }
}

fn said(tagger: &Tagger, read: &Read<'_>, finding: &Finding, spot: &Spot) -> Said {
    let sure =
        |rule: &'static str, pro: String| Said { rule, score: ENOUGH, pros: vec![pro], cons: Vec::new() };
    let full = || format!("{} is named in full", finding.value);
    match spot.rule {
        Rule::Full => sure("dictionary", "a name or alias of persons.tsv".to_owned()),
        Rule::Initials => sure("dictionary", "a name of persons.tsv but for initials".to_owned()),
        Rule::Open(clues) => clued(clues, "open name"),
        Rule::Part => sure("part", "part of a longer name of this article".to_owned()),
        Rule::Office(title) => sure(
            "office",
            format!("of this family, {} held the office: {}", finding.value, tagger.usual_title(title)),
        ),
        Rule::Surname => sure("surname", full()),
        Rule::GivenName => sure("first name", format!("{} before, and nobody else of that name", full())),
        Rule::Bare => sure("dictionary", "alone it means this person in these years".to_owned()),
        Rule::Clear(evidence) => {
            let mut said = sure(form(evidence), "a clear form of countries.tsv".to_owned());
            if weight_of_spot(&read.reading, spot) == 0.0 {
                said.cons.push("it only says whose money is meant".to_owned());
            }
            said
        }
        Rule::Backed(evidence) => {
            let mut said = sure(
                form(evidence),
                "the article, its source or a person named here backs the country".to_owned(),
            );
            said.cons.push("it has another common meaning".to_owned());
            said
        }
        Rule::Beside(evidence) => {
            let mut said = sure(form(evidence), "it stands beside a country's clear name".to_owned());
            said.cons.push("it has another common meaning".to_owned());
            said
        }
    }
}

/// Why a form of the dictionaries does not count.
fn uncounted(tagger: &Tagger, read: &Read<'_>, span: Span) -> Option<(Kind, Said)> {
    let not = |rule: &'static str, con: String| Said { rule, score: 0.0, pros: Vec::new(), cons: vec![con] };
    match span.kind {
        SpanKind::Guard => {
            Some((Kind::Country, not("guard", "guards.txt or not-persons.txt has the phrase".to_owned())))
        }
        SpanKind::Person => {
            Some((Kind::Person, not("dictionary", "what follows makes it an organisation".to_owned())))
        }
        SpanKind::Country { weak: false } => Some((
            Kind::Country,
            not("elsewhere", "it says what language, or is a company's symbol".to_owned()),
        )),
        SpanKind::Country { weak: true } => {
            let names = read.reading.hits_of(span).filter_map(|hit| match hit.meaning {
                Meaning::Country { country, .. } => {
                    Some(tagger.countries[usize::from(country)].name.as_str())
                }
                _ => None,
            });
            let mut names: Vec<&str> = names.collect();
            names.dedup();
            let con = format!("ambiguous, and nothing else names {}", names.join(" or "));
            Some((Kind::Country, not("ambiguous form", con)))
        }
    }
}

fn clued(clues: Clues, rule: &'static str) -> Said {
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    let mut cons: Vec<String> = owned(clues.cons().collect());
    if !clues.are_enough() && cons.is_empty() {
        cons.push("nothing else says that it is a person".to_owned());
    }
    Said { rule, score: clues.score(), pros: owned(clues.pros().collect()), cons }
}

fn form(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Name => "name",
        Evidence::Adjective => "adjective",
        Evidence::People => "people",
        Evidence::Capital => "capital",
        Evidence::Place => "place",
        Evidence::Metonym => "metonym",
    }
}
