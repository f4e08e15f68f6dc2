//! *XML* as the formats of news are written in it: read a record at a time, each as a small tree of [`Element`]s.
//!
//! Nothing outside the file is ever looked at, and no entity of its own is expanded: a reference to one stays as it is
//! written. Feeds are often broken, so an end tag closes what it names, whatever stands between, and a bare `&` is text;
//! what is no XML at all is told with the byte.
//!
//! Names are those of the format alone: an element of the root's namespace, or of one of [`PLAIN`], has no prefix; one of
//! [`MODULES`] has the prefix everybody uses, whatever the file calls it; of others the file's own prefix stays.

mod prose;

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::parse::charset::Utf8Reader;
use crate::parse::limits::{Fault, fault};
use crate::parse::{MAX_ARTICLE_BYTES, ParseError, fields, markup, pieces};

/// The deepest an element may stand in a record; deeper ones are none of news.
const MAX_DEPTH: usize = 256;

/// The most attributes of one element that are kept.
const MAX_ATTRIBUTES: usize = 256;

/// Namespaces of modules that stand in feeds and elsewhere beside the format's own elements.
const MODULES: &[(&str, &str)] = &[
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://purl.org/dc/terms/", "dcterms"),
    ("http://purl.org/rss/1.0/modules/content/", "content"),
    ("http://search.yahoo.com/mrss/", "media"),
    ("http://search.yahoo.com/mrss", "media"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://www.w3.org/2005/Atom", "atom"),
    ("http://purl.org/atom/ns#", "atom"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"),
    ("http://prismstandard.org/namespaces/basic/2.0/", "prism"),
    ("http://www.w3.org/1999/xlink", "xlink"),
    ("http://www.loc.gov/mods/v3", "mods"),
];

/// Namespaces whose elements keep their meaning wherever they stand.
const PLAIN: &[&str] = &[
    "http://www.w3.org/1999/xhtml",
    "http://iptc.org/std/nar/2006-10-01/",
    "http://iptc.org/std/NITF/2006-10-18/",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://www.loc.gov/METS/",
];

/// An element with all that is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name, as the module says.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// The value of an attribute, named without a prefix, `xml:` aside; `None` where it is blank.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let value = self.attributes.iter().find(|(own, _)| own == name);
        value.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The elements that stand in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements of this name that stand in it.
    pub(super) fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.elements().filter(move |element| element.name == name)
    }

    /// The first element at a path of names: `head/docdata/date.issue`.
    pub(super) fn at(&self, path: &str) -> Option<&Self> {
        self.all(path).into_iter().next()
    }

    /// All elements at a path of names.
    pub(super) fn all(&self, path: &str) -> Vec<&Self> {
        let mut found = vec![self];
        for name in path.split('/') {
            found =
                found.into_iter().flat_map(Self::elements).filter(|element| element.name == name).collect();
        }
        found
    }

    /// All elements of this name in it, however deep, in the order of the text.
    pub(super) fn descendants(&self, name: &str) -> Vec<&Self> {
        let (mut found, mut open) = (Vec::new(), self.elements().collect::<Vec<_>>());
        open.reverse();
        while let Some(element) = open.pop() {
            if element.name == name {
                found.push(element);
            }
            let at = open.len();
            open.extend(element.elements());
            open[at..].reverse();
        }
        found
    }

    /// The same element but for the elements of this name that stand in it.
    pub(super) fn without(&self, name: &str) -> Self {
        let named = |node: &&Node| matches!(node, Node::Element(element) if element.name == name);
        let nodes = self.nodes.iter().filter(|node| !named(node)).cloned().collect();
        Self { nodes, ..self.clone() }
    }

    /// All its text as one line; `None` where there is none.
    pub(super) fn line(&self) -> Option<String> {
        fields::line(&self.text())
    }

    /// All its text as it stands.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.write_text(&mut text);
        text
    }

    fn write_text(&self, text: &mut String) {
        for node in &self.nodes {
            match node {
                Node::Text(own) => text.push_str(own),
                Node::Element(element) => element.write_text(text),
            }
        }
    }

    /// What stands in it, as HTML: text escaped, elements as tags.
    pub(super) fn html(&self) -> String {
        let mut html = String::new();
        self.write_html(&mut html);
        html
    }

    fn write_html(&self, html: &mut String) {
        for node in &self.nodes {
            match node {
                Node::Text(text) => html.push_str(&html_escape::encode_text(text)),
                Node::Element(element) => {
                    let name = &element.name;
                    html.push('<');
                    html.push_str(name);
                    for (key, value) in &element.attributes {
                        html.push(' ');
                        html.push_str(key);
                        html.push_str("=\"");
                        html.push_str(&html_escape::encode_double_quoted_attribute(value));
                        html.push('"');
                    }
                    html.push('>');
                    element.write_html(html);
                    html.push_str("</");
                    html.push_str(name);
                    html.push('>');
                }
            }
        }
    }

    /// Its text a paragraph a line, where its elements are those of HTML or NITF.
    pub(super) fn paragraphs(&self) -> String {
        prose::of(self)
    }

    /// The language it says it is in.
    pub(super) fn language(&self) -> Option<String> {
        self.attribute("xml:lang").or_else(|| self.attribute("lang")).and_then(fields::language)
    }
}

