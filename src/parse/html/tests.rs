//! Web pages tested: main text, headline, byline, date, and pages made to hurt.

use crate::parse::tests::{article, read_all, show};

const TEXT: &str = "<p>The harbour of the northern town opened again on Sunday, its master said, after a week of storms.</p>\
<p>Ships had waited outside for days, and some had turned back, the shipping office added in a statement.</p>";

fn check(head: &str, body: &str, want: &str) {
    let html = format!(
        "<!doctype html><html><head>{head}</head><body><article>{body}{TEXT}</article></body></html>"
    );
    let shown = show(&article("a.html", &html));
    let fields: Vec<&str> = shown.lines().filter(|line| !line.starts_with("> ")).collect();
    assert_eq!(fields.join("\n"), want, "{html}");
    let lines: Vec<&str> = shown.lines().filter(|line| line.starts_with("> ")).collect();
    assert!(
        lines.len() == 2 && lines[0].starts_with("> The harbour") && lines[1].starts_with("> Ships"),
        "{shown}"
    );
}

#[test]
fn linked_data_comes_first() {
    check(
        r##"<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "W"},
            {"@type": "Person", "@id": "#ana", "name": "Ana Ruiz"},
            {"@type": ["NewsArticle"], "headline": "Harbour &amp; town", "datePublished": "2023-06-18T22:00:00+02:00", "author": [{"@id": "#ana"}, {"name": "By Jo Li"}],
             "publisher": {"name": "The Post"}, "articleSection": ["World"], "mainEntityOfPage": {"@id": "https://example.org/a"}, "inLanguage": "en-US", "keywords": ["ports", "storms"]}]}</script>
            <meta property="og:title" content="Other"><meta property="article:tag" content="x"><title>Harbour | The Post</title>"##,
        "",
        "headline: Harbour & town\nbyline: Ana Ruiz, Jo Li\nsource: The Post\nsection: World\nurl: https://example.org/a\npublished: 2023-06-18\nlanguage: en\ntopic: ports; storms",
    );
}

#[test]
fn then_open_graph_then_meta() {
    check(
        r#"<meta property="og:title" content="Harbour open"><meta property="og:site_name" content="Post"><meta property="og:url" content="https://example.org/b">
           <meta property="article:published_time" content="2023-06-18"><meta property="article:section" content="World">
           <meta property="article:tag" content="ports"><meta property="article:tag" content="sea"><meta property="article:author" content="https://facebook.com/x">
           <meta name="Author" content="By Ana Ruiz"><meta name="date" content="2020-01-01"><meta name="keywords" content="a,b">"#,
        "",
        "headline: Harbour open\nbyline: Ana Ruiz\nsource: Post\nsection: World\nurl: https://example.org/b\npublished: 2023-06-18\ntopic: ports; sea",
    );
    check(
        r#"<meta name="parsely-title" content="Harbour open"><meta name="DC.date" content="18 June 2023"><meta name="news_keywords" content="a, b">"#,
        "",
        "headline: Harbour open\npublished: 2023-06-18\ntopic: a; b",
    );
}

#[test]
fn then_what_the_page_shows() {
    check(
        r#"<title>Harbour of the town opens - The Post</title><link rel="canonical" href="https://example.org/c">"#,
        r#"<header><h1>Town</h1><p class="byline">By Ana Ruiz</p><time datetime="2023-06-18T10:00"></time></header>"#,
        "headline: Harbour of the town opens\nbyline: Ana Ruiz\nurl: https://example.org/c\npublished: 2023-06-18",
    );
    check(
        "<title>Harbour open again on Sunday: The Post</title>",
        "<h1>Harbour open again on Sunday</h1>",
        "headline: Harbour open again on Sunday",
    );
}

