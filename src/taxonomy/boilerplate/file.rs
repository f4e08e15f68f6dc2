//! The *file* is `boilerplate.toml` as written: its sections, and how they are checked and made into patterns.

use std::collections::{BTreeMap, HashMap, HashSet};

use regex::{Regex, RegexSet, RegexSetBuilder};
use serde::Deserialize;
use toml::Spanned;

use crate::taxonomy::boilerplate::folded::Folded;
use crate::taxonomy::boilerplate::patterns::{Guard, Patterns};
use crate::taxonomy::boilerplate::{BUILTIN, Block, Boilerplate, BoilerplateError, Sequence, Words};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    extends: Option<Spanned<String>>,
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default)]
    words: WordLists,
    #[serde(default)]
    languages: BTreeMap<String, String>,
    #[serde(default)]
    line: Vec<Entry>,
    #[serde(default)]
    block: Vec<Entry>,
    #[serde(default)]
    sequence: Vec<Entry>,
    #[serde(default)]
    trailer: Vec<Entry>,
    #[serde(default)]
    ending: Vec<Entry>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WordLists {
    prose: Vec<String>,
    present: Vec<String>,
    credit: Vec<String>,
    abbreviations: Vec<String>,
    agencies: Vec<String>,
    labels: Vec<String>,
    byline: Vec<String>,
    desks: Vec<String>,
    dated: Vec<String>,
    updated: Vec<String>,
    published: Vec<String>,
    date_words: Vec<String>,
    weekdays: Vec<String>,
    months: Option<Spanned<Vec<Vec<String>>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[expect(dead_code, reason = "said for the reader of the file")]
    kind: String,
    #[serde(default)]
    text: Vec<Spanned<String>>,
    #[serde(default)]
    regex: Vec<Spanned<String>>,
    words: Option<usize>,
    #[serde(default)]
    prose: bool,
    #[serde(default)]
    present: bool,
    #[serde(default)]
    names: bool,
    items: Option<usize>,
    least: Option<usize>,
    run: Option<usize>,
}

impl Entry {
    fn guard(&self, number: usize) -> Guard {
        let words = self.words.unwrap_or(WORDS);
        Guard { entry: number, words, prose: self.prose, present: self.present, names: self.names }
    }
}

/// A file with what it takes to say where in it something is wrong.
struct Source<'a> {
    text: &'a str,
    name: &'a str,
}

/// The files that make a list, in order: the built-in one first where the other extends it.
struct Parts<'a> {
    parts: Vec<(Source<'a>, File)>,
}

const WORDS: usize = 14;
const ITEMS: usize = 12;
const NEVER: usize = usize::MAX;

pub(super) fn load(text: &str, name: &str) -> Result<Boilerplate, BoilerplateError> {
    let source = Source { text, name };
    let file = source.read()?;
    let mut parts = Vec::new();
    if let Some(base) = &file.extends {
        if base.get_ref() != "builtin" {
            let reason = format!("'{}' cannot be extended; write extends = \"builtin\"", base.get_ref());
            return Err(source.error(base.span().start, reason));
        }
        let builtin = Source { text: BUILTIN, name: "the built-in boilerplate.toml" };
        let file = builtin.read()?;
        parts.push((builtin, file));
    }
    parts.push((source, file));
    Parts { parts }.build()
}

impl Source<'_> {
    fn read(&self) -> Result<File, BoilerplateError> {
        toml::from_str(self.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            self.error(at, error.message().trim_end().replace('\n', ", "))
        })
    }

    fn error(&self, at: usize, reason: String) -> BoilerplateError {
        let before = self.text.as_bytes().iter().take(at);
        let line = 1 + before.filter(|&&byte| byte == b'\n').count();
        BoilerplateError { file: self.name.to_owned(), line, reason }
    }
}

