//! A *style* says what the reader's terminal can show: whether colour, and how many columns.

use std::io;
use std::io::Write;

use anstyle::AnsiColor;

use crate::article::Kind;

/// Columns of prose, at most: longer lines are hard to read.
const MAX_PROSE: usize = 100;
/// Columns of anything, at least: what a narrower terminal does with it is its business.
const MIN_WIDTH: usize = 20;

/// What the reader's terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour.
    pub colour: bool,
    /// Columns.
    pub width: usize,
}

impl Style {
    /// Columns for prose, 20 to 100.
    pub fn prose(self) -> usize {
        self.width.clamp(MIN_WIDTH, MAX_PROSE)
    }

    /// Columns for tables, 20 or more.
    pub fn table(self) -> usize {
        self.width.max(MIN_WIDTH)
    }

    /// Writes text in a paint. The text is written as it stands: make it safe before.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(self, out: &mut dyn Write, paint: Paint, text: &str) -> io::Result<()> {
        let ink = paint.ink();
        if !self.colour || ink.is_plain() || text.is_empty() {
            return out.write_all(text.as_bytes());
        }
        write!(out, "{}{text}{}", ink.render(), ink.render_reset())
    }
}

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paint {
    /// Text.
    #[default]
    Plain,
    /// A headline or a heading.
    Strong,
    /// What is there to be looked up only.
    Dim,
    /// A word that matched.
    Match,
    /// A word that matched in a headline.
    StrongMatch,
    /// An entity of a facet.
    Entity(Kind),
    /// A bar of a chart.
    Bar,
    /// That something failed.
    Error,
    /// What to do instead.
    Hint,
}

impl Paint {
    fn ink(self) -> anstyle::Style {
        let plain = anstyle::Style::new();
        let in_colour = |colour: AnsiColor| plain.fg_color(Some(colour.into()));
        match self {
            Self::Plain => plain,
            Self::Strong => plain.bold(),
            Self::Dim => plain.dimmed(),
            Self::Match => in_colour(AnsiColor::Yellow).bold(),
            Self::StrongMatch => in_colour(AnsiColor::Yellow).bold().underline(),
            Self::Entity(Kind::Person) => in_colour(AnsiColor::Cyan),
            Self::Entity(Kind::Country) => in_colour(AnsiColor::Green),
            Self::Entity(Kind::Topic) => in_colour(AnsiColor::Magenta),
            Self::Entity(Kind::Keyphrase) => plain.italic(),
            Self::Entity(Kind::Organization) | Self::Bar => in_colour(AnsiColor::Blue),
            Self::Error => in_colour(AnsiColor::Red).bold(),
            Self::Hint => in_colour(AnsiColor::Cyan).bold(),
        }
    }
}
