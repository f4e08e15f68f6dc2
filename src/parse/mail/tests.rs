//! Mails tested: letters, newsletters, mailboxes, saved pages.

use std::time::{Duration, Instant};

use crate::parse::Found;
use crate::parse::tests::{article, read_all, show, show_found};

const TEXT: &str = "The ports of Salvador reopened on Monday, the harbour master said.";

fn check(text: &str, want: &str) {
    assert_eq!(show(&article("a", text)), want.trim(), "{text}");
}

/// What is found in a file, a line each.
fn check_all(name: &str, bytes: &[u8], want: &[&str]) {
    let (end, found) = read_all(name, bytes);
    let shown: Vec<String> = found.iter().map(show_found).collect();
    let alike = shown.len() == want.len() && shown.iter().zip(want).all(|(one, want)| one.starts_with(want));
    assert!(alike, "{name}: {end}: {shown:#?}");
}

#[test]
fn a_letter_has_an_author() {
    check(
        &format!(
            "Return-Path: <ana@example.org>\r\nFrom: =?utf-8?Q?Ana_Ru=C3=ADz?= <ana@example.org>\r\nTo: desk@example.org\r\n\
             Subject: Re: Fwd: Ports\r\n reopen\r\nDate: Sun, 18 Jun 2023 23:30:00 -0500\r\nMessage-ID: <7.x@example.org>\r\n\
             Content-Language: es\r\nKeywords: trade, shipping\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n{TEXT}\r\n-- \r\nAna\r\n"
        ),
        &format!(
            "headline: Ports reopen\nbyline: Ana Ruíz\nurl: mid:7.x@example.org\npublished: 2023-06-18\nlanguage: es\n\
             topic: trade; shipping\n> {TEXT}"
        ),
    );
    let record = article("a", &format!("From: a@b.org\nDate: Sun, 18 Jun 2023 23:30:00 -0500\n\n{TEXT}"));
    assert_eq!(record.published_time.as_deref(), Some("2023-06-18T23:30:00-05:00"));
    assert_eq!((record.byline, record.source), (None, None));
    // Subjects keep what only looks like a mark.
    check(
        &format!("From: a@b.org\nSubject: Retail: shops close\n\n{TEXT}"),
        &format!("headline: Retail: shops close\n> {TEXT}"),
    );
}

#[test]
fn a_newsletter_has_a_source() {
    let html = "<html><head><style>p {}</style></head><body><table><tr><td><h1>The Morning Brief</h1>\
                <p>The ports of Salvador reopened on Monday, the harbour master said.</p></td></tr><tr><td>\
                <p>Rain fell on the coast for nine days, and the rivers rose.</p></td></tr></table></body></html>";
    let text = format!(
        "From: \"The Daily Harbour\" <news@harbour.example.org>\nSubject: Ports reopen\nDate: Mon, 19 Jun 2023 06:00:00 +0000\n\
         List-Unsubscribe: <https://example.org/off>\nMIME-Version: 1.0\n\
         Content-Type: multipart/alternative; boundary=\"=_x\"\n\n--=_x\nContent-Type: text/plain\n\nView this in a browser.\n\
         --=_x\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{}\n--=_x--\n",
        html.replace('=', "=3D").replace("harbour master", "har=\nbour master")
    );
    let record = article("a.eml", &text);
    assert_eq!(record.source.as_deref(), Some("The Daily Harbour"));
    assert_eq!((record.byline.as_ref(), record.headline.as_deref()), (None, Some("Ports reopen")));
    assert!(record.body.contains(TEXT) && record.body.contains("the rivers rose"), "{}", record.body);
    check(
        &format!(
            "From: Ana Ruiz <ana@example.org>\nSubject: Ports\nList-Id: Harbour talk <talk.example.org>\n\
             List-Post: <mailto:talk@example.org>\n\n{TEXT}"
        ),
        &format!("headline: Ports\nbyline: Ana Ruiz\nsource: Harbour talk\n> {TEXT}"),
    );
    check(
        &format!("From: news@example.org\nSubject: Ports\nPrecedence: bulk\n\n{TEXT}"),
        &format!("headline: Ports\nsource: example.org\n> {TEXT}"),
    );
}

const HEAD: &str =
    "From: Ana Ruiz <ana@example.org>\nDate: Mon, 19 Jun 2023 06:00:00 +0000\nSubject: Ports\n";

/// A mail of several parts.
fn mixed(parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--b\n{part}\n")).collect();
    format!("{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n")
}

#[test]
fn attachments_are_read_as_files() {
    let mail = mixed(&[
        &format!("\n{TEXT}"),
        "Content-Type: image/png\nContent-Disposition: attachment; filename=a.png\nContent-Transfer-Encoding: base64\n\niVBORw0K",
        &format!("Content-Type: text/plain\nContent-Disposition: attachment; filename=\"b c.txt\"\n\n{TEXT}"),
        &format!("Content-Type: message/rfc822\n\nFrom: Jo Li <jo@example.org>\nSubject: Rain\n\n{TEXT}"),
        "Content-Type: application/octet-stream; name=c.bin\n\n\u{1}\u{2}\u{3}",
    ]);
    check_all(
        "a.eml",
        mail.as_bytes(),
        &["article Ports", "article  (b c.txt)", "article Rain (part.eml)", "none: c.bin: binary data"],
    );
    let (_, found) = read_all("a.eml", mail.as_bytes());
    let Found::Article(attached) = &found[1] else { panic!("{found:?}") };
    assert_eq!(attached.published.map(|date| date.to_string()).as_deref(), Some("2023-06-19"));
    let digest = format!(
        "{HEAD}Content-Type: multipart/digest; boundary=b\n\n--b\n\nFrom: a@b.org\nSubject: One\n\n{TEXT}\n--b--\n"
    );
    check_all("a.eml", digest.as_bytes(), &["article One (part.eml)"]);
}

