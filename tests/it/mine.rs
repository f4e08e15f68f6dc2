//! Topics of one's own: the commands of `docs/topics.md`, added, changed and switched-off topics, learned ones.

use std::fmt::Write;

use crate::command::Dir;

const PAGE: &str = include_str!("../../docs/topics.md");

/// An archive in which every fourth article is on saffron, which its source says of most of them.
fn archive() -> Dir {
    let dir = Dir::new();
    let mut lines = String::new();
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    for number in 0..160_usize {
        let (day, place) =
            (days[number % 5], ["Lyon", "Turin", "Bergen", "Porto", "Graz", "Cork", "Split"][number % 7]);
        let on_saffron = number % 4 == 0;
        let text = match (on_saffron, number % 3) {
            (true, 0) => "Saffron farmers brought in a large crocus harvest",
            (true, 1) => "Mills paid more for crocus and shipped milled saffron",
            (true, _) => "Exporters of saffron sold a large harvest of crocus",
            (false, 0) => "The council voted on a budget for roads and schools",
            (false, 1) => "A ferry was repaired and left the harbour again",
            (false, _) => "The library opened a reading room for children",
        };
        let tags = if on_saffron && number % 80 != 0 { "\"saffron\"" } else { "\"local\"" };
        writeln!(
            lines,
            "{{\"headline\": \"News {number} from {place}\", \"body\": \"{text} in {place} on {day}, it was said there.\", \
             \"tags\": [{tags}]}}"
        )
        .unwrap();
    }
    dir.file("news/all.jsonl", &lines);
    dir.run("index news -q").exits(0);
    dir
}

#[test]
fn the_page_on_topics_can_be_followed() {
    let dir = Dir::new();
    for block in PAGE.split("```toml\n").skip(1) {
        let text = block.split("```").next().unwrap();
        dir.file("mine/topics.toml", text);
        dir.run("topics check --schema mine").exits(0).err(&[" 0 failed"]);
    }
    // Each part of the file is a file of its own on the page; the last one is used below.
    let archive = archive();
    archive.file("mine/topics.toml", PAGE.split("```toml\n").nth(1).unwrap().split("```").next().unwrap());
    let mut run = 0;
    for line in PAGE.split("```sh\n").skip(1).flat_map(|block| block.split("```").next().unwrap().lines()) {
        let command = line.split(" # ").next().unwrap().trim();
        if let Some(arguments) = command.strip_prefix("dateline ") {
            archive.args(&words(arguments)).exits(0);
            run += 1;
        }
    }
    assert!(run >= 10, "only {run} commands on the page");
}

/// The words of a command line, as a shell parts them.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('\'') {
            Some(quoted) => quoted.split_once('\'').unwrap(),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word);
        rest = after.trim_start();
    }
    words
}

#[test]
fn the_tree_counts_as_the_facet_does() {
    let archive = archive();
    archive.file("mine/topics.toml", "[[topic]]\npath = \"Food\"\nabout = \"a shelf\"\n[[topic]]\npath = \"Food/Saffron\"\nabout = \"saffron\"\nquery = \"crocus\"\n[[topic]]\npath = \"Food/Mills\"\nabout = \"mills\"\nquery = \"mills OR farmers\"\n");
    archive.run("index --schema mine -q").exits(0);
    archive.run("topics --schema mine").exits(0).out(&[
        "Food               40  yours",
        "├─ Mills",
        "└─ Saffron         40  yours",
    ]);
    archive.run("facets topic").exits(0).out(&["Food", "40"]);
    archive
        .run("topics --format csv")
        .exits(0)
        .out(&["topic,count,origin,iptc,about\n", "\nFood/Saffron,40,index,,\n"]);
    archive
        .run("topics saffron --schema mine --format jsonl")
        .exits(0)
        .out(&["{\"path\":\"Food\",\"count\":40,\"origin\":\"user\""]);
    archive.run("topics zzz").exits(2).no_out().err(&["no topic has a word that begins like 'zzz'"]);
    archive
        .run("topics show food --schema mine")
        .exits(0)
        .out(&["query     none: it holds what the topics below it hold"]);
    archive.run("topics show nothing").exits(2).err(&["there is no topic 'nothing'"]);
}

