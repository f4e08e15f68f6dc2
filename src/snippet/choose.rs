//! *Choosing* picks the passages of a text that show most of what was asked for.
//!
//! One after the other that one is taken which shows the most parts that none before it shows, a part that stands in few
//! places before one that stands in many; then the most parts at all; then the first in the text.

use std::cmp::Reverse;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::snippet::fit::Layout;
use crate::snippet::{Matches, Stand};

/// Places around which a passage may be made: of more in one article, the first ones of each part count.
const MAX_SEEDS: usize = 20_000;

/// At most so many passages of a text, in order.
pub(super) fn choose(text: &str, matches: &Matches, most: usize) -> Vec<Range<usize>> {
    let layout = Layout::of(text, &matches.marks);
    let stands = showable(&layout, &matches.stands);
    let weights = weights(&stands);
    let seeds = seeds(&stands, weights.len());
    let whole = 0..text.len();
    let mut candidates: Vec<Candidate<'_>> = Vec::with_capacity(seeds.len());
    for seed in seeds {
        // Where the passage before begins at the same place, it shows this one too.
        let range = layout.fit(&seed.range, &whole);
        if candidates.last().is_none_or(|before| before.range != range) {
            candidates.push(Candidate { seed, range });
        }
    }
    let mut chosen: Vec<Range<usize>> = Vec::new();
    let mut shown: FxHashSet<u32> = FxHashSet::default();
    while chosen.len() < most {
        let value = |candidate: &Candidate<'_>| {
            let parts = parts_in(&stands, &candidate.range);
            let new: u32 = parts.iter().filter(|part| !shown.contains(part)).map(|part| weights[part]).sum();
            let all: u32 = parts.iter().map(|part| weights[part]).sum();
            (new, all, Reverse(candidate.range.start))
        };
        let Some(best) = candidates.iter().max_by_key(|candidate| value(candidate)) else { break };
        let best = best.range.clone();
        shown.extend(parts_in(&stands, &best));
        chosen.push(best);
        make_room(&layout, &mut candidates, &chosen);
    }
    chosen.sort_unstable_by_key(|range| range.start);
    chosen
}

/// A passage that may be shown, and what it is made around.
struct Candidate<'a> {
    seed: &'a Stand,
    range: Range<usize>,
}

/// Drops the candidates that the last one chosen shows or repeats, and fits those again that reach into it.
fn make_room(layout: &Layout<'_>, candidates: &mut Vec<Candidate<'_>>, chosen: &[Range<usize>]) {
    let Some(last) = chosen.last() else { return };
    let overlaps = |range: &Range<usize>| range.start < last.end && last.start < range.end;
    candidates.retain_mut(|candidate| {
        let seed = &candidate.seed.range;
        if overlaps(seed) {
            return false;
        }
        if overlaps(&candidate.range) {
            let before = chosen.iter().map(|range| range.end).filter(|end| *end <= seed.start).max();
            let after = chosen.iter().map(|range| range.start).filter(|start| *start >= seed.end).min();
            let room = before.unwrap_or(0)..after.unwrap_or(layout.text.len());
            candidate.range = layout.fit(seed, &room);
        }
        layout.text[candidate.range.clone()] != layout.text[last.clone()]
    });
}

/// The parts that stand in a range as a whole, each once.
fn parts_in(stands: &[Stand], range: &Range<usize>) -> Vec<u32> {
    let first = stands.partition_point(|stand| stand.range.start < range.start);
    let begun = stands[first..].iter().take_while(|stand| stand.range.start < range.end);
    let mut parts: Vec<u32> =
        begun.filter(|stand| stand.range.end <= range.end).map(|stand| stand.part).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// The stands that one passage can show, with the marks that reach into them. Of a part that no passage can show as a
/// whole, its first mark and its last are parts of their own.
fn showable(layout: &Layout<'_>, stands: &[Stand]) -> Vec<Stand> {
    let mut whole: Vec<Stand> = Vec::with_capacity(stands.len());
    let mut wide: Vec<&Stand> = Vec::new();
    for stand in stands {
        let range = layout.with_marks(&stand.range);
        match layout.can_show(&range) {
            true => whole.push(Stand { range, part: 2 * stand.part }),
            false => wide.push(stand),
        }
    }
    if !wide.is_empty() {
        let shown: FxHashSet<u32> = whole.iter().map(|stand| stand.part).collect();
        for stand in wide.into_iter().filter(|stand| !shown.contains(&(2 * stand.part))) {
            let marks = layout.marks_in(&stand.range);
            for (mark, side) in [(marks.first(), 0), (marks.last(), 1)] {
                whole.extend(mark.map(|mark| Stand { range: mark.clone(), part: 2 * stand.part + side }));
            }
        }
    }
    whole.sort_unstable_by_key(|stand| (stand.range.start, stand.range.end));
    whole
}

/// What it is worth to show a part: two parts are worth more than any one, and of two the one in fewer places more.
fn weights(stands: &[Stand]) -> FxHashMap<u32, u32> {
    let mut weights: FxHashMap<u32, u32> = FxHashMap::default();
    for stand in stands {
        *weights.entry(stand.part).or_default() += 1;
    }
    weights.values_mut().for_each(|weight| *weight = 1_000 + 999 / *weight);
    weights
}

/// The stands to make passages around.
fn seeds(stands: &[Stand], parts: usize) -> Vec<&Stand> {
    if stands.len() <= MAX_SEEDS {
        return stands.iter().collect();
    }
    let each = MAX_SEEDS / parts.max(1);
    let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
    let early = stands.iter().filter(|stand| {
        let count = counts.entry(stand.part).or_default();
        *count += 1;
        *count <= each
    });
    early.collect()
}
