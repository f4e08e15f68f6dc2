//! A *name* is a form of the dictionaries as a row of words; all names together are one trie over word numbers.
//!
//! A text's words are looked up once; walking the trie then compares numbers. A form matches where every word agrees
//! folded, every capital of the form is a capital in the text, and nothing but space or a hyphen lies between, or a comma
//! where the form has one.

use rustc_hash::FxBuildHasher;
use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;

use crate::article::Place;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Shape;
use crate::tag::tokens::Token;
use crate::tag::tokens::Tokens;
use crate::taxonomy::countries::Evidence;
use crate::taxonomy::language::Language;

/// What a form stands for. Numbers are places in the dictionaries' lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A country.
    Country { country: u16, evidence: Evidence, ambiguous: bool, language: Option<Language> },
    /// A phrase that holds a country's or person's form and is neither.
    Guard,
    /// A person's full form.
    Full(u32),
    /// A person's bare form.
    Bare(u32),
    /// A person's family name, which means them only where they are named otherwise too.
    Family(u32),
    /// A title.
    Title(u32),
}

/// Where a form stands in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    /// First token.
    pub(crate) start: u32,
    /// Token after the last.
    pub(crate) end: u32,
    /// What it stands for.
    pub(crate) meaning: Meaning,
}

/// What is known of single words, as bits.
pub(crate) mod mark {
    pub(crate) const GIVEN: u32 = 1;
    pub(crate) const WEAK_GIVEN: u32 = 1 << 1;
    pub(crate) const FAMILY_FIRST: u32 = 1 << 2;
    pub(crate) const WORD: u32 = 1 << 3;
    pub(crate) const ORGANISATION: u32 = 1 << 4;
    pub(crate) const EPONYM: u32 = 1 << 5;
    pub(crate) const SPEECH: u32 = 1 << 6;
    pub(crate) const PARTICLE: u32 = 1 << 7;
    pub(crate) const WEAK_PARTICLE: u32 = 1 << 8;
    pub(crate) const SUFFIX: u32 = 1 << 9;
    pub(crate) const ABBREVIATION: u32 = 1 << 10;
    pub(crate) const CAPITALS: u32 = 1 << 11;
    pub(crate) const WEAK_WORD: u32 = 1 << 12;
    pub(crate) const WEAK_ORGANISATION: u32 = 1 << 13;
    pub(crate) const CURRENCY: u32 = 1 << 14;
    pub(crate) const WEAK_CURRENCY: u32 = 1 << 15;
    /// [`WORD`] in some languages only.
    pub(crate) const FOREIGN_WORD: u32 = 1 << 16;
    pub(crate) const LANGUAGE: u32 = 1 << 17;
    pub(crate) const FIRM: u32 = 1 << 18;
}

/// The dictionaries' names.
#[derive(Debug)]
pub(crate) struct Names {
    words: FxHashMap<Box<str>, u32>,
    marks: Vec<u32>,
    /// The words of forms and lists have numbers below.
    formal: u32,
    edges: FxHashMap<u64, u32>,
    ends: Vec<Vec<Entry>>,
    foreign: FxHashSet<(u32, Language)>,
    /// Room for the words of one form at a time.
    tokens: Tokens,
}

#[derive(Debug)]
struct Entry {
    meaning: Meaning,
    case: Cases,
    /// Whether it counts with a dot after it only: `Miss.` is a state, `Miss Smith` is none.
    dot: bool,
}

/// The case each word of a form must have, two bits a word; words past the sixteenth may have any.
#[derive(Clone, Copy, Debug, Default)]
struct Cases(u32);

impl Cases {
    fn set(&mut self, at: usize, case: Case) {
        if at < 16 {
            self.0 |= (case as u32) << (2 * at);
        }
    }

