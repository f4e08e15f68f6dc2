//! TREC collections tested: a story of each, in our own words.

use proptest::prelude::*;

use crate::parse::Found;
use crate::parse::tests::{article, read_all, show, show_found};

fn check(text: &str, want: &str) {
    assert_eq!(show(&article("a", text)), want.trim(), "{text}");
}

#[test]
fn associated_press() {
    check(
        "<DOC>\n<DOCNO> AP890101-0001 </DOCNO>\n<FILEID>AP-NR-01-01-89 2358EST</FILEID>\n<FIRST>r a PM-Ports 01-01</FIRST>\n\
         <SECOND>PM-Ports,1100</SECOND>\n<HEAD>Ports &amp; Piers Reopen</HEAD>\n<HEAD>Eds: Also in Monday AMs.</HEAD>\n\
         <BYLINE>By ANA RUIZ</BYLINE>\n<BYLINE>Associated Press Writer</BYLINE>\n<DATELINE>SALVADOR (AP) </DATELINE>\n\
         <TEXT>\n   The ports reopened on\nSunday.\n   Ships sailed.\n</TEXT>\n</DOC>\n",
        "headline: Ports & Piers Reopen\nbyline: ANA RUIZ\ndateline: SALVADOR (AP)\nsource: Associated Press\npublished: 1989-01-01\n\
         >    The ports reopened on\n> Sunday.\n>    Ships sailed.",
    );
}

#[test]
fn wall_street_journal() {
    check(
        "<DOC>\n<DOCNO> WSJ870324-0001 </DOCNO>\n<HL> Ports Are Near Accord\nTo Reopen, Sources Say\n@ ----\n@ By Ana Ruiz\n\
         @ Staff Reporter</HL>\n<DD> 03/24/87</DD>\n<SO> WALL STREET JOURNAL (J)</SO>\n<IN> REL\nTENDER OFFERS, MERGERS (TNM)\n\
         SHIPPING (SHP) </IN>\n<DATELINE> NEW YORK  </DATELINE>\n<LP> The ports are near. </LP><TEXT>\n    They said so.\n</TEXT>\n</DOC>",
        "headline: Ports Are Near Accord To Reopen, Sources Say\nbyline: Ana Ruiz\ndateline: NEW YORK\nsource: Wall Street Journal\n\
         published: 1987-03-24\ntopic: TENDER OFFERS, MERGERS; SHIPPING\n>  The ports are near.\n> \n>     They said so.",
    );
}

#[test]
fn financial_times() {
    check(
        "<DOC>\n<DOCNO>FT911-1</DOCNO>\n<PROFILE>_AN-X</PROFILE>\n<DATE>910514\n</DATE>\n<HEADLINE>\nFT  14 MAY 91 / Jubilee of a\n\
         jet\n</HEADLINE>\n<BYLINE>\n   By ANA RUIZ\n</BYLINE>\n<TEXT>\nThe jet flew.\n</TEXT>\n<XX>\nCountries:-\n</XX>\n\
         <CN>GBZ  United Kingdom, EC.\n</CN>\n<IN>P3721 Aircraft.\n</IN>\n<PUB>The Financial Times\n</PUB>\n<PAGE>\nLondon Page 20\n</PAGE>\n</DOC>",
        "headline: Jubilee of a jet\nbyline: ANA RUIZ\nsource: Financial Times\npublished: 1991-05-14\ncountry: United Kingdom\n\
         topic: Aircraft\n> The jet flew.",
    );
}

#[test]
fn los_angeles_times() {
    check(
        "<DOC>\n<DOCNO> LA010189-0001 </DOCNO>\n<DOCID> 1 </DOCID>\n<DATE>\n<P>\nJanuary 1, 1989, Sunday, Home Edition \n</P>\n</DATE>\n\
         <SECTION>\n<P>\nBook Review; Page 1; Desk \n</P>\n</SECTION>\n<HEADLINE>\n<P>\nNEW FALLOUT \n</P>\n</HEADLINE>\n\
         <BYLINE>\n<P>\nBy Ana Ruiz , Ruiz, an engineer, is the author of books. \n</P>\n</BYLINE>\n<TEXT>\n<P>\nOne\nparagraph. \n</P>\n\
         <P>\nAnother. \n</P>\n</TEXT>\n<GRAPHIC>\n<P>\nPhoto, A port \n</P>\n</GRAPHIC>\n<SUBJECT>\n<P>\nNUCLEAR ACCIDENTS; BOOKS \n</P>\n</SUBJECT>\n</DOC>",
        "headline: NEW FALLOUT\nbyline: Ana Ruiz\nsource: Los Angeles Times\nsection: Book Review\npublished: 1989-01-01\n\
         topic: NUCLEAR ACCIDENTS; BOOKS\n> One paragraph.\n> Another.\n> \n> Photo, A port",
    );
}

