//! *Topics* are the subjects an article is about: each a query of the one language, all of them evaluated in one pass.

use std::cell::RefCell;

use crate::article::Article;
use crate::article::Grade;
use crate::article::Kind;
use crate::article::Provenance;
use crate::article::Tag;
use crate::article::fold;
use crate::query::QueryError;
use crate::query::ast::Query;
use crate::query::matcher::Matched;
use crate::query::matcher::Matcher;
use crate::query::parse::parse;
use crate::schema::analyzer::Analyzer;
use crate::tag::learned::LearnedTopics;
use crate::tag::learned::Picked;
use crate::taxonomy::TaxonomyError;
use crate::taxonomy::learned::LearnedTopic;
use crate::taxonomy::topics::Topic;
use crate::taxonomy::topics::TopicCodes;
use crate::taxonomy::topics::Topics;

/// Weight of the places found at which salience is one half: a word in the headline and one in the lead.
const HALF: f32 = 5.0;
/// How fast the salience of a learned topic grows with the score: one above the least is .82.
const GROWTH: f32 = 1.5;
/// The margin beyond which it does not.
const MOST: f32 = 3.0;

/// The topics made ready.
#[derive(Debug)]
pub(crate) struct TopicQueries {
    matcher: Matcher,
    topics: Vec<Topic>,
    codes: TopicCodes,
    learned: LearnedTopics,
    /// Of each learned topic its path and, where there is one of that path, the topic of the tree.
    of_learned: Vec<(String, Option<usize>)>,
}

thread_local! {
    /// One analyzer a thread, for its memory of stems.
    static ANALYZER: RefCell<Analyzer> = RefCell::new(Analyzer::default());
}

impl TopicQueries {
    /// Makes the topics ready.
    ///
    /// # Errors
    /// The first topic whose query cannot be read, or asks for more than text.
    pub(crate) fn new(
        topics: &Topics,
        codes: &TopicCodes,
        learned: &[&LearnedTopic],
    ) -> Result<Self, TaxonomyError> {
        let mut queries = Vec::with_capacity(topics.list.len());
        for topic in &topics.list {
            queries.push(query_of(topic)?);
        }
        let whole = |error: QueryError| TaxonomyError::Mistake {
            file: "topics.toml".to_owned(),
            line: 1,
            reason: error.to_string(),
        };
        let matcher = Matcher::new(&queries).map_err(whole)?;
        let place = |path: &str| topics.list.iter().position(|topic| topic.path == path);
        let of_learned = learned.iter().map(|topic| (topic.path.clone(), place(&topic.path))).collect();
        let learned = LearnedTopics::new(learned.iter().copied());
        Ok(Self { matcher, topics: topics.list.clone(), codes: codes.clone(), learned, of_learned })
    }

    /// The topics of an article, most salient first.
    pub(crate) fn of(&self, article: &Article) -> Vec<Tag> {
        let matched = ANALYZER.with_borrow_mut(|analyzer| self.matcher.matches(analyzer, article));
        let spoken = |m: &Matched| match (&self.topics[m.query].language, &article.language) {
            (Some(of_query), Some(of_article)) => of_query == of_article,
            _ => true,
        };
        let mut found: Vec<(f32, Tag)> =
            matched.into_iter().filter(spoken).map(|m| (m.weight, self.tag(m))).collect();
        for Picked { topic, margin } in self.learned.pick(article) {
            let (path, of_tree) = &self.of_learned[topic];
            if found.iter().all(|(_, tag)| tag.value != *path) {
                let weight = HALF * (GROWTH * margin.min(MOST)).exp();
                let iptc = of_tree.and_then(|at| self.topics[at].iptc.as_ref());
                found.push((weight, tag_of((path, iptc), Provenance::Learned, weight, 0)));
            }
        }
        for (path, iptc) in self.given(article) {
            match found.iter_mut().find(|(_, tag)| tag.value == *path) {
                Some((_, tag)) => tag.provenance = Provenance::Given,
                None => found.push((HALF, tag_of((path, iptc), Provenance::Given, HALF, 0))),
            }
        }
        // By the weights themselves: rounded saliences of strong topics are often equal.
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.value.cmp(&b.1.value)));
        found.into_iter().map(|(_, tag)| tag).collect()
    }

    fn tag(&self, matched: Matched) -> Tag {
        let topic = &self.topics[matched.query];
        tag_of((&topic.path, topic.iptc.as_ref()), Provenance::Query, matched.weight, matched.places)
    }

    /// The topics that the source itself gives, where a mapping or their own name says which they are.
    fn given<'a>(&'a self, article: &'a Article) -> impl Iterator<Item = (&'a String, Option<&'a String>)> {
        let given = article.given.get(Kind::Topic.name()).map(Vec::as_slice).unwrap_or_default();
        given.iter().filter_map(|value| {
            let folded = fold(value.trim());
            let mapped = self.codes.paths.get(&folded);
            let learned = self.of_learned.iter().filter(|(_, of_tree)| of_tree.is_none());
            let known = self.topics.iter().map(|topic| (&topic.path, topic.iptc.as_ref()));
            known.chain(learned.map(|(path, _)| (path, None))).find(|(path, _)| match mapped {
                Some(mapped) => *path == mapped,
                None => fold(path) == folded || path.rsplit('/').next().map(fold).as_ref() == Some(&folded),
            })
        })
    }
}

/// The query of a topic; one that has none matches nothing.
///
/// # Errors
/// Where it cannot be read, or asks for more than text.
pub(crate) fn query_of(topic: &Topic) -> Result<Query, TaxonomyError> {
    if topic.query.trim().is_empty() {
        return Ok(Query::Not(Box::new(Query::All)));
    }
    let mistake = |error: &QueryError| {
        let (line, column) = topic.place(error.position);
        TaxonomyError::Mistake {
            file: "topics.toml".to_owned(),
            line,
            reason: format!("column {column}: the query of '{}': {error}", topic.path),
        }
    };
    let query = parse(&topic.query).map_err(|error| mistake(&error))?;
    Matcher::new([&query]).map_err(|error| mistake(&error))?;
    Ok(query)
}

fn tag_of((path, iptc): (&str, Option<&String>), provenance: Provenance, weight: f32, mentions: u32) -> Tag {
    Tag {
        field: Kind::Topic,
        value: path.to_owned(),
        code: iptc.cloned(),
        grade: Grade::About,
        salience: rounded(weight / (weight + HALF)),
        provenance,
        mentions,
    }
}

/// Two decimals, which is more than a salience means.
fn rounded(salience: f32) -> f32 {
    (salience * 100.0).round() / 100.0
}
