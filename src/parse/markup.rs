//! *Markup stripping* turns HTML into lines of text in one pass over its bytes, without a tree.
//!
//! For the HTML inside JSON and Markdown, and for pages whose nesting would cost a tree builder quadratic time. It
//! knows which tags end a line and which hold no text; it does not know what on a page is the article.

use std::borrow::Cow;

/// Elements whose content is no text.
const SILENT: &[&str] = &[
    "script", "style", "head", "noscript", "template", "svg", "math", "iframe", "object", "select",
    "textarea", "button", "nav", "form", "figure", "audio", "video", "canvas",
];

/// Elements that stand within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr",
];

/// Whether an element of HTML, named in lower case, holds no text.
pub(super) fn is_silent(name: &str) -> bool {
    SILENT.contains(&name)
}

/// Whether an element of HTML, named in lower case, stands within a line.
pub(super) fn is_inline(name: &str) -> bool {
    INLINE.contains(&name)
}

/// The text with its character references decoded.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    html_escape::decode_html_entities(text)
}

/// Whether a text is HTML rather than text that happens to hold a `<`.
pub(super) fn is_html(text: &str) -> bool {
    let known = |name: &str| {
        INLINE.contains(&name) || ["p", "div", "br", "ul", "ol", "li", "h1", "h2", "h3", "h4"].contains(&name)
    };
    text.match_indices('<').take(1000).any(|(at, _)| {
        let name = tag_name(&text[at + 1..]);
        known(&name)
            || SILENT.contains(&name.as_str())
            || ["blockquote", "section", "article", "table"].contains(&name.as_str())
    })
}

/// One line of the text of a bit of HTML: a headline, a name.
pub(super) fn line(html: &str) -> String {
    if is_html(html) { paragraphs(html).replace('\n', " ") } else { decode(html).into_owned() }
}

/// The text of HTML, a paragraph a line.
pub(super) fn paragraphs(html: &str) -> String {
    let mut lines = Lines::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        lines.text(&rest[..at]);
        rest = &rest[at..];
        let Some(length) = tag_length(rest) else { break };
        let (tag, after) = rest.split_at(length);
        rest = after;
        if length == 1 {
            lines.text(tag);
            continue;
        }
        let name = tag_name(&tag[1..]);
        if !INLINE.contains(&name.as_str()) && !name.is_empty() {
            lines.end();
        }
        if SILENT.contains(&name.as_str()) && !tag.starts_with("</") && !tag.ends_with("/>") {
            rest = after_close(rest, &name);
        }
    }
    lines.text(rest);
    lines.end();
    lines.done
}

#[derive(Default)]
struct Lines {
    done: String,
    line: String,
}

impl Lines {
    fn text(&mut self, text: &str) {
        self.line.push_str(text);
    }

    fn end(&mut self) {
        if !self.line.trim().is_empty() {
            let decoded = decode(&self.line);
            let start = self.done.len();
            for word in decoded.split_whitespace() {
                self.done.push_str(if self.done.len() == start { "" } else { " " });
                self.done.push_str(word);
            }
            if self.done.len() > start {
                self.done.push('\n');
            }
        }
        self.line.clear();
    }
}

/// Bytes of the tag or comment at the start; 1 where the `<` is just a character, `None` where nothing closes it.
pub(super) fn tag_length(text: &str) -> Option<usize> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return comment_length(comment).map(|length| length + 4);
    }
    let opener = text.as_bytes().get(1)?;
    if !opener.is_ascii_alphabetic() && !b"/!?".contains(opener) {
        return Some(1);
    }
    let named = text[1..].trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic());
    if !named {
        // Declarations know no quotes.
        return text.find('>').map(|at| at + 1);
    }
    let mut quote = None;
    let mut previous = b' ';
    for (at, &byte) in text.as_bytes().iter().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') if previous == b'=' => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            previous = byte;
        }
    }
    None
}

/// Bytes of a comment after its `<!--`; `<!-->` and `<!--->` are whole ones.
fn comment_length(comment: &str) -> Option<usize> {
    let empty = ["->", ">"].iter().find(|end| comment.starts_with(**end));
    let ends =
        || comment.match_indices("--").find_map(|(at, _)| end_length(&comment[at..]).map(|end| at + end));
    empty.map(|end| end.len()).or_else(ends)
}

fn end_length(text: &str) -> Option<usize> {
    ["-->", "--!>"].iter().find(|end| text.starts_with(**end)).map(|end| end.len())
}

/// The element's name in lower case, of an opening or closing tag without its `<`.
pub(super) fn tag_name(tag: &str) -> String {
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return String::new();
    }
    let end = tag.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').unwrap_or(tag.len());
    tag[..end.min(tag.floor_char_boundary(40))].to_ascii_lowercase()
}

/// What follows the closing tag of this name; nothing where there is none.
pub(super) fn after_close<'a>(text: &'a str, name: &str) -> &'a str {
    let close = text
        .as_bytes()
        .windows(name.len() + 2)
        .position(|window| window.starts_with(b"</") && window[2..].eq_ignore_ascii_case(name.as_bytes()));
    close.map_or("", |at| text.get(at..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn html_to_lines() {
        for (html, want) in [
            ("<p>One <b>bold</b> word.</p><p>Two&nbsp;&amp; three.", "One bold word.\nTwo & three.\n"),
            ("a<br>b<br/>c", "a\nb\nc\n"),
            ("x<script>if (a<b) {}</SCRIPT>y", "x\ny\n"),
            ("<!-- <p>no</p> -->yes", "yes\n"),
            ("<!-->yes<!--->, too<!-- no --!>.<!-- no ---->", "yes, too.\n"),
            ("<a title='a > b' href=x>link</a> text", "link text\n"),
            ("3 < 4 and 5 > 4", "3 < 4 and 5 > 4\n"),
            ("cut <off", "cut <off\n"),
            ("<script>never closed", ""),
            ("", ""),
        ] {
            assert_eq!(paragraphs(html), want, "{html}");
        }
    }

    #[test]
    fn what_is_html() {
        for (text, want) in [
            ("<p>x", true),
            ("a <a href=x>b</a>", true),
            ("1 < 2", false),
            ("I <3 you", false),
            ("<Reuters>", false),
        ] {
            assert_eq!(is_html(text), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(html in "(<|</|<!--|-->|script|p|>|\"|=|é|&amp;|&#| |\\PC){0,40}") {
            let _text = paragraphs(&html);
            let _line = line(&html);
        }
    }
}
