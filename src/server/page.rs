//! The *page* shows searches and articles to people: made on the server, without a script, readable on a phone.
//!
//! All text is escaped by the templates; links are made here from the parameters of the request.

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde::Serialize;

use crate::article::ArticleId;
use crate::article::Place;
use crate::article::Tag;
use crate::schema::Facet;
use crate::search;
use crate::search::request::{FacetRequest, Interval, SearchRequest};
use crate::search::response::{FullArticle, Hit, SearchResponse, Snippet, Timeline};
use crate::server;
use crate::server::params::{Pairs, pairs_of_query, request_of};
use crate::server::problem::Problem;

/// Hits on a page.
const PAGE: usize = 20;
/// Facets beside the hits, and how many values each shows.
const FACETS: [(Facet, usize); 4] =
    [(Facet::Person, 12), (Facet::Country, 12), (Facet::Topic, 12), (Facet::Source, 8)];

/// The templates, read once.
pub(crate) struct Pages {
    templates: Environment<'static>,
}

impl Pages {
    pub(crate) fn new() -> Self {
        let mut templates = Environment::new();
        for (name, source) in [
            ("layout.html", include_str!("templates/layout.html")),
            ("search.html", include_str!("templates/search.html")),
            ("article.html", include_str!("templates/article.html")),
            ("error.html", include_str!("templates/error.html")),
        ] {
            // They are part of the program: a test shows that each can be read.
            drop(templates.add_template(name, source));
        }
        Self { templates }
    }

    fn show(&self, name: &str, context: minijinja::Value) -> Response {
        let page = self.templates.get_template(name).and_then(|template| template.render(context));
        match page {
            Ok(page) => Html(page).into_response(),
            Err(_) => Problem::failed().into_response(),
        }
    }

    /// The page that tells of a problem.
    pub(crate) fn problem(&self, problem: &Problem) -> Response {
        let mut response =
            self.show("error.html", context! { error => minijinja::Value::from(Serde(problem)) });
        *response.status_mut() = problem.status;
        problem.mark(response.headers_mut());
        response
    }
}

/// `GET /`
pub(crate) async fn search(State(state): State<server::State>, RawQuery(query): RawQuery) -> Response {
    let pairs = pairs_of_query(&query.unwrap_or_default());
    let pages = &state.shared.pages;
    let request = match request_of(&pairs) {
        Ok(request) => for_page(request),
        Err(error) => return pages.problem(&Problem::from(error)),
    };
    let run = request.clone();
    match state.run(move |shared| search::search(&shared.index, &shared.taxonomy, &run)).await {
        Ok(response) => {
            pages.show("search.html", minijinja::Value::from(Serde(Page::of(&pairs, &request, response))))
        }
        Err(problem) => pages.problem(&problem),
    }
}

/// `GET /article/{id}`
pub(crate) async fn article(State(state): State<server::State>, Path(id): Path<String>) -> Response {
    let pages = &state.shared.pages;
    let Ok(id) = id.parse::<ArticleId>() else { return pages.problem(&Problem::no_article(&id)) };
    match state.run(move |shared| search::article(&shared.index, id)).await {
        Ok(Some(article)) => pages.show("article.html", minijinja::Value::from(Serde(Sheet::of(article)))),
        Ok(None) => pages.problem(&Problem::no_article(&id.to_string())),
        Err(problem) => pages.problem(&problem),
    }
}

/// `GET /style.css`
pub(crate) async fn style() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, include_str!("templates/style.css")).into_response()
}

/// What the page always asks for besides.
fn for_page(request: SearchRequest) -> SearchRequest {
    let facets = if request.facets.is_empty() {
        FACETS.map(|(facet, size)| FacetRequest { facet, size, prefix: None }).to_vec()
    } else {
        request.facets
    };
    let limit = if request.limit == SearchRequest::default().limit { PAGE } else { request.limit };
    SearchRequest { facets, limit, by: request.by.or(Some(Interval::Month)), ..request }
}

/// A page of hits, as the template sees it.
#[derive(Serialize)]
struct Page {
    query: String,
    from: String,
    to: String,
    sort: &'static str,
    /// Parameters that the form must carry on.
    kept: Pairs,
    sorts: Vec<Link>,
    chips: Vec<Link>,
    total: String,
    took_ms: u64,
    first: usize,
    last: usize,
    hits: Vec<Card>,
    facets: Vec<FacetBox>,
    timeline: Option<Chart>,
    previous: Option<String>,
    next: Option<String>,
}

/// A link with its text.
#[derive(Serialize)]
struct Link {
    text: String,
    href: String,
    on: bool,
}

/// A hit.
#[derive(Serialize)]
struct Card {
    href: String,
    headline: Vec<Piece>,
    hit: Hit,
    passages: Vec<Vec<Piece>>,
    tags: Vec<Link>,
}

/// A piece of text, marked or not.
#[derive(Serialize)]
struct Piece {
    text: String,
    kind: &'static str,
}

/// A facet beside the hits.
#[derive(Serialize)]
struct FacetBox {
    name: String,
    values: Vec<FacetLine>,
    more: u64,
}

