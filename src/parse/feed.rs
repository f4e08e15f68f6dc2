//! A *feed* is a file of entries as sites offer them to be followed: RSS 0.9 to 2.0, RSS 1.0 on RDF, Atom 0.3 and 1.0.
//! Each entry is an article, with the text it holds: `content:encoded` and `content` before descriptions and summaries.
//!
//! What the feed says of itself (title, language, base of addresses) holds for the entries behind it.

use std::io::BufRead;

use crate::article::Record;
use crate::parse::xml::{Element, Records, Step};
use crate::parse::{Emit, Found, ParseError, fields, markup, not_news};

/// Elements whose parts are read one by one.
const PARTS: &[&str] = &["rss", "RDF", "rdf", "rdf:RDF", "channel", "feed"];

/// Where entries keep their text, the fullest first.
const BODIES: &[&str] = &[
    "content:encoded",
    "content",
    "atom:content",
    "body",
    "description",
    "summary",
    "atom:summary",
    "media:group/media:description",
    "media:description",
    "itunes:summary",
    "dcterms:abstract",
];

const HEADLINES: &[&str] = &["title", "atom:title", "dc:title", "media:title", "media:group/media:title"];

const PUBLISHED: &[&str] = &[
    "published",
    "pubDate",
    "dc:date",
    "issued",
    "dcterms:issued",
    "prism:publicationDate",
    "dcterms:created",
    "atom:published",
    "created",
];

const UPDATED: &[&str] = &["updated", "atom:updated", "modified", "dcterms:modified"];

/// What a feed says of itself.
#[derive(Default)]
struct Feed {
    title: Option<String>,
    language: Option<String>,
    /// The address that others are relative to.
    base: Option<String>,
    /// Who writes it, where its entries do not say.
    byline: Option<String>,
}

/// Reads a feed entry by entry.
pub(super) fn read(source: &mut dyn BufRead, emit: &mut Emit<'_>) -> Result<(), ParseError> {
    let mut records = Records::new(source)?;
    let (mut feed, mut found) = (Feed::default(), false);
    while let Some(step) = records.next(&|name| PARTS.contains(&name))? {
        match step {
            Step::Enter(element) => feed.enter(&element),
            Step::Whole(element) if matches!(element.name.as_str(), "item" | "entry") => {
                found = true;
                if emit(entry(&element, &feed)).is_break() {
                    return Ok(());
                }
            }
            Step::Whole(element) => feed.note(&element),
            Step::Leave(_) => {}
        }
    }
    if found { Ok(()) } else { Err(not_news("no entry in this feed")) }
}

impl Feed {
    fn enter(&mut self, element: &Element) {
        self.language = element.language().or(self.language.take());
        self.base = element.attribute("xml:base").and_then(fields::address).or(self.base.take());
    }

    fn note(&mut self, element: &Element) {
        let line = || plain(element);
        match element.name.as_str() {
            "title" if self.title.is_none() => self.title = line(),
            "language" | "dc:language" if self.language.is_none() => {
                self.language = line().and_then(|text| fields::language(&text));
            }
            "link"
                if self.base.is_none() && element.attribute("rel").is_none_or(|rel| rel == "alternate") =>
            {
                let href = element.attribute("href").map(str::to_owned).or_else(line);
                self.base = href.and_then(|text| fields::address(&text));
            }
            "author" if self.byline.is_none() => {
                self.byline = author(element).and_then(|name| fields::byline([name.as_str()]));
            }
            _ => {}
        }
    }
}

fn entry(entry: &Element, feed: &Feed) -> Found {
    let base = entry.attribute("xml:base").and_then(fields::address).or_else(|| feed.base.clone());
    let authors = ["author", "dc:creator", "atom:author", "contributor", "itunes:author"];
    let byline = authors.iter().find_map(|name| {
        let names: Vec<String> = entry.all(name).into_iter().filter_map(author).collect();
        fields::byline(names.iter().map(String::as_str))
    });
    let source =
        entry.at("source").and_then(|source| source.at("title").map_or_else(|| plain(source), plain));
    let language = entry.language().or_else(|| fields::language(&entry.at("dc:language")?.text()));
    let mut record = Record {
        headline: HEADLINES.iter().filter_map(|path| entry.at(path)).find_map(plain),
        byline: byline.or_else(|| feed.byline.clone()),
        source: source.or_else(|| feed.title.clone()),
        url: address(entry, base.as_deref()),
        language: language.or_else(|| feed.language.clone()),
        updated: UPDATED.iter().find_map(|path| crate::parse::dates::parse(&entry.at(path)?.text())),
        body: BODIES.iter().filter_map(|path| entry.at(path)).find_map(body).unwrap_or_default(),
        ..Record::default()
    };
    for path in PUBLISHED.iter().chain(UPDATED) {
        if let Some(date) = entry.at(path) {
            fields::publish(&mut record, &date.text());
        }
    }
    fields::give(&mut record.given, "topic", topics(entry));
    if record.headline.is_none() && record.body.is_empty() {
        return Found::NotAnArticle { reason: "an entry with neither title nor text".to_owned() };
    }
    Found::Article(record)
}

