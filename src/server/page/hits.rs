//! The page of *hits*: what was found, the facets beside it and the timeline, as the template sees them.

use serde::Serialize;

use crate::article::Place;
use crate::schema::Facet;
use crate::search;
use crate::search::request::{MAX_OFFSET, SearchRequest};
use crate::search::response::{FacetCounts, Hit, SearchResponse, Snippet};
use crate::server::page::chart::Chart;
use crate::server::page::form::Form;
use crate::server::page::links::{Link, grouped, href, with_value, without, without_value};
use crate::server::page::pieces::{Piece, pieces};
use crate::server::params::Pairs;

/// Values of a facet that is looked at more closely.
const MANY_VALUES: usize = 200;

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
    path: String,
    hit: Hit,
    passages: Vec<Vec<Piece>>,
    tags: Vec<Link>,
}

/// A facet beside the hits.
#[derive(Serialize)]
struct FacetBox {
    name: String,
    values: Vec<FacetLine>,
    more: Option<Link>,
}

#[derive(Serialize)]
struct FacetLine {
    link: Link,
    count: String,
    /// Of the most frequent value's articles.
    percent: u64,
    exclude: String,
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
            facets: response
                .facets
                .iter()
                .map(|(name, counts)| FacetBox::of(pairs, &response.facets, name, counts))
                .collect(),
            timeline: response.timeline.map(|timeline| Chart::of(pairs, timeline)),
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
            path: short(&hit.path),
            hit,
        }
    }
}

fn marked(snippet: &Snippet) -> Vec<Piece> {
    let ranges = snippet.highlights.iter().map(|range| (range[0] as usize, range[1] as usize, "hit"));
    pieces(&snippet.text, ranges)
}

impl FacetBox {
    fn of(pairs: &Pairs, facets: &[(String, FacetCounts)], name: &str, counts: &FacetCounts) -> Self {
        let most = counts.values.iter().map(|value| value.count).max().unwrap_or(0).max(1);
        let values = counts.values.iter().map(|value| {
            let href = if value.selected {
                without_value(pairs, name, &value.value)
            } else {
                with_value(pairs, name, &value.value)
            };
            FacetLine {
                link: Link { text: value.value.clone(), href, on: value.selected },
                count: grouped(value.count),
                percent: (value.count * 100).div_ceil(most),
                exclude: with_value(pairs, name, &format!("!{}", value.value)),
            }
        });
        let more = counts.distinct.saturating_sub(counts.values.len() as u64);
        let more = (more > 0).then(|| Link {
            text: grouped(more),
            href: href(&without(pairs, &["facets"]), &[("facets", &facets_with(facets, name))]),
            on: false,
        });
        Self { name: name.to_owned(), values: values.collect(), more }
    }
}

/// The facets of a page, one of them with many values.
fn facets_with(facets: &[(String, FacetCounts)], long: &str) -> String {
    let sized = facets.iter().map(
        |(name, _)| {
            if name == long { format!("{name}:{MANY_VALUES}") } else { name.clone() }
        },
    );
    sized.collect::<Vec<_>>().join(",")
}

/// The end of a path, which tells files apart.
fn short(path: &str) -> String {
    match path.rmatch_indices('/').nth(1) {
        Some((at, _)) if at > 0 => format!("…{}", &path[at..]),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_cut_at_the_front() {
        for (path, expected) in [
            ("a.txt", "a.txt"),
            ("/b/a.txt", "/b/a.txt"),
            ("d/c/b/a.txt", "…/b/a.txt"),
            ("c/b/a.txt", "…/b/a.txt"),
        ] {
            assert_eq!(short(path), expected);
        }
    }
}