#[derive(Serialize)]
struct FacetLine {
    link: Link,
    count: String,
    exclude: String,
}

/// A timeline as bars; lengths in percent.
#[derive(Serialize)]
struct Chart {
    bars: Vec<Bar>,
    undated: String,
    has_undated: bool,
    by: Vec<Link>,
}

#[derive(Serialize)]
struct Bar {
    link: Link,
    count: String,
    percent: u64,
}

impl Page {
    fn of(pairs: &Pairs, request: &SearchRequest, response: SearchResponse) -> Self {
        let shown = response.hits.len();
        let total = usize::try_from(response.total).unwrap_or(usize::MAX);
        let at = |offset: usize| href(&without(pairs, &["offset"]), &[("offset", &offset.to_string())]);
        let sort = match request.sort {
            search::request::Sort::Relevance => "relevance",
            search::request::Sort::Newest => "newest",
            search::request::Sort::Oldest => "oldest",
        };
        Self {
            query: request.query.clone(),
            from: request.from.map(|date| date.to_string()).unwrap_or_default(),
            to: request.to.map(|date| date.to_string()).unwrap_or_default(),
            sort,
            kept: without(pairs, &["q", "query", "from", "to", "offset"]),
            sorts: ["relevance", "newest", "oldest"].map(|name| sort_link(pairs, name, sort)).into(),
            chips: chips(pairs),
            total: grouped(response.total),
            took_ms: response.took_ms,
            first: if shown == 0 { 0 } else { request.offset + 1 },
            last: request.offset + shown,
            facets: response.facets.iter().map(|(name, counts)| FacetBox::of(pairs, name, counts)).collect(),
            timeline: response.timeline.map(|timeline| Chart::of(pairs, &timeline)),
            hits: response.hits.into_iter().map(|hit| Card::of(pairs, hit)).collect(),
            previous: (request.offset > 0).then(|| at(request.offset.saturating_sub(request.limit))),
            next: (request.offset + shown < total).then(|| at(request.offset + request.limit)),
        }
    }
}

fn sort_link(pairs: &Pairs, name: &str, current: &str) -> Link {
    let href = href(&without(pairs, &["sort", "offset"]), &[("sort", name)]);
    Link { text: name.to_owned(), href, on: name == current }
}

/// The filters that are on, each with a link that takes it off.
fn chips(pairs: &Pairs) -> Vec<Link> {
    let on = (0..).zip(pairs).filter(|(_, (name, value))| {
        !value.is_empty() && (name.parse::<Facet>().is_ok() || matches!(name.as_str(), "from" | "to"))
    });
    on.map(|(at, (name, value))| {
        let rest: Pairs =
            (0..).zip(pairs).filter(|(other, _): &(i32, _)| *other != at).map(|(_, p)| p.clone()).collect();
        let text = match value.strip_prefix('!') {
            Some(value) => format!("not {name}: {value}"),
            None => format!("{name}: {value}"),
        };
        Link { text, href: href(&without(&rest, &["offset"]), &[]), on: true }
    })
    .collect()
}

impl Card {
    fn of(pairs: &Pairs, hit: Hit) -> Self {
        let of = |place: Place| hit.snippets.iter().filter(move |snippet| snippet.field == place);
        let headline = of(Place::Headline).next().map(marked);
        let plain = || vec![Piece { text: hit.headline.clone(), kind: "" }];
        let tags = [Facet::Person, Facet::Country, Facet::Topic].into_iter().flat_map(|facet| {
            let values = hit.tags.get(facet.name()).map(Vec::as_slice).unwrap_or_default();
            values.iter().take(6).map(move |value| Link {
                text: value.clone(),
                href: with_value(pairs, facet.name(), value),
                on: false,
            })
        });
        Self {
            href: format!("/article/{}", hit.id),
            headline: headline.unwrap_or_else(plain),
            passages: of(Place::Body).map(marked).collect(),
            tags: tags.collect(),
            hit,
        }
    }
}

fn marked(snippet: &Snippet) -> Vec<Piece> {
    let ranges = snippet.highlights.iter().map(|range| (range[0] as usize, range[1] as usize, "hit"));
    pieces(&snippet.text, ranges)
}

