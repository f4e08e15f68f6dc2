//! The *main text* of a page is what Readability finds there, asked more than once: it takes the first text that is long enough,
//! which a short item never is and a menu may be.

use std::collections::BTreeSet;

use dom_query::Document;
use dom_smoothie::{Article, Config, ParsePolicy, Readability, TextMode};

use crate::parse::html::{flat, prose_of};

/// The main text of a page of this headline, which has so many characters of prose.
pub(super) fn of(document: &Document, headline: &str, prose: usize) -> Option<Article> {
    let article = best(document, headline, prose);
    let found = article.as_ref().map_or(0, |article| prose_of(&article.text_content));
    let flat = flat::flatten(document, found).then(|| best(document, headline, prose)).flatten();
    flat.filter(|article| prose_of(&article.text_content) > found).or(article)
}

/// How the article is looked for, the choosiest way first.
const WAYS: [ParsePolicy; 4] =
    [ParsePolicy::Strict, ParsePolicy::Moderate, ParsePolicy::Clean, ParsePolicy::Raw];

/// Characters of prose that are an article, whatever else the page has; and those that are one where they speak of what
/// the headline does.
const ENOUGH: (usize, usize) = (400, 100);

/// The first text that has half of the prose of the page, or enough, or speaks of what the headline does; else the one that
/// has most. Length alone would favour
/// menus, and reject short items.
fn best(document: &Document, headline: &str, prose: usize) -> Option<Article> {
    let mut best: Option<(usize, Article)> = None;
    for way in WAYS {
        let config = Config { text_mode: TextMode::Formatted, disable_json_ld: true, ..Config::default() };
        let page = Readability::with_document(document.clone(), None, Some(config));
        let Ok(article) = page.and_then(|mut page| page.parse_with_policy(way)) else { continue };
        let found = prose_of(&article.text_content);
        let speaks = found >= ENOUGH.1 && speaks_of(&article.text_content, headline);
        if speaks || best.as_ref().is_none_or(|(most, _)| found > *most) {
            best = Some((found, article));
        }
        if speaks || found > 0 && found * 2 >= prose || found >= ENOUGH.0 {
            break;
        }
    }
    best.map(|(_, article)| article)
}

/// Whether a text has half of the long words of a headline, and two of them.
fn speaks_of(text: &str, headline: &str) -> bool {
    let (text, headline) = (text.to_lowercase(), headline.to_lowercase());
    let words = headline.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().nth(3).is_some());
    let words: BTreeSet<&str> = words.collect();
    let there = words.iter().filter(|word| text.contains(**word)).count();
    there >= 2 && there * 2 >= words.len()
}