/// One line without markup: titles hold HTML, escaped or not.
fn plain(element: &Element) -> Option<String> {
    let text = match element.attribute("type") {
        Some("xhtml") => markup::line(&element.html()),
        _ => markup::line(&element.text()),
    };
    fields::line(&text)
}

/// The text of an entry, a paragraph a line; `None` where it stands elsewhere, or is no text.
fn body(element: &Element) -> Option<String> {
    let kind = element.attribute("type").unwrap_or("html");
    let is_text = kind.starts_with("text") || kind.ends_with("html") || kind.ends_with("xml");
    if element.attribute("src").is_some() || !is_text {
        return None;
    }
    let body = match element.elements().next() {
        Some(_) => element.paragraphs(),
        None => html_or_text(&element.text()),
    };
    (!body.trim().is_empty()).then_some(body)
}

fn html_or_text(text: &str) -> String {
    if markup::is_html(text) {
        return markup::paragraphs(text);
    }
    let lines = text.lines().filter_map(|line| fields::line(&markup::decode(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A name: of a person of Atom, or as RSS writes it, `ana@example.org (Ana Ruiz)`.
fn author(element: &Element) -> Option<String> {
    if let Some(name) = element.at("name").or_else(|| element.at("atom:name")) {
        return name.line();
    }
    let text = element.line()?;
    let in_brackets = text.split_once('@').and_then(|(_, rest)| rest.split_once('(')?.1.split(')').next());
    fields::line(in_brackets.unwrap_or(&text))
}

/// The address of the story; else the entry's permanent name.
fn address(entry: &Element, base: Option<&str>) -> Option<String> {
    let links = entry.all("link").into_iter().chain(entry.all("atom:link"));
    let alternate = |link: &&Element| link.attribute("rel").is_none_or(|rel| rel == "alternate");
    let links = links
        .filter(alternate)
        .filter_map(|link| link.attribute("href").map(str::to_owned).or_else(|| link.line()));
    let guid = entry.at("guid").filter(|guid| guid.attribute("isPermaLink") != Some("false"));
    let names = guid.and_then(Element::line).into_iter().chain(entry.attribute("about").map(str::to_owned));
    let origin = entry.at("feedburner:origLink").and_then(Element::line);
    let texts: Vec<String> = origin.into_iter().chain(links).chain(names).collect();
    let whole = texts.iter().find_map(|text| fields::address(&absolute(text, base)));
    let id = || entry.at("id").or_else(|| entry.at("guid")).and_then(Element::line);
    whole.or_else(|| id().and_then(|text| fields::address(&text).or_else(|| fields::permanent_name(&text))))
}

/// An address that is relative to another, whole.
fn absolute(text: &str, base: Option<&str>) -> String {
    let Some((scheme, rest)) = base.and_then(|base| base.split_once("://")) else { return text.to_owned() };
    if text.contains("://") || text.starts_with(['#', '?']) || text.contains(char::is_whitespace) {
        return text.to_owned();
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if let Some(text) = text.strip_prefix("//") {
        return format!("{scheme}://{text}");
    }
    if text.starts_with('/') {
        return format!("{scheme}://{host}{text}");
    }
    // A name with a scheme of its own is no path: `tag:example.org,2023:7`.
    if text.split('/').next().is_some_and(|first| first.contains(':')) {
        return text.to_owned();
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let folder = path.rsplit_once('/').map_or(host, |(folder, _)| folder);
    format!("{scheme}://{folder}/{text}")
}

fn topics(entry: &Element) -> Vec<String> {
    let categories = entry.elements().filter(|one| matches!(one.name.as_str(), "category" | "dc:subject"));
    let named = |one: &Element| {
        let term = || one.attribute("label").or_else(|| one.attribute("term")).map(str::to_owned);
        plain(one).or_else(term)
    };
    let keywords = entry.at("media:keywords").map(Element::text).unwrap_or_default();
    let keywords = keywords.split(',').filter_map(fields::line).collect::<Vec<_>>();
    categories.filter_map(named).chain(keywords).collect()
}

#[cfg(test)]
mod tests {
    use super::absolute;
    use crate::parse::Found;
    use crate::parse::tests::{read_all, show};

    fn check(xml: &str, want: &[&str]) {
        let (end, found) = read_all("a.xml", xml.as_bytes());
        let shown: Vec<String> = found
            .iter()
            .map(|one| match one {
                Found::Article(record) => show(record),
                Found::NotAnArticle { reason } | Found::Bad { reason } => reason.clone(),
            })
            .collect();
        assert_eq!(shown, want, "{end}: {xml}");
    }

    #[test]
    fn rss() {
        check(
            "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' \
             xmlns:c='http://purl.org/dc/elements/1.1/'><channel><title>Bay Gazette</title><language>en-us</language>\
             <link>https://bay.example/news/</link><item><title>Ports &amp;amp; ships</title><link>/2023/ports</link>\
             <c:creator>Ana Ruiz and Jo Li</c:creator><category>Shipping</category><category>Strikes</category>\
             <pubDate>Sun, 18 Jun 2023 23:59:59 -0500</pubDate><description>Short.</description>\
             <content:encoded><![CDATA[<p>One &amp; two.</p><p>Three.</p>]]></content:encoded></item>\
             <item><description>The port is&lt;br&gt;open.</description><author>x@y.example (Jo Li)</author>\
             <guid isPermaLink='false'>tag:bay.example,2023:7</guid><source url='x'>Wire</source></item>\
             <item/></channel></rss>",
            &[
                "headline: Ports & ships\nbyline: Ana Ruiz, Jo Li\nsource: Bay Gazette\nurl: https://bay.example/2023/ports\n\
                 published: 2023-06-18\nlanguage: en\ntopic: Shipping; Strikes\n\
                 > One & two.\n> Three.",
                "byline: Jo Li\nsource: Wire\nurl: tag:bay.example,2023:7\nlanguage: en\n> The port is\n> open.",
                "an entry with neither title nor text",
            ],
        );
    }

    #[test]
    fn rss_on_rdf() {
        check(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
             xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='https://bay.example/'><title>Bay</title>\
             <items><rdf:Seq/></items></channel><item rdf:about='https://bay.example/1'><title>Ports</title>\
             <dc:date>2023-06-18T10:00Z</dc:date><dc:subject>trade</dc:subject></item></rdf:RDF>",
            &["headline: Ports\nsource: Bay\nurl: https://bay.example/1\npublished: 2023-06-18\n\
               topic: trade"],
        );
    }

    #[test]
    fn atom() {
        check(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='pt-BR' xml:base='https://bay.example/a/'>\
             <title type='html'>Bay &lt;b&gt;news&lt;/b&gt;</title><author><name>Desk</name></author>\
             <entry><title>Portos</title><link rel='self' href='x'/><link href='b.html'/><updated>2023-06-19</updated>\
             <published>2023-06-18T10:00:00Z</published><category term='t' label='Portos e navios'/>\
             <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Um.</p><p>Dois.</p></div></content></entry>\
             <entry><id>urn:x:1</id><title>Só</title><author><name>Ana Ruiz</name></author><summary>Nada.</summary>\
             <content src='https://bay.example/v.mp4' type='video/mp4'/><updated>2023-06</updated></entry></feed>",
            &[
                "headline: Portos\nbyline: Desk\nsource: Bay news\nurl: https://bay.example/a/b.html\npublished: 2023-06-18\n\
                 language: pt\ntopic: Portos e navios\n> Um.\n> Dois.",
                "headline: Só\nbyline: Ana Ruiz\nsource: Bay news\nurl: urn:x:1\npublished: 2023-06\n\
                 language: pt\n> Nada.",
            ],
        );
    }

    #[test]
    fn what_is_no_feed_says_so() {
        assert_eq!(
            read_all("a.xml", b"<rss><channel><title>x</title></channel></rss>").0,
            "no entry in this feed"
        );
        let (end, found) = read_all("a.xml", b"<rss><channel><item><title>x</title></item><item><title>y");
        assert_eq!((found.len(), end.as_str()), (1, "byte 43: the file ends before its </item>"));
    }

    #[test]
    fn relative_addresses() {
        for (text, base, want) in [
            ("https://a/b", "https://c", "https://a/b"),
            ("//a/b", "https://c/d", "https://a/b"),
            ("/b", "https://c/d/e", "https://c/b"),
            ("b", "https://c/d/e", "https://c/d/b"),
            ("b", "https://c", "https://c/b"),
            ("tag:x,2023:1", "https://c/", "tag:x,2023:1"),
            ("b", "", "b"),
        ] {
            assert_eq!(absolute(text, Some(base)), want);
        }
    }
}
