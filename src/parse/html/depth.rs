//! *Depth* is how far a page nests its elements, found in one pass over the bytes.
//!
//! Tree builders take time quadratic in the depth: 100,000 open `<div>` cost minutes. This follows the rules of the
//! HTML standard for closing tags closely, and where it leaves one out it sees more depth than a tree builder would
//! make: pages that leave many elements open are read without a tree. Only end tags of items and cells that stand
//! across those of blocks can still make it see less.

use crate::parse::markup;

/// The deepest nesting that is built as a tree; browsers stop at the same figure.
const MAX_DEPTH: usize = 512;

/// The most nodes that are built as a tree.
const MAX_NODES: usize = 400_000;

/// The most attributes of one tag; each is compared with all others.
const MAX_ATTRIBUTES: usize = 2_000;

const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "link",
    "meta", "param", "source", "track", "wbr",
];

/// Elements whose end tag is optional: the next of their kind closes them.
const OPTIONAL: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "html", "head", "body",
    "colgroup",
];

/// Elements that outlive the block they stand in.
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements whose content is no markup.
const RAW: &[&str] = &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// Elements that keep end tags of others from reaching out of them.
const BARRIERS: &[&str] = &["table", "object", "marquee", "applet", "template", "caption", "select"];

/// Elements of other languages, which are barriers too; their end tags reach no further than others do. Within the
/// first two all names are alike and `/>` ends an element, unless the name is one that ends the language.
const FOREIGN: &[&str] =
    &["svg", "math", "foreignobject", "desc", "annotation-xml", "mi", "mo", "mn", "ms", "mtext"];

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
    "summary",
    "ul",
];

/// Whether a tree of this page would take more than linear time or too much memory.
pub(super) fn is_costly(html: &str) -> bool {
    let mut open = Open::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        // What closes nothing hides the rest of the page from this, not from a tree builder.
        let Some(length) = markup::tag_length(rest) else { return true };
        let (tag, after) = rest.split_at(length);
        rest = after;
        let name = markup::tag_name(&tag[1..]);
        if name.is_empty() {
            if tag.starts_with("<![CDATA[") && open.language().is_some() {
                return true;
            }
            continue;
        }
        let raw = RAW.contains(&name.as_str()) && !tag.starts_with("</");
        if raw {
            let end = markup::after_close(rest, &name);
            // In a drawing these hold markup like all others.
            if open.language().is_some() && holds_markup(&rest[..rest.len() - end.len()]) {
                return true;
            }
            rest = end;
        }
        if open.is_drawing() && ends_drawing(&name) {
            return true;
        }
        open.tag(tag, name);
        if open.depth() > MAX_DEPTH || open.nodes > MAX_NODES || attributes(tag) > MAX_ATTRIBUTES {
            return true;
        }
    }
    false
}

/// What is open at a place of the page.
#[derive(Default)]
struct Open {
    elements: Vec<Element>,
    /// Formatting elements that the tree builder opens again in every block until their end tags come.
    formatting: Vec<Formatting>,
    /// At least as many as a tree would have so far.
    nodes: usize,
}

struct Element {
    name: String,
    /// How many barriers stand up to it.
    barriers: usize,
}

struct Formatting {
    name: String,
    barriers: usize,
    /// How many elements were open around it.
    at: usize,
}

impl Open {
    fn depth(&self) -> usize {
        self.elements.len() + self.formatting.len()
    }

    fn barriers(&self) -> usize {
        self.elements.last().map_or(0, |element| element.barriers)
    }

    /// The innermost element of another language.
    fn language(&self) -> Option<&str> {
        let mut names = self.elements.iter().rev().map(|element| element.name.as_str());
        names.find(|name| FOREIGN.contains(name))
    }

    fn is_drawing(&self) -> bool {
        matches!(self.language(), Some("svg" | "math"))
    }

    fn tag(&mut self, tag: &str, name: String) {
        self.nodes += 1;
        if !tag.starts_with("</") && self.language().is_some() {
            return self.start_foreign(tag, name);
        }
        match (tag.starts_with("</"), FORMATTING.contains(&name.as_str())) {
            (true, true) => self.end_formatting(&name),
            (true, false) => self.close(&name),
            (false, true) => self.start_formatting(name),
            (false, false) => self.start(name),
        }
    }

