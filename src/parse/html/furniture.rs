//! *Furniture* is what stands on a page beside its article: menus, forms, boxes of other stories. It is taken out of the
//! tree before the article is looked for, since it outweighs the text of a short article.
//!
//! Names of elements, roles and classes are in `index-schema/furniture.txt`. Some pages give none, so what an element is
//! made of counts too: a heading that is a link, a list of links, a block that is one link.

use std::collections::HashMap;
use std::sync::LazyLock;

use dom_query::{Document, NodeRef};
use rustc_hash::FxHashMap;

use crate::parse::html::folded;

/// Takes the furniture out of a page of this title; how many characters are left that read like sentences. Takes time linear
/// in the page.
pub(super) fn clear(document: &Document, title: &str) -> usize {
    let Some(body) = document.body() else { return 0 };
    let page = Page::new(body, title);
    let furniture = page.furniture();
    let taken: usize = furniture.iter().map(|at| page.holds[*at].prose).sum();
    furniture.iter().for_each(|at| page.nodes[*at].remove_from_parent());
    page.holds[0].prose.saturating_sub(taken)
}

/// The element that is marked as the article, where it holds most of the prose of the page, and how many characters of it.
pub(super) fn marked(document: &Document) -> Option<(NodeRef<'_>, usize)> {
    let page = Page::new(document.body()?, "");
    let is_body =
        |node: &NodeRef<'_>| node.attr("itemprop").is_some_and(|property| &*property == "articleBody");
    let largest = |is_marked: &dyn Fn(&NodeRef<'_>) -> bool| {
        let marked = page.nodes.iter().zip(&page.holds).filter(|(node, _)| is_marked(node));
        let (node, holds) = marked.max_by_key(|(_, holds)| holds.prose)?;
        (holds.prose * 10 >= page.holds[0].prose * 6).then_some((*node, holds.prose))
    };
    largest(&is_body).or_else(|| largest(&|node| node.has_name("article")))
}

/// Whether what stands within an element is not of the article, nor says anything of it.
pub(super) fn is_aside(node: &NodeRef<'_>) -> bool {
    let tag = tag(node);
    matches!(tag.as_str(), "nav" | "aside") || NAMES.most(node, &tag).is_some_and(|tenths| tenths > SHY)
}

/// The most tenths of a name that may as well be one of a part of the article.
const SHY: usize = 5;

/// What an element holds, in characters that are no white space.
#[derive(Clone, Copy, Debug, Default)]
struct Holds {
    text: usize,
    /// Of it, text of links to other pages.
    linked: usize,
    /// Of it, text outside links that reads like part of a sentence.
    prose: usize,
    /// How many links to other pages.
    links: usize,
    /// Whether it holds the page's headline or what is marked as the article.
    article: bool,
}

impl Holds {
    fn add(&mut self, other: Self) {
        self.text += other.text;
        self.linked += other.linked;
        self.prose += other.prose;
        self.links += other.links;
        self.article |= other.article;
    }

    /// Whether so many tenths of the text are links.
    fn is_linked(&self, tenths: usize) -> bool {
        self.links > 0 && self.linked * 10 >= self.text * tenths
    }
}

/// The body of a page.
struct Page<'a> {
    /// Its nodes in the order of the page, the body first.
    nodes: Vec<NodeRef<'a>>,
    /// By node, its parent.
    parents: Vec<usize>,
    holds: Vec<Holds>,
    title: String,
}

/// The least characters of a link that may be the headline of a story.
const HEADLINE: usize = 15;
/// The most characters of a headline, or of a block that is one link.
const LONGEST: usize = 400;
/// The most characters of a box around a linked headline, or four times those of the headline.
const TEASER: usize = 300;

impl<'a> Page<'a> {
    fn new(body: NodeRef<'a>, title: &str) -> Self {
        let nodes: Vec<NodeRef<'_>> = std::iter::once(body).chain(body.descendants_it()).collect();
        let numbers: FxHashMap<_, usize> = nodes.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
        let parent = |node: &NodeRef<'_>| numbers.get(&node.parent()?.id).copied();
        let parents: Vec<usize> = nodes.iter().map(|node| parent(node).unwrap_or_default()).collect();
        let mut holds = own(&nodes, &parents);
        for at in (1..nodes.len()).rev() {
            let of_child = holds[at];
            holds[parents[at]].add(of_child);
        }
        Self { nodes, parents, holds, title: folded(title) }
    }

