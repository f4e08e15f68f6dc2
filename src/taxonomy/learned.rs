//! A *learned* topic is told by weighed words instead of a query: what an archive's own articles have taught.
//!
//! Each stands in a file of its own below `learned/` of a user's dictionaries: figures, and a line for each word with its
//! weight. An article's score is the sum of the weights of its words, each times 1 + ln(how often it stands there), and of the
//! words of its headline besides, each once, divided by the square root of the number of all its words; it belongs where
//! the score is `least` or more.

use serde::Deserialize;

use crate::taxonomy::TaxonomyError;
use crate::taxonomy::topics::check_path;

/// A topic told by weighed words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LearnedTopic {
    /// Its place in the tree.
    pub path: String,
    /// What it holds, in a line.
    pub about: String,
    /// What it was learned from, as typed: `tag:rice`.
    pub from: String,
    /// The language of the articles it was learned from, by its ISO 639-1 code: articles known to be in another one do not
    /// belong. None where they were of several.
    pub language: Option<String>,
    /// How many articles it was learned from.
    pub articles: u64,
    /// How many of them belong.
    pub belonging: u64,
    /// Of the articles it picks among those it had not seen, the share that belongs.
    pub precision: Share,
    /// Of the articles that belong among those it had not seen, the share it picks.
    pub recall: Share,
    /// The score from which on an article belongs.
    pub least: f32,
    /// The words, the weightiest first.
    pub words: Vec<WeighedWord>,
}

/// A share of a sample, and where that of the whole lies with 95 % confidence; each 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "[f64; 3]")]
pub struct Share {
    /// That of the sample.
    pub share: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl From<[f64; 3]> for Share {
    fn from([share, low, high]: [f64; 3]) -> Self {
        Self { share, low, high }
    }
}

/// A word and how much it says.
#[derive(Clone, Debug, PartialEq)]
pub struct WeighedWord {
    /// What the word shares with its inflected forms.
    pub stem: String,
    /// Whether it counts, besides, for standing in the headline; else for standing anywhere.
    pub in_headline: bool,
    /// Above nought it speaks for the topic, below against it.
    pub weight: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    path: String,
    about: String,
    from: String,
    language: Option<String>,
    articles: u64,
    belonging: u64,
    precision: Share,
    recall: Share,
    least: f32,
    words: toml::Spanned<String>,
}

impl LearnedTopic {
    /// Reads a file of `learned/`.
    ///
    /// # Errors
    /// The first mistake, with its line.
    pub fn parse(text: &str, file: &str) -> Result<Self, TaxonomyError> {
        let mistake = |byte: usize, reason: String| TaxonomyError::Mistake {
            file: file.to_owned(),
            line: text.get(..byte).unwrap_or_default().matches('\n').count() + 1,
            reason,
        };
        let read: File = toml::from_str(text).map_err(|error| {
            mistake(error.span().map_or(0, |span| span.start), error.message().to_owned())
        })?;
        check_path(&read.path).map_err(|reason| mistake(0, reason))?;
        if !read.least.is_finite() {
            return Err(mistake(0, "'least' is no number".to_owned()));
        }
        let start = read.words.span().start;
        let mut words = Vec::new();
        // The string begins on the line after its quotes.
        for (number, line) in
            (1..).zip(read.words.get_ref().lines()).filter(|(_, line)| !line.trim().is_empty())
        {
            let word = word(line).ok_or_else(|| {
                let lines = text[start..].match_indices('\n').nth(number - 1).map_or(0, |(at, _)| at + 1);
                mistake(
                    start + lines,
                    format!("'{line}' is no weight and word: write 1.25 rice, or 1.25 headline rice"),
                )
            })?;
            words.push(word);
        }
        let File { path, about, from, language, articles, belonging, precision, recall, least, .. } = read;
        Ok(Self { path, about, from, language, articles, belonging, precision, recall, least, words })
    }

