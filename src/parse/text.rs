//! *Plain text*: the body as it stands, its lines untouched; the cleaner finds headline and debris.

use std::io::BufRead;

use crate::article::{Layout, Record};
use crate::parse::{Emit, ParseError, charset, emit_one, not_news, whole};

/// Reads a file of plain text as one article.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let body = charset::decode(&whole(source)?);
    if !body.chars().any(char::is_alphabetic) {
        return Err(not_news("no words in it"));
    }
    if let Some(what) = no_prose(&body) {
        return Err(not_news(what));
    }
    emit_one(Record { body, layout: Layout::Plain, ..Record::default() }, emit)
}

/// Lines from which on a text is long enough to be judged by most of them.
const MANY_LINES: usize = 100;

/// What a text is that nobody wrote as one: a list of names, or data. Judged with care, since short wires, tables of
/// results and headlines alone are articles.
fn no_prose(text: &str) -> Option<&'static str> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let unspaced =
        |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{e00}'..='\u{eff}' | '\u{1780}'..='\u{17ff}');
    if lines.len() < 10 || text.contains(unspaced) {
        return None;
    }
    let short = lines.iter().filter(|line| line.split_whitespace().nth(3).is_none()).count();
    let ended = lines.iter().filter(|line| line.ends_with(['.', '!', '?', '…', '”', '"'])).count();
    let words = text.split_whitespace().count();
    let coded = text.split_whitespace().filter(|word| is_coded(word)).count();
    let many = lines.len() >= MANY_LINES;
    if ended == 0 && short == lines.len() || many && short * 2 > lines.len() && ended * 20 < lines.len() {
        return Some("a list, not an article");
    }
    (many && coded * 4 > words).then_some("data or code, not an article")
}

/// Whether a word holds the punctuation of code or data between its letters: `f("a","b")`, `key=value`.
fn is_coded(word: &str) -> bool {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    inner.contains(['(', ')', '[', ']', '{', '}', '<', '>', '=', '|', '"', '\\', ','])
        && inner.bytes().any(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::no_prose;

    #[test]
    fn lists_and_data_are_told_from_articles() {
        let list = "usa\nuk\nwest-germany\njapan\n".repeat(5);
        let long_list =
            "Notes on the codes\n".to_owned() + &"Swiss Franc (SFR)\nThe list of them all\nGOLD\n".repeat(60);
        let data = "fact(\"Andorra\",\"Capital\",[\"Andorra la Vella\"]).\n".repeat(200);
        let results =
            "Shr 21 cts vs 20 cts\nNet 1,234,567 vs 1,111,111\nRevs 9.9 mln vs 9.1 mln\nYear\n".repeat(4);
        let poem = "The sea\nis wide\nand grey.\n".repeat(40);
        let score = "Half-time: 10-3\nWasps: Tries\nPenalties Chesney\nReferee N Yuille.\n".repeat(4);
        for (text, expected) in [
            (list.as_str(), Some("a list, not an article")),
            (&long_list, Some("a list, not an article")),
            (&data, Some("data or code, not an article")),
            (&results, None),
            (&poem, None),
            (&score, None),
            ("Oil up", None),
            ("北京\n上海\n广州\n深圳\n天津\n重庆\n南京\n武汉\n成都\n西安\n", None),
        ] {
            assert_eq!(no_prose(text), expected, "{}", &text[..text.len().min(60)]);
        }
    }
}
