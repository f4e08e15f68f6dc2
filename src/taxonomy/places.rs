//! A *place code* is the name another archive's own tags give a country: `west-germany`.

use std::collections::BTreeMap;

use crate::taxonomy::TaxonomyError;
use crate::taxonomy::table::rows;

/// Country codes (ISO 3166 alpha-2) by place code in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceCodes {
    /// The mapping.
    pub countries: BTreeMap<String, String>,
}

impl PlaceCodes {
    /// Reads a mapping of `mappings/`: `code` and `country`, tab between.
    ///
    /// # Errors
    /// The first line that lacks one of the two, or repeats a code.
    pub fn parse(text: &str, file: &str) -> Result<Self, TaxonomyError> {
        let mut countries = BTreeMap::new();
        for row in rows(text, file, &["code", "country"])? {
            let code = row.needed("code")?.to_lowercase();
            if countries.contains_key(&code) {
                return Err(row.mistake(format!("'{code}' stands on two lines")));
            }
            countries.insert(code, row.needed("country")?.to_owned());
        }
        Ok(Self { countries })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_mistakes() {
        let codes = PlaceCodes::parse("code\tcountry\nussr\tSU\n", "reuters.tsv").unwrap();
        assert_eq!(codes.countries["ussr"], "SU");
        for wrong in ["code\tcountry\nussr\n", "code\tcountry\nUSSR\tSU\nussr\tRU\n"] {
            assert!(PlaceCodes::parse(wrong, "reuters.tsv").is_err(), "{wrong}");
        }
    }
}
