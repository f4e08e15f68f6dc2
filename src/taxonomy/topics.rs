//! A *topic* of the dictionary is a subject that articles are about, told by a query.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use toml::Spanned;

use crate::taxonomy::TaxonomyError;
use crate::taxonomy::merge;
use crate::taxonomy::written::Places;

/// One topic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    /// Its place in the tree: `Narcotics/Fentanyl`.
    pub path: String,
    /// Its IPTC Media Topic id, digits only, where one fits.
    pub iptc: Option<String>,
    /// What belongs, and what does not, in a line.
    pub about: String,
    /// The query that says whether an article is about it, with what a user's file adds to it and takes from it; empty where
    /// it holds only what the topics below it hold.
    pub query: String,
    /// The language its query is written in, by its ISO 639-1 code: an article known to be in another one cannot match, for
    /// the same letters mean other things there. That of the file where it has none; none for every language.
    pub language: Option<String>,
    /// Texts that must match.
    pub matching: Vec<Example>,
    /// Texts that must not match.
    pub no_match: Vec<Example>,
    /// The line of the file it stands on, from 1.
    pub line: usize,
    /// Whether a user's file has it, or changes it.
    pub is_users: bool,
    /// Where the query stands in the file.
    places: Places,
}

/// A text that shows what a topic is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    /// The text: of several lines, the first is the headline.
    pub text: String,
    /// The line of the file it begins on, from 1.
    pub line: usize,
}

impl Topic {
    /// A topic of nothing but a query, such as one that is to be tried.
    pub fn of_query(path: &str, query: &str) -> Self {
        Self { path: path.to_owned(), query: query.to_owned(), line: 1, ..Self::default() }
    }

    /// The line and the column, from 1, of a character of the query, from 0.
    pub fn place(&self, character: usize) -> (usize, usize) {
        self.places.of(character).unwrap_or((self.line, 1))
    }
}

/// All topics, parents before their children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topics {
    /// The topics.
    pub list: Vec<Topic>,
    /// Topics of the built-in file that a user's switches off, each with all below it.
    off: Vec<String>,
}

/// A file of topics as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// `builtin` where a user's file adds to the built-in one.
    extends: Option<String>,
    /// The language of the queries that name none of their own.
    language: Option<String>,
    #[serde(default, rename = "topic")]
    entries: Vec<Entry>,
}

/// A topic as it is written: a new one, one in the place of another, or a change to another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    iptc: Option<String>,
    about: Option<String>,
    query: Option<Spanned<String>>,
    /// What the topic holds beside what its query finds.
    also: Option<Spanned<String>>,
    /// What it does not hold although its query finds it.
    except: Option<Spanned<String>>,
    /// Whether it is switched off, with all below it.
    #[serde(default)]
    off: bool,
    language: Option<String>,
    #[serde(default, rename = "match")]
    matching: Vec<Spanned<String>>,
    #[serde(default)]
    no_match: Vec<Spanned<String>>,
}

impl Topics {
    /// Reads `topics.toml`; parents, and what it changes, may also be among those that are `known`.
    ///
    /// # Errors
    /// The first mistake, with its line: no TOML of the right shape, a path that is empty or comes twice, a child before its
    /// parent, a change to what is not known.
    pub fn parse(text: &str, file: &str, known: &Self) -> Result<Self, TaxonomyError> {
        let mistake =
            |line: usize, reason: String| TaxonomyError::Mistake { file: file.to_owned(), line, reason };
        let read: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            mistake(line, error.message().to_owned())
        })?;
        if let Some(other) = read.extends.as_deref().filter(|extends| *extends != "builtin") {
            return Err(mistake(1, format!("extends = \"{other}\": only \"builtin\" can be extended")));
        }
        let heads = (1..).zip(text.lines()).filter(|(_, line)| line.trim_start().starts_with("[[topic]]"));
        let lines: Vec<usize> = heads.map(|(line, _)| line).collect();
        let known: FxHashMap<&str, &Topic> =
            known.list.iter().map(|topic| (topic.path.as_str(), topic)).collect();
        let mut topics = Self::default();
        let mut seen: FxHashSet<String> = FxHashSet::default();
        for (number, entry) in read.entries.into_iter().enumerate() {
            let line = lines.get(number).copied().unwrap_or(1);
            let language = entry.language.clone().or_else(|| read.language.clone());
            let place = Place { text, line, known: &known, off: &topics.off, seen: &seen };
            place.check(&entry).map_err(|reason| mistake(line, reason))?;
            let path = entry.path.clone();
            let topic = match entry.off {
                true => None,
                false => Some(place.topic(entry).map_err(|reason| mistake(line, reason))?),
            };
            seen.insert(path.clone());
            match topic {
                Some(topic) => {
                    topics.list.push(Topic { language: topic.language.clone().or(language), ..topic });
                }
                None => topics.off.push(path),
            }
        }
        Ok(topics)
    }

    /// Adds a user's topics: one with the path of a known one takes its place, and what is switched off goes.
    pub fn extend(&mut self, more: Self) {
        self.list.retain(|topic| !more.off.iter().any(|off| is_within(&topic.path, off)));
        merge(&mut self.list, more.list, |topic| &topic.path);
    }

    /// The same topics as those of a user's file.
    #[must_use]
    pub fn of_user(mut self) -> Self {
        self.list.iter_mut().for_each(|topic| topic.is_users = true);
        self
    }
}

