//! *Parameters* of the API are the flags of `dateline search`: one reader for query strings and for JSON bodies.

use std::str::FromStr;

use serde_json::Value;

use crate::article::NewsDate;
use crate::schema::Facet;
use crate::search::error::SearchError;
use crate::search::request::{FacetRequest, Filter, Interval, SearchRequest, Sort};

/// Names and values, as they were sent.
pub(crate) type Pairs = Vec<(String, String)>;

/// The pairs of a query string.
pub(crate) fn pairs_of_query(query: &str) -> Pairs {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The pairs of a JSON object: a list gives its name several times.
///
/// # Errors
/// Where the body is no object, or a value is an object itself.
pub(crate) fn pairs_of_json(body: &[u8]) -> Result<Pairs, SearchError> {
    let wrong = |what: String| {
        SearchError::parameter(
            what,
            "send an object such as {\"query\": \"fentanyl\", \"country\": [\"China\"]}",
        )
    };
    let value: Value =
        serde_json::from_slice(body).map_err(|error| wrong(format!("the body is no JSON: {error}")))?;
    let Value::Object(object) = value else { return Err(wrong("the body is no JSON object".to_owned())) };
    let mut pairs = Vec::new();
    for (name, value) in object {
        let values = match value {
            Value::Array(values) => values,
            Value::Null => Vec::new(),
            other => vec![other],
        };
        for value in values {
            let text = match value {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                Value::Null | Value::Array(_) | Value::Object(_) => {
                    return Err(wrong(format!(
                        "'{name}' holds neither text nor a number nor a list of them"
                    )));
                }
            };
            pairs.push((name.clone(), text));
        }
    }
    Ok(pairs)
}

/// The request that parameters ask for.
///
/// # Errors
/// The first name that is unknown, or value that cannot be read.
pub(crate) fn request_of(pairs: &Pairs) -> Result<SearchRequest, SearchError> {
    let mut request = SearchRequest::default();
    for (name, value) in pairs {
        match name.as_str() {
            "q" | "query" => request.query.clone_from(value),
            "from" | "begin_date" | "from-date" => request.from = date(name, value)?,
            "to" | "end_date" | "to-date" => request.to = date(name, value)?,
            "sort" => request.sort = sort(value)?,
            "limit" | "n" => request.limit = number(name, value)?,
            "offset" => request.offset = number(name, value)?,
            "facets" => {
                for facet in value.split(',').map(str::trim).filter(|facet| !facet.is_empty()) {
                    let facet = FacetRequest::typed(facet);
                    request
                        .facets
                        .push(facet.map_err(|message| wrong(message, "write facets=person,country:20"))?);
                }
            }
            "all_of" | "all-of" => request.all_of.push(facet(value)?),
            "by" if value.is_empty() => {}
            "by" => request.by = Some(interval(value)?),
            "explain" => request.explain = flag(name, value)?,
            "mentions" => request.mentions = flag(name, value)?,
            other => match Facet::from_str(other) {
                Ok(facet) if !value.trim().is_empty() => request.filters.push(Filter::typed(facet, value)),
                Ok(_) => {}
                Err(_) => {
                    let message = format!("there is no parameter '{other}'");
                    return Err(wrong(
                        message,
                        "the parameters are the flags of dateline search, as q, country, from",
                    ));
                }
            },
        }
    }
    Ok(request)
}

/// The facet of a name.
pub(crate) fn facet(name: &str) -> Result<Facet, SearchError> {
    Facet::from_str(name).map_err(|message| wrong(message, "use one of these"))
}

/// A whole number.
pub(crate) fn number(name: &str, value: &str) -> Result<usize, SearchError> {
    value
        .parse()
        .map_err(|_| wrong(format!("{name} '{value}' is no whole number"), &format!("write {name}=10")))
}

fn date(name: &str, value: &str) -> Result<Option<NewsDate>, SearchError> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    // The eight digits of the New York Times' API are a day too.
    let compact = value.len() == 8 && value.bytes().all(|b| b.is_ascii_digit());
    let text =
        if compact { format!("{}-{}-{}", &value[..4], &value[4..6], &value[6..]) } else { value.to_owned() };
    text.parse()
        .map(Some)
        .map_err(|error: crate::article::NotADate| wrong(format!("{name}: {error}"), "write 2023-06"))
}

fn sort(value: &str) -> Result<Sort, SearchError> {
    match value {
        "" | "relevance" => Ok(Sort::Relevance),
        "newest" => Ok(Sort::Newest),
        "oldest" => Ok(Sort::Oldest),
        other => Err(wrong(format!("there is no order '{other}'"), "sort by relevance, newest or oldest")),
    }
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
        "" | "1" | "true" | "on" => Ok(true),
        "0" | "false" | "off" => Ok(false),
        other => {
            Err(wrong(format!("{name} '{other}' is neither true nor false"), &format!("write {name}=true")))
        }
    }
}

fn wrong(message: String, hint: &str) -> SearchError {
    SearchError::parameter(message, hint)
}
