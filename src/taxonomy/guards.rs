//! A *guard* is a phrase that holds a country's form and must not count as the country: `New Jersey`.

use crate::taxonomy::TaxonomyError;

/// All guards, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guards {
    /// The phrases, as they are written.
    pub phrases: Vec<String>,
}

impl Guards {
    /// Reads `guards.txt`: one phrase a line, `#` comments.
    ///
    /// # Errors
    /// The first line without a letter.
    pub fn parse(text: &str, file: &str) -> Result<Self, TaxonomyError> {
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).zip(1..);
        let kept = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
        kept.map(|(line, number)| phrase(line, number, file))
            .collect::<Result<_, _>>()
            .map(|phrases| Self { phrases })
    }
}

fn phrase(line: &str, number: usize, file: &str) -> Result<String, TaxonomyError> {
    if line.chars().any(char::is_alphabetic) {
        return Ok(line.to_owned());
    }
    let reason = format!("'{line}' holds no letter: write one phrase a line");
    Err(TaxonomyError::Mistake { file: file.to_owned(), line: number, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_and_mistakes() {
        let guards = Guards::parse("# towns\nNew Jersey\n\nMorgan Stanley\n", "guards.txt").unwrap();
        assert_eq!(guards.phrases, ["New Jersey", "Morgan Stanley"]);
        let error = Guards::parse("New Jersey\n--\n", "guards.txt").unwrap_err().to_string();
        assert_eq!(error, "guards.txt:2: '--' holds no letter: write one phrase a line");
    }
}