    /// The furniture, none of it within another, but what a teaser takes with it.
    fn furniture(&self) -> Vec<usize> {
        let mut gone = vec![false; self.nodes.len()];
        let mut furniture = Vec::new();
        for at in 1..self.nodes.len() {
            gone[at] |= gone[self.parents[at]];
            if gone[at] || !self.nodes[at].is_element() {
                continue;
            }
            if let Some(whole) = self.is_of(at) {
                gone[whole] = true;
                gone[at] = true;
                furniture.push(whole);
            }
        }
        furniture
    }

    /// The piece of furniture that an element is, or that it is the headline of.
    fn is_of(&self, at: usize) -> Option<usize> {
        let (node, holds) = (&self.nodes[at], &self.holds[at]);
        let tag = tag(node);
        if holds.article || !BLOCKS.contains(&tag.as_str()) {
            return None;
        }
        if NAMES.keeps(node) {
            return None;
        }
        let most = NAMES.most(node, &tag);
        let named = most.is_some_and(|tenths| holds.prose * 10 <= self.holds[0].prose * tenths);
        match tag.as_str() {
            _ if named => Some(at),
            _ if holds.text > LONGEST
                && !matches!(tag.as_str(), "ul" | "ol" | "dl" | "div" | "section" | "table") =>
            {
                None
            }
            "h2" | "h3" | "h4" | "h5" | "h6" if holds.is_linked(8) && holds.linked >= HEADLINE => {
                self.teaser(at).filter(|_| !self.is_titled(node))
            }
            "ul" | "ol" | "dl" | "div" | "section" | "table" if holds.links >= 3 && holds.is_linked(8) => {
                Some(at)
            }
            "p" | "div" if holds.text <= LONGEST && holds.is_linked(7) && holds.linked >= HEADLINE => {
                let ends = node.text().trim_end().ends_with(['.', '。', '!', '?', '…', ':', '"', '”']);
                (!ends && !self.is_titled(node)).then_some(at)
            }
            _ => None,
        }
    }

    /// Whether a text is the page's own headline.
    fn is_titled(&self, node: &NodeRef<'_>) -> bool {
        let text = folded(&node.text());
        self.title.contains(&text) || !self.title.is_empty() && text.contains(&self.title)
    }

    /// The box of another story that a headline stands in; one between paragraphs may be of the article.
    fn teaser(&self, headline: usize) -> Option<usize> {
        let most = (self.holds[headline].text * 4).max(TEASER);
        let is_box = |at: usize| {
            let holds = self.holds[at];
            at > 0 && !holds.article && holds.text <= most && holds.prose * 10 <= self.holds[0].prose * 3
        };
        std::iter::successors(Some(headline), |at| Some(self.parents[*at]).filter(|parent| is_box(*parent)))
            .last()
            .filter(|whole| *whole != headline)
    }
}

/// Elements that may be furniture. What names say of parts of a line is how they look.
const BLOCKS: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "li",
    "menu",
    "nav",
    "ol",
    "p",
    "section",
    "table",
    "tbody",
    "td",
    "tr",
    "ul",
];

/// Elements whose text is not shown as text.
const HIDDEN: &[&str] =
    &["script", "style", "noscript", "template", "svg", "iframe", "textarea", "select", "option"];

