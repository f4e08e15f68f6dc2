//! Articles judged by reading, and whether they still carry the topics they were judged for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use dateline::article::{Grade, Kind};
use dateline::ingest::tagged::{Tagged, tag_paths, tag_reader};

use crate::archive::{shared, taxonomy};

/// The share of tags on judged articles that may be wrong.
const WRONG: f64 = 0.10;
/// The share of right tags that must still be there.
const KEPT: f64 = 0.90;

/// A judgement: topic, set, number of the article, and whether the article is about the topic; none where it was open.
type Judgement = (String, String, String, Option<bool>);

fn judgements() -> Vec<Judgement> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/topic-judgements.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        let [topic, set, number, about] = cells[..] else { panic!("{row}") };
        let about = match about {
            "yes" => Some(true),
            "no" => Some(false),
            "?" => None,
            other => panic!("{other} in {row}"),
        };
        (topic.to_owned(), set.to_owned(), number.to_owned(), about)
    })
    .collect()
}

/// The topics of the articles of those numbers of a set, in the order of the numbers.
type Reader = fn(&Path, &BTreeSet<String>) -> Vec<BTreeSet<String>>;

/// The topics an article is about.
fn topics(tagged: Tagged) -> BTreeSet<String> {
    let tags =
        tagged.tags.tags.into_iter().filter(|tag| tag.field == Kind::Topic && tag.grade == Grade::About);
    tags.map(|tag| tag.value).collect()
}

fn read(name: &str, text: &str) -> Vec<BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let mut each = |tagged: Result<Tagged, _>| {
        let tagged: Tagged = tagged.unwrap();
        found.insert(tagged.record, topics(tagged));
        ControlFlow::Continue(())
    };
    tag_reader(name, &mut text.as_bytes(), taxonomy(), &mut each).unwrap();
    found.into_values().collect()
}

/// The wires of those numbers, without their own topics.
fn reuters(folder: &Path, numbers: &BTreeSet<String>) -> Vec<BTreeSet<String>> {
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "sgm"));
    let mut stories = BTreeMap::new();
    for file in files {
        let text: String = std::fs::read(file).unwrap().into_iter().map(char::from).collect();
        for story in text.split("<REUTERS").skip(1) {
            let number = story.split("NEWID=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            if let Some((before, rest)) = story.split_once("<TOPICS>").filter(|_| numbers.contains(number)) {
                let (_, after) = rest.split_once("</TOPICS>").unwrap();
                stories.insert(number.to_owned(), format!("<REUTERS{before}<TOPICS></TOPICS>{after}"));
            }
        }
    }
    assert!(stories.keys().eq(numbers), "wires are missing");
    let all = stories.into_values().collect::<String>();
    read("judged.sgm", &format!("<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n{all}"))
}

fn bbc(folder: &Path, numbers: &BTreeSet<String>) -> Vec<BTreeSet<String>> {
    let story = |number: &String| {
        let (section, number) = number.split_once('-').unwrap();
        let bytes = std::fs::read(folder.join(section).join(format!("{number}.txt"))).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (headline, body) = text.split_once('\n').unwrap();
        serde_json::json!({ "headline": headline.trim(), "body": body.trim() }).to_string() + "\n"
    };
    read("judged.jsonl", &numbers.iter().map(story).collect::<String>())
}

fn web(folder: &Path, numbers: &BTreeSet<String>) -> Vec<BTreeSet<String>> {
    let page = |number: &String| {
        let mut found = BTreeSet::new();
        let mut each = |tagged: Result<Tagged, _>| {
            found = topics(tagged.unwrap());
            ControlFlow::Continue(())
        };
        tag_paths(&[folder.join(number).join("source.html")], taxonomy(), &mut each).unwrap();
        found
    };
    numbers.iter().map(page).collect()
}

#[test]
fn tags_judged_wrong_stay_away_and_those_judged_right_stay() {
    let all = judgements();
    let sets =
        ["data/reuters21578", "data/bbc/dataset/data_files", "data/extraction/readability"].map(shared);
    let [Some(wires), Some(stories), Some(pages)] = sets else { return };
    let mut carried: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    let readers: [(&str, &Path, Reader); 3] =
        [("reuters", &wires, reuters), ("bbc", &stories, bbc), ("web", &pages, web)];
    for (set, folder, reader) in readers {
        let numbers: BTreeSet<String> =
            all.iter().filter(|judged| judged.1 == set).map(|judged| judged.2.clone()).collect();
        let topics = reader(folder, &numbers);
        assert_eq!(topics.len(), numbers.len(), "{set}: an article is lost");
        carried.extend(numbers.into_iter().map(|number| (set, number)).zip(topics));
    }
    let (mut wrong, mut kept, mut wanted) = (Vec::new(), 0_usize, 0_usize);
    for (topic, set, number, about) in &all {
        let carries = carried[&(set.as_str(), number.clone())].contains(topic);
        match about {
            Some(true) => (wanted, kept) = (wanted + 1, kept + usize::from(carries)),
            Some(false) if carries => wrong.push(format!("{topic} on {set}:{number}")),
            _ => {}
        }
    }
    let share = wrong.len() as f64 / (wrong.len() + kept) as f64;
    assert!(
        share <= WRONG,
        "{} of {} tags are wrong:\n{}",
        wrong.len(),
        wrong.len() + kept,
        wrong.join("\n")
    );
    assert!(kept as f64 >= KEPT * wanted as f64, "only {kept} of {wanted} right tags are kept");
}

#[test]
fn sixty_topics_of_all_fields_are_judged() {
    let all = judgements();
    let topics: BTreeSet<&str> = all.iter().map(|judged| judged.0.as_str()).collect();
    let known = |topic: &&str| taxonomy().topics().list.iter().any(|known| known.path == **topic);
    let strange: Vec<&&str> = topics.iter().filter(|topic| !known(topic)).collect();
    assert!(strange.is_empty(), "no topics of the tree: {strange:?}");
    assert!(topics.len() >= 60, "{} topics", topics.len());
    let roots: BTreeSet<&str> = topics.iter().filter_map(|topic| topic.split('/').next()).collect();
    assert!(roots.len() >= 20, "{roots:?}");
}