/// What comes next in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An element that is read part by part begins; it has its attributes only.
    Enter(Element),
    /// An element that is none of those, whole.
    Whole(Element),
    /// An element that is read part by part has ended.
    Leave(String),
}

/// The records of a file of XML.
pub(super) struct Records<'a> {
    reader: NsReader<Bounded<Utf8Reader<&'a mut dyn BufRead>>>,
    room: Rc<Cell<usize>>,
    buffer: Vec<u8>,
    /// The namespace of the root.
    root: Option<String>,
    /// Names of the elements entered, as the file writes them and as they are told.
    entered: Vec<(String, String)>,
    /// Where reading is, in bytes of the text as UTF-8.
    position: u64,
}

/// What the reader makes of an event.
enum Happened {
    Start(String, Element),
    Empty(Element),
    End(String),
    Text(String),
    Nothing,
    Eof,
}

impl<'a> Records<'a> {
    /// Begins to read.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub(super) fn new(source: &'a mut dyn BufRead) -> io::Result<Self> {
        let room = Rc::new(Cell::new(0));
        let source = Bounded { inner: Utf8Reader::new(source)?, room: Rc::clone(&room) };
        let mut reader = NsReader::from_reader(source);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        Ok(Self { reader, room, buffer: Vec::new(), root: None, entered: Vec::new(), position: 0 })
    }

    /// What comes next; elements for whose names `parts` holds are entered, others read whole. `None` at the end.
    ///
    /// # Errors
    /// Where the file is no XML, a record is larger than 16 MiB or nested too deeply, or the file cannot be read.
    pub(super) fn next(&mut self, parts: &dyn Fn(&str) -> bool) -> Result<Option<Step>, ParseError> {
        self.room.set(MAX_ARTICLE_BYTES);
        loop {
            match self.event()? {
                Happened::Start(written, element) if parts(&element.name) => {
                    if self.entered.len() == MAX_DEPTH {
                        return Err(self.failed("nested too deeply"));
                    }
                    self.entered.push((written, element.name.clone()));
                    return Ok(Some(Step::Enter(element)));
                }
                Happened::Start(written, element) => {
                    return self.whole(written, element).map(|element| Some(Step::Whole(element)));
                }
                Happened::Empty(element) => return Ok(Some(Step::Whole(element))),
                Happened::End(written) => {
                    if let Some(at) = self.entered.iter().rposition(|(own, _)| *own == written) {
                        self.entered.truncate(at + 1);
                        return Ok(self.entered.pop().map(|(_, name)| Step::Leave(name)));
                    }
                }
                Happened::Text(_) | Happened::Nothing => {}
                Happened::Eof if self.root.is_none() => {
                    return Err(self.failed("expected an element, found none"));
                }
                Happened::Eof => return Ok(None),
            }
        }
    }

    /// Reads an element to its end tag.
    fn whole(&mut self, written: String, element: Element) -> Result<Element, ParseError> {
        let start = self.position;
        let mut open = vec![(written, element)];
        loop {
            let happened = self.event()?;
            let depth = open.len();
            let Some((_, top)) = open.last_mut() else { return Ok(Element::default()) };
            match happened {
                Happened::Start(..) if depth == MAX_DEPTH => {
                    return Err(self.failed("elements are nested too deeply"));
                }
                Happened::Start(written, element) => open.push((written, element)),
                Happened::Empty(element) => top.nodes.push(Node::Element(element)),
                Happened::Text(text) => match top.nodes.last_mut() {
                    Some(Node::Text(last)) => last.push_str(&text),
                    _ => top.nodes.push(Node::Text(text)),
                },
                Happened::End(written) => {
                    let Some(at) = open.iter().rposition(|(own, _)| *own == written) else { continue };
                    while open.len() > at + 1 {
                        close(&mut open);
                    }
                    if at == 0 {
                        return Ok(open.pop().map(|(_, element)| element).unwrap_or_default());
                    }
                    close(&mut open);
                }
                Happened::Nothing => {}
                Happened::Eof => {
                    let name = &open[0].0;
                    let reason = format!("byte {start}: the file ends before its </{name}>");
                    return Err(ParseError::Failed { reason });
                }
            }
        }
    }

    fn failed(&self, what: &str) -> ParseError {
        ParseError::Failed { reason: format!("byte {}: {what}", self.position) }
    }

    fn event(&mut self) -> Result<Happened, ParseError> {
        self.buffer.clear();
        self.position = self.reader.buffer_position();
        let position = self.position;
        let (namespace, event) = self
            .reader
            .read_resolved_event_into(&mut self.buffer)
            .map_err(|error| broken(error, position))?;
        let namespace = match namespace {
            ResolveResult::Bound(namespace) => Some(namespace.0.to_owned()),
            ResolveResult::Unbound | ResolveResult::Unknown(_) => None,
        };
        Ok(match event {
            Event::Start(start) => {
                let root = self.root.get_or_insert_with(|| namespace.clone().unwrap_or_default());
                Happened::Start(start.name().0.to_owned(), element(&start, namespace.as_deref(), root))
            }
            Event::Empty(start) => {
                let root = self.root.get_or_insert_with(|| namespace.clone().unwrap_or_default());
                Happened::Empty(element(&start, namespace.as_deref(), root))
            }
            Event::End(end) => Happened::End(end.name().0.to_owned()),
            Event::Text(text) => Happened::Text(text.html_content().into_owned()),
            Event::CData(text) => Happened::Text(text.html_content().into_owned()),
            Event::GeneralRef(reference) => {
                let written = format!("&{};", &*reference);
                Happened::Text(markup::decode(&written).into_owned())
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => Happened::Nothing,
            Event::Eof => Happened::Eof,
        })
    }
}

