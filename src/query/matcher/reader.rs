//! A *reader* reads articles for a matcher and remembers, of every word it has met, which slots the word fills: news repeats
//! its words, and to look one up as it stands is quicker than to fold it, to stem it and to ask of every shape again.

use rustc_hash::FxHashMap;

use crate::query::matcher::places::Places;
use crate::query::matcher::tally::Tally;
use crate::query::matcher::vocabulary::{Stems, Vocabulary};
use crate::schema::analyzer::Analyzer;
use crate::schema::tongue::Tongue;

/// Words remembered of a tongue before they are forgotten: English news has some 60,000 as they stand.
const MAX_WORDS: usize = 100_000;
/// Bytes of the longest word remembered.
const MAX_LENGTH: usize = 64;

/// A reader; it serves one matcher after another, and forgets what it knew for the one before.
#[derive(Default)]
pub struct Reader {
    pub(super) words: Words,
    /// Where the slots stand in the present article, and what was found there.
    pub(super) places: Places,
    pub(super) tally: Tally,
    /// The matcher it reads for.
    matcher: u64,
}

impl Reader {
    /// Makes the reader one for a matcher.
    pub(super) fn serve(&mut self, matcher: u64) {
        if self.matcher != matcher {
            self.matcher = matcher;
            self.words.known.clear();
            self.words.slots.clear();
            self.places = Places::default();
            self.tally = Tally::default();
        }
    }
}

/// The words a reader knows.
#[derive(Default)]
pub(super) struct Words {
    analyzer: Analyzer,
    /// Per tongue, words as they stand in a text.
    known: Vec<Known>,
    /// The slots that words fill, those of one word in a row.
    pub(super) slots: Vec<u32>,
    scratch: Vec<u32>,
}

/// What words fill. To compare a short word is to compare a number.
#[derive(Default)]
struct Known {
    short: FxHashMap<u128, Fills>,
    long: FxHashMap<Box<str>, Fills>,
}

impl Known {
    fn get(&self, word: &str) -> Option<Fills> {
        match short(word) {
            Some(number) => self.short.get(&number),
            None => self.long.get(word),
        }
        .copied()
    }

    fn insert(&mut self, word: &str, fills: Fills) {
        match short(word) {
            Some(number) => self.short.insert(number, fills),
            None => self.long.insert(word.into(), fills),
        };
    }

    fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }
}

/// The bytes of a word of up to 15 as one number, the length in the last.
fn short(word: &str) -> Option<u128> {
    let mut bytes = [0; size_of::<u128>()];
    let (length, rest) = bytes.split_last_mut()?;
    *length = u8::try_from(word.len()).ok()?;
    rest.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(u128::from_le_bytes(bytes))
}

/// The slots that a word fills, where they stand in the list of the reader.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fills {
    start: u32,
    /// How many of them are anchors of rows: those stand first.
    anchors: u16,
    all: u16,
}

impl Fills {
    pub(super) fn all(self, slots: &[u32]) -> &[u32] {
        slots.get(self.start as usize..self.start as usize + usize::from(self.all)).unwrap_or_default()
    }

    pub(super) fn anchors(self, slots: &[u32]) -> &[u32] {
        &self.all(slots)[..usize::from(self.anchors)]
    }
}

impl Words {
    /// Makes room for the words of an article, and forgets those before where they are too many.
    pub(super) fn prepare(&mut self, tongues: [Tongue; 2]) {
        if self.known.iter().any(|known| known.len() > MAX_WORDS) || self.slots.len() > 8 * MAX_WORDS {
            self.known.clear();
            self.slots.clear();
        }
        let most = tongues.into_iter().map(|tongue| tongue as usize + 1).max().unwrap_or_default();
        if self.known.len() < most {
            self.known.resize_with(most, Known::default);
        }
    }

    /// The slots that a word of a text fills.
    pub(super) fn fills(&mut self, vocabulary: &Vocabulary, of: (Tongue, [&Stems; 2]), word: &str) -> Fills {
        let (tongue, stems) = of;
        if let Some(fills) = self.known[tongue as usize].get(word) {
            return fills;
        }
        self.scratch.clear();
        let may_fill = |folded: &str| stems[0].may_have(folded);
        let read = self.analyzer.word(tongue, word, may_fill);
        vocabulary.filled_by(stems, &read, |slot| self.scratch.push(slot));
        let fills = if self.scratch.is_empty() { Fills::default() } else { self.note(vocabulary) };
        // Of a few words asked for, most are told from others by their beginning, which is quicker than to remember them.
        if word.len() <= MAX_LENGTH && (fills.all > 0 || !stems[0].tell_beginnings()) {
            self.known[tongue as usize].insert(word, fills);
        }
        fills
    }

    fn note(&mut self, vocabulary: &Vocabulary) -> Fills {
        self.scratch.sort_unstable();
        self.scratch.dedup();
        let start = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        let is_anchor = |slot: &&u32| vocabulary.is_anchor(**slot);
        self.slots.extend(self.scratch.iter().filter(is_anchor));
        let anchors = self.slots.len() - start as usize;
        self.slots.extend(self.scratch.iter().filter(|slot| !is_anchor(slot)));
        let count = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
        Fills { start, anchors: count(anchors), all: count(self.scratch.len()) }
    }
}
