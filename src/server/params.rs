//! *Parameters* of the API are the flags of `dateline search`: one reader for query strings and for JSON bodies.
//!
//! An empty value is as good as none. What may be given once and is given twice is refused: one of the two would be
//! lost silently.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::article::NewsDate;
use crate::schema::Facet;
use crate::search::error::SearchError;
use crate::search::request::age_in_days;
use crate::search::request::{FacetOrder, FacetRequest, Filter, Interval, MAX_FILTERS, SearchRequest, Sort};

/// Names and values as they were sent, under the names that the command line has for them.
pub(crate) type Pairs = Vec<(String, String)>;

/// Other names of parameters, those of the New York Times' and the Guardian's APIs among them.
const ALIASES: [(&str, &str); 7] = [
    ("query", "q"),
    ("begin_date", "from"),
    ("from-date", "from"),
    ("end_date", "to"),
    ("to-date", "to"),
    ("n", "limit"),
    ("all-of", "all_of"),
];
/// Parameters that hold one value.
const ONCE: [&str; 14] = [
    "q", "any", "like", "from", "to", "sort", "recency", "limit", "offset", "snippets", "by", "share",
    "explain", "mentions",
];
/// Parameters that hold several.
const LISTS: [&str; 2] = ["facets", "all_of"];
/// Parameters that are true where they stand without a value.
const FLAGS: [&str; 4] = ["any", "share", "explain", "mentions"];
/// The word that asks for no facets.
const NONE: &str = "none";

/// The pairs of a query string.
pub(crate) fn pairs_of_query(query: &str) -> Pairs {
    let pairs = query.split('&').flat_map(|part| {
        let bare = !part.contains('=');
        form_urlencoded::parse(part.as_bytes()).map(move |(name, value)| {
            let name = canonical(&name);
            let on = bare && FLAGS.contains(&name);
            (name.to_owned(), if on { "true".to_owned() } else { value.into_owned() })
        })
    });
    pairs.collect()
}

/// The pairs of a JSON object: a list gives its name several times.
///
/// # Errors
/// Where the body is no object, or a value is an object itself.
pub(crate) fn pairs_of_json(body: &[u8]) -> Result<Pairs, SearchError> {
    let hint = "send an object such as {\"query\": \"fentanyl\", \"country\": [\"China\"]}";
    let Object(object) = serde_json::from_slice(body)
        .map_err(|error| wrong(format!("the body is no JSON object: {error}"), hint))?;
    let mut pairs = Vec::new();
    for (name, value) in object {
        let values = match value {
            Value::Array(values) => values,
            Value::Null => Vec::new(),
            other => vec![other],
        };
        for value in values {
            let Some(text) = text_of(value) else {
                let message = format!("'{name}' holds neither text nor a number nor a list of them");
                return Err(wrong(message, hint));
            };
            pairs.push((canonical(&name).to_owned(), text));
        }
    }
    Ok(pairs)
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The entries of a JSON object, with those that stand there twice.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Object, M::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Object(entries))
            }
        }
        from.deserialize_map(Entries)
    }
}

fn canonical(name: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| *name)
}

/// The request that parameters ask for.
///
/// # Errors
/// The first name that is unknown or given twice, or value that cannot be read.
pub(crate) fn request_of(pairs: &Pairs) -> Result<SearchRequest, SearchError> {
    let mut request = SearchRequest::default();
    let mut given: Vec<&str> = Vec::new();
    for (name, value) in pairs {
        let facet = Facet::from_str(name).ok();
        if facet.is_none() && !ONCE.contains(&name.as_str()) && !LISTS.contains(&name.as_str()) {
            let hint = "the parameters are the flags of dateline search, as q, country, from";
            return Err(wrong(format!("there is no parameter '{name}'"), hint));
        }
        if value.trim().is_empty() {
            continue;
        }
        match facet {
            Some(facet) => add_filter(&mut request, facet, value)?,
            None if LISTS.contains(&name.as_str()) => add_list(&mut request, name, value)?,
            None if given.contains(&name.as_str()) => return Err(twice(name)),
            None => set(&mut request, name, value)?,
        }
        given.push(name);
    }
    Ok(request)
}

fn add_filter(request: &mut SearchRequest, facet: Facet, value: &str) -> Result<(), SearchError> {
    if request.filters.len() == MAX_FILTERS {
        return Err(wrong(
            format!("there are more than {MAX_FILTERS} filters"),
            "ask for fewer values at once",
        ));
    }
    request.filters.push(Filter::typed(facet, value));
    Ok(())
}

/// Facets to count, or to be had with all their values: names between commas.
fn add_list(request: &mut SearchRequest, list: &str, names: &str) -> Result<(), SearchError> {
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        if list == "all_of" {
            let facet = facet(name)?;
            if !request.all_of.contains(&facet) {
                request.all_of.push(facet);
            }
        } else if name != NONE {
            let asked = FacetRequest::typed(name)
                .map_err(|message| wrong(message, "write facets=person,country:20,topic:20:surprising"))?;
            if request.facets.iter().any(|other| other.facet == asked.facet) {
                return Err(twice(&format!("the facet {}", asked.facet)));
            }
            request.facets.push(asked);
        }
    }
    Ok(())
}

