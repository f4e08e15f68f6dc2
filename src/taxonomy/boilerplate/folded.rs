//! A *folded* line is a line made ready for comparing: lower case, plain quotes and dashes, single spaces.

/// Lines of more bytes than this are nobody's boilerplate and are not folded.
const LONGEST: usize = 1_200;

/// A line made ready for comparing with patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded<'a> {
    raw: &'a str,
    text: String,
    key: (usize, usize),
    words: usize,
    quoted: bool,
}

impl<'a> Folded<'a> {
    /// Folds a line; one of more than 1,200 bytes folds to nothing, which no pattern matches.
    pub fn new(line: &'a str) -> Self {
        if line.len() > LONGEST {
            return Self::default();
        }
        let mut text = String::with_capacity(line.len());
        for word in line.split_whitespace() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.extend(word.chars().map(plain).flat_map(char::to_lowercase));
        }
        let start = text.find(char::is_alphanumeric).unwrap_or(text.len());
        let end = text.char_indices().rev().find(|(_, c)| c.is_alphanumeric());
        let key = (start, end.map_or(start, |(at, c)| at + c.len_utf8()));
        let quoted = text.contains('"') || text.contains('«') && text.contains('»');
        Self { raw: line, words: text.split(' ').count(), text, key, quoted }
    }

    /// The folded line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The folded line without the punctuation and signs around it; empty where there is no letter or digit.
    pub fn key(&self) -> &str {
        &self.text[self.key.0..self.key.1]
    }

    /// How many words it has, by white space.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Whether it holds quotation marks, so that somebody speaks.
    pub fn quoted(&self) -> bool {
        self.quoted
    }

    /// Its words without punctuation.
    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty())
    }

    /// Its words after the first that are written small, without punctuation; addresses are no words.
    pub fn small_words(&self) -> impl Iterator<Item = &'a str> {
        self.raw.split_whitespace().skip(1).flat_map(|word| word.split('/')).filter_map(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            let small = word.starts_with(char::is_lowercase) && !word.contains(char::is_uppercase);
            (small && !word.contains(['@', '.', '_'])).then_some(word)
        })
    }
}

fn plain(c: char) -> char {
    match c {
        '’' | '‘' | '‛' | 'ʼ' | '´' | '`' => '\'',
        '“' | '”' | '„' | '‟' => '"',
        '–' | '—' | '―' | '‐' | '‑' | '−' => '-',
        _ => c,
    }
}
