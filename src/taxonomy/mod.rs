//! A *taxonomy* is the set of dictionaries of `index-schema/`: countries, persons, topics, boilerplate, word lists and
//! the schema of the index.
//!
//! They are built into the program; a user's folder replaces them file by file, or extends those of its tables that
//! say `extends = "builtin"` (in a comment, where the format has no other place for it). Every mistake names its file
//! and line.

pub mod boilerplate;
pub mod countries;
pub mod guards;
pub mod persons;
pub mod places;
mod schema;
mod table;
pub mod topics;
pub mod words;
pub mod years;

use std::path::Path;

use crate::taxonomy::boilerplate::Boilerplate;
use crate::taxonomy::boilerplate::BoilerplateError;
use crate::taxonomy::countries::Countries;
use crate::taxonomy::guards::Guards;
use crate::taxonomy::persons::Persons;
use crate::taxonomy::places::PlaceCodes;
use crate::taxonomy::topics::TopicCodes;
use crate::taxonomy::topics::Topics;
use crate::taxonomy::words::Words;

/// All dictionaries.
#[derive(Debug)]
pub struct Taxonomy {
    /// Countries and their forms.
    pub countries: Countries,
    /// Persons and their forms.
    pub persons: Persons,
    /// Phrases that are no country.
    pub guards: Guards,
    /// Word lists about persons' names.
    pub words: Words,
    /// What other archives' own tags call countries.
    pub places: PlaceCodes,
    /// Topics and their queries.
    pub topics: Topics,
    /// What other archives' own tags call topics.
    pub topic_codes: TopicCodes,
    /// The text of `boilerplate.toml`: making its patterns ready takes longer than a search, which has no use for them.
    boilerplate: String,
    /// The text of `schema.toml`.
    pub schema: String,
    /// Tells these dictionaries and this version of the program from any other: what an article becomes depends on both.
    pub fingerprint: String,
}

/// A dictionary cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TaxonomyError {
    /// One line of it is wrong.
    #[error("{file}:{line}: {reason}")]
    Mistake {
        /// The file, as the caller names it.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it and what to write instead.
        reason: String,
    },
    /// The list of page debris is wrong.
    #[error(transparent)]
    Boilerplate(#[from] BoilerplateError),
    /// A file cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A folder of dictionaries has none of them.
    #[error("{0} holds none of the files of a schema: {names}", names = FILES.map(|(name, _)| name).join(", "))]
    Empty(String),
}

/// The files of `index-schema/`, with their built-in texts.
const FILES: [(&str, &str); 10] = [
    ("schema.toml", include_str!("../../index-schema/schema.toml")),
    ("countries.tsv", include_str!("../../index-schema/countries.tsv")),
    ("persons.tsv", include_str!("../../index-schema/persons.tsv")),
    ("guards.txt", include_str!("../../index-schema/guards.txt")),
    ("titles.txt", include_str!("../../index-schema/titles.txt")),
    ("given-names.txt", include_str!("../../index-schema/given-names.txt")),
    ("not-persons.txt", include_str!("../../index-schema/not-persons.txt")),
    ("topics.toml", include_str!("../../index-schema/topics.toml")),
    ("mappings/reuters-places.tsv", include_str!("../../index-schema/mappings/reuters-places.tsv")),
    ("mappings/reuters-topics.tsv", include_str!("../../index-schema/mappings/reuters-topics.tsv")),
];

/// The texts of one dictionary, the one that counts more last: the built-in one, a user's one, or both.
struct Texts {
    name: &'static str,
    builtin: Option<&'static str>,
    users: Option<String>,
}

impl Taxonomy {
    /// The built-in dictionaries.
    ///
    /// # Errors
    /// Never with the dictionaries as released: a test reads them.
    pub fn builtin() -> Result<Self, TaxonomyError> {
        Self::of(None)
    }

    /// The dictionaries of a folder, and the built-in ones for what it does not hold.
    ///
    /// # Errors
    /// The first mistake in a file, a file that cannot be read, or a folder that holds no dictionary.
    pub fn load(folder: &Path) -> Result<Self, TaxonomyError> {
        Self::of(Some(folder))
    }

