//! Issues tested: a METS file and its pages in a folder.

use std::fs;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;

use crate::parse::issues::{Beside, Issues};
use crate::parse::tests::{mapping, read_all, show, show_found};
use crate::parse::{Found, Settings, Source, read};

const METS: &str = r##"<?xml version="1.0"?>
<mets:mets xmlns:mets="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:M="http://www.loc.gov/mods/v3">
<mets:dmdSec ID="ISSUE"><mets:mdWrap MDTYPE="MODS"><mets:xmlData><M:mods><M:titleInfo><M:title>Harbour Gazette</M:title></M:titleInfo>
<M:name><M:namePart>The Publisher</M:namePart></M:name><M:originInfo><M:dateIssued encoding="iso8601">1915-03-02</M:dateIssued></M:originInfo>
<M:language><M:languageTerm>eng</M:languageTerm></M:language></M:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>
<mets:dmdSec ID="D1"><mets:mdWrap MDTYPE="MODS"><mets:xmlData><M:mods><M:titleInfo><M:nonSort>The</M:nonSort><M:title>ports reopen</M:title></M:titleInfo>
<M:name><M:namePart type="family">Ruiz</M:namePart><M:namePart type="given">Ana</M:namePart><M:role><M:roleTerm>aut</M:roleTerm></M:role></M:name></M:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>
<mets:fileSec><mets:fileGrp><mets:fileGrp USE="ALTO">
<mets:file ID="A1"><mets:FLocat LOCTYPE="URL" xlink:href="file://./alto/0001.xml"/></mets:file>
<mets:file ID="A2"><mets:FLocat LOCTYPE="URL" xlink:href="alto/0002.xml"/></mets:file>
<mets:file ID="A9"><mets:FLocat LOCTYPE="URL" xlink:href="../outside.xml"/></mets:file></mets:fileGrp>
<mets:fileGrp USE="IMG"><mets:file ID="I1"><mets:FLocat xlink:href="img/0001.tif"/></mets:file></mets:fileGrp></mets:fileGrp></mets:fileSec>
<mets:structMap TYPE="PHYSICAL"><mets:div TYPE="page"/></mets:structMap>
<mets:structMap TYPE="LOGICAL"><mets:div TYPE="Newspaper" DMDID="ISSUE"><mets:div TYPE="SECTION" LABEL="Shipping">
<mets:div ID="ART1" TYPE="ARTICLE" DMDID="D1"><mets:div TYPE="HEADING"><mets:fptr><mets:area FILEID="A1" BETYPE="IDREF" BEGIN="H1"/></mets:fptr></mets:div>
<mets:div TYPE="BODY"><mets:fptr><mets:par><mets:area FILEID="I1"/><mets:area FILEID="A1" BETYPE="IDREF" BEGIN="B1" END="B2"/></mets:par></mets:fptr>
<mets:fptr><mets:seq><mets:area FILEID="A2" BETYPE="IDREF" BEGIN="G1"/></mets:seq></mets:fptr></mets:div></mets:div></mets:div>
<mets:div ID="ART2" TYPE="ARTICLE"><mets:div TYPE="HEADING"><mets:div TYPE="TITLE"><mets:fptr><mets:area FILEID="A2" BEGIN="H2"/></mets:fptr></mets:div>
<mets:div TYPE="AUTHOR"><mets:fptr><mets:area FILEID="A2" BEGIN="Y2"/></mets:fptr></mets:div></mets:div>
<mets:div TYPE="BODY"><mets:fptr><mets:area FILEID="A2" BEGIN="B4"/></mets:fptr></mets:div></mets:div>
<mets:div ID="AD1" TYPE="ADVERTISEMENT" LABEL="Soap"><mets:fptr FILEID="A2"/></mets:div>
<mets:div ID="ART3" TYPE="ARTICLE" LABEL="Lost"><mets:fptr><mets:area FILEID="A9" BEGIN="X"/></mets:fptr></mets:div>
<mets:div ID="ART4" TYPE="ARTICLE" LABEL="Gone"><mets:fptr><mets:area FILEID="A1" BEGIN="NONE"/></mets:fptr></mets:div>
</mets:div></mets:structMap></mets:mets>"##;

fn alto(blocks: &[(&str, &str)]) -> String {
    let block = |(id, text): &(&str, &str)| {
        let words: Vec<String> = text.split(' ').map(|word| format!("<String CONTENT='{word}'/>")).collect();
        format!("<TextBlock ID='{id}'><TextLine>{}</TextLine></TextBlock>", words.join("<SP/>"))
    };
    let blocks: String = blocks.iter().map(block).collect();
    format!(
        "<alto xmlns='http://www.loc.gov/standards/alto/ns-v3#'><Layout><Page><PrintSpace><ComposedBlock ID='C'>{blocks}</ComposedBlock></PrintSpace></Page></Layout></alto>"
    )
}

