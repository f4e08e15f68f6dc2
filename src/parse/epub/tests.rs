//! Books tested: the pages of the spine, contents and covers, DRM.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::parse::Found;
use crate::parse::tests::{read_all, show, show_found};

const CONTAINER: &str = "<?xml version='1.0'?><container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles>\
<rootfile full-path='OEBPS/content.opf' media-type='application/oebps-package+xml'/></rootfiles></container>";

const PACKAGE: &str = "<?xml version='1.0'?><package xmlns='http://www.idpf.org/2007/opf' version='2.0'>\
<metadata xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:opf='http://www.idpf.org/2007/opf'>\
<dc:title>The Daily Harbour [Mon, 19 Jun 2023]</dc:title><dc:creator opf:role='aut'>calibre</dc:creator>\
<dc:date>2023-06-19T04:00:00+00:00</dc:date><dc:language>en-GB</dc:language><dc:subject>News</dc:subject></metadata>\
<manifest><item id='n' href='nav.xhtml' properties='nav' media-type='application/xhtml+xml'/>\
<item id='c' href='cover.xhtml' media-type='application/xhtml+xml'/>\
<item id='f' href='feed_0/index_u0.html' media-type='application/xhtml+xml'/>\
<item id='a' href='feed_0/article_0/index%20u0.html' media-type='application/xhtml+xml'/>\
<item id='b' href='b.xhtml' media-type='application/xhtml+xml'/>\
<item id='gone' href='gone.xhtml' media-type='application/xhtml+xml'/></manifest>\
<spine><itemref idref='c'/><itemref idref='n'/><itemref idref='f'/><itemref idref='a'/><itemref idref='b'/><itemref idref='a'/>\
<itemref idref='gone'/></spine><guide><reference type='cover' href='cover.xhtml'/></guide></package>";

const NAV: &str = "<html xmlns='http://www.w3.org/1999/xhtml'><body><nav><ol><li><a href='feed_0/index_u0.html'>Trade</a><ol>\
<li><a href='feed_0/article_0/index%20u0.html#top'>Ports reopen</a></li></ol></li></ol></nav></body></html>";

const PAGE: &str = "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title></title></head><body>\
<p>The ports of Salvador reopened on Monday, the harbour master said.</p></body></html>";

fn epub(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file("mimetype", plain).unwrap();
    writer.write_all(b"application/epub+zip").unwrap();
    for (name, text) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn book(more: &[(&str, &str)]) -> Vec<u8> {
    let files = [
        ("META-INF/container.xml", CONTAINER),
        ("OEBPS/content.opf", PACKAGE),
        ("OEBPS/nav.xhtml", NAV),
        ("OEBPS/cover.xhtml", PAGE),
        ("OEBPS/feed_0/index_u0.html", PAGE),
        ("OEBPS/feed_0/article_0/index u0.html", PAGE),
        ("OEBPS/b.xhtml", "<html><body><p>x</p></body></html>"),
    ];
    epub(&[&files, more].concat())
}

#[test]
fn each_page_is_an_article() {
    let (end, found) = read_all("a.epub", &book(&[]));
    let shown: Vec<String> = found.iter().map(show_found).collect();
    let want = [
        "none: OEBPS/cover.xhtml: the cover of the book",
        "none: OEBPS/nav.xhtml: the contents of the book",
        "none: OEBPS/feed_0/index_u0.html: the contents of a section",
        "article Ports reopen (OEBPS/feed_0/article_0/index u0.html)",
        "none: OEBPS/b.xhtml: no article text on the page",
        "bad: not a valid EPUB: OEBPS/gone.xhtml: specified file not found in archive",
    ];
    assert_eq!((end.as_str(), shown.iter().map(String::as_str).collect::<Vec<_>>()), ("epub", want.to_vec()));
    let Some(Found::Article(record)) = found.get(3) else { panic!("{found:?}") };
    assert_eq!(
        show(record),
        "headline: Ports reopen\nsource: The Daily Harbour\nsection: Trade\npublished: 2023-06-19\nlanguage: en\n\
         > The ports of Salvador reopened on Monday, the harbour master said."
    );
    assert_eq!(record.published_time.as_deref(), Some("2023-06-19T04:00:00+00:00"));
}

#[test]
fn what_is_broken_is_told() {
    let lock = |method: &str| {
        format!(
            "<encryption xmlns:enc='http://www.w3.org/2001/04/xmlenc#'><enc:EncryptedData><enc:EncryptionMethod \
             Algorithm='{method}'/></enc:EncryptedData></encryption>"
        )
    };
    for (files, want) in [
        (vec![], "not a valid EPUB: META-INF/container.xml: specified file not found in archive"),
        (
            vec![("META-INF/container.xml", "<container/>")],
            "not a valid EPUB: META-INF/container.xml names no package file",
        ),
        (
            vec![("META-INF/container.xml", CONTAINER), ("OEBPS/content.opf", "<package/>")],
            "not a valid EPUB: its package file lists no pages",
        ),
    ] {
        assert_eq!(read_all("a", &epub(&files)), (want.to_owned(), vec![]));
    }
    let aes = lock("http://www.w3.org/2001/04/xmlenc#aes256-cbc");
    assert_eq!(
        read_all("a", &book(&[("META-INF/encryption.xml", &aes)])).0,
        "not a valid EPUB: it is encrypted (DRM)"
    );
    let font = lock("http://www.idpf.org/2008/embedding");
    assert_eq!(read_all("a", &book(&[("META-INF/encryption.xml", &font)])).0, "epub");
}