    /// The page debris, made ready.
    ///
    /// # Errors
    /// The first mistake in `boilerplate.toml`.
    pub fn boilerplate(&self) -> Result<Boilerplate, TaxonomyError> {
        // A list that extends the built-in one says so by itself.
        Ok(Boilerplate::parse(&self.boilerplate, "boilerplate.toml")?)
    }

    fn of(folder: Option<&Path>) -> Result<Self, TaxonomyError> {
        let mut files = FILES.into_iter().map(|(name, builtin)| Texts::read(folder, name, builtin));
        let mut next = || files.next().unwrap_or_else(|| unreachable!("as many as FILES"));
        let (schema, countries, persons, guards) = (next()?, next()?, next()?, next()?);
        let (titles, given, not_persons) = (next()?, next()?, next()?);
        let (topics, places, topic_codes) = (next()?, next()?, next()?);
        let boilerplate = Texts::read(folder, "boilerplate.toml", boilerplate::BUILTIN)?;
        let all = [&schema, &countries, &persons, &guards, &titles, &given, &not_persons];
        let more = [&topics, &places, &topic_codes, &boilerplate];
        if let Some(folder) = folder
            && all.into_iter().chain(more).all(|texts| texts.users.is_none())
        {
            return Err(TaxonomyError::Empty(folder.display().to_string()));
        }
        let fingerprint = fingerprint(all.into_iter().chain(more));
        let mut words = Words::default();
        for texts in [&titles, &given, &not_persons] {
            texts.each(|text, file| words.add(text, file))?;
        }
        let mut merged = Countries::default();
        countries.each(|text, file| Countries::parse(text, file).map(|more| merged.extend(more)))?;
        let mut all_persons = Persons::default();
        persons.each(|text, file| Persons::parse(text, file).map(|more| all_persons.extend(more)))?;
        let mut all_guards = Guards::default();
        guards.each(|text, file| {
            Guards::parse(text, file).map(|more| all_guards.phrases.extend(more.phrases))
        })?;
        let mut all_topics = Topics::default();
        topics
            .each(|text, file| Topics::parse(text, file, &all_topics).map(|more| all_topics.extend(more)))?;
        let mut all_places = PlaceCodes::default();
        places.each(|text, file| {
            PlaceCodes::parse(text, file).map(|more| all_places.countries.extend(more.countries))
        })?;
        let mut codes = TopicCodes::default();
        topic_codes
            .each(|text, file| TopicCodes::parse(text, file).map(|more| codes.paths.extend(more.paths)))?;
        Ok(Self {
            countries: merged,
            persons: all_persons,
            guards: all_guards,
            words,
            places: all_places,
            topics: all_topics,
            topic_codes: codes,
            boilerplate: boilerplate.users.unwrap_or_else(|| boilerplate::BUILTIN.to_owned()),
            schema: schema::text(schema.users.as_deref(), schema.name)?,
            fingerprint,
        })
    }
}

impl Texts {
    fn read(folder: Option<&Path>, name: &'static str, builtin: &'static str) -> Result<Self, TaxonomyError> {
        let Some(folder) = folder else { return Ok(Self { name, builtin: Some(builtin), users: None }) };
        let path = folder.join(name);
        match std::fs::read_to_string(&path) {
            Ok(users) => {
                let builtin = extends(&users).then_some(builtin);
                Ok(Self { name, builtin, users: Some(users) })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self { name, builtin: Some(builtin), users: None })
            }
            Err(source) => Err(TaxonomyError::Io { path: path.display().to_string(), source }),
        }
    }

    fn each(
        &self,
        mut read: impl FnMut(&str, &str) -> Result<(), TaxonomyError>,
    ) -> Result<(), TaxonomyError> {
        for text in [self.builtin, self.users.as_deref()].into_iter().flatten() {
            read(text, self.name)?;
        }
        Ok(())
    }
}

