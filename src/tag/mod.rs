//! A *tag* says what an article is about; this room finds its persons, countries, topics and key phrases.
//!
//! Pure: no I/O, and the same article always gets the same tags. The dictionaries are folded once into a [`Tagger`].

mod beside;
mod clauses;
mod clues;
mod clusters;
mod countries;
pub mod examples;
mod explain;
mod finding;
mod given;
mod grading;
mod keyphrases;
pub mod learned;
mod names;
mod offices;
mod persons;
mod reading;
mod roles;
mod runs;
mod surnames;
#[cfg(test)]
mod tests;
pub mod tokens;
mod topics;
mod words;

use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::article::Mention;
use crate::article::Place;
use crate::article::Reason;
use crate::article::Tag;
use crate::article::Tags;
use crate::tag::finding::Finding;
use crate::tag::names::Meaning;
use crate::tag::names::Names;
use crate::tag::names::mark;
use crate::tag::reading::Reading;
use crate::tag::roles::Roles;
use crate::tag::runs::Run;
use crate::tag::tokens::Tokens;
use crate::tag::topics::TopicQueries;
use crate::taxonomy::Taxonomy;
use crate::taxonomy::TaxonomyError;
use crate::taxonomy::codes::TopicCodes;
use crate::taxonomy::countries::Countries;
use crate::taxonomy::countries::Country;
use crate::taxonomy::guards::Guards;
use crate::taxonomy::known::KnownNames;
use crate::taxonomy::language::Language;
use crate::taxonomy::learned::LearnedTopic;
use crate::taxonomy::persons::Person;
use crate::taxonomy::persons::Persons;
use crate::taxonomy::phrases::PhraseWords;
use crate::taxonomy::places::PlaceCodes;
use crate::taxonomy::topics::Topics;
use crate::taxonomy::words::List;
use crate::taxonomy::words::Word;
use crate::taxonomy::words::Words;

/// The dictionaries a tagger is made of.
#[derive(Clone, Debug)]
pub struct Dictionaries<'a> {
    /// Countries and their forms.
    pub countries: &'a Countries,
    /// Persons and their forms.
    pub persons: &'a Persons,
    /// Phrases that are no country.
    pub guards: &'a Guards,
    /// Word lists about persons' names.
    pub words: &'a Words,
    /// Names that no list of given names tells.
    pub known: &'a KnownNames,
    /// What other archives' tags call countries.
    pub places: &'a PlaceCodes,
    /// Topics and their queries.
    pub topics: &'a Topics,
    /// What other archives' tags call topics.
    pub topic_codes: &'a TopicCodes,
    /// English words and the parts they play in noun phrases.
    pub phrases: &'a PhraseWords,
    /// A user's learned topics.
    pub learned: Vec<&'a LearnedTopic>,
}

impl<'a> Dictionaries<'a> {
    /// The dictionaries of a taxonomy.
    pub fn of(taxonomy: &'a Taxonomy) -> Self {
        Self {
            countries: taxonomy.countries(),
            persons: taxonomy.persons(),
            guards: taxonomy.guards(),
            words: taxonomy.words(),
            known: taxonomy.known(),
            places: taxonomy.places(),
            topics: taxonomy.topics(),
            topic_codes: taxonomy.topic_codes(),
            phrases: taxonomy.phrases(),
            learned: taxonomy.learned().collect(),
        }
    }
}

/// The dictionaries, ready to be found in texts. Build it once: it takes far longer than to tag an article.
#[derive(Debug)]
pub struct Tagger {
    names: Names,
    countries: Vec<Country>,
    persons: Vec<Person>,
    titles: Vec<Word>,
    known: KnownNames,
    places: PlaceCodes,
    by_code: FxHashMap<String, u16>,
    topics: TopicQueries,
    roles: Roles,
}

impl Tagger {
    /// Folds the dictionaries. Of more than 65,535 countries the rest is left out.
    ///
    /// # Errors
    /// The first topic whose query cannot be read.
    pub fn new(dictionaries: &Dictionaries<'_>) -> Result<Self, TaxonomyError> {
        let countries = dictionaries.countries.list.clone();
        let persons = dictionaries.persons.list.clone();
        let forms = countries.iter().map(|country| country.forms.len()).sum::<usize>()
            + persons.iter().map(|person| 2 + person.aliases.len() + person.bare.len()).sum::<usize>();
        let mut names = Names::with_room(forms + dictionaries.words.list.len());
        // Words first: which of them are particles decides how persons' names may be written.
        let titles = add_words(&mut names, &dictionaries.words.list);
        add_countries(&mut names, &countries);
        add_persons(&mut names, &persons);
        dictionaries.guards.phrases.iter().for_each(|phrase| names.add(phrase, Meaning::Guard));
        let roles = Roles::new(&mut names, dictionaries.phrases);
        let by_code = countries.iter().map(|country| country.code.clone()).zip(0..).collect();
        let topics = TopicQueries::new(dictionaries.topics, dictionaries.topic_codes, &dictionaries.learned)?;
        let (known, places) = (dictionaries.known.clone(), dictionaries.places.clone());
        Ok(Self { names, countries, persons, titles, known, places, by_code, topics, roles })
    }

