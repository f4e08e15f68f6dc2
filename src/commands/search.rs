//! `dateline search`: ranked hits, facet counts, timeline.

use std::process::ExitCode;

use clap::ValueEnum;
use dateline::render;
use dateline::render::Format;
use dateline::render::thousands;
use dateline::schema::Facet;
use dateline::search::request::FacetRequest;
use dateline::search::request::Interval;
use dateline::search::request::MAX_HALF_LIFE;
use dateline::search::request::MAX_LIMIT;
use dateline::search::request::MAX_OFFSET;
use dateline::search::request::MAX_SNIPPETS;
use dateline::search::request::SearchRequest;
use dateline::search::request::Sort;
use dateline::search::request::age_in_days;
use dateline::search::response::SearchResponse;
use dateline::search::search;

use crate::commands::failure::Failure;
use crate::commands::filters::Filters;
use crate::commands::filters::{formats, number};
use crate::commands::globals::Globals;
use crate::commands::output;
use crate::commands::queries::Queries;

/// Values of a facet shown below the hits where nothing else is asked for.
const SHOWN_VALUES: usize = 8;
/// Hits printed where nothing else is asked for.
const HITS: usize = 10;
/// The word that asks for no facets.
const NONE: &str = "none";

/// Search the index
///
/// Prints the best hits, then counts by person, country and topic. Exits with 0 where something is found, 1 where
/// nothing is, 2 on an error.
#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Args {
    /// What to look for, in the query language; without it every article matches
    query: Vec<String>,
    /// Order of the hits
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    sort: Order,
    /// The query is plain words, any of which will do; the best hits share most of them
    #[arg(long)]
    any: bool,
    /// By relevance, let a score lose half of its worth with so much age, as 30d, 6w, 3m or 1y
    #[arg(long, value_name = "AGE", value_parser = age)]
    recency: Option<u32>,
    /// Hits to print, 0 to 1000 [default: 10; 1000 with --queries]
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true, value_parser = number(MAX_LIMIT))]
    limit: Option<usize>,
    /// Hits to skip
    #[arg(long, value_name = "N", default_value = "0", allow_negative_numbers = true, value_parser = number(MAX_OFFSET))]
    offset: usize,
    /// Fragments of the text to show for a hit, 0 to 10, those first that hold most of the query
    #[arg(long, value_name = "N", default_value = "2", allow_negative_numbers = true, value_parser = number(MAX_SNIPPETS))]
    snippets: usize,
    /// Facets to count, as person,country,topic:20, or none [default for text: person,country,topic]; their values by
    /// count, name or surprise, as person:10:surprising: what stands there more often than in the whole archive
    #[arg(long, value_name = "FACET[:SIZE][:ORDER],...", value_delimiter = ',', value_parser = facet)]
    facets: Vec<Counted>,
    /// Count the hits by date of publication
    #[arg(long, value_name = "INTERVAL")]
    by: Option<Width>,
    /// Tell the share of the archive's articles of the same time, with --by
    #[arg(long, requires = "by")]
    share: bool,
    /// Tell how the query was understood, with the hits of each clause
    #[arg(long)]
    explain: bool,
    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(&Format::ALL))]
    format: Format,
    /// Print the number of hits only
    #[arg(short, long, conflicts_with_all = ["facets", "by", "share", "explain", "format", "limit", "offset", "snippets"])]
    count: bool,
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    queries: Queries,
}

const HELP: &str = "\
Query language:
  fentanyl precursors          both words; case, accents and forms do not matter
  '=talks'                     this form only
  tariffs OR sanctions         one or the other
  talks -climate               not; also: talks NOT climate
  '\"central bank\"'             an exact phrase
  '\"bank rates\"~5'             a loose one: up to five moves of a word
  oil w/5 prices               at most five words on, in any order
  crude pre/3 prices           the same, in this order
  Blinken /s Taiwan            in one sentence; /p in one paragraph
  'sanction*'                  a beginning, also in a phrase: '\"drug traffick*\"'
  'wor?d min*er'               any one letter, any letters
  Zelenskiy~1                  spelt nearly so; ~2 for two letters
  '/199[0-9]/'                 a regular expression, of a whole word
  'atleast3(oil OR opec)'      in three places or more
  headline:summit              in headline, lead, body, byline, source or url
  'person:\"Xi Jinping\"'        about a person, country or topic
  'date:2023-06 wc:>300'       published then, longer than 300 words
  'has:byline date:>=2023'     has a byline; published from 2023 on
  'Taiwan^2 OR hotline'        counts twice in the order of the hits

