//! *Page metadata* is what a page says about its article beside the text: four sources, the better first.

use std::rc::Rc;

use dom_query::Document;
use serde_json::Value;

use crate::article::{NewsDate, Record};
use crate::parse::html::jsonld;
use crate::parse::{dates, fields, markup};

/// What separates a headline from the name of the site in a title.
const SEPARATORS: &[&str] = &[" | ", " - ", " – ", " — ", " :: ", " » ", " · "];

/// The page's metadata, and the article's text where the metadata holds it.
pub(super) fn of(document: &Document) -> (Record, Option<String>) {
    let tags = Tags::of(document);
    let title = title(document).unwrap_or_default();
    let mut tagged = fields::or(fields::or(open_graph(&tags), meta(&tags)), parsely(&tags));
    let address = canonical(document).or_else(|| tagged.url.clone());
    let mut linked = jsonld::article(document, &title, address.as_deref()).unwrap_or_default();
    let body = Some(std::mem::take(&mut linked.body)).filter(|body| !body.trim().is_empty());
    let source = linked.source.as_ref().or(tagged.source.as_ref());
    tagged.headline = tagged.headline.map(|headline| without_named_site(&headline, source));
    let known = fields::or(linked, tagged);
    let mut page = fields::or(known.clone(), elements(document, known.source.as_deref()));
    if page.published.is_none() && !page.url.as_deref().is_some_and(is_dated) {
        page.published = only_time(document);
    }
    (page, body)
}

/// What an article's page tells the counter of its readers: a JSON object in a `meta` tag.
fn parsely(tags: &Tags) -> Record {
    let object = tags.find(&["parsely-page"], |text| serde_json::from_str::<Value>(text).ok());
    let Some(object) = object else { return Record::default() };
    let text = |name: &str| object.get(name).and_then(fields::text).map(|text| markup::line(&text));
    let authors = ["authors", "author"].iter().filter_map(|name| object.get(*name)).map(fields::names);
    let mut record = Record {
        headline: text("title").and_then(|text| fields::line(&text)),
        byline: authors.filter_map(|names| fields::byline(names.iter().map(String::as_str))).next(),
        section: text("section").and_then(|text| fields::line(&text)),
        url: text("link").and_then(|text| fields::address(&text)),
        ..Record::default()
    };
    if let Some(date) = text("pub_date") {
        fields::publish(&mut record, &date);
    }
    let topics = object.get("tags").map(fields::names).unwrap_or_default();
    fields::give(&mut record.given, "topic", topics);
    record
}

/// The most names of one tag.
const MAX_NAMES: usize = 8;

/// The `meta` tags of a page: name in lower case, and content.
struct Tags(Vec<(String, Rc<str>)>);

impl Tags {
    fn of(document: &Document) -> Self {
        let mut tags = Vec::new();
        for tag in document.select("meta[content]").iter() {
            let content = tag.attr("content").unwrap_or_default();
            let Some(content) = fields::line(&content) else { continue };
            let content: Rc<str> = content.into();
            for key in ["property", "name", "itemprop"] {
                let names = tag.attr(key).unwrap_or_default().to_ascii_lowercase();
                let names = names.split_whitespace().take(MAX_NAMES).map(dotted);
                tags.extend(names.map(|name| (name, content.clone())));
            }
        }
        Self(tags)
    }

    fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(own, _)| own == name).map(|(_, content)| &**content).collect()
    }

    /// The first tag of the first of these names that there is and that can be read.
    fn find<T>(&self, names: &[&str], read: impl Fn(&str) -> Option<T>) -> Option<T> {
        names.iter().flat_map(|name| self.all(name)).find_map(read)
    }

    /// All values of the first of these names that there is.
    fn list<'a>(&'a self, names: &[&str]) -> Vec<&'a str> {
        names.iter().map(|name| self.all(name)).find(|list| !list.is_empty()).unwrap_or_default()
    }

    fn record(&self, names: &Names) -> Record {
        let text = |names: &[&str]| self.find(names, |text| fields::line(&markup::decode(text)));
        let date = |names: &[&str]| -> Option<NewsDate> { self.find(names, dates::parse) };
        let stated = |text: &str| Some((dates::parse(text)?, dates::time(text)));
        let (published, published_time) = self.find(names.published, stated).unzip();
        let mut record = Record {
            headline: text(names.headline),
            byline: names.byline.iter().find_map(|name| fields::byline(self.all(name))),
            source: text(names.source),
            section: text(names.section),
            url: self.find(names.url, fields::address),
            published,
            published_time: published_time.flatten(),
            updated: date(names.updated),
            language: self.find(names.language, fields::language),
            ..Record::default()
        };
        let topics = self.list(names.topic).into_iter().flat_map(|list| list.split([',', ';']));
        fields::give(&mut record.given, "topic", topics.map(|topic| markup::decode(topic).into_owned()));
        record
    }
}