    /// The text of its file.
    pub fn to_toml(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let share = |share: Share| format!("[{:.3}, {:.3}, {:.3}]", share.share, share.low, share.high);
        let mut text = String::from(
            "# Made by dateline topics learn. An article's score is the sum of the weights of its words, each times\n\
             # 1 + ln(how often it stands there), of its headline besides once, divided by the square root of the\n\
             # number of all its words; it belongs from 'least' on. Precision and recall: the share, and its bounds with 95 % confidence.\n",
        );
        let language = self.language.as_deref().map(|code| format!("language = {}\n", quoted(code)));
        let (path, about, from) = (quoted(&self.path), quoted(&self.about), quoted(&self.from));
        let (precision, recall) = (share(self.precision), share(self.recall));
        let (articles, belonging, least) = (self.articles, self.belonging, self.least);
        text += &format!(
            "path = {path}\nabout = {about}\nfrom = {from}\n{}articles = {articles}\nbelonging = {belonging}\n\
             precision = {precision}\nrecall = {recall}\nleast = {least:.4}\nwords = '''\n",
            language.unwrap_or_default(),
        );
        for word in &self.words {
            let headline = if word.in_headline { "headline " } else { "" };
            text += &format!("{:+.3} {headline}{}\n", word.weight, word.stem);
        }
        text + "'''\n"
    }

    /// The name of its file below `learned/`.
    pub fn file_name(path: &str) -> String {
        format!("{path}.toml")
    }
}

/// Why a path cannot be the name of a file everywhere.
pub fn check_name(path: &str) -> Result<(), String> {
    check_path(path)?;
    let odd = |c: char| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    if path.split('/').any(|part| part.starts_with('.') || part.ends_with('.') || part.chars().any(odd)) {
        return Err(format!(
            "'{path}' cannot be the name of a file: use letters, digits, spaces and hyphens"
        ));
    }
    match path.len() > 150 {
        true => Err("the name is longer than 150 bytes".to_owned()),
        false => Ok(()),
    }
}

fn word(line: &str) -> Option<WeighedWord> {
    let mut parts = line.split_whitespace();
    let weight: f32 = parts.next()?.parse().ok().filter(|weight: &f32| weight.is_finite())?;
    let rest: Vec<&str> = parts.collect();
    let (in_headline, stem) = match rest.as_slice() {
        [stem] => (false, stem),
        ["headline", stem] => (true, stem),
        _ => return None,
    };
    Some(WeighedWord { stem: (*stem).to_owned(), in_headline, weight })
}

#[cfg(test)]
mod tests {
    use super::{LearnedTopic, Share, WeighedWord, check_name};

    fn topic() -> LearnedTopic {
        let word =
            |stem: &str, in_headline, weight| WeighedWord { stem: stem.to_owned(), in_headline, weight };
        LearnedTopic {
            path: "Commodities/Rice".to_owned(),
            about: "what \"rice\" tags".to_owned(),
            from: "tag:rice".to_owned(),
            language: Some("en".to_owned()),
            articles: 1_000,
            belonging: 60,
            precision: Share { share: 0.9, low: 0.8, high: 0.95 },
            recall: Share { share: 0.85, low: 0.75, high: 0.9 },
            least: -0.25,
            words: vec![word("rice", false, 4.25), word("rice", true, 2.125), word("headline", false, -1.0)],
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        assert_eq!(LearnedTopic::parse(&topic().to_toml(), "f").unwrap(), topic());
    }

    #[test]
    fn mistakes_name_their_line() {
        let text = topic().to_toml();
        for (from, to, line, reason) in [
            ("+2.125 headline rice", "much rice", 15, "'much rice' is no weight"),
            ("least = -0.2500", "least = nan", 1, "no number"),
            ("articles", "articels", 8, "articels"),
        ] {
            let error =
                LearnedTopic::parse(&text.replacen(from, to, 1), "rice.toml").unwrap_err().to_string();
            assert!(error.starts_with(&format!("rice.toml:{line}: ")) && error.contains(reason), "{error}");
        }
    }

    #[test]
    fn a_name_makes_a_file_on_every_system() {
        for name in ["Rice", "Commodities/Rice", "Café au lait"] {
            check_name(name).unwrap();
        }
        for name in ["", "/etc/passwd", "../x", "a//b", "a\\b", "a:b", "x/.hidden", "dot."] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
