//! A *language* of a form that means something else in other languages.

/// An ISO 639-1 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Language([u8; 2]);

impl Language {
    /// The language of a code of two lower-case letters.
    pub fn named(code: &str) -> Option<Self> {
        let code: [u8; 2] = code.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_lowercase).then_some(Self(code))
    }

    /// Parts `es:francés` into the language and the form; a form without one counts in all.
    pub(crate) fn split(item: &str) -> (Option<Self>, &str) {
        let parts =
            item.split_once(':').and_then(|(code, form)| Some((Self::named(code)?, form.trim_start())));
        parts.map_or((None, item), |(language, form)| (Some(language), form))
    }

    /// Whether a text in `code` is in this language.
    pub fn is(self, code: Option<&str>) -> bool {
        code.and_then(Self::named) == Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_language() {
        assert_eq!(Language::split("es:francés"), (Language::named("es"), "francés"));
        for whole in ["francés", "E:x", "ESP:x", "10:30"] {
            assert_eq!(Language::split(whole), (None, whole));
        }
        let spanish = Language::named("es").unwrap();
        assert!(spanish.is(Some("es")) && !spanish.is(Some("en")) && !spanish.is(None));
    }
}
