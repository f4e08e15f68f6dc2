//! Every topic of the built-in tree matches its own examples, and none of its counter-examples.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use dateline::article::Kind;
use dateline::ingest::tagged::{Tagged, tag_reader};

use crate::archive::taxonomy;

/// The topics found in each text.
fn topics_of(texts: &[&str]) -> Vec<Vec<String>> {
    let lines = texts.iter().map(|text| serde_json::json!({ "body": text }).to_string() + "\n");
    let mut found: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut each = |tagged: Result<Tagged, _>| {
        let tagged: Tagged = tagged.unwrap();
        let topics = tagged.tags.tags.into_iter().filter(|tag| tag.field == Kind::Topic);
        found.insert(tagged.record, topics.map(|tag| tag.value).collect());
        ControlFlow::Continue(())
    };
    let input = lines.collect::<String>();
    tag_reader("examples.jsonl", &mut input.as_bytes(), taxonomy(), &mut each).unwrap();
    assert_eq!(found.len(), texts.len());
    found.into_values().collect()
}

#[test]
fn every_topic_matches_its_examples_and_not_its_counter_examples() {
    let mut cases = Vec::new();
    for topic in &taxonomy().topics().list {
        assert!(
            topic.matching.len() >= 2 && topic.no_match.len() >= 2,
            "{} has too few examples",
            topic.path
        );
        cases.extend(topic.matching.iter().map(|text| (topic.path.as_str(), text.as_str(), true)));
        cases.extend(topic.no_match.iter().map(|text| (topic.path.as_str(), text.as_str(), false)));
    }
    let texts: Vec<&str> = cases.iter().map(|(_, text, _)| *text).collect();
    let mut wrong = Vec::new();
    for ((path, text, expected), topics) in cases.iter().zip(topics_of(&texts)) {
        if topics.iter().any(|topic| topic == path) != *expected {
            wrong.push(format!("{path} should {} {text:?}", if *expected { "match" } else { "not match" }));
        }
    }
    assert!(wrong.is_empty(), "{} of {} examples:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn the_tree_has_two_levels_and_no_strays() {
    let topics = &taxonomy().topics().list;
    assert!(topics.iter().all(|topic| topic.path.split('/').count() <= 2));
    assert!(topics.iter().filter(|topic| !topic.path.contains('/')).count() >= 15);
    for topic in topics {
        let id = topic.iptc.as_deref().unwrap_or("20000000");
        assert!(id.len() == 8 && id.bytes().all(|b| b.is_ascii_digit()), "{}: {id}", topic.path);
    }
}
