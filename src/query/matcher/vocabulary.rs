//! A *vocabulary* numbers the slots of many queries, and tells of a word which of them it fills.

use std::fmt;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::query::slot::Shape;
use crate::query::slot::Slot;
use crate::schema::tongue::Tongue;

/// Stems whose beginnings are looked at one by one; the queries of the topics have thousands.
const MAX_BEGINNINGS: usize = 16;

/// The slots the queries use, numbered from 0.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    numbers: FxHashMap<Slot, u32>,
    /// Words asked for with all their forms, and their numbers.
    stems: Vec<(Box<str>, u32)>,
    exact: FxHashMap<Box<str>, u32>,
    /// Beginnings of words, with the lengths they have.
    prefixes: FxHashMap<Box<str>, u32>,
    prefix_lengths: Vec<usize>,
    shapes: Vec<(Shaped, u32)>,
    /// Per tongue, what is known of its words; made when the first article of the tongue comes.
    tongues: [OnceLock<Forms>; Tongue::ALL.len()],
}

/// What the words asked for have in common in one tongue: those of one stem are one term, the first of them.
#[derive(Debug, Default)]
pub(super) struct Forms {
    /// The term of a stem.
    of_stem: FxHashMap<Box<str>, u32>,
    /// The other terms of that stem, by the first.
    others: FxHashMap<u32, Vec<u32>>,
    /// The first, by the other.
    first: FxHashMap<u32, u32>,
    /// Beginnings, one of which every word with one of the stems has; `None` where they are many.
    beginnings: Option<Vec<String>>,
}

struct Shaped(Shape);

impl fmt::Debug for Shaped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shape")
    }
}

impl Vocabulary {
    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The number of a slot; `None` for one that any word fills.
    pub(super) fn number(&mut self, slot: Slot) -> Option<u32> {
        if slot == Slot::Any {
            return None;
        }
        if let Some(number) = self.numbers.get(&slot) {
            return Some(*number);
        }
        let next = u32::try_from(self.numbers.len()).ok()?;
        match &slot {
            Slot::Stem(word) => self.stems.push((word.as_str().into(), next)),
            Slot::Exact(word) => drop(self.exact.insert(word.as_str().into(), next)),
            Slot::Prefix(beginning) => {
                self.prefixes.insert(beginning.as_str().into(), next);
                if !self.prefix_lengths.contains(&beginning.len()) {
                    self.prefix_lengths.push(beginning.len());
                }
            }
            slot => self.shapes.extend(Shape::of(slot).map(|shape| (Shaped(shape), next))),
        }
        self.numbers.insert(slot, next);
        Some(next)
    }

    /// What is known of the words of a tongue.
    pub(super) fn forms(&self, tongue: Tongue) -> &Forms {
        self.tongues[tongue as usize].get_or_init(|| {
            let mut forms = Forms::default();
            for (word, number) in &self.stems {
                let first = *forms.of_stem.entry(tongue.stem(word).into()).or_insert(*number);
                if first != *number {
                    forms.others.entry(first).or_default().push(*number);
                    forms.first.insert(*number, first);
                }
            }
            let beginnings = forms.of_stem.keys().flat_map(|stem| tongue.ranges(stem));
            forms.beginnings = (forms.of_stem.len() <= MAX_BEGINNINGS).then(|| beginnings.collect());
            forms
        })
    }

    /// Calls `each` with the number of every slot that a word fills: of those of one stem the first only.
    pub(super) fn filled_by(&self, forms: &Forms, folded: &str, stem: &str, mut each: impl FnMut(u32)) {
        if let Some(number) = forms.of_stem.get(stem) {
            each(*number);
        }
        if !self.exact.is_empty()
            && let Some(number) = self.exact.get(folded)
        {
            each(*number);
        }
        for length in &self.prefix_lengths {
            if let Some(number) = folded.get(..*length).and_then(|prefix| self.prefixes.get(prefix)) {
                each(*number);
            }
        }
        for (Shaped(shape), number) in &self.shapes {
            if shape.fits(folded) {
                each(*number);
            }
        }
    }
}

impl Forms {
    /// Whether a folded word may have one of the stems: to work out its own costs more than to look at its beginning.
    pub(super) fn may_have_stem(&self, folded: &str) -> bool {
        let begins = |beginnings: &Vec<String>| {
            beginnings.iter().any(|beginning| folded.as_bytes().starts_with(beginning.as_bytes()))
        };
        self.beginnings.as_ref().is_none_or(begins)
    }

    /// The number under which a slot's words are found.
    pub(super) fn first(&self, number: u32) -> u32 {
        self.first.get(&number).copied().unwrap_or(number)
    }

    /// All slots whose words are found under a number.
    pub(super) fn all(&self, first: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::once(first).chain(self.others.get(&first).into_iter().flatten().copied())
    }
}
