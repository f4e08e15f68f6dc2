//! What stands *beside* a row of words tells whether it is a person's name: who speaks before it, what describes it after,
//! which names it is listed with.

use crate::tag::clues::Clues;
use crate::tag::names::Meaning;
use crate::tag::names::mark;
use crate::tag::reading::Reading;
use crate::tag::reading::Span;
use crate::tag::reading::SpanKind;
use crate::tag::reading::Title;
use crate::tag::runs::Run;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Shape;

/// Whether a word is the family name of somebody in the dictionary: `Echoing |Annan`.
pub(crate) fn is_family(reading: &Reading<'_>, at: usize) -> bool {
    reading.hits_at(at).iter().any(|hit| matches!(hit.meaning, Meaning::Family(_) | Meaning::Bare(_)))
}

/// Whether a nation claims it: `Germany's |Gunda Niemann`.
pub(crate) fn follows_nation(reading: &Reading<'_>, start: usize) -> bool {
    let nation = |at: &usize| {
        let country = reading.span(*at).is_some_and(|span| matches!(span.kind, SpanKind::Country { .. }));
        country && reading.token(*at).possessive && reading.gap(start) == Gap::Space
    };
    start.checked_sub(1).filter(nation).is_some()
}

/// Whether a sentence is put into its mouth: `…,” said |Natsuo Okada of Sumitomo`.
pub(crate) fn is_quoted(reading: &Reading<'_>, run: &Run) -> bool {
    let said =
        run.start > 0 && reading.gap(run.start) == Gap::Space && reading.is(run.start - 1, mark::SPEECH);
    let next = reading.tokens.folded(run.end);
    let of_some_place = reading.gap(run.end) == Gap::Space && matches!(next, "of" | "from" | "at" | "in");
    let described =
        reading.gap(run.end) == Gap::Comma && !matches!(next, "which" | "its" | "based" | "whose");
    said && (of_some_place || described)
}

/// Whether what follows describes a person: `, a spokesman`, `, 45,`, `, who`, `(Germany)`.
pub(crate) fn is_described(reading: &Reading<'_>, end: usize) -> bool {
    match reading.gap(end) {
        Gap::Open => {
            let country = |span: Span| matches!(span.kind, SpanKind::Country { .. });
            reading.span(end).is_some_and(country) || reading.title_at(end).is_some()
        }
        Gap::Comma => reading.is(end, mark::SPEECH) || is_age(reading, end) || is_apposition(reading, end),
        _ => false,
    }
}

fn is_age(reading: &Reading<'_>, at: usize) -> bool {
    let token = reading.token(at);
    let number = token.shape == Shape::Number && token.end - token.start == 2;
    number && matches!(reading.gap(at + 1), Gap::Comma | Gap::Dot | Gap::Stop | Gap::Line)
}

fn is_apposition(reading: &Reading<'_>, start: usize) -> bool {
    let end = (start + 1..reading.len().min(start + 6)).find(|at| !reading.joins(*at)).unwrap_or(start + 6);
    let title = (start..end.min(reading.len())).find_map(|at| reading.title_at(at));
    // `a chief product` is no chief.
    let ends = |title: Title| {
        let place = matches!(
            reading.tokens.folded(title.end),
            "of" | "at" | "in" | "for" | "from" | "with" | "who" | "and" | "to" | "on"
        );
        !reading.joins(title.end) || place
    };
    title.is_some_and(ends)
}

/// Tells rows of words in a list by the others: where most are persons, all are.
pub(crate) fn lists(reading: &Reading<'_>, runs: &mut [Run]) {
    for list in runs.chunk_by_mut(|a, b| is_next_in_list(reading, a.end, b.start)) {
        let sure = list.iter().filter(|run| run.clues.are_enough()).count();
        let other = list.iter().any(|run| run.clues.has(Clues::ORGANISATION | Clues::COMPANY));
        if sure >= 2 && sure * 3 >= list.len() * 2 && !other {
            list.iter_mut().filter(|run| !run.clues.are_enough()).for_each(|run| run.clues |= Clues::LISTED);
        }
    }
}

/// Whether only a comma or `and` parts two names, and at most a number or a country: `Vaas, Muralitharan`,
/// `9 Recber, 4 Unsal`.
fn is_next_in_list(reading: &Reading<'_>, end: usize, start: usize) -> bool {
    let between = |at: usize| {
        let and = reading.tokens.folded(at) == "and";
        let country = reading.span(at).is_some_and(|span| matches!(span.kind, SpanKind::Country { .. }));
        and || country || reading.token(at).shape == Shape::Number || reading.title_at(at).is_some()
    };
    let near = start >= end && start - end <= 2 && (end..start).all(between);
    let joint =
        |at: usize| matches!(reading.gap(at), Gap::Comma | Gap::Space | Gap::Open | Gap::Sign | Gap::Line);
    let listed = (end..=start).any(|at| reading.gap(at) == Gap::Comma)
        || (end..start).any(|at| reading.tokens.folded(at) == "and");
    near && listed && (end..=start).all(joint)
}
