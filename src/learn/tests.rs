//! What a lesson teaches: small archives made up on the spot.

use crate::article::Article;
use crate::learn::{Aim, Lesson, Unlearnable, Wanted};
use crate::query::parse::parse;
use crate::tag::learned::LearnedTopics;
use crate::taxonomy::learned::LearnedTopic;

const ON_RICE: [&str; 4] = [
    "Rice farmers expect a larger paddy harvest",
    "Paddy fields flooded, rice exports fall",
    "Mills buy rice from farmers after harvest",
    "Exports of milled rice rose",
];
const ON_ELSE: [&str; 4] = [
    "Banks raise their rates as money tightens",
    "Parliament votes on a budget",
    "A ferry left the harbour after repairs",
    "Wheat farmers expect a larger harvest",
];

fn article(number: usize, texts: &[&str]) -> Article {
    let words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"];
    let (some, more) = (words[number % 7], words[number / 7 % 7]);
    let text = texts[number % texts.len()];
    let language = Some("en".to_owned());
    let body = format!("{text}, said {some} {more} number {number}.");
    Article { headline: "News of the day".to_owned(), body, language, ..Article::default() }
}

fn lesson(rice: usize, others: usize, query: Option<&str>) -> Lesson {
    let query = query.map(|query| parse(query).unwrap());
    let mut lesson = Lesson::without_words_of(query.as_ref());
    (0..rice).for_each(|number| lesson.add(&article(number, &ON_RICE), true));
    (0..others).for_each(|number| lesson.add(&article(number, &ON_ELSE), false));
    lesson
}

fn wanted(aim: Aim) -> Wanted {
    let text = |text: &str| text.to_owned();
    Wanted { path: text("Rice"), about: text("rice"), from: text("tag:rice"), aim, others: 0 }
}

fn weight(topic: &LearnedTopic, stem: &str) -> f32 {
    topic.words.iter().find(|word| word.stem == stem && !word.in_headline).map_or(0.0, |word| word.weight)
}

#[test]
fn what_tells_is_learned_and_found_again() {
    let topic = lesson(60, 200, None).learn(wanted(Aim::F1)).unwrap();
    assert!(topic.precision.share > 0.95 && topic.recall.share > 0.95, "{topic:?}");
    assert!(topic.precision.low < topic.precision.share && topic.recall.low > 0.8);
    assert!(weight(&topic, "rice") > 0.1 && weight(&topic, "wheat") < 0.0);
    assert_eq!(topic.words[0].stem, "rice");
    assert_eq!((topic.articles, topic.belonging, topic.language.as_deref()), (260, 60, Some("en")));
    let read = LearnedTopic::parse(&topic.to_toml(), "rice.toml").unwrap();
    let topics = LearnedTopics::new([&read]);
    assert_eq!(topics.pick(&article(300, &ON_RICE)).len(), 1);
    assert!(topics.pick(&article(300, &ON_ELSE)).is_empty());
}

#[test]
fn the_order_of_articles_does_not_matter() {
    let mut backwards = Lesson::without_words_of(None);
    (0..200).rev().for_each(|number| backwards.add(&article(number, &ON_ELSE), false));
    (0..60).rev().for_each(|number| backwards.add(&article(number, &ON_RICE), true));
    let forwards = lesson(60, 200, None).learn(wanted(Aim::F1)).unwrap();
    assert_eq!(backwards.learn(wanted(Aim::F1)).unwrap(), forwards);
}

#[test]
fn the_words_of_a_query_are_left_out() {
    let topic = lesson(60, 200, Some("rice OR padd*")).learn(wanted(Aim::F1)).unwrap();
    assert!(topic.words.iter().all(|word| word.stem != "rice" && !word.stem.starts_with("padd")));
    assert!(weight(&topic, "export") > 0.0);
}

#[test]
fn what_cannot_be_learned_is_refused() {
    let refused = |lesson: Lesson, wanted: Wanted| lesson.learn(wanted).unwrap_err();
    assert_eq!(
        refused(lesson(19, 100, None), wanted(Aim::F1)),
        Unlearnable::TooFew { belonging: 19, articles: 119 }
    );
    assert_eq!(
        refused(lesson(100, 3, None), wanted(Aim::F1)),
        Unlearnable::TooMany { others: 3, articles: 103 }
    );
    // The same texts on both sides.
    let mut alike = Lesson::without_words_of(None);
    (0..300).for_each(|number| alike.add(&article(number, &ON_ELSE), number * 7919 % 13 < 2));
    let unlike = alike.learn(Wanted { aim: Aim::Precision(0.99), others: 100_000, ..wanted(Aim::F1) });
    assert!(matches!(unlike, Err(Unlearnable::Imprecise { .. } | Unlearnable::Unlike { .. })), "{unlike:?}");
}

#[test]
fn a_sample_of_the_others_stands_for_all() {
    let noisy = |others: u64| {
        let mut lesson = lesson(60, 200, None);
        (0..40).for_each(|number| lesson.add(&article(number + 1_000, &ON_RICE), false));
        lesson.learn(Wanted { others, ..wanted(Aim::F1) }).unwrap().precision.share
    };
    assert!(noisy(2_400) < noisy(240) - 0.2);
}
