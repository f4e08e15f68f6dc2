//! Three evaluators of the query language agree on generated queries: the engine over an index, the matcher over articles in
//! memory, and one written by hand (`naive`).

use std::collections::BTreeSet;
use std::path::PathBuf;

use dateline::article::ArticleId;
use dateline::query::ast::Query;
use dateline::query::matcher::Matcher;
use dateline::query::matcher::reader::Reader;
use dateline::query::parse::parse;
use dateline::search::request::{MAX_LIMIT, SearchRequest};
use dateline::search::search;
use dateline::taxonomy::topics::Topic;

use crate::archive::{Archive, sample_corpus, shared, tagged, taxonomy};
use crate::naive::Read;
use crate::recount::Numbers;

/// Makes queries of words of a text, of every form the language has.
struct Maker<'a> {
    numbers: Numbers,
    words: &'a [String],
}

impl Maker<'_> {
    fn of<T: Copy, const N: usize>(&mut self, from: [T; N]) -> T {
        *self.numbers.pick(&from)
    }

    /// A word that stands in the articles; one in three is common.
    fn word(&mut self) -> String {
        let common = ["the", "of", "to", "in", "a", "said", "and", "on", "with", "for"];
        if self.numbers.one_in(3) {
            self.of(common).to_owned()
        } else {
            self.numbers.pick(self.words).clone()
        }
    }

    fn cut(&mut self, word: &str) -> String {
        let letters = word.chars().count();
        word.chars().take(1 + self.numbers.below(letters)).collect()
    }

    /// One letter of a word put in place of.
    fn changed(&mut self, word: &str, by: &str) -> String {
        let at = self.numbers.below(word.chars().count());
        let changed =
            word.chars().enumerate().map(|(n, c)| if n == at { by.to_owned() } else { c.to_string() });
        changed.collect()
    }

    /// A word with a letter, so that a shape is still one word.
    fn leaf(&mut self) -> String {
        let word = self.word();
        // A word of Han characters is several words, none of which may be fuzzy.
        let one = !word.chars().any(|c| c >= '\u{2e80}');
        match self.numbers.below(12) {
            0 => format!("={word}"),
            1 => format!("{}*", self.cut(&word)),
            2 if word.len() > 2 => format!("{}n", self.changed(&word, "?")),
            3 => format!("{}*{}", self.cut(&word), word.chars().last().unwrap()),
            4 if one && word.chars().count() > 4 => format!("{}~1", self.changed(&word, "x")),
            5 if one && word.chars().count() > 6 => format!("{}~2", self.changed(&word, "")),
            6 if word.chars().count() > 3 => format!("/{}.?/", self.changed(&word, "[a-z]")),
            _ => word,
        }
    }

    fn phrase(&mut self) -> String {
        let mut words: Vec<String> = (0..2 + self.numbers.below(2)).map(|_| self.leaf()).collect();
        words.retain(|word| !word.starts_with('/'));
        words.push(self.word());
        match self.numbers.below(4) {
            0 => {
                words.insert(1, "*".to_owned());
                words.push(self.word());
                format!("\"{}\"", words.join(" "))
            }
            1 => format!("\"{}\"~{}", words.join(" "), self.numbers.below(9)),
            _ => format!("\"{}\"", words.join(" ")),
        }
    }

    fn side(&mut self, depth: usize) -> String {
        match self.numbers.below(8) {
            0 => self.phrase(),
            1 => format!("({} OR {})", self.leaf(), self.leaf()),
            2 => format!("({} OR {})", self.leaf(), self.phrase()),
            3 if depth > 0 => format!("({})", self.near(depth - 1)),
            _ => self.leaf(),
        }
    }

    fn near(&mut self, depth: usize) -> String {
        let mut text = self.side(depth);
        for _ in 0..1 + self.numbers.below(2) {
            let how = self.of(["w/1", "w/3", "w/9", "w/40", "pre/1", "pre/4", "pre/20", "/s", "/s", "/p"]);
            text = format!("{text} {how} {}", self.side(depth));
        }
        text
    }

    fn text(&mut self) -> String {
        let text = match self.numbers.below(5) {
            0 | 1 => format!("({})", self.near(1)),
            2 => self.phrase(),
            _ => self.leaf(),
        };
        match self.numbers.below(8) {
            0 => format!("headline:{text}"),
            1 => format!("lead:{text}"),
            2 => format!("body:{text}"),
            3 => format!("{text}^2"),
            _ => text,
        }
    }

    fn clause(&mut self, depth: usize) -> String {
        match self.numbers.below(10) {
            0 => format!("NOT {}", self.text()),
            1 => format!("atleast{}({} OR {})", 1 + self.numbers.below(6), self.leaf(), self.leaf()),
            2 => format!("atleast{}({})", 1 + self.numbers.below(3), self.near(0)),
            3 if depth > 0 => format!("({})", self.query(depth - 1)),
            4 => self
                .of(["wc:>200", "wc:<300", "wc:100..400", "has:headline", "-has:byline", "has:date"])
                .to_owned(),
            _ => self.text(),
        }
    }

    fn query(&mut self, depth: usize) -> String {
        let mut text = self.clause(depth);
        for _ in 0..self.numbers.below(3) {
            text = format!("{text} {} {}", self.of(["AND", "OR", "OR", ""]), self.clause(depth));
        }
        text
    }
}

/// Queries asked of one matcher.
const BATCH: usize = 100;

/// Whether the matcher can be asked: it knows no more than the text.
fn is_text(query: &Query) -> bool {
    !matches!(query, Query::Has(_) | Query::Length(..)) && query.clauses().iter().all(is_text)
}