/// Dublin Core is written with `.` or `:`.
fn dotted(name: &str) -> String {
    if name.starts_with("dc") { name.replace(':', ".") } else { name.to_owned() }
}

/// Names of `meta` tags for the fields of a record.
struct Names {
    headline: &'static [&'static str],
    byline: &'static [&'static str],
    source: &'static [&'static str],
    section: &'static [&'static str],
    url: &'static [&'static str],
    published: &'static [&'static str],
    updated: &'static [&'static str],
    language: &'static [&'static str],
    topic: &'static [&'static str],
}

fn open_graph(tags: &Tags) -> Record {
    tags.record(&Names {
        headline: &["og:title"],
        byline: &["article:author", "og:article:author"],
        source: &["og:site_name"],
        section: &["article:section", "og:article:section"],
        url: &["og:url"],
        published: &[
            "article:published_time",
            "article:published",
            "og:article:published_time",
            "og:published_time",
        ],
        updated: &["article:modified_time", "article:modified", "og:updated_time"],
        language: &["og:locale"],
        topic: &["article:tag", "og:article:tag"],
    })
}

/// Names of `meta` tags that state the day of publication, best first.
const PUBLISHED: &[&str] = &[
    "datepublished",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "dcterms.issued",
    "dcterms.date",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "citation_date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published_date",
    "displaydate",
    "date",
    "pdate",
    "ptime",
    "dat",
    "article.published",
    "article.created",
    "article_date_original",
    "originalpublicationdate",
    "date_published",
    "dc.date.published",
    "dc.date.created",
    "rnews:datepublished",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "date.created",
];

fn meta(tags: &Tags) -> Record {
    tags.record(&Names {
        headline: &[
            "dc.title",
            "dcterm.title",
            "dcterms.title",
            "parsely-title",
            "sailthru.title",
            "citation_title",
            "headline",
            "title",
            "twitter:title",
        ],
        byline: &[
            "dc.creator",
            "dcterm.creator",
            "dcterms.creator",
            "author",
            "parsely-author",
            "sailthru.author",
            "citation_author",
            "byl",
            "byline",
        ],
        source: &[
            "application-name",
            "dc.publisher",
            "dcterms.publisher",
            "citation_journal_title",
            "copyright",
        ],
        section: &["section", "parsely-section", "sailthru.section", "dc.subject"],
        url: &["parsely-link", "twitter:url"],
        published: PUBLISHED,
        updated: &[
            "datemodified",
            "dcterms.modified",
            "dc.date.modified",
            "lastmod",
            "last-modified",
            "revised",
        ],
        language: &["language", "dc.language", "dcterms.language", "content-language"],
        topic: &["news_keywords", "parsely-tags", "sailthru.tags", "keywords"],
    })
}

/// What page elements show.
fn elements(document: &Document, site: Option<&str>) -> Record {
    let attribute = |selector: &str, name: &str| {
        document.select_single(selector).attr(name).and_then(|text| fields::line(&text))
    };
    Record {
        headline: headline(document, site),
        url: canonical(document),
        published: published(document),
        language: attribute("html", "lang")
            .or_else(|| attribute("html", "xml:lang"))
            .and_then(|text| fields::language(&text)),
        ..Record::default()
    }
}

fn canonical(document: &Document) -> Option<String> {
    document.select_single("link[rel=canonical]").attr("href").and_then(|text| fields::address(&text))
}

fn title(document: &Document) -> Option<String> {
    let title = document.select_single("head title");
    let title = if title.exists() { title } else { document.select_single("title") };
    fields::line(&title.text())
}

