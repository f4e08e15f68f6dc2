//! *Topics* are the subjects an article is about: each a query of the one language, all of them evaluated in one pass.

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::Article;
use crate::article::Grade;
use crate::article::Kind;
use crate::article::Provenance;
use crate::article::Reason;
use crate::article::Tag;
use crate::article::fold;
use crate::query::QueryError;
use crate::query::ast::Query;
use crate::query::matcher::Matched;
use crate::query::matcher::Matcher;
use crate::query::matcher::reader::Reader;
use crate::query::parse::parse;
use crate::tag::clauses;
use crate::tag::learned::LearnedTopics;
use crate::tag::learned::Picked;
use crate::taxonomy::TaxonomyError;
use crate::taxonomy::codes::TopicCodes;
use crate::taxonomy::learned::LearnedTopic;
use crate::taxonomy::topics::Topic;
use crate::taxonomy::topics::Topics;

/// Weight of the places found at which salience is one half: a word in the headline and one in the lead.
const HALF: f32 = 5.0;
/// What is left of a topic's weight in an article that does not speak of the topic's field: mines, but nothing of war.
const OUTSIDE: f32 = 0.5;
/// Words of the body to a place found, at most, for an article to be about a topic and not only to mention it. In news of
/// usual length every match is more than that; an encyclopedia's page on a country mentions half of the tree.
const THIN: f32 = 600.0;
/// The same for the root of a field, whose words are broad.
const THIN_ROOT: f32 = 100.0;
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
    /// Roots with topics below them and a query for their whole field.
    fields: FxHashSet<String>,
    called: Called,
}

/// All topics, those of the tree first, by what a source may call them.
#[derive(Debug, Default)]
struct Called {
    /// Paths and IPTC ids.
    topics: Vec<(String, Option<String>)>,
    /// By folded path.
    by_path: FxHashMap<String, usize>,
    /// By the folded last part of the path; none where several end so.
    by_name: FxHashMap<String, Option<usize>>,
}

impl Called {
    fn add(&mut self, path: &str, iptc: Option<&String>) {
        let at = self.topics.len();
        let folded = fold(path);
        let name = folded.rsplit('/').next().unwrap_or_default().to_owned();
        self.by_name.entry(name).and_modify(|known| *known = None).or_insert(Some(at));
        self.by_path.insert(folded, at);
        self.topics.push((path.to_owned(), iptc.cloned()));
    }

    /// The topic that a source means: by its path, by what a mapping says, or by the name of the only topic of that name.
    fn topic(&self, value: &str, mapped: Option<&str>) -> Option<&(String, Option<String>)> {
        let folded = fold(value.trim());
        let by_mapping = || self.by_path.get(&fold(mapped?));
        let by_name = || self.by_name.get(&folded)?.as_ref();
        let at = self.by_path.get(&folded).or_else(by_mapping).or_else(by_name)?;
        self.topics.get(*at)
    }
}