/// The root of a file that is one record.
///
/// # Errors
/// As [`Records::next`].
pub(super) fn document(source: &mut dyn BufRead) -> Result<Element, ParseError> {
    let step = Records::new(source)?.next(&|_| false)?;
    match step {
        Some(Step::Whole(root)) => Ok(root),
        _ => Err(ParseError::Failed { reason: "expected an element, found none".to_owned() }),
    }
}

/// Puts the innermost open element into the one around it.
fn close(open: &mut Vec<(String, Element)>) {
    if let Some((_, element)) = open.pop()
        && let Some((_, around)) = open.last_mut()
    {
        around.nodes.push(Node::Element(element));
    }
}

fn element(start: &BytesStart<'_>, namespace: Option<&str>, root: &str) -> Element {
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).flatten().take(MAX_ATTRIBUTES);
    let attributes = attributes.map(|attribute| {
        let name = attribute.key.0;
        let name = if name.starts_with("xml:") { name } else { attribute.key.local_name().into_inner() };
        (name.to_owned(), markup::decode(&attribute.value).into_owned())
    });
    Element {
        name: name(start.name().0, start.local_name().into_inner(), namespace, root).into_owned(),
        attributes: attributes.collect(),
        nodes: Vec::new(),
    }
}

fn name<'a>(written: &'a str, local: &'a str, namespace: Option<&str>, root: &str) -> Cow<'a, str> {
    let Some(namespace) = namespace else {
        return Cow::Borrowed(if root.is_empty() { written } else { local });
    };
    if namespace == root || PLAIN.contains(&namespace) {
        return Cow::Borrowed(local);
    }
    match MODULES.iter().find(|(own, _)| *own == namespace) {
        Some((_, prefix)) => Cow::Owned(format!("{prefix}:{local}")),
        None => Cow::Borrowed(written),
    }
}

fn broken(error: quick_xml::Error, position: u64) -> ParseError {
    match error {
        quick_xml::Error::Io(error) => {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>()) {
                Some(fault) => ParseError::Failed { reason: format!("byte {position}: {fault}") },
                None => ParseError::Io(io::Error::new(error.kind(), error.to_string())),
            }
        }
        error => ParseError::Failed { reason: format!("byte {position}: not valid XML: {error}") },
    }
}

