//! A *line* is one line of an article's text, with its white space made single and what the white space said kept
//! aside: whether a paragraph begins there, whether it is a row of a table.

use std::collections::{HashSet, VecDeque};

/// One line of text.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) text: String,
    /// Number of the first line of the source text it is made of, blank lines not counted.
    pub(super) at: usize,
    /// Number of the last one.
    pub(super) last: usize,
    /// A blank line stands before it.
    pub(super) gap: bool,
    /// It is indented deeper than most lines.
    pub(super) indented: bool,
    /// It is a row of a table.
    table: bool,
}

/// Cuts a text to lines; blank ones are left out.
pub(super) fn split(text: &str) -> VecDeque<Line> {
    let (mut lines, mut indents) = (VecDeque::new(), Vec::new());
    let mut gap = false;
    let mut before = "";
    for raw in text.split_inclusive(is_break) {
        let collapsed = collapse(raw);
        if collapsed.is_empty() {
            // The second half of "\r\n" is no blank line.
            gap |= !(raw == "\n" && before.ends_with('\r'));
            before = raw;
            continue;
        }
        before = raw;
        let at = lines.len();
        indents.push(indent(raw));
        lines.push_back(Line { text: collapsed, at, last: at, gap, indented: false, table: is_table(raw) });
        gap = false;
    }
    let mut sorted = indents.clone();
    sorted.sort_unstable();
    let base = sorted.get(sorted.len() / 10).copied().unwrap_or(0);
    for (line, indent) in lines.iter_mut().zip(indents) {
        line.indented = indent >= base + 2;
    }
    lines
}

/// The text with single spaces and without characters that do not show.
pub(super) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() || c.is_control() {
            space = true;
            continue;
        }
        if space && !out.is_empty() {
            out.push(' ');
        }
        space = false;
        out.push(c);
    }
    out
}

/// Whether paragraphs run over several lines: lines of a similar width that go on in the next one.
pub(super) fn are_wrapped(lines: &VecDeque<Line>) -> bool {
    let separated = lines.iter().any(|line| line.gap || line.indented);
    let (mut inner, mut wide, mut open, mut flowing) = (0_usize, 0, 0, 0);
    for (line, next) in lines.iter().zip(lines.iter().skip(1)) {
        if next.gap || next.indented || next.table || is_item(&next.text) {
            continue;
        }
        let ends = ends_sentence(&line.text);
        // A clean text has no gaps and no line that goes on in the next, so it is not wrapped.
        let flows = if separated { !ends && continues(&next.text) } else { goes_on(&line.text, &next.text) };
        inner += 1;
        wide += usize::from(is_wide(&line.text));
        open += usize::from(!ends);
        flowing += usize::from(flows);
    }
    let flows = if separated { flowing * 5 >= inner * 2 } else { flowing * 2 >= inner };
    inner > 0 && wide * 3 >= inner * 2 && open * 5 >= inner * 3 && flows
}

/// Joins lines to paragraphs: all that belong together where the text is `wrapped`, else only those that end in the
/// middle of a sentence at the width of a wrapped line. Whether anything was joined.
pub(super) fn join(lines: &mut VecDeque<Line>, wrapped: bool) -> bool {
    let before = lines.len();
    let separated = lines.iter().any(|line| line.gap || line.indented);
    let words = hyphenated_words(lines);
    let mut joined: VecDeque<Line> = VecDeque::with_capacity(lines.len());
    // The last source line of the paragraph so far, for the decision is made on it.
    let mut tail = Line::default();
    for line in lines.drain(..) {
        let Some(paragraph) = joined.back_mut().filter(|paragraph| {
            let starts = line.gap || line.indented || line.table || tail.table || is_item(&line.text);
            let flows = wrapped && !starts && (separated || !ends_sentence(&tail.text));
            flows || goes_on(&tail.text, &line.text) || goes_on(&paragraph.text, &line.text)
        }) else {
            tail = line.clone();
            joined.push_back(line);
            continue;
        };
        append(&mut paragraph.text, &line.text, &words);
        paragraph.last = line.last;
        tail = line;
    }
    *lines = joined;
    lines.len() != before
}

/// Whether the line is an item of a list.
pub(super) fn is_item(text: &str) -> bool {
    let mut chars = text.chars();
    let sign = chars.next().is_some_and(|c| "-*•·–▪►▶>●○◦‣".contains(c));
    if sign && chars.next() == Some(' ') {
        return true;
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits) && text[digits..].starts_with([')', '.']) && text[digits + 1..].starts_with(' ')
}

/// Whether the line ends as a sentence does.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(is_closing).ends_with(['.', '!', '?', '…', '。', '！', '？', ':', '：', ';'])
}

/// Quotes and brackets that close.
pub(super) fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '）' | '“')
}

/// Whether the character is written without spaces between words.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A wrapped line ends in the middle of a sentence and the next goes on: true by these two lines alone.
fn goes_on(line: &str, next: &str) -> bool {
    line.len() <= 400
        && is_wide(line)
        && line.ends_with(|c: char| c.is_alphanumeric() || c == ',' || c == '-')
        && next.starts_with(char::is_lowercase)
}

fn is_wide(text: &str) -> bool {
    text.len() <= 500 && (45..=100).contains(&text.chars().count())
}

fn continues(text: &str) -> bool {
    text.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_uppercase())
}

fn append(paragraph: &mut String, line: &str, words: &HashSet<String>) {
    let first = line.chars().next().unwrap_or(' ');
    if paragraph.ends_with('-')
        && !paragraph.ends_with("--")
        && !paragraph.ends_with(" -")
        && first.is_lowercase()
    {
        let start = paragraph[..paragraph.len() - 1]
            .rfind(|c: char| !c.is_alphabetic())
            .map_or(0, |at| at + paragraph[at..].chars().next().map_or(1, char::len_utf8));
        let rest: String = line.chars().take_while(|c| c.is_alphabetic()).collect();
        let word = format!("{}{rest}", &paragraph[start..paragraph.len() - 1]).to_lowercase();
        if words.contains(&word) {
            paragraph.pop();
        }
    } else if !(paragraph.ends_with(is_cjk) && is_cjk(first)) {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

/// The words of the text, where some line ends in a hyphen: a split word is known by standing elsewhere whole.
fn hyphenated_words(lines: &VecDeque<Line>) -> HashSet<String> {
    if !lines.iter().any(|line| line.text.ends_with('-')) {
        return HashSet::new();
    }
    let words = lines.iter().flat_map(|line| line.text.split(|c: char| !c.is_alphabetic()));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

fn indent(raw: &str) -> usize {
    raw.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// A row has two or more gaps of two or more spaces, or tabs, between its cells.
fn is_table(raw: &str) -> bool {
    let mut gaps = 0;
    let mut width = 0;
    for c in raw.trim().chars() {
        if c.is_whitespace() {
            width += if c == '\t' { 2 } else { 1 };
            continue;
        }
        // The two spaces after a full stop are no gap, and no row is a page long.
        gaps += usize::from(width >= 2);
        width = 0;
    }
    gaps >= 2 && raw.len() <= 400
}
