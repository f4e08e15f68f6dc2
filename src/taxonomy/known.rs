//! *Known names* are names of persons whose first word is no common given name: a first word, then all family names that
//! are known with it.
//!
//! The list is long and asked for seldom, so it is never parsed: a name is looked up in the text of the file itself.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::article::fold;
use crate::taxonomy::TaxonomyError;

/// The text of `known-names.txt`: lines `first|family|family…` of folded words, sorted by first word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownNames {
    lines: Cow<'static, str>,
}

impl KnownNames {
    /// Takes a text that is known to be in order, like the built-in one.
    pub fn sorted(text: &'static str) -> Self {
        Self { lines: Cow::Borrowed(&text[head(text)..]) }
    }

    /// Takes a text as people write it: `#` comments, blank lines, capitals and accents are folded away.
    ///
    /// # Errors
    /// The first line out of order, or without a family name; a list that wants to extend the built-in one.
    pub fn parse(text: &str, file: &str) -> Result<Self, TaxonomyError> {
        let mut lines = String::with_capacity(text.len());
        let mut before = String::new();
        for (line, number) in text.trim_start_matches('\u{feff}').lines().map(str::trim).zip(1..) {
            let mistake = |reason| TaxonomyError::Mistake { file: file.to_owned(), line: number, reason };
            if line.replace(' ', "").starts_with("#extends=") {
                return Err(mistake(
                    "this list cannot extend the built-in one: take a copy of it and add to that".to_owned(),
                ));
            }
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let folded = fold(line);
            let Some((first, _)) = folded.split_once('|').filter(|(_, families)| !families.is_empty()) else {
                return Err(mistake(format!("'{line}' has no family name: write first|family|family")));
            };
            if first <= before.as_str() {
                return Err(mistake(format!(
                    "'{first}' stands after '{before}': sort the lines by first word"
                )));
            }
            before = first.to_owned();
            lines.push_str(&folded);
            lines.push('\n');
        }
        Ok(Self { lines: Cow::Owned(lines) })
    }

    /// Whether somebody is known by a first word and a family name, both folded.
    pub fn hold(&self, first: &str, family: &str) -> bool {
        let Some(families) = self.families(first).filter(|_| !family.is_empty()) else { return false };
        families.match_indices(family).any(|(at, _)| {
            let whole = |edge: Option<&u8>| edge.is_none_or(|byte| *byte == b'|');
            let bytes = families.as_bytes();
            at.checked_sub(1).is_some_and(|before| whole(bytes.get(before)))
                && whole(bytes.get(at + family.len()))
        })
    }

    /// The family names known with a first word, each after a `|`, by halving the text: a few lines are looked at,
    /// whatever its length.
    fn families(&self, first: &str) -> Option<&str> {
        let mut rest: &str = &self.lines;
        while !rest.is_empty() {
            let start =
                rest.as_bytes()[..rest.len() / 2].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
            let end = rest[start..].find('\n').map_or(rest.len(), |at| start + at);
            let line = &rest[start..end];
            let (word, families) = line.split_at(line.find('|').unwrap_or(line.len()));
            match word.cmp(first) {
                Ordering::Equal => return Some(families),
                Ordering::Less => rest = rest.get(end + 1..).unwrap_or_default(),
                Ordering::Greater => rest = &rest[..start],
            }
        }
        None
    }
}

/// Bytes of the comments at the top.
fn head(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| line.starts_with('#')).map(str::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_looked_up_in_the_text() {
        let known =
            KnownNames::parse("# head\nada|lovelace\nlee|harvey|oswald\nzico|coimbra\n", "known-names.txt")
                .unwrap();
        for (first, family) in
            [("ada", "lovelace"), ("lee", "harvey"), ("lee", "oswald"), ("zico", "coimbra")]
        {
            assert!(known.hold(first, family), "{first} {family}");
        }
        for (first, family) in [("lee", "lovelace"), ("le", "harvey"), ("a", ""), ("zzz", "x"), ("", "")] {
            assert!(!known.hold(first, family), "{first} {family}");
        }
        assert!(!KnownNames::default().hold("lee", "harvey"));
        let written =
            KnownNames::parse("\u{feff}# head\r\nAda|Lovelace|Kíng\r\n\r\n# more\nZico|Coimbra\r\n", "k")
                .unwrap();
        assert!(
            written.hold("ada", "king") && written.hold("zico", "coimbra") && !written.hold("ada", "love")
        );
    }

    #[test]
    fn mistakes_name_their_line() {
        let reason = |text: &str| KnownNames::parse(text, "known-names.txt").unwrap_err().to_string();
        assert_eq!(
            reason("# head\nlee\n"),
            "known-names.txt:2: 'lee' has no family name: write first|family|family"
        );
        assert!(reason("lee|x\nada|y\n").starts_with("known-names.txt:2: 'ada' stands after 'lee'"));
        assert!(reason("# extends = \"builtin\"\nada|y\n").contains("cannot extend"));
    }
}
