//! A *flat* article has all its paragraphs side by side. Pages cut theirs in sections, between pictures and advertisements,
//! each in boxes of its own; where names do not tell that they belong together, the largest section would pass for the whole.

use dom_query::{Document, NodeRef};

use crate::parse::html::furniture;

/// The most tenths of the marked article's prose that may be missing from what was found.
const MISSING: usize = 5;

/// Takes the boxes around the paragraphs away in the element that is marked as the article, where it has more prose than was
/// found; whether it did.
pub(super) fn flatten(document: &Document, found: usize) -> bool {
    let Some((article, prose)) = furniture::marked(document) else { return false };
    if found * 10 >= prose * (10 - MISSING) {
        return false;
    }
    let boxes: Vec<NodeRef<'_>> = article.descendants_it().filter(is_box).collect();
    for node in &boxes {
        if let Some(first) = node.first_child() {
            first.unwrap_node();
        }
    }
    !boxes.is_empty()
}

/// Whether an element holds other blocks, and does not hide them.
fn is_box(node: &NodeRef<'_>) -> bool {
    let boxed = ["div", "section"].iter().any(|name| node.has_name(name));
    let holds = || node.children_it(false).any(|child| BLOCKS.iter().any(|name| child.has_name(name)));
    boxed && !furniture::is_unseen(node) && holds()
}

const BLOCKS: &[&str] = &["p", "div", "section", "h2", "h3", "h4", "ul", "ol", "blockquote", "figure"];