thread_local! {
    /// One reader a thread, for its memory of words.
    static READER: RefCell<Reader> = RefCell::new(Reader::default());
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
        let mut matcher = Matcher::new(&queries).map_err(whole)?;
        let place = |path: &str| topics.list.iter().position(|topic| topic.path == path);
        let of_learned = learned.iter().map(|topic| (topic.path.clone(), place(&topic.path))).collect();
        let asked: FxHashSet<&str> =
            topics.list.iter().filter(|t| !t.query.is_empty()).map(|t| t.path.as_str()).collect();
        let roots = topics.list.iter().filter_map(|topic| Some(topic.path.split_once('/')?.0));
        let fields = roots.filter(|root| asked.contains(root)).map(str::to_owned).collect();
        let mut called = Called::default();
        topics.list.iter().for_each(|topic| called.add(&topic.path, topic.iptc.as_ref()));
        let of_none = learned.iter().filter(|topic| place(&topic.path).is_none());
        of_none.for_each(|topic| called.add(&topic.path, None));
        let learned = LearnedTopics::new(learned.iter().copied());
        matcher.hear(learned.stems().into_iter());
        let (topics, codes) = (topics.list.clone(), codes.clone());
        Ok(Self { matcher, topics, codes, learned, of_learned, fields, called })
    }

    /// The topics of an article, most salient first.
    pub(crate) fn of(&self, article: &Article) -> Vec<Tag> {
        let (matched, heard) = READER.with_borrow_mut(|reader| self.matcher.matches_hearing(reader, article));
        let spoken = |m: &Matched| match (&self.topics[m.query].language, &article.language) {
            (Some(of_query), Some(of_article)) => of_query == of_article,
            _ => true,
        };
        let mut found: Vec<(f32, Tag)> =
            self.within_fields(article, &matched.into_iter().filter(spoken).collect::<Vec<_>>());
        for Picked { topic, margin } in self.learned.pick_heard(&heard, article.language.as_deref()) {
            let (path, of_tree) = &self.of_learned[topic];
            if found.iter().all(|(_, tag)| tag.value != *path) {
                let weight = HALF * (GROWTH * margin.min(MOST)).exp();
                let iptc = of_tree.and_then(|at| self.topics[at].iptc.as_ref());
                found.push((weight, tag_of((path, iptc), Provenance::Learned, weight, 0)));
            }
        }
        for (path, iptc) in self.given(article) {
            match found.iter_mut().find(|(_, tag)| tag.value == *path) {
                Some((_, tag)) => (tag.provenance, tag.grade) = (Provenance::Given, Grade::About),
                None => found.push((HALF, tag_of((path, iptc.as_ref()), Provenance::Given, HALF, 0))),
            }
        }
        // By the weights themselves: rounded saliences of strong topics are often equal.
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.value.cmp(&b.1.value)));
        found.into_iter().map(|(_, tag)| tag).collect()
    }

    /// Why an article has its topics: the places that their queries ask for.
    pub(crate) fn reasons(&self, article: &Article) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for tag in self.of(article) {
            let topic = self.topics.iter().find(|topic| topic.path == tag.value);
            // Every query was read before.
            if let Some(Ok(query)) = topic.map(query_of) {
                reasons.extend(clauses::reasons(&tag.value, &query, article));
            }
        }
        reasons
    }

    /// The topics that matched, each with its weight. The queries of the roots, all of them broad, are the common measure
    /// between fields: a topic weighs no more than its root, for a long list of words finds more than a short one.
    fn within_fields(&self, article: &Article, matched: &[Matched]) -> Vec<(f32, Tag)> {
        let words = count(article.body.split_whitespace());
        let topic = |m: &Matched| &self.topics[m.query];
        let roots: FxHashMap<&str, f32> =
            matched.iter().map(|m| (topic(m).path.as_str(), m.weight)).collect();
        let weigh = |m: &Matched| {
            let path = topic(m).path.as_str();
            let root = path.split('/').next().filter(|root| self.fields.contains(*root));
            let (weight, thin) = match root {
                Some(root) if root == path => (m.weight, THIN_ROOT),
                Some(root) => (roots.get(root).map_or(m.weight * OUTSIDE, |root| m.weight.min(*root)), THIN),
                // A topic of one's own may stand alone.
                None => (m.weight, THIN),
            };
            let grade = if m.weight * thin < words { Grade::Mentioned } else { Grade::About };
            let of_topic = (topic(m).path.as_str(), topic(m).iptc.as_ref());
            (weight, Tag { grade, ..tag_of(of_topic, Provenance::Query, weight, m.places) })
        };
        matched.iter().map(weigh).collect()
    }

    /// The topics that the source itself gives.
    fn given<'a>(&'a self, article: &'a Article) -> impl Iterator<Item = &'a (String, Option<String>)> {
        let given = article.given.get(Kind::Topic.name()).map(Vec::as_slice).unwrap_or_default();
        let source = article.source.as_deref();
        given.iter().filter_map(move |value| self.called.topic(value, self.codes.path(value, source)))
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

fn count<T>(items: impl Iterator<Item = T>) -> f32 {
    f32::from(u16::try_from(items.count()).unwrap_or(u16::MAX))
}

/// Two decimals, which is more than a salience means.
fn rounded(salience: f32) -> f32 {
    (salience * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::TopicQueries;
    use crate::article::{Article, Grade};
    use crate::taxonomy::codes::TopicCodes;
    use crate::taxonomy::topics::Topics;

    /// The topics of a text, with the field War (`troops`), a topic of it (`mines OR shells`) and one of another field.
    fn check(body: &str, expected: &[(&str, f32, Grade)]) {
        let topic = |path: &str, query: &str| {
            format!("[[topic]]\npath = \"{path}\"\nabout = \"x\"\nquery = \"{query}\"\n")
        };
        let text =
            topic("War", "troops") + &topic("War/Mines", "mines OR shells") + &topic("Health", "nurse");
        let topics = Topics::parse(&text, "f", &Topics::default()).unwrap();
        let queries = TopicQueries::new(&topics, &TopicCodes::default(), &[]).unwrap();
        let article = Article { headline: "X".to_owned(), body: format!("Y.\n{body}"), ..Article::default() };
        let found = queries.of(&article);
        let found: Vec<(&str, f32, Grade)> =
            found.iter().map(|tag| (tag.value.as_str(), tag.salience, tag.grade)).collect();
        assert_eq!(found, expected, "{body:.60}");
    }

    #[test]
    fn a_topic_weighs_no_more_than_its_field() {
        let about = Grade::About;
        check("Troops laid mines.", &[("War", 0.17, about), ("War/Mines", 0.17, about)]);
        check("Troops laid mines, mines and shells.", &[("War", 0.17, about), ("War/Mines", 0.17, about)]);
        check("Mines and shells. A nurse.", &[("Health", 0.17, about), ("War/Mines", 0.17, about)]);
        check(
            "Mines, shells, mines and shells. A nurse.",
            &[("War/Mines", 0.29, about), ("Health", 0.17, about)],
        );
    }

    #[test]
    fn a_long_text_only_mentions_what_it_names_once() {
        let mentioned = Grade::Mentioned;
        let long = |words: usize| "word ".repeat(words);
        check(&format!("Mines. {}", long(500)), &[("War/Mines", 0.09, Grade::About)]);
        check(&format!("Mines. {}", long(700)), &[("War/Mines", 0.09, mentioned)]);
        check(&format!("Troops. {}", long(200)), &[("War", 0.17, mentioned)]);
        check(&format!("Troops. {}", long(90)), &[("War", 0.17, Grade::About)]);
        // A topic with none below it is no field.
        check(&format!("A nurse. {}", long(500)), &[("Health", 0.17, Grade::About)]);
    }
}
