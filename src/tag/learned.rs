//! *Learned topics* are found by the weights of an article's words: all topics at once, one look-up a word.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::query::matcher::Heard;
use crate::schema::analyzer::Analyzer;
use crate::schema::tongue::Tongue;
use crate::taxonomy::learned::LearnedTopic;

thread_local! {
    /// One analyzer a thread, for its memory of stems.
    static ANALYZER: RefCell<Analyzer> = RefCell::new(Analyzer::default());
}

/// Learned topics made ready.
#[derive(Debug, Default)]
pub struct LearnedTopics {
    /// The numbers of the words that say anything of any topic, by stem.
    words: FxHashMap<Box<str>, u32>,
    /// What each says of which topics.
    weights: Vec<Vec<Weight>>,
    topics: Vec<Threshold>,
}

/// What a word says of a topic.
#[derive(Clone, Copy, Debug)]
struct Weight {
    topic: usize,
    anywhere: f32,
    in_headline: f32,
}

/// From which score on an article belongs.
#[derive(Debug)]
struct Threshold {
    least: f32,
    language: Option<String>,
}

/// A topic that an article belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picked {
    /// Which topic, in the order given to [`LearnedTopics::new`].
    pub topic: usize,
    /// How far its score is above the least; 0 or more, seldom more than 2.
    pub margin: f32,
}

impl LearnedTopics {
    /// Makes topics ready.
    pub fn new<'a>(topics: impl IntoIterator<Item = &'a LearnedTopic>) -> Self {
        let mut ready = Self::default();
        for (number, topic) in topics.into_iter().enumerate() {
            for word in &topic.words {
                let next = u32::try_from(ready.weights.len()).unwrap_or(u32::MAX);
                let at = *ready.words.entry(word.stem.as_str().into()).or_insert(next);
                if at == next {
                    ready.weights.push(Vec::new());
                }
                let weights = &mut ready.weights[at as usize];
                if weights.last().is_none_or(|last| last.topic != number) {
                    weights.push(Weight { topic: number, anywhere: 0.0, in_headline: 0.0 });
                }
                if let Some(last) = weights.last_mut() {
                    let weight = if word.in_headline { &mut last.in_headline } else { &mut last.anywhere };
                    *weight = word.weight;
                }
            }
            ready.topics.push(Threshold { least: topic.least, language: topic.language.clone() });
        }
        ready
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.topics.is_empty()
    }

    /// The stems of the words that say anything of any topic, by their numbers.
    pub(crate) fn stems(&self) -> Vec<&str> {
        let mut stems = vec![""; self.words.len()];
        for (stem, number) in &self.words {
            stems[*number as usize] = stem;
        }
        stems
    }

    /// The topics that an article belongs to whose words were counted, in order.
    pub(crate) fn pick_heard(&self, heard: &Heard, language: Option<&str>) -> Vec<Picked> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut tally = Tally::new(self);
        tally.words = heard.words;
        for stem in &heard.stems {
            tally
                .counts
                .insert(u32::try_from(stem.number).unwrap_or(u32::MAX), (stem.count, stem.in_headline));
        }
        tally.picked(language)
    }

    /// The topics that an article belongs to, in order.
    pub fn pick(&self, article: &Article) -> Vec<Picked> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut tally = Tally::new(self);
        each_word(article, |stem, in_headline| tally.word(stem, in_headline));
        tally.picked(article.language.as_deref())
    }
}

