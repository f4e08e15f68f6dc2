//! Snapshots of every form of output, from responses made by hand.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use proptest::prelude::*;

use super::{Format, Style, article, facet, reasons, response};
use crate::article::{
    Article, ArticleId, DateOrigin, Grade, Kind, Location, Mention, NewsDate, Place, Provenance, Reason, Tag,
    Tags,
};
use crate::search::request::Interval;
use crate::search::response::{
    Bucket, Clause, Explained, FacetCounts, FacetValue, FullArticle, Hit, SearchResponse, Snippet, Timeline,
};

const PLAIN: Style = Style { colour: false, width: 80 };
const COLOUR: Style = Style { colour: true, width: 80 };

/// What a rendering writes; escape sequences as `␛`, so that they can be read.
fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap().replace('\x1b', "␛")
}

fn rendered(format: Format, answer: &SearchResponse, style: Style) -> String {
    written(|out| response(format, answer, style, out))
}

fn date(text: &str) -> Option<NewsDate> {
    Some(text.parse().unwrap())
}

fn snippet(field: Place, text: &str, words: &[&str]) -> Snippet {
    let range = |word: &&str| {
        let start = text.find(*word).unwrap();
        [start, start + word.len()].map(|at| u32::try_from(at).unwrap())
    };
    Snippet { field, text: text.to_owned(), highlights: words.iter().map(range).collect() }
}

fn values(values: &[(&str, u64)], distinct: u64) -> FacetCounts {
    let value = |(value, count): &(&str, u64)| FacetValue {
        value: (*value).to_owned(),
        count: *count,
        selected: *value == "China",
        ..FacetValue::default()
    };
    FacetCounts { values: values.iter().map(value).collect(), distinct }
}

fn tags(tags: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    tags.iter().map(|(facet, values)| ((*facet).to_owned(), owned(values))).collect()
}

fn first_hit() -> Hit {
    let headline = "Envoys open talks in Beijing on curbing fentanyl precursors";
    let body = "Both sides said the meeting was candid. Officials agreed to set up a working group on fentanyl \
                precursors, the chemicals that laboratories abroad turn into the drug, and to meet again before the \
                end of the year.";
    Hit {
        id: ArticleId(0x9f2c_0d1e_2f3a_4b5c),
        score: 7.125,
        headline: headline.to_owned(),
        byline: Some("Ann Example".to_owned()),
        dateline: Some("BEIJING, June 18".to_owned()),
        source: Some("Example Wire".to_owned()),
        section: None,
        url: Some("https://news.example/2023/06/18/talks".to_owned()),
        published: date("2023-06-18"),
        language: Some("en".to_owned()),
        path: "2023/06/talks.txt".to_owned(),
        locations: 1,
        tags: tags(&[
            ("person", &["Antony Blinken", "Xi Jinping", "Qin Gang", "Wang Yi"]),
            ("country", &["China", "United States"]),
            ("topic", &["Narcotics/Fentanyl"]),
        ]),
        snippets: vec![
            snippet(Place::Headline, headline, &["fentanyl precursors"]),
            snippet(Place::Body, body, &["fentanyl precursors"]),
        ],
    }
}

fn wide_hit() -> Hit {
    let body = "外交部发言人表示，双方就芬太尼前体问题进行了坦诚、深入、建设性的沟通，同意保持对话，\
                并将在年底前举行下一次会晤。这是两国今年以来的第三次磋商。";
    Hit {
        id: ArticleId(0x0000_0000_0000_00ff),
        score: 3.5,
        headline: "=中美就芬太尼前体举行会谈".to_owned(),
        byline: None,
        dateline: None,
        source: None,
        url: None,
        published: None,
        language: Some("zh".to_owned()),
        path: "zh/会谈.json".to_owned(),
        locations: 1_200,
        tags: tags(&[("person", &[]), ("country", &["China"]), ("topic", &[])]),
        snippets: vec![snippet(Place::Body, body, &["芬太尼"])],
        ..first_hit()
    }
}

fn two_passages() -> Hit {
    let first = "A short passage about precursors.";
    let second = "The second passage is so long that it does not fit on one line of eighty columns; where it is cut, \
                  the word fentanyl still has to be seen, since that is why the passage is here.";
    Hit {
        id: ArticleId(u64::MAX),
        headline: "A headline, \"quoted\", that is so long that it has to be wrapped onto a second line of the screen"
            .to_owned(),
        source: Some("Gazette".to_owned()),
        published: date("1987-02"),
        tags: BTreeMap::new(),
        snippets: vec![
            snippet(Place::Body, first, &["precursors"]),
            snippet(Place::Body, second, &["fentanyl"]),
        ],
        ..wide_hit()
    }
}

