//! A *taxonomy* is the set of dictionaries of `index-schema/`: countries, persons, topics, boilerplate, word lists and
//! the schema of the index.
//!
//! They are built into the program; a user's folder replaces them file by file, or extends those of its tables that
//! say `extends = "builtin"` (in a comment, where the format has no other place for it), but for `known-names.txt`. Every mistake names its file
//! and line. A built-in dictionary is read when it is asked for: a search needs few of them or none, and reading all takes
//! longer than most searches.

pub mod boilerplate;
pub mod codes;
pub mod countries;
pub mod guards;
pub mod known;
pub mod language;
pub mod learned;
pub mod persons;
pub mod phrases;
pub mod places;
mod schema;
mod table;
pub mod topics;
pub mod words;
mod written;
pub mod years;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::taxonomy::boilerplate::Boilerplate;
use crate::taxonomy::boilerplate::BoilerplateError;
use crate::taxonomy::codes::TopicCodes;
use crate::taxonomy::countries::Countries;
use crate::taxonomy::guards::Guards;
use crate::taxonomy::known::KnownNames;
use crate::taxonomy::learned::LearnedTopic;
use crate::taxonomy::persons::Persons;
use crate::taxonomy::phrases::PhraseWords;
use crate::taxonomy::places::PlaceCodes;
use crate::taxonomy::topics::Topics;
use crate::taxonomy::words::Words;

/// All dictionaries.
#[derive(Debug)]
pub struct Taxonomy {
    countries: Dictionary<Countries>,
    persons: Dictionary<Persons>,
    guards: Dictionary<Guards>,
    words: Dictionary<Words>,
    known: Dictionary<KnownNames>,
    places: Dictionary<PlaceCodes>,
    topics: Dictionary<Topics>,
    topic_codes: Dictionary<TopicCodes>,
    phrases: Dictionary<PhraseWords>,
    /// A user's learned topics, by path, with the texts of their files.
    learned: Vec<(LearnedTopic, String)>,
    boilerplate: Texts,
    schema: Dictionary<String>,
}

/// A dictionary that is read when it is first asked for.
#[derive(Debug)]
struct Dictionary<T> {
    texts: Vec<Texts>,
    read: fn(&[Texts]) -> Result<T, TaxonomyError>,
    ready: OnceLock<T>,
}

impl<T> Dictionary<T> {
    fn new(texts: Vec<Texts>, read: fn(&[Texts]) -> Result<T, TaxonomyError>) -> Self {
        Self { texts, read, ready: OnceLock::new() }
    }

    /// Reads it now.
    fn check(&self) -> Result<(), TaxonomyError> {
        let read = (self.read)(&self.texts)?;
        self.ready.get_or_init(|| read);
        Ok(())
    }

    /// The built-in text, where it is all there is and has not been read.
    fn unread(&self) -> Option<&'static str> {
        match self.texts.as_slice() {
            [Texts { builtin, users: None, .. }] if self.ready.get().is_none() => *builtin,
            _ => None,
        }
    }

    /// # Panics
    /// Never: a user's dictionaries are read as they are loaded, the built-in ones by a test.
    fn get(&self) -> &T {
        self.ready.get_or_init(|| (self.read)(&self.texts).expect("the built-in dictionaries can be read"))
    }
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

const COUNTRIES: &str = "countries.tsv";
const PERSONS: &str = "persons.tsv";

/// The files of `index-schema/`, with their built-in texts.
const FILES: [(&str, &str); 18] = [
    ("schema.toml", include_str!("../../index-schema/schema.toml")),
    (COUNTRIES, include_str!("../../index-schema/countries.tsv")),
    (PERSONS, include_str!("../../index-schema/persons.tsv")),
    ("guards.txt", include_str!("../../index-schema/guards.txt")),
    ("titles.txt", include_str!("../../index-schema/titles.txt")),
    ("given-names.txt", include_str!("../../index-schema/given-names.txt")),
    ("given-names-more.txt", include_str!("../../index-schema/given-names-more.txt")),
    ("not-persons.txt", include_str!("../../index-schema/not-persons.txt")),
    ("known-names.txt", include_str!("../../index-schema/known-names.txt")),
    ("topics.toml", include_str!("../../index-schema/topics.toml")),
    ("phrase-words.txt", include_str!("../../index-schema/phrase-words.txt")),
    ("phrases.txt", include_str!("../../index-schema/phrases.txt")),
    ("mappings/reuters-places.tsv", include_str!("../../index-schema/mappings/reuters-places.tsv")),
    ("mappings/iso-places.tsv", include_str!("../../index-schema/mappings/iso-places.tsv")),
    ("mappings/reuters-topics.tsv", include_str!("../../index-schema/mappings/reuters-topics.tsv")),
    ("mappings/iptc-topics.tsv", include_str!("../../index-schema/mappings/iptc-topics.tsv")),
    ("mappings/iptc-names.tsv", include_str!("../../index-schema/mappings/iptc-names.tsv")),
    ("mappings/topic-names.tsv", include_str!("../../index-schema/mappings/topic-names.tsv")),
];