fn check(roots: &[PathBuf], queries: usize) {
    let (archive, _) = Archive::of(roots);
    let index = archive.open();
    let articles = tagged(roots);
    assert!(articles.len() <= MAX_LIMIT, "an answer can hold all of them");
    let read: Vec<(ArticleId, Read)> =
        articles.iter().map(|(id, tagged)| (*id, Read::of(&tagged.article))).collect();
    let words: BTreeSet<String> = (articles.values())
        .flat_map(|tagged| tagged.article.body.split_whitespace().map(str::to_lowercase))
        .filter(|word| word.chars().all(char::is_alphabetic))
        .collect();
    let words: Vec<String> = words.into_iter().collect();
    let mut maker = Maker { numbers: Numbers(0x9e37_79b9_7f4a_7c15), words: &words };
    let mut found_at_all = 0;
    for _ in 0..queries.div_ceil(BATCH) {
        let texts: Vec<String> = (0..BATCH).map(|_| maker.query(2)).collect();
        let mut asked_of_matcher = Vec::new();
        for text in texts {
            let query = parse(&text).unwrap_or_else(|error| panic!("{text}: {error} at {}", error.position));
            assert_eq!(parse(&query.to_string()).as_ref(), Ok(&query), "{text} printed as {query}");
            let by_hand: BTreeSet<ArticleId> =
                read.iter().filter(|(_, read)| read.matches(&query)).map(|(id, _)| *id).collect();
            found_at_all += usize::from(!by_hand.is_empty());
            let request = SearchRequest { query: text.clone(), limit: MAX_LIMIT, ..SearchRequest::default() };
            match search(&index, taxonomy(), &request) {
                Ok(response) => same("the engine", &text, response.hits.iter().map(|hit| hit.id), &by_hand),
                // A short beginning may stand for too many words.
                Err(error) => assert!(error.to_string().contains("more than 1024 words"), "{text}: {error}"),
            }
            if is_text(&query) {
                asked_of_matcher.push((text, query, by_hand));
            }
        }
        let matcher = Matcher::new(asked_of_matcher.iter().map(|(_, query, _)| query)).unwrap();
        let mut reader = Reader::default();
        let mut matched = vec![BTreeSet::new(); asked_of_matcher.len()];
        for (id, tagged) in &articles {
            let verdicts = matcher.verdicts(&mut reader, &tagged.article).into_iter().zip(&mut matched);
            verdicts.filter(|(matches, _)| *matches).for_each(|(_, matched)| {
                matched.insert(*id);
            });
        }
        for ((text, _, by_hand), matched) in asked_of_matcher.iter().zip(matched) {
            same("the matcher", text, matched, by_hand);
        }
    }
    assert!(found_at_all > queries / 3, "the queries find too little to prove anything: {found_at_all}");
}

/// Every topic's query finds the same articles in an index as in memory, where all topics are looked for at once.
fn check_topics(roots: &[PathBuf], (least, least_topics): (usize, usize)) {
    let (archive, _) = Archive::of(roots);
    let index = archive.open();
    let articles = tagged(roots);
    assert!(articles.len() >= least, "{} articles", articles.len());
    let topics: Vec<&Topic> =
        taxonomy().topics().list.iter().filter(|topic| !topic.query.is_empty()).collect();
    let queries: Vec<Query> = topics.iter().map(|topic| parse(&topic.query).unwrap()).collect();
    let matcher = Matcher::new(&queries).unwrap();
    let mut reader = Reader::default();
    let mut matched = vec![BTreeSet::new(); topics.len()];
    for (id, tagged) in &articles {
        for found in matcher.matches(&mut reader, &tagged.article) {
            matched[found.query].insert(*id);
        }
    }
    let found_at_all = matched.iter().filter(|found| !found.is_empty()).count();
    assert!(found_at_all >= least_topics, "{found_at_all} topics");
    for (topic, matched) in topics.iter().zip(matched) {
        let mut found = BTreeSet::new();
        for offset in (0..articles.len()).step_by(MAX_LIMIT) {
            let query = topic.query.clone();
            let request =
                SearchRequest { query, offset, limit: MAX_LIMIT, snippets: 0, ..SearchRequest::default() };
            let response = search(&index, taxonomy(), &request).unwrap();
            found.extend(response.hits.iter().map(|hit| hit.id));
        }
        same("the engine", &topic.path, found, &matched);
    }
}

/// Whether an evaluator finds the articles that are found by hand.
fn same(who: &str, text: &str, found: impl IntoIterator<Item = ArticleId>, by_hand: &BTreeSet<ArticleId>) {
    let found: BTreeSet<ArticleId> = found.into_iter().collect();
    let apart: Vec<_> = found.symmetric_difference(by_hand).collect();
    assert!(apart.is_empty(), "{who} or counting by hand, of {text}: {apart:?}");
}

#[test]
fn evaluators_agree_over_the_sample_corpus() {
    check(&[sample_corpus()], 10_000);
}

#[test]
fn evaluators_agree_over_real_wires() {
    let Some(reuters) = shared("data/reuters21578/reut2-010.sgm") else { return };
    check(&[reuters], 300);
}

#[test]
fn topics_are_found_alike_over_the_sample_corpus() {
    check_topics(&[sample_corpus()], (70, 60));
}

#[test]
fn topics_are_found_alike_over_real_wires() {
    let Some(reuters) = shared("data/reuters21578") else { return };
    check_topics(
        &["reut2-001.sgm", "reut2-004.sgm", "reut2-009.sgm"].map(|file| reuters.join(file)),
        (2_000, 150),
    );
}
