//! A search that does not end in time says so, and never gives out what it found by then as all there is.

use std::time::Duration;

use dateline::deadline::Deadline;
use dateline::schema::Facet;
use dateline::search::error::SearchError;
use dateline::search::request::{FacetRequest, Filter, SearchRequest};
use dateline::search::search_until;

use crate::archive::{Archive, sample_corpus, taxonomy};

fn check(request: &SearchRequest) {
    let (archive, _) = Archive::of(&[sample_corpus()]);
    let index = archive.open();
    let by = |time: u64| Deadline::after(Duration::from_secs(time));
    let late = search_until(&index, taxonomy(), request, &by(0));
    assert!(matches!(late, Err(SearchError::Late)), "{request:?}: {late:?}");
    let answer = search_until(&index, taxonomy(), request, &by(600)).unwrap();
    assert!(answer.total > 0, "{request:?}");
}

#[test]
fn a_search_past_its_deadline_has_no_answer() {
    let of = |query: &str| SearchRequest { query: query.to_owned(), ..SearchRequest::default() };
    check(&of("oil"));
    check(&of("\"the of\"~20"));
    check(&of("the*"));
    check(&SearchRequest { explain: true, ..of("oil OR gas") });
    let filters = vec![Filter::typed(Facet::Country, "china")];
    let facets = vec![FacetRequest::new(Facet::Person)];
    check(&SearchRequest { filters, facets, ..of("") });
}
