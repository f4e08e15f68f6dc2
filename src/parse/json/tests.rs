//! JSON and JSON lines tested: field names, shapes, broken lines.

use proptest::prelude::*;

use super::*;
use crate::parse::tests::{mapping, read_all, show, show_found};
use std::collections::BTreeMap;

/// What a file gives: an article's fields, or why it is none, a blank line between.
fn check(name: &str, text: &str, want: &[&str]) {
    let (end, found) = read_all(name, text.as_bytes());
    let mut shown: Vec<String> = found
        .iter()
        .map(|one| match one {
            Found::Article(record) => show(record),
            Found::NotAnArticle { reason } => format!("no: {reason}"),
            Found::Bad { reason } => format!("bad: {reason}"),
        })
        .collect();
    if !matches!(end.as_str(), "json" | "jsonl") {
        shown.push(format!("end: {end}"));
    }
    assert_eq!(shown, want, "{name}: {text}");
}

#[test]
fn one_article_in_many_dialects() {
    check(
        "a.json",
        r#"{"headline": {"main": "Ports <i>reopen</i>", "kicker": "x"}, "byline": {"original": "By Ana Ruiz"}, "date": "2023-06-18T23:00:00Z",
            "source": {"id": null, "name": "The Post"}, "keywords": [{"name": "persons", "value": "Li, Jo"}, {"name": "subject", "value": "Ports"}],
            "id": "https://example.org/a", "body": ["One.", "Two &amp; three."]}"#,
        &[
            "headline: Ports reopen\nbyline: Ana Ruiz\nsource: The Post\nurl: https://example.org/a\npublished: 2023-06-18\nperson: Li, Jo\ntopic: Ports\n> One.\n> Two & three.",
        ],
    );
    check(
        "a.json",
        r#"{"Title": "T", "TEXT": "<p>One.</p><p>Two.</p>", "authors": [{"name": "A"}, "B"], "timestamp": 1687046400000, "id": "17", "lang": "eng",
            "tags": "a, b;c", "people": "Li, Jo; Ruiz, Ana", "domain": "example.org"}"#,
        &[
            "headline: T\nbyline: A, B\nsource: example.org\npublished: 2023-06-18\nlanguage: en\nperson: Li, Jo; Ruiz, Ana\ntopic: a; b; c\n> One.\n> Two.",
        ],
    );
    check(
        "a.json",
        r#"{"title": "T", "text": "One.", "tags": [{"name": "Krig", "literal": "16000000"}, {"name": "Innenriks", "literal": "Innenriks"},
            {"name": "Ports", "uri": "http://cv.iptc.org/newscodes/mediatopic/20000343"}, {"code": "medtop:20000344"}]}"#,
        &[
            "headline: T\ntopic: Krig; 16000000; Innenriks; Ports; http://cv.iptc.org/newscodes/mediatopic/20000343; medtop:20000344\n> One.",
        ],
    );
    check(
        "a.json",
        r#"{"title": "T", "body": "", "text": null, "description": "D", "date": "junk", "date_published": 20230618}"#,
        &["headline: T\npublished: 2023-06-18\n> D"],
    );
    check(
        "a.json",
        r#"{"title": {"rendered": "T &#8211; U"}, "content": {"rendered": "<p>One.</p>"}}"#,
        &["headline: T – U\n> One."],
    );
    check(
        "a.json",
        r#"{"title": "T", "text": {"title": "no"}, "content": [{"text": "One."}, {"type": "image"}]}"#,
        &["headline: T\n> One."],
    );
    check("a.json", "{\"title\": \"A\u{2028}B\"}", &["headline: A B"]);
    check("a.json", r#"{"_source": {"title": "T"}}"#, &["headline: T"]);
    check(
        "feed.json",
        r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Bay", "language": "en-US", "authors": [{"name": "Jo Li"}],
            "items": [{"id": "https://bay.example/1", "title": "T", "content": "<p>One.</p>", "tags": ["a"]}]}"#,
        &[
            "headline: T\nbyline: Jo Li\nsource: Bay\nurl: https://bay.example/1\nlanguage: en\ntopic: a\n> One.",
        ],
    );
    for date in [
        r#"{"$date": "2023-06-18T10:00:00Z"}"#,
        r#"{"$date": 1687046400000}"#,
        r#"{"$date": {"$numberLong": "1687046400000"}}"#,
        r#""20230618""#,
    ] {
        let text = format!(r#"{{"title": "T", "date": {date}}}"#);
        check("a.json", &text, &["headline: T\npublished: 2023-06-18"]);
    }
}

