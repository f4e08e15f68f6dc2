//! *Key phrases* are what an article keeps coming back to and no taxonomy knows: `grain embargo`, `spy balloon`.
//!
//! Which phrases an article gets depends on the article and on the word lists alone, never on what else is indexed: the
//! same text has the same phrases in any archive, and keeps them while the archive grows. What is weighed against the
//! archive is weighed when it is asked: `--order surprising` ranks the phrases of the articles found against those of
//! all. So a phrase that no other article has is kept too; it costs a value of a column and never comes first.
//!
//! 1. Candidates are rows of two or three nouns and adjectives that end with a noun, within a sentence, between all other
//!    words; and capitalised names. A word's part comes from a list (`phrase-words.txt`), which knows English only, and of
//!    what is a noun or a verb its neighbours tell. No part of a person, country or title is part of a phrase.
//! 2. A phrase counts by its words in the singular. It must stand twice in the article and at least once in a sentence,
//!    as the words of headlines play other parts; or once in the lead where each of its words comes again elsewhere.
//! 3. Its score is how often it stands there, more in headline and lead, times how rare its words are in English at large
//!    (a table of counts in books): the term weight of information retrieval with a fixed background for the archive's own
//!    frequencies. Of phrases that hold each other the better one stays.
//!
//! The shown form is the row of words in lower case, its last in the singular, names as they are written.

mod cells;
#[cfg(test)]
mod tests;

use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::article::Grade;
use crate::article::Kind;
use crate::article::Place;
use crate::article::Provenance;
use crate::article::Tag;
use crate::tag::Read;
use crate::tag::keyphrases::cells::Cell;
use crate::tag::keyphrases::cells::DISTINCTIVE;
use crate::tag::keyphrases::cells::cells;
use crate::tag::keyphrases::cells::joined;
use crate::tag::keyphrases::cells::joined_at;
use crate::tag::keyphrases::cells::read_as_name;
use crate::tag::names::mark;
use crate::tag::reading::Reading;
use crate::tag::roles::Role;
use crate::tag::roles::Roles;
use crate::tag::roles::also;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Shape;
use crate::tag::tokens::Style;
use crate::taxonomy::phrases::Part;

/// Phrases of an article at most.
const MOST: usize = 5;
/// Tokens of a phrase at most, where a hyphen joins some; words at most.
const TOKENS: usize = 5;
const WORDS: usize = 3;
/// How much more a phrase counts for standing in the headline, and in the first paragraph.
const HEADLINE: f32 = 1.5;
const LEAD: f32 = 1.0;
/// The rarity of a name, and that of words so common that they count for little.
const NAME: u8 = 16;
const COMMON: u8 = 9;
/// What any phrase counts for beside the rarity of its words.
const ANY: f32 = 3.0;
/// The score at which salience is one half.
const HALF: f32 = 40.0;

/// The key phrases of an article, best first; none where it is in another language than English.
pub(crate) fn of(roles: &Roles, article: &Article, read: &Read<'_>) -> Vec<Tag> {
    if article.language.as_deref().is_some_and(|language| language != "en") {
        return Vec::new();
    }
    let cells = cells(roles, read);
    let mut counts = Counts { roles, reading: &read.reading, cells: &cells, of: FxHashMap::default() };
    counts.of.reserve(cells.len() / 8);
    let from = if article.has_made_headline() { body_start(&read.reading) } else { 0 };
    let mut at = from;
    while at < cells.len() {
        let end = run_end(&read.reading, &cells, at);
        at = if end > at { counts.take_run(at, end) } else { at + 1 };
    }
    let chosen = chosen(counts.of, &cells, from);
    chosen.into_iter().map(|(score, phrase)| tag(roles, article, read, &phrase, score)).collect()
}

fn body_start(reading: &Reading<'_>) -> usize {
    reading.tokens.list.partition_point(|token| token.place == Place::Headline)
}

/// The token after the row of phrase words that starts with a token.
fn run_end(reading: &Reading<'_>, cells: &[Cell], start: usize) -> usize {
    let mut end = start;
    while let Some(cell) = cells.get(end) {
        let goes_on = end == start
            || joined(reading, end)
                && (!cell.is_name() || cells[end - 1].is_name())
                && !matches!(cells[end - 1].part(), Part::Plural | Part::PluralOrVerb);
        if matches!(cell, Cell::Break) || !goes_on {
            break;
        }
        end += 1;
    }
    end
}

type Key = [u32; TOKENS];

/// A phrase of the article and where it stands.
#[derive(Clone, Copy, Debug)]
struct Phrase {
    /// First token and token after the last, at a place in a sentence where there is one.
    start: usize,
    end: usize,
    /// How often it stands there.
    count: u32,
    /// How often as the end of a row, as a whole phrase does.
    whole: u32,
    in_sentence: bool,
    in_headline: bool,
    in_lead: bool,
    is_name: bool,
}

