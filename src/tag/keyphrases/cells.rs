//! A *cell* is what a token of an article is to phrases: a word that plays some part in one, a word of a name, or neither.

use crate::tag::Read;
use crate::tag::reading::Reading;
use crate::tag::reading::SpanKind;
use crate::tag::roles::Role;
use crate::tag::roles::Roles;
use crate::tag::roles::also;
use crate::tag::tokens::Gap;
use crate::tag::tokens::Shape;
use crate::tag::tokens::Style;
use crate::tag::tokens::Token;
use crate::taxonomy::phrases::Part;

/// The rarity from which a word is a phrase by itself.
pub(super) const DISTINCTIVE: u8 = 18;

/// What a token is to phrases.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell {
    /// Part of none.
    Break,
    /// A word.
    Word(Role),
    /// A word of a name, by its number.
    Name(u32),
}

impl Cell {
    pub(super) fn key(self) -> u32 {
        match self {
            Self::Break => 0,
            Self::Word(role) => role.base,
            Self::Name(number) => number,
        }
    }

    pub(super) fn part(self) -> Part {
        match self {
            Self::Break => Part::Other,
            Self::Word(role) => role.part,
            Self::Name(_) => Part::Noun,
        }
    }

    pub(super) fn is_name(self) -> bool {
        matches!(self, Self::Name(_))
    }

    pub(super) fn ends(self) -> bool {
        !matches!(self.part(), Part::Adjective | Part::Other)
    }

    /// Whether it is a phrase by itself.
    pub(super) fn is_distinctive(self) -> bool {
        let Self::Word(role) = self else { return false };
        role.rarity >= DISTINCTIVE && matches!(role.part, Part::Noun | Part::Plural)
    }

    pub(super) fn opens(self) -> bool {
        matches!(self.part(), Part::Noun | Part::Adjective | Part::Either | Part::KeptPlural)
    }
}

/// What every token of an article is to phrases.
pub(super) fn cells(roles: &Roles, read: &Read<'_>) -> Vec<Cell> {
    let reading = &read.reading;
    let mut cells: Vec<Cell> = (0..reading.len()).map(|at| cell(roles, reading, at)).collect();
    // A capital that opens a sentence is a name's where the next word's is.
    for at in (0..cells.len().saturating_sub(1)).rev() {
        let token = reading.token(at);
        let opens = token.opens && token.is_capital() && token.style == Style::Sentence;
        if opens && cells[at + 1].is_name() && joined(reading, at + 1) && !matches!(cells[at], Cell::Break) {
            cells[at] = Cell::Name(reading.words[at]);
        }
    }
    for finding in &read.found {
        for spot in &finding.spots {
            cells[spot.start..spot.end].fill(Cell::Break);
        }
    }
    cells
}

fn cell(roles: &Roles, reading: &Reading<'_>, at: usize) -> Cell {
    let number = reading.words[at];
    let listed = roles.listed(number);
    // Half of all words: they need no other look.
    if listed.is_some_and(|role| role.part == Part::Other) {
        return Cell::Break;
    }
    let token = reading.token(at);
    let is_word = !matches!(token.shape, Shape::Number | Shape::Initial | Shape::Caseless);
    if !is_word || reading.is_title(at) || reading.span(at).is_some_and(|span| span.kind != SpanKind::Guard) {
        return Cell::Break;
    }
    let role = match listed {
        Some(role) => role,
        None if token.is_capital() && token.style != Style::Sentence => Role::noun(number),
        None if token.is_capital() => return Cell::Name(number),
        None => roles.of(reading.names, number, reading.tokens.folded(at)),
    };
    match role.part {
        Part::Other => Cell::Break,
        _ if read_as_name(token) => Cell::Name(number),
        Part::Either | Part::PluralOrVerb | Part::Weak if is_verb(roles, reading, at, role) => Cell::Break,
        _ => Cell::Word(role),
    }
}

/// Whether a word's capitals are those of a name, not of a sentence or a headline.
pub(super) fn read_as_name(token: &Token) -> bool {
    let sure = !token.opens || token.shape == Shape::Capitals;
    token.is_capital() && token.style == Style::Sentence && sure
}

/// Whether its neighbours say of a noun or verb that it is a verb.
fn is_verb(roles: &Roles, reading: &Reading<'_>, at: usize, role: Role) -> bool {
    let listed = |at: usize| reading.words.get(at).and_then(|number| roles.listed(*number));
    let before = at.checked_sub(1).filter(|_| reading.gap(at) == Gap::Space).and_then(listed);
    let after = listed(at + 1).filter(|_| reading.gap(at + 1) == Gap::Space);
    let plural = |role: Role| matches!(role.part, Part::Plural | Part::KeptPlural | Part::PluralOrVerb);
    let object = after.is_some_and(|next| match role.part {
        Part::PluralOrVerb => next.is(also::BEFORE_OBJECT) || next.part != Part::Other,
        Part::Weak => next.is(also::BEFORE_OBJECT) && role.is(also::PLURAL),
        _ => next.is(also::BEFORE_OBJECT),
    });
    let subject = |before: Role| before.is(also::BEFORE_VERB) || role.part != Part::Weak && plural(before);
    object || before.is_some_and(subject)
}

/// As [`joined`], where the token may be past the last.
pub(super) fn joined_at(reading: &Reading<'_>, at: usize) -> bool {
    at < reading.len() && joined(reading, at)
}

/// Whether a phrase goes on from the token before.
pub(super) fn joined(reading: &Reading<'_>, at: usize) -> bool {
    matches!(reading.gap(at), Gap::Space | Gap::Hyphen) && !reading.token(at - 1).possessive
}