/// The texts of one dictionary file, the one that counts more last: the built-in one, a user's one, or both.
#[derive(Debug)]
struct Texts {
    name: &'static str,
    builtin: Option<&'static str>,
    users: Option<String>,
}

impl Taxonomy {
    /// The built-in dictionaries.
    pub fn builtin() -> Self {
        Self::of(&mut |name, builtin| Texts { name, builtin: Some(builtin), users: None })
    }

    /// The dictionaries of a folder, and the built-in ones for what it does not hold.
    ///
    /// # Errors
    /// The first mistake in a file, a file that cannot be read, or a folder that holds no dictionary.
    pub fn load(folder: &Path) -> Result<Self, TaxonomyError> {
        let (mut failed, mut found) = (None, false);
        let taxonomy = Self::of(&mut |name, builtin| {
            let texts = Texts::read(folder, name, builtin).unwrap_or_else(|error| {
                failed.get_or_insert(error);
                Texts { name, builtin: None, users: None }
            });
            found |= texts.users.is_some();
            texts
        });
        let learned = learned_below(&folder.join(LEARNED))?;
        found |= !learned.is_empty();
        let taxonomy = Self { learned, ..taxonomy };
        match failed {
            Some(error) => Err(error),
            None if !found => Err(TaxonomyError::Empty(folder.display().to_string())),
            None => taxonomy.check().map(|()| taxonomy),
        }
    }

    /// Countries and their forms.
    pub fn countries(&self) -> &Countries {
        self.countries.get()
    }

    /// Persons and their forms.
    pub fn persons(&self) -> &Persons {
        self.persons.get()
    }

    /// The names of the persons that a name, an alias or a family name stands for; `folded` is folded. The built-in list
    /// is not read whole for that.
    pub fn persons_named(&self, folded: &str) -> Vec<String> {
        let alone = self.persons.unread().and_then(|text| Persons::parse_holding(text, PERSONS, folded).ok());
        alone.as_ref().unwrap_or_else(|| self.persons()).resolve(folded)
    }

    /// The names of the countries that a code or a form stands for, likewise.
    pub fn countries_named(&self, folded: &str) -> Vec<String> {
        let alone =
            self.countries.unread().and_then(|text| Countries::parse_holding(text, COUNTRIES, folded).ok());
        alone.as_ref().unwrap_or_else(|| self.countries()).resolve(folded)
    }

    /// Phrases that are no country.
    pub fn guards(&self) -> &Guards {
        self.guards.get()
    }

    /// Word lists about persons' names.
    pub fn words(&self) -> &Words {
        self.words.get()
    }

    /// Names of persons that no list of given names tells.
    pub fn known(&self) -> &KnownNames {
        self.known.get()
    }

    /// What other archives' own tags call countries.
    pub fn places(&self) -> &PlaceCodes {
        self.places.get()
    }

    /// Topics and their queries.
    pub fn topics(&self) -> &Topics {
        self.topics.get()
    }

    /// A user's learned topics, by path.
    pub fn learned(&self) -> impl ExactSizeIterator<Item = &LearnedTopic> {
        self.learned.iter().map(|(topic, _)| topic)
    }

    /// What other archives' own tags call topics.
    pub fn topic_codes(&self) -> &TopicCodes {
        self.topic_codes.get()
    }

    /// English words and the parts they play in noun phrases.
    pub fn phrases(&self) -> &PhraseWords {
        self.phrases.get()
    }

    /// The text of `schema.toml`.
    pub fn schema(&self) -> &str {
        self.schema.get()
    }

