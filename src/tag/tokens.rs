//! A *token* is one word of an article's headline or body, with what the taggers need to know of it.
//!
//! All taggers share this one view of the text. Words end at hyphens, at a possessive 's and between characters of
//! scripts without spaces; `U.S.` and `J.` are one token with their dots.

use crate::article::Article;
use crate::article::Place;
use crate::tag::words::Word;
use crate::tag::words::fold_into;
use crate::tag::words::next_word;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `minister`
    Lower,
    /// `Minister`, `McDonald`
    Capitalised,
    /// `NATO`, `U.S.`
    Capitals,
    /// `J.`, `W`
    Initial,
    /// `1987`, `35th`
    Number,
    /// A script without capitals.
    Caseless,
}

/// What stands between a token and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nothing.
    Joined,
    /// White space.
    Space,
    /// A hyphen.
    Hyphen,
    /// A dot and white space: the end of a sentence or of an abbreviation.
    Dot,
    /// The end of a sentence.
    Stop,
    /// A comma.
    Comma,
    /// An opening bracket.
    Open,
    /// `&`
    And,
    /// `<`, which opens a ticker symbol.
    Angle,
    /// Quotation marks and white space only.
    Quote,
    /// Any other sign.
    Sign,
    /// The end of a line.
    Line,
}

/// How the letters of a line are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As in a sentence.
    Sentence,
    /// A headline with most words capitalised.
    Title,
    /// All in capitals.
    Capitals,
}

/// One word.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// First byte in its field.
    pub start: u32,
    /// Byte after its last, without a possessive 's.
    pub end: u32,
    /// Its field.
    pub place: Place,
    /// The line of its field, from 0; blank lines do not count.
    pub paragraph: u32,
    /// How it is written.
    pub shape: Shape,
    /// What stands before it.
    pub gap: Gap,
    /// How its line is written.
    pub style: Style,
    /// Whether it opens a sentence or a quotation, so that a capital says nothing.
    pub opens: bool,
    /// Whether a possessive 's follows it.
    pub possessive: bool,
    /// Whether dots stand between its letters.
    pub dotted: bool,
    folded: u32,
    folded_end: u32,
}

impl Token {
    /// Whether it starts with a capital letter.
    pub fn is_capital(&self) -> bool {
        matches!(self.shape, Shape::Capitalised | Shape::Capitals | Shape::Initial)
    }
}

/// The tokens of a text, in order.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// The tokens.
    pub list: Vec<Token>,
    folded: String,
}

impl Tokens {
    /// The tokens of an article: headline, then body.
    pub fn of(article: &Article) -> Self {
        let mut tokens = Self::default();
        tokens.push(&article.headline, Place::Headline);
        tokens.push(&article.body, Place::Body);
        tokens
    }

    /// Takes all tokens out and keeps their room.
    pub fn clear(&mut self) {
        self.list.clear();
        self.folded.clear();
    }

    /// Adds the tokens of one field. Of a field of more than 4 GiB the end is left out.
    pub fn push(&mut self, text: &str, place: Place) {
        let mut start = 0;
        let mut paragraph = 0;
        for line in text.split_inclusive('\n') {
            let first = self.list.len();
            let origin = Origin { place, paragraph, offset: start };
            self.push_line(line, origin);
            if self.list.len() > first {
                let style = style(line, place, &self.list[first..]);
                self.list[first..].iter_mut().for_each(|token| token.style = style);
                paragraph += 1;
            }
            start += line.len();
        }
    }

    /// A token's word in lower case without accents, dots and possessive 's.
    pub fn folded(&self, at: usize) -> &str {
        self.list.get(at).map_or("", |t| &self.folded[t.folded as usize..t.folded_end as usize])
    }

    /// The same with the possessive 's it is followed by.
    pub fn folded_with_possessive(&self, at: usize) -> &str {
        self.list.get(at).map_or("", |t| {
            let s = if t.possessive { POSSESSIVE.len() } else { 0 };
            &self.folded[t.folded as usize..t.folded_end as usize + s]
        })
    }

    fn push_line(&mut self, line: &str, origin: Origin) {
        let mut at = 0;
        while let Some(word) = next_word(line, at) {
            let between = &line[at..word.start];
            let Some(token) = self.token(line, &word, origin) else { return };
            self.list.push(token);
            self.open_or_join(between, at == 0);
            at = word.next;
        }
    }

    fn token(&mut self, line: &str, word: &Word, origin: Origin) -> Option<Token> {
        let folded = u32::try_from(self.folded.len()).ok()?;
        let text = &line[word.start..word.end];
        fold_into(text, &mut self.folded);
        let folded_end = u32::try_from(self.folded.len()).ok()?;
        if word.possessive {
            self.folded.push_str(POSSESSIVE);
        }
        Some(Token {
            start: u32::try_from(origin.offset + word.start).ok()?,
            end: u32::try_from(origin.offset + word.end).ok()?,
            place: origin.place,
            paragraph: origin.paragraph,
            shape: shape(text),
            gap: Gap::Line,
            style: Style::Sentence,
            opens: true,
            possessive: word.possessive,
            dotted: word.dotted,
            folded,
            folded_end,
        })
    }