/// More words than are shown of those that a wildcard stands for.
fn words() -> Vec<String> {
    ('a'..='n').map(|end| format!("precurs{end}")).collect()
}

fn answer() -> SearchResponse {
    let bucket = |(start, count): (&str, u64)| Bucket { start: start.parse().unwrap(), count, of: None };
    let months = [
        ("2022-11-01", 3),
        ("2022-12-01", 0),
        ("2023-01-01", 1_200),
        ("2023-02-01", 0),
        ("2023-03-01", 0),
        ("2023-04-01", 0),
        ("2023-05-01", 0),
        ("2023-06-01", 640),
    ];
    let persons =
        [("Antony Blinken", 1_234), ("Xi Jinping", 617), ("Luiz Inácio Lula da Silva", 12), ("习近平", 1)];
    SearchResponse {
        query: "fentanyl precursors".to_owned(),
        total: 1_843,
        took_ms: 4,
        hits: vec![first_hit(), wide_hit(), two_passages()],
        facets: vec![
            ("person".to_owned(), values(&persons, 40)),
            ("country".to_owned(), values(&[("China", 900), ("United States", 899), ("Iran", 0)], 3)),
            (
                "topic".to_owned(),
                values(&[("Narcotics", 70), ("Narcotics/Fentanyl precursors and chemicals", 7)], 2),
            ),
            ("author".to_owned(), FacetCounts::default()),
        ],
        timeline: Some(Timeline { by: Interval::Month, buckets: months.map(bucket).to_vec(), undated: 20 }),
        did_you_mean: None,
        explain: Some(Explained {
            fed_back: vec!["cartel".to_owned(), "seized".to_owned()],
            understood: "fentanyl AND precursors".to_owned(),
            clauses: vec![
                Clause { depth: 0, clause: "fentanyl AND precursors".to_owned(), hits: 1_843, words: vec![] },
                Clause { depth: 1, clause: "fentanyl".to_owned(), hits: 12_000, words: vec![] },
                Clause { depth: 1, clause: "precurs*".to_owned(), hits: 1_900, words: words() },
            ],
            filters: vec!["country: PRC → China".to_owned()],
        }),
    }
}

fn full_article() -> FullArticle {
    let mention = |field, value: &str, text: &str, place, start: u32| Mention {
        field,
        value: value.to_owned(),
        text: text.to_owned(),
        place,
        range: [start, start + u32::try_from(text.len()).unwrap()],
    };
    let tag = |field, value: &str, code: Option<&str>, grade, provenance| Tag {
        field,
        value: value.to_owned(),
        code: code.map(str::to_owned),
        grade,
        salience: if grade == Grade::About { 0.875 } else { 0.125 },
        provenance,
        mentions: if grade == Grade::About { 2 } else { 1 },
    };
    FullArticle {
        id: ArticleId(0x9f2c_0d1e_2f3a_4b5c),
        article: Article {
            headline: "Xi meets envoy".to_owned(),
            byline: Some("Ann Example, Bo Sample".to_owned()),
            dateline: Some("BEIJING, June 18".to_owned()),
            source: Some("Example Wire".to_owned()),
            section: Some("World".to_owned()),
            url: Some("https://news.example/2023/06/18/a-very-long-address/that-is-never-broken/so-it-can-be-copied.html".to_owned()),
            published: date("2023-06-18"),
            published_from: Some(DateOrigin::Url),
            published_time: None,
            updated: None,
            inside: None,
            language: Some("en".to_owned()),
            body: "China's president received the envoy in the Great Hall of the People on Sunday morning, for an hour.\n\
                   Xi spoke first.\n\nThe envoy thanked Iran."
                .to_owned(),
            given: tags(&[("country", &["prc"])]),
            removed: vec!["Success\nYou are now signed up for the newsletter".to_owned(), "Advertisement".to_owned()],
        },
        tags: Tags {
            tags: vec![
                tag(Kind::Person, "Xi Jinping", Some("Q15031"), Grade::About, Provenance::Dictionary),
                tag(Kind::Country, "China", Some("CN"), Grade::About, Provenance::Given),
                tag(Kind::Country, "Iran", Some("IR"), Grade::Mentioned, Provenance::Dictionary),
                tag(Kind::Topic, "Diplomacy/Summits", None, Grade::About, Provenance::Query),
            ],
            mentions: vec![
                mention(Kind::Person, "Xi Jinping", "Xi", Place::Headline, 0),
                mention(Kind::Country, "China", "China", Place::Body, 0),
                mention(Kind::Person, "Xi Jinping", "Xi", Place::Body, 101),
                mention(Kind::Country, "Iran", "Iran", Place::Body, 136),
            ],
        },
        locations: ["2023/06/talks.txt", "wire.jsonl"]
            .iter()
            .zip([0, 7])
            .map(|(path, record)| Location { path: (*path).to_owned(), record })
            .collect(),
    }
}

