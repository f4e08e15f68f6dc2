//! Real files of the formats of newsrooms: what is read of each, and what it becomes in an index.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::archive::shared;

/// What `tag` prints for a folder of real files, by path, and what it says of those that are no articles.
fn tagged(folder: &str) -> Option<(Vec<Value>, String)> {
    let dir = shared(&format!("data/formats/{folder}"))?;
    let output = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(["tag", "--format", "jsonl", "."])
        .current_dir(Path::new(&dir))
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let articles = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Some((articles, String::from_utf8(output.stderr).unwrap()))
}

/// Headline, moment or day, how the body begins, and the canonical values of the tags that the source gives.
type Wanted<'a> = (&'a str, &'a str, &'a str, &'a str, &'a [&'a str]);

fn check(folder: &str, wanted: &[Wanted<'_>], skipped: usize) {
    let Some((articles, told)) = tagged(folder) else { return };
    assert_eq!(articles.len(), wanted.len(), "{told}");
    for (path, headline, published, body, given) in wanted {
        let article = articles.iter().find(|article| text(article, "path").ends_with(path)).unwrap();
        assert_eq!(text(article, "headline"), *headline, "{path}");
        let moment = article["published_time"].as_str().unwrap_or(text(article, "published"));
        assert_eq!(moment, *published, "{path}");
        let start = text(article, "body");
        assert!(start.starts_with(body), "{path}: {start:.100}");
        let is_given = |tag: &&Value| tag["provenance"] == "given";
        let tags = article["tags"].as_array().unwrap().iter().filter(is_given);
        let mut tags: Vec<&str> = tags.map(|tag| text(tag, "value")).collect();
        tags.sort_unstable();
        assert_eq!(tags, *given, "{path}");
    }
    let lines = told.lines().filter(|line| line.starts_with("skipped") && !line.contains("LICENSE")).count();
    assert_eq!(lines, skipped, "{told}");
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn nitf() {
    check(
        "nitf",
        &[
            (
                "ap-nitf.xml",
                "Can trading pollution like stocks help fight climate change?",
                "2015-12-10T19:10:44Z",
                "NEW YORK (AP) — The gas produced by hog manure at farms across the U.S. punches holes in the ozone layer",
                &[],
            ),
            (
                "ap_media_text_nitf.xml",
                "BC-BBN--Top Ten",
                "2019-07-03T04:05:12Z",
                "BASEBALL'S TOP TEN\n",
                &[],
            ),
            (
                "efe_nitf.xml",
                "Honduran president announces Cabinet changes",
                "2017-01-02T22:28:00+00:00",
                "Tegucigalpa, Jan 2 (EFE).- Test body.",
                &["Honduras", "Politics/Government and cabinet"],
            ),
            (
                "nitf-fishing.xml",
                "Weather and Tide Updates for Norfolk",
                "2002-02-26T00:00:00-05:00",
                "The weather was superb today in Norfolk, Virginia.",
                &["Commodities/Fish and seafood", "Lifestyle", "United States", "Weather"],
            ),
            (
                "pa1.xml",
                "PA SPORT TRIVIA (OCTOBER 14)",
                "2015-10-14T04:30:01+01:00",
                "ON THIS DAY IN SPORT\n1878: Two local teams took part in the first football match under floodlights",
                &["Business/Cars", "Lifestyle", "Sport", "Sport/Football"],
            ),
            (
                "pa2.xml",
                "1 SOCCER INT-Teams",
                "2015-10-14T02:43:58+01:00",
                "International Match\nMexico v Panama\n",
                &[],
            ),
            (
                "pa3.xml",
                "UK BREAK-UP 'NOT INCONCEIVABLE', FIRST MINISTER WARNS AHEAD OF BREXIT TALKS",
                "2016-09-08T13:24:46+01:00",
                "The UK risks breaking up unless all home nations play a hands-on role",
                &["Business/Railways and road transport"],
            ),
        ],
        0,
    );
}

#[test]
fn newsml_g2() {
    let fed = "Fed to halt QE to avert \"bubble\"";
    let sport = &["Doug Davis", "Freddy Garcia", "Sport", "Sport/Baseball"];
    check(
        "newsml-g2",
        &[
            ("LISTING_1_A_NewsML-G2_News_Item.xml", fed, "2016-10-18T13:12:21-05:00", "", &["Labour"]),
            (
                "LISTING_2_NewsML-G2_Text_Document.xml",
                fed,
                "2016-11-21T15:21:06-05:00",
                "(New York, NY - October 21) Et, sent luptat luptat, commy Nim",
                &["Economy", "Economy/Central banks"],
            ),
            (
                "Receiver View.xml",
                fed,
                "2016-11-21T15:21:06-05:00",
                "(New York, NY - November 21) Et, sent luptat luptat, commy Nim",
                &["Economy", "Economy/Central banks"],
            ),
            (
                "LISTING_21_A_complete_sample_SportsML-G2_document.xml",
                "Troy Tulowitzki singled to third and advanced to second on Martin Prado's throwing error. Runner on second \
                 with one out and Carlos Gonzalez due up.",
                "2015-06-06T00:59:42-04:00",
                "",
                &["Sport", "Sport/Baseball"],
            ),
            (
                "LISTING_22_Sports_story_in_NewsML-G2NITF.xml",
                "Preview: Arizona Diamondbacks (29-23) at Philadelphia Phillies (26-24), 7:05 p.m.",
                "2016-10-19T11:15:00-05:00",
                "(Sports Network) - A pair of teams coming off big weekend sweeps will square off tonight",
                sport,
            ),
            (
                "LISTING_25_An_NITF_marked-up_article_conveyed_in_inlineXML.xml",
                "Arizona Diamondbacks (29-23) at Philadelphia Phillies (26-24), 7:05p.m.",
                "",
                "(Sports Network) - With the Philadelphia Phillies picking up momentum",
                &[],
            ),
            (
                "LISTING_27_Company_Financial_Information.xml",
                "Acme Widgets announces annual results",
                "2016-10-19T13:15:00Z",
                "Acme Widgets (XTSE:AWG), a leader in the production of quality metal widgets",
                &["Acme Widget Sales Inc"],
            ),
        ],
        32,
    );
}

#[test]
fn ninjs() {
    check(
        "ninjs",
        &[
            (
                "ninjsExSimpleText_2.json",
                "Captain of wrecked cruise ship on trial in Italy",
                "2013-07-09T10:37:00Z",
                "The trial of the captain of the shipwrecked Costa Concordia cruise liner has begun",
                &[],
            ),
            (
                "dpa_text.json",
                "Faktencheck Derby-Elfmeter: Hat Schiedsrichter Zwayer recht?",
                "2019-05-10T16:02:28+02:00",
                "Für Lucien Favre war es «der größte Skandal im Fußball seit Jahren».",
                &[],
            ),
            (
                "ntb_text.json",
                "Google har kjøpt giganttomt i Skien",
                "2019-08-09T09:30:04Z",
                "IT-giganten Google har kjøpt en tomt på nærmere 2.000 mål i Skien",
                &["Business", "Energy", "Norway", "Science and technology"],
            ),
            (
                "tt_text_image_2.json",
                "Militärövning i jätteformat hålls 2023",
                "2021-05-26T13:40:18+02:00",
                "FörsvarTT\nPandemin satte stopp för den stora internationella militärövningen Aurora 2020",
                &["Aurora", "Conflict", "Finland", "Jonas Svensson", "Sweden"],
            ),
            (
                "businesswire-newsml-20130605006126.json",
                "Cambrios被Gartner評選為「最酷供應商」",
                "2013-06-05T21:00:00Z",
                "(美國商業資訊)--為透明及軟性導體市場提供銀奈米線解決方案的領導廠商Cambrios Technologies Corporation今天宣布",
                &[
                    "Science and technology",
                    "Science and technology/Computers and chips",
                    "Science and technology/Consumer electronics",
                ],
            ),
            (
                "businesswire-newsml-20130731006140.json",
                "Lunch Taking a Toll? Let Applebee’s® Industrial Strength Lunch Decoy Stand In",
                "2013-07-31T15:32:00Z",
                "With more Applebee’s® Lunch Combos than ever",
                &["Business/Retail"],
            ),
        ],
        6,
    );
}