/// The hash of the program's version and of every text in use.
fn fingerprint<'a>(all: impl Iterator<Item = &'a Texts>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    for texts in all {
        for text in [texts.builtin, texts.users.as_deref()] {
            hasher.update(b"\0");
            hasher.update(text.unwrap_or_default().as_bytes());
        }
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Whether a user's file is added to the built-in one: its first lines say `extends = "builtin"`.
fn extends(text: &str) -> bool {
    let head = text
        .lines()
        .take_while(|line| line.starts_with('#') || line.trim().is_empty() || line.contains("extends"));
    head.into_iter().any(|line| line.trim_start_matches(['#', ' ']).replace(' ', "") == "extends=\"builtin\"")
}

/// Puts `more` into `list`: an entry with the same key takes the place of the one there.
fn merge<T>(list: &mut Vec<T>, more: Vec<T>, key: impl Fn(&T) -> &str) {
    for entry in more {
        match list.iter().position(|there| key(there) == key(&entry)) {
            Some(at) => list[at] = entry,
            None => list.push(entry),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Taxonomy, extends};

    #[test]
    fn the_built_in_dictionaries_can_be_read() {
        let taxonomy = Taxonomy::builtin().unwrap();
        assert!(taxonomy.countries.list.len() >= 249);
        assert!(taxonomy.persons.list.len() >= 300);
        assert!(taxonomy.topics.list.len() >= 100);
        assert!(!taxonomy.guards.phrases.is_empty());
        taxonomy.boilerplate().unwrap();
    }

    #[test]
    fn codes_of_other_archives_name_our_values() {
        let taxonomy = Taxonomy::builtin().unwrap();
        for code in taxonomy.places.countries.values() {
            assert!(taxonomy.countries.list.iter().any(|country| country.code == *code), "{code}");
        }
        for path in taxonomy.topic_codes.paths.values() {
            assert!(taxonomy.topics.list.iter().any(|topic| topic.path == *path), "{path}");
        }
    }

    fn with(files: &[(&str, &str)]) -> Result<Taxonomy, String> {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        Taxonomy::load(dir.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_users_file_replaces_or_extends() {
        let head = "wikidata\tname\tfamily\tcountry\tyears\toffices\taliases\tbare\n";
        let row = "\tJane Example\tExample\tGB\n";
        assert_eq!(with(&[("persons.tsv", &format!("{head}{row}"))]).unwrap().persons.list.len(), 1);
        let extended = with(&[("persons.tsv", &format!("# extends = \"builtin\"\n{head}{row}"))]).unwrap();
        assert_eq!(extended.persons.list.len(), Taxonomy::builtin().unwrap().persons.list.len() + 1);
        let topic = "extends = \"builtin\"\n[[topic]]\npath = \"Local/Harbour\"\nabout = \"x\"\nquery = \"harbour\"\n";
        assert!(with(&[("topics.toml", topic)]).unwrap_err().contains("before its parent"));
        let topic = topic.replace("Local/", "Conflict/");
        let topics = with(&[("topics.toml", &topic)]).unwrap().topics.list.len();
        assert_eq!(topics, Taxonomy::builtin().unwrap().topics.list.len() + 1);
    }

    #[test]
    fn mistakes_name_file_and_line() {
        assert!(with(&[("countries.tsv", "code\tname\n")]).unwrap_err().starts_with("countries.tsv:1: "));
        assert!(with(&[("other.txt", "x")]).unwrap_err().contains("none of the files"));
    }

    #[test]
    fn every_dictionary_counts_for_the_fingerprint() {
        let builtin = Taxonomy::builtin().unwrap().fingerprint;
        let topic =
            "extends = \"builtin\"\n[[topic]]\npath = \"Harbours\"\nabout = \"x\"\nquery = \"harbour\"\n";
        let changed = [("topics.toml", topic), ("schema.toml", "[json]\nbody = [\"corpo\"]\n")]
            .map(|file| with(&[file]).unwrap().fingerprint);
        assert!(changed[0] != builtin && changed[1] != builtin && changed[0] != changed[1]);
        assert_eq!(Taxonomy::builtin().unwrap().fingerprint, builtin);
    }

    #[test]
    fn extends_is_said_at_the_top() {
        assert!(extends("# extends = \"builtin\"\ncode\tname\n"));
        assert!(extends("extends=\"builtin\"\n[[topic]]\n"));
        assert!(!extends("code\tname\n# extends = \"builtin\"\n"));
    }
}
