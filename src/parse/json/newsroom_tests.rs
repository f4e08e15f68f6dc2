//! The dialects of newsrooms tested: ninjs of each version, Arc ANS, the Washington Post collection.

use crate::parse::tests::{article, read_all, show, show_found};

fn check(json: &str, want: &str) {
    assert_eq!(show(&article("a.json", json)), want, "{json}");
}

/// What a document gives, a line a record.
fn check_found(name: &str, json: &str, want: &str) {
    let (_, found) = read_all(name, json.as_bytes());
    assert_eq!(found.iter().map(show_found).collect::<Vec<_>>().join("\n"), want, "{json}");
}

const STORY: &str = "headline: Ports reopen\nbyline: Ana Ruiz\ndateline: Lima\nsource: TNA\nurl: http://example.org/1\n\
    published: 2023-06-18\nlanguage: en\norganization: Port Union\nperson: Gabriel Boric\nplace: CL; Chile\n\
    topic: 20000344; transport\n> One.\n> Two.";

#[test]
fn ninjs_1() {
    check(
        r#"{"uri": "http://example.org/1", "type": "text", "versioncreated": "2023-06-18T10:00:00Z", "pubstatus": "usable", "language": "en",
            "headline": "Ports reopen", "byline": "By Ana Ruiz, TNA", "located": "Lima", "copyrightholder": "TNA", "usageterms": "Not for web.",
            "body_text": "One. Two.", "body_xhtml": "<p>One.</p><p>Two.</p>", "description_text": "D", "associations":
            {"a": {"type": "text", "headline": "X", "body_text": "Y"}}, "subject": [{"name": "transport", "code": "medtop:20000344"}],
            "person": [{"name": "Gabriel Boric"}], "organisation": [{"name": "Port Union"}],
            "place": [{"name": "Chile", "uri": "http://cvx.iptc.org/iso3166-1a2/cl"}]}"#,
        STORY,
    );
}

#[test]
fn ninjs_2_and_3() {
    let rest = r#""uri": "http://example.org/1", "type": "text", "language": "en", "by": "Ana Ruiz, TNA", "located": "Lima",
        "people": [{"name": "Gabriel Boric"}], "organisations": [{"name": "Port Union"}], "places": [{"name": "Chile", "uri": "x/iso3166-1a2/cl"}],
        "subjects": [{"name": "transport", "uri": "http://cv.iptc.org/newscodes/mediatopic/20000344"}],"#;
    check(
        &format!(
            r#"{{{rest} "copyrightholder": "TNA", "versioncreated": "2023-06-18T10:00:00Z", "headlines": [{{"role": "short", "value": "Ports"}},
            {{"role": "main", "value": "Puertos", "language": "es"}}, {{"role": "main", "value": "Ports reopen"}}], "bodies":
            [{{"role": "text", "contenttype": "text/plain", "value": "One. Two."}}, {{"contenttype": "text/html", "value": "<p>One.</p><p>Two.</p>"}}]}}"#
        ),
        STORY,
    );
    check(
        &format!(
            r#"{{{rest} "copyrightHolder": "TNA", "firstCreated": "2023-06-18T10:00:00Z", "versionCreated": "2023-06-19T10:00:00Z", "headlines":
            [{{"value": "Ports reopen"}}], "bodies": [{{"contentType": "text/plain", "value": "One. Two."}}, {{"contentType": "text/vnd.IPTC.NITF",
            "value": "<nitf><body><body.content><p>One.</p><p>Two.</p></body.content></body></nitf>"}}]}}"#
        ),
        STORY,
    );
}

