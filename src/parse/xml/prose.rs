//! *Prose* is the text of an element of HTML or NITF, a paragraph a line; a row of a table is a line, too.
//!
//! Pictures with their captions, and what is no text at all, are left out.

use crate::parse::markup;
use crate::parse::xml::{Element, Node};

/// Elements of NITF whose content is no text of the story.
const ASIDE: &[&str] = &["media", "note", "nitf-table-metadata", "custom-table"];

/// Elements of NITF that stand within a line.
const INLINE: &[&str] = &[
    "alt-code",
    "chron",
    "city",
    "classifier",
    "copyrite",
    "copyrite.holder",
    "copyrite.year",
    "country",
    "event",
    "frac",
    "frac-den",
    "frac-num",
    "frac-sep",
    "function",
    "lang",
    "location",
    "money",
    "name.family",
    "name.given",
    "num",
    "object.title",
    "org",
    "person",
    "postaddr",
    "pronounce",
    "region",
    "state",
    "sublocation",
    "virtloc",
];

/// Elements whose text is one paragraph: in them an element that nobody knows is a name or a term that somebody marked.
const PARAGRAPHS: &[&str] =
    &["p", "h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2", "li", "td", "th", "dt", "dd", "pre"];

/// Elements that end a line wherever they stand.
const BLOCKS: &[&str] = &["block", "blockquote", "bq", "br", "div", "dl", "hr", "ol", "table", "tr", "ul"];

/// The text of an element.
pub(super) fn of(element: &Element) -> String {
    let mut lines = Lines::default();
    lines.element(element, Around::default());
    lines.end();
    lines.done
}

/// What an element stands in.
#[derive(Clone, Copy, Default)]
struct Around {
    paragraph: bool,
    row: bool,
    preformatted: bool,
}

#[derive(Default)]
struct Lines {
    done: String,
    line: String,
}

impl Lines {
    /// The reader of XML holds how deep elements stand.
    fn element(&mut self, element: &Element, around: Around) {
        for node in &element.nodes {
            match node {
                Node::Text(text) if around.preformatted => {
                    for (number, line) in text.split('\n').enumerate() {
                        if number > 0 {
                            self.end();
                        }
                        self.line.push_str(line);
                    }
                }
                Node::Text(text) => self.line.push_str(text),
                Node::Element(inner) => self.inner(inner, around),
            }
        }
    }

    fn inner(&mut self, element: &Element, around: Around) {
        let name = element.name.to_ascii_lowercase();
        let name = name.as_str();
        if ASIDE.contains(&name) || markup::is_silent(name) {
            return;
        }
        let paragraph = PARAGRAPHS.contains(&name);
        let unknown = !paragraph && !BLOCKS.contains(&name);
        let cell = matches!(name, "td" | "th") && around.row;
        let inline = INLINE.contains(&name) || markup::is_inline(name) || unknown && around.paragraph || cell;
        let edge = |lines: &mut Self| match (inline, cell) {
            (false, _) => lines.end(),
            (true, true) => lines.line.push(' '),
            (true, false) => {}
        };
        edge(self);
        let within = Around {
            paragraph: paragraph || around.paragraph && inline,
            row: name == "tr" || around.row && inline,
            preformatted: name == "pre" || around.preformatted,
        };
        self.element(element, within);
        edge(self);
    }

    fn end(&mut self) {
        let start = self.done.len();
        for word in self.line.split_whitespace() {
            self.done.push_str(if self.done.len() == start { "" } else { " " });
            self.done.push_str(word);
        }
        if self.done.len() > start {
            self.done.push('\n');
        }
        self.line.clear();
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::xml::document;

    #[test]
    fn paragraphs_rows_and_names() {
        for (xml, want) in [
            (
                "<b><p>One <person>Ana\n Ruiz</person> of <org>A<em>B</em></org>.</p><p>Two.</p></b>",
                "One Ana Ruiz of AB.\nTwo.\n",
            ),
            (
                "<b><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>x</b>",
                "A B\n1 2\nx\n",
            ),
            ("<b><table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table></b>", "a\nb\nc\n"),
            ("<b><p>sold by <Firm>Alko</Firm> now</p><Firm>Alko</Firm>x</b>", "sold by Alko now\nAlko\nx\n"),
            ("<b><pre>a\n b  c\n\nd</pre>e</b>", "a\nb c\nd\ne\n"),
            (
                "<b><media><media-caption>no</media-caption></media><hl2>H</hl2><script>no</script>a<br/>b</b>",
                "H\na\nb\n",
            ),
            ("<b><UL><LI>a</LI><LI>b &lt;c&gt; &amp;amp;</LI></UL></b>", "a\nb <c> &amp;\n"),
            ("<b/>", ""),
        ] {
            assert_eq!(document(&mut xml.as_bytes()).unwrap().paragraphs(), want, "{xml}");
        }
    }
}
