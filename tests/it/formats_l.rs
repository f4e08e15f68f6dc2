//! Formats of libraries and research: what is made of real samples, and of an issue and a table in an archive.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use dateline::article::Article;
use dateline::ingest::tagged::tag_paths;

use crate::archive::taxonomy;

/// What is made of the files below a path: articles, and why others are none, by name.
fn read(path: &Path) -> (Vec<Article>, BTreeMap<String, String>) {
    let (mut articles, mut others) = (Vec::new(), BTreeMap::new());
    tag_paths(&[path.to_owned()], taxonomy(), &mut |found| {
        match found {
            Ok(tagged) => articles.push(tagged.article),
            Err(problem) => {
                let name = problem.path.rsplit('/').next().unwrap_or_default().to_owned();
                others.insert(name, problem.reason);
            }
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    (articles, others)
}

/// A file of the shared data; none, said loudly, where it is not there.
fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var("DATELINE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let path = Path::new(&root).join("data/formats").join(name);
    if !path.exists() {
        eprintln!("SKIPPED: no {}", path.display());
        return None;
    }
    Some(path)
}

#[test]
fn a_danish_page_of_1795() {
    let Some(path) = shared("alto/alto.xml") else { return };
    let (articles, others) = read(&path);
    // A second page of two words stands in the same file.
    assert!(articles.len() == 2 && others.is_empty(), "{others:?}");
    assert_eq!(
        (articles[1].body.as_str(), articles[1].inside.as_deref()),
        ("Permanent Committee", Some("page 2"))
    );
    let page = &articles[0];
    let date = page.published.map(|date| date.to_string());
    assert_eq!((date.as_deref(), page.language.as_deref()), (Some("1795-06-16"), Some("da")));
    assert!(page.body.contains("Med dette Blad følger LTo. 147 og 48."), "{}", page.body);
    assert!(page.body.contains("paa Bøgerne; ved samme bliver tillige Bortsolgt trende"), "{}", page.body);
}

#[test]
fn an_american_page_of_1910() {
    let Some(path) = shared("alto/chronicling_america.xml") else { return };
    let (articles, others) = read(&path);
    assert!(articles.len() == 1 && others.is_empty(), "{others:?}");
    let page = &articles[0];
    assert_eq!((page.published, page.language.as_deref()), (None, Some("en")));
    let sentence =
        "Joseph Belmont put on a realistic I and rousing oldtime North of Ireland scrap in the third act";
    assert!(page.body.contains(sentence), "{}", page.body);
    assert!(!page.body.split_whitespace().any(|word| word.len() > 3 && word.ends_with('¬')));
}

#[test]
fn an_issue_in_an_archive_is_read_once() {
    let dir = tempfile::tempdir().unwrap();
    let issue = dir.path().join("1915-03-02");
    fs::create_dir_all(issue.join("alto")).unwrap();
    let mets = "<mets xmlns='http://www.loc.gov/METS/' xmlns:x='http://www.w3.org/1999/xlink'><fileSec><fileGrp><file ID='A'>\
                <FLocat x:href='alto/1.xml'/></file></fileGrp></fileSec><structMap TYPE='LOGICAL'><div TYPE='ISSUE'>\
                <div ID='N1' TYPE='ARTICLE' LABEL='Ports reopen'><fptr><area FILEID='A' BEGIN='B1'/></fptr></div></div></structMap></mets>";
    let page = |words: &str| {
        let words: String = words.split(' ').map(|word| format!("<String CONTENT='{word}'/><SP/>")).collect();
        format!(
            "<alto xmlns='http://www.loc.gov/standards/alto/ns-v2#'><Layout><Page><PrintSpace><TextBlock ID='B1'><TextLine>{words}\
             </TextLine></TextBlock></PrintSpace></Page></Layout></alto>"
        )
    };
    fs::write(issue.join("gazette-mets.xml"), mets).unwrap();
    fs::write(
        issue.join("alto/1.xml"),
        page("The ports of Salvador reopened on Monday, the harbour master said."),
    )
    .unwrap();
    fs::write(issue.join("alto/2.xml"), page("A page of small notices that no article stands on.")).unwrap();
    let (articles, others) = read(dir.path());
    let mut headlines: Vec<&str> = articles.iter().map(|article| article.headline.as_str()).collect();
    headlines.sort_unstable();
    assert_eq!(headlines, ["A page of small notices that no article stands on.", "Ports reopen"]);
    assert_eq!(others["1.xml"], "a page of gazette-mets.xml, which says what its articles are");
    assert_eq!(articles[0].published.map(|date| date.to_string()).as_deref(), Some("1915-03-02"));
}
