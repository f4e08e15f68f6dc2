//! A *lesson* is a number of articles, some of which belong to a topic; from it the words are learned that tell them from the
//! others.
//!
//! Features are the stems of an article's words, and those of its headline besides, weighed by how often they stand there
//! and by how few articles have them (tf-idf). The classifier is that of `svm`; of its words only those that matter are kept,
//! and it is fitted again on these. How well it does is told by articles it has not seen: five times it is fitted on four
//! fifths of the articles and tried on the rest, with the threshold that was best on the other four tries.

mod figures;
mod svm;

use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::learn::figures::Outcome;
use crate::learn::figures::Scored;
use crate::learn::figures::threshold;
use crate::learn::svm::Classifier;
use crate::learn::svm::Rows;
use crate::learn::svm::fit;
use crate::query::ast::Pattern;
use crate::query::ast::Query;
use crate::query::plain::is_stop_word;
use crate::schema::analyzer::Analyzer;
use crate::schema::tongue::Tongue;
use crate::tag::learned::each_word;
use crate::tag::learned::length;
use crate::tag::learned::often;
use crate::taxonomy::learned::LearnedTopic;
use crate::taxonomy::learned::WeighedWord;

/// Articles on either side below which nothing is learned: with fewer, figures mean nothing.
pub const FEWEST: usize = 20;
/// Words that are kept.
const WORDS: usize = 1_000;
/// Articles that must have a word for it to count.
const RARE: u32 = 3;
/// Parts that the articles are divided into.
const FOLDS: usize = 5;
/// What an article on the wrong side costs beside large weights.
const COST: f32 = 1.0;
/// What features are divided by, that the rows of articles of usual length are about one long.
const SCALE: f32 = 4.0;

/// Articles to learn from.
#[derive(Debug, Default)]
pub struct Lesson {
    stems: FxHashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
    examples: Vec<Example>,
    /// Words that are left out.
    masked: Mask,
    languages: FxHashMap<Option<String>, usize>,
}

#[derive(Debug)]
struct Example {
    id: u64,
    belongs: bool,
    words: u32,
    /// How often each stem stands there, and whether in the headline.
    counts: Vec<(u32, u32, bool)>,
}

/// What a threshold is chosen for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// The best harmonic mean of precision and recall.
    F1,
    /// The best recall at this precision, above 0 and below 1.
    Precision(f64),
}

/// What is to be learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The topic's place in the tree.
    pub path: String,
    /// What it holds, in a line.
    pub about: String,
    /// What it is learned from, as typed.
    pub from: String,
    /// What the threshold is chosen for.
    pub aim: Aim,
    /// How many articles there are that do not belong, of which those of the lesson may be a sample.
    pub others: u64,
}

/// Why nothing can be learned.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unlearnable {
    /// Too few articles belong.
    #[error("{belonging} of {articles} articles belong: fewer than {FEWEST} are too few to learn from")]
    TooFew {
        /// Articles that belong.
        belonging: usize,
        /// All articles.
        articles: u64,
    },
    /// Too few do not.
    #[error(
        "all but {others} of {articles} articles belong: with fewer than {FEWEST} others there is nothing to tell them from"
    )]
    TooMany {
        /// Articles that do not belong.
        others: u64,
        /// All articles.
        articles: u64,
    },
    /// No threshold is good enough.
    #[error("no threshold has a precision of {asked:.2}: the best has {best:.2}")]
    Imprecise {
        /// The precision asked for.
        asked: f64,
        /// The best there is where a tenth of the articles that belong is found.
        best: f64,
    },
    /// The words do not tell.
    #[error(
        "the words of the articles do not tell which belong: of those picked among unseen ones {picked:.2} belong, of all {all:.2}"
    )]
    Unlike {
        /// The share of those picked that belongs.
        picked: f64,
        /// The share of all.
        all: f64,
    },
}

impl Lesson {
    /// A lesson that leaves out the words that a query asks for, where one says what belongs: they alone would be learned.
    pub fn without_words_of(query: Option<&Query>) -> Self {
        Self { masked: query.map(Mask::of).unwrap_or_default(), ..Self::default() }
    }

    /// Adds an article.
    pub fn add(&mut self, article: &Article, belongs: bool) {
        let mut counts: FxHashMap<u32, (u32, bool)> = FxHashMap::default();
        let mut words = 0;
        each_word(article, |stem, in_headline| {
            words += 1;
            if says_nothing(stem) || self.masked.holds(stem) {
                return;
            }
            let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            let number = match self.stems.get(stem) {
                Some(number) => *number,
                None => {
                    self.stems.insert(stem.into(), next);
                    self.names.push(stem.into());
                    next
                }
            };
            let count = counts.entry(number).or_default();
            *count = (count.0 + 1, count.1 | in_headline);
        });
        if belongs {
            *self.languages.entry(article.language.clone()).or_default() += 1;
        }
        let counts = counts.into_iter().map(|(stem, (count, headline))| (stem, count, headline)).collect();
        self.examples.push(Example { id: article.id().0, belongs, words, counts });
    }

