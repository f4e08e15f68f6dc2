//! The query language evaluated by hand: an article's words in lists, every clause by the plainest loop that can be
//! written. It shares no code with the two evaluators but the analyzer and the syntax tree.

use std::collections::BTreeSet;

use dateline::article::{Article, fold};
use dateline::query::ast::{Nearness, Pattern, Query, Text};
use dateline::schema::TextField;
use dateline::schema::analyzer::Analyzer;
use dateline::schema::traits::Trait;
use tantivy::tokenizer::{TokenStream, Tokenizer};

/// An article as lists of words.
pub(crate) struct Read {
    article: Article,
    headline: Field,
    lead: Field,
    body: Field,
}

/// The words of a field.
struct Field {
    words: Vec<Word>,
}

struct Word {
    text: String,
    stems: [String; 2],
    /// The numbers of its sentence and its paragraph.
    sentence: usize,
    paragraph: usize,
}

/// Where a pattern stands: from where to where, and where its first part ends and its last part begins.
type Stand = (usize, usize, usize, usize);

impl Field {
    fn of(text: &str, language: Option<&str>) -> Self {
        let mut analyzer = Analyzer::default();
        let mut stream = analyzer.token_stream(text);
        let (mut sentence, mut paragraph) = (0, 0);
        let mut words = Vec::new();
        while stream.advance() {
            match stream.token().text.as_str() {
                "\u{1}s" => sentence += 1,
                "\u{1}p" => (sentence, paragraph) = (sentence + 1, paragraph + 1),
                word => {
                    let (text, stems) = (word.to_owned(), stems(word, language));
                    words.push(Word { text, stems, sentence, paragraph });
                }
            }
        }
        Self { words }
    }
}

impl Read {
    pub(crate) fn of(article: &Article) -> Self {
        let language = article.language.as_deref();
        Self {
            headline: Field::of(&article.headline, language),
            lead: Field::of(article.lead(), language),
            body: Field::of(&article.body, language),
            article: article.clone(),
        }
    }

    /// Whether the article matches.
    pub(crate) fn matches(&self, query: &Query) -> bool {
        match query {
            Query::All => true,
            Query::And(clauses) => clauses.iter().all(|clause| self.matches(clause)),
            Query::Or(clauses) => clauses.iter().any(|clause| self.matches(clause)),
            Query::Not(inner) => !self.matches(inner),
            Query::Boost(inner, _) => self.matches(inner),
            Query::Text(text) => !self.places(text).is_empty(),
            Query::AtLeast(count, texts) => {
                let places: BTreeSet<(u8, usize)> = texts.iter().flat_map(|text| self.places(text)).collect();
                places.len() >= *count as usize
            }
            Query::Length(from, to) => {
                let words = self.article.body.split_whitespace().count();
                from.is_none_or(|from| from as usize <= words) && to.is_none_or(|to| words <= to as usize)
            }
            Query::Has(Trait::Headline) => !self.article.has_made_headline(),
            Query::Has(Trait::Byline) => self.article.byline.is_some(),
            Query::Has(Trait::Date) => self.article.published.is_some(),
            Query::Has(_) | Query::Facet(..) | Query::Date(..) => panic!("{query} is not evaluated by hand"),
        }
    }

    /// Where a text stands: 0 for the headline or 1 for the body, and the word.
    fn places(&self, text: &Text) -> Vec<(u8, usize)> {
        let fields: Vec<(u8, &Field)> = match text.field {
            None if self.article.has_made_headline() => vec![(1, &self.body)],
            None => vec![(0, &self.headline), (1, &self.body)],
            Some(TextField::Headline) => vec![(0, &self.headline)],
            Some(TextField::Lead) => vec![(1, &self.lead)],
            Some(TextField::Body) => vec![(1, &self.body)],
            Some(other) => panic!("{other:?} is not evaluated by hand"),
        };
        let language = self.article.language.as_deref();
        let stands = fields.into_iter().flat_map(|(number, field)| {
            let stands = stands(&text.pattern, field, language);
            stands.into_iter().map(move |stand| (number, stand.0)).collect::<Vec<_>>()
        });
        stands.collect()
    }
}

fn stands(pattern: &Pattern, field: &Field, language: Option<&str>) -> BTreeSet<Stand> {
    match pattern {
        Pattern::Any(any) => any.iter().flat_map(|pattern| stands(pattern, field, language)).collect(),
        Pattern::Near(left, how, right) => {
            near(&stands(left, field, language), *how, &stands(right, field, language), field)
        }
        Pattern::Phrase { text, slop } => {
            let mut tests = Vec::new();
            for word in text.split(' ') {
                tests.extend(tests_of(word, language));
            }
            rows(&tests, *slop as usize, field)
        }
        Pattern::Regex(regex) => {
            let regex = regex::Regex::new(&format!("^({})$", fold(regex))).unwrap();
            rows(&[Test::Regex(regex)], 0, field)
        }
        other => rows(&tests_of(&other.to_string(), language), 0, field),
    }
}

/// What a word must be.
enum Test {
    Stem([String; 2]),
    Exact(String),
    Glob(String),
    Fuzzy(String, usize),
    Regex(regex::Regex),
    Any,
}

impl Test {
    fn fits(&self, word: &Word) -> bool {
        let text = &word.text;
        match self {
            Self::Stem(asked) => asked[0] == word.stems[0] || asked[1] == word.stems[1],
            Self::Exact(asked) => asked == text,
            Self::Glob(glob) => globs(glob, text),
            Self::Fuzzy(asked, slips) => strsim::osa_distance(asked, text) <= *slips,
            Self::Regex(regex) => regex.is_match(text),
            Self::Any => true,
        }
    }
}

