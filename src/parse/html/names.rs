//! *Names* are what a page calls its elements: tags, roles, words of classes. Those that mean something are listed in
//! `index-schema/furniture.txt`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use dom_query::NodeRef;

/// The names that mean something.
pub(super) static NAMES: LazyLock<Names> =
    LazyLock::new(|| Names::parse(include_str!("../../../index-schema/furniture.txt")));

/// A set of rules, by their numbers.
pub(super) type Rules = u128;

/// Names of furniture, and of what says something of the article.
#[derive(Default)]
pub(super) struct Names {
    tags: HashMap<&'static str, usize>,
    roles: HashMap<&'static str, usize>,
    words: HashMap<&'static str, usize>,
    beginnings: Vec<(&'static str, usize)>,
    /// By rule, the most tenths of a page's prose that an element so named may hold.
    tenths: Vec<usize>,
    kept: HashSet<&'static str>,
    dates: HashSet<&'static str>,
    bylines: HashSet<&'static str>,
    /// Lines that are none of these.
    unread: Vec<&'static str>,
}

/// How much of a class is looked at, in bytes.
const MAX_CLASS: usize = 400;
/// Words after which another says what an element has, or has not.
const OTHER: &[&str] = &["has", "with", "no", "not", "is", "tone", "hasnt", "without"];

impl Names {
    fn parse(list: &'static str) -> Self {
        let mut names = Self::default();
        for line in list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let words: Vec<&str> = line.split(' ').collect();
            let rule = names.tenths.len();
            let kept = match words[..] {
                ["keep", word] => names.kept.insert(word),
                ["date", word] => names.dates.insert(word),
                ["byline", word] => names.bylines.insert(word),
                [kind, word, tenths] => match (kind, word.strip_suffix('*'), tenths.parse()) {
                    (_, _, Ok(tenths)) if tenths > 10 || rule >= Rules::BITS as usize => false,
                    ("tag", None, Ok(tenths)) => names.add(tenths, |names| &mut names.tags, word),
                    ("role", None, Ok(tenths)) => names.add(tenths, |names| &mut names.roles, word),
                    ("name", None, Ok(tenths)) => names.add(tenths, |names| &mut names.words, word),
                    ("name", Some(beginning), Ok(tenths)) => {
                        names.tenths.push(tenths);
                        names.beginnings.push((beginning, rule));
                        true
                    }
                    _ => false,
                },
                _ => false,
            };
            if !kept {
                names.unread.push(line);
            }
        }
        names
    }

    fn add(
        &mut self,
        tenths: usize,
        list: impl Fn(&mut Self) -> &mut HashMap<&'static str, usize>,
        word: &'static str,
    ) -> bool {
        let rule = self.tenths.len();
        self.tenths.push(tenths);
        list(self).insert(word, rule).is_none()
    }

    /// By rule, the most tenths of a page's prose that an element may hold to be furniture.
    pub(super) fn tenths(&self) -> &[usize] {
        &self.tenths
    }

    /// The rules by which an element is furniture.
    pub(super) fn rules(&self, node: &NodeRef<'_>, tag: &str) -> Rules {
        let role = node.attr("role").map(|role| role.trim().to_ascii_lowercase());
        let of_role = role.and_then(|role| self.roles.get(role.as_str()));
        let mut rules =
            self.tags.get(tag).into_iter().chain(of_role).fold(0, |rules, rule| rules | 1 << rule);
        each_word(node, &["class", "id"], |word| {
            let begins = |(beginning, rule): &(&str, usize)| word.starts_with(beginning).then_some(*rule);
            let rule = self.words.get(word).copied().or_else(|| self.beginnings.iter().find_map(begins));
            rules |= rule.map_or(0, |rule| 1 << rule);
        });
        rules
    }

    /// Whether an element is named for what belongs to an article though it may look like furniture.
    pub(super) fn keeps(&self, node: &NodeRef<'_>) -> bool {
        has_word(node, &["class", "id", "rel", "itemprop"], &self.kept)
    }

    /// Whether an element is named for a date.
    pub(super) fn is_date(&self, node: &NodeRef<'_>) -> bool {
        node.has_name("time") || has_word(node, &["class", "id", "itemprop"], &self.dates)
    }

    /// Whether an element is named for a byline.
    pub(super) fn is_byline(&self, node: &NodeRef<'_>) -> bool {
        has_word(node, &["class", "id"], &self.bylines)
    }
}

fn has_word(node: &NodeRef<'_>, attributes: &[&str], list: &HashSet<&'static str>) -> bool {
    let mut found = false;
    each_word(node, attributes, |word| found |= list.contains(word));
    found
}

/// Calls `each` with the words of some attributes: `jp-relatedPosts` has three.
fn each_word(node: &NodeRef<'_>, attributes: &[&str], mut each: impl FnMut(&str)) {
    let texts = attributes.iter().filter_map(|name| node.attr(name));
    for text in texts {
        let end = (0..=text.len().min(MAX_CLASS)).rev().find(|end| text.is_char_boundary(*end));
        for name in text[..end.unwrap_or_default()].split_ascii_whitespace() {
            let mut other = false;
            for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
                let humps = part.as_bytes().windows(2).enumerate();
                let humps =
                    humps.filter(|(_, two)| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase());
                let mut start = 0;
                for end in humps.map(|(at, _)| at + 1).chain([part.len()]) {
                    let word = part[start..end].to_ascii_lowercase();
                    start = end;
                    if !other {
                        each(&word);
                    }
                    other = OTHER.contains(&word.as_str());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NAMES;

    #[test]
    fn every_line_of_the_list_is_read() {
        assert_eq!(NAMES.unread, Vec::<&str>::new());
        assert!(NAMES.tenths.len() > 50 && !NAMES.beginnings.is_empty());
    }
}
