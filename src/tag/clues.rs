//! A *clue* is one piece of evidence for or against a row of capitalised words being a person's name.

use std::ops::BitOr;
use std::ops::BitOrAssign;

/// Clues about one row of words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clues(u32);

/// One clue: what it adds to the score, and what it says.
type Entry = (Clues, f32, &'static str);

/// What a name must score to be one.
pub(crate) const ENOUGH: f32 = 1.0;

const TABLE: [Entry; 17] = [
    (Clues::TITLE, 2.0, "a title stands before it"),
    (Clues::GIVEN, 1.0, "it starts with a given name"),
    (Clues::FAMILY_FIRST, 1.0, "it starts with a family name that comes first"),
    (Clues::KNOWN, 1.0, "it is among the known names"),
    (Clues::INITIALS, 1.0, "it holds initials"),
    (Clues::PARTICLE, 1.0, "it holds a particle like \"van\""),
    (Clues::NICKNAME, 1.0, "it holds a nickname in quotation marks"),
    (Clues::SPEAKS, 1.0, "its last word speaks elsewhere"),
    (Clues::TITLED_ELSEWHERE, 0.5, "a title stands before its last word elsewhere"),
    (Clues::AGAIN, 0.5, "its last word stands alone elsewhere"),
    (Clues::WEAK_GIVEN, 0.5, "it starts with a word that is a given name at times"),
    (Clues::NATION, 0.5, "a country stands before it"),
    (Clues::QUOTED, 1.0, "\"said\" stands before it"),
    (Clues::DESCRIBED, 1.0, "what follows describes a person"),
    (Clues::LISTED, 1.0, "it stands in a list of persons"),
    (Clues::COMPANY, -4.0, "it opens the name of an organisation"),
    (Clues::ORGANISATION, -4.0, "it holds or precedes a word of organisations, places or things"),
];

impl Clues {
    pub(crate) const TITLE: Self = Self(1);
    pub(crate) const GIVEN: Self = Self(1 << 1);
    pub(crate) const FAMILY_FIRST: Self = Self(1 << 2);
    pub(crate) const KNOWN: Self = Self(1 << 3);
    pub(crate) const INITIALS: Self = Self(1 << 4);
    pub(crate) const PARTICLE: Self = Self(1 << 5);
    pub(crate) const NICKNAME: Self = Self(1 << 6);
    pub(crate) const SPEAKS: Self = Self(1 << 7);
    pub(crate) const AGAIN: Self = Self(1 << 8);
    pub(crate) const QUOTED: Self = Self(1 << 9);
    pub(crate) const DESCRIBED: Self = Self(1 << 10);
    pub(crate) const LISTED: Self = Self(1 << 11);
    pub(crate) const COMPANY: Self = Self(1 << 12);
    pub(crate) const ORGANISATION: Self = Self(1 << 13);
    pub(crate) const TITLED_ELSEWHERE: Self = Self(1 << 14);
    pub(crate) const WEAK_GIVEN: Self = Self(1 << 15);
    pub(crate) const NATION: Self = Self(1 << 16);

    /// A clue where it holds, none where not.
    pub(crate) fn when(self, holds: bool) -> Self {
        if holds { self } else { Self::default() }
    }

    /// Whether one of some clues is among these.
    pub(crate) fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    /// The sum of what the clues weigh.
    pub(crate) fn score(self) -> f32 {
        self.entries().fold(0.0, |score, (_, weight, _)| score + weight)
    }

    /// Whether they make a person's name.
    pub(crate) fn are_enough(self) -> bool {
        self.score() >= ENOUGH
    }

    /// What speaks for it.
    pub(crate) fn pros(self) -> impl Iterator<Item = &'static str> {
        self.entries().filter(|(_, weight, _)| *weight > 0.0).map(|(_, _, text)| *text)
    }

    /// What speaks against it.
    pub(crate) fn cons(self) -> impl Iterator<Item = &'static str> {
        self.entries().filter(|(_, weight, _)| *weight < 0.0).map(|(_, _, text)| *text)
    }

    fn entries(self) -> impl Iterator<Item = &'static Entry> {
        TABLE.iter().filter(move |(clue, _, _)| self.has(*clue))
    }
}

impl BitOr for Clues {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Clues {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