#[test]
fn of_several_linked_articles_the_page_s_own_is_taken() {
    let linked = r#"<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "Other news", "url": "https://example.org/x"},
        {"@type": "NewsArticle", "headline": "Harbour open", "url": "https://example.org/c", "dateline": "OSLO, Norway"}]</script>"#;
    let want = "headline: Harbour open\ndateline: OSLO, Norway\nurl: https://example.org/c";
    check(&format!(r#"{linked}<link rel="canonical" href="https://example.org/c/?x=1">"#), "", want);
    check(&format!("{linked}<title>Harbour open - Post</title>"), "", want);
}

#[test]
fn the_site_is_no_part_of_a_headline() {
    check(
        r#"<meta property="og:title" content="Harbour open | The Post"><meta property="og:site_name" content="The Post">"#,
        "",
        "headline: Harbour open\nsource: The Post",
    );
    check(
        r#"<meta property="og:title" content="Harbour of the town opens - at last">"#,
        "",
        "headline: Harbour of the town opens - at last",
    );
}

#[test]
fn a_reader_counter_s_object() {
    check(
        r#"<meta name="parsely-page" content='{"title": "Harbour open", "link": "https://example.org/c", "author": "Ana Ruiz and Jo Li", "pub_date": "2023-06-18T10:00:00Z", "section": "World", "tags": ["ports"]}'>"#,
        "",
        "headline: Harbour open\nbyline: Ana Ruiz, Jo Li\nsection: World\nurl: https://example.org/c\npublished: 2023-06-18\ntopic: ports",
    );
}

#[test]
fn names_of_publication_dates() {
    for name in [
        "dc.date.created",
        "DC:date:published",
        "date_published",
        "article.created",
        "OriginalPublicationDate",
        "article_date_original",
        "bt:pubDate",
        "rnews:datePublished",
        "cXenseParse:recs:publishtime",
    ] {
        let head =
            format!(r#"<title>Harbour open</title><meta name="{name}" content="2023-06-18T10:00:00Z">"#);
        check(&head, "", "headline: Harbour open\npublished: 2023-06-18");
    }
}

#[test]
fn a_clock_is_no_date() {
    let page = |head: &str, frame: &str, more: &str| {
        let html = format!(
            "<!doctype html><html><head><title>Harbour open</title>{head}</head><body>{frame}<div>{TEXT}{more}</div></body></html>"
        );
        article("a.html", &html).published.map(|date| date.to_string())
    };
    let clock = r#"<header><time datetime="2026-01-02">Today</time></header>"#;
    let time = r#"<time datetime="2023-06-18">Sunday</time>"#;
    assert_eq!(page("", clock, ""), None);
    assert_eq!(page("", "", time).as_deref(), Some("2023-06-18"));
    assert_eq!(page("", "", &time.repeat(2)), None);
    let dated = r#"<link rel="canonical" href="https://example.org/2023/06/17/harbour">"#;
    assert_eq!(page(dated, "", time), None);
    let dated = r#"<link rel="canonical" href="https://example.org/2023-06-17-harbour">"#;
    assert_eq!(page(dated, "", time), None);
}

#[test]
fn a_tag_of_many_names_costs_no_more_than_it_is_long() {
    let names = "a ".repeat(60_000);
    let content = "word ".repeat(24_000);
    let page = format!(r#"<meta name="{names}" content="{content}"><title>Harbour open</title>"#);
    check(&page, "", "headline: Harbour open");
}

#[test]
fn pages_without_text_are_no_news() {
    let page =
        "<!doctype html><title>Index of files</title><ul><li><a href=a>One</a><li><a href=b>Two</a></ul>";
    assert_eq!(read_all("a.html", page.as_bytes()), ("no article text on the page".to_owned(), vec![]));
}

#[test]
fn deep_pages_are_read_flat() {
    let page =
        format!("<html><head><title>Deep &amp; down</title></head><body>{}{TEXT}", "<div>".repeat(1000));
    let record = article("a.html", &page);
    assert_eq!(record.headline.as_deref(), Some("Deep & down"));
    assert!(record.body.starts_with("The harbour") && record.body.lines().count() == 2, "{}", record.body);
}

/// The page of a brief item amid what else stands on it, of which nothing may be left.
fn check_furniture(around: &str) {
    let html = format!(
        "<!doctype html><html><head><title>Harbour of the town opens</title></head><body>{around}\
         <div><h1>Harbour of the town opens</h1><div>{TEXT}</div></div>{around}</body></html>"
    );
    let body = article("a.html", &html).body;
    let lines: Vec<&str> = body.lines().collect();
    let found = lines.len() == 2 && lines[0].starts_with("The harbour") && lines[1].starts_with("Ships");
    assert!(found, "{around}\n{body}");
}

#[test]
fn furniture_is_no_article() {
    const PROSE: &str = "A train left the station late on Monday, the company said.";
    for around in [
        format!("<nav><ul><li>{PROSE}</ul></nav>"),
        format!("<div role=\"search\"><p>{PROSE}</div>"),
        format!("<div class=\"box jp-relatedPosts\"><p>{PROSE}</div>"),
        format!("<section id=\"newsletter-signup\"><p>{PROSE}</section>"),
        format!("<div class=\"c1\"><h3><a href=\"/x\">Train leaves the station late</a></h3><p>{PROSE}</div>"),
        "<ul><li><a href=\"/x\">Train late</a><li><a href=\"/y\">Bus on time</a><li><a href=\"/z\">Tram lost</a></ul>".into(),
        "<p>Read also: <a href=\"/x\">Train leaves the old station late again</a></p>".into(),
        format!("<div class=\"comments\">{}</div>", format!("<p>{PROSE}</p>").repeat(3)),
        "<select><option>Choose the town that you live in, please.</select>".into(),
    ] {
        check_furniture(&around);
    }
}

#[test]
fn names_do_not_take_an_article_out() {
    for wrapped in [
        format!("<div class=\"popular widget\">{TEXT}</div>"),
        format!("<form>{TEXT}</form>"),
        format!("<article class=\"article--with-comments has-sidebar\">{TEXT}</article>"),
        format!("<div><h2><a href=\"/x\">A heading of the story that is a link</a></h2>{TEXT}</div>"),
        TEXT.replace("northern town", "<span class=\"tooltip\">northern town</span>"),
        TEXT.replace("the shipping office", "<a class=\"related\" href=\"/x\">the shipping office</a>"),
    ] {
        let html = format!("<html><head><title>Harbour open</title></head><body>{wrapped}</body></html>");
        let body = article("a.html", &html).body;
        let whole = body.contains("northern town opened again") && body.contains("the shipping office added");
        assert!(whole, "{wrapped}\n{body}");
    }
}

#[test]
fn a_brief_item_is_told_from_a_notice_by_its_headline() {
    let notice = "<p>We use tools of our partners to measure what you read, and to show you what you may like, and more.</p>";
    let html = format!(
        "<html><head><title>Harbour of the northern town opens</title></head><body><div>{notice}</div>\
         <div><div><p>The harbour of the northern town opened again on Sunday, said its master, \
         who had closed it for a week of storms.</p></div></div></body></html>"
    );
    let body = article("a.html", &html).body;
    assert!(body.contains("The harbour of the northern town"), "{body}");
}

#[test]
fn an_article_in_boxes_is_one() {
    let paragraph = |n: usize| {
        format!(
            "<div class=\"x{n}\"><div><p>Part {n} of the story tells, at some length, what the master of the harbour said.</p></div></div>"
        )
    };
    let boxes: String =
        (0..12).map(|n| format!("<div><div>{}</div><div><img src=a></div></div>", paragraph(n))).collect();
    let html =
        format!("<html><head><title>Story</title></head><body><article>{boxes}</article></body></html>");
    let body = article("a.html", &html).body;
    let missing: Vec<usize> = (0..12).filter(|n| !body.contains(&format!("Part {n} of"))).collect();
    assert!(missing.is_empty(), "{missing:?} of {body}");
}

#[test]
fn what_is_not_shown_is_not_read() {
    let unseen =
        "<p>Nobody sees these words of the page, which are longer than the article that all can see.</p>";
    for style in ["style=\"color: red; DISPLAY: none\"", "style=\"visibility:hidden\"", "hidden"] {
        let html = format!(
            "<html><head><title>Harbour opens</title></head><body><article><div {style}>{}</div><div>{TEXT}</div></article></body></html>",
            unseen.repeat(6)
        );
        let body = article("a.html", &html).body;
        assert!(body.lines().count() == 2 && !body.contains("Nobody"), "{style}: {body}");
    }
}

#[test]
fn lines_that_may_say_the_day() {
    let check = |body: &str, want: &[&str]| {
        let html = format!("<html><head><title>Harbour opens</title></head><body>{body}{TEXT}</body></html>");
        assert_eq!(article("a.html", &html).dated, want, "{body}");
    };
    check("<p class=\"posted-on\">Posted on June 18, 2023</p>", &["Posted on June 18, 2023"]);
    check("<h1>Harbour opens</h1><p>Sunday, 18 June 2023</p>", &["Sunday, 18 June 2023"]);
    check("<h2>Harbour opens</h2><i>18.6.2023</i>", &["18.6.2023"]);
    check("<h1>Harbour opens</h1><b>Updated</b> <i>18 June 2023</i>", &["Updated 18 June 2023"]);
    check("<p>In 2023 the harbour was shut.</p>", &[]);
    check("<table><tr><td class=\"date\">18 June 1923</table>", &[]);
    check("<footer><span class=\"date\">18 June 1923</span></footer>", &[]);
}

#[test]
fn who_signed_the_page() {
    let check = |body: &str, want: Option<&str>| {
        let html = format!("<html><head><title>Harbour opens</title></head><body>{body}{TEXT}</body></html>");
        assert_eq!(article("a.html", &html).byline.as_deref(), want, "{body}");
    };
    check("<div class=\"share\"><a rel=\"author\" href=\"/a\">Ana Ruiz</a></div>", Some("Ana Ruiz"));
    check(
        "<p class=\"byline\">By <a href=\"/people/ana\">Ana Ruiz Montero</a></p>",
        Some("Ana Ruiz Montero"),
    );
    check("<div class=\"comments\"><span class=\"author\">Jo Li</span></div>", None);
    check(
        "<span class=\"author\">Jo Li</span><h1>Harbour opens</h1><span class=\"author\">Ana Ruiz</span>",
        Some("Ana Ruiz"),
    );
}

#[test]
fn the_headline_is_as_shown() {
    let check = |head: &str, shown: &str, want: &str| {
        let html = format!("<html><head>{head}</head><body>{shown}{TEXT}</body></html>");
        assert_eq!(article("a.html", &html).headline.as_deref(), Some(want), "{head} {shown}");
    };
    let title = |text: &str| format!("<meta property=\"og:title\" content=\"{text}\">");
    check(
        &title("Harbour of town opens - Ana Ruiz - Post"),
        "<h1>Harbour of town opens</h1>",
        "Harbour of town opens",
    );
    check(
        &title("Harbour of town opens: a story"),
        "<h1>Harbour of town opens</h1>",
        "Harbour of town opens: a story",
    );
    check(
        &title("Northern harbour opens after seven days"),
        "<h1>Northern harbour opens again after seven days</h1>",
        "Northern harbour opens again after seven days",
    );
    check(&title("Harbour opens"), "<h1>The Daily Post</h1>", "Harbour opens");
    check(
        &title("Daily Post: Harbour of town opens"),
        "<h1>Harbour of town opens</h1>",
        "Harbour of town opens",
    );
    check(
        &title("The lost harbour of town opens"),
        "<h2>harbour of town opens</h2>",
        "The lost harbour of town opens",
    );
    check("<title>Daily Post</title>", "<h1>Harbour of town opens</h1>", "Harbour of town opens");
    check(&title("港口在暴风雨后重新开放_国际频道_某某新闻网"), "", "港口在暴风雨后重新开放");
    check(&title("Snake_case_港"), "", "Snake_case_港");
}

#[test]
fn a_page_of_names_costs_no_more_than_it_is_long() {
    let started = std::time::Instant::now();
    let names = "<div class=\"author date comments\">2023 ".repeat(400)
        + &"<b class=\"author date\"></b>".repeat(50_000);
    let html = format!("<html><body>{names}{TEXT}</body></html>");
    assert!(!super::depth::is_costly(&html), "read without a tree, which this is about");
    assert_eq!(read_all("a.html", html.as_bytes()).1.len(), 1);
    // Were each looked at with all above it, it would take minutes.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn a_name_that_all_the_text_has_means_nothing() {
    for name in ["paywall", "elementor-widget-text-editor", "has-comments"] {
        let text: String = (0..9)
            .map(|n| {
                format!("<p class=\"{name}\">Part {n} of the story tells, at some length, what was said.</p>")
            })
            .collect();
        let html = format!("<html><head><title>Story</title></head><body><div>{text}</div></body></html>");
        let body = article("a.html", &html).body;
        assert_eq!(body.lines().count(), 9, "{name}: {body}");
    }
}

#[test]
fn who_signed_a_page_with_comments() {
    let html = format!(
        "<html><head><title>Harbour opens</title></head><body class=\"comments-open\"><article class=\"tone-comment\">\
         <h1>Harbour opens</h1><p class=\"byline\"><style>.x{{}}</style>Ana Ruiz</p>{TEXT}</article></body></html>"
    );
    assert_eq!(article("a.html", &html).byline.as_deref(), Some("Ana Ruiz"));
}

#[test]
fn the_day_above_the_headline_counts_last() {
    let html = format!(
        "<html><head><title>Harbour opens</title></head><body><div class=\"date\">Monday, June 19, 2023</div>\
         <h1>Harbour opens</h1><p class=\"date\">March 3, 2015</p>{TEXT}</body></html>"
    );
    assert_eq!(article("a.html", &html).dated, ["March 3, 2015", "Monday, June 19, 2023"]);
}

#[test]
fn a_page_of_headings_costs_no_more_than_it_is_long() {
    let started = std::time::Instant::now();
    let long = "harbour town ".repeat(300_000);
    let headings = "<h1><div>".repeat(100);
    let links = "<section><a href=x>The harbour of the northern town</a>".repeat(80);
    let html = format!(
        "<html><head><meta property=\"og:title\" content=\"{long}\"></head><body>{headings}{long}</body>{links}<script>{long}</script>{TEXT}</html>"
    );
    assert!(!super::depth::is_costly(&html), "read without a tree, which this is about");
    drop(read_all("a.html", html.as_bytes()));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