/// Whether a path is that of a topic, or of one below it.
pub fn is_within(path: &str, topic: &str) -> bool {
    path.strip_prefix(topic).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Where an entry stands, and what is known there.
struct Place<'a> {
    text: &'a str,
    line: usize,
    known: &'a FxHashMap<&'a str, &'a Topic>,
    off: &'a [String],
    seen: &'a FxHashSet<String>,
}

impl Place<'_> {
    fn check(&self, entry: &Entry) -> Result<(), String> {
        let path = entry.path.as_str();
        check_path(path)?;
        if self.seen.contains(path) {
            return Err(format!("'{path}' stands twice"));
        }
        if let Some(off) = self.off.iter().find(|off| is_within(path, off)) {
            return Err(format!("'{path}' is below '{off}', which is switched off with all below it"));
        }
        let parent = path.rsplit_once('/').map(|(parent, _)| parent);
        if let Some(parent) =
            parent.filter(|parent| !self.seen.contains(*parent) && !self.known.contains_key(parent))
        {
            return Err(format!("'{path}' stands before its parent '{parent}'"));
        }
        let changes = entry.off || entry.also.is_some() || entry.except.is_some();
        if changes && !self.known.contains_key(path) {
            let hint = if self.known.is_empty() { ": write extends = \"builtin\" at the top" } else { "" };
            return Err(format!("there is no topic '{path}' to change{hint}"));
        }
        if changes && entry.query.is_some() {
            let reason =
                "'query' takes the place of the built-in topic, 'also', 'except' and 'off' change it";
            return Err(format!("'{path}' does both: {reason}"));
        }
        if entry.off && (entry.also.is_some() || entry.except.is_some()) {
            return Err(format!("'{path}' is switched off and changed at once"));
        }
        if !changes && entry.about.is_none() {
            return Err(format!("'{path}' does not say what it is about: write about = \"…\""));
        }
        let queries = [&entry.query, &entry.also, &entry.except];
        match queries.into_iter().flatten().any(|query| query.get_ref().trim().is_empty()) {
            true => Err(format!("a query of '{path}' is empty, and would match every article: leave it out")),
            false => Ok(()),
        }
    }

    fn topic(&self, entry: Entry) -> Result<Topic, String> {
        let examples = |list: Vec<Spanned<String>>| -> Vec<Example> {
            let example = |text: Spanned<String>| {
                let line = line_of(self.text, text.span().start);
                Example { text: text.into_inner(), line }
            };
            list.into_iter().map(example).collect()
        };
        let (matching, no_match) = (examples(entry.matching), examples(entry.no_match));
        let known =
            self.known.get(entry.path.as_str()).filter(|_| entry.also.is_some() || entry.except.is_some());
        let Some(known) = known else {
            let mut topic = Topic {
                path: entry.path,
                iptc: entry.iptc,
                about: entry.about.unwrap_or_default(),
                language: entry.language,
                matching,
                no_match,
                line: self.line,
                ..Topic::default()
            };
            if let Some(query) = entry.query {
                topic.places = Places::written(self.text, &query);
                topic.query = query.into_inner();
            }
            return Ok(topic);
        };
        if entry
            .language
            .as_ref()
            .is_some_and(|language| known.language.as_ref().is_some_and(|of| of != language))
        {
            return Err(format!(
                "the query of '{}' is in another language: make a topic below it",
                entry.path
            ));
        }
        let mut topic = (*known).clone();
        topic.line = self.line;
        topic.iptc = entry.iptc.or(topic.iptc);
        topic.about = entry.about.unwrap_or(topic.about);
        // Where a change makes an example of the built-in file fail, the change is to be looked at.
        topic.matching.iter_mut().chain(&mut topic.no_match).for_each(|example| example.line = self.line);
        topic.matching.extend(matching);
        topic.no_match.extend(no_match);
        if let Some(also) = entry.also {
            topic.join(") OR (", also, self.text);
        }
        if let Some(except) = entry.except {
            topic.join(") NOT (", except, self.text);
        }
        Ok(topic)
    }
}

