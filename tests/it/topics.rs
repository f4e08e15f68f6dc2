//! Every topic of the built-in tree matches its own examples, and none of its counter-examples.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use dateline::article::{Kind, Provenance};
use dateline::ingest::tagged::{Tagged, tag_reader};
use dateline::tag::examples::check;

use crate::archive::{shared, tagged, taxonomy};

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
fn the_tree_has_up_to_three_levels_and_no_strays() {
    let topics = &taxonomy().topics().list;
    assert!(topics.iter().all(|topic| topic.path.split('/').count() <= 3));
    assert!(topics.iter().filter(|topic| !topic.path.contains('/')).count() >= 17);
    assert!(topics.len() >= 250);
    let mut ids = BTreeMap::new();
    for topic in topics {
        let Some(id) = topic.iptc.as_deref() else { continue };
        assert!(id.len() == 8 && id.bytes().all(|b| b.is_ascii_digit()), "{}: {id}", topic.path);
        if let Some(other) = ids.insert(id, &topic.path) {
            panic!("{id} is the id of {other} and of {}: one of them is not what it means", topic.path);
        }
    }
}

#[test]
fn every_topic_a_foreign_affairs_and_business_reader_expects_is_there() {
    let topics = &taxonomy().topics().list;
    for name in [
        "Taiwan",
        "Fentanyl",
        "Military talks",
        "Espionage",
        "Sanctions",
        "Spy balloon",
        "South China Sea",
        "Hostages",
        "Arms control",
        "Refugees and migration",
        "Oil",
        "Grain",
        "Coffee",
        "Sugar",
        "Gold",
        "Trade",
        "Interest rates",
        "Currencies and money markets",
        "Inflation",
        "Employment",
        "Shipping",
        "Mergers and acquisitions",
    ] {
        assert!(topics.iter().any(|topic| topic.path.rsplit('/').next() == Some(name)), "{name} is no topic");
    }
}

/// The concepts of the Media Topics by number, each with its name and whether it is still in use.
fn concepts() -> Option<BTreeMap<String, (String, bool)>> {
    let path = shared("data/gazetteer/iptc-mediatopics-en-GB.json")?;
    let scheme: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let concept = |concept: &serde_json::Value| {
        let number = concept["qcode"].as_str().unwrap().trim_start_matches("medtop:").to_owned();
        let name = concept["prefLabel"]["en-GB"].as_str().unwrap().trim().to_owned();
        (number, (name, concept.get("retired").is_none()))
    };
    Some(scheme["conceptSet"].as_array().unwrap().iter().map(concept).collect())
}

#[test]
fn ids_of_topics_are_concepts_in_use() {
    let Some(concepts) = concepts() else { return };
    for topic in &taxonomy().topics().list {
        if let Some(id) = &topic.iptc {
            let live = concepts.get(id).is_some_and(|(_, live)| *live);
            assert!(live, "{}: {id} is no concept in use", topic.path);
        }
    }
    let roots = concepts.keys().filter(|id| !id.starts_with('2'));
    // Economy, business and finance are two roots here, each with the concept below that it means.
    let missing: Vec<&String> = roots
        .filter(|id| taxonomy().topics().list.iter().all(|topic| topic.iptc.as_ref() != Some(*id)))
        .filter(|id| id.as_str() != "04000000")
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_concept_in_use_means_a_topic() {
    let Some(concepts) = concepts() else { return };
    let codes = taxonomy().topic_codes();
    for (id, (name, _)) in concepts.iter().filter(|(id, (_, live))| *live && *id != "04000000") {
        assert!(codes.path(&format!("medtop:{id}"), None).is_some(), "{id} ({name}) means no topic");
    }
    for topic in &taxonomy().topics().list {
        if let Some(id) = &topic.iptc {
            assert_eq!(codes.path(id, None), Some(topic.path.as_str()), "{id}");
        }
    }
}

/// The topics that a source's own tags mean.
fn given(tags: &str, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut each = |tagged: Result<Tagged, _>| {
        let tagged: Tagged = tagged.unwrap();
        let given = tagged.tags.tags.into_iter().filter(|tag| tag.provenance == Provenance::Given);
        found.extend(given.map(|tag| tag.value));
        ControlFlow::Continue(())
    };
    let line =
        format!(r#"{{"body": "Nothing of that was said here.", "source": "{source}", "subject": {tags}}}"#);
    tag_reader("given.jsonl", &mut line.as_bytes(), taxonomy(), &mut each).unwrap();
    found.sort_unstable();
    found
}

#[test]
fn tags_of_a_source_mean_topics_where_a_mapping_says_so() {
    let check = |tags: &str, source: &str, topics: &[&str]| assert_eq!(given(tags, source), topics, "{tags}");
    check(r#"["medtop:20000574", "subj:15054000"]"#, "", &["Politics/Elections", "Sport/Football"]);
    check(
        r#"[{"name": "Krig", "literal": "16000000"}, {"name": "Innenriks", "literal": "Innenriks"}]"#,
        "",
        &["Conflict"],
    );
    check(
        r#"[{"name": "x", "uri": "http://cv.iptc.org/newscodes/mediatopic/20001279"}]"#,
        "",
        &["Business/Crypto assets"],
    );
    check(
        r#"["Tech", "Football", "MOVIES"]"#,
        "",
        &["Arts and entertainment/Film", "Science and technology", "Sport/Football"],
    );
    check(r#"["World news", "Local", "Lead", "Heat", "Analysis"]"#, "", &[]);
    check(
        r#"["earn", "money-fx"]"#,
        "Reuters",
        &["Business/Company results", "Economy/Currencies and money markets"],
    );
    check(r#"["earn", "lead", "heat"]"#, "The Courier", &[]);
    check(r#"["diplomacy", "Labour"]"#, "", &["Diplomacy", "Labour"]);
    check(r#"["Narcotics/Fentanyl", "fentanyl"]"#, "", &["Narcotics/Fentanyl"]);
}

#[test]
fn subjects_of_ninjs_are_kept_and_mean_topics() {
    let Some(folder) = shared("data/formats/ninjs") else { return };
    let articles = tagged(&[folder.join("ntb_text.json"), folder.join("tt_text_image_2.json")]);
    let mut found = BTreeMap::new();
    for tagged in articles.into_values() {
        let topics = tagged.tags.tags.into_iter().filter(|tag| tag.provenance == Provenance::Given);
        let topics = topics.filter(|tag| tag.field == Kind::Topic).map(|tag| tag.value).collect::<Vec<_>>();
        found.insert(tagged.article.given["topic"].join(", "), topics.join(", "));
    }
    let found: Vec<String> = found.into_iter().map(|(given, topics)| format!("{given} = {topics}")).collect();
    assert_eq!(
        found,
        [
            "16000000, Krig, konflikter och oroligheter = Conflict",
            "Innenriks, 13010000, Teknologi, 04011000, Industri, 04005000, Olje og energi = Business, Energy, Science and technology",
        ]
    );
}
