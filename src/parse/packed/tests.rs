//! Packed files tested: what is in them, what is broken, what is a bomb.

use std::io::{Cursor, Write};

use bzip2::write::BzEncoder;
use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use tar::{Builder, Header};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::parse::Found;
use crate::parse::tests::{read_all, show_found};

const STORY: &str = "The harbour of Salvador was full of ships on Monday, the port said.\n";

/// [`STORY`] as xz 5 packs it: nothing here writes xz.
const XZ: &str = "fd377a585a000004e6d6b4460200210116000000742fe5a301004354686520686172626f7572206f662053616c7661646f7220\
7761732066756c6c206f66207368697073206f6e204d6f6e6461792c2074686520706f727420736169642e0a00d02a932b208bbbe000015c44fa\
2239471fb6f37d010000000004595a";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz() -> Vec<u8> {
    (0..XZ.len()).step_by(2).map(|at| u8::from_str_radix(&XZ[at..at + 2], 16).unwrap()).collect()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Reads a file; how it ended, and a line for everything found: where an article stands, or the reason for none.
fn check(name: &str, bytes: &[u8], want_end: &str, want: &[&str]) {
    let (end, found) = read_all(name, bytes);
    let found: Vec<String> = found.iter().map(show_found).collect();
    let alike = |(found, want): (&String, &&str)| found.starts_with(want);
    assert!(
        end.starts_with(want_end) && found.len() == want.len() && found.iter().zip(want).all(alike),
        "{name}: {end}: {found:#?}"
    );
}

#[test]
fn a_squeezed_file_is_what_is_in_it() {
    let story = STORY.as_bytes();
    for (name, bytes) in
        [("a.txt.gz", gzip(story)), ("a.bz2", bzip2(story)), ("a.xz", xz()), ("a.zst", zstd(story))]
    {
        check(name, &bytes, "text", &["article "]);
    }
    let lines = b"{\"title\": \"A\", \"body\": \"B\"}\n{\"title\": \"C\", \"body\": \"D\"}\n";
    check("a.jsonl.gz", &gzip(lines), "jsonl", &["article A", "article C"]);
    for (join, name) in [(gzip as fn(&[u8]) -> Vec<u8>, "a.gz"), (bzip2, "a.bz2"), (zstd, "a.zst")] {
        let two = lines.split_inclusive(|byte| *byte == b'\n').flat_map(join).collect::<Vec<u8>>();
        check(name, &two, "jsonl", &["article A", "article C"]);
    }
    check("a.gz", &[gzip(lines), vec![0; 512]].concat(), "jsonl", &["article A", "article C"]);
}

#[test]
fn members_are_read_one_by_one() {
    let page = "<html><head><title>Ports reopen</title></head><body><p>The ports of Salvador reopened on Monday, said \
                the harbour master.</p></body></html>";
    let files: &[(&str, &[u8])] = &[
        ("2023/06/a.html", page.as_bytes()),
        ("b.txt", STORY.as_bytes()),
        (".hidden/c.txt", STORY.as_bytes()),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0"),
        ("broken.json", b"{\"title\": "),
        ("d.txt", STORY.as_bytes()),
    ];
    let want = [
        "article Ports reopen (2023/06/a.html)",
        "article  (b.txt)",
        "none: picture.png: a PNG image",
        "bad: broken.json: not valid JSON",
        "article  (d.txt)",
    ];
    check("a.tar", &tar(files), "tar", &want);
    check("a.zip", &zip(files), "zip", &want);
    check("a.tgz", &gzip(&tar(files)), "tar", &want);
    let nested = zip(&[("in.tar.gz", &gzip(&tar(files)))]);
    check(
        "a.zip",
        &nested,
        "zip",
        &want
            .map(|line| {
                line.replace("(", "(in.tar.gz/")
                    .replace(": b", ": in.tar.gz: b")
                    .replace(": p", ": in.tar.gz: p")
            })
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
    check("a.zip", &zip(&[]), "no file in this zip", &[]);
    let long = format!("{}/story.txt", "folder".repeat(40));
    check("a.tar", &tar(&[(&long, STORY.as_bytes())]), "tar", &[&format!("article  ({long})")]);
}

#[test]
fn zips_that_say_what_they_are() {
    let story = STORY.as_bytes();
    let wacz = [("datapackage.json", &b"{}"[..]), ("pages/pages.jsonl", b"{}"), ("archive/a.txt", story)];
    let want = [
        "none: datapackage.json: of the web archive's own books",
        "none: pages/pages.jsonl: of the web archive's own books",
        "article  (archive/a.txt)",
    ];
    check("a.wacz", &zip(&wacz), "zip", &want);
    check("a.docx", &zip(&[("[Content_Types].xml", story), ("b.txt", story)]), "an office document", &[]);
    let odt = [("mimetype", &b"application/vnd.oasis.opendocument.text"[..]), ("content.xml", story)];
    check("a.odt", &zip(&odt), "an office document", &[]);
}

#[test]
fn packing_has_a_depth() {
    let mut bytes = STORY.as_bytes().to_vec();
    for _ in 0..4 {
        bytes = gzip(&bytes);
    }
    check("a.gz", &bytes, "text", &["article"]);
    check("a.gz", &gzip(&bytes), "packed more than 4 deep; to read it: --limit depth=N", &[]);
}

#[test]
fn what_is_broken_is_told_and_the_rest_read() {
    let lines: String =
        (0..20_000).map(|n| format!("{{\"title\": \"Story {n}\", \"body\": \"Text {n}\"}}\n")).collect();
    let whole = gzip(lines.as_bytes());
    let (end, found) = read_all("a.jsonl.gz", &whole[..whole.len() / 2]);
    assert!(end.starts_with("the gzip data ends early, at byte "), "{end}");
    assert!((5_000..15_000).contains(&found.len()), "{}", found.len());
    let mut broken = whole;
    let middle = broken.len() / 2;
    broken[middle..middle + 64].fill(0xFF);
    let (end, found) = read_all("a.jsonl.gz", &broken);
    assert!(end.starts_with("broken gzip data near byte "), "{end}");
    assert!(found.len() > 1_000);
    check("a.gz", &gzip(b"")[..7], "the gzip data ends early", &[]);
    check("a.xz", &xz()[..30], "the xz data ends early", &[]);
    check("a.zip", &zip(&[("a.txt", STORY.as_bytes())])[..50], "not a valid zip", &[]);
    let cut = tar(&[("a.txt", STORY.as_bytes()), ("b.txt", &[b'x'; 2000])]);
    check(
        "a.tar",
        &cut[..1600],
        "tar",
        &["article  (a.txt)", "article  (b.txt)", "bad: broken tar behind file 2: "],
    );
}

#[test]
fn a_bomb_costs_little_and_what_follows_is_read() {
    let bomb = vec![b'7'; 200 << 20];
    let files: &[(&str, &[u8])] = &[("bomb.jsonl", &bomb), ("b.txt", STORY.as_bytes())];
    let bad = "bad: bomb.jsonl: unpacks to more than 250 times its size";
    let first = |found: &Found| show_found(found);
    let (end, found) = read_all("a.zip", &zip(files));
    let shown: Vec<String> = found.iter().map(first).collect();
    assert!(shown[0].starts_with(bad) && shown[1] == "article  (b.txt)", "{end}: {shown:?}");
    check("bomb.jsonl.gz", &gzip(&bomb), "unpacks to more than 250 times its size", &[]);
    check("bomb.txt.gz", &gzip(&bomb), "larger than 16 MiB", &[]);
}