struct Counts<'a> {
    roles: &'a Roles,
    reading: &'a Reading<'a>,
    cells: &'a [Cell],
    of: FxHashMap<Key, Phrase>,
}

impl Counts<'_> {
    /// Takes all candidates of a row of phrase words and returns where it ends: a name may reach farther.
    fn take_run(&mut self, start: usize, end: usize) -> usize {
        let names = self.cells[start..end].iter().take_while(|cell| cell.is_name()).count();
        let name_end = if names == end - start { self.name_end(end) } else { start + names };
        if names == 0 && end - start == 1 && !self.cells[start].is_distinctive() {
            return end;
        }
        if (1..=TOKENS).contains(&(name_end - start)) && self.is_whole_name(start, name_end) {
            self.take(start, name_end, true);
        }
        self.take_words(start, start + names, end);
        name_end.max(end)
    }

    /// Where a name ends that may go on with `of` and another, a country's too: `Bank of England`.
    fn name_end(&self, end: usize) -> usize {
        let capital =
            |at: usize| self.cells[at].is_name() || self.reading.span(at).is_some() && self.is_capital(at);
        let goes_on = |at: usize| at < self.cells.len() && joined(self.reading, at) && capital(at);
        if self.reading.gap(end) != Gap::Space || self.reading.tokens.folded(end) != "of" || !goes_on(end + 1)
        {
            return end;
        }
        (end + 2..).find(|at| !goes_on(*at)).unwrap_or(end)
    }

    fn is_capital(&self, at: usize) -> bool {
        self.reading
            .tokens
            .list
            .get(at)
            .is_some_and(|token| token.is_capital() && token.style == Style::Sentence)
    }

    /// Whether a name is no part of a longer one, of which the rest is a country's or person's: `American |Savings`.
    fn is_whole_name(&self, start: usize, end: usize) -> bool {
        let before = start > 0 && joined(self.reading, start) && self.is_capital(start - 1);
        let opens = before && self.reading.token(start - 1).opens;
        let country = before && self.reading.span(start - 1).is_some();
        let after = joined_at(self.reading, end) && self.is_capital(end);
        if after || before && !opens && !country {
            return false;
        }
        let role = self.roles.listed(self.reading.words[start]);
        let common = role.is_some_and(|role| role.part == Part::Adjective || role.rarity < DISTINCTIVE)
            && self.reading.token(start).shape != Shape::Capitals;
        let says_little = common || self.reading.is(start, mark::WORD);
        let linked = start > 1 && self.reading.tokens.folded(start - 1) == "of" && self.is_capital(start - 2);
        end - start > 1 || !linked && !country && !says_little && self.reading.span(start).is_none()
    }

    /// Takes the rows of two words and more that end after the name a row starts with.
    fn take_words(&mut self, start: usize, name_end: usize, end: usize) {
        let (cells, reading) = (self.cells, self.reading);
        let hyphen = |at: usize| at < end && reading.gap(at) == Gap::Hyphen;
        for last in name_end..end {
            if !cells[last].ends() || hyphen(last + 1) {
                continue;
            }
            if cells[last].is_distinctive() && !hyphen(last) && !reading.token(last).is_capital() {
                self.take(last, last + 1, last + 1 == end);
            }
            let mut words = 1;
            for first in (start..last).rev().take(TOKENS - 1) {
                words += usize::from(!hyphen(first + 1));
                // A name is taken whole.
                let inside = first > start && first < name_end;
                if words <= WORDS && !hyphen(first) && !inside && cells[first].opens() {
                    self.take(first, last + 1, last + 1 == end);
                }
            }
        }
    }

    fn take(&mut self, start: usize, end: usize, whole: bool) {
        let mut key = [0; TOKENS];
        for (slot, at) in key.iter_mut().zip(start..end) {
            *slot = match self.cells[at] {
                Cell::Word(role) => role.base,
                Cell::Name(_) | Cell::Break => self.reading.words[at],
            };
        }
        let token = self.reading.token(start);
        let in_headline = token.place == Place::Headline;
        let in_sentence = token.style == Style::Sentence;
        let is_name = self.cells[start].is_name() && !matches!(self.cells[end - 1], Cell::Word(_));
        let new = Phrase {
            start,
            end,
            count: 0,
            whole: 0,
            in_sentence,
            in_headline: false,
            in_lead: false,
            is_name,
        };
        let phrase = self.of.entry(key).or_insert(new);
        if in_sentence && !phrase.in_sentence {
            (phrase.start, phrase.end, phrase.in_sentence, phrase.is_name) = (start, end, true, is_name);
        }
        phrase.count += 1;
        phrase.whole += u32::from(whole);
        phrase.in_headline |= in_headline;
        phrase.in_lead |= !in_headline && token.paragraph == 0;
    }
}