    /// Sets how the last token is parted from the one before.
    fn open_or_join(&mut self, between: &str, first: bool) {
        if first {
            return;
        }
        let gap = gap(between);
        if let Some(token) = self.list.last_mut() {
            token.gap = gap;
            token.opens = matches!(gap, Gap::Dot | Gap::Stop) || opens_quotation(between);
        }
    }
}

/// Lower case without accents and dots, as dictionaries and text are compared.
pub fn fold(text: &str) -> String {
    let mut folded = String::new();
    fold_into(text, &mut folded);
    folded
}

const POSSESSIVE: &str = "'s";

#[derive(Clone, Copy)]
struct Origin {
    place: Place,
    paragraph: u32,
    offset: usize,
}

fn shape(text: &str) -> Shape {
    let mut letters = text.chars().filter(|c| c.is_alphabetic());
    match text.chars().next() {
        Some(c) if c.is_numeric() => return Shape::Number,
        Some(c) if c.is_uppercase() => {}
        Some(c) if c.is_lowercase() => return Shape::Lower,
        _ => return Shape::Caseless,
    }
    match (letters.nth(1), text.chars().any(char::is_lowercase)) {
        (None, _) => Shape::Initial,
        (Some(_), true) => Shape::Capitalised,
        (Some(_), false) => Shape::Capitals,
    }
}

fn gap(between: &str) -> Gap {
    let bare = between.trim();
    match bare {
        "" if between.is_empty() => Gap::Joined,
        "" => Gap::Space,
        "-" | "‐" | "‑" if between.len() == bare.len() => Gap::Hyphen,
        "." if between.len() > 1 => Gap::Dot,
        "·" => Gap::Space,
        "\"" | "“" | "”" | "''" | "``" | "„" | "«" | "»" => Gap::Quote,
        _ if bare.contains(['!', '?', '…', ';', '。']) || bare.contains('.') && between.len() > 1 => {
            Gap::Stop
        }
        _ if bare.contains('&') => Gap::And,
        _ if bare.contains('<') => Gap::Angle,
        _ if bare.contains(['(', '[']) => Gap::Open,
        _ if bare.starts_with(',') => Gap::Comma,
        _ => Gap::Sign,
    }
}

fn opens_quotation(between: &str) -> bool {
    between.contains(['"', '“', '„', '«', '‘', ':', '•', '*'])
}

fn style(line: &str, place: Place, tokens: &[Token]) -> Style {
    let (mut upper, mut lower) = (0_usize, 0_usize);
    for c in line.chars() {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
    }
    if upper >= 4 && tokens.len() > 1 && lower * 10 < upper {
        return Style::Capitals;
    }
    let long = tokens.iter().filter(|t| t.end - t.start >= 4 && t.shape != Shape::Number);
    let (mut capitals, mut words) = (0, 0);
    for token in long {
        words += 1;
        capitals += usize::from(token.is_capital());
    }
    let is_title = place == Place::Headline && words > 1 && capitals * 10 >= words * 8;
    if is_title { Style::Title } else { Style::Sentence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut tokens = Tokens::default();
        tokens.push(text, Place::Body);
        let found: Vec<String> = (0..tokens.list.len())
            .map(|at| format!("{}/{:?}", tokens.folded(at), tokens.list[at].shape))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn words_and_shapes() {
        check("U.S.-China talks", &["us/Capitals", "china/Capitalised", "talks/Lower"]);
        check("J. López’s O'Neill", &["j/Initial", "lopez/Capitalised", "o'neill/Capitalised"]);
        check("in 1987, NATO", &["in/Lower", "1987/Number", "nato/Capitals"]);
        check("习近平", &["习/Caseless", "近/Caseless", "平/Caseless"]);
        check("the U.S.", &["the/Lower", "us/Capitals"]);
        check("a.m. 'tis", &["am/Lower", "tis/Lower"]);
        check("l'Italie, dell’Iran", &["l/Lower", "italie/Capitalised", "dell/Lower", "iran/Capitalised"]);
        check(
            "L’Iran, Dall'India",
            &["l/Initial", "iran/Capitalised", "dall/Capitalised", "india/Capitalised"],
        );
        check("D'Amato don't O'Neill's", &["d'amato/Capitalised", "don't/Lower", "o'neill/Capitalised"]);
    }

    #[test]
    fn gaps_sentences_and_styles() {
        let mut tokens = Tokens::default();
        tokens.push("REAGAN SEES CHINA", Place::Headline);
        tokens.push("China's Mr. Wang, 69, spoke.\n\n“We” met. He left", Place::Body);
        let word = |folded: &str| (0..tokens.list.len()).find(|at| tokens.folded(*at) == folded).unwrap();
        let token = |folded: &str| tokens.list[word(folded)];
        assert_eq!(token("reagan").style, Style::Capitals);
        assert_eq!(token("mr").style, Style::Sentence);
        assert_eq!((token("wang").gap, token("69").gap), (Gap::Dot, Gap::Comma));
        assert_eq!((token("we").gap, token("we").paragraph), (Gap::Line, 1));
        assert!(token("we").opens && token("he").opens && !token("left").opens);
        assert!(tokens.list[3].possessive);
        assert_eq!(tokens.folded_with_possessive(3), "china's");
    }
}