    /// The page debris, made ready, which takes time.
    ///
    /// # Errors
    /// The first mistake in `boilerplate.toml`.
    pub fn boilerplate(&self) -> Result<Boilerplate, TaxonomyError> {
        // A list that extends the built-in one says so by itself.
        let text = self.boilerplate.users.as_deref().unwrap_or(boilerplate::BUILTIN);
        Ok(Boilerplate::parse(text, "boilerplate.toml")?)
    }

    /// Tells these dictionaries and this version of the program from any other: what an article becomes depends on both.
    pub fn fingerprint(&self) -> String {
        let texts = [&self.countries.texts, &self.persons.texts, &self.guards.texts, &self.words.texts];
        let more = [
            &self.known.texts,
            &self.places.texts,
            &self.topics.texts,
            &self.topic_codes.texts,
            &self.phrases.texts,
            &self.schema.texts,
        ];
        let learned = self.learned.iter().map(|(_, text)| text.as_str());
        fingerprint(texts.into_iter().chain(more).flatten().chain([&self.boilerplate]), learned)
    }

    fn of(texts: &mut dyn FnMut(&'static str, &'static str) -> Texts) -> Self {
        let mut file = |wanted: &str| {
            let (name, builtin) = FILES.iter().find(|(name, _)| *name == wanted).unwrap_or(&FILES[0]);
            texts(name, builtin)
        };
        let words =
            ["titles.txt", "given-names.txt", "given-names-more.txt", "not-persons.txt"].map(&mut file);
        let phrases = ["phrase-words.txt", "phrases.txt"].map(&mut file);
        let places = ["iso-places.tsv", "reuters-places.tsv"].map(|name| file(&format!("mappings/{name}")));
        let codes = ["iptc-topics.tsv", "iptc-names.tsv", "topic-names.tsv", "reuters-topics.tsv"]
            .map(|name| file(&format!("mappings/{name}")));
        Self {
            countries: Dictionary::new(vec![file(COUNTRIES)], countries_of),
            persons: Dictionary::new(vec![file(PERSONS)], persons_of),
            guards: Dictionary::new(vec![file("guards.txt")], guards_of),
            words: Dictionary::new(Vec::from(words), words_of),
            known: Dictionary::new(vec![file("known-names.txt")], known_of),
            places: Dictionary::new(Vec::from(places), places_of),
            topics: Dictionary::new(vec![file("topics.toml")], topics_of),
            phrases: Dictionary::new(Vec::from(phrases), phrases_of),
            topic_codes: Dictionary::new(Vec::from(codes), topic_codes_of),
            schema: Dictionary::new(vec![file("schema.toml")], schema_of),
            learned: Vec::new(),
            boilerplate: texts("boilerplate.toml", boilerplate::BUILTIN),
        }
    }

    fn check(&self) -> Result<(), TaxonomyError> {
        self.schema.check()?;
        self.countries.check()?;
        self.persons.check()?;
        self.guards.check()?;
        self.words.check()?;
        self.known.check()?;
        self.topics.check()?;
        self.places.check()?;
        self.topic_codes.check()?;
        self.phrases.check()
    }
}

fn countries_of(texts: &[Texts]) -> Result<Countries, TaxonomyError> {
    let mut all = Countries::default();
    each(texts, |text, file| Countries::parse(text, file).map(|more| all.extend(more)))?;
    Ok(all)
}

fn persons_of(texts: &[Texts]) -> Result<Persons, TaxonomyError> {
    let mut all = Persons::default();
    each(texts, |text, file| Persons::parse(text, file).map(|more| all.extend(more)))?;
    Ok(all)
}

fn guards_of(texts: &[Texts]) -> Result<Guards, TaxonomyError> {
    let mut all = Guards::default();
    each(texts, |text, file| Guards::parse(text, file).map(|more| all.phrases.extend(more.phrases)))?;
    Ok(all)
}

fn words_of(texts: &[Texts]) -> Result<Words, TaxonomyError> {
    let mut all = Words::default();
    each(texts, |text, file| all.add(text, file))?;
    Ok(all)
}

/// A user's list takes the place of the built-in one: no list is two texts, as names are looked up in the text itself.
fn known_of(texts: &[Texts]) -> Result<KnownNames, TaxonomyError> {
    let Some(texts) = texts.first() else { return Ok(KnownNames::default()) };
    match (&texts.users, texts.builtin) {
        (Some(users), _) => KnownNames::parse(users, texts.name),
        (None, builtin) => Ok(KnownNames::sorted(builtin.unwrap_or_default())),
    }
}

