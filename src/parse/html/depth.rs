//! *Depth* is how far a page nests its elements, found in one pass over the bytes.
//!
//! Tree builders take time quadratic in the depth: 100,000 open `<div>` cost minutes. This follows the rules of the
//! HTML standard for closing tags closely enough never to see less depth than a tree builder would make; it may see
//! more, in pages that leave many elements open, and those are read without a tree.

use crate::parse::markup;

/// The deepest nesting that is built as a tree; browsers stop at the same figure.
const MAX_DEPTH: usize = 512;

/// The most tags that are built as a tree.
const MAX_TAGS: usize = 400_000;

/// The most attributes of one tag; each is compared with all others.
const MAX_ATTRIBUTES: usize = 2_000;

const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "link",
    "meta", "param", "source", "track", "wbr",
];

/// Elements whose end tag is optional: the next of their kind closes them.
const OPTIONAL: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup", "html", "head",
    "body", "rp", "rt", "colgroup",
];

/// Elements that outlive the block they stand in.
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements whose content is no markup.
const RAW: &[&str] = &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// Elements that keep end tags of others from reaching out of them.
const BARRIERS: &[&str] = &["table", "object", "marquee", "applet", "template", "caption"];

/// Blocks: their end tags close what is open inside; other end tags do not reach past them.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "button",
    "center",
    "details",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "pre",
    "search",
    "section",
    "select",
    "summary",
    "ul",
];

/// Whether a tree of this page would take more than linear time or too much memory.
pub(super) fn is_costly(html: &str) -> bool {
    let mut open: Vec<String> = Vec::new();
    let mut formatting = 0usize;
    let mut tags = 0usize;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let Some(length) = markup::tag_length(rest) else { break };
        let (tag, after) = rest.split_at(length);
        rest = after;
        let name = markup::tag_name(&tag[1..]);
        let closing = tag.starts_with("</");
        tags += usize::from(!name.is_empty());
        match (closing, FORMATTING.contains(&name.as_str())) {
            (true, true) => formatting = formatting.saturating_sub(1),
            (false, true) => formatting += 1,
            (true, false) => close(&mut open, &name),
            (false, false) if RAW.contains(&name.as_str()) => rest = markup::after_close(rest, &name),
            (false, false) if !name.is_empty() && !is_flat(&name) => open.push(name),
            (false, false) => {}
        }
        if open.len() + formatting > MAX_DEPTH || tags > MAX_TAGS || attributes(tag) > MAX_ATTRIBUTES {
            return true;
        }
    }
    false
}

fn is_flat(name: &str) -> bool {
    VOID.contains(&name) || OPTIONAL.contains(&name)
}

fn close(open: &mut Vec<String>, name: &str) {
    let free = BLOCKS.contains(&name) || BARRIERS.contains(&name);
    for (at, one) in open.iter().enumerate().rev() {
        if one == name {
            open.truncate(at);
            return;
        }
        if BARRIERS.contains(&one.as_str()) || (!free && BLOCKS.contains(&one.as_str())) {
            return;
        }
    }
}

/// At least as many as the tag has attributes; a cheap count first, as nearly all tags are short.
fn attributes(tag: &str) -> usize {
    if tag.len() <= 2 * MAX_ATTRIBUTES {
        return 0;
    }
    let mut quote = None;
    let mut count = 0;
    for byte in tag.bytes() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b' ' | b'\n' | b'\t' | b'/' | b'=') => count += 1,
            (Some(open), byte) if open == byte => {
                quote = None;
                count += 1;
            }
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, want: bool) {
        assert_eq!(is_costly(html), want, "{}", &html[..html.len().min(60)]);
    }

    #[test]
    fn deep_pages_are_costly() {
        for part in [
            "<div>",
            "<span>",
            "<div></x>",
            "<div><table></div>",
            "<span><div></span>",
            "<b>x<p>",
            "<my-el>",
            "<ul><li>",
            "<DIV\n>",
        ] {
            check(&part.repeat(600), true);
        }
        check(&format!("<div {}>", (0..3000).map(|i| format!("a{i}=1 ")).collect::<String>()), true);
        check(&"<p>x".repeat(MAX_TAGS + 1), true);
    }

    #[test]
    fn wide_pages_are_not() {
        for part in [
            "<div>x</div>",
            "<p>x",
            "<li>x",
            "<br>",
            "<div><span></div>",
            "<img src=x>",
            "<!-- <div> -->",
            "<b>x</b>",
            "1 < 2 ",
        ] {
            check(&part.repeat(2000), false);
        }
        check("<script>if (a<b) document.write('<div><div>')</script><p>x", false);
        check(&format!("<img src=\"data:{}\">", "ab/c= ".repeat(9000)), false);
    }
}
