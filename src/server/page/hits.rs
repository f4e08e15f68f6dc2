//! The page of *hits*: what was found, the facets beside it and the timeline, as the template sees them.

use serde::Serialize;

use crate::article::NewsDate;
use crate::article::Place;
use crate::schema::Facet;
use crate::search;
use crate::search::request::{Interval, MAX_OFFSET, SearchRequest};
use crate::search::response::{Hit, SearchResponse, Snippet, Timeline};
use crate::server::page::form::Form;
use crate::server::page::links::{Link, grouped, href, with_value, without, without_value};
use crate::server::page::pieces::{Piece, pieces};
use crate::server::params::Pairs;

/// A page of hits, as the template sees it.
#[derive(Serialize)]
pub(super) struct Page {
    form: Form,
    sorts: Vec<Link>,
    chips: Vec<Link>,
    total: String,
    took_ms: u64,
    first: usize,
    last: usize,
    hits: Vec<Card>,
    facets: Vec<FacetBox>,
    timeline: Option<Chart>,
    /// Whether the articles found lie before this page.
    beyond: bool,
    previous: Option<String>,
    next: Option<String>,
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
    pub(super) fn of(pairs: &Pairs, request: &SearchRequest, response: SearchResponse) -> Self {
        let shown = response.hits.len();
        let total = usize::try_from(response.total).unwrap_or(usize::MAX);
        let at = |offset: usize| href(&without(pairs, &["offset"]), &[("offset", &offset.to_string())]);
        let sort = match request.sort {
            search::request::Sort::Relevance => "relevance",
            search::request::Sort::Newest => "newest",
            search::request::Sort::Oldest => "oldest",
        };
        Self {
            form: Form::of(pairs),
            sorts: ["relevance", "newest", "oldest"].map(|name| sort_link(pairs, name, sort)).into(),
            chips: chips(pairs),
            total: grouped(response.total),
            took_ms: response.took_ms,
            first: if shown == 0 { 0 } else { request.offset + 1 },
            last: request.offset + shown,
            facets: response.facets.iter().map(|(name, counts)| FacetBox::of(pairs, name, counts)).collect(),
            timeline: response.timeline.map(|timeline| Chart::of(pairs, &timeline)),
            hits: response.hits.into_iter().map(|hit| Card::of(pairs, hit)).collect(),
            previous: (request.offset > 0)
                .then(|| at(request.offset.min(total).saturating_sub(request.limit))),
            beyond: shown == 0 && total > 0,
            next: (request.offset + shown < total.min(MAX_OFFSET + 1) && shown > 0)
                .then(|| at(request.offset + shown)),
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

fn last_day(by: Interval, start: NewsDate) -> String {
    let last = match by {
        Interval::Quarter => NewsDate::month(start.in_year(), start.in_month() + 2).map(|m| m.last_day()),
        _ => Some(start.first_day() + 6),
    };
    last.and_then(NewsDate::from_day).unwrap_or(start).to_string()
}
