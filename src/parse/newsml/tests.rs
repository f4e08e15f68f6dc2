//! NewsML 1 tested: components within components, kinds of text, subjects, what is withdrawn.

use crate::parse::tests::{article, read_all, show, show_found};

fn envelope(item: &str) -> String {
    format!(
        "<?xml version='1.0'?><!DOCTYPE NewsML SYSTEM 'NewsML_1.2.dtd'><NewsML><NewsEnvelope><DateAndTime>20230620T100000Z</DateAndTime>\
         </NewsEnvelope><NewsItem>{item}</NewsItem></NewsML>"
    )
}

fn component(inside: &str) -> String {
    format!("<NewsComponent>{inside}</NewsComponent>")
}

fn text(data: &str) -> String {
    component(&format!(
        "<ContentItem><MediaType FormalName='Text'/><DataContent>{data}</DataContent></ContentItem>"
    ))
}

#[test]
fn fields_and_subjects() {
    let head = "<Identification><NewsIdentifier><ProviderId>ex.org</ProviderId><DateId>20230617</DateId>\
        <PublicIdentifier>urn:newsml:ex.org:20230617:1:1</PublicIdentifier></NewsIdentifier></Identification><NewsManagement>\
        <FirstCreated>20230618T101500+0200</FirstCreated><ThisRevisionCreated>20230619T101500+0200</ThisRevisionCreated>\
        <Status FormalName='Usable'/></NewsManagement>";
    let lines = "<NewsLines><HeadLine>Ports reopen</HeadLine><ByLine>By Ana Ruiz</ByLine><DateLine>Valparaiso, June 18</DateLine></NewsLines>\
        <AdministrativeMetadata><Provider><Party FormalName='The Agency'/></Provider></AdministrativeMetadata><TopicSet><Topic Duid='t1'>\
        <TopicType FormalName='Person'/><FormalName>p1</FormalName><Description>Gabriel Boric</Description></Topic><Topic Duid='t2'>\
        <TopicType FormalName='Person'/><FormalName>Unused</FormalName></Topic></TopicSet><DescriptiveMetadata><Language FormalName='es'/>\
        <SubjectCode><Subject FormalName='04000000'/><SubjectMatter FormalName='04015000'/></SubjectCode><TopicOccurrence Topic='#t1'/>\
        <Location><Property FormalName='Country' Value='CHL'/><Property FormalName='City' Value='Valparaiso'/></Location>\
        <Property FormalName='Keyword' Value='ports'/></DescriptiveMetadata>";
    let picture = component("<ContentItem Href='a.jpg'><MediaType FormalName='Photo'/></ContentItem>");
    let caption = component(
        "<Role FormalName='Caption'/><ContentItem><DataContent>A port.</DataContent></ContentItem>",
    );
    let body = text(
        "<nitf><body><body.head><hedline><hl1>Other</hl1></hedline></body.head><body.content><p>Ports reopened.</p></body.content></body></nitf>",
    );
    let record = article(
        "a.xml",
        &envelope(&(head.to_owned() + &component(&[lines, &picture, &caption, &body].concat()))),
    );
    assert_eq!(
        show(&record),
        "headline: Ports reopen\nbyline: Ana Ruiz\ndateline: Valparaiso, June 18\nsource: The Agency\n\
         url: urn:newsml:ex.org:20230617:1:1\npublished: 2023-06-18\nlanguage: es\nperson: Gabriel Boric\nplace: CHL\n\
         topic: 04000000; 04015000; ports\n> Ports reopened."
    );
    assert_eq!(record.published_time.as_deref(), Some("2023-06-18T10:15:00+02:00"));
    assert_eq!(record.updated.unwrap().to_string(), "2023-06-19");
}

#[test]
fn kinds_of_text() {
    for (data, want) in [
        (
            "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>One.</p><p>Two.</p></body></html>",
            "> One.\n> Two.",
        ),
        ("<p>One.</p><p>Two.</p>", "> One.\n> Two."),
        ("<![CDATA[<P>One.</P>\n<P>Two &amp; three.</P>]]>", "> One.\n> Two & three."),
        ("One.\nTwo.", "> One.\n> Two."),
    ] {
        assert_eq!(
            show(&article("a.xml", &envelope(&text(data)))),
            format!("published: 2023-06-20\n{want}"),
            "{data}"
        );
    }
}

#[test]
fn items_that_are_no_articles() {
    for (item, want) in [
        (
            "<NewsManagement><Status FormalName='Canceled'/></NewsManagement>".to_owned() + &text("T."),
            "none: withdrawn: its Status is 'Canceled'",
        ),
        (
            component(
                "<NewsLines><HeadLine>H</HeadLine></NewsLines><ContentItem><MediaType FormalName='Photo'/></ContentItem>",
            ),
            "none: photo, with no text in it",
        ),
        (component("<NewsLines><HeadLine>Flash</HeadLine></NewsLines>"), "article Flash"),
        (component(""), "none: a news item with neither headline nor text"),
    ] {
        let (end, found) = read_all("a.xml", envelope(&item).as_bytes());
        assert_eq!((end.as_str(), show_found(&found[0]).as_str()), ("newsml", want), "{item}");
    }
}

#[test]
fn an_envelope_without_items_is_said_to_have_none() {
    let xml = "<!DOCTYPE NewsML [<!ENTITY a 'b'><!ENTITY c 'd'>]><NewsML><NewsEnvelope/></NewsML>";
    assert_eq!(read_all("a.xml", xml.as_bytes()).0, "no item of news in it");
}
