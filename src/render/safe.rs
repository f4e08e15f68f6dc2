//! *Safe text* is text of strangers that a terminal or a spreadsheet can be given: nothing in it acts.
//!
//! Control characters become visible pictures, white space becomes a space, and what only steers the direction or
//! the joining of other characters is left out. JSON keeps every character and writes the dangerous ones as escapes.

use std::borrow::Cow;

/// Text of one line for a terminal.
pub fn text(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(shown).collect())
}

/// Text of one cell of a table: safe for a terminal, and no formula for a spreadsheet, which takes a leading `'` as
/// the sign of plain text. See OWASP, "CSV Injection".
pub fn cell(cell: &str) -> Cow<'_, str> {
    let shown = text(cell);
    let begins = |text: &str| text.trim_start().starts_with(['=', '+', '-', '@']);
    if begins(&shown) || cell.starts_with(['\t', '\r']) {
        return Cow::Owned(format!("'{shown}"));
    }
    shown
}

/// JSON as it is safe to print: the same data, dangerous characters as `\u` escapes.
pub fn json(json: &str) -> Cow<'_, str> {
    let dangerous = |c: char| acts(c) && c != '\n';
    if !json.chars().any(dangerous) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if dangerous(c) {
            escaped.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

/// What stands for a character; `None` where nothing does.
fn shown(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\x0b' | '\x0c' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)),
        '\x7f' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' => Some(char::REPLACEMENT_CHARACTER),
        _ if acts(c) => None,
        _ => Some(c),
    }
}

/// Whether a character does something instead of being something: C0 and C1 controls, line and paragraph
/// separators, and Unicode's default-ignorable format characters, bidirectional ones first.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(typed: &str, on_a_terminal: &str, in_a_cell: &str, in_json: &str) {
        assert_eq!(text(typed), on_a_terminal, "text of {typed:?}");
        assert_eq!(cell(typed), in_a_cell, "cell of {typed:?}");
        assert_eq!(json(typed), in_json, "json of {typed:?}");
    }

    #[test]
    fn characters_that_act_are_shown_or_left_out() {
        check("plain – text", "plain – text", "plain – text", "plain – text");
        check("a\x1b[31mred", "a␛[31mred", "a␛[31mred", "a\\u001b[31mred");
        check("bell\x07\x7f", "bell␇␡", "bell␇␡", "bell\\u0007\\u007f");
        check("c1\u{9b}2J", "c1\u{fffd}2J", "c1\u{fffd}2J", "c1\\u009b2J");
        check("ab\u{202e}cd\u{2066}e", "abcde", "abcde", "ab\\u202ecd\\u2066e");
        check("zero\u{200b}width\u{feff}", "zerowidth", "zerowidth", "zero\\u200bwidth\\ufeff");
        check("tag\u{e0041}", "tag", "tag", "tag\\udb40\\udc41");
        check("two\nlines\u{2028}three", "two lines three", "two lines three", "two\nlines\\u2028three");
    }

    #[test]
    fn formulas_become_text() {
        for (typed, expected) in [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "' =1"),
            ("\rx", "' x"),
            (" =1", "' =1"),
            ("\u{200b}=1", "'=1"),
            ("a=1", "a=1"),
            ("", ""),
        ] {
            assert_eq!(cell(typed), expected, "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_acts(wild in any::<String>()) {
            prop_assert!(!text(&wild).chars().any(acts));
            prop_assert!(!cell(&wild).chars().any(acts));
            prop_assert!(!json(&wild).chars().any(|c| acts(c) && c != '\n'));
        }

        #[test]
        fn json_is_the_same_data(wild in any::<String>()) {
            let plain = serde_json::to_string(&wild).unwrap();
            let back: String = serde_json::from_str(&json(&plain)).unwrap();
            prop_assert_eq!(back, wild);
        }
    }
}
