//! A *vocabulary* numbers the slots of many queries, and tells of a word which of them it fills.

use std::fmt;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::query::slot::Shape;
use crate::query::slot::Slot;
use crate::schema::analyzer::Word;
use crate::schema::tongue::{Tongue, english_ranges};

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
    /// Stems that are only counted, each in the tongue of the article; numbered after all slots.
    heard: FxHashMap<Box<str>, u32>,
    /// By number, whether a row of words is looked for by it.
    anchors: Vec<bool>,
    /// The same words by their stems; per tongue, made when the first article of the tongue comes.
    by_stem: [OnceLock<Stems>; Tongue::ALL.len()],
}

/// The slots of words asked for with all their forms, by their stem in one tongue.
#[derive(Debug, Default)]
pub(super) struct Stems {
    of_stem: FxHashMap<Box<str>, Vec<u32>>,
    /// Beginnings, one of which every word with one of the stems has; `None` where they are many, or not known.
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
        self.numbers.len() + self.heard.len()
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

    /// Numbers stems that are only counted; no slot may be numbered after them.
    pub(super) fn hear<'a>(&mut self, stems: impl Iterator<Item = &'a str>) {
        for (stem, number) in stems.zip(u32::try_from(self.len()).unwrap_or(u32::MAX)..) {
            self.heard.insert(stem.into(), number);
            self.note_anchor(number);
        }
    }

    /// Notes that a row of words is looked for by a slot.
    pub(super) fn note_anchor(&mut self, number: u32) {
        self.anchors.resize(self.anchors.len().max(number as usize + 1), false);
        self.anchors[number as usize] = true;
    }

    /// Whether a row of words is looked for by a slot.
    pub(super) fn is_anchor(&self, number: u32) -> bool {
        self.anchors.get(number as usize).is_some_and(|anchor| *anchor)
    }

    /// The words asked for with all their forms, by their stems.
    pub(super) fn stems(&self, tongue: Tongue) -> &Stems {
        self.by_stem[tongue as usize].get_or_init(|| {
            let mut stems = Stems::default();
            for (word, number) in &self.stems {
                stems.of_stem.entry(tongue.stem(word).into()).or_default().push(*number);
            }
            if tongue == Tongue::English && stems.of_stem.len() <= MAX_BEGINNINGS && self.heard.is_empty() {
                stems.beginnings = Some(stems.of_stem.keys().flat_map(|stem| english_ranges(stem)).collect());
            }
            stems
        })
    }

    /// Calls `each` with the number of every slot that a word fills, in no order, some twice.
    pub(super) fn filled_by(&self, [english, own]: [&Stems; 2], word: &Word<'_>, mut each: impl FnMut(u32)) {
        if let Some(numbers) = english.of_stem.get(word.english) {
            numbers.iter().for_each(|number| each(*number));
        }
        if !std::ptr::eq(english, own)
            && let Some(numbers) = own.of_stem.get(word.stem)
        {
            numbers.iter().for_each(|number| each(*number));
        }
        if let Some(number) = self.heard.get(word.stem) {
            each(*number);
        }
        if !self.exact.is_empty()
            && let Some(number) = self.exact.get(word.folded)
        {
            each(*number);
        }
        for length in &self.prefix_lengths {
            if let Some(number) = word.folded.get(..*length).and_then(|prefix| self.prefixes.get(prefix)) {
                each(*number);
            }
        }
        for (Shaped(shape), number) in &self.shapes {
            if shape.fits(word.folded) {
                each(*number);
            }
        }
    }
}

impl Stems {
    /// Whether [`Self::may_have`] tells words apart.
    pub(super) fn tell_beginnings(&self) -> bool {
        self.beginnings.is_some()
    }

    /// Whether a folded word may have one of the stems: to work out its own costs more than to look at its beginning.
    pub(super) fn may_have(&self, folded: &str) -> bool {
        let begins = |beginnings: &Vec<String>| {
            beginnings.iter().any(|beginning| folded.as_bytes().starts_with(beginning.as_bytes()))
        };
        self.beginnings.as_ref().is_none_or(begins)
    }
}
