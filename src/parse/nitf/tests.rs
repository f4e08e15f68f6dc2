//! NITF tested: fields of the head and the body, the text, what is withdrawn, archives of the New York Times.

use crate::article::Layout;
use crate::parse::tests::{article, read_all, show};

fn check(nitf: &str, want: &str) {
    assert_eq!(show(&article("a.xml", nitf)), want, "{nitf}");
}

#[test]
fn fields_of_a_story() {
    check(
        "<?xml version='1.0'?><!DOCTYPE nitf SYSTEM 'nitf-3-6.dtd'><nitf baselang='es-CL'><head><title>1 PORTS</title><tobject>\
         <tobject.subject tobject.subject.refnum='04015000' tobject.subject.type='Economy' tobject.subject.matter='Transport'/>\
         <tobject.subject tobject.subject.refnum='F01' tobject.subject.type='X'/></tobject><docdata><doc-id regsrc='AP'\
         id-string='urn:ex:7'/><date.issue norm='20230618T101500+0200'/><evloc city='Valparaiso' iso-cc='CHL'/><key-list>\
         <keyword key='ports'/></key-list><identified-content><person>Ruiz, Ana (Sen)</person><org value='ex'>Port Union</org>\
         <location><city>Lima</city><country iso-cc='PE'>Peru</country></location></identified-content></docdata>\
         <pubdata position.section='Business'/><revision-history norm='20230619T101500+0200'/></head><body><body.head><hedline>\
         <hl1>Ports <em>reopen</em></hl1><hl2>Strike ends</hl2></hedline><byline>By ANA RUIZ and JO LI, <byttl>Writer</byttl>\
         </byline><distributor>The Agency</distributor><dateline><location>VALPARAISO</location>, <story.date>June 18</story.date>\
         </dateline></body.head><body.content><media><media-caption>A port.</media-caption></media><p>Ports in <location>Chile\
         </location> reopened.</p><hl2>Then</hl2><ul><li>One</li></ul></body.content></body></nitf>",
        "headline: Ports reopen\nbyline: ANA RUIZ, JO LI\ndateline: VALPARAISO, June 18\nsource: The Agency\nsection: Business\n\
         url: urn:ex:7\npublished: 2023-06-18\nlanguage: es\norganization: Port Union\nperson: Ruiz, Ana\nplace: CHL; PE; Peru\n\
         topic: 04015000; Transport; X; ports\n> Ports in Chile reopened.\n> Then\n> One",
    );
}

#[test]
fn dates_datelines_and_bylines() {
    let head = |head: &str, lines: &str| {
        format!(
            "<nitf><head>{head}</head><body><body.head>{lines}</body.head><body.content><p>T</p></body.content></body></nitf>"
        )
    };
    for (meta, lines, want) in [
        ("<docdata><date.issue norm='20080219+0100'/></docdata>", "", "published: 2008-02-19\n> T"),
        (
            "",
            "<dateline><story.date norm='20170102T2228Z'>20170102T222800+0000</story.date></dateline>",
            "published: 2017-01-02\n> T",
        ),
        (
            "<pubdata name='The Press'/>",
            "<byline>By Jo Li, The Press</byline>",
            "byline: Jo Li\nsource: The Press\n> T",
        ),
        ("", "<byline>By <person>Jo Li</person><byttl>Writer</byttl></byline>", "byline: Jo Li\n> T"),
        ("", "<byline><byttl>Sports Network</byttl></byline>", "byline: Sports Network\n> T"),
        ("<title>T only</title>", "", "headline: T only\n> T"),
    ] {
        check(&head(meta, lines), want);
    }
}

#[test]
fn the_new_york_times() {
    check(
        "<nitf><head><title>Ports</title><meta content='Foreign Desk' name='dsk'/><docdata><identified-content>\
         <classifier class='indexing_service' type='descriptor'>Ports</classifier></identified-content></docdata>\
         <pubdata date.publication='20070101T000000' ex-ref='http://example.org/1' name='The Times' position.section='A'/></head>\
         <body><body.head><hedline><hl1>Ports Reopen</hl1></hedline><byline class='print_byline'>By JO LI</byline>\
         <byline class='normalized_byline'>Li, Jo</byline></body.head><body.content><block class='lead_paragraph'><p>Lead.</p></block>\
         <block class='full_text'><p>Lead.</p><p>More.</p></block></body.content></body></nitf>",
        "headline: Ports Reopen\nbyline: JO LI\nsource: The Times\nsection: Foreign Desk\nurl: http://example.org/1\n\
         published: 2007-01-01\ntopic: Ports\n> Lead.\n> More.",
    );
}

#[test]
fn text_that_is_set_line_by_line() {
    let nitf = "<nitf><body><body.content><pre>Mexico v Panama\nOne, two,\nthree.\n</pre></body.content></body></nitf>";
    let record = article("a.xml", nitf);
    assert_eq!(
        (record.layout, record.body.as_str()),
        (Layout::Plain, "Mexico v Panama\nOne, two,\nthree.\n")
    );
}

#[test]
fn withdrawn_and_empty() {
    let nitf = |docdata: &str, text: &str| {
        format!(
            "<nitf><head><docdata {docdata}/></head><body><body.content>{text}</body.content></body></nitf>"
        )
    };
    for (docdata, text, want) in [
        ("management-status='canceled'", "<p>T</p>", "withdrawn: its management-status is 'canceled'"),
        ("management-status='embargoed'", "<p>T</p>", ""),
        ("management-status='canceled' management-doc-idref='a'", "<p>T</p>", ""),
    ] {
        let (_, found) = read_all("a.xml", nitf(docdata, text).as_bytes());
        let shown = crate::parse::tests::show_found(&found[0]);
        assert_eq!(shown.strip_prefix("none: ").unwrap_or_default(), want, "{docdata}");
    }
    assert_eq!(read_all("a.xml", nitf("", "").as_bytes()).0, "no text in it");
    assert_eq!(read_all("a.xml", b"<nitf><body>").0, "byte 0: the file ends before its </nitf>");
}
