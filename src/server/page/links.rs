//! A *link* leads to the page with one parameter changed; made here from the parameters of the request.

use serde::Serialize;

use crate::server::params::Pairs;

/// A link with its text.
#[derive(Serialize)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) href: String,
    pub(super) on: bool,
}

/// Pairs less some names.
pub(super) fn without(pairs: &Pairs, names: &[&str]) -> Pairs {
    pairs.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect()
}

/// The link that asks for a facet's value, or with `!` before it leaves it out.
pub(super) fn with_value(pairs: &Pairs, name: &str, value: &str) -> String {
    let bare = |value: &str| value.strip_prefix('!').unwrap_or(value).to_owned();
    let mut rest = without(pairs, &["offset"]);
    rest.retain(|(n, v)| n != name || bare(v) != bare(value));
    href(&rest, &[(name, value)])
}

/// The link that takes a facet's value off again, however it was typed; all of the facet's where it was typed otherwise.
pub(super) fn without_value(pairs: &Pairs, name: &str, value: &str) -> String {
    let typed = pairs.iter().any(|(n, v)| n == name && v == value);
    let rest: Pairs = pairs
        .iter()
        .filter(|(n, v)| n != name || (typed && v != value) || v.starts_with('!'))
        .cloned()
        .collect();
    href(&without(&rest, &["offset"]), &[])
}

pub(super) fn href(pairs: &Pairs, more: &[(&str, &str)]) -> String {
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
pub(super) fn grouped(number: u64) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_asked_for_once_or_left_out() {
        let pairs = |query: &str| crate::server::params::pairs_of_query(query);
        for (query, value, expected) in [
            ("q=oil&offset=20", "Iran", "/?q=oil&country=Iran"),
            ("country=Iran", "Iran", "/?country=Iran"),
            ("country=Iran&country=Iraq", "!Iran", "/?country=Iraq&country=%21Iran"),
            ("person=Iran", "Iran", "/?person=Iran&country=Iran"),
        ] {
            assert_eq!(with_value(&pairs(query), "country", value), expected);
        }
    }
}