/// A count of an article's words, fed one by one in any order, each with the stem of the article's language.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    topics: &'a LearnedTopics,
    /// How often each word that says anything stands there, and whether in the headline.
    counts: FxHashMap<u32, (u32, bool)>,
    /// How many words there are in all.
    words: u32,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(topics: &'a LearnedTopics) -> Self {
        Self { topics, counts: FxHashMap::default(), words: 0 }
    }

    pub(crate) fn word(&mut self, stem: &str, in_headline: bool) {
        self.words += 1;
        if let Some(word) = self.topics.words.get(stem) {
            let count = self.counts.entry(*word).or_default();
            *count = (count.0 + 1, count.1 | in_headline);
        }
    }

    pub(crate) fn picked(&self, language: Option<&str>) -> Vec<Picked> {
        let mut sums = vec![0.0_f32; self.topics.topics.len()];
        for (word, (count, in_headline)) in &self.counts {
            let often = often(*count);
            for weight in &self.topics.weights[*word as usize] {
                let headline = if *in_headline { weight.in_headline } else { 0.0 };
                sums[weight.topic] += often * weight.anywhere + headline;
            }
        }
        let length = length(self.words);
        let spoken = |of: &Option<String>| match (of.as_deref(), language) {
            (Some(of), Some(language)) => of == language,
            _ => true,
        };
        let scored = sums.iter().zip(&self.topics.topics).enumerate();
        let picked = scored
            .filter(|(_, (_, topic))| spoken(&topic.language))
            .map(|(number, (sum, topic))| Picked { topic: number, margin: sum / length - topic.least });
        picked.filter(|picked| picked.margin >= 0.0).collect()
    }
}

/// What a word counts that stands so often: a second time says less than the first.
pub(crate) fn often(count: u32) -> f32 {
    1.0 + (count.max(1) as f32).ln()
}

/// What the scores of an article of so many words are divided by, that long ones do not have everything.
pub(crate) fn length(words: u32) -> f32 {
    (words.max(1) as f32).sqrt()
}

/// Calls `each` with the stem of every word of an article, and whether it stands in the headline. A headline made from the
/// body stands there already.
pub(crate) fn each_word(article: &Article, mut each: impl FnMut(&str, bool)) {
    let tongue = Tongue::of(article.language.as_deref());
    ANALYZER.with_borrow_mut(|analyzer| {
        if !article.has_made_headline() {
            analyzer.words(tongue, &article.headline, |word, _| each(word.stem, true));
        }
        analyzer.words(tongue, &article.body, |word, _| each(word.stem, false));
    });
}

#[cfg(test)]
mod tests {
    use super::{LearnedTopics, Picked};
    use crate::article::Article;
    use crate::query::matcher::Matcher;
    use crate::query::matcher::reader::Reader;
    use crate::query::parse::parse;
    use crate::taxonomy::learned::{LearnedTopic, WeighedWord};

    fn topic(language: Option<&str>, least: f32, words: &[(&str, bool, f32)]) -> LearnedTopic {
        let word = |&(stem, in_headline, weight): &(&str, bool, f32)| WeighedWord {
            stem: stem.to_owned(),
            in_headline,
            weight,
        };
        let words = words.iter().map(word).collect();
        LearnedTopic { language: language.map(str::to_owned), least, words, ..LearnedTopic::default() }
    }

    fn article(headline: &str, body: &str) -> Article {
        let language = Some("en".to_owned());
        Article { headline: headline.to_owned(), body: body.to_owned(), language, ..Article::default() }
    }

    #[test]
    fn every_topic_is_scored_by_its_own_words() {
        let topics = [
            topic(None, 1.0, &[("rice", false, 2.0), ("rice", true, 2.0), ("wheat", false, -2.0)]),
            topic(Some("en"), 0.5, &[("wheat", false, 2.0)]),
            topic(Some("de"), 0.5, &[("wheat", false, 2.0)]),
        ];
        let topics = LearnedTopics::new(&topics);
        // Four words, so that sums are halved.
        let mut matcher = Matcher::new([&parse("rice").unwrap()]).unwrap();
        matcher.hear(topics.stems().into_iter());
        let mut reader = Reader::default();
        let mut check = |headline, body, expected: &[Picked]| {
            let article = article(headline, body);
            assert_eq!(topics.pick(&article), expected, "{headline} / {body}");
            let heard = matcher.matches_hearing(&mut reader, &article).1;
            assert_eq!(topics.pick_heard(&heard, Some("en")), expected, "{headline} / {body}");
        };
        check("", "rice is grown here", &[Picked { topic: 0, margin: 0.0 }]);
        check("Rice", "is grown here", &[Picked { topic: 0, margin: 1.0 }]);
        check("", "wheat is grown here", &[Picked { topic: 1, margin: 0.5 }]);
        check("", "rice and wheat grow", &[Picked { topic: 1, margin: 0.5 }]);
        check("", "nothing is grown here", &[]);
        check("", "", &[]);
    }
}