#[test]
fn a_failing_example_says_where_and_why() {
    let dir = Dir::new();
    let topic = "[[topic]]\npath = \"Saffron\"\nabout = \"saffron\"\nquery = \"saffron harvest\"\n";
    dir.file(
        "t.toml",
        &format!("{topic}match = [\"Saffron fell\"]\nno_match = [\n\"A harvest of saffron\"]\n"),
    );
    dir.run("topics check t.toml").exits(1).out(&[
        "t.toml:5: Saffron must match: Saffron fell\n    nothing in it fulfils: harvest\n",
        "t.toml:7: Saffron must not match: A harvest of saffron\n    it matches by: harvest · saffron\n",
    ]);
    dir.file("t.toml", topic);
    dir.run("topics check t.toml")
        .exits(0)
        .err(&["warning: t.toml:1: Saffron lacks texts under match or no_match"]);
    dir.file("t.toml", &topic.replace("saffron harvest", "saffron ("));
    dir.run("topics check t.toml").exits(2).err(&["t.toml:4: column "]);
    dir.run("topics check none.toml").exits(2).err(&["none.toml: "]);
}

#[test]
fn a_topic_is_learned_applied_tried_and_forgotten() {
    let archive = archive();
    archive.run("topics learn Saffron --from tag:saffron").exits(2).no_out().err(&["--schema DIR"]);
    archive
        .run("topics learn Saffron --from tag:safron --dry-run")
        .exits(2)
        .err(&["no article is tagged 'safron'", "local (122)"]);
    archive
        .run("topics learn Saffron --from saffron")
        .exits(2)
        .err(&["write tag:VALUE, ids:FILE or query:QUERY"]);
    archive
        .run("topics learn ../x --from tag:saffron --dry-run")
        .exits(2)
        .err(&["'../x' cannot be the name"]);
    archive
        .run("topics learn Saffron --from query:zzz --dry-run")
        .exits(2)
        .err(&["0 of 160 articles belong"]);
    let learn = archive.run("topics learn Food/Saffron --from tag:saffron --schema mine").exits(0);
    learn
        .out(&[
            "learned   from tag:saffron: 38 of 160 articles",
            "precision ",
            "recall ",
            "for       ",
            "crocus",
        ])
        .err(&["kept in mine/learned/Food/Saffron.toml; 'Food' is a new topic of the tree"]);
    archive.run("index --schema mine -q").exits(0);
    // Those that their source did not tag are found as well.
    archive.run("topics food --schema mine").exits(0).out(&["└─ Saffron  ", "40  learned"]);
    archive.run("search --topic saffron --schema mine -c").exits(0).out(&["40"]);
    archive
        .run("topics try saffron --schema mine")
        .exits(0)
        .out(&["Food/Saffron would tag 40 of 160 articles, 25.0 %"]);
    archive.run("topics show saffron --schema mine").exits(0).out(&["articles  40", "from tag:saffron"]);
    archive.run("tag news --format jsonl --schema mine").exits(0).out(&["\"provenance\":\"learned\""]);
    archive.run("topics forget Narcotics --schema mine").exits(2).err(&["'Narcotics' is not learned"]);
    archive.run("topics forget saffron --schema mine").exits(0);
    archive.run("topics food").exits(0).out(&["only in the index"]);
}

#[test]
fn what_shows_a_topic_may_be_ids_or_a_query() {
    let archive = archive();
    archive
        .run("topics learn Saffron --from query:saffron --dry-run")
        .exits(0)
        .out(&["for       "])
        .err(&["words of the query were left out"]);
    archive.file("ids.txt", "not-an-id\n");
    archive
        .run("topics learn Saffron --from ids:ids.txt --dry-run")
        .exits(2)
        .err(&["ids.txt:1: ", "no article id"]);
    archive.file("ids.txt", "0000000000000001\n");
    archive
        .run("topics learn Saffron --from ids:ids.txt --dry-run")
        .exits(2)
        .err(&["1 ids of ids.txt are not in the index", "0 of 160"]);
    archive
        .run("topics learn Saffron --from tag:saffron --precision 1.5 --dry-run")
        .exits(2)
        .err(&["above 0 and below 1"]);
    let json = "topics learn Saffron --from tag:saffron --precision 0.9 --dry-run --format json";
    archive.run(json).exits(0).out(&["\"path\": \"Saffron\"", "\"words\": ["]);
}
