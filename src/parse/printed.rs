//! *Printed lines* are the lines of a scanned page as a machine read them: words, and how the last of them goes on in the
//! next line. From them come paragraphs with the words whole.

use crate::article::NewsDate;

/// How the last word of a line ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tail {
    /// It is whole, or nobody says otherwise: a hyphen at its end is judged by the next line.
    #[default]
    Open,
    /// It goes on in the next line, and stands here without its hyphen.
    Hyphenated,
    /// It stands here whole: its second part in the next line is not read again.
    Substituted,
}

/// A line of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Its name in the file.
    pub(super) id: String,
    pub(super) text: String,
    pub(super) tail: Tail,
    /// Whether its first word is the second part of one.
    pub(super) continues: bool,
    /// Whether it is set in, as the first line of a paragraph may be.
    pub(super) indented: bool,
}

impl Line {
    /// A line of plain words.
    pub(super) fn of(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// Adds a word.
    pub(super) fn word(&mut self, word: &str) {
        let ideographic = |c: Option<char>| {
            c.is_some_and(|c| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'))
        };
        let (before, after) = (self.text.chars().next_back(), word.chars().next());
        if before.is_some() && after.is_some() && !(ideographic(before) && ideographic(after)) {
            self.text.push(' ');
        }
        self.text.push_str(word);
    }

    /// Notes that the last word goes on in the next line.
    pub(super) fn hyphenate(&mut self) {
        self.text.truncate(self.text.trim_end_matches(HYPHENS).len());
        self.tail = Tail::Hyphenated;
    }
}

/// Hyphens that part a word at the end of a line: the hyphen, the one of old type, and the sign for "not" that machines
/// write for it.
const HYPHENS: &[char] = &['-', '\u{2010}', '\u{ad}', '¬', '⸗'];

/// A text that grows line by line.
#[derive(Default)]
pub(super) struct Text {
    text: String,
    tail: Tail,
    /// Whether the next line opens a block.
    opens: bool,
}

impl Text {
    /// Begins another block: a paragraph, unless the last line's sentence or word goes on in it.
    pub(super) fn block(&mut self) {
        self.opens = true;
    }

    /// Adds a line.
    pub(super) fn line(&mut self, line: &Line) {
        let mut words = line.text.trim();
        if line.continues && self.tail == Tail::Substituted {
            words = words.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
        }
        if words.is_empty() && line.text.trim().is_empty() {
            return;
        }
        let opens =
            std::mem::take(&mut self.opens) && !self.goes_on(words) || line.indented && self.is_ended();
        let lower = words.starts_with(char::is_lowercase);
        match self.tail {
            _ if self.text.is_empty() || words.is_empty() => {}
            Tail::Hyphenated if !opens => {}
            Tail::Open if !opens && lower && self.is_parted() => {
                self.text.pop();
            }
            _ => self.text.push(if opens { '\n' } else { ' ' }),
        }
        self.text.push_str(words);
        self.tail = line.tail;
    }

    /// The text, a paragraph a line.
    pub(super) fn done(self) -> String {
        self.text
    }

    /// Whether a block's first words go on with what stands before them: in the next column, or on the next page.
    fn goes_on(&self, words: &str) -> bool {
        let lower = words.starts_with(char::is_lowercase);
        self.tail != Tail::Open || lower && !self.is_ended() && !self.text.is_empty()
    }

    /// Whether a sentence ends here.
    fn is_ended(&self) -> bool {
        self.text.ends_with(['.', '!', '?', ':', ';', '"', '”', '“', '»', ')', '—'])
    }

    /// Whether the last word stands with a hyphen at its end, which parts it.
    fn is_parted(&self) -> bool {
        let before = self.text.strip_suffix(HYPHENS);
        before.is_some_and(|before| before.ends_with(char::is_alphabetic))
    }
}

/// The day in the name of a file, as libraries name their scans: `AdresseContoirs-1795-06-16-02-0018B.jp2`,
/// `sn86069133/1910103101.tif`. Only the name itself counts: folders are named for other things.
pub(super) fn day_in(name: &str) -> Option<NewsDate> {
    let file = name.rsplit(['/', '\\']).next()?;
    let runs: Vec<(usize, &str)> = file
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .map(|run| (run.as_ptr() as usize - file.as_ptr() as usize, run))
        .collect();
    let day = |year: &str, month: &str, day: &str| {
        NewsDate::day(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    };
    let parted = runs.windows(3).find_map(|three| match three {
        [(_, year), (_, month), (at, of_month)]
            if year.len() == 4 && month.len() == 2 && of_month.len() == 2 =>
        {
            let whole = &file[three[0].0..at + 2];
            (whole.len() == 10).then(|| day(year, month, of_month)).flatten()
        }
        _ => None,
    });
    parted.or_else(|| {
        runs.iter()
            .find_map(|(_, run)| (run.len() == 8).then(|| day(&run[..4], &run[4..6], &run[6..])).flatten())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(blocks: &[&[Line]], want: &str) {
        let mut text = Text::default();
        for block in blocks {
            text.block();
            block.iter().for_each(|line| text.line(line));
        }
        assert_eq!(text.done(), want);
    }

    fn line(text: &str) -> Line {
        Line::of(text.to_owned())
    }

    #[test]
    fn parted_words_are_joined() {
        check(&[&[line("The har-"), line("bour is"), line("full.")]], "The harbour is full.");
        check(&[&[line("Rio-"), line("Niteroi bridge, 3-"), line("day")]], "Rio- Niteroi bridge, 3- day");
        check(&[&[line("The har¬"), line("bour")]], "The harbour");
        let first = Line { tail: Tail::Substituted, ..line("The harbour") };
        let second = Line { continues: true, ..line("bour is") };
        check(&[&[first.clone(), second.clone()]], "The harbour is");
        check(&[std::slice::from_ref(&first), std::slice::from_ref(&second)], "The harbour is");
        check(&[&[first, Line { continues: true, ..line("bour") }, line("is")]], "The harbour is");
        check(&[&[second]], "bour is");
        check(&[&[Line { tail: Tail::Hyphenated, ..line("The har") }, line("bour")]], "The harbour");
    }

    #[test]
    fn blocks_are_paragraphs_unless_a_sentence_goes_on() {
        check(
            &[&[line("One.")], &[line("Two")], &[line("goes on.")], &[line("a list")]],
            "One.\nTwo goes on.\na list",
        );
        let set_in = |text: &str| Line { indented: true, ..line(text) };
        check(&[&[line("One"), set_in("Two."), set_in("Three"), line("four.")]], "One Two.\nThree four.");
        check(&[&[line("")], &[line("One.")], &[]], "One.");
    }

    #[test]
    fn days_of_file_names() {
        for (name, want) in [
            ("B4\\1795-06-16-02\\Adresse-1795-06-16-02-0018B.jp2", "1795-06-16"),
            ("a/19101031.tif", "1910-10-31"),
            ("19101017-x/0070.tif", ""),
            ("12345678.tif", ""),
            ("1910 10 x.tif", ""),
        ] {
            assert_eq!(day_in(name).map(|day| day.to_string()).unwrap_or_default(), want, "{name}");
        }
    }
}
