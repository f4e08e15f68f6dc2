//! Learned topics against Reuters' own codes.
//!
//! Learned from reut2-000 to 007, tried on 008 to 010; as in the ModApte split only stories that have any topic code count.
//! The ten codes are the most frequent ones of those learned from. Features, cost and thresholds were chosen by
//! cross-validation within the stories learned from.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use dateline::article::Article;
use dateline::ingest::tagged::{Tagged, tag_paths};
use dateline::learn::{Aim, Lesson, Wanted};
use dateline::tag::learned::LearnedTopics;
use dateline::taxonomy::Taxonomy;
use dateline::taxonomy::learned::LearnedTopic;

use crate::items::Counts;
use crate::scorer::percent;

const CODES: usize = 10;

/// The rows of the table.
pub(crate) fn rows(wires: &Path) -> String {
    let (learned_from, tried_on) = (stories(wires, 0..8), stories(wires, 8..11));
    let mut stories_of: BTreeMap<&str, usize> = BTreeMap::new();
    learned_from.iter().flat_map(codes).for_each(|code| *stories_of.entry(code).or_default() += 1);
    let mut largest: Vec<(&str, usize)> = stories_of.into_iter().collect();
    largest.sort_by_key(|(_, stories)| std::cmp::Reverse(*stories));
    largest.truncate(CODES);
    let started = Instant::now();
    let topics: Vec<LearnedTopic> = largest.iter().map(|(code, _)| learn(code, &learned_from)).collect();
    let seconds = started.elapsed().as_secs_f64() / topics.len() as f64;
    let ready = LearnedTopics::new(&topics);
    let mut all = Counts::default();
    let mut each = vec![Counts::default(); topics.len()];
    for story in &tried_on {
        let picked = ready.pick(story);
        for (number, (code, _)) in largest.iter().enumerate() {
            let found = picked.iter().any(|picked| picked.topic == number);
            let counts = match (found, codes(story).any(|own| own == *code)) {
                (true, true) => Counts { right: 1, ..Counts::default() },
                (true, false) => Counts { wrong: 1, ..Counts::default() },
                (false, true) => Counts { missed: 1, ..Counts::default() },
                (false, false) => continue,
            };
            for sum in [&mut all, &mut each[number]] {
                sum.right += counts.right;
                sum.wrong += counts.wrong;
                sum.missed += counts.missed;
            }
        }
    }
    let by_code: Vec<String> = (largest.iter().zip(&each))
        .map(|((code, _), counts)| format!("{code} {}", percent(counts.f1())))
        .collect();
    let (precision, recall, f1) = (percent(all.precision()), percent(all.recall()), percent(all.f1()));
    format!(
        "| learned: Reuters' ten largest codes, from {} stories, tried on {} later ones | P {precision}, R {recall}, F1 {f1} |\n\
         | F1 of each | {} |\n\
         | learning one of them | {seconds:.1} s |\n",
        learned_from.len(),
        tried_on.len(),
        by_code.join(", "),
    )
}

fn learn(code: &str, stories: &[Article]) -> LearnedTopic {
    let mut lesson = Lesson::without_words_of(None);
    stories.iter().for_each(|story| lesson.add(story, codes(story).any(|own| own == code)));
    let (path, from) = (code.to_owned(), format!("tag:{code}"));
    lesson.learn(Wanted { path, about: from.clone(), from, aim: Aim::F1, others: 0 }).unwrap()
}

fn codes(story: &Article) -> impl Iterator<Item = &str> {
    story.given.get("topic").into_iter().flatten().map(String::as_str)
}

fn stories(wires: &Path, files: std::ops::Range<usize>) -> Vec<Article> {
    let paths: Vec<_> = files.map(|number| wires.join(format!("reut2-{number:03}.sgm"))).collect();
    let mut stories = Vec::new();
    let mut each = |found: Result<Tagged, _>| {
        stories.extend(found.ok().map(|tagged| tagged.article).filter(|story| codes(story).next().is_some()));
        ControlFlow::Continue(())
    };
    tag_paths(&paths, &Taxonomy::builtin(), &mut each).unwrap();
    stories
}
