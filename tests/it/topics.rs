//! Every topic of the built-in tree matches its own examples, and none of its counter-examples.

use dateline::tag::examples::check;

use crate::archive::taxonomy;

#[test]
fn every_topic_matches_its_examples_and_not_its_counter_examples() {
    for topic in &taxonomy().topics().list {
        assert!(
            topic.matching.len() >= 2 && topic.no_match.len() >= 2,
            "{} has too few examples",
            topic.path
        );
    }
    let checked = check(taxonomy().topics(), |_| true).unwrap();
    let failed: Vec<String> = checked.failed.iter().map(|failed| format!("{failed:?}")).collect();
    assert!(failed.is_empty(), "{} of {} examples:\n{}", failed.len(), checked.examples, failed.join("\n"));
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
