//! The kind of article the program was made for: scraped, undated, with debris in the middle.

use std::collections::BTreeMap;

use dateline::article::{Grade, Kind};

use crate::archive::{shared, tagged};

#[test]
fn the_seed_article_keeps_its_text_and_loses_its_debris() {
    let Some(path) = shared("data/seed-article.txt") else { return };
    let text = std::fs::read_to_string(&path).unwrap();
    let articles = tagged(&[path]);
    let article = &articles.values().next().unwrap().article;
    assert_eq!(articles.len(), 1);
    let removed = article.removed.join("\n");
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let kept = article.body.contains(line.trim());
        let debris = removed.contains(line.trim());
        assert!(kept != debris, "neither kept nor removed, or both: {line}");
    }
    assert_eq!(removed.lines().count(), 8, "{removed}");
    assert!(article.headline.starts_with("On Monday, U.S. Secretary of State"));
    assert_eq!((article.published, article.published_from), (None, None));
    assert_eq!(article.language.as_deref(), Some("en"));
}

#[test]
fn the_seed_article_has_its_tags_and_none_of_the_related_list() {
    let Some(path) = shared("data/seed-article.txt") else { return };
    let articles = tagged(&[path]);
    let article = articles.values().next().unwrap();
    let mut values: BTreeMap<(Kind, Grade), Vec<&str>> = BTreeMap::new();
    for tag in &article.tags.tags {
        values.entry((tag.field, tag.grade)).or_default().push(&tag.value);
    }
    let mut all = |kind, grade| {
        let mut values = values.remove(&(kind, grade)).unwrap_or_default();
        values.sort_unstable();
        values
    };
    assert_eq!(all(Kind::Person, Grade::About), ["Antony Blinken", "Joe Biden", "Wang Yi", "Xi Jinping"]);
    assert_eq!(all(Kind::Person, Grade::Mentioned), [""; 0]);
    assert_eq!(all(Kind::Country, Grade::About), ["China", "United States"]);
    assert_eq!(all(Kind::Country, Grade::Mentioned), ["Indonesia", "Taiwan"]);
    let topics = all(Kind::Topic, Grade::About);
    for topic in [
        "Diplomacy/Taiwan",
        "Narcotics/Fentanyl",
        "Diplomacy/Military talks",
        "Diplomacy/Espionage",
        "Diplomacy",
    ] {
        assert!(topics.contains(&topic), "{topic} is not in {topics:?}");
    }
    for topic in topics {
        assert!(!["Sport", "Arts and entertainment"].contains(&topic.split('/').next().unwrap()), "{topic}");
    }
    for mention in &article.tags.mentions {
        assert!(!["Xing Haiming", "South Korea"].contains(&mention.value.as_str()));
    }
}