/// The best phrases that do not hold each other, best first.
fn chosen(counts: FxHashMap<Key, Phrase>, cells: &[Cell], from: usize) -> Vec<(f32, Phrase)> {
    let keys: Vec<u32> = cells[from..].iter().map(|cell| cell.key()).collect();
    let mut scored: Vec<(f32, Key, Phrase)> = counts
        .into_iter()
        .filter(|(key, phrase)| is_kept(key, phrase, &keys))
        .map(|(key, phrase)| (score(&phrase, cells), key, phrase))
        .collect();
    scored.sort_unstable_by(|a, b| {
        b.0.total_cmp(&a.0).then(a.2.start.cmp(&b.2.start)).then(b.2.end.cmp(&a.2.end))
    });
    let mut chosen: Vec<(f32, Key, Phrase)> = Vec::new();
    for candidate in scored {
        if chosen.len() == MOST {
            break;
        }
        if !chosen.iter().any(|better| holds(&better.1, &candidate.1) || holds(&candidate.1, &better.1)) {
            chosen.push(candidate);
        }
    }
    chosen.into_iter().map(|(score, _, phrase)| (score, phrase)).collect()
}

fn words(key: &Key) -> &[u32] {
    &key[..key.iter().position(|word| *word == 0).unwrap_or(TOKENS)]
}

fn holds(longer: &Key, shorter: &Key) -> bool {
    let shorter = words(shorter);
    words(longer).windows(shorter.len()).any(|part| part == shorter)
}

/// Whether a phrase is one the article keeps coming back to.
fn is_kept(key: &Key, phrase: &Phrase, keys: &[u32]) -> bool {
    if !phrase.in_sentence || phrase.whole == 0 {
        return false;
    }
    let words = words(key);
    if words.len() == 1 {
        return phrase.count >= 3 && (phrase.in_headline || phrase.in_lead);
    }
    let again = |word: &u32| keys.iter().filter(|key| *key == word).count() > 1;
    phrase.count >= 2 || phrase.in_lead && words.iter().all(again)
}

fn score(phrase: &Phrase, cells: &[Cell]) -> f32 {
    let (mut rarity, mut words) = (0_u32, 0_u32);
    for cell in &cells[phrase.start..phrase.end] {
        let own = match cell {
            Cell::Break => continue,
            Cell::Name(_) => NAME,
            Cell::Word(Role { part: Part::Weak, .. }) => COMMON,
            Cell::Word(role) => role.rarity,
        };
        rarity += u32::from(own.saturating_sub(COMMON));
        words += 1;
    }
    let places = if phrase.in_headline { HEADLINE } else { 0.0 } + if phrase.in_lead { LEAD } else { 0.0 };
    let length = 0.7 + 0.15 * words.min(3) as f32;
    (phrase.count as f32 + places) * (ANY + rarity as f32 / words.max(1) as f32) * length
}

fn tag(roles: &Roles, article: &Article, read: &Read<'_>, phrase: &Phrase, score: f32) -> Tag {
    Tag {
        field: Kind::Keyphrase,
        value: shown(roles, article, read, phrase),
        code: None,
        grade: Grade::About,
        salience: (score / (score + HALF) * 1000.0).round() / 1000.0,
        provenance: Provenance::Phrase,
        mentions: phrase.count,
    }
}

/// Names as they are written, other words in lower case, the last in the singular.
fn shown(roles: &Roles, article: &Article, read: &Read<'_>, phrase: &Phrase) -> String {
    let reading = &read.reading;
    if phrase.is_name {
        let written = crate::tag::text(article, reading, phrase.start, phrase.end);
        return written.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let mut shown = String::new();
    for at in phrase.start..phrase.end {
        let token = reading.token(at);
        let (written, folded) = (crate::tag::text(article, reading, at, at + 1), reading.tokens.folded(at));
        // `iPod` is a name too.
        let inner = token.style == Style::Sentence && written.chars().skip(1).any(char::is_uppercase);
        if at > phrase.start {
            let name = read_as_name(reading.token(at - 1)) && token.gap == Gap::Hyphen;
            shown.push(if name { '-' } else { ' ' });
        }
        if read_as_name(token) || inner {
            shown.push_str(written);
        } else if at + 1 == phrase.end && roles.of(reading.names, reading.words[at], folded).is(also::PLURAL)
        {
            shown.push_str(&roles.singular(folded));
        } else {
            shown.push_str(folded);
        }
    }
    shown
}
