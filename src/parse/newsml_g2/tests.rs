//! NewsML-G2 tested: items of each kind, where fields and subjects stand, messages, renditions.

use crate::parse::tests::{article, read_all, show, show_found};

const NAMESPACE: &str = "xmlns='http://iptc.org/std/nar/2006-10-01/'";

fn item(meta: &str, content: &str, content_meta: &str) -> String {
    format!(
        "<newsItem {NAMESPACE} guid='urn:newsml:ex:1' xml:lang='en-GB'><itemMeta>{meta}</itemMeta><contentMeta>{content_meta}\
         </contentMeta><contentSet>{content}</contentSet></newsItem>"
    )
}

#[test]
fn fields_and_subjects() {
    let content = "<inlineXML><nitf xmlns='http://iptc.org/std/NITF/2006-10-18/'><body><body.head><hedline><hl1>Other</hl1></hedline>\
        <byline>By Jo Li</byline></body.head><body.content><p>Ports <location>reopened</location>.</p></body.content></body></nitf></inlineXML>";
    let meta = "<provider qcode='nprov:REUTERS'/><versionCreated>2023-06-19T10:00:00Z</versionCreated>\
        <firstCreated>2023-06-18T23:00:00-04:00</firstCreated><pubStatus qcode='stat:usable'/>";
    let about = "<located><name>Lima</name></located><creator><name>Ana Ruiz</name></creator><headline xml:lang='es'>Puertos</headline>\
        <headline>Ports reopen</headline><subject qcode='medtop:20000344'><name>transport</name><sameAs qcode='subj:04015000'/></subject>\
        <subject type='cpnat:person' qcode='p:1'/><subject type='cpnat:organisation'><name>Port Union</name></subject>\
        <subject type='cpnat:geoArea' qcode='city:1'><name>Valparaiso</name><broader qcode='iso3166-1a2:CL'><name>Chile</name></broader>\
        </subject><subject type='cpnat:event'><name>Strike</name></subject><subject><mainConcept qcode='medtop:20001057'/></subject>";
    let xml = item(meta, content, about)
        .replace("</newsItem>", "<assert qcode='p:1'><name>Gabriel Boric</name></assert></newsItem>");
    let record = article("a.xml", &xml);
    assert_eq!(
        show(&record),
        "headline: Ports reopen\nbyline: Jo Li\ndateline: Lima\nsource: REUTERS\nurl: urn:newsml:ex:1\npublished: 2023-06-18\n\
         language: en\norganization: Port Union\nperson: Gabriel Boric\nplace: Valparaiso; Chile; CL\n\
         topic: 20000344; 04015000; transport; 20001057\n> Ports reopened."
    );
    assert_eq!(record.published_time.as_deref(), Some("2023-06-18T23:00:00-04:00"));
    assert_eq!(record.updated.unwrap().to_string(), "2023-06-19");
}

#[test]
fn renditions() {
    let html = "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>No</title></head><body><h1>Yes</h1><p>One.</p><figure>x</figure><p>Two.</p></body></html>";
    for (content, want) in [
        (
            format!("<remoteContent href='a.jpg'/><inlineXML>{html}</inlineXML>"),
            "headline: Yes\nurl: urn:newsml:ex:1\nlanguage: en\n> One.\n> Two.",
        ),
        (
            "<inlineData contenttype='text/plain'>One.\nTwo.</inlineData>".to_owned(),
            "url: urn:newsml:ex:1\nlanguage: en\n> One.\n> Two.",
        ),
        (
            "<inlineData contenttype='text/html'>&lt;p&gt;One.&lt;/p&gt;Two.</inlineData>".to_owned(),
            "url: urn:newsml:ex:1\nlanguage: en\n> One.\n> Two.",
        ),
    ] {
        assert_eq!(show(&article("a.xml", &item("", &content, ""))), want, "{content}");
    }
}

#[test]
fn items_that_are_no_articles() {
    let check = |xml: &str, want: &str| {
        let (end, found) = read_all("a.xml", xml.as_bytes());
        let shown: Vec<String> = found.iter().map(show_found).collect();
        assert_eq!((end.as_str(), shown.join("\n").as_str()), ("newsml-g2", want), "{xml}");
    };
    let text = "<inlineData>T.</inlineData>";
    check(&item("<itemClass qcode='ninat:video'/>", text, ""), "article ");
    check(
        &item("<itemClass qcode='ninat:video'/>", "", "<headline>H</headline>"),
        "none: video, with no text in it",
    );
    check(&item("<itemClass qcode='ninat:text'/>", "", "<headline>H</headline>"), "article H");
    check(
        &item("", "<inlineData encoding='ex:base64'>VA==</inlineData>", ""),
        "none: a news item with neither headline nor text",
    );
    check(
        &item("<pubStatus qcode='stat:canceled'/>", text, ""),
        "none: withdrawn: its pubStatus is 'stat:canceled'",
    );
    check(
        &item("<pubStatus uri='http://cv.iptc.org/newscodes/pubstatusg2/withheld'/>", text, ""),
        "none: withdrawn: its pubStatus is 'http://cv.iptc.org/newscodes/pubstatusg2/withheld'",
    );
    let message = format!(
        "<x:newsMessage xmlns:x='http://iptc.org/std/nar/2006-10-01/'><x:header/><x:itemSet><x:packageItem/>{}<x:conceptItem/>\
         </x:itemSet></x:newsMessage>",
        item("", text, "<headline>H</headline>")
    );
    check(
        &message,
        "none: a package of other items, not an article\narticle H\nnone: a concept, not an article",
    );
}

#[test]
fn a_message_that_breaks_off_keeps_what_is_whole() {
    let message =
        format!("<newsMessage {NAMESPACE}><itemSet>{}<newsItem>", item("", "", "<headline>H</headline>"));
    let (end, found) = read_all("a.xml", message.as_bytes());
    assert_eq!(found.iter().map(show_found).collect::<Vec<_>>(), ["article H"]);
    assert!(end.contains("the file ends before its </newsItem>"), "{end}");
}

#[test]
fn a_message_without_items_is_said_to_have_none() {
    let (end, _) = read_all("a.xml", format!("<newsMessage {NAMESPACE}><header/></newsMessage>").as_bytes());
    assert_eq!(end, "no item of news in it");
}