impl Parts<'_> {
    fn build(&self) -> Result<Boilerplate, BoilerplateError> {
        let words = self.words()?;
        let keep: Vec<Folded<'_>> =
            self.parts.iter().flat_map(|(_, file)| &file.keep).map(|line| Folded::new(line)).collect();
        let blocks = self.parts.iter().flat_map(|(_, file)| &file.block);
        let blocks = blocks
            .map(|entry| Block { items: entry.items.unwrap_or(ITEMS), least: entry.least.unwrap_or(0) })
            .collect();
        let check = Check { keep: &keep, words: &words };
        Ok(Boilerplate {
            lines: self.patterns(|file| &file.line, &check)?,
            heads: self.patterns(|file| &file.block, &check)?,
            blocks,
            sequences: self.sequences()?,
            trailers: self.patterns(|file| &file.trailer, &check)?,
            endings: self.endings()?,
            words,
        })
    }

    fn patterns(
        &self,
        section: fn(&File) -> &Vec<Entry>,
        check: &Check<'_>,
    ) -> Result<Patterns, BoilerplateError> {
        let (mut texts, mut expressions, mut guards) = (HashMap::new(), Vec::new(), Vec::new());
        let mut places = Vec::new();
        let entries =
            self.parts.iter().flat_map(|(source, file)| section(file).iter().map(move |e| (source, e)));
        for (number, (source, entry)) in entries.enumerate() {
            for text in &entry.text {
                texts.insert(key(source, text)?, number);
            }
            for regex in &entry.regex {
                expressions.push(whole(source, regex)?);
                guards.push(entry.guard(number));
                places.push((source, regex));
            }
        }
        let set = set(&expressions).map_err(|error| {
            // The set does not say which of them is wrong.
            let wrong = places
                .iter()
                .zip(&expressions)
                .find_map(|((source, regex), whole)| compile(source, regex, whole).err());
            wrong.unwrap_or_else(|| self.anywhere(format!("the expressions together: {error}")))
        })?;
        if let Some((source, regex)) = set.matches("").iter().next().and_then(|at| places.get(at)) {
            let reason = format!("'{}' matches the empty line", regex.get_ref());
            return Err(source.error(regex.span().start, reason));
        }
        check.run(&set, &guards, &places)?;
        Ok(Patterns::new(texts, set, guards))
    }

    fn sequences(&self) -> Result<HashMap<String, Sequence>, BoilerplateError> {
        let mut words = HashMap::new();
        let entries =
            self.parts.iter().flat_map(|(source, file)| file.sequence.iter().map(move |e| (source, e)));
        for (list, (source, entry)) in entries.enumerate() {
            for text in &entry.text {
                words.insert(key(source, text)?, Sequence { list, run: entry.run.unwrap_or(NEVER) });
            }
        }
        Ok(words)
    }

    fn endings(&self) -> Result<Vec<Regex>, BoilerplateError> {
        let mut endings = Vec::new();
        for (source, file) in &self.parts {
            for regex in file.ending.iter().flat_map(|entry| &entry.regex) {
                let whole = format!(r#"([.!?…。！？]["'”’»)]*)\s*(?:{})$"#, regex.get_ref());
                endings.push(compile(source, regex, &whole)?);
            }
        }
        Ok(endings)
    }

    fn words(&self) -> Result<Words, BoilerplateError> {
        let mut words = Words::default();
        for (source, file) in &self.parts {
            let lists = &file.words;
            add(&mut words.prose, &lists.prose);
            add(&mut words.present, &lists.present);
            add(&mut words.credit, &lists.credit);
            add(&mut words.abbreviations, &lists.abbreviations);
            add(&mut words.agencies, &lists.agencies);
            add(&mut words.labels, &lists.labels);
            add(&mut words.byline, &lists.byline);
            add(&mut words.desks, &lists.desks);
            let dated: Vec<String> =
                lists.dated.iter().flat_map(|phrase| phrase.split(' ')).map(str::to_owned).collect();
            add(&mut words.dated, &dated);
            add(&mut words.updated, &lists.updated);
            add(&mut words.published, &lists.published);
            add(&mut words.date_words, &lists.date_words);
            add(&mut words.weekdays, &lists.weekdays);
            words.languages.extend(file.languages.clone());
            let Some(months) = &lists.months else { continue };
            if months.get_ref().len() != 12 {
                let reason = format!("months has {} lists; write twelve", months.get_ref().len());
                return Err(source.error(months.span().start, reason));
            }
            for (number, names) in (1..).zip(months.get_ref()) {
                words.months.extend(names.iter().map(|name| (name.to_lowercase(), number)));
            }
        }
        Ok(words)
    }

    fn anywhere(&self, reason: String) -> BoilerplateError {
        let name = self.parts.last().map(|(source, _)| source.name).unwrap_or_default();
        BoilerplateError { file: name.to_owned(), line: 1, reason }
    }
}

/// What no expression may match.
struct Check<'a> {
    keep: &'a [Folded<'a>],
    words: &'a Words,
}

impl Check<'_> {
    fn run(
        &self,
        set: &RegexSet,
        guards: &[Guard],
        places: &[(&Source<'_>, &Spanned<String>)],
    ) -> Result<(), BoilerplateError> {
        for line in self.keep {
            for at in &set.matches(line.text()) {
                let (Some(guard), Some((source, regex))) = (guards.get(at), places.get(at)) else { continue };
                if guard.fits(line, self.words) {
                    let reason = format!("'{}' would remove '{}'", regex.get_ref(), line.text());
                    return Err(source.error(regex.span().start, reason));
                }
            }
        }
        Ok(())
    }
}

fn key(source: &Source<'_>, text: &Spanned<String>) -> Result<String, BoilerplateError> {
    let folded = Folded::new(text.get_ref());
    if folded.key().is_empty() {
        let reason = format!("'{}' has no letter or digit to compare", text.get_ref());
        return Err(source.error(text.span().start, reason));
    }
    Ok(folded.key().to_owned())
}

/// The expression for the whole line, with signs allowed around it.
fn whole(source: &Source<'_>, regex: &Spanned<String>) -> Result<String, BoilerplateError> {
    const SIGNS: &str = r#"[ \-_*•·»›>→#|:!.,…"'\[\]()=~+]{0,6}"#;
    let mut before = ' ';
    for c in regex.get_ref().chars() {
        if c.is_uppercase() && before != '\\' {
            let reason =
                format!("'{}' has capital letters; lines are compared in lower case", regex.get_ref());
            return Err(source.error(regex.span().start, reason));
        }
        before = c;
    }
    Ok(format!("^{SIGNS}(?:{}){SIGNS}$", regex.get_ref()))
}

fn compile(source: &Source<'_>, regex: &Spanned<String>, whole: &str) -> Result<Regex, BoilerplateError> {
    Regex::new(whole).map_err(|error| {
        let reason = format!("no regular expression: {}", last_line(&error.to_string()));
        source.error(regex.span().start, reason)
    })
}

fn set(expressions: &[String]) -> Result<RegexSet, regex::Error> {
    RegexSetBuilder::new(expressions).size_limit(LIMIT).dfa_size_limit(LIMIT).build()
}

/// Bytes the compiled expressions of a section may take.
const LIMIT: usize = 64 << 20;

fn last_line(message: &str) -> &str {
    message.lines().last().unwrap_or_default().trim()
}

fn add(set: &mut HashSet<String>, words: &[String]) {
    set.extend(words.iter().map(|word| word.to_lowercase()));
}