/// Cuts a text at ranges, which are in order; what lies outside a range has no kind.
fn pieces(text: &str, ranges: impl Iterator<Item = (usize, usize, &'static str)>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for (start, end, kind) in ranges {
        let (Some(before), Some(inside)) = (text.get(at..start), text.get(start..end)) else { continue };
        pieces.push(Piece { text: before.to_owned(), kind: "" });
        pieces.push(Piece { text: inside.to_owned(), kind });
        at = end;
    }
    pieces.push(Piece { text: text.get(at..).unwrap_or_default().to_owned(), kind: "" });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

impl FacetBox {
    fn of(pairs: &Pairs, name: &str, counts: &search::response::FacetCounts) -> Self {
        let values = counts.values.iter().map(|value| {
            let href = if value.selected {
                without_value(pairs, name, &value.value)
            } else {
                with_value(pairs, name, &value.value)
            };
            FacetLine {
                link: Link { text: value.value.clone(), href, on: value.selected },
                count: grouped(value.count),
                exclude: with_value(pairs, name, &format!("!{}", value.value)),
            }
        });
        let more = counts.distinct.saturating_sub(counts.values.len() as u64);
        Self { name: name.to_owned(), values: values.collect(), more }
    }
}

impl Chart {
    fn of(pairs: &Pairs, timeline: &Timeline) -> Self {
        let most = timeline.buckets.iter().map(|bucket| bucket.count).max().unwrap_or(0).max(1);
        let shown: Vec<_> = timeline.buckets.iter().filter(|bucket| bucket.count > 0).collect();
        let bars = shown.iter().map(|bucket| {
            let start = bucket.start.to_string();
            let (label, to) = match timeline.by {
                Interval::Year => (start[..4].to_owned(), start[..4].to_owned()),
                Interval::Month => (start[..7].to_owned(), start[..7].to_owned()),
                Interval::Day => (start.clone(), start.clone()),
                Interval::Quarter | Interval::Week => (start.clone(), last_day(timeline.by, bucket.start)),
            };
            let from = if timeline.by == Interval::Quarter || timeline.by == Interval::Week {
                &start
            } else {
                &label
            };
            let href = href(&without(pairs, &["from", "to", "offset"]), &[("from", from), ("to", &to)]);
            let percent = (bucket.count * 100).div_ceil(most);
            Bar { link: Link { text: label.clone(), href, on: false }, count: grouped(bucket.count), percent }
        });
        let by = ["year", "quarter", "month", "week", "day"].map(|name| Link {
            text: name.to_owned(),
            href: href(&without(pairs, &["by"]), &[("by", name)]),
            on: serde_json::to_value(timeline.by).is_ok_and(|current| current == name),
        });
        Self {
            bars: bars.collect(),
            undated: grouped(timeline.undated),
            has_undated: timeline.undated > 0,
            by: by.into(),
        }
    }
}

fn last_day(by: Interval, start: crate::article::NewsDate) -> String {
    use crate::article::NewsDate;
    let last = match by {
        Interval::Quarter => NewsDate::month(start.in_year(), start.in_month() + 2).map(|m| m.last_day()),
        _ => Some(start.first_day() + 6),
    };
    last.and_then(NewsDate::from_day).unwrap_or(start).to_string()
}

/// An article, as the template sees it.
#[derive(Serialize)]
struct Sheet {
    headline: Vec<Piece>,
    paragraphs: Vec<Vec<Piece>>,
    groups: Vec<TagGroup>,
    link: Option<String>,
    article: FullArticle,
}

#[derive(Serialize)]
struct TagGroup {
    name: &'static str,
    tags: Vec<TagLine>,
}

#[derive(Serialize)]
struct TagLine {
    link: Link,
    tag: Tag,
}

impl Sheet {
    fn of(article: FullArticle) -> Self {
        let mentions = |place: Place| {
            let of = article.tags.mentions.iter().filter(move |mention| mention.place == place);
            of.map(|mention| (mention.range[0] as usize, mention.range[1] as usize, mention.field.name()))
        };
        let headline = pieces(&article.article.headline, mentions(Place::Headline));
        let mut paragraphs = Vec::new();
        let mut start = 0;
        for line in article.article.body.split('\n') {
            let end = start + line.len();
            let inside = mentions(Place::Body).filter(|(from, to, _)| *from >= start && *to <= end);
            paragraphs.push(pieces(line, inside.map(|(from, to, kind)| (from - start, to - start, kind))));
            start = end + 1;
        }
        let groups =
            [Facet::Person, Facet::Country, Facet::Topic, Facet::Organization].map(|facet| TagGroup {
                name: facet.name(),
                tags: (article.tags.tags.iter())
                    .filter(|tag| tag.field.name() == facet.name())
                    .map(|tag| TagLine {
                        link: Link {
                            text: tag.value.clone(),
                            href: with_value(&Pairs::new(), facet.name(), &tag.value),
                            on: false,
                        },
                        tag: tag.clone(),
                    })
                    .collect(),
            });
        let link = article
            .article
            .url
            .clone()
            .filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        Self {
            headline,
            paragraphs,
            groups: groups.into_iter().filter(|g| !g.tags.is_empty()).collect(),
            link,
            article,
        }
    }
}

/// Pairs less some names.
fn without(pairs: &Pairs, names: &[&str]) -> Pairs {
    pairs.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect()
}

fn with_value(pairs: &Pairs, name: &str, value: &str) -> String {
    href(&without(pairs, &["offset"]), &[(name, value)])
}

/// The link that takes a facet's value off again, however it was typed; all of the facet's where it was typed otherwise.
fn without_value(pairs: &Pairs, name: &str, value: &str) -> String {
    let typed = pairs.iter().any(|(n, v)| n == name && v == value);
    let rest: Pairs = pairs
        .iter()
        .filter(|(n, v)| n != name || (typed && v != value) || v.starts_with('!'))
        .cloned()
        .collect();
    href(&without(&rest, &["offset"]), &[])
}

fn href(pairs: &Pairs, more: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(more.iter().copied())
    {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    format!("/?{}", query.finish())
}

/// A number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
