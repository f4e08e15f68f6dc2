//! Wire text tested: headers, lines above the text, paragraphs, trailers, kills, broken messages.

use crate::parse::tests::{article, read_all, show, show_found};
use proptest::prelude::*;

const ANPA: &str = "\u{16}\u{16}\u{1}W2870\u{1f}asian\r\nu f\u{13}\u{11}BC-CL--Ports Reopen     06-18 0120\r\n\u{2}^BC-CL--Ports Reopen, 1st Ld-Writethru,120<\r\n\
    ^Ports reopen after strike <\r\n^AP Photo XNP101<\r\n^Eds: Updates.<\r\n^By ANA RUIZ=\r\n^Associated Press=\r\n\
    \t   VALPARAISO, Chile (AP) _ Ports reopened on Sunday, dockers\r\nsaid.\r\n\r\n\t   ``We go back,'' said the union. \r\n\
    \u{8}Port A   12\r\n\u{8}Port B   7\r\n\t   ___\r\n\u{3}AP-WF-06-18-23 1509GMT<\r\n\u{4}";

const IPTC: &str = "\u{1}eca0003 3 i 380  dpa 0045\r\n\nChile/ports/\n\u{2}REFILE\n1ST LEAD\nPorts reopen\nafter strike\nBy Ana Ruiz =\n\n\
    Valparaiso (dpa) - Ports reopened on Sunday, dockers\nsaid.\n\nThey had struck for a week.\n\n# Notebook\n\n\
    - call the desk\n\u{3}\n\n182322 GMT Jun 23\n\u{4}";

#[test]
fn a_story_of_each_kind() {
    assert_eq!(
        show(&article("a.tst", ANPA)),
        "headline: Ports reopen after strike\nbyline: ANA RUIZ\nsource: AP\nsection: Finance\npublished: 2023-06-18\n\
         topic: Finance\n> VALPARAISO, Chile (AP) — Ports reopened on Sunday, dockers said.\n> “We go back,” said the union.\n\
         > Port A 12\n> Port B 7"
    );
    assert_eq!(article("a.tst", ANPA).published_time.as_deref(), Some("2023-06-18T15:09:00Z"));
    let signed_before =
        ANPA.replace("\u{3}AP-WF-06-18-23 1509GMT<\r\n", "\r\n\t   AP-WF-06-18-23 1509GMT<\r\n\r\n\u{3}");
    let record = article("a.tst", &signed_before);
    assert_eq!(record.published_time.as_deref(), Some("2023-06-18T15:09:00Z"));
    assert_eq!(record.source.as_deref(), Some("AP"));
    assert_eq!(
        show(&article("a.txt", IPTC)),
        "headline: Ports reopen after strike\nbyline: Ana Ruiz\nsource: dpa\npublished: 2023-06-18\ntopic: Chile; ports\n\
         > Valparaiso (dpa) - Ports reopened on Sunday, dockers said.\n> They had struck for a week."
    );
    assert_eq!(article("a.txt", IPTC).published_time.as_deref(), Some("2023-06-18T23:22:00Z"));
}

#[test]
fn many_messages_and_what_is_wrong_with_them() {
    let check = |text: &str, want: &[&str]| {
        let (end, found) = read_all("wire", text.as_bytes());
        let shown: Vec<String> = found.iter().map(show_found).collect();
        assert_eq!(
            (end.as_str(), shown),
            ("anpa", want.iter().map(|&line| line.to_owned()).collect()),
            "{text}"
        );
    };
    let kill = "\u{1}a1\r\nb a BC-Ports, KILL 06-18\r\n\u{2}^BC-Ports,KILL<\r\n\tKill the story.\r\n\u{3}";
    let alert = "\u{1}a2\r\nb a BC-Alert\r\n\u{2}^BC-US--Alert,17<\r\n\tPorts reopen.\r\n\u{3}";
    let good = [ANPA, kill, alert].concat();
    let broken = format!("bad: message at byte {}: expected STX before its text, found none", good.len() + 1);
    check(
        &[good.as_str(), "\u{1}junk", IPTC].concat(),
        &[
            "article Ports reopen after strike",
            "none: withdraws a story: KILL",
            "article ",
            broken.as_str(),
            "article Ports reopen after strike",
        ],
    );
    check("\u{1}a1\r\nb a BC-X\r\n\u{2}\r\n\u{3}", &["none: message at byte 1: no text in it"]);
}

#[test]
fn a_text_without_lines_above_it_has_no_headline() {
    let text = "\u{1}eca0003 3 i 38 dpa\r\n\u{2}Valparaiso (dpa) - Ports reopened.\n\nMore.\n\u{3}";
    assert_eq!(show(&article("a", text)), "source: dpa\n> Valparaiso (dpa) - Ports reopened.\n> More.");
}

proptest! {
    #[test]
    fn never_panics(text in "(\u{1}|\u{2}|\u{3}|\\^|<|=|\n|\t|By |KILL|,1|11-13-13 1509GMT|182322 GMT Jun 23|\\PC){0,40}") {
        let _found = read_all("a", format!("\u{1}{text}\u{2}{text}").as_bytes());
    }
}