/// An issue in a folder: METS above, pages below.
fn issue() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join("issue").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("1915-mets.xml", METS);
    write("../outside.xml", &alto(&[("X", "Outside.")]));
    write(
        "alto/0001.xml",
        &alto(&[("H1", "THE PORTS"), ("B1", "Ships sail"), ("B2", "on Monday."), ("B3", "Not this.")]),
    );
    write(
        "alto/0002.xml",
        &alto(&[("G1", "They went far."), ("H2", "Second story"), ("Y2", "By Jo Li"), ("B4", "More of it.")]),
    );
    write("alto/0003.xml", &alto(&[("B", "A page of no article.")]));
    dir
}

fn read_in(dir: &Path, name: &str, roots: &[&str]) -> (String, Vec<Found>) {
    let path = dir.join(name);
    let roots: Vec<_> = roots.iter().map(|root| dir.join(root)).collect();
    let issues = Issues::default();
    let beside = Beside { path: &path, roots: &roots, issues: &issues };
    let mut stream = BufReader::new(fs::File::open(&path).unwrap());
    let source = Source { name, stream: &mut stream, file: None, beside: Some(beside) };
    let mut found = Vec::new();
    let end = read(source, &Settings { mapping: mapping(), ..Settings::default() }, &mut |one| {
        found.push(one);
        ControlFlow::Continue(())
    });
    (end.map_or_else(|error| error.to_string(), |format| format.name().to_owned()), found)
}

#[test]
fn an_issue_is_its_articles() {
    let dir = issue();
    let (end, found) = read_in(dir.path(), "issue/1915-mets.xml", &["issue"]);
    let shown: Vec<String> = found.iter().map(show_found).collect();
    assert_eq!(end, "mets");
    assert_eq!(
        shown,
        [
            "article The ports reopen (ART1)",
            "article Second story (ART2)",
            "none: Soap: an advertisement",
            "bad: ART3: its page ../outside.xml cannot be read: it does not lie below this folder",
            "bad: ART4: no element NONE in its page alto/0001.xml",
        ]
    );
    let records: Vec<String> = found
        .iter()
        .filter_map(|found| if let Found::Article(record) = found { Some(show(record)) } else { None })
        .collect();
    assert_eq!(
        records,
        [
            "headline: The ports reopen\nbyline: Ana Ruiz\nsource: Harbour Gazette\nsection: Shipping\npublished: 1915-03-02\nlanguage: en\n\
             > Ships sail\n> on Monday.\n> They went far.",
            "headline: Second story\nbyline: Jo Li\nsource: Harbour Gazette\npublished: 1915-03-02\nlanguage: en\n> More of it.",
        ]
        .map(|text| text.replace("sail\n> on", "sail on"))
    );
}

#[test]
fn a_page_is_read_with_its_issue() {
    let dir = issue();
    let check = |name: &str, roots: &[&str], want: &str| {
        let (end, found) = read_in(dir.path(), name, roots);
        assert_eq!((end.as_str(), found.len()), (want, usize::from(want == "alto")), "{name}");
    };
    let claimed = "a page of 1915-mets.xml, which says what its articles are";
    check("issue/alto/0001.xml", &["issue"], claimed);
    check("issue/alto/0002.xml", &["issue"], claimed);
    check("issue/alto/0003.xml", &["issue"], "alto");
    // The issue itself lies outside the archive.
    check("issue/alto/0001.xml", &["issue/alto"], "alto");
    check("outside.xml", &["."], "alto");
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    let dir = issue();
    let page = dir.path().join("issue/alto/0001.xml");
    fs::rename(&page, dir.path().join("moved.xml")).unwrap();
    std::os::unix::fs::symlink(dir.path().join("moved.xml"), &page).unwrap();
    let (_, found) = read_in(dir.path(), "issue/1915-mets.xml", &["issue"]);
    let told: Vec<String> = found.iter().take(2).map(show_found).collect();
    let bad = "bad: ART1: its page alto/0001.xml cannot be read: it is a symbolic link";
    assert_eq!(told, ["article The ports reopen (ART1)", bad]);
}

#[test]
fn an_issue_without_its_pages_is_no_article() {
    let (end, found) = read_all("a.xml", METS.as_bytes());
    assert!(end.starts_with("a table of contents (METS) apart from its pages") && found.is_empty(), "{end}");
    let dir = issue();
    let bare = METS.replace("TYPE=\"ARTICLE\"", "TYPE=\"PAGE\"");
    fs::write(dir.path().join("issue/1915-mets.xml"), bare).unwrap();
    let (end, _) = read_in(dir.path(), "issue/1915-mets.xml", &["issue"]);
    assert!(end.starts_with("a table of contents (METS) that marks no articles"), "{end}");
    let (end, _) = read_in(dir.path(), "issue/alto/0001.xml", &["issue"]);
    assert_eq!(end, "alto");
}
