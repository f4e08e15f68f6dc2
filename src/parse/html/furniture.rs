//! *Furniture* is what stands on a page beside its article: menus, forms, boxes of other stories. It is taken out of the
//! tree before the article is looked for, since it outweighs the text of a short article.
//!
//! Names of elements, roles and classes are in `index-schema/furniture.txt`. Some pages give none, so what an element is
//! made of counts too: a heading that is a link, a list of links, a block that is one link.

use dom_query::{Document, NodeRef};
use rustc_hash::FxHashMap;

use crate::parse::fields;
use crate::parse::html::folded;
use crate::parse::html::names::{NAMES, Rules};

/// Takes the furniture out of a page of this title; how many characters are left that read like sentences. Takes time linear
/// in the page.
pub(super) fn clear(document: &Document, title: &str) -> usize {
    let Some(body) = document.body() else { return 0 };
    let page = Page::new(body, title);
    let furniture = page.furniture();
    let prose = page.prose_without(&furniture);
    furniture.iter().for_each(|at| page.nodes[*at].remove_from_parent());
    prose
}

/// The element that is marked as the article, where it holds most of the prose of the page, and how many characters of it.
pub(super) fn marked(document: &Document) -> Option<(NodeRef<'_>, usize)> {
    let page = Page::new(document.body()?, "");
    let largest = |is_marked: &dyn Fn(&NodeRef<'_>) -> bool| {
        let marked = page.nodes.iter().zip(&page.holds).filter(|(node, _)| is_marked(node));
        let (node, holds) = marked.max_by_key(|(_, holds)| holds.prose)?;
        (holds.prose * 10 >= page.holds[0].prose * 6).then_some((*node, holds.prose))
    };
    largest(&is_body).or_else(|| largest(&|node| node.has_name("article")))
}

/// Whether an element is marked as the body of the article.
fn is_body(node: &NodeRef<'_>) -> bool {
    let marks = node.attr("itemprop");
    marks.is_some_and(|marks| marks.split_ascii_whitespace().any(|mark| mark == "articleBody"))
}

/// Whether what stands within an element is not of the article, nor says anything of it.
pub(super) fn is_aside(node: &NodeRef<'_>) -> bool {
    let tag = tag(node);
    let rules = NAMES.rules(node, &tag);
    let sure =
        NAMES.tenths().iter().enumerate().any(|(rule, tenths)| *tenths > SHY && rules & 1 << rule != 0);
    matches!(tag.as_str(), "nav" | "aside") || sure && !matches!(tag.as_str(), "body" | "main" | "article")
}

/// The most tenths of a name that may as well be one of a part of the article.
const SHY: usize = 5;

/// The text of a node as it is shown; none where it is longer than so many bytes, or lies in very many pieces.
pub(super) fn shown(node: &NodeRef<'_>, most: usize) -> Option<String> {
    let mut shown = String::new();
    for (count, text) in node.descendants_it().enumerate() {
        if count > MAX_NODES {
            return None;
        }
        if !text.is_text() || is_hidden(&text) {
            continue;
        }
        let text = text.text();
        // White space counts too: this is asked of very many nodes.
        if text.len() > 4 * most || shown.len() > most {
            return None;
        }
        shown.push(' ');
        shown.push_str(text.trim());
    }
    fields::line(&shown).filter(|shown| shown.len() <= most)
}

/// Whether an element says of itself that it is not shown.
pub(super) fn is_unseen(node: &NodeRef<'_>) -> bool {
    let style = node.attr("style").unwrap_or_default();
    let says = |what: &str, how: &str| {
        style.split(';').filter_map(|rule| rule.split_once(':')).any(|(name, value)| {
            name.trim().eq_ignore_ascii_case(what) && value.trim().eq_ignore_ascii_case(how)
        })
    };
    node.has_attr("hidden") || says("display", "none") || says("visibility", "hidden")
}

/// Whether a text is none that is shown.
pub(super) fn is_hidden(text: &NodeRef<'_>) -> bool {
    text.parent().is_some_and(|above| HIDDEN.contains(&tag(&above).as_str()))
}