#[test]
fn a_response_as_text() {
    insta::assert_snapshot!("text", rendered(Format::Text, &answer(), PLAIN));
}

#[test]
fn a_response_as_text_in_colour() {
    let answer = SearchResponse { explain: None, timeline: None, ..answer() };
    insta::assert_snapshot!("text_in_colour", rendered(Format::Text, &answer, COLOUR));
}

#[test]
fn a_response_as_text_for_a_wide_screen() {
    let answer = SearchResponse { hits: vec![first_hit()], explain: None, timeline: None, ..answer() };
    let wide = Style { colour: false, width: 130 };
    insta::assert_snapshot!("text_wide", rendered(Format::Text, &answer, wide));
}

#[test]
fn a_response_as_data() {
    let answer = SearchResponse { hits: vec![first_hit(), wide_hit()], explain: None, ..answer() };
    for (name, format) in
        [("json", Format::Json), ("jsonl", Format::JsonLines), ("csv", Format::Csv), ("ids", Format::Ids)]
    {
        insta::assert_snapshot!(name, rendered(format, &answer, PLAIN));
    }
}

#[test]
fn json_reads_back_as_the_response() {
    for (format, style) in [(Format::Json, PLAIN), (Format::Json, COLOUR)] {
        let back: SearchResponse = serde_json::from_str(&rendered(format, &answer(), style)).unwrap();
        assert_eq!(back, answer());
    }
}

#[test]
fn a_facet_in_every_form() {
    let counts = &answer().facets[1].1;
    let all = Format::ALL.map(|format| {
        let text = written(|out| facet(format, "country", counts, PLAIN, out));
        format!("== {}\n{text}", format.name())
    });
    insta::assert_snapshot!("facet", all.concat());
}

#[test]
fn an_article_as_text() {
    insta::assert_snapshot!("article", written(|out| article::show(&full_article(), PLAIN, out)));
    insta::assert_snapshot!("article_in_colour", written(|out| article::show(&full_article(), COLOUR, out)));
    insta::assert_snapshot!("article_examined", written(|out| article::examine(&full_article(), PLAIN, out)));
}

#[test]
fn the_reasons_of_tags() {
    let article = Article {
        headline: "Iran waits".to_owned(),
        body: "Quiet.\n\nMr. Wang of Iran met Archer Holdings.\nWang left for Tehran.".to_owned(),
        ..Article::default()
    };
    let reason = |value: Option<&str>, text: &str, place: Place, said: (&str, f32, f32)| {
        let whole = if place == Place::Body { &article.body } else { &article.headline };
        let start = u32::try_from(whole.find(text).unwrap()).unwrap();
        Reason {
            field: if text.contains("Iran") || text == "Tehran" { Kind::Country } else { Kind::Person },
            value: value.map(str::to_owned),
            text: text.to_owned(),
            place,
            range: [start, start + u32::try_from(text.len()).unwrap()],
            rule: said.0.to_owned(),
            score: said.1,
            weight: said.2,
            pros: vec!["it says so".to_owned()],
            cons: if value.is_none() { vec!["it does not".to_owned()] } else { Vec::new() },
        }
    };
    let reasons = [
        reason(Some("Iran"), "Iran", Place::Headline, ("name", 1.0, 3.5)),
        reason(Some("Wang Yi"), "Wang", Place::Body, ("open name", 1.5, 2.5)),
        reason(Some("Iran"), "Iran", Place::Body, ("name", 1.0, 2.5)),
        reason(None, "Archer Holdings", Place::Body, ("open name", -3.0, 0.0)),
        reason(Some("Iran"), "Tehran", Place::Body, ("capital", 1.0, 0.5)),
    ];
    let unnamed = Tag { mentions: 0, ..full_article().tags.tags[0].clone() };
    let full = |tags: Vec<Tag>| FullArticle {
        article: article.clone(),
        tags: Tags { tags, mentions: Vec::new() },
        ..full_article()
    };
    let shown =
        |tags, reasons: &[Reason], style| written(|out| reasons::show(&full(tags), reasons, style, out));
    let all = [
        shown(vec![unnamed], &reasons, PLAIN),
        shown(Vec::new(), &reasons, COLOUR),
        shown(Vec::new(), &[], PLAIN),
    ];
    insta::assert_snapshot!("reasons", all.join("== \n"));
}

#[test]
fn a_response_without_hits_is_nothing() {
    let none = SearchResponse { hits: vec![], facets: vec![], total: 0, explain: None, ..answer() };
    for format in [Format::Text, Format::JsonLines, Format::Ids] {
        assert_eq!(rendered(format, &none, PLAIN), "");
    }
}

