//! A *topic* of the dictionary is a subject that articles are about, told by a query.

use serde::Deserialize;

use crate::taxonomy::TaxonomyError;

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
    /// The topics.
    #[serde(default, rename = "topic")]
    pub list: Vec<Topic>,
}

impl Topics {
    /// Reads `topics.toml`.
    ///
    /// # Errors
    /// The first mistake, with its line: no TOML of the right shape, a path that is empty or comes twice, a child
    /// before its parent.
    pub fn parse(text: &str, file: &str) -> Result<Self, TaxonomyError> {
        let mistake = |line: usize, reason: String| TaxonomyError::Mistake { file: file.to_owned(), line, reason };
        let mut topics: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            mistake(line, error.message().to_owned())
        })?;
        let mut seen = std::collections::HashSet::new();
        let heads = (1..).zip(text.lines()).filter(|(_, line)| line.trim_start().starts_with("[[topic]]"));
        for (topic, (line, _)) in topics.list.iter_mut().zip(heads) {
            topic.line = line;
        }
        for topic in &topics.list {
            if topic.path.split('/').any(|part| part.trim().is_empty() || part.trim() != part) {
                return Err(mistake(topic.line, format!("'{}' is no path: write Parent/Child", topic.path)));
            }
            let parent = topic.path.rsplit_once('/').map(|(parent, _)| parent);
            if let Some(parent) = parent.filter(|parent| !seen.contains(*parent)) {
                return Err(mistake(topic.line, format!("'{}' stands before its parent '{parent}'", topic.path)));
            }
            if !seen.insert(topic.path.as_str()) {
                return Err(mistake(topic.line, format!("'{}' stands twice", topic.path)));
            }
        }
        Ok(topics)
    }
}

#[cfg(test)]
mod tests {
    use super::Topics;

    fn check(text: &str, line: usize, reason: &str) {
        let error = Topics::parse(text, "topics.toml").unwrap_err().to_string();
        assert!(error.starts_with(&format!("topics.toml:{line}: ")) && error.contains(reason), "{error}");
    }

    #[test]
    fn mistakes_name_their_line() {
        let topic = |path: &str| format!("[[topic]]\npath = \"{path}\"\nabout = \"x\"\nquery = \"x\"\n");
        assert_eq!(Topics::parse(&(topic("A") + &topic("A/B")), "f").unwrap().list.len(), 2);
        check(&topic("A/B"), 1, "before its parent");
        check(&(topic("A") + &topic("A")), 5, "twice");
        check(&topic("A/"), 1, "no path");
        check("[[topic]]\nname = \"x\"\n", 2, "unknown field");
    }
}