fn places_of(texts: &[Texts]) -> Result<PlaceCodes, TaxonomyError> {
    let mut all = PlaceCodes::default();
    each(texts, |text, file| PlaceCodes::parse(text, file).map(|more| all.countries.extend(more.countries)))?;
    Ok(all)
}

fn topics_of(texts: &[Texts]) -> Result<Topics, TaxonomyError> {
    let mut all = Topics::default();
    for texts in texts {
        if let Some(text) = texts.builtin {
            all.extend(Topics::parse(text, texts.name, &all)?);
        }
        if let Some(text) = &texts.users {
            all.extend(Topics::parse(text, texts.name, &all)?.of_user());
        }
    }
    Ok(all)
}

fn topic_codes_of(texts: &[Texts]) -> Result<TopicCodes, TaxonomyError> {
    let mut all = TopicCodes::default();
    each(texts, |text, file| TopicCodes::parse(text, file).map(|more| all.extend(more)))?;
    Ok(all)
}

fn phrases_of(texts: &[Texts]) -> Result<PhraseWords, TaxonomyError> {
    let mut all = PhraseWords::default();
    each(texts, |text, file| all.add(text, file))?;
    Ok(all)
}

fn schema_of(texts: &[Texts]) -> Result<String, TaxonomyError> {
    let users = texts.iter().find_map(|texts| texts.users.as_deref());
    schema::text(users, "schema.toml")
}

/// The topics of a file, on top of the built-in ones where it says `extends = "builtin"`.
///
/// # Errors
/// Where it cannot be read, or the first mistake in it.
pub fn topics_in(path: &Path) -> Result<Topics, TaxonomyError> {
    let file = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|source| TaxonomyError::Io { path: file.clone(), source })?;
    let mut all = Topics::default();
    if extends(&text) {
        all.extend(Taxonomy::builtin().topics().clone());
    }
    let users = Topics::parse(&text, &file, &all)?;
    all.extend(users.of_user());
    Ok(all)
}

/// The folder of learned topics, below a user's dictionaries.
pub const LEARNED: &str = "learned";

/// The learned topics below a folder, by path; none where it is not there.
fn learned_below(folder: &Path) -> Result<Vec<(LearnedTopic, String)>, TaxonomyError> {
    let mut learned: Vec<(LearnedTopic, String)> = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |source| TaxonomyError::Io { path: folder.display().to_string(), source };
        let entries = match folder.read_dir() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            entries => entries.map_err(failed)?,
        };
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            match entry.file_type().map_err(failed)?.is_dir() {
                true => folders.push(entry.path()),
                false => paths.push(entry.path()),
            }
        }
        for path in paths.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "toml")) {
            let file = path.display().to_string();
            let text = std::fs::read_to_string(&path)
                .map_err(|source| TaxonomyError::Io { path: file.clone(), source })?;
            let topic = LearnedTopic::parse(&text, &file)?;
            if let Some((before, _)) = learned.iter().find(|(before, _)| before.path == topic.path) {
                let reason = format!("'{}' is learned in another file too", before.path);
                return Err(TaxonomyError::Mistake { file, line: 1, reason });
            }
            learned.push((topic, text));
        }
    }
    learned.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    Ok(learned)
}

/// Calls `read` with every text and the name of its file.
fn each(
    texts: &[Texts],
    mut read: impl FnMut(&str, &str) -> Result<(), TaxonomyError>,
) -> Result<(), TaxonomyError> {
    for texts in texts {
        for text in [texts.builtin, texts.users.as_deref()].into_iter().flatten() {
            read(text, texts.name)?;
        }
    }
    Ok(())
}