#[test]
fn items_of_ninjs_that_are_no_articles() {
    for (fields, want) in [
        (
            r#""type": "picture", "headline": "H", "body_text": "T""#,
            "none: an item of the type 'picture', with no article in it",
        ),
        (
            r#""type": "video", "headline": "H", "description_text": "D""#,
            "none: an item of the type 'video', with no article in it",
        ),
        (r#""type": "video", "headline": "H", "body_text": "T""#, "article H"),
        (
            r#""type": "text", "headline": "H", "pubstatus": "canceled""#,
            "none: withdrawn: its pubstatus is 'canceled'",
        ),
        (r#""type": "text", "usageterms": "No.""#, "none: an item with neither headline nor text"),
    ] {
        check_found("a.json", &format!(r#"{{"uri": "x:1", "versioncreated": "2023", {fields}}}"#), want);
    }
}

const ANS: &str = r#"{"type": "story", "version": "0.10.7", "_id": "A", "canonical_url": "https://example.org/1", "language": "en",
    "headlines": {"basic": "Ports <i>reopen</i>", "web": "W"}, "subheadlines": {"basic": "S"}, "description": {"basic": "D"},
    "display_date": "2023-06-18T10:00:00Z", "first_publish_date": "2023-06-19T10:00:00Z", "last_updated_date": "2023-06-20T10:00:00Z",
    "credits": {"by": [{"type": "author", "name": "Ana Ruiz"}, {"type": "reference", "name": "Jo Li"}]}, "distributor": {"name": "The Post"},
    "taxonomy": {"primary_section": {"name": "Business"}, "sections": [{"name": "Business"}], "tags": [{"text": "ports", "slug": "p"}],
    "named_entities": [{"type": "PERSON", "name": "Gabriel Boric"}]}, "content_elements": [{"type": "text", "content": "One &amp; <b>two</b>."},
    {"type": "image", "caption": "A port."}, {"type": "header", "content": "Then"}, {"type": "list", "items": [{"type": "text", "content": "A"},
    {"type": "list", "items": [{"type": "text", "content": "B"}]}]}, {"type": "quote", "subtype": "pullquote", "content_elements":
    [{"type": "text", "content": "no"}]}, {"type": "quote", "content_elements": [{"type": "text", "content": "“Q”"}], "citation": {"content": "X"}},
    {"type": "raw_html", "content": "<p>R</p><script>no</script>"}, {"type": "interstitial_link", "content": "no", "url": "u"},
    {"type": "table", "header": [{"type": "text", "content": "H1"}, "H2"], "rows": [[{"type": "text", "content": "1"}, {"content": "2"}]]}]}"#;

#[test]
fn ans_stories() {
    check(
        ANS,
        "headline: Ports reopen\nbyline: Ana Ruiz, Jo Li\nsource: The Post\nsection: Business\nurl: https://example.org/1\n\
         published: 2023-06-18\nlanguage: en\nperson: Gabriel Boric\ntopic: ports; Business\n> One & two.\n> Then\n> A\n> B\n> “Q”\n> X\n> R\n\
         > H1 H2\n> 1 2",
    );
    let video = r#"{"type": "video", "version": "0.8.0", "headlines": {"basic": "V"}}"#;
    let feed = format!(r#"{{"type": "results", "version": "0.6", "content_elements": [{ANS}, {video}]}}"#);
    check_found("a.json", &feed, "article Ports reopen\nnone: a document of the type 'video', not a story");
}

#[test]
fn the_washington_post_collection() {
    let story = r#"{"id": "b2", "article_url": "https://example.org/2", "title": "Ports reopen", "author": "Ana Ruiz", "published_date": 1687082400000,
        "contents": [null, {"content": "Business", "mime": "text/plain", "type": "kicker"}, {"content": "Ports reopen", "mime": "text/plain", "type": "title"},
        {"fullcaption": "A port.", "type": "image", "mime": "image/jpeg"}, {"content": "By Ana Ruiz", "mime": "text/plain", "type": "byline"},
        {"content": 1687082400000, "mime": "text/plain", "type": "date"}, {"content": "<span class=\"dateline\">LIMA —</span> One.", "subtype": "paragraph",
        "type": "sanitized_html", "mime": "text/html"}, {"content": "Two.", "type": "sanitized_html"}, {"content": "bio", "type": "author_info"}],
        "type": "article", "source": "The Washington Post"}"#;
    let want = "headline: Ports reopen\nbyline: Ana Ruiz\nsource: The Washington Post\nsection: Business\nurl: https://example.org/2\n\
        published: 2023-06-18\ntopic: Business\n> LIMA — One.\n> Two.";
    check(story, want);
    assert_eq!(article("a.json", story).published_time.as_deref(), Some("2023-06-18T10:00:00Z"));
    let line = story.replace('\n', " ");
    check_found("a.jl", &format!("{line}\n{line}\n"), "article Ports reopen\narticle Ports reopen");
}