#[test]
fn fbis_and_aquaint() {
    check(
        "<DOC>\n<DOCNO> FBIS3-1 </DOCNO>\n<HT>  \"cr01\" </HT>\n<HEADER>\n<H2>   March Reports </H2>\n<DATE1>  1 March 1994 </DATE1>\n\
         <H3> <TI>   Ports Reopened </TI></H3>\n</HEADER>\n<TEXT>\nLanguage: <F P=105> Spanish </F>\nArticle Type:BFN \n\
         <F P=106> [By Ana Ruiz] </F>\n  [Text] The ports.\n</TEXT>\n</DOC>",
        "headline: Ports Reopened\nsource: FBIS\npublished: 1994-03-01\n>  [By Ana Ruiz] \n>   [Text] The ports.",
    );
    check(
        "<DOC>\n<DOCNO> NYT19980601.0001 </DOCNO>\n<DOCTYPE> NEWS STORY </DOCTYPE>\n<DATE_TIME> 06/01/1998 00:01:00 </DATE_TIME>\n\
         <HEADER>\nA1 &Cx1f; taf\n</HEADER>\n<BODY>\n<SLUG> BC-PORTS </SLUG>\n<HEADLINE>\nPORTS REOPEN\n</HEADLINE>\n&UR; By ANA RUIZ &LR; \n\
         <TEXT>\n<P>\n   &UR; SALVADOR &LR; &MD; The ports reopened.\n</P>\n<ANNOTATION>\n(MORE)\n</ANNOTATION>\n</TEXT>\n</BODY>\n\
         <TRAILER>\nNYT-06-01-98\n</TRAILER>\n</DOC>",
        "headline: PORTS REOPEN\nsource: New York Times\npublished: 1998-06-01\n> SALVADOR — The ports reopened.\n> (MORE)",
    );
}

#[test]
fn gigaword_and_others() {
    check(
        "<DOC id=\"AFP_ENG_20030401.0001\" type=\"story\" >\n<HEADLINE>\nPorts reopen\n</HEADLINE>\n<DATELINE>\nSALVADOR, April 1 (AFP)\n\
         </DATELINE>\n<TEXT>\n<P>\nThe ports.\n</P>\n</TEXT>\n</DOC>",
        "headline: Ports reopen\ndateline: SALVADOR, April 1 (AFP)\nsource: Agence France-Presse\npublished: 2003-04-01\n> The ports.",
    );
    check(
        "<doc id=\"12\" url=\"https://example.org/a\" title=\"Ports &amp; piers\">\nPorts & piers\n\nThe ports.\n</doc>",
        "headline: Ports & piers\nurl: https://example.org/a\n> Ports & piers\n> \n> The ports.",
    );
    check("<doc><docno>X-1</docno>The ports are open.</doc>", "> The ports are open.");
    check(
        "<DOC>\n<DOCNO>SJMN91-06364022</DOCNO>\n<PUBDATE>  911229  </PUBDATE>\n<LEADPARA>The ports are open.</LEADPARA>\n\
         <SECTION>  Front  </SECTION>\n<HEADLINE>  PORTS </HEADLINE>\n<TEXT>Ships sailed.</TEXT></DOC>",
        "headline: PORTS\nsource: San Jose Mercury News\nsection: Front\npublished: 1991-12-29\n> The ports are open.\n> \n> Ships sailed.",
    );
    let page = "<DOC>\n<DOCNO>WTX001-B01-1</DOCNO>\n<DOCHDR>\nhttp://example.org:80/a.html 1.2.3.4 19970101\nHTTP/1.0 200 OK\n</DOCHDR>\n\
                <html><title>Ports reopen</title><body><p>The ports of Salvador reopened on Monday, the harbour master said.</p></body></html>\n</DOC>";
    let record = article("a", page);
    assert_eq!(record.url.as_deref(), Some("http://example.org:80/a.html"));
    assert_eq!(record.inside.as_deref(), Some("WTX001-B01-1"));
    assert!(record.body.starts_with("The ports of Salvador"), "{record:?}");
}

#[test]
fn faults_cost_one_story() {
    let story = "<DOC><DOCNO>A-1</DOCNO><TEXT>The ports.</TEXT></DOC>\n";
    let check = |text: &str, want: &[&str]| {
        let (end, found) = read_all("a", text.as_bytes());
        assert_eq!(found.iter().map(show_found).collect::<Vec<_>>(), want, "{end}: {text:.200}");
    };
    check(&format!("{story}{story}"), &["article  (A-1)", "article  (A-1)"]);
    check(
        &format!("{story}<DOC><DOCNO>cut {story}"),
        &[
            "article  (A-1)",
            "bad: story at byte 53: another <DOC> starts before its </DOC>",
            "article  (A-1)",
        ],
    );
    check(
        &format!("{story}<DOC><TEXT>cut"),
        &["article  (A-1)", "bad: story at byte 53: the file ends before its </DOC>"],
    );
    check(
        &format!("<DOC><DOCNO>B</DOCNO>{}</DOC>{story}", "x".repeat(17 << 20)),
        &["bad: story at byte 0: longer than 16 MiB, expected </DOC>", "article  (A-1)"],
    );
    check("<DOC><DOCNO>B-2</DOCNO><TEXT></TEXT></DOC>", &["none: B-2: no text in it"]);
    check("<DOC><DOCNO>B-2</DOCNO><TEXT>Open text.</DOC>", &["article  (B-2)"]);
}

#[test]
fn many_open_tags_are_read_in_linear_time() {
    for tag in ["<HEAD>", "<TEXT>", "<P", "<F P=105>", "</", "<DATE>1/"] {
        let text = format!("<DOC><DOCNO>A</DOCNO>{}</DOC>", tag.repeat(50_000));
        let start = std::time::Instant::now();
        let (_, found) = read_all("a", text.as_bytes());
        assert!(start.elapsed().as_secs() < 3, "{tag}: {:?}", start.elapsed());
        assert!(matches!(&found[..], [Found::Article(_) | Found::NotAnArticle { .. }, ..] | []), "{tag}");
    }
}

proptest! {
    #[test]
    fn never_panics(text in "(<DOC>|</DOC>|<DOCNO>|</DOCNO>|<DOCHDR>|</DOCHDR>|<HL>|<TEXT>|</TEXT>|<DATE>|<IN>|<|>|/|&UR;|-|@|0|é|A| |\n|\\PC){0,40}") {
        let (_, found) = read_all("a", format!("<DOC><DOCNO>{text}</DOC>").as_bytes());
        prop_assert!(!found.is_empty());
    }
}