    /// Whether a form holds in a year and a language.
    fn admits(&self, meaning: &Meaning, year: Option<i16>, code: Option<&str>) -> bool {
        let spoken = |language: Option<Language>| language.is_none_or(|language| language.is(code));
        match meaning {
            Meaning::Country { country, language, .. } => {
                spoken(*language) && self.countries[usize::from(*country)].years.hold(year)
            }
            Meaning::Title(title) => spoken(self.titles[*title as usize].language),
            _ => true,
        }
    }

    /// The usual form of a title in lower case: `premier` is a prime minister.
    fn usual_title(&self, title: u32) -> &str {
        self.titles.get(title as usize).map_or("", |word| word.usual.as_deref().unwrap_or(&word.text))
    }
}

/// Topics to be tried by themselves, as a tagger would find them.
#[derive(Debug)]
pub struct Trial(TopicQueries);

impl Trial {
    /// Makes the topics ready.
    ///
    /// # Errors
    /// The first topic whose query cannot be read.
    pub fn new(topics: &Topics, learned: &[&LearnedTopic]) -> Result<Self, TaxonomyError> {
        Ok(Self(TopicQueries::new(topics, &TopicCodes::default(), learned)?))
    }

    /// Those of the topics that an article is about, most salient first.
    pub fn of(&self, article: &Article) -> Vec<Tag> {
        self.0.of(article)
    }
}

/// Finds an article's persons, countries, topics and key phrases and joins them with those its source gives.
pub fn tag(tagger: &Tagger, article: &Article) -> Tags {
    let (mut tags, phrases) = names_and_phrases(tagger, article);
    tags.tags.extend(topics(tagger, article));
    tags.tags.extend(phrases);
    tags
}

/// Finds an article's topics only, most salient first.
pub fn topics(tagger: &Tagger, article: &Article) -> Vec<Tag> {
    tagger.topics.of(article)
}

/// Finds an article's persons and countries, and its key phrases.
pub fn names_and_phrases(tagger: &Tagger, article: &Article) -> (Tags, Vec<Tag>) {
    let read = read(tagger, article);
    let mentions = mentions(article, &read.reading, &read.found);
    let phrases = keyphrases::of(&tagger.roles, article, &read);
    (Tags { tags: grading::tags(&read.reading, read.found), mentions }, phrases)
}

/// Finds an article's persons and countries only.
pub fn names(tagger: &Tagger, article: &Article) -> Tags {
    let read = read(tagger, article);
    let mentions = mentions(article, &read.reading, &read.found);
    Tags { tags: grading::tags(&read.reading, read.found), mentions }
}

/// Tells of every place that names a person or country, or might have, why it counts or does not, in order of the text;
/// then of every topic, most salient first, which words of the article its query asks for.
pub fn explain(tagger: &Tagger, article: &Article) -> Vec<Reason> {
    let mut reasons = explain::reasons(tagger, article, &read(tagger, article));
    reasons.extend(tagger.topics.reasons(article));
    reasons
}

/// What is found in an article.
struct Read<'a> {
    reading: Reading<'a>,
    found: Vec<Finding>,
    /// The rows of words that are no names.
    doubtful: Vec<Run>,
}

fn read<'a>(tagger: &'a Tagger, article: &Article) -> Read<'a> {
    let year = article.published.map(|date| date.in_year());
    let language = article.language.as_deref();
    let admits = |meaning: &Meaning| tagger.admits(meaning, year, language);
    let mut reading = Reading::of(&tagger.names, Tokens::of(article), admits);
    reading.language = language.and_then(Language::named).filter(|_| language != Some("en"));
    reading.capital_nouns = matches!(language, Some("de" | "lb"));
    let (mut found, doubtful) = persons::find(tagger, &reading, year);
    found.iter_mut().for_each(|person| name(person, article, &reading));
    let mut backing = given::countries(tagger, article, year);
    backing
        .extend(found.iter().flat_map(|person| &person.acts_for).filter_map(|code| tagger.by_code.get(code)));
    let dateline = article.dateline.as_deref();
    let context = countries::Context { dateline, year, backing: &backing, persons: &found };
    let countries = countries::find(tagger, &reading, &context);
    found.extend(countries);
    given::join(tagger, article, year, &mut found);
    Read { reading, found, doubtful }
}

