//! PDF tested: what the process that reads it tells, and what becomes of that.

use super::*;
use crate::parse::tests::{read_all, show};

#[test]
fn titles_of_files_are_none() {
    for (text, want) in [
        ("Ports reopen after the storm", true),
        ("Document shows minister knew", true),
        ("Ärger", true),
        ("Microsoft Word - ports final.docx", false),
        ("Microsoft Word - ports", false),
        ("ports_final.indd", false),
        ("untitled", false),
        ("Untitled-1", false),
        ("Document1", false),
        ("A01_0619", false),
        ("https://example.org/ports", false),
        ("C:\\ports", false),
        ("12", false),
    ] {
        assert_eq!(title(text).is_some(), want, "{text}");
    }
}

#[test]
fn dates_of_pdf() {
    for (text, want) in [
        ("D:20230619100000+02'00'", "20230619T100000+0200"),
        ("D:20230619100000-05", "20230619T100000-0500"),
        ("D:20230619100000Z00'00'", "20230619T100000Z"),
        ("D:202306191000", "20230619T100000"),
        ("D:20230619", "20230619"),
        ("D:202306", "2023-06"),
        ("2023", "2023"),
        ("19 June 2023", "19"),
    ] {
        assert_eq!(date(text), want, "{text}");
    }
}

#[test]
fn what_is_told_becomes_an_article() {
    let xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
               <rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title><rdf:Alt><rdf:li>Ports reopen</rdf:li>\
               </rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>Jo Li</rdf:li></rdf:Seq></dc:creator></rdf:Description>\
               </rdf:RDF></x:xmpmeta>";
    let told = Told {
        title: Some("ports.indd".to_owned()),
        author: Some("aruiz".to_owned()),
        created: Some("D:20230619100000+02'00'".to_owned()),
        keywords: Some("trade; ports".to_owned()),
        language: Some("en-GB".to_owned()),
        xmp: Some(xmp.to_owned()),
        pages: vec![Some("The har-\nbour is open.".to_owned()), None],
        failed: None,
    };
    let record = record(&told);
    assert_eq!(
        show(&record),
        "headline: Ports reopen\nbyline: Jo Li\npublished: 2023-06-19\nlanguage: en\ntopic: trade; ports\n\
         > The harbour is open."
    );
    assert_eq!(record.published_time.as_deref(), Some("2023-06-19T10:00:00+02:00"));
}

#[test]
fn a_library_alone_reads_none() {
    let want = match cfg!(feature = "pdf") {
        true => "a PDF document: needs the dateline program to read PDF",
        false => "a PDF document, which this dateline was built without",
    };
    assert_eq!(read_all("a.pdf", b"%PDF-1.4\n"), (want.to_owned(), vec![]));
}