/// A stream that gives no more than there is room for.
struct Bounded<R> {
    inner: R,
    room: Rc<Cell<usize>>,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        pieces::copy(self, buffer)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let room = self.room.get();
        let available = self.inner.fill_buf()?;
        match room {
            0 if !available.is_empty() => {
                Err(fault(format!("a record of more than {} MiB", MAX_ARTICLE_BYTES >> 20)))
            }
            room => Ok(&available[..available.len().min(room)]),
        }
    }

    fn consume(&mut self, amount: usize) {
        self.room.set(self.room.get().saturating_sub(amount));
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn root(xml: &str) -> Result<Element, ParseError> {
        document(&mut xml.as_bytes())
    }

    #[test]
    fn names_are_the_formats_own() {
        let rss = root(
            "<rss xmlns:d='http://purl.org/dc/elements/1.1/' xmlns:x='urn:x'><title>a</title><d:creator>b</d:creator>\
             <x:title>c</x:title></rss>",
        );
        let names: Vec<String> = rss.unwrap().elements().map(|element| element.name.clone()).collect();
        assert_eq!(names, ["title", "dc:creator", "x:title"]);
        let atom = root("<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry/></a:feed>").unwrap();
        assert!(atom.name == "feed" && atom.at("entry").is_some());
        let mixed = root("<rss><h:p xmlns:h='http://www.w3.org/1999/xhtml'>x</h:p></rss>").unwrap();
        assert_eq!(mixed.html(), "<p h=\"http://www.w3.org/1999/xhtml\">x</p>");
    }

    #[test]
    fn text_and_references() {
        let root = root("<p a='1 &amp; 2'>R&amp;D &eacute; &#8364; A&B &own; <![CDATA[<b>]]><i>x</i> y</p>")
            .unwrap();
        assert_eq!(root.attribute("a"), Some("1 & 2"));
        assert_eq!(root.text(), "R&D é € A&B &own; <b>x y");
        assert_eq!(root.html(), "R&amp;D é € A&amp;B &amp;own; &lt;b&gt;<i>x</i> y");
    }

    #[test]
    fn own_entities_are_not_expanded() {
        let xml = "<!DOCTYPE a [<!ENTITY f SYSTEM 'file:///etc/passwd'><!ENTITY g '&f;&f;'>]><a>&f;&g;</a>";
        assert_eq!(root(xml).unwrap().text(), "&f;&g;");
    }

    #[test]
    fn end_tags_close_what_they_name() {
        let element = root("<a><b><c>x</b></z>y</a>").unwrap();
        assert_eq!(element.at("b/c").unwrap().text(), "x");
        assert_eq!(element.text(), "xy");
    }

    #[test]
    fn what_is_broken_is_told_with_its_byte() {
        let check = |xml: &str, want: &str| {
            let error = root(xml).unwrap_err().to_string();
            assert!(error.contains(want), "{xml:.40}: {error}");
        };
        check("<a><b>x", "byte 0: the file ends before its </a>");
        check("", "expected an element");
        check("<a><b x=></a", "byte 9: not valid XML");
        check(&"<a>".repeat(100_000), "nested too deeply");
        check(&format!("<a>{}", "x".repeat(MAX_ARTICLE_BYTES)), "a record of more than 16 MiB");
    }

    #[test]
    fn a_part_at_a_time() {
        let mut xml = "<rss><channel><title>T</title><item>1</item><item/></channel></rss>".as_bytes();
        let mut records = Records::new(&mut xml).unwrap();
        let mut seen = Vec::new();
        while let Some(step) = records.next(&|name| matches!(name, "rss" | "channel")).unwrap() {
            seen.push(match step {
                Step::Enter(element) => format!("+{}", element.name),
                Step::Whole(element) => element.name,
                Step::Leave(name) => format!("-{name}"),
            });
        }
        assert_eq!(seen, ["+rss", "+channel", "title", "item", "item", "-channel", "-rss"]);
    }

    proptest! {
        #[test]
        fn never_panics(xml in "(<|</|/>|>|a|b|:|xmlns=|'x'|&|;|#|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<\\?|\\PC){0,40}") {
            let _tree = root(&xml);
        }
    }
}
