//! *Topics* are the subjects an article is about: each a query of the one language, all of them evaluated in one pass.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::article::Grade;
use crate::article::Kind;
use crate::article::Provenance;
use crate::article::Tag;
use crate::article::fold;
use crate::query::matcher::Matched;
use crate::query::matcher::Matcher;
use crate::query::parse::parse;
use crate::schema::analyzer::Analyzer;
use crate::taxonomy::TaxonomyError;
use crate::taxonomy::codes::TopicCodes;
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

/// The topics made ready.
#[derive(Debug)]
pub(crate) struct TopicQueries {
    matcher: Matcher,
    topics: Vec<Topic>,
    codes: TopicCodes,
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
    pub(crate) fn new(topics: &Topics, codes: &TopicCodes) -> Result<Self, TaxonomyError> {
        let mistake = |topic: &Topic, reason: String| TaxonomyError::Mistake {
            file: "topics.toml".to_owned(),
            line: topic.line,
            reason: format!("the query of '{}': {reason}", topic.path),
        };
        let mut queries = Vec::with_capacity(topics.list.len());
        for topic in &topics.list {
            let query = parse(&topic.query)
                .map_err(|error| mistake(topic, format!("column {}: {error}", error.position + 1)))?;
            Matcher::new([&query]).map_err(|error| mistake(topic, error.to_string()))?;
            queries.push(query);
        }
        let whole = |error: crate::query::QueryError| TaxonomyError::Mistake {
            file: "topics.toml".to_owned(),
            line: 1,
            reason: error.to_string(),
        };
        let matcher = Matcher::new(&queries).map_err(whole)?;
        Ok(Self { matcher, topics: topics.list.clone(), codes: codes.clone() })
    }

    /// The topics of an article, most salient first.
    pub(crate) fn of(&self, article: &Article) -> Vec<Tag> {
        let matched = ANALYZER.with_borrow_mut(|analyzer| self.matcher.matches(analyzer, article));
        let spoken = |m: &Matched| match (&self.topics[m.query].language, &article.language) {
            (Some(of_query), Some(of_article)) => of_query == of_article,
            _ => true,
        };
        let mut found: Vec<(f32, Tag)> =
            self.within_fields(article, &matched.into_iter().filter(spoken).collect::<Vec<_>>());
        for topic in self.given(article) {
            match found.iter_mut().find(|(_, tag)| tag.value == topic.path) {
                Some((_, tag)) => (tag.provenance, tag.grade) = (Provenance::Given, Grade::About),
                None => found.push((HALF, tag_of(topic, Provenance::Given, HALF, 0))),
            }
        }
        // By the weights themselves: rounded saliences of strong topics are often equal.
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.value.cmp(&b.1.value)));
        found.into_iter().map(|(_, tag)| tag).collect()
    }

    /// The topics that matched, each with its weight. The queries of the roots, all of them broad, are the common measure
    /// between fields: a topic weighs no more than its root, for a long list of words finds more than a short one.
    fn within_fields(&self, article: &Article, matched: &[Matched]) -> Vec<(f32, Tag)> {
        let words = count(article.body.split_whitespace());
        let topic = |m: &Matched| &self.topics[m.query];
        let roots: FxHashMap<&str, f32> =
            matched.iter().map(|m| (topic(m).path.as_str(), m.weight)).collect();
        let weigh = |m: &Matched| {
            let (weight, thin) = match topic(m).path.split_once('/') {
                Some((root, _)) => {
                    (roots.get(root).map_or(m.weight * OUTSIDE, |root| m.weight.min(*root)), THIN)
                }
                None => (m.weight, THIN_ROOT),
            };
            let grade = if m.weight * thin < words { Grade::Mentioned } else { Grade::About };
            (weight, Tag { grade, ..tag_of(topic(m), Provenance::Query, weight, m.places) })
        };
        matched.iter().map(weigh).collect()
    }

    /// The topics that the source itself gives: by the path, by a mapping, or by the name of the only topic of that name.
    fn given<'a>(&'a self, article: &'a Article) -> impl Iterator<Item = &'a Topic> {
        let given = article.given.get(Kind::Topic.name()).map(Vec::as_slice).unwrap_or_default();
        let source = article.source.as_deref();
        given.iter().filter_map(move |value| {
            let folded = fold(value.trim());
            let own = self.topics.iter().find(|topic| fold(&topic.path) == folded);
            let mapped = || {
                let path = self.codes.path(value, source)?;
                self.topics.iter().find(|topic| topic.path == path)
            };
            own.or_else(mapped).or_else(|| self.only_named(&folded))
        })
    }

    fn only_named(&self, folded: &str) -> Option<&Topic> {
        let last = |topic: &&Topic| topic.path.rsplit('/').next().map(fold).as_deref() == Some(folded);
        let mut named = self.topics.iter().filter(last);
        named.next().filter(|_| named.next().is_none())
    }
}

fn tag_of(topic: &Topic, provenance: Provenance, weight: f32, mentions: u32) -> Tag {
    Tag {
        field: Kind::Topic,
        value: topic.path.clone(),
        code: topic.iptc.clone(),
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
        let queries = TopicQueries::new(&topics, &TopicCodes::default()).unwrap();
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
    }
}