#[test]
fn what_is_no_article_is_told() {
    for (kind, body, want) in [
        ("text/plain", "", "none: the mail 'Ports' has no text"),
        ("text/calendar", "BEGIN:VCALENDAR", "none: the mail 'Ports' is an invitation to a calendar"),
        ("multipart/encrypted; boundary=b", "--b\n\nx", "none: the mail 'Ports' is encrypted"),
        ("application/pkcs7-mime", "MIAGCSqGSIb3DQEHA6CA", "none: the mail 'Ports' is encrypted, or packed"),
        ("multipart/report; boundary=b", "--b\n\nx", "none: the mail 'Ports' is a report of its delivery"),
    ] {
        check_all("a.eml", format!("{HEAD}Content-Type: {kind}\n\n{body}").as_bytes(), &[want]);
    }
    assert_eq!(
        read_all("a.eml", b"Some words").0,
        "expected a mail: lines as From: and Subject:, a blank line, a text"
    );
    assert_eq!(read_all("a.txt", b"From: here to there\nand on\n\nText").0, "text");
}

#[test]
fn mailboxes_are_read_mail_by_mail() {
    let envelope = "From ana@example.org Mon Jun 19 10:00:00 2023\n";
    let two = format!(
        "{envelope}From: Ana Ruiz <a@b.org>\nSubject: One\n\n{TEXT}\n\n>From the harbour.\n>>From it.\nFrom here no envelope.\n\n\
         {envelope}Subject: Two\nFrom: a@b.org\nDate: Sun, 18 Jun 2023 10:00:00 GMT\n\n{TEXT}\n"
    );
    let (end, found) = read_all("a", two.as_bytes());
    let records: Vec<_> = found
        .iter()
        .filter_map(|one| if let Found::Article(record) = one { Some(record) } else { None })
        .collect();
    assert_eq!((end.as_str(), records.len()), ("mbox", 2), "{found:?}");
    assert_eq!(records[0].published.map(|date| date.to_string()).as_deref(), Some("2023-06-19"));
    assert_eq!(records[1].published.map(|date| date.to_string()).as_deref(), Some("2023-06-18"));
    assert!(
        records[0].body.ends_with("\n\nFrom the harbour.\n>From it.\nFrom here no envelope.\n\n"),
        "{:?}",
        records[0].body
    );
    let long = format!("{envelope}From: a@b.org\nSubject: Long\n\n{}\n\n{two}", "word ".repeat(14 << 20));
    check_all(
        "a",
        long.as_bytes(),
        &["bad: mail at byte 0: longer than 64 MiB", "article One", "article Two"],
    );
    let none = format!("{envelope}From: a@b.org\nSubject: None\n\n\n\n{two}");
    check_all(
        "a",
        none.as_bytes(),
        &["none: mail at byte 0: the mail 'None' has no text", "article One", "article Two"],
    );
}

#[test]
fn saved_pages_are_pages() {
    let page = "<html><head><title>Ports reopen - Harbour</title></head><body><p>Caf\u{e9}s and ports of Salvador reopened \
                on Monday, the harbour master said.</p></body></html>";
    let latin: Vec<u8> = page.chars().map(|c| c as u8).collect();
    let head = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/ports\r\nSubject: Ports reopen\r\n\
                MIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n\r\n";
    let parts = "--b\r\nContent-Type: image/png\r\n\r\n\x01\r\n--b\r\nContent-Type: text/html; charset=iso-8859-1\r\n\
                 Content-Location: https://example.org/ports\r\n\r\n";
    let (end, found) = read_all("a", &[head.as_bytes(), parts.as_bytes(), &latin, b"\r\n--b--\r\n"].concat());
    let [Found::Article(record)] = &found[..] else { panic!("{end}: {found:?}") };
    assert_eq!(end, "mhtml");
    assert_eq!(record.url.as_deref(), Some("https://example.org/ports"));
    assert_eq!(record.headline.as_deref(), Some("Ports reopen - Harbour"));
    assert!(record.body.starts_with("Cafés and ports"), "{}", record.body);
    let none = format!("{head}--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--");
    assert_eq!(
        read_all("a.mht", none.as_bytes()).0,
        "expected a part of type text/html in this MHTML, found none"
    );
}

#[test]
fn deep_and_many_cost_little() {
    let nested = |count: usize, part: &str| format!("{HEAD}Content-Type: {part}\n\n").repeat(count) + TEXT;
    let cases = [
        ("messages", nested(100_000, "message/rfc822")),
        ("digests", nested(50_000, "multipart/digest; boundary=b\n\n--b")),
        ("multiparts", nested(100_000, "multipart/mixed; boundary=b\n\n--b")),
        ("parts", mixed(&["\nx"; 200_000])),
        ("headers", format!("From: a@b.org\n{}\n\n{TEXT}", "Subject: x\n".repeat(500_000))),
        ("one header", format!("From: a@b.org\nSubject: {}\n\n{TEXT}", "=?utf-8?q?a?= ".repeat(500_000))),
        ("brackets", format!("From: {}\nSubject: x\n\n{TEXT}", "(<".repeat(500_000))),
    ];
    for (name, text) in cases {
        let start = Instant::now();
        let (end, _) = read_all("a.eml", text.as_bytes());
        assert!(start.elapsed() < Duration::from_secs(3), "{name}: {:?} {end}", start.elapsed());
    }
}
