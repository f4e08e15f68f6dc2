//! A *person* of the dictionary is somebody the news names often, with the offices and forms they are named by.

use crate::article::fold;
use crate::taxonomy::TaxonomyError;
use crate::taxonomy::merge;
use crate::taxonomy::table::Row;
use crate::taxonomy::table::lines_holding;
use crate::taxonomy::table::rows;
use crate::taxonomy::years::Years;

/// An office somebody held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// The title, in lower case: `prime minister`.
    pub title: String,
    /// The country or body, in capitals: `GB`, `UN`.
    pub of: String,
    /// When.
    pub years: Years,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The Wikidata id, where it is known.
    pub wikidata: Option<String>,
    /// The facet value.
    pub name: String,
    /// The part used alone in a second mention.
    pub family: String,
    /// The countries they act for, as codes.
    pub countries: Vec<String>,
    /// When the bare forms mean this person.
    pub years: Years,
    /// The offices they held.
    pub offices: Vec<Office>,
    /// Other full forms.
    pub aliases: Vec<String>,
    /// Forms that stand for this person without a full name in the article.
    pub bare: Vec<String>,
}

/// All persons, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Persons {
    /// The persons.
    pub list: Vec<Person>,
}

const HEADER: &[&str] = &["wikidata", "name", "family", "country", "years", "offices", "aliases", "bare"];

impl Persons {
    /// Reads `persons.tsv`.
    ///
    /// # Errors
    /// The first line that is no person: wrong header or columns, no name or family, an id that is no Q-id, years or
    /// offices that cannot be read.
    pub fn parse(text: &str, file: &str) -> Result<Self, TaxonomyError> {
        let list = rows(text, file, HEADER)?.iter().map(person).collect::<Result<_, _>>()?;
        Ok(Self { list })
    }

    /// The same of those persons of `persons.tsv` alone whose lines may hold a folded name, so that one name is resolved
    /// without reading all. Every line is kept where `folded` is not in Latin letters.
    ///
    /// # Errors
    /// As [`Persons::parse`], for the lines that are read.
    pub fn parse_holding(text: &str, file: &str, folded: &str) -> Result<Self, TaxonomyError> {
        Self::parse(&lines_holding(text, HEADER, folded), file)
    }

    /// Adds persons; one with the name of a known one takes its place.
    pub fn extend(&mut self, more: Self) {
        merge(&mut self.list, more.list, |person| &person.name);
    }

    /// The names of the persons that a name or alias stands for, or else a family name; `folded` is folded.
    pub fn resolve(&self, folded: &str) -> Vec<String> {
        let names = |found: &dyn Fn(&Person) -> bool| -> Vec<String> {
            self.list.iter().filter(|person| found(person)).map(|person| person.name.clone()).collect()
        };
        let by_name = names(&|person| {
            fold(&person.name) == folded || person.aliases.iter().any(|alias| fold(alias) == folded)
        });
        if !by_name.is_empty() {
            return by_name;
        }
        names(&|person| fold(&person.family) == folded || person.bare.iter().any(|bare| fold(bare) == folded))
    }
}

fn person(row: &Row<'_>) -> Result<Person, TaxonomyError> {
    let owned = |items: Vec<&str>| items.into_iter().map(str::to_owned).collect();
    Ok(Person {
        wikidata: wikidata(row)?,
        name: row.needed("name")?.to_owned(),
        family: row.needed("family")?.to_owned(),
        countries: row.list("country").map(str::to_owned).collect(),
        years: Years::parse(row.cell("years")).map_err(|reason| row.mistake(reason))?,
        offices: row.list("offices").map(|item| office(row, item)).collect::<Result<_, _>>()?,
        aliases: owned(row.names("aliases")?),
        bare: owned(row.names("bare")?),
    })
}

fn wikidata(row: &Row<'_>) -> Result<Option<String>, TaxonomyError> {
    let id = row.cell("wikidata");
    let digits = id.strip_prefix('Q').unwrap_or_default();
    match id {
        "" => Ok(None),
        _ if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => Ok(Some(id.to_owned())),
        _ => Err(row.mistake(format!("'{id}' is no Wikidata id: write Q and digits, or nothing"))),
    }
}

fn office(row: &Row<'_>, item: &str) -> Result<Office, TaxonomyError> {
    let wrong = || row.mistake(format!("'{item}' is no office: write title@CC:from-to"));
    let (title, rest) = item.split_once('@').ok_or_else(wrong)?;
    let (of, years) = rest.split_once(':').unwrap_or((rest, ""));
    if title.trim().is_empty() || of.len() < 2 || !of.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(wrong());
    }
    let years = Years::parse(years).map_err(|reason| row.mistake(format!("'{item}': {reason}")))?;
    Ok(Office { title: title.trim().to_lowercase(), of: of.to_owned(), years })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "wikidata\tname\tfamily\tcountry\tyears\toffices\taliases\tbare\n";

    #[test]
    fn a_line_becomes_a_person() {
        let line = "Q6279\tJoe Biden\tBiden\tUS\t2009-\tvice president@US:2009-2017|president@US:2021-2025\tJoseph Biden\tBiden\n";
        let persons = Persons::parse(&format!("{HEAD}{line}"), "persons.tsv").unwrap();
        let biden = &persons.list[0];
        assert_eq!(biden.wikidata.as_deref(), Some("Q6279"));
        assert_eq!((biden.offices[1].title.as_str(), biden.offices[1].of.as_str()), ("president", "US"));
        assert!(biden.offices[1].years.hold(Some(2021)) && !biden.offices[1].years.hold(Some(2010)));
        assert_eq!((biden.aliases.len(), biden.bare.len()), (1, 1));
    }

    #[test]
    fn lines_that_may_hold_a_name() {
        let text =
            format!("{HEAD}\tLuís Ünal\tÜnal\n\tAda King\tKing\t\t\t\tАда Кинг\n\tBo Kingsley\tKingsley\n");
        let names = |folded: &str| -> Vec<String> {
            let persons = Persons::parse_holding(&text, "persons.tsv", folded).unwrap();
            assert_eq!(
                persons.resolve(folded),
                Persons::parse(&text, "persons.tsv").unwrap().resolve(folded)
            );
            persons.list.into_iter().map(|person| person.name).collect()
        };
        assert_eq!(names("luis unal"), ["Luís Ünal"]);
        assert_eq!(names("king"), ["Ada King", "Bo Kingsley"]);
        assert_eq!(names("ада кинг").len(), 3);
        assert_eq!(names("nobody"), [""; 0]);
    }

    #[track_caller]
    fn check_mistake(lines: &str, line: usize, reason: &str) {
        let error = Persons::parse(&format!("{HEAD}{lines}"), "persons.tsv").unwrap_err().to_string();
        assert!(error.starts_with(&format!("persons.tsv:{line}: ")), "{error}");
        assert!(error.contains(reason), "{error}");
    }

    #[test]
    fn mistakes_name_their_line() {
        check_mistake("6279\tJoe Biden\tBiden\n", 2, "no Wikidata id");
        check_mistake("\tJoe Biden\tBiden\n\tJoe Biden\n", 3, "'family' is empty");
        check_mistake("\tJoe Biden\tBiden\tUS\t\tpresident\n", 2, "no office");
        check_mistake("\tJoe Biden\tBiden\tUS\t\tpresident@US:21\n", 2, "no span of years");
        check_mistake("\tJoe Biden\tBiden\tUS\t\t\t|123|\n", 2, "holds no letter");
    }
}