    fn start(&mut self, name: String) {
        self.nodes += self.formatting.len();
        let flat = [VOID, OPTIONAL, RAW].iter().any(|names| names.contains(&name.as_str()));
        if !flat || self.is_stray(&name) {
            self.push(name);
        }
    }

    /// Whether this is an item of another kind of list than the innermost: such close each other not.
    fn is_stray(&self, name: &str) -> bool {
        let lists = ["dl", "ul", "ol", "menu", "dir"];
        let list = self.elements.iter().rev().find(|element| lists.contains(&element.name.as_str()));
        let described = list.is_some_and(|list| list.name == "dl");
        match name {
            "li" => described,
            "dd" | "dt" => !described,
            _ => false,
        }
    }

    fn start_foreign(&mut self, tag: &str, name: String) {
        if self.is_drawing() && tag.ends_with("/>") || RAW.contains(&name.as_str()) {
            return;
        }
        if FORMATTING.contains(&name.as_str()) {
            self.start_formatting(name.clone());
        }
        self.nodes += self.formatting.len();
        self.push(name);
    }

    fn push(&mut self, name: String) {
        let barrier = BARRIERS.contains(&name.as_str()) || FOREIGN.contains(&name.as_str());
        let barriers = self.barriers() + usize::from(barrier);
        self.elements.push(Element { name, barriers });
    }

    fn start_formatting(&mut self, name: String) {
        let barriers = self.barriers();
        // A link within a link ends it.
        if name == "a" {
            self.formatting.retain(|one| one.name != "a" || one.barriers != barriers);
        }
        self.formatting.push(Formatting { name, barriers, at: self.elements.len() });
    }

    /// The end tag reaches formatting elements on this side of a barrier. Of more than three of a kind the tree builder
    /// forgets the first, and their end tags may close nothing: they count as open until what is around them closes.
    fn end_formatting(&mut self, name: &str) {
        let barriers = self.barriers();
        let ours = |one: &Formatting| one.name == name && one.barriers >= barriers;
        let Some(last) = self.formatting.iter().rposition(ours) else { return };
        let same = || self.formatting.iter().filter(|one| one.name == name);
        let lost = same().nth(3).and(same().map(|one| one.at).min());
        self.formatting.remove(last);
        if let Some(at) = lost {
            let at = at.min(self.elements.len());
            let barriers = at.checked_sub(1).map_or(0, |at| self.elements[at].barriers);
            self.elements.insert(at, Element { name: String::new(), barriers });
        }
    }

    fn close(&mut self, name: &str) {
        let free = BLOCKS.contains(&name) || BARRIERS.contains(&name);
        for (at, one) in self.elements.iter().enumerate().rev() {
            let one = one.name.as_str();
            if one == name {
                self.elements.truncate(at);
                return;
            }
            let barrier = BARRIERS.contains(&one) || FOREIGN.contains(&one);
            if barrier || (!free && BLOCKS.contains(&one)) {
                return;
            }
        }
    }
}

/// Whether a tree builder leaves a drawing or a formula at this tag.
fn ends_drawing(name: &str) -> bool {
    const OTHERS: &[&str] =
        &["head", "meta", "ruby", "span", "sub", "sup", "var", "table", "dd", "dt", "li", "p", "body"];
    let inline = ["br", "hr", "img", "embed"].contains(&name) || FORMATTING.contains(&name) && name != "a";
    inline || OTHERS.contains(&name) || BLOCKS.contains(&name)
}

/// Whether a tag stands in the text, the signs around it aside that keep old programs from reading it.
fn holds_markup(text: &str) -> bool {
    match text.split_once("<![CDATA[") {
        Some((before, rest)) => {
            before.contains('<')
                || rest
                    .split_once("]]>")
                    .is_none_or(|(inside, after)| inside.contains('<') || after.contains('<'))
        }
        None => text.contains('<'),
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
mod tests;