    /// How many articles that belong were added.
    pub fn belonging(&self) -> usize {
        self.examples.iter().filter(|example| example.belongs).count()
    }

    /// Learns.
    ///
    /// # Errors
    /// Where there is too little to learn from, or what is learned is no good.
    pub fn learn(mut self, wanted: Wanted) -> Result<LearnedTopic, Unlearnable> {
        let belonging = self.belonging();
        let sampled = self.examples.len() - belonging;
        let others = wanted.others.max(sampled as u64);
        let articles = others + belonging as u64;
        if belonging < FEWEST {
            return Err(Unlearnable::TooFew { belonging, articles });
        }
        if sampled < FEWEST {
            return Err(Unlearnable::TooMany { others, articles });
        }
        // The same whatever the order in which the articles came.
        self.examples.sort_by_key(|example| (example.belongs, example.id));
        let features = Features::of(&self);
        // One of the sample stands for so many that do not belong.
        let stands_for = others as f64 / sampled as f64;
        let scores = features.unseen();
        let outcome = outcome(&scores, wanted.aim, stands_for);
        let best = threshold(&scores, |_| true, wanted.aim, stands_for);
        let least = match (best, wanted.aim) {
            (Some(least), _) => least,
            (None, Aim::F1) => f32::MAX,
            (None, Aim::Precision(asked)) => {
                let best = figures::best_precision(&scores, stands_for);
                return Err(Unlearnable::Imprecise { asked, best });
            }
        };
        let (precision, recall) = (outcome.precision(stands_for), outcome.recall());
        let all = belonging as f64 / articles as f64;
        if precision.low <= all {
            return Err(Unlearnable::Unlike { picked: precision.share, all });
        }
        let (fitted, kept) = features.fit(|_| true);
        Ok(LearnedTopic {
            path: wanted.path,
            about: wanted.about,
            from: wanted.from,
            language: self.language(belonging),
            articles,
            belonging: belonging as u64,
            precision,
            recall,
            least: least - fitted.bias,
            words: features.words(&fitted, &kept),
        })
    }

    /// The language of nearly all articles that belong.
    fn language(&self, belonging: usize) -> Option<String> {
        let (language, count) = self.languages.iter().max_by_key(|(_, count)| **count)?;
        language.clone().filter(|_| count * 20 >= belonging * 19)
    }
}

/// How the articles of each part fared with the threshold that was best for the others.
fn outcome(scores: &[Scored], aim: Aim, stands_for: f64) -> Outcome {
    let mut outcome = Outcome::default();
    for fold in 0..FOLDS {
        let least = threshold(scores, |scored| scored.fold != fold, aim, stands_for).unwrap_or(f32::MAX);
        for scored in scores.iter().filter(|scored| scored.fold == fold) {
            outcome.add(scored, least);
        }
    }
    outcome
}

/// The articles as rows of features: number 2n is stem n anywhere, 2n + 1 the same in the headline.
struct Features<'a> {
    lesson: &'a Lesson,
    rows: Vec<Vec<(u32, f32)>>,
    /// How few articles have a feature; 0 where too few do.
    rarity: Vec<f32>,
}

impl<'a> Features<'a> {
    fn of(lesson: &'a Lesson) -> Self {
        // By name, that the sums come out the same in whatever order the words came.
        let mut order: Vec<usize> = (0..lesson.names.len()).collect();
        order.sort_unstable_by(|a, b| lesson.names[*a].cmp(&lesson.names[*b]));
        let mut place = vec![0_u32; order.len()];
        (0..).zip(&order).for_each(|(at, stem)| place[*stem] = at);
        let mut holding = vec![0_u32; 2 * lesson.names.len()];
        for (stem, _, headline) in lesson.examples.iter().flat_map(|example| &example.counts) {
            holding[2 * *stem as usize] += 1;
            holding[2 * *stem as usize + 1] += u32::from(*headline);
        }
        let all = lesson.examples.len() as f32;
        let rarity: Vec<f32> = (holding.iter())
            .map(|holding| if *holding < RARE { 0.0 } else { (all / *holding as f32).ln() })
            .collect();
        let row = |example: &Example| {
            let length = SCALE * length(example.words);
            let mut row: Vec<(u32, f32)> = Vec::with_capacity(example.counts.len());
            for (stem, count, headline) in &example.counts {
                row.push((2 * stem, often(*count) * rarity[2 * *stem as usize] / length));
                if *headline {
                    row.push((2 * stem + 1, rarity[2 * *stem as usize + 1] / length));
                }
            }
            row.retain(|(_, value)| *value > 0.0);
            row.sort_unstable_by_key(|(feature, _)| (place[*feature as usize / 2], feature % 2));
            row
        };
        let rows = lesson.examples.iter().map(row).collect();
        Self { lesson, rows, rarity }
    }

