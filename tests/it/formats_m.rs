//! PDF, which the program reads in a process of its own: so it is tested with the program.

use std::fmt::Write;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dateline::parse::limits::Limits;
use dateline::parse::{Found, Settings, Source, read};

/// A PDF of these pages of lines, with what is said of it.
fn pdf(info: &str, pages: &[&[&str]]) -> Vec<u8> {
    let mut objects = vec!["<</Type/Catalog/Pages 2 0 R/Lang(en-GB)>>".to_owned()];
    let kids: String = (0..pages.len()).map(|at| format!("{} 0 R ", 5 + 2 * at)).collect();
    objects.push(format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len()));
    objects.push(format!("<<{info}>>"));
    objects.push("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned());
    for (at, lines) in pages.iter().enumerate() {
        let mut text = "BT /F1 12 Tf 72 720 Td 14 TL ".to_owned();
        for line in *lines {
            // An empty line leaves the room of a paragraph's end.
            write!(text, "({line}) Tj T* ").unwrap();
        }
        text.push_str("ET");
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 4 0 R>>>>/Contents {} 0 R>>",
            6 + 2 * at
        ));
        objects.push(format!("<</Length {}>>\nstream\n{text}\nendstream", text.len()));
    }
    let (mut bytes, mut places) = ("%PDF-1.4\n".to_owned(), String::new());
    for (number, object) in (1..).zip(&objects) {
        writeln!(places, "{:010} 00000 n ", bytes.len()).unwrap();
        write!(bytes, "{number} 0 obj\n{object}\nendobj\n").unwrap();
    }
    let (start, count) = (bytes.len(), objects.len() + 1);
    write!(
        bytes,
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<</Size {count}/Root 1 0 R/Info 3 0 R>>\nstartxref\n{start}\n%%EOF\n"
    )
    .unwrap();
    bytes.into_bytes()
}

/// What is found in a PDF with a program to read it, and how reading it ended.
fn found(bytes: &[u8], program: &Path, seconds: u64) -> (String, Vec<Found>) {
    let limits = Limits { seconds, ..Limits::default() };
    let settings = Settings { limits, program: Some(program.to_owned()), ..Settings::default() };
    let (mut all, mut stream) = (Vec::new(), bytes);
    let end = read(
        Source { name: "a.pdf", stream: &mut stream, file: None, beside: None },
        &settings,
        &mut |one| {
            all.push(one);
            ControlFlow::Continue(())
        },
    );
    (end.map_or_else(|error| error.to_string(), |format| format.name().to_owned()), all)
}

fn dateline() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_dateline"))
}

const INFO: &str = "/Title(Ports reopen)/Author(Ana Ruiz)/CreationDate(D:20230619100000-03'00')";

#[test]
fn a_pdf_is_an_article() {
    let pages: &[&[&str]] = &[
        &[
            "The ports of Salvador re-",
            "opened on Monday, the harbour",
            "master said.",
            "",
            "Rain had fallen",
        ],
        &["on the coast for nine days."],
    ];
    let (end, all) = found(&pdf(INFO, pages), &dateline(), 60);
    let [Found::Article(record)] = &all[..] else { panic!("{end}: {all:?}") };
    assert_eq!(record.headline.as_deref(), Some("Ports reopen"));
    assert_eq!(record.byline.as_deref(), Some("Ana Ruiz"));
    assert_eq!(record.published_time.as_deref(), Some("2023-06-19T10:00:00-03:00"));
    assert_eq!(record.language.as_deref(), Some("en"));
    let want = "The ports of Salvador reopened on Monday, the harbour master said.\nRain had fallen on the coast for \
                nine days.";
    assert_eq!(record.body, want);
}

#[test]
fn what_is_no_text_is_told() {
    for (bytes, want) in [
        (pdf(INFO, &[&[]]), "a PDF without a text layer: OCR it first, as with ocrmypdf"),
        (b"%PDF-1.4\nno more".to_vec(), "not a valid PDF: "),
        (b"%PDF-1.4\n".iter().copied().chain([0xFF; 5_000]).collect(), "not a valid PDF: "),
    ] {
        let (end, all) = found(&bytes, &dateline(), 60);
        assert!(end.starts_with(want) && all.is_empty(), "{end}: {all:?}");
    }
    let (end, _) = found(&pdf(INFO, &[&["x"]]), Path::new("/no/such/program"), 60);
    assert!(end.contains("/no/such/program cannot be started"), "{end}");
}

#[test]
fn what_takes_too_much_is_ended() {
    let mut deep = b"%PDF-1.4\n1 0 obj\n".to_vec();
    deep.extend(b"[".repeat(1_000_000));
    let (end, all) = found(&deep, &dateline(), 20);
    assert!(!end.is_empty() && all.is_empty(), "{end}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let endless = dir.path().join("endless");
        fs::write(&endless, "#!/bin/sh\nexec sleep 60\n").unwrap();
        fs::set_permissions(&endless, fs::Permissions::from_mode(0o755)).unwrap();
        let started = Instant::now();
        let (end, _) = found(&pdf(INFO, &[&["x"]]), &endless, 1);
        assert_eq!(end, "took longer than 1 seconds; to wait longer: --limit seconds=N");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn the_program_reads_pdf_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.pdf"), pdf(INFO, &[&["The ports of Salvador reopened on Monday."]]))
        .unwrap();
    let output = std::process::Command::new(dateline()).arg("tag").arg(dir.path()).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("Ports reopen") && shown.contains("The ports of Salvador"), "{shown}");
}
