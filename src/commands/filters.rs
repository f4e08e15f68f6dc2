//! *Filters* are the flags that narrow a search, shared by the commands that search.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use dateline::article::NewsDate;
use dateline::render::Format;
use dateline::schema::Facet;
use dateline::search::request::Filter;
use dateline::search::request::SearchRequest;

/// The flags that narrow a search.
#[derive(clap::Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Filters {
    /// Articles about a person; repeat it for one or the other, '!NAME' for not
    #[arg(long, value_name = "NAME")]
    person: Vec<String>,
    /// Articles about a country, by name, older name or code: China, PRC, CN
    #[arg(long, value_name = "NAME")]
    country: Vec<String>,
    /// Articles on a topic or one below it: Narcotics, Narcotics/Fentanyl
    #[arg(long, value_name = "PATH")]
    topic: Vec<String>,
    /// Articles that keep coming back to a phrase: 'interest rate'
    #[arg(long, value_name = "PHRASE")]
    keyphrase: Vec<String>,
    /// Articles of a publisher
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    /// Articles by an author
    #[arg(long, value_name = "NAME")]
    author: Vec<String>,
    /// Articles in a language, by its two-letter code: en, de, zh
    #[arg(long, value_name = "CODE")]
    language: Vec<String>,
    /// Articles of a section or desk
    #[arg(long, value_name = "NAME")]
    section: Vec<String>,
    /// Articles that name an organization, where the source says so
    #[arg(long, value_name = "NAME")]
    organization: Vec<String>,
    /// Ask for all values of this facet at once, not for one of them
    #[arg(long, value_name = "FACET", value_parser = facets())]
    all_of: Vec<Facet>,
    /// Published on this day or later: 2023, 2023-06 or 2023-06-18
    #[arg(long, value_name = "DATE")]
    from: Option<NewsDate>,
    /// Published on this day or earlier; a month or a year counts to its end
    #[arg(long, value_name = "DATE")]
    to: Option<NewsDate>,
    /// Take every mention of a person or country, not only what an article is about
    #[arg(long)]
    mentions: bool,
}

impl Filters {
    /// The request that asks for a query and these filters.
    pub(crate) fn request(&self, query: &[String]) -> SearchRequest {
        SearchRequest {
            query: query.join(" "),
            filters: self.typed(),
            all_of: self.all_of.clone(),
            from: self.from,
            to: self.to,
            mentions: self.mentions,
            ..SearchRequest::default()
        }
    }

    fn typed(&self) -> Vec<Filter> {
        let values = |facet| match facet {
            Facet::Person => &self.person,
            Facet::Country => &self.country,
            Facet::Topic => &self.topic,
            Facet::Keyphrase => &self.keyphrase,
            Facet::Source => &self.source,
            Facet::Author => &self.author,
            Facet::Language => &self.language,
            Facet::Section => &self.section,
            Facet::Organization => &self.organization,
        };
        let of = |facet| values(facet).iter().map(move |value| Filter::typed(facet, value));
        Facet::ALL.into_iter().flat_map(of).collect()
    }
}

/// Reads the name of a facet.
pub(crate) fn facets() -> impl TypedValueParser<Value = Facet> {
    PossibleValuesParser::new(Facet::ALL.map(Facet::name)).try_map(|name| name.parse::<Facet>())
}

/// Reads the name of a format, of those that a command has.
pub(crate) fn formats(formats: &[Format]) -> impl TypedValueParser<Value = Format> + use<> {
    let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Format>())
}

/// Reads a number from 0 to a most.
pub(crate) fn number(most: usize) -> impl Fn(&str) -> Result<usize, String> + Clone + Send + Sync {
    move |text| {
        let number = text.parse().ok().filter(|number| *number <= most);
        number.ok_or_else(|| format!("write a whole number from 0 to {most}"))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Typed {
        #[command(flatten)]
        filters: Filters,
    }

    #[test]
    fn flags_become_filters() {
        let typed =
            ["x", "--country", "PRC", "--person", "!Xi Jinping", "--country=!Iran", "--all-of", "country"];
        let request = Typed::parse_from(typed).filters.request(&["a".to_owned(), "\"b c\"".to_owned()]);
        let filter = |facet, value: &str, exclude| Filter { facet, value: value.to_owned(), exclude };
        assert_eq!(request.query, "a \"b c\"");
        assert_eq!(request.all_of, [Facet::Country]);
        assert_eq!(
            request.filters,
            [
                filter(Facet::Person, "Xi Jinping", true),
                filter(Facet::Country, "PRC", false),
                filter(Facet::Country, "Iran", true),
            ]
        );
    }

    #[test]
    fn every_facet_has_its_flag() {
        for facet in Facet::ALL {
            let flag = format!("--{}", facet.name());
            let request = Typed::parse_from(["x", flag.as_str(), "value"]).filters.request(&[]);
            assert_eq!(request.filters, [Filter::typed(facet, "value")]);
        }
    }

    #[test]
    fn a_number_is_read_within_its_bounds() {
        for (typed, expected) in
            [("0", Some(0)), ("9", Some(9)), ("10", None), ("-1", None), ("ten", None), ("", None)]
        {
            assert_eq!(number(9)(typed).ok(), expected, "{typed}");
        }
        assert_eq!(number(9)("ten"), Err("write a whole number from 0 to 9".to_owned()));
    }
}