/// Gives an open person the longest form in the article as canonical value, without a nickname in quotation marks.
fn name(person: &mut Finding, article: &Article, reading: &Reading<'_>) {
    let Some((start, end)) = person.longest else { return };
    let nickname = runs::nickname(reading, start, end);
    let text = |start, end| if start < end { text(article, reading, start, end) } else { "" };
    let words =
        text(start, nickname.start).split_whitespace().chain(text(nickname.end, end).split_whitespace());
    person.value = words.collect::<Vec<_>>().join(" ");
}

fn mentions(article: &Article, reading: &Reading<'_>, found: &[Finding]) -> Vec<Mention> {
    let mut spots: Vec<(usize, usize, &Finding)> =
        found.iter().flat_map(|f| f.spots.iter().map(move |spot| (spot.start, spot.end, f))).collect();
    spots.sort_by_key(|(start, end, _)| (*start, *end));
    let mention = |(start, end, finding): (usize, usize, &Finding)| {
        let first = reading.token(start);
        Mention {
            field: finding.field,
            value: finding.value.clone(),
            text: text(article, reading, start, end).to_owned(),
            place: first.place,
            range: [first.start, reading.token(end - 1).end],
        }
    };
    spots.into_iter().map(mention).collect()
}

/// The text of a row of tokens, all of one field.
fn text<'a>(article: &'a Article, reading: &Reading<'_>, start: usize, end: usize) -> &'a str {
    let (first, last) = (reading.token(start), reading.token(end - 1));
    let field = match first.place {
        Place::Headline => &article.headline,
        Place::Body => &article.body,
    };
    field.get(first.start as usize..last.end as usize).unwrap_or_default()
}

fn add_countries(names: &mut Names, countries: &[Country]) {
    for (country, number) in countries.iter().zip(0_u16..) {
        for form in &country.forms {
            let (evidence, ambiguous, language) = (form.evidence, form.ambiguous, form.language);
            names.add(&form.text, Meaning::Country { country: number, evidence, ambiguous, language });
        }
    }
}

/// Adds persons' forms. A full form of one word counts like a bare one: it is too short to stand against the rest.
fn add_persons(names: &mut Names, persons: &[Person]) {
    for (person, number) in persons.iter().zip(0_u32..) {
        for form in std::iter::once(&person.name).chain(&person.aliases) {
            let single = !form.contains([' ', '-']) && form.is_ascii();
            names.add(form, if single { Meaning::Bare(number) } else { Meaning::Full(number) });
        }
        for form in &person.bare {
            names.add(form, Meaning::Bare(number));
        }
        names.add(&person.family, Meaning::Family(number));
    }
}

/// Adds the word lists and returns the titles.
fn add_words(names: &mut Names, words: &[Word]) -> Vec<Word> {
    let mut titles = Vec::new();
    for word in words {
        match word.list {
            List::Title => {
                names.add(&word.text, Meaning::Title(u32::try_from(titles.len()).unwrap_or(u32::MAX)));
                titles.push(word.clone());
            }
            List::Phrase => names.add(&word.text, Meaning::Guard),
            list => match word.language {
                Some(language) => names.mark_word_of(&word.text, language),
                None => {
                    names.mark(&word.text, bit(list, word.weak));
                }
            },
        }
    }
    titles
}

fn bit(list: List, weak: bool) -> u32 {
    match (list, weak) {
        (List::Given, false) => mark::GIVEN,
        (List::Given, true) => mark::WEAK_GIVEN,
        (List::FamilyFirst, _) => mark::FAMILY_FIRST,
        (List::Particle, false) => mark::PARTICLE,
        (List::Particle, true) => mark::WEAK_PARTICLE,
        (List::Suffix, _) => mark::SUFFIX,
        (List::Word, false) => mark::WORD,
        (List::Word, true) => mark::WEAK_WORD,
        (List::Organisation, false) => mark::ORGANISATION,
        (List::Organisation, true) => mark::WEAK_ORGANISATION,
        (List::Eponym, _) => mark::EPONYM,
        (List::Speech, _) => mark::SPEECH,
        (List::Abbreviation, _) => mark::ABBREVIATION,
        (List::Capitals, _) => mark::CAPITALS,
        (List::Currency, false) => mark::CURRENCY,
        (List::Currency, true) => mark::WEAK_CURRENCY,
        (List::Language, _) => mark::LANGUAGE,
        (List::Firm, _) => mark::FIRM,
        (List::Title | List::Phrase, _) => 0,
    }
}
