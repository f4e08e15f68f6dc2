//! A *clause* is a text of a topic's query; where it stands in an article says why the article is tagged with the topic.

use crate::article::Article;
use crate::article::Kind;
use crate::article::Place;
use crate::article::Reason;
use crate::query::ast::{Query, Text};
use crate::query::matcher::Matcher;
use crate::query::matcher::reader::Reader;

/// The rule of these reasons.
const RULE: &str = "query";

/// Every place of an article where a text of a topic's query stands, in the order of the query.
pub(super) fn reasons(topic: &str, query: &Query, article: &Article) -> Vec<Reason> {
    let mut reader = Reader::default();
    let mut reasons = Vec::new();
    each_text(query, &mut |text, counted| {
        // The matcher was made of all of them before.
        let Ok(matcher) = Matcher::new([&Query::Text(text.clone())]) else { return };
        let asked = Query::Text(text.clone());
        let pro = match counted {
            Some(least) => format!("its query counts {asked}, {least} places in all"),
            None => format!("its query asks for {asked}"),
        };
        for stand in matcher.highlights(&mut reader, article).stands {
            let whole = match stand.place {
                Place::Headline => &article.headline,
                Place::Body => &article.body,
            };
            let at = |end: usize| u32::try_from(end).unwrap_or(u32::MAX);
            reasons.push(Reason {
                field: Kind::Topic,
                value: Some(topic.to_owned()),
                text: whole.get(stand.range.clone()).unwrap_or_default().to_owned(),
                place: stand.place,
                range: [at(stand.range.start), at(stand.range.end)],
                rule: RULE.to_owned(),
                score: 1.0,
                weight: 0.0,
                pros: vec![pro.clone()],
                cons: Vec::new(),
            });
        }
    });
    reasons
}

/// Calls `each` with every text of a query that is not below a NOT, and how many places it is counted towards.
fn each_text(query: &Query, each: &mut dyn FnMut(&Text, Option<u32>)) {
    match query {
        Query::And(clauses) | Query::Or(clauses) => {
            clauses.iter().for_each(|clause| each_text(clause, each));
        }
        Query::Boost(inner, _) => each_text(inner, each),
        Query::Text(text) => each(text, None),
        Query::AtLeast(least, texts) => texts.iter().for_each(|text| each(text, Some(*least))),
        Query::All
        | Query::Not(_)
        | Query::Facet(..)
        | Query::Date(..)
        | Query::Length(..)
        | Query::Has(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::reasons;
    use crate::article::Article;
    use crate::query::parse::parse;

    #[test]
    fn words_are_told_with_the_clause_that_asks_for_them() {
        let query = parse("atleast2(oil OR crude) (\"price war\" OR oil w/3 fell) NOT olive").unwrap();
        let article = Article {
            headline: "A price war".to_owned(),
            body: "Crude and oil fell.".to_owned(),
            ..Article::default()
        };
        let said: Vec<String> = reasons("Oil", &query, &article)
            .iter()
            .map(|reason| format!("{}: {}", reason.text, reason.pros.join("; ")))
            .collect();
        assert_eq!(
            said,
            [
                "oil: its query counts oil, 2 places in all",
                "Crude: its query counts crude, 2 places in all",
                "price war: its query asks for \"price war\"",
                "oil fell: its query asks for oil w/3 fell",
            ]
        );
    }
}