    /// The part an article is in: both sides are dealt out in turn.
    fn fold(at: usize) -> usize {
        at % FOLDS
    }

    /// The score of every article by a classifier that has not seen it.
    fn unseen(&self) -> Vec<Scored> {
        let mut scores = Vec::with_capacity(self.rows.len());
        for fold in 0..FOLDS {
            let (fitted, _) = self.fit(|at| Self::fold(at) != fold);
            for (at, row) in self.rows.iter().enumerate().filter(|(at, _)| Self::fold(*at) == fold) {
                let belongs = self.lesson.examples[at].belongs;
                scores.push(Scored { score: fitted.score(row), belongs, fold });
            }
        }
        scores
    }

    /// A classifier fitted on some of the articles, with the features it is left with, those that matter most first.
    fn fit(&self, seen: impl Fn(usize) -> bool) -> (Classifier, Vec<u32>) {
        let seen: Vec<usize> = (0..self.rows.len()).filter(|at| seen(*at)).collect();
        let features = self.rarity.len();
        let side = |at: usize| self.lesson.examples[at].belongs;
        let rows = seen.iter().map(|at| (self.rows[*at].as_slice(), side(*at))).collect();
        let whole = fit(&Rows { rows, features }, COST);
        let kept = self.weightiest(&seen, &whole);
        let mut keeps = vec![false; features];
        kept.iter().for_each(|feature| keeps[*feature as usize] = true);
        let left = |row: &[(u32, f32)]| -> Vec<(u32, f32)> {
            row.iter().filter(|(feature, _)| keeps[*feature as usize]).copied().collect()
        };
        let small: Vec<(Vec<(u32, f32)>, bool)> =
            seen.iter().map(|at| (left(&self.rows[*at]), side(*at))).collect();
        let rows = small.iter().map(|(row, side)| (row.as_slice(), *side)).collect();
        let fitted = fit(&Rows { rows, features }, COST);
        let kept = self.weightiest(&seen, &fitted);
        (fitted, kept)
    }

    /// The features that move scores most, over all the articles seen.
    fn weightiest(&self, seen: &[usize], classifier: &Classifier) -> Vec<u32> {
        let mut moved = vec![0.0_f32; self.rarity.len()];
        for (feature, value) in seen.iter().flat_map(|at| &self.rows[*at]) {
            moved[*feature as usize] += value * value;
        }
        let mut ranked: Vec<(f32, &str, u32)> = Vec::new();
        for (feature, (weight, moved)) in (0..).zip(classifier.weights.iter().zip(&moved)) {
            if *weight != 0.0 {
                ranked.push((weight * weight * moved, self.stem(feature), feature));
            }
        }
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2 % 2).cmp(&(b.1, b.2 % 2))));
        ranked.into_iter().take(WORDS).map(|(.., feature)| feature).collect()
    }

    fn stem(&self, feature: u32) -> &str {
        &self.lesson.names[feature as usize / 2]
    }

    fn words(&self, fitted: &Classifier, kept: &[u32]) -> Vec<WeighedWord> {
        let word = |feature: &u32| WeighedWord {
            stem: self.stem(*feature).to_owned(),
            in_headline: feature % 2 == 1,
            weight: fitted.weights[*feature as usize] * self.rarity[*feature as usize] / SCALE,
        };
        kept.iter().map(word).collect()
    }
}

/// Numbers, single letters and words of every article.
fn says_nothing(stem: &str) -> bool {
    let one_letter = stem.len() == 1;
    one_letter || stem.bytes().all(|byte| byte.is_ascii_digit()) || is_stop_word(stem)
}

/// Words that are left out.
#[derive(Debug, Default)]
struct Mask {
    stems: Vec<String>,
    /// All words that begin so.
    beginnings: Vec<String>,
}

impl Mask {
    fn of(query: &Query) -> Self {
        let mut mask = Self::default();
        for text in query.texts() {
            mask.add(&text.pattern);
        }
        mask
    }

    fn add(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Word(text)
            | Pattern::Exact(text)
            | Pattern::Fuzzy(text, _)
            | Pattern::Phrase { text, .. } => {
                Analyzer::default()
                    .words(Tongue::English, text, |word, _| self.stems.push(word.stem.to_owned()));
            }
            Pattern::Prefix(text) | Pattern::Wildcard(text) | Pattern::Regex(text) => {
                let head = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                if head.chars().count() > 2 {
                    self.beginnings.push(crate::article::fold(head));
                }
            }
            Pattern::Any(patterns) => patterns.iter().for_each(|pattern| self.add(pattern)),
            Pattern::Near(left, _, right) => {
                self.add(left);
                self.add(right);
            }
        }
    }

    fn holds(&self, stem: &str) -> bool {
        self.stems.iter().any(|masked| masked == stem)
            || self.beginnings.iter().any(|masked| stem.starts_with(masked.as_str()))
    }
}

#[cfg(test)]
mod tests;
