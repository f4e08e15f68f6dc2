//! *Boilerplate* is what stands on a news page or ends a wire story but belongs to no article, as `boilerplate.toml`
//! lists it: lines, heads of lists of other articles, words that are debris beside debris, and trailers; with the few
//! word lists that reading an article's first lines takes.
//!
//! This file loads and checks the list and answers for one line at a time; what to do with the lines of an article is
//! `clean`'s business.

mod file;
mod folded;
mod patterns;

use std::collections::{HashMap, HashSet};

use crate::taxonomy::boilerplate::patterns::Patterns;

pub use crate::taxonomy::boilerplate::folded::Folded;

/// The list that is built into the program.
pub const BUILTIN: &str = include_str!("../../index-schema/boilerplate.toml");

/// A checked list of boilerplate.
#[derive(Debug)]
pub struct Boilerplate {
    lines: Patterns,
    heads: Patterns,
    blocks: Vec<Block>,
    sequences: HashMap<String, Sequence>,
    trailers: Patterns,
    endings: Vec<regex::Regex>,
    words: Words,
}

/// How far the list under a head goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// At most that many lines after the head.
    pub items: usize,
    /// With fewer lines than this the head is no head.
    pub least: usize,
}

/// A word that is debris beside debris.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// Which list of words it is of.
    pub list: usize,
    /// That many adjacent words of this list are debris by themselves.
    pub run: usize,
}

/// Word lists for reading an article's first lines; all words are lower-case.
#[derive(Debug, Default)]
pub struct Words {
    /// Words that mark a line as somebody's sentence.
    pub prose: HashSet<String>,
    /// Verbs of the present, which mark a sentence where the form is not one itself.
    pub present: HashSet<String>,
    /// Small words that stand among the names of a credit.
    pub credit: HashSet<String>,
    /// Words whose full stop ends no sentence, without it.
    pub abbreviations: HashSet<String>,
    /// News agencies, as they stand in parentheses.
    pub agencies: HashSet<String>,
    /// What stands in capitals before a dash and is no place.
    pub labels: HashSet<String>,
    /// Words that open a byline.
    pub byline: HashSet<String>,
    /// Who writes in a newspaper's own name: a byline may begin or end with one of these.
    pub desks: HashSet<String>,
    /// Words that stand before a date.
    pub dated: HashSet<String>,
    /// Words that say a date to be the one of a later change.
    pub updated: HashSet<String>,
    /// Words that say a date to be the first.
    pub published: HashSet<String>,
    /// What else may stand in a line that is a date.
    pub date_words: HashSet<String>,
    /// Names of months, 1 to 12.
    pub months: HashMap<String, u8>,
    /// Names of days of the week.
    pub weekdays: HashSet<String>,
    /// ISO 639-3 codes and their ISO 639-1 ones.
    pub languages: HashMap<String, String>,
}

/// A boilerplate file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}, line {line}: {reason}")]
pub struct BoilerplateError {
    file: String,
    line: usize,
    reason: String,
}

impl Boilerplate {
    /// The list that is built into the program.
    ///
    /// # Errors
    /// Never with the list as released: a test reads it.
    pub fn builtin() -> Result<Self, BoilerplateError> {
        Self::parse(BUILTIN, "boilerplate.toml")
    }

    /// Reads and checks a list; `file` names it in errors. A list that says `extends = "builtin"` is added to the
    /// built-in one, any other replaces it.
    ///
    /// # Errors
    /// Where the text is no TOML, has an unknown key, an empty or wrong pattern, or a pattern that would remove one
    /// of the sentences the file says to keep. The error names file, line and reason.
    pub fn parse(text: &str, file: &str) -> Result<Self, BoilerplateError> {
        file::load(text, file)
    }

    /// Whether the line is debris wherever it stands.
    pub fn is_line(&self, line: &Folded<'_>) -> bool {
        self.lines.find(line, &self.words).is_some()
    }

    /// How far the list of other articles under this line goes, where the line is the head of one.
    pub fn head(&self, line: &Folded<'_>) -> Option<Block> {
        let entry = self.heads.find(line, &self.words)?;
        self.blocks.get(entry).copied()
    }

    /// What kind of word the line is, where it is one that is debris beside debris.
    pub fn sequence(&self, line: &Folded<'_>) -> Option<Sequence> {
        self.sequences.get(line.key()).copied()
    }

    /// Whether the line is a trailer where it ends a text.
    pub fn is_trailer(&self, line: &Folded<'_>) -> bool {
        self.trailers.find(line, &self.words).is_some()
    }

    /// The byte where the mark that ends a last line begins, white space before it included. A mark stands after
    /// the end of a sentence.
    pub fn ending(&self, line: &str) -> Option<usize> {
        let tail = line.len().saturating_sub(ENDING_BYTES);
        let tail = (tail..line.len()).find(|&at| line.is_char_boundary(at))?;
        let found = self.endings.iter().find_map(|ending| ending.captures(&line[tail..]))?;
        Some(tail + found.get(1)?.end())
    }

    /// The word lists.
    pub fn words(&self) -> &Words {
        &self.words
    }
}

/// A mark at the end of a line is looked for in that many last bytes.
const ENDING_BYTES: usize = 120;

#[cfg(test)]
mod tests;
