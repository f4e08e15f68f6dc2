//! A *country* of the dictionary is a state or territory with every form a newspaper names it by.

use std::collections::HashSet;

use crate::article::fold;
use crate::taxonomy::TaxonomyError;
use crate::taxonomy::language::Language;
use crate::taxonomy::merge;
use crate::taxonomy::table::Row;
use crate::taxonomy::table::lines_holding;
use crate::taxonomy::table::rows;
use crate::taxonomy::years::Years;

/// What kind of form names a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// One of its names.
    Name,
    /// Its adjective.
    Adjective,
    /// Its people.
    People,
    /// Its capital.
    Capital,
    /// A city, state or region of it.
    Place,
    /// The seat of its government, or the like.
    Metonym,
}

/// One form of a country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The form, as it is written.
    pub text: String,
    /// What it says.
    pub evidence: Evidence,
    /// Whether it has another common meaning, so that it counts with other evidence only.
    pub ambiguous: bool,
    /// The only language it counts in, where it means something else in others: `es:francés`.
    pub language: Option<Language>,
}

/// One country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2, or the former country's alpha-2 of ISO 3166-3.
    pub code: String,
    /// The facet value.
    pub name: String,
    /// When there was such a country.
    pub years: Years,
    /// Its forms, its name first.
    pub forms: Vec<Form>,
}

/// All countries, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Countries {
    /// The countries.
    pub list: Vec<Country>,
}

const HEADER: &[&str] =
    &["code", "name", "years", "names", "adjectives", "people", "capital", "places", "metonyms"];
const COLUMNS: [(&str, Evidence); 6] = [
    ("names", Evidence::Name),
    ("adjectives", Evidence::Adjective),
    ("people", Evidence::People),
    ("capital", Evidence::Capital),
    ("places", Evidence::Place),
    ("metonyms", Evidence::Metonym),
];

impl Countries {
    /// Reads `countries.tsv`.
    ///
    /// # Errors
    /// The first line that is no country: wrong header or columns, a code that is not two capitals or comes twice, a
    /// name missing or used twice, years or forms that cannot be read.
    pub fn parse(text: &str, file: &str) -> Result<Self, TaxonomyError> {
        let rows = rows(text, file, HEADER)?;
        let list = rows.iter().map(country).collect::<Result<Vec<_>, _>>()?;
        let mut seen = HashSet::new();
        for (row, country) in rows.iter().zip(&list) {
            for unique in [&country.code, &country.name] {
                if !seen.insert(unique.as_str()) {
                    return Err(row.mistake(format!("'{unique}' stands on two lines")));
                }
            }
        }
        Ok(Self { list })
    }

    /// The same of those lines of `countries.tsv` alone that have a folded code, or else may hold a folded name.
    ///
    /// # Errors
    /// As [`Countries::parse`], for the lines that are read.
    pub fn parse_holding(text: &str, file: &str, folded: &str) -> Result<Self, TaxonomyError> {
        let code = format!("{}\t", folded.to_uppercase());
        match text.lines().find(|line| folded.len() == 2 && line.starts_with(&code)) {
            Some(line) => Self::parse(&format!("{}\n{line}\n", HEADER.join("\t")), file),
            None => Self::parse(&lines_holding(text, HEADER, folded), file),
        }
    }

    /// Adds countries; one with the code of a known one takes its place.
    pub fn extend(&mut self, more: Self) {
        merge(&mut self.list, more.list, |country| &country.code);
    }

    /// The names of the countries that a code, a name, an adjective or another unmistakable form stands for; `folded`
    /// is folded, each name comes once. A country's own code and name go before other countries' forms.
    pub fn resolve(&self, folded: &str) -> Vec<String> {
        let own = |country: &&Country| fold(&country.code) == folded || fold(&country.name) == folded;
        let exact: Vec<String> = self.list.iter().filter(own).map(|country| country.name.clone()).collect();
        if !exact.is_empty() {
            return exact;
        }
        let named = |country: &&Country| country.forms.iter().any(|form| fold(&form.text) == folded);
        self.list.iter().filter(named).map(|country| country.name.clone()).collect()
    }
}

fn country(row: &Row<'_>) -> Result<Country, TaxonomyError> {
    let (code, name) = (row.needed("code")?, row.needed("name")?);
    if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(row.mistake(format!("'{code}' is no code: write two capital letters (ISO 3166 alpha-2)")));
    }
    let years = Years::parse(row.cell("years")).map_err(|reason| row.mistake(reason))?;
    Ok(Country { code: code.to_owned(), name: name.to_owned(), years, forms: forms(row, name)? })
}

fn forms(row: &Row<'_>, name: &str) -> Result<Vec<Form>, TaxonomyError> {
    let mut forms = Vec::new();
    for (column, evidence) in COLUMNS {
        for item in row.names(column)? {
            let (language, item) = Language::split(item);
            let (text, ambiguous) = item.strip_prefix('?').map_or((item, false), |rest| (rest, true));
            forms.push(Form { text: text.to_owned(), evidence, ambiguous, language });
        }
    }
    if !forms.iter().any(|form| form.text == name) {
        forms.insert(
            0,
            Form { text: name.to_owned(), evidence: Evidence::Name, ambiguous: false, language: None },
        );
    }
    Ok(forms)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "code\tname\tyears\tnames\tadjectives\tpeople\tcapital\tplaces\tmetonyms\n";

    #[test]
    fn a_line_becomes_a_country() {
        let line = "# comment\nGE\tGeorgia\t1991-\t?Georgia|Грузия\tGeorgian|es:georgiano\t\tTbilisi\n";
        let countries = Countries::parse(&format!("{HEAD}{line}"), "countries.tsv").unwrap();
        let georgia = &countries.list[0];
        let form = |text: &str| georgia.forms.iter().find(|form| form.text == text).unwrap();
        assert_eq!((georgia.code.as_str(), georgia.forms.len()), ("GE", 5));
        assert!(form("Georgia").ambiguous && !form("Tbilisi").ambiguous);
        assert_eq!(form("Tbilisi").evidence, Evidence::Capital);
        assert_eq!(form("georgiano").language, Language::named("es"));
        assert!(!georgia.years.hold(Some(1987)));
    }

    #[track_caller]
    fn check_mistake(lines: &str, line: usize, reason: &str) {
        let error = Countries::parse(&format!("{HEAD}{lines}"), "countries.tsv").unwrap_err().to_string();
        assert!(error.starts_with(&format!("countries.tsv:{line}: ")), "{error}");
        assert!(error.contains(reason), "{error}");
    }

    #[test]
    fn mistakes_name_their_line() {
        check_mistake("CN\tChina\nchn\tChile\n", 3, "'chn' is no code");
        check_mistake("CN\t\n", 2, "'name' is empty");
        check_mistake("CN\tChina\nCN\tChile\n", 3, "'CN' stands on two lines");
        check_mistake("CN\tChina\tearly\n", 2, "no span of years");
        check_mistake("CN\tChina\t\t?\n", 2, "holds no letter");
        check_mistake("CN\tChina\t\t\t\t\t\t\t\t\t\n", 2, "columns where there are 9");
        assert!(Countries::parse("", "f").unwrap_err().to_string().starts_with("f:1: the header must be"));
    }
}