fn set(request: &mut SearchRequest, name: &str, value: &str) -> Result<(), SearchError> {
    match name {
        "q" => value.clone_into(&mut request.query),
        "any" => request.any = flag(name, value)?,
        "like" => {
            let id =
                value.parse().map_err(|_| wrong(format!("'{value}' is no id"), "write 16 hex digits"))?;
            request.like = Some(id);
        }
        "recency" => {
            let message = || wrong(format!("'{value}' is no age"), "write 30d, 6w, 3m or 1y");
            request.recency = Some(age_in_days(value).ok_or_else(message)?);
        }
        "from" => request.from = Some(date(name, value)?),
        "to" => request.to = Some(date(name, value)?),
        "sort" => request.sort = sort(value)?,
        "limit" => request.limit = number(name, value)?,
        "offset" => request.offset = number(name, value)?,
        "snippets" => request.snippets = number(name, value)?,
        "by" => request.by = Some(interval(value)?),
        "share" => request.share = flag(name, value)?,
        "explain" => request.explain = flag(name, value)?,
        _ => request.mentions = flag(name, value)?,
    }
    Ok(())
}

/// A search that counts one facet and returns no hits.
///
/// # Errors
/// As for a search; and what would have no effect.
pub(crate) fn facet_request_of(field: &str, pairs: Pairs) -> Result<SearchRequest, SearchError> {
    let mut wanted = FacetRequest::new(facet(field)?);
    let mut given: Vec<&str> = Vec::new();
    let (own, pairs): (Pairs, Pairs) =
        pairs.into_iter().partition(|(name, _)| matches!(name.as_str(), "prefix" | "limit" | "order"));
    for (name, value) in own.iter().filter(|(_, value)| !value.trim().is_empty()) {
        if given.contains(&name.as_str()) {
            return Err(twice(name));
        }
        match name.as_str() {
            "prefix" => wanted.prefix = Some(value.clone()),
            "order" => wanted.order = order(value)?,
            _ => wanted.size = number(name, value)?,
        }
        given.push(name);
    }
    let idle = ["facets", "by", "share", "sort", "offset", "snippets", "explain"];
    if let Some((name, _)) = pairs.iter().find(|(name, _)| idle.contains(&name.as_str())) {
        let message = format!("{name} has no effect on the counts of one facet");
        return Err(wrong(message, "leave it out, or ask /api/search"));
    }
    Ok(SearchRequest { limit: 0, facets: vec![wanted], ..request_of(&pairs)? })
}

fn twice(name: &str) -> SearchError {
    wrong(format!("{name} is given twice"), "leave one out")
}

fn facet(name: &str) -> Result<Facet, SearchError> {
    Facet::from_str(name).map_err(|message| wrong(message, "use one of these"))
}

fn number(name: &str, value: &str) -> Result<usize, SearchError> {
    value
        .trim()
        .parse()
        .map_err(|_| wrong(format!("{name} '{value}' is no whole number"), &format!("write {name}=10")))
}

fn date(name: &str, value: &str) -> Result<NewsDate, SearchError> {
    let value = value.trim();
    // The eight digits of the New York Times' API are a day too.
    let compact = value.len() == 8 && value.bytes().all(|b| b.is_ascii_digit());
    let text =
        if compact { format!("{}-{}-{}", &value[..4], &value[4..6], &value[6..]) } else { value.to_owned() };
    text.parse().map_err(|error: crate::article::NotADate| wrong(format!("{name}: {error}"), "write 2023-06"))
}

fn sort(value: &str) -> Result<Sort, SearchError> {
    match value {
        "relevance" => Ok(Sort::Relevance),
        "newest" => Ok(Sort::Newest),
        "oldest" => Ok(Sort::Oldest),
        other => Err(wrong(format!("there is no order '{other}'"), "sort by relevance, newest or oldest")),
    }
}

fn order(value: &str) -> Result<FacetOrder, SearchError> {
    value.parse().map_err(|message: String| wrong(message, "order=surprising"))
}

fn interval(value: &str) -> Result<Interval, SearchError> {
    match value {
        "year" => Ok(Interval::Year),
        "quarter" => Ok(Interval::Quarter),
        "month" => Ok(Interval::Month),
        "week" => Ok(Interval::Week),
        "day" => Ok(Interval::Day),
        other => {
            Err(wrong(format!("there is no bucket '{other}'"), "count by year, quarter, month, week or day"))
        }
    }
}

fn flag(name: &str, value: &str) -> Result<bool, SearchError> {
    match value {
        "1" | "true" | "on" => Ok(true),
        "0" | "false" | "off" => Ok(false),
        other => {
            Err(wrong(format!("{name} '{other}' is neither true nor false"), &format!("write {name}=true")))
        }
    }
}

fn wrong(message: String, hint: &str) -> SearchError {
    SearchError::parameter(message, hint)
}