#[test]
fn lists_of_articles() {
    check(
        "a.json",
        r#"[{"title": "A"}, 3, {"title": "B"}]"#,
        &["headline: A", "no: expected an object with an article, found a number", "headline: B"],
    );
    check(
        "a.json",
        r#"{"status": "ok", "articles": [{"title": "A"}, {"title": "B"}]}"#,
        &["headline: A", "headline: B"],
    );
    check("a.json", r#"{"response": {"docs": [{"title": "A"}]}}"#, &["headline: A"]);
    check("a.json", r#"{"body": "Text", "items": [{"title": "A"}]}"#, &["> Text"]);
    check("a.json", r#"{"body": ["One.", "Two."], "documents": [{"title": "A"}]}"#, &["> One.\n> Two."]);
    check("a.json", r#"{"description": "A feed", "items": [{"title": "A"}]}"#, &["headline: A"]);
    check(
        "a.json",
        r#"{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "title": "W"}, {"@type": "NewsArticle", "headline": "A", "articleBody": "One."}]}"#,
        &["headline: A\n> One."],
    );
    check(
        "a.json",
        "{\n\"title\": \"A\"}\n\n{\"title\": \"B\"} oops",
        &[
            "headline: A",
            "headline: B",
            "bad: expected another JSON value or the end: expected value at line 4 column 16",
        ],
    );
    check("a.json", "[]", &["end: no article in this JSON"]);
    check("a.json", "[{]", &["end: not valid JSON: key must be a string at line 1 column 3"]);
    check(
        "a.json",
        r#"{"x": 1}"#,
        &[
            "no: no text under articleBody, body, text, content, ... (map your field names in schema.toml under [json])",
        ],
    );
}

#[test]
fn lines_are_read_one_by_one() {
    check(
        "a.jsonl",
        "{\"title\": \"A\"}\n\n{\"title\": \n[1]\n{\"x\": 1}\r\n{\"title\": \"B\"}",
        &[
            "headline: A",
            "bad: line 3, column 9: expected a JSON object: EOF while parsing a value",
            "bad: line 4: expected a JSON object, found a list",
            "no: no text under articleBody, body, text, content, ... (map your field names in schema.toml under [json])",
            "headline: B",
        ],
    );
}

#[test]
fn long_lines_are_passed_over() {
    let mut found = Vec::new();
    let text = format!("{{\"title\": \"A\"}}\n{}\n{{\"title\": \"B\"}}", "x".repeat(200));
    let end = read_bounded_lines(&mut text.as_bytes(), 100, &mapping(), &mut |one| {
        found.push(one);
        ControlFlow::Continue(())
    });
    assert!(end.is_ok());
    let bad = Found::Bad { reason: "line 2: longer than 100 bytes, the limit of an article".to_owned() };
    assert!(matches!(&found[..], [Found::Article(_), two, Found::Article(_)] if *two == bad), "{found:?}");
}

#[test]
fn the_shipped_names_read_public_collections() {
    let schema: toml::Table = toml::from_str(include_str!("../../../index-schema/schema.toml")).unwrap();
    let mapping = Mapping::new(&schema["json"].clone().try_into().unwrap()).unwrap();
    for (text, want) in [
        (r#"{"document": "Long.", "summary": "Short.", "id": "1"}"#, "> Long."),
        (r#"{"headline": "H", "short_description": "Short."}"#, "headline: H\n> Short."),
        (r#"{"title": "T", "contents": "Long."}"#, "headline: T\n> Long."),
        (r#"{"title": "T", "seendate": "20230619T120000Z"}"#, "headline: T\npublished: 2023-06-19"),
    ] {
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(show(&record_of(value.as_object().unwrap(), &mapping)), want, "{text}");
    }
}

#[test]
fn unknown_fields_of_ours_are_refused() {
    let names = BTreeMap::from([("titel".to_owned(), vec![])]);
    let error = Mapping::new(&names).unwrap_err();
    assert!(error.starts_with("unknown field 'titel' under [json]: the fields are headline, "), "{error}");
}

#[test]
fn long_documents_are_read_an_element_at_a_time() {
    let pad = "x ".repeat(700_000);
    let story = |title: &str| format!(r#"{{"title": "{title}", "text": "a \"}}]\\"}}"#);
    let long = |title: &str| format!(r#"{{"title": "{title}", "text": "{pad}"}}"#);
    let told = |text: &str| {
        let (end, found) = read_all("a.json", text.as_bytes());
        let found: Vec<String> = found.iter().map(show_found).collect();
        (end, found)
    };
    let check = |text: &str, want: &[&str]| {
        let (end, found) = told(text);
        assert_eq!(found, want, "{end} {text:.100}");
    };
    check(
        &format!(" [{}, {} ,{}]\n", story("A"), long("B"), story("C")),
        &["article A", "article B", "article C"],
    );
    check(&format!("{} {}{}", story("A"), long("B"), story("C")), &["article A", "article B", "article C"]);
    check(
        &format!("{{\"status\": [1], \"articles\": [{},{}]}}", long("A"), story("B")),
        &["article A", "article B"],
    );
    let at = story("A").len() + 2;
    check(
        &format!("[{},{{\"title\": nul}},{}]", story("A"), long("C")),
        &[
            "article A",
            &format!(
                "bad: byte {at}: expected an article, found no valid JSON: expected ident at line 1 column 14"
            ),
            "article C",
        ],
    );
    check(
        &format!("[{},", long("A")),
        &["article A", "bad: byte 1400028: the file ends within this element"],
    );
    check(
        &format!("[{}", long("A")),
        &["article A", "bad: byte 1400027: the file ends before the ] of its list"],
    );
    check(
        &format!(
            "[{{\"@type\": \"NewsArticle\", \"title\": \"A\"}}, {{\"@type\": \"WebSite\", \"name\": \"S\"}}, {}]",
            long("B")
        ),
        &["article A", "article B"],
    );
    check(
        &format!("[1, {}]", long("B")),
        &["none: expected an object with an article, found a number", "article B"],
    );
    let deep = format!("[{},{}{},{}]", story("A"), "[".repeat(1_000_000), "]".repeat(1_000_000), story("B"));
    let (_, found) = told(&deep);
    assert!(found.len() == 3 && found[1].contains("recursion limit") && found[2] == "article B", "{found:?}");
}

#[test]
fn an_element_has_a_bound() {
    let long = format!(r#"{{"title": "L", "text": "{}"}}"#, "\\\"}".repeat(6 << 20));
    let story = r#"{"title": "A", "text": "a"}"#;
    for (text, bad) in [
        (format!("[{story}, {long}, {story}]"), "bad: byte 30: an element longer than 16 MiB"),
        (
            format!(
                "{{\"meta\": {long}, \"response\": {{\"n\": 2, \"docs\": [{story}, {story}], \"x\": {{}}}}}}"
            ),
            "",
        ),
        (
            format!("{{\"meta\": {long}, \"response\": {story}}}"),
            "bad: byte 0: an object longer than 16 MiB without a list of articles",
        ),
    ] {
        let (_, found) = read_all("a.json", text.as_bytes());
        let found: Vec<String> = found.iter().map(show_found).collect();
        let articles = found.iter().filter(|found| *found == "article A").count();
        assert_eq!(articles, if bad.contains("object") { 0 } else { 2 }, "{found:?}");
        assert!(bad.is_empty() && found.len() == 2 || found.iter().any(|found| found == bad), "{found:?}");
    }
}

proptest! {
    #[test]
    fn a_stream_of_elements_is_the_list_of_them(
        titles in prop::collection::vec("(\\PC|\"|\\\\|\\{|\\]|,){1,20}", 1..6),
        blank in "[ \n\t]{0,3}",
        bound in 200usize..400,
    ) {
        let values: Vec<Value> = titles.iter().map(|title| serde_json::json!({"title": format!("x {title}")})).collect();
        let text: Vec<String> = values.iter().map(Value::to_string).collect();
        let text = format!("{blank}[{blank}{}{blank}]{blank}", text.join(&format!("{blank},{blank}")));
        let found = |streamed: bool| {
            let mut found = Vec::new();
            let emit: &mut Emit<'_> = &mut |one| {
                found.push(one);
                ControlFlow::Continue(())
            };
            match streamed {
                true => elements::read(&mut std::io::BufReader::with_capacity(3, text.as_bytes()), bound, &mapping(), emit).unwrap(),
                false => read_whole(&text, &mapping(), emit).unwrap(),
            }
            found
        };
        prop_assert_eq!(found(true), found(false), "{}", text);
    }

    #[test]
    fn a_stream_of_anything_never_panics(text in "(\\{|\\}|\\[|\\]|\"|\\\\|,|:|1|null|\"articles\":|\"hits\":|é| ){0,40}", bound in 1usize..20) {
        let emit: &mut Emit<'_> = &mut |_| ControlFlow::Continue(());
        let _end = elements::read(&mut text.as_bytes(), bound, &mapping(), emit);
    }
}
