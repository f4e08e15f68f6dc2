//! `dateline facets`: the values of one facet, and how many articles have each.

use std::process::ExitCode;

use clap::ValueEnum;
use dateline::render;
use dateline::render::Format;
use dateline::schema::Facet;
use dateline::search::request::FacetOrder;
use dateline::search::request::FacetRequest;
use dateline::search::request::MAX_FACET_SIZE;
use dateline::search::request::SearchRequest;
use dateline::search::search;

use crate::commands::failure::Failure;
use crate::commands::filters::Filters;
use crate::commands::filters::{facets, formats, number};
use crate::commands::globals::Globals;
use crate::commands::output;

/// List the values of one facet with their counts
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The facet
    #[arg(value_parser = facets())]
    field: Facet,
    /// Count only articles that match, in the query language
    query: Vec<String>,
    /// List only values with a word that begins like this
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,
    /// Values to list, 0 to 1000
    #[arg(short = 'n', long, value_name = "N", default_value = "20", allow_negative_numbers = true, value_parser = number(MAX_FACET_SIZE))]
    limit: usize,
    /// Which values come first
    #[arg(long, value_name = "ORDER", default_value = "count")]
    order: Order,
    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    #[arg(value_parser = formats(&[Format::Text, Format::Json, Format::Csv]))]
    format: Format,
    #[command(flatten)]
    filters: Filters,
}

/// Order of the values.
#[derive(Clone, Copy, ValueEnum)]
enum Order {
    /// Those of most articles
    Count,
    /// By name
    Name,
    /// Those that stand more often in the articles that match than in the whole archive (log-likelihood)
    Surprising,
}

impl From<Order> for FacetOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Count => Self::Count,
            Order::Name => Self::Name,
            Order::Surprising => Self::Surprising,
        }
    }
}

impl Args {
    pub(crate) fn prints_json(&self) -> bool {
        matches!(self.format, Format::Json | Format::JsonLines)
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    let wanted = FacetRequest {
        facet: args.field,
        size: args.limit,
        prefix: args.prefix.clone(),
        order: args.order.into(),
    };
    let request = SearchRequest { limit: 0, facets: vec![wanted], ..args.filters.request(&args.query) };
    let index = globals.open()?;
    let response = search(&index, &globals.taxonomy()?, &request)
        .map_err(|error| Failure::of_search(error, &request.query))?;
    let counts = response.facets.first().map(|(_, counts)| counts.clone()).unwrap_or_default();
    output::write(|out| render::facet(args.format, args.field.name(), &counts, globals.style(), out))?;
    Ok(ExitCode::SUCCESS)
}
