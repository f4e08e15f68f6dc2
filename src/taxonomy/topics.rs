//! A *topic* of the dictionary is a subject that articles are about, told by a query.

use serde::Deserialize;

use crate::taxonomy::TaxonomyError;
use crate::taxonomy::merge;

/// One topic.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its place in the tree: `Narcotics/Fentanyl`.
    pub path: String,
    /// Its IPTC Media Topic id, digits only, where one fits.
    pub iptc: Option<String>,
    /// What belongs, and what does not, in a line.
    pub about: String,
    /// The query that says whether an article is about it.
    pub query: String,
    /// The language its query is written in, by its ISO 639-1 code: an article known to be in another one cannot match, for
    /// the same letters mean other things there. That of the file where it has none; none for every language.
    pub language: Option<String>,
    /// Texts that must match.
    #[serde(default, rename = "match")]
    pub matching: Vec<String>,
    /// Texts that must not match.
    #[serde(default)]
    pub no_match: Vec<String>,
    /// The line of the file it stands on, from 1.
    #[serde(skip)]
    pub line: usize,
}

/// All topics, parents before their children.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topics {
    /// `builtin` where a user's file adds to the built-in one.
    #[serde(default)]
    extends: Option<String>,
    /// The language of the queries that name none of their own.
    #[serde(default)]
    language: Option<String>,
    /// The topics.
    #[serde(default, rename = "topic")]
    pub list: Vec<Topic>,
}

impl Topics {
    /// Reads `topics.toml`; parents may also be among those that are `known`.
    ///
    /// # Errors
    /// The first mistake, with its line: no TOML of the right shape, a path that is empty or comes twice, a child
    /// before its parent.
    pub fn parse(text: &str, file: &str, known: &Self) -> Result<Self, TaxonomyError> {
        let mistake =
            |line: usize, reason: String| TaxonomyError::Mistake { file: file.to_owned(), line, reason };
        let mut topics: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            mistake(line, error.message().to_owned())
        })?;
        if let Some(other) = topics.extends.as_deref().filter(|extends| *extends != "builtin") {
            return Err(mistake(1, format!("extends = \"{other}\": only \"builtin\" can be extended")));
        }
        let parents: Vec<&str> = known.list.iter().map(|topic| topic.path.as_str()).collect();
        let mut seen = std::collections::HashSet::new();
        let heads = (1..).zip(text.lines()).filter(|(_, line)| line.trim_start().starts_with("[[topic]]"));
        for (topic, (line, _)) in topics.list.iter_mut().zip(heads) {
            topic.line = line;
        }
        for topic in &mut topics.list {
            topic.language = topic.language.take().or_else(|| topics.language.clone());
        }
        for topic in &topics.list {
            if topic.path.split('/').any(|part| part.trim().is_empty() || part.trim() != part) {
                return Err(mistake(topic.line, format!("'{}' is no path: write Parent/Child", topic.path)));
            }
            let parent = topic.path.rsplit_once('/').map(|(parent, _)| parent);
            if let Some(parent) = parent.filter(|parent| !seen.contains(*parent) && !parents.contains(parent))
            {
                return Err(mistake(
                    topic.line,
                    format!("'{}' stands before its parent '{parent}'", topic.path),
                ));
            }
            if !seen.insert(topic.path.as_str()) {
                return Err(mistake(topic.line, format!("'{}' stands twice", topic.path)));
            }
        }
        Ok(topics)
    }

    /// Adds topics; one with the path of a known one takes its place.
    pub fn extend(&mut self, more: Self) {
        merge(&mut self.list, more.list, |topic| &topic.path);
    }
}

#[cfg(test)]
mod tests {
    use super::Topics;

    fn check(text: &str, line: usize, reason: &str) {
        let error = Topics::parse(text, "topics.toml", &Topics::default()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("topics.toml:{line}: ")) && error.contains(reason), "{error}");
    }

    #[test]
    fn mistakes_name_their_line() {
        let topic = |path: &str| format!("[[topic]]\npath = \"{path}\"\nabout = \"x\"\nquery = \"x\"\n");
        assert_eq!(
            Topics::parse(&(topic("A") + &topic("A/B")), "f", &Topics::default()).unwrap().list.len(),
            2
        );
        check(&topic("A/B"), 1, "before its parent");
        check(&(topic("A") + &topic("A")), 5, "twice");
        check(&topic("A/"), 1, "no path");
        let in_two = format!("language = \"en\"\n{}{}language = \"de\"\n", topic("A"), topic("B"));
        let languages = Topics::parse(&in_two, "f", &Topics::default()).unwrap().list;
        let languages: Vec<_> = languages.iter().map(|topic| topic.language.as_deref()).collect();
        assert_eq!(languages, [Some("en"), Some("de")]);
        check("[[topic]]\nname = \"x\"\n", 2, "unknown field");
    }
}
