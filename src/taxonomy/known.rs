//! *Known names* are names of persons whose first word is no common given name: a first word, then all family names that
//! are known with it.
//!
//! The list is long and asked for seldom, so it is never parsed: a name is looked up in the text of the file itself.

use std::borrow::Cow;

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

    /// Takes a text with `#` comments at its top only.
    ///
    /// # Errors
    /// The first line out of order, or without a family name.
    pub fn parse(text: &str, file: &str) -> Result<Self, TaxonomyError> {
        let (comments, lines) = text.split_at(head(text));
        let mut before = "";
        for (line, number) in lines.lines().zip(comments.lines().count() + 1..) {
            let mistake = |reason| TaxonomyError::Mistake { file: file.to_owned(), line: number, reason };
            let Some((first, _)) = line.split_once('|').filter(|(_, families)| !families.is_empty()) else {
                return Err(mistake(format!("'{line}' has no family name: write first|family|family")));
            };
            if first <= before {
                return Err(mistake(format!(
                    "'{first}' stands after '{before}': sort the lines by first word"
                )));
            }
            before = first;
        }
        Ok(Self { lines: Cow::Owned(lines.to_owned()) })
    }

    /// Whether somebody is known by a first word and a family name, both folded.
    pub fn hold(&self, first: &str, family: &str) -> bool {
        self.families(first).is_some_and(|mut families| families.any(|known| known == family))
    }

    /// The family names known with a first word, by halving the text: a few lines are looked at, whatever its length.
    fn families(&self, first: &str) -> Option<impl Iterator<Item = &str>> {
        let mut rest: &str = &self.lines;
        while !rest.is_empty() {
            let start =
                rest.as_bytes()[..rest.len() / 2].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
            let end = rest[start..].find('\n').map_or(rest.len(), |at| start + at);
            let mut words = rest[start..end].split('|');
            match words.next().unwrap_or_default().cmp(first) {
                std::cmp::Ordering::Equal => return Some(words),
                std::cmp::Ordering::Less => rest = rest.get(end + 1..).unwrap_or_default(),
                std::cmp::Ordering::Greater => rest = &rest[..start],
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
    }

    #[test]
    fn mistakes_name_their_line() {
        let reason = |text: &str| KnownNames::parse(text, "known-names.txt").unwrap_err().to_string();
        assert_eq!(
            reason("# head\nlee\n"),
            "known-names.txt:2: 'lee' has no family name: write first|family|family"
        );
        assert!(reason("lee|x\nada|y\n").starts_with("known-names.txt:2: 'ada' stands after 'lee'"));
    }
}