/// The most nodes of an element that is a line.
const MAX_NODES: usize = 200;

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
    /// By node, the rules by which it is furniture.
    rules: Vec<Rules>,
    /// The rules of names that the page gives to most of its text: they mean nothing here.
    void: Rules,
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
        let rules_of = |node: &NodeRef<'_>| if node.is_element() { NAMES.rules(node, &tag(node)) } else { 0 };
        let rules: Vec<Rules> = nodes.iter().map(rules_of).collect();
        let void = void(&rules, &parents, &holds);
        Self { nodes, parents, holds, rules, void, title: folded(title) }
    }

    /// The furniture; none of it stands in another piece that was found before.
    fn furniture(&self) -> Vec<usize> {
        let mut gone = vec![false; self.nodes.len()];
        let mut furniture = Vec::new();
        for at in 1..self.nodes.len() {
            gone[at] |= gone[self.parents[at]];
            if gone[at] || !self.nodes[at].is_element() {
                continue;
            }
            if let Some(whole) = self.piece(at) {
                let mut within = at;
                while within != whole {
                    gone[within] = true;
                    within = self.parents[within];
                }
                gone[whole] = true;
                furniture.push(whole);
            }
        }
        furniture
    }

    /// How many characters of prose are left without furniture.
    fn prose_without(&self, furniture: &[usize]) -> usize {
        let mut gone = vec![false; self.nodes.len()];
        furniture.iter().for_each(|at| gone[*at] = true);
        let mut prose = self.holds[0].prose;
        for at in 1..self.nodes.len() {
            let above = gone[self.parents[at]];
            if gone[at] && !above {
                prose -= self.holds[at].prose;
            }
            gone[at] |= above;
        }
        prose
    }

    /// The piece of furniture that an element is, or that it is the headline of.
    fn piece(&self, at: usize) -> Option<usize> {
        let (node, holds) = (&self.nodes[at], &self.holds[at]);
        let tag = tag(node);
        if holds.article || !BLOCKS.contains(&tag.as_str()) || NAMES.keeps(node) {
            return None;
        }
        let rules = self.rules[at] & !self.void;
        let named = rules != 0
            && NAMES.tenths().iter().enumerate().any(|(rule, tenths)| {
                rules & 1 << rule != 0 && holds.prose * 10 <= self.holds[0].prose * tenths
            });
        let is_list = LISTS.contains(&tag.as_str()) && holds.links >= 3 && holds.is_linked(8);
        if named || is_list {
            return Some(at);
        }
        if holds.text > LONGEST || holds.linked < HEADLINE || self.is_titled(node) {
            return None;
        }
        match tag.as_str() {
            "h2" | "h3" | "h4" | "h5" | "h6" if holds.is_linked(8) => self.teaser(at),
            "p" | "div" if holds.is_linked(7) => {
                let text = shown(node, 4 * LONGEST)?;
                (!text.ends_with(['.', '。', '!', '?', '…', ':', '"', '”'])).then_some(at)
            }
            _ => None,
        }
    }

    /// Whether a text is the page's own headline, or too long to tell.
    fn is_titled(&self, node: &NodeRef<'_>) -> bool {
        let Some(text) = shown(node, 4 * LONGEST).map(|text| folded(&text)) else { return true };
        // A short title, such as the name of a section, stands in the headlines of others too.
        let long = self.title.chars().count() >= HEADLINE;
        self.title.contains(&text) || long && text.contains(&self.title)
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

/// Those that may be a list of links.
const LISTS: &[&str] = &["ul", "ol", "dl", "div", "section", "table"];

/// Elements whose text is not shown as text.
const HIDDEN: &[&str] =
    &["script", "style", "noscript", "template", "svg", "iframe", "textarea", "select", "option"];

/// The rules of names that a page gives to more of its prose than all boxes beside an article could have.
fn void(rules: &[Rules], parents: &[usize], holds: &[Holds]) -> Rules {
    let mut within = vec![0; rules.len()];
    let mut prose = vec![0; NAMES.tenths().len()];
    for at in 0..rules.len() {
        let above: Rules = if at == 0 { 0 } else { within[parents[at]] };
        within[at] = above | rules[at];
        let mut outermost = rules[at] & !above;
        while outermost != 0 {
            prose[outermost.trailing_zeros() as usize] += holds[at].prose;
            outermost &= outermost - 1;
        }
    }
    let most = |tenths: usize| holds[0].prose * tenths.max(MOST);
    let void = prose.iter().zip(NAMES.tenths()).map(|(prose, tenths)| prose * 10 > most(*tenths));
    void.enumerate().fold(0, |rules, (rule, void)| rules | Rules::from(void) << rule)
}

/// The most tenths of a page's prose that boxes of one name have together.
const MOST: usize = 8;

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
            hidden[at] |= HIDDEN.contains(&tag.as_str()) || is_unseen(node);
            if tag == "a" && node.attr("href").is_some_and(|href| leads_away(&href)) {
                linked[at] = true;
                holds.links = 1;
            }
            holds.article = matches!(tag.as_str(), "h1" | "main") || is_body(node);
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