fn headline(document: &Document, site: Option<&str>) -> Option<String> {
    let text = |selector: &str| fields::line(&document.select_single(selector).text());
    let shown = text("[itemprop=headline]").or_else(|| text("h1"));
    let words = |text: &str| text.split(' ').count();
    match (title(document), shown) {
        (Some(title), Some(shown)) if title.starts_with(&shown) && words(&shown) >= 3 => Some(shown),
        // A title that is only the name of the site.
        (Some(title), Some(shown)) if words(&title) <= 3 && words(&shown) >= 4 => Some(shown),
        (Some(title), _) => Some(without_site(&title, site)),
        (None, shown) => shown,
    }
}

/// A headline that names the site at its end, as titles do; what follows a dash may well be of the headline.
fn without_named_site(headline: &str, site: Option<&String>) -> String {
    let headline = without_channels(headline);
    let cut = SEPARATORS.iter().filter_map(|separator| Some((separator, headline.rsplit_once(separator)?)));
    let Some((separator, (head, tail))) = cut.min_by_key(|(_, (_, tail))| tail.len()) else {
        return headline.to_owned();
    };
    let named = site.is_some_and(|site| site.eq_ignore_ascii_case(tail.trim()));
    if named {
        head.trim().to_owned()
    } else if *separator == " | " {
        without_site(headline, None)
    } else {
        headline.to_owned()
    }
}

/// A Chinese or Japanese title without the short names of a channel and a site that follow it after `_`.
fn without_channels(title: &str) -> &str {
    let is_wide = |c: char| ('\u{3040}'..='\u{9fff}').contains(&c);
    let is_name = |text: &str| (1..=8).contains(&text.chars().count()) && text.chars().all(is_wide);
    let mut shorter = title;
    for _ in 0..MAX_CHANNELS {
        let Some((head, name)) = shorter.rsplit_once('_') else { break };
        if !is_name(name.trim()) || head.chars().filter(|c| is_wide(*c)).count() < 8 {
            break;
        }
        shorter = head.trim_end();
    }
    shorter
}
/// The most names of channels and sites behind a title.
const MAX_CHANNELS: usize = 4;

/// The title without the site's name at its end: what stands after the last separator, where it is the site's name
/// or a few words that the rest of the title does not need.
fn without_site(title: &str, site: Option<&str>) -> String {
    let title = without_channels(title);
    let cut = SEPARATORS
        .iter()
        .filter_map(|separator| title.rsplit_once(separator))
        .min_by_key(|(_, tail)| tail.len());
    match cut {
        Some((head, tail)) => {
            let named = site.is_some_and(|site| site.eq_ignore_ascii_case(tail.trim()));
            let short = tail.split_whitespace().count() <= 4 && head.split_whitespace().count() >= 4;
            if named || short { head.trim().to_owned() } else { title.to_owned() }
        }
        None => title.to_owned(),
    }
}

fn published(document: &Document) -> Option<NewsDate> {
    let selectors =
        ["[itemprop=datePublished]", "time[pubdate]", "article header time", "article time", "main time"];
    selectors.iter().find_map(|selector| {
        let found = document.select_single(selector);
        let stamp = found.attr("datetime").or_else(|| found.attr("content"));
        let stamp = stamp.and_then(|stamp| dates::parse(&stamp));
        stamp.or_else(|| dates::parse(&found.text()))
    })
}

/// The only time on the page, where it is none of the page's frame: what stands there is the day it was saved.
fn only_time(document: &Document) -> Option<NewsDate> {
    let times = document.select("time[datetime]");
    let framed = document.select("header time, nav time, footer time, aside time").exists();
    if times.length() != 1 || framed {
        return None;
    }
    times.attr("datetime").and_then(|stamp| dates::parse(&stamp))
}

/// Whether folders of the address say a year and a month, or one a day: that is better than a time somewhere.
fn is_dated(url: &str) -> bool {
    let parts: Vec<&str> = url.split('/').skip(3).collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let nested = parts.windows(2).any(|two| {
        two[0].len() == 4 && digits(two[0]) && two[1].len() <= 3 && dates::parse(two[0]).is_some()
    });
    nested
        || parts.iter().any(|part| {
            part.get(..10).or(part.get(..8)).is_some_and(|day| {
                (digits(day) || day.contains('-'))
                    && day.starts_with(['1', '2'])
                    && dates::parse(day).is_some_and(|date| date.is_day())
            })
        })
}