impl Topic {
    /// Puts a query beside the one there is, both in parentheses.
    fn join(&mut self, between: &str, query: Spanned<String>, text: &str) {
        let places = Places::written(text, &query);
        let query = query.into_inner();
        if self.query.is_empty() {
            // A topic without a query finds nothing that could be taken away.
            if between.contains("OR") {
                (self.query, self.places) = (query, places);
            }
            return;
        }
        let head = format!("({}{between}", self.query);
        self.places.moved(1);
        self.places.add(head.chars().count(), places);
        self.query = format!("{head}{query})");
    }
}

/// Why a text is no path of a topic.
pub(super) fn check_path(path: &str) -> Result<(), String> {
    match path.split('/').any(|part| part.trim().is_empty() || part.trim() != part) {
        true => Err(format!("'{path}' is no path: write Parent/Child")),
        false => Ok(()),
    }
}

fn line_of(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or_default().matches('\n').count() + 1
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
        check("[[topic]]\npath = \"A\"\nquery = \"x\"\n", 1, "does not say what it is about");
        check("[[topic]]\npath = \"A\"\nabout = \"x\"\nquery = \" \"\n", 1, "would match every article");
        check("[[topic]]\npath = \"A\"\noff = true\n", 1, "no topic 'A' to change: write extends");
    }

    /// What a user's file makes of a small tree.
    fn changed(users: &str) -> Result<Topics, String> {
        let topic = |path: &str, query: &str| {
            format!("[[topic]]\npath = \"{path}\"\nabout = \"x\"\nquery = \"{query}\"\n")
        };
        let builtin =
            topic("Energy", "energy") + &topic("Energy/Oil", "crude") + &topic("Energetic", "vigour");
        let mut topics = Topics::parse(&builtin, "topics.toml", &Topics::default()).unwrap();
        let users = Topics::parse(users, "topics.toml", &topics).map_err(|error| error.to_string())?;
        topics.extend(users.of_user());
        Ok(topics)
    }

    #[test]
    fn a_user_adds_replaces_changes_and_switches_off() {
        let paths = |users: &str| -> Vec<String> {
            changed(users).unwrap().list.into_iter().map(|topic| topic.path).collect()
        };
        assert_eq!(paths("[[topic]]\npath = \"Energy\"\noff = true\n"), ["Energetic"]);
        assert_eq!(paths("[[topic]]\npath = \"Energy/Oil\"\noff = true\n"), ["Energy", "Energetic"]);
        let query = |users: &str| changed(users).unwrap().list.swap_remove(1).query;
        let head = "[[topic]]\npath = \"Energy/Oil\"\n";
        assert_eq!(query(&format!("{head}also = 'brent'\n")), "(crude) OR (brent)");
        assert_eq!(query(&format!("{head}except = 'olive'\n")), "(crude) NOT (olive)");
        let both = query(&format!("{head}also = 'brent'\nexcept = 'olive'\n"));
        assert_eq!(both, "((crude) OR (brent)) NOT (olive)");
        assert_eq!(query(&format!("{head}about = 'y'\nquery = 'brent'\n")), "brent");
        assert_eq!(query(&format!("{head}about = 'a shelf'\n")), "");
        let topics = changed(&format!("{head}also = 'brent'\nmatch = ['Brent fell']\n")).unwrap();
        assert!(topics.list[1].is_users && !topics.list[0].is_users);
        assert_eq!((topics.list[1].matching[0].line, topics.list[1].line), (4, 1));
        for (users, reason) in [
            ("[[topic]]\npath = \"Oil\"\noff = true\n", "topics.toml:1: there is no topic 'Oil' to change"),
            (&format!("{head}off = true\nalso = 'x'\n"), "switched off and changed"),
            (&format!("{head}also = 'x'\nquery = 'y'\n"), "does both"),
            (
                "[[topic]]\npath = \"Energy\"\noff = true\n[[topic]]\npath = \"Energy/Gas\"\nabout = 'x'\n",
                "topics.toml:4: 'Energy/Gas' is below 'Energy', which is switched off",
            ),
        ] {
            let error = changed(users).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn a_character_of_a_query_is_found_in_the_file() {
        let users = "extends = \"builtin\"\n\n[[topic]]\npath = \"Energy/Oil\"\nalso = \"\\\"brent\\\" OR bad\"\nexcept = '''\nolive\n  bad'''\n";
        let topic = changed(users).unwrap().list.swap_remove(1);
        let places: Vec<(usize, usize)> = topic
            .query
            .match_indices("bad")
            .map(|(at, _)| topic.place(topic.query[..at].chars().count()))
            .collect();
        assert_eq!(places, [(5, 22), (8, 3)]);
    }
}