The shell takes quotes, * and > for itself: put the query into single quotes. A query
that begins with a minus stands after two dashes, as otherwise it looks like a flag:
  dateline search --limit 5 -- -climate talks

JSON has the facets and the timeline only where --facets and --by ask for them; JSON Lines,
CSV and ids are lists of hits and have neither.";

/// Order of the hits.
#[derive(Clone, Copy, ValueEnum)]
enum Order {
    /// Best match first
    Relevance,
    /// Newest first, undated last
    Newest,
    /// Oldest first, undated last
    Oldest,
}

/// Width of the buckets of a timeline.
#[derive(Clone, Copy, ValueEnum)]
enum Width {
    Year,
    Quarter,
    Month,
    Week,
    Day,
}

/// What `--facets` may name.
#[derive(Clone)]
enum Counted {
    None,
    Facet(FacetRequest),
}

impl Args {
    pub(crate) fn prints_json(&self) -> bool {
        matches!(self.format, Format::Json | Format::JsonLines)
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    answer(args, globals).map_err(Failure::never_one)
}

fn answer(args: &Args, globals: &Globals) -> Result<ExitCode, Failure> {
    check_format(args)?;
    let request = request(args, globals.is_quiet());
    if let Some(file) = args.queries.file() {
        return args.queries.answer(file, &request, args.limit, globals);
    }
    let index = globals.open()?;
    let response = search(&index, &globals.taxonomy()?, &request)
        .map_err(|error| Failure::of_search(error, &request.query))?;
    if args.count && !globals.is_quiet() {
        output::write(|out| writeln!(out, "{}", response.total))?;
    } else if !globals.is_quiet() {
        output::write(|out| render::response(args.format, &response, globals.style(), out))?;
        summary(&response, args.format, globals);
    }
    Ok(ExitCode::from(u8::from(response.total == 0)))
}

/// Facets, timeline and explanation have no place in a list of hits: asked for there, they would be lost silently.
fn check_format(args: &Args) -> Result<(), Failure> {
    let flags = [
        ("--facets", args.facets.iter().any(|counted| matches!(counted, Counted::Facet(_)))),
        ("--by", args.by.is_some()),
        ("--explain", args.explain),
    ];
    let lost = flags.into_iter().find(|(_, asked)| *asked);
    match (args.format, args.queries.file()) {
        (Format::Trec, _) | (_, None) => {}
        (_, Some(_)) => return Err(Failure::user("--queries writes a TREC run", "add --format trec")),
    }
    match (args.format, lost) {
        (Format::JsonLines | Format::Csv | Format::Ids | Format::Trec, Some((flag, _))) => {
            let message = format!("{flag} has no place in --format {}", args.format.name());
            Err(Failure::user(message, "use --format json or --format text"))
        }
        _ => Ok(()),
    }
}

fn request(args: &Args, quiet: bool) -> SearchRequest {
    let request = SearchRequest {
        sort: args.sort.into(),
        recency: args.recency,
        any: args.any,
        limit: args.limit.unwrap_or(HITS),
        offset: args.offset,
        snippets: args.snippets,
        ..args.filters.request(&args.query)
    };
    if args.count || quiet {
        return SearchRequest { limit: 0, ..request };
    }
    SearchRequest {
        facets: facets(args),
        by: args.by.map(Interval::from),
        share: args.share,
        explain: args.explain,
        ..request
    }
}

fn facets(args: &Args) -> Vec<FacetRequest> {
    if args.facets.is_empty() && args.format == Format::Text {
        let shown = [Facet::Person, Facet::Country, Facet::Topic].map(FacetRequest::new);
        return shown.map(|facet| FacetRequest { size: SHOWN_VALUES, ..facet }).to_vec();
    }
    let asked = args.facets.iter().filter_map(|counted| match counted {
        Counted::Facet(facet) => Some(facet.clone()),
        Counted::None => None,
    });
    asked.collect()
}

fn facet(text: &str) -> Result<Counted, String> {
    match text {
        NONE => Ok(Counted::None),
        text => FacetRequest::typed(text).map(Counted::Facet),
    }
}

/// Reads an age in days, weeks, months or years.
fn age(text: &str) -> Result<u32, String> {
    age_in_days(text).ok_or_else(|| format!("write an age as 30d, 6w, 3m or 1y, up to {MAX_HALF_LIFE}d"))
}

/// The last line, for people.
fn summary(response: &SearchResponse, format: Format, globals: &Globals) {
    if format == Format::Text {
        globals.say(&sentence(response));
    }
    if let Some(better) = &response.did_you_mean {
        globals.say(&format!("hint: did you mean {better}"));
    }
}

fn sentence(response: &SearchResponse) -> String {
    let (total, took) = (response.total, response.took_ms);
    match total {
        0 => format!("no article matches ({took} ms)"),
        1 => format!("{} of 1 article in {took} ms", response.hits.len()),
        _ => {
            format!("{} of {} articles in {took} ms", thousands(response.hits.len() as u64), thousands(total))
        }
    }
}

impl From<Order> for Sort {
    fn from(order: Order) -> Self {
        match order {
            Order::Relevance => Self::Relevance,
            Order::Newest => Self::Newest,
            Order::Oldest => Self::Oldest,
        }
    }
}

impl From<Width> for Interval {
    fn from(width: Width) -> Self {
        match width {
            Width::Year => Self::Year,
            Width::Quarter => Self::Quarter,
            Width::Month => Self::Month,
            Width::Week => Self::Week,
            Width::Day => Self::Day,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Typed {
        #[command(flatten)]
        args: Args,
    }

    fn asked(typed: &[&str]) -> SearchRequest {
        request(&Typed::parse_from(["search"].iter().chain(typed)).args, false)
    }

    fn check_facets(typed: &[&str], expected: &[(Facet, usize)]) {
        let facets = asked(typed).facets;
        let found: Vec<(Facet, usize)> = facets.iter().map(|facet| (facet.facet, facet.size)).collect();
        assert_eq!(found, expected, "{typed:?}");
    }

    #[test]
    fn every_example_of_the_help_can_be_asked() {
        let examples = HELP.lines().filter_map(|line| line.strip_prefix("  ")).filter_map(|line| {
            let (query, meaning) = line.split_once("  ")?;
            Some([query].into_iter().chain(meaning.split_once("also: ").map(|(_, also)| also)))
        });
        let queries: Vec<&str> = examples.flatten().map(|query| query.trim_matches('\'')).collect();
        assert!(queries.len() > 8, "{queries:?}");
        for query in queries {
            assert!(dateline::query::parse::parse(query).is_ok(), "{query}");
        }
    }

    #[test]
    fn facets_are_counted_where_they_are_shown_or_asked_for() {
        let shown = [(Facet::Person, 8), (Facet::Country, 8), (Facet::Topic, 8)];
        check_facets(&[], &shown);
        check_facets(&["--facets", "none"], &[]);
        check_facets(&["--format", "json"], &[]);
        check_facets(&["--format", "csv"], &[]);
        let asked = [(Facet::Source, 10), (Facet::Person, 3)];
        check_facets(&["--format", "json", "--facets", "source,person:3"], &asked);
        check_facets(&["--count"], &[]);
    }

    #[test]
    fn words_are_joined_and_a_minus_may_follow_two_dashes() {
        assert_eq!(asked(&["a", "b", "--sort", "newest", "c"]).query, "a b c");
        assert_eq!(asked(&["talks", "--", "-climate"]).query, "talks -climate");
        assert_eq!(asked(&["-n", "3", "--", "-climate", "--limit"]).query, "-climate --limit");
    }

    #[test]
    fn a_list_of_hits_has_no_place_for_counts() {
        for (typed, fits) in [
            (["--format", "csv", "--by", "year"], false),
            (["--format", "ids", "--facets", "person"], false),
            (["--format", "ids", "--facets", "none"], true),
            (["--format", "json", "--by", "year"], true),
        ] {
            let args = Typed::parse_from(["search"].iter().chain(&typed)).args;
            assert_eq!(check_format(&args).is_ok(), fits, "{typed:?}");
        }
    }
}