impl Texts {
    fn read(folder: &Path, name: &'static str, builtin: &'static str) -> Result<Self, TaxonomyError> {
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
}

/// The hash of the program's version and of every text in use.
fn fingerprint<'a>(all: impl Iterator<Item = &'a Texts>, learned: impl Iterator<Item = &'a str>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    for texts in all {
        for text in [texts.builtin, texts.users.as_deref()] {
            hasher.update(b"\0");
            hasher.update(text.unwrap_or_default().as_bytes());
        }
    }
    for text in learned {
        hasher.update(b"\0");
        hasher.update(text.as_bytes());
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
    let mut places: FxHashMap<String, usize> =
        list.iter().map(|entry| key(entry).to_owned()).zip(0..).collect();
    for entry in more {
        match places.get(key(&entry)) {
            Some(at) => list[*at] = entry,
            None => {
                places.insert(key(&entry).to_owned(), list.len());
                list.push(entry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Taxonomy, extends};

    #[test]
    fn the_built_in_dictionaries_can_be_read() {
        let taxonomy = Taxonomy::builtin();
        taxonomy.check().unwrap();
        assert!(taxonomy.countries().list.len() >= 249);
        assert!(taxonomy.persons().list.len() >= 300);
        assert!(taxonomy.topics().list.len() >= 100);
        assert!(!taxonomy.guards().phrases.is_empty());
        taxonomy.boilerplate().unwrap();
        let known = include_str!("../../index-schema/known-names.txt");
        super::KnownNames::parse(known, "known-names.txt").unwrap();
        for (first, family) in [("morgan", "freeman"), ("malivai", "washington"), ("spike", "lee")] {
            assert!(taxonomy.known().hold(first, family), "{first} {family}");
        }
    }

    #[test]
    fn no_word_is_strong_and_weak_in_one_list() {
        let mut seen = std::collections::BTreeMap::new();
        let mut twice = Vec::new();
        for word in &Taxonomy::builtin().words().list {
            let key = (word.list, crate::article::fold(&word.text), word.language.map(|l| format!("{l:?}")));
            if seen.insert(key, word.weak).is_some_and(|weak| weak != word.weak) {
                twice.push(format!("{:?} {}", word.list, word.text));
            }
        }
        assert_eq!(twice, [""; 0], "strong and weak at once: the strong one counts");
    }

    #[test]
    fn codes_of_other_archives_name_our_values() {
        let taxonomy = Taxonomy::builtin();
        for code in taxonomy.places().countries.values() {
            assert!(taxonomy.countries().list.iter().any(|country| country.code == *code), "{code}");
        }
        for path in taxonomy.topic_codes().paths() {
            assert!(taxonomy.topics().list.iter().any(|topic| topic.path == path), "{path}");
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
        assert_eq!(with(&[("persons.tsv", &format!("{head}{row}"))]).unwrap().persons().list.len(), 1);
        let extended = with(&[("persons.tsv", &format!("# extends = \"builtin\"\n{head}{row}"))]).unwrap();
        assert_eq!(extended.persons().list.len(), Taxonomy::builtin().persons().list.len() + 1);
        let topic = "extends = \"builtin\"\n[[topic]]\npath = \"Local/Harbour\"\nabout = \"x\"\nquery = \"harbour\"\n";
        assert!(with(&[("topics.toml", topic)]).unwrap_err().contains("before its parent"));
        let topic = topic.replace("Local/", "Conflict/");
        let topics = with(&[("topics.toml", &topic)]).unwrap().topics().list.len();
        assert_eq!(topics, Taxonomy::builtin().topics().list.len() + 1);
    }

    #[test]
    fn mistakes_name_file_and_line() {
        assert!(with(&[("countries.tsv", "code\tname\n")]).unwrap_err().starts_with("countries.tsv:1: "));
        assert!(with(&[("other.txt", "x")]).unwrap_err().contains("none of the files"));
    }

    #[test]
    fn every_dictionary_counts_for_the_fingerprint() {
        let builtin = Taxonomy::builtin().fingerprint();
        let topic =
            "extends = \"builtin\"\n[[topic]]\npath = \"Harbours\"\nabout = \"x\"\nquery = \"harbour\"\n";
        let changed = [("topics.toml", topic), ("schema.toml", "[json]\nbody = [\"corpo\"]\n")]
            .map(|file| with(&[file]).unwrap().fingerprint());
        assert!(changed[0] != builtin && changed[1] != builtin && changed[0] != changed[1]);
        assert_eq!(Taxonomy::builtin().fingerprint(), builtin);
    }

    #[test]
    fn extends_is_said_at_the_top() {
        assert!(extends("# extends = \"builtin\"\ncode\tname\n"));
        assert!(extends("extends=\"builtin\"\n[[topic]]\n"));
        assert!(!extends("code\tname\n# extends = \"builtin\"\n"));
    }
}