/// By node, what it holds itself.
fn own(nodes: &[NodeRef<'_>], parents: &[usize]) -> Vec<Holds> {
    let mut linked = vec![false; nodes.len()];
    let mut hidden = vec![false; nodes.len()];
    let mut own = vec![Holds::default(); nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        linked[at] = linked[parents[at]];
        hidden[at] = hidden[parents[at]];
        let holds = &mut own[at];
        if node.is_text() && !hidden[at] {
            let text = node.text();
            holds.text = text.chars().filter(|c| !c.is_whitespace()).count();
            if linked[at] {
                holds.linked = holds.text;
            } else if reads_on(&text) {
                holds.prose = holds.text;
            }
        } else if node.is_element() {
            let tag = tag(node);
            hidden[at] |= HIDDEN.contains(&tag.as_str());
            if tag == "a" && node.attr("href").is_some_and(|href| leads_away(&href)) {
                linked[at] = true;
                holds.links = 1;
            }
            holds.article = matches!(tag.as_str(), "h1" | "main")
                || node.attr("itemprop").is_some_and(|property| &*property == "articleBody");
        }
    }
    own
}

/// Whether a text is long enough to be of a sentence, in scripts without spaces too.
fn reads_on(text: &str) -> bool {
    text.split_whitespace().nth(5).is_some() || text.chars().filter(|c| !c.is_ascii()).nth(14).is_some()
}

fn leads_away(href: &str) -> bool {
    let href = href.trim_start();
    !href.is_empty() && !href.starts_with('#') && !href.starts_with("javascript:")
}

fn tag(node: &NodeRef<'_>) -> String {
    node.qual_name_ref().map(|name| name.local.to_string()).unwrap_or_default()
}

/// Names of furniture, each with the most tenths of a page's prose that it may hold.
#[derive(Default)]
struct Names {
    tags: HashMap<&'static str, usize>,
    roles: HashMap<&'static str, usize>,
    names: HashMap<&'static str, usize>,
    beginnings: Vec<(&'static str, usize)>,
    kept: Vec<&'static str>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names::default();
    for line in include_str!("../../../index-schema/furniture.txt").lines() {
        let mut words = line.split_whitespace();
        if let Some(name) = line.strip_prefix("keep ") {
            names.kept.push(name);
            continue;
        }
        let (Some(kind), Some(name), Some(tenths)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let Ok(tenths) = tenths.parse() else { continue };
        match (kind, name.strip_suffix('*')) {
            ("tag", _) => drop(names.tags.insert(name, tenths)),
            ("role", _) => drop(names.roles.insert(name, tenths)),
            ("name", None) => drop(names.names.insert(name, tenths)),
            ("name", Some(beginning)) => names.beginnings.push((beginning, tenths)),
            _ => {}
        }
    }
    names
});

impl Names {
    /// The most tenths of a page's prose that an element may hold to be furniture; `None` where nothing says it is.
    fn most(&self, node: &NodeRef<'_>, tag: &str) -> Option<usize> {
        let role = node.attr("role").map(|role| role.trim().to_ascii_lowercase());
        let of_role = role.and_then(|role| self.roles.get(role.as_str()).copied());
        let attributes = ["class", "id"].into_iter().filter_map(|name| node.attr(name));
        let of_names =
            attributes.filter_map(|text| words(&text).filter_map(|word| self.of(&word)).max()).max();
        self.tags.get(tag).copied().max(of_role).max(of_names)
    }

    /// Whether an element is named for what belongs to an article though it may look like furniture.
    fn keeps(&self, node: &NodeRef<'_>) -> bool {
        let attributes = ["class", "id", "rel", "itemprop"].into_iter().filter_map(|name| node.attr(name));
        attributes.into_iter().any(|text| words(&text).any(|word| self.kept.contains(&word.as_str())))
    }

    fn of(&self, word: &str) -> Option<usize> {
        let begins = |(beginning, tenths): &(&str, usize)| word.starts_with(beginning).then_some(*tenths);
        self.names.get(word).copied().or_else(|| self.beginnings.iter().find_map(begins))
    }
}

/// The words of a class or id: `jp-relatedPosts` has three.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
    parts.flat_map(|part| {
        let humps = part.as_bytes().windows(2).enumerate();
        let humps = humps.filter(|(_, two)| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase());
        let cuts: Vec<usize> = humps.map(|(at, _)| at + 1).chain([part.len()]).collect();
        let mut start = 0;
        cuts.into_iter().map(move |end| part[std::mem::replace(&mut start, end)..end].to_ascii_lowercase())
    })
}