#[test]
fn a_format_is_read_by_its_name() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    let error = "xml".parse::<Format>().unwrap_err();
    assert_eq!(error, "there is no format 'xml': the formats are text, json, jsonl, csv, ids, trec");
}

/// A response whose every string is `wild` and whose ranges are anything.
fn wild_response(wild: &str, ranges: &[[u32; 2]]) -> SearchResponse {
    let text = || wild.to_owned();
    let snippet = |field| Snippet { field, text: text(), highlights: ranges.to_vec() };
    let hit = Hit {
        headline: text(),
        source: Some(text()),
        url: Some(text()),
        path: text(),
        tags: tags(&[("person", &[wild]), ("topic", &[wild])]),
        snippets: vec![snippet(Place::Headline), snippet(Place::Body), snippet(Place::Body)],
        ..first_hit()
    };
    let counts = FacetCounts {
        values: vec![FacetValue { value: text(), count: 1, selected: true, ..FacetValue::default() }],
        distinct: 9,
    };
    SearchResponse {
        hits: vec![hit],
        facets: vec![(text(), counts)],
        explain: Some(Explained {
            fed_back: vec![],
            understood: text(),
            clauses: vec![Clause { depth: u32::MAX, clause: text(), hits: 1, words: vec![] }],
            filters: vec![text()],
        }),
        ..answer()
    }
}

fn wild_article(wild: &str, ranges: &[[u32; 2]]) -> FullArticle {
    let text = || Some(wild.to_owned());
    let mut full = full_article();
    full.article.headline = wild.to_owned();
    full.article.body = wild.to_owned();
    full.article.source = text();
    full.article.byline = text();
    full.article.url = text();
    full.article.given = tags(&[(wild, &[wild])]);
    full.article.removed = vec![wild.to_owned()];
    full.locations = vec![Location { path: wild.to_owned(), record: 1 }];
    full.tags.tags[0].value = wild.to_owned();
    full.tags.tags[1].code = text();
    let places = [Place::Headline, Place::Body, Place::Body, Place::Body];
    let mentions = places.iter().zip(ranges).map(|(place, range)| Mention {
        place: *place,
        range: *range,
        ..full.tags.mentions[0].clone()
    });
    full.tags.mentions = mentions.collect();
    full
}

/// Controls other than the line feed, and characters that hide or turn text.
fn acts(c: char) -> bool {
    let hidden = ['\u{200b}', '\u{200e}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{feff}', '\u{e0041}'];
    (c.is_control() && c != '\n') || hidden.contains(&c)
}

/// Strings in which every other character does harm.
fn harmful() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a\u{1b}\u{7}\\[\u{9b}\r\n\t\u{202e}\u{2066}\u{200b}\u{feff}é中=, \"]{0,60}"
    ]
}

proptest! {
    #[test]
    fn no_text_acts_on_the_terminal(
        wild in harmful(),
        ranges in proptest::collection::vec(proptest::array::uniform2(0u32..70), 0..5),
        width in 0usize..140,
    ) {
        let style = Style { colour: false, width };
        let answer = wild_response(&wild, &ranges);
        for format in Format::ALL {
            let mut out = Vec::new();
            response(format, &answer, style, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            prop_assert!(!text.chars().any(acts), "{}: {:?}", format.name(), text);
        }
        let full = wild_article(&wild, &ranges);
        let mut out = Vec::new();
        article::show(&full, style, &mut out).unwrap();
        article::examine(&full, style, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        prop_assert!(!text.chars().any(acts), "{:?}", text);
    }

    #[test]
    fn hits_keep_to_the_width(wild in "[a-z中é ]{0,200}", width in 50usize..120) {
        let answer = SearchResponse { explain: None, ..wild_response(&wild, &[[0, 3]]) };
        let mut out = Vec::new();
        response(Format::Text, &answer, Style { colour: false, width }, &mut out).unwrap();
        for line in String::from_utf8(out).unwrap().lines() {
            prop_assert!(super::layout::width(line) <= width, "{line:?} in {width}");
        }
    }

    #[test]
    fn colour_changes_no_text(wild in harmful(), ranges in proptest::collection::vec(proptest::array::uniform2(0u32..70), 0..5)) {
        let answer = wild_response(&wild, &ranges);
        let [plain, colour] = [PLAIN, COLOUR].map(|style| rendered(Format::Text, &answer, style));
        let sequence = regex::Regex::new("␛\\[[0-9;]*m").unwrap();
        // The picture of an escape character in the text itself looks alike here; leave such texts out.
        prop_assume!(!wild.contains('\x1b') && !wild.contains('␛'));
        prop_assert_eq!(sequence.replace_all(&colour, ""), plain);
    }
}
