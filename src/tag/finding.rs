//! A *finding* is a person, country or organisation of an article with the places that name it.

use crate::article::Kind;
use crate::article::Provenance;
use crate::tag::clues::Clues;
use crate::taxonomy::countries::Evidence;

/// A place that names something found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    /// First token.
    pub(crate) start: usize,
    /// Token after the last.
    pub(crate) end: usize,
    /// Why it counts.
    pub(crate) rule: Rule,
}

/// Why a place names something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rule {
    /// A person's name or alias of the dictionary.
    Full,
    /// The same but for initials and suffixes.
    Initials,
    /// A row of words with enough clues.
    Open(Clues),
    /// Part of a longer name of the article.
    Part,
    /// A title, by its number, before the family name of who held that office.
    Office(u32),
    /// A family name of somebody named in full.
    Surname,
    /// A first name of somebody named in full.
    GivenName,
    /// A form of the dictionary that needs no full name.
    Bare,
    /// A country's form that means nothing else.
    Clear(Evidence),
    /// An ambiguous form of a country that other evidence names.
    Backed(Evidence),
    /// An ambiguous form of a country beside a clear one.
    Beside(Evidence),
}

impl Rule {
    /// Whether a country is told by a place of it or the seat of its government.
    pub(crate) fn is_place(self) -> bool {
        let (Self::Clear(evidence) | Self::Backed(evidence) | Self::Beside(evidence)) = self else {
            return false;
        };
        matches!(evidence, Evidence::Capital | Evidence::Place | Evidence::Metonym)
    }
}

/// Something found.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// The facet.
    pub(crate) field: Kind,
    /// The canonical value.
    pub(crate) value: String,
    /// Its code.
    pub(crate) code: Option<String>,
    /// How it was found.
    pub(crate) provenance: Provenance,
    /// Its mentions, in order.
    pub(crate) spots: Vec<Spot>,
    /// Whether a title stands before one of them.
    pub(crate) titled: bool,
    /// Whether the dateline names it.
    pub(crate) in_dateline: bool,
    /// The tokens that make the canonical value, where no dictionary does.
    pub(crate) longest: Option<(usize, usize)>,
    /// Codes of the countries a person acts for.
    pub(crate) acts_for: Vec<String>,
}

impl Finding {
    /// A finding without mentions.
    pub(crate) fn new(field: Kind, value: String, provenance: Provenance) -> Self {
        Self {
            field,
            value,
            code: None,
            provenance,
            spots: Vec::new(),
            titled: false,
            in_dateline: false,
            longest: None,
            acts_for: Vec::new(),
        }
    }
}