/// The tests of a word as typed; its pieces between signs are words of their own.
fn tests_of(word: &str, language: Option<&str>) -> Vec<Test> {
    let pieces = |text: &str| Field::of(text, language).words.into_iter();
    if word == "*" {
        return vec![Test::Any];
    }
    if let Some(word) = word.strip_prefix('=') {
        return pieces(word).map(|word| Test::Exact(word.text)).collect();
    }
    if let Some((word, slips)) = word.rsplit_once('~') {
        let slips = slips.parse().unwrap();
        return pieces(word).map(|word| Test::Fuzzy(word.text, slips)).collect();
    }
    let word = word.trim_end_matches('?');
    if word.contains(['*', '?']) {
        return vec![Test::Glob(fold(word))];
    }
    pieces(word).map(|word| Test::Stem(word.stems)).collect()
}

/// The stems by which a word is known: the English one, and that of the article's language.
fn stems(word: &str, language: Option<&str>) -> [String; 2] {
    use frostem::Algorithm;
    let inflects = word.len() > 3 && !word.bytes().any(|b| b.is_ascii_digit());
    let algorithm = match language {
        Some("de") => Some(Algorithm::German),
        Some("fr") => Some(Algorithm::French),
        Some("es") => Some(Algorithm::Spanish),
        Some("ru") => Some(Algorithm::Russian),
        Some("it") => Some(Algorithm::Italian),
        Some("pt") => Some(Algorithm::Portuguese),
        Some("nl") => Some(Algorithm::DutchPorter),
        _ => None,
    };
    let stem = |algorithm: Algorithm| frostem::Stemmer::new(algorithm).stem(word).into_owned();
    let english = match word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase()) {
        true => stem(Algorithm::English),
        false => word.to_owned(),
    };
    let own = match algorithm {
        Some(algorithm) if inflects => stem(algorithm),
        Some(_) => word.to_owned(),
        None => english.clone(),
    };
    [english, own]
}

fn globs(glob: &str, word: &str) -> bool {
    let rest = |text: &str| text.chars().next().map_or(0, char::len_utf8);
    match glob.chars().next() {
        None => word.is_empty(),
        Some('*') => {
            let ends = word.char_indices().map(|(at, _)| at).chain([word.len()]);
            ends.into_iter().any(|at| globs(&glob[1..], &word[at..]))
        }
        Some(c) => {
            word.chars().next().is_some_and(|w| c == w || c == '?')
                && globs(&glob[rest(glob)..], &word[rest(word)..])
        }
    }
}

fn rows(tests: &[Test], slop: usize, field: &Field) -> BTreeSet<Stand> {
    let fits: Vec<Vec<bool>> =
        tests.iter().map(|test| field.words.iter().map(|word| test.fits(word)).collect()).collect();
    let mut found = BTreeSet::new();
    for start in 0..field.words.len() {
        if !tests.is_empty() && fits[0][start] && row_from(&fits, 1, start, slop) {
            let end = start + tests.len() - 1;
            found.insert((start, end, end, start));
        }
    }
    found
}

/// Whether the slots from `slot` on are filled: the word before stands at `before`; what each word stands away from the
/// place right after the one before it is taken from `slop`.
fn row_from(fits: &[Vec<bool>], slot: usize, before: usize, slop: usize) -> bool {
    if slot == fits.len() {
        return true;
    }
    let reach = (before + 1).saturating_sub(slop)..fits[slot].len().min(before + 2 + slop);
    reach.into_iter().any(|place| {
        let moved = place.abs_diff(before + 1);
        place != before && fits[slot][place] && row_from(fits, slot + 1, place, slop - moved)
    })
}

fn near(left: &BTreeSet<Stand>, how: Nearness, right: &BTreeSet<Stand>, field: &Field) -> BTreeSet<Stand> {
    let share = |a: &Stand, b: &Stand| {
        let ends = |s: &Stand| [(s.0, s.2), (s.3, s.1)];
        ends(a).iter().any(|x| ends(b).iter().any(|y| (x.0..=x.1).any(|at| (y.0..=y.1).contains(&at))))
    };
    let over = |a: &Stand, b: &Stand| {
        let (first, last) = (if a.0 <= b.0 { a } else { b }, if a.1 >= b.1 { a } else { b });
        (first.0, last.1, first.2, last.3)
    };
    let gap = |a: &Stand, b: &Stand| match (a.1 < b.0, b.1 < a.0) {
        (true, _) => b.0 - a.1,
        (_, true) => a.0 - b.1,
        _ => 0,
    };
    let mut found = BTreeSet::new();
    let part = |at: usize| {
        if how == Nearness::Sentence { field.words[at].sentence } else { field.words[at].paragraph }
    };
    match how {
        Nearness::Within(words) | Nearness::Before(words) => {
            for a in left {
                for b in right {
                    let ordered = matches!(how, Nearness::Within(_)) || a.1 < b.0;
                    if ordered && !share(a, b) && gap(a, b) <= words as usize {
                        found.insert(over(a, b));
                    }
                }
            }
        }
        Nearness::Sentence | Nearness::Paragraph => {
            for (one, other) in [(left, right), (right, left)] {
                for a in one {
                    let fits = |b: &&Stand| {
                        let parts = [a.0, a.1, b.0, b.1].map(part);
                        parts.iter().all(|part| *part == parts[0]) && !share(a, b)
                    };
                    found.extend(other.iter().filter(|b| b.0 >= a.0).find(fits).map(|b| over(a, b)));
                    found.extend(other.iter().rev().filter(|b| b.0 < a.0).find(fits).map(|b| over(a, b)));
                }
            }
        }
    }
    found
}
