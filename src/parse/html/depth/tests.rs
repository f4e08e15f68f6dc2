//! Depth tested: pages that are costly and pages that are not.

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

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
        "<!--><div>",
        "<!---><div>",
        "<!-- x --!><div>",
        "<!x=\"><div>\">",
        "<rt>",
        "<optgroup>",
        "<div><select></div>",
        "<svg><title><div></title>",
        "<dd><li>",
        "<b><b><b><b><p></b></b></b></b></p>",
    ] {
        check(&part.repeat(600), true);
    }
    check(&format!("<div {}>", (0..3000).map(|i| format!("a{i}=1 ")).collect::<String>()), true);
    check(&"<p>x".repeat(MAX_NODES + 1), true);
    let bold: String = (0..500).map(|i| format!("<b a{i}=1>")).collect();
    let paragraphs = "<p>x word.</p>".repeat(4000);
    check(&format!("<p>{bold}</p>{paragraphs}"), true);
    check(&format!("<p>{bold}</p>{}{paragraphs}", "</i>".repeat(500)), true);
    check(&format!("<p>{bold}</p><table><td>{}</table>{paragraphs}", "</b>".repeat(500)), true);
    check("<p>x<div title=\"never closed", true);
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
        "<p><b>x</b></p>",
        "<a name=x>y<p>",
        "<select><option>x<option>y</select>",
        "<table><tr><td><font><font>x</font></font></table>",
        "<svg><path d='M 1'/></svg>",
        "<svg><style><![CDATA[a > b]]></style><a><g><path d='M 1'></path></g></a></svg>",
        "1 < 2 ",
    ] {
        check(&part.repeat(2000), false);
    }
    check("<script>if (a<b) document.write('<div><div>')</script><p>x", false);
    check(&format!("<img src=\"data:{}\">", "ab/c= ".repeat(9000)), false);
}

/// The depth of the tree that is built.
fn built(html: &str) -> usize {
    let document = dom_query::Document::from(html);
    let mut todo = vec![(document.root(), 0)];
    let mut deepest = 0;
    while let Some((node, depth)) = todo.pop() {
        deepest = deepest.max(depth);
        todo.extend(node.children_it(false).map(|child| (child, depth + 1)));
    }
    deepest
}

const NAMES: &[&str] = &[
    "div",
    "p",
    "b",
    "i",
    "a",
    "font",
    "span",
    "li",
    "ul",
    "table",
    "tr",
    "td",
    "select",
    "option",
    "svg",
    "math",
    "title",
    "desc",
    "template",
    "object",
    "button",
    "h1",
    "dd",
    "rt",
    "br",
    "form",
    "caption",
    "mi",
    "foreignObject",
    "noscript",
    "body",
    "style",
    "nobr",
    "optgroup",
    "pre",
];

fn markup() -> impl Strategy<Value = String> {
    let name = prop::sample::select(NAMES);
    let tag = (name, any::<bool>(), 0..4_u8).prop_map(|(name, close, sign)| match (close, sign) {
        (true, _) if !OPTIONAL.contains(&name) => format!("</{name}>"),
        (true, _) => "x".to_owned(),
        (false, 0) => format!("<{name} a=1>"),
        (false, _) => format!("<{name}>"),
    });
    let other = prop::sample::select(vec!["x", "<!-->", "<!-- y --!>", "<![CDATA[", "]]>", "<!x=\">"]);
    let part = prop_oneof![6 => tag, 1 => other.prop_map(str::to_owned)];
    prop::collection::vec(part, 1..9).prop_map(|parts| parts.concat())
}

/// Always the same pages, for this is a check of the rules above, not a search for what they leave out.
#[test]
fn no_page_that_is_not_costly_is_deep() {
    let config = ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let check = |(start, part): (String, String)| {
        let page = format!("{start}{}", part.repeat(1200));
        prop_assert!(is_costly(&page) || built(&page) <= MAX_DEPTH, "{} {start} {part}", built(&page));
        Ok(())
    };
    TestRunner::new_with_rng(config, rng).run(&(markup(), markup()), check).unwrap();
}
