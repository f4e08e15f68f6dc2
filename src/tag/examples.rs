//! The *examples* of a topic say what it must find and what it must not; here they are held against its query.

use crate::article::Article;
use crate::article::Place;
use crate::query::ast::Query;
use crate::query::matcher::Matcher;
use crate::query::matcher::reader::Reader;
use crate::sentence::sentences;
use crate::tag::topics::TopicQueries;
use crate::tag::topics::query_of;
use crate::taxonomy::TaxonomyError;
use crate::taxonomy::codes::TopicCodes;
use crate::taxonomy::topics::Topic;
use crate::taxonomy::topics::Topics;

/// Characters of a clause that are told.
const MAX_CLAUSE: usize = 160;

/// An example that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The topic.
    pub path: String,
    /// The line of the file on which the example begins, from 1.
    pub line: usize,
    /// The example.
    pub text: String,
    /// Whether it must match.
    pub must_match: bool,
    /// Where it must match, the clauses that nothing of it fulfils; else the words by which it matches.
    pub why: Vec<String>,
}

/// What became of the examples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many topics there are.
    pub topics: usize,
    /// How many examples they have.
    pub examples: usize,
    /// Those that failed, in order.
    pub failed: Vec<Failed>,
    /// The topics that lack examples of what must match, or of what must not, with their lines.
    pub bare: Vec<(String, usize)>,
}

/// Holds the examples of topics that `wanted` picks against the queries of all.
///
/// # Errors
/// The first topic whose query cannot be read.
pub fn check(topics: &Topics, wanted: impl Fn(&Topic) -> bool) -> Result<Checked, TaxonomyError> {
    let queries = TopicQueries::new(topics, &TopicCodes::default(), &[])?;
    let mut checked = Checked::default();
    for topic in topics.list.iter().filter(|topic| wanted(topic)) {
        checked.topics += 1;
        let has_query = !topic.query.is_empty();
        if has_query && (topic.matching.is_empty() || topic.no_match.is_empty()) {
            checked.bare.push((topic.path.clone(), topic.line));
        }
        let must = topic.matching.iter().map(|example| (example, true));
        for (example, must_match) in must.chain(topic.no_match.iter().map(|example| (example, false))) {
            checked.examples += 1;
            let article = article(topic, &example.text);
            if queries.of(&article).iter().any(|tag| tag.value == topic.path) != must_match {
                let why =
                    if must_match { unmet(&query_of(topic)?, &article) } else { words(topic, &article)? };
                let (path, text) = (topic.path.clone(), example.text.clone());
                checked.failed.push(Failed { path, line: example.line, text, must_match, why });
            }
        }
    }
    checked.failed.sort_by_key(|failed| failed.line);
    Ok(checked)
}

/// An example as an article: of several lines the first is the headline; of one alone the first sentence is, as of a text
/// without a headline.
fn article(topic: &Topic, text: &str) -> Article {
    let text = text.trim();
    let first = sentences(text).first().map_or(text, |sentence| &text[sentence.clone()]);
    let (headline, body) = text.split_once('\n').unwrap_or((first, text));
    Article {
        headline: headline.trim().to_owned(),
        body: body.trim().to_owned(),
        language: topic.language.clone(),
        ..Article::default()
    }
}

/// The clauses without which the query does not match.
fn unmet(query: &Query, article: &Article) -> Vec<String> {
    if holds(query, article) {
        return Vec::new();
    }
    match query {
        Query::And(clauses) => clauses.iter().flat_map(|clause| unmet(clause, article)).collect(),
        Query::Boost(inner, _) => unmet(inner, article),
        other => vec![clipped(&other.to_string())],
    }
}

fn holds(query: &Query, article: &Article) -> bool {
    let verdicts = Matcher::new([query]).map(|matcher| matcher.verdicts(&mut Reader::default(), article));
    verdicts.is_ok_and(|verdicts| verdicts.first() == Some(&true))
}

/// The words of the article by which the topic's query matches, each once.
fn words(topic: &Topic, article: &Article) -> Result<Vec<String>, TaxonomyError> {
    let query = query_of(topic)?;
    let Ok(matcher) = Matcher::new([&query]) else { return Ok(Vec::new()) };
    let mut words: Vec<String> = Vec::new();
    for (place, range) in matcher.highlights(&mut Reader::default(), article).ranges {
        let text = match place {
            Place::Headline => &article.headline,
            Place::Body => &article.body,
        };
        let word = text.get(range).unwrap_or_default().to_owned();
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Ok(words)
}

fn clipped(clause: &str) -> String {
    match clause.char_indices().nth(MAX_CLAUSE) {
        Some((end, _)) => format!("{}…", &clause[..end]),
        None => clause.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Failed, check};
    use crate::taxonomy::topics::Topics;

    #[test]
    fn a_failure_says_why() {
        let text = r#"
[[topic]]
path = "Oil"
about = "crude oil"
query = '(oil OR crude) (opec OR barrel) -olive'
match = ["Oil prices fell as OPEC met", "Oil prices fell"]
no_match = [
  "Olive oil from a barrel",
  "OPEC met about crude",
]

[[topic]]
path = "Shelf"
about = "only what is below it"

[[topic]]
path = "Bare"
about = "no examples"
query = "bare"

[[topic]]
path = "Headlines"
about = "a headline is the first of several lines"
query = "headline:gold"
match = ["""
Gold rises
It rose on Monday."""]
no_match = ["""
Metals
Gold rose on Monday."""]
"#;
        let topics = Topics::parse(text, "topics.toml", &Topics::default()).unwrap();
        let checked = check(&topics, |_| true).unwrap();
        let failed = |line, text: &str, must_match, why: &[&str]| Failed {
            path: "Oil".to_owned(),
            line,
            text: text.to_owned(),
            must_match,
            why: why.iter().map(|word| (*word).to_owned()).collect(),
        };
        let expected = [
            failed(6, "Oil prices fell", true, &["opec OR barrel"]),
            failed(9, "OPEC met about crude", false, &["OPEC", "crude"]),
        ];
        assert_eq!(checked.failed, expected);
        assert_eq!(checked.bare, [("Bare".to_owned(), 16)]);
        assert_eq!((checked.topics, checked.examples), (4, 6));
        assert_eq!(check(&topics, |topic| topic.path == "Bare").unwrap().topics, 1);
    }

    #[test]
    fn a_query_that_cannot_be_read_names_line_and_column() {
        let text = "[[topic]]\npath = \"A\"\nabout = \"x\"\nquery = '''\noil OR\n  (gas'''\n";
        let topics = Topics::parse(text, "topics.toml", &Topics::default()).unwrap();
        let error = check(&topics, |_| true).unwrap_err().to_string();
        assert!(error.starts_with("topics.toml:6: column 3: the query of 'A': "), "{error}");
    }
}