    fn agree(self, at: usize, shape: Shape) -> bool {
        match if at < 16 { self.0 >> (2 * at) & 3 } else { 0 } {
            0 => true,
            1 => !matches!(shape, Shape::Lower | Shape::Number),
            _ => matches!(shape, Shape::Capitals | Shape::Initial),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Case {
    Any = 0,
    Capital = 1,
    Capitals = 2,
}

const ROOT: u32 = 0;
/// A comma inside a form counts as a word: `London, Ontario`.
const COMMA: &str = ",";
/// The word no dictionary holds.
pub(crate) const UNKNOWN: u32 = 0;

impl Names {
    /// No names, with room for some forms of two words or so each.
    pub(crate) fn with_room(forms: usize) -> Self {
        Self {
            words: FxHashMap::with_capacity_and_hasher(forms, FxBuildHasher),
            marks: vec![0],
            formal: 1,
            edges: FxHashMap::with_capacity_and_hasher(2 * forms, FxBuildHasher),
            ends: vec![Vec::new()],
            foreign: FxHashSet::default(),
            tokens: Tokens::default(),
        }
    }

    /// Adds a form.
    pub(crate) fn add(&mut self, form: &str, meaning: Meaning) {
        let mut tokens = std::mem::take(&mut self.tokens);
        tokens.clear();
        tokens.push(form, Place::Body);
        self.add_tokens(form, meaning, &tokens);
        self.tokens = tokens;
    }

    fn add_tokens(&mut self, form: &str, meaning: Meaning, tokens: &Tokens) {
        let len = tokens.list.len();
        let mut node = ROOT;
        for at in 0..len {
            let last = at + 1 == len;
            let word = self.number(if last { tokens.folded(at) } else { tokens.folded_with_possessive(at) });
            if tokens.list.get(at + 1).is_some_and(|next| next.gap == Gap::Dot) {
                self.marks[word as usize] |= mark::ABBREVIATION;
            }
            if at > 0 && tokens.list[at].gap == Gap::Comma {
                let comma = self.number(COMMA);
                node = self.child_or_new(node, comma);
            }
            node = self.child_or_new(node, word);
        }
        let is_title = matches!(meaning, Meaning::Title(_));
        let is_person = matches!(meaning, Meaning::Full(_) | Meaning::Bare(_) | Meaning::Family(_));
        // A particle is written either way: `Carla Del Ponte`, `del Ponte`.
        let particle = |at: usize| {
            let word = self.word(tokens.folded(at));
            at + 1 < len && self.is(word, mark::PARTICLE | mark::WEAK_PARTICLE)
        };
        let any = |at: usize| is_title || (is_person && particle(at));
        let mut cases = Cases::default();
        for (token, at) in tokens.list.iter().zip(0..) {
            cases.set(at, if any(at) { Case::Any } else { case(token.shape) });
        }
        if let Some(ends) = self.ends.get_mut(node as usize).filter(|_| len > 0) {
            let dot = matches!(meaning, Meaning::Country { .. }) && is_shortened(form, &tokens.list);
            ends.push(Entry { meaning, case: cases, dot });
        }
    }

    /// Says something of a word and returns its number.
    pub(crate) fn mark(&mut self, word: &str, bit: u32) -> u32 {
        let mut tokens = std::mem::take(&mut self.tokens);
        tokens.clear();
        tokens.push(word, Place::Body);
        let word = self.number(tokens.folded(0));
        self.tokens = tokens;
        self.marks[word as usize] |= bit;
        word
    }

    /// Says that a word is capitalised in one language without being a name.
    pub(crate) fn mark_word_of(&mut self, word: &str, language: Language) {
        let word = self.mark(word, mark::FOREIGN_WORD);
        self.foreign.insert((word, language));
    }

    /// Whether it is.
    pub(crate) fn is_word_of(&self, word: u32, language: Language) -> bool {
        self.is(word, mark::FOREIGN_WORD) && self.foreign.contains(&(word, language))
    }

    /// The number of a folded word, [`UNKNOWN`] where no dictionary holds it.
    pub(crate) fn word(&self, folded: &str) -> u32 {
        self.words.get(folded).copied().unwrap_or(UNKNOWN)
    }

    /// Whether a word has one of the marks.
    pub(crate) fn is(&self, word: u32, bits: u32) -> bool {
        self.marks.get(word as usize).is_some_and(|marks| marks & bits != 0)
    }

    /// The numbers of all words of a text. A capitalised word that no dictionary holds gets a number of its own above
    /// those of the dictionaries, so that words of one text compare by number.
    pub(crate) fn numbers(&self, tokens: &Tokens) -> Vec<u32> {
        let mut own: FxHashMap<&str, u32> = FxHashMap::default();
        let mut next = u32::try_from(self.marks.len()).unwrap_or(u32::MAX);
        let number = |(at, token): (usize, &Token)| match self.word(tokens.folded(at)) {
            UNKNOWN if token.is_capital() => *own.entry(tokens.folded(at)).or_insert_with(|| {
                next = next.saturating_add(1);
                next - 1
            }),
            word => word,
        };
        tokens.list.iter().enumerate().map(number).collect()
    }

    /// All forms that stand in a text, by first token, then by length.
    pub(crate) fn hits(&self, tokens: &Tokens, words: &[u32]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for start in 0..words.len() {
            self.hits_at(tokens, words, start, &mut hits);
        }
        hits
    }

    /// What a row of words stands for, whatever their case.
    pub(crate) fn meanings(&self, words: impl IntoIterator<Item = u32>) -> impl Iterator<Item = Meaning> {
        let node = words.into_iter().try_fold(ROOT, |node, word| self.child(node, word));
        let entries = node.and_then(|node| self.ends.get(node as usize)).map(Vec::as_slice);
        entries.unwrap_or_default().iter().map(|entry| entry.meaning)
    }

    /// Whether a token belongs to the same phrase as the one before.
    pub(crate) fn joins(&self, tokens: &Tokens, words: &[u32], at: usize) -> bool {
        match tokens.list.get(at).map(|token| token.gap) {
            Some(Gap::Space | Gap::Hyphen | Gap::Joined) => true,
            Some(Gap::Dot) => at > 0 && self.is(words[at - 1], mark::ABBREVIATION),
            _ => false,
        }
    }

    fn hits_at(&self, tokens: &Tokens, words: &[u32], start: usize, hits: &mut Vec<Hit>) {
        let mut parent = ROOT;
        let mut at = start;
        loop {
            let node = self.child(parent, words[at]);
            if let Some(node) = node {
                self.collect(node, tokens, start..at + 1, hits);
            }
            let carried = match tokens.list[at].possessive {
                true => self.child(parent, self.word(tokens.folded_with_possessive(at))),
                false => node,
            };
            at += 1;
            let next = match tokens.list.get(at).map(|token| token.gap) {
                Some(Gap::Comma) => carried.and_then(|node| self.child(node, self.word(COMMA))),
                _ => carried.filter(|_| self.joins(tokens, words, at)),
            };
            let Some(next) = next else { return };
            parent = next;
        }
    }

    fn collect(&self, node: u32, tokens: &Tokens, range: std::ops::Range<usize>, hits: &mut Vec<Hit>) {
        let Some(entries) = self.ends.get(node as usize) else { return };
        let (Ok(start), Ok(end)) = (u32::try_from(range.start), u32::try_from(range.end)) else { return };
        let no_dot =
            tokens.list.get(range.end).is_some_and(|next| matches!(next.gap, Gap::Space | Gap::Hyphen));
        let text = &tokens.list[range];
        for entry in entries.iter().filter(|entry| !(entry.dot && no_dot)) {
            if text.iter().zip(0..).all(|(token, at)| entry.case.agree(at, token.shape)) {
                hits.push(Hit { start, end, meaning: entry.meaning });
            }
        }
    }

    fn child(&self, node: u32, word: u32) -> Option<u32> {
        if word == UNKNOWN || word >= self.formal {
            return None;
        }
        self.edges.get(&edge(node, word)).copied()
    }

    fn child_or_new(&mut self, node: u32, word: u32) -> u32 {
        let next = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        let child = *self.edges.entry(edge(node, word)).or_insert(next);
        if child == next {
            self.ends.push(Vec::new());
        }
        child
    }

    fn number(&mut self, folded: &str) -> u32 {
        let number = self.number_beyond(folded);
        self.formal = self.formal.max(number.saturating_add(1));
        number
    }

    /// The number of a folded word, a new one where it has none. Such a word alone is part of no form, which forms are not
    /// looked for: add them first.
    pub(crate) fn number_beyond(&mut self, folded: &str) -> u32 {
        if let Some(number) = self.words.get(folded) {
            return *number;
        }
        let number = u32::try_from(self.marks.len()).unwrap_or(u32::MAX);
        self.words.insert(folded.into(), number);
        self.marks.push(0);
        number
    }
}

fn edge(node: u32, word: u32) -> u64 {
    u64::from(node) << 32 | u64::from(word)
}

/// Whether a form is one word cut short, like `Calif.`
fn is_shortened(form: &str, tokens: &[Token]) -> bool {
    form.ends_with('.') && tokens.len() == 1 && tokens.iter().all(|token| !token.dotted)
}

fn case(shape: Shape) -> Case {
    match shape {
        Shape::Capitals => Case::Capitals,
        Shape::Capitalised | Shape::Initial => Case::Capital,
        Shape::Lower | Shape::Number | Shape::Caseless => Case::Any,
    }
}
