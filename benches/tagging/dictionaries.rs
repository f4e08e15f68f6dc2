//! The sizes of the dictionaries, and what it takes to make them ready.

use std::time::Instant;

use dateline::tag::{Dictionaries, Tagger};
use dateline::taxonomy::Taxonomy;

/// The rows of the table.
pub(crate) fn rows() -> String {
    let before = resident();
    let started = Instant::now();
    let taxonomy = Taxonomy::builtin();
    let opened = started.elapsed();
    let tagger = Tagger::new(&Dictionaries::of(&taxonomy)).unwrap();
    let built = started.elapsed();
    let held = resident().saturating_sub(before);
    let countries = &taxonomy.countries().list;
    let persons = &taxonomy.persons().list;
    let forms: usize = countries.iter().map(|country| country.forms.len()).sum();
    let names: usize = persons.iter().map(|person| 1 + person.aliases.len() + person.bare.len()).sum();
    let offices: usize = persons.iter().map(|person| person.offices.len()).sum();
    let ids = persons.iter().filter(|person| person.wikidata.is_some()).count();
    let known = Taxonomy::builtin();
    let started = Instant::now();
    std::hint::black_box(known.persons_named("reagan"));
    let resolved = started.elapsed();
    drop(tagger);
    format!(
        "| `countries.tsv` | {} countries, present and former, {forms} forms |\n\
         | `persons.tsv` | {} persons, {names} forms, {offices} offices, {ids} Wikidata ids |\n\
         | `given-names*.txt`, `titles.txt`, `not-persons.txt` | {} words |\n\
         | `guards.txt` | {} phrases |\n\
         | opening the dictionaries, as every command does | {:.2} ms |\n\
         | resolving a person's name, as a search with such a filter does | {:.1} ms |\n\
         | reading all of them and building the tagger, as `index` and `tag` do | {:.0} ms |\n\
         | memory of the dictionaries and the tagger | {:.0} MB |\n",
        countries.len(),
        persons.len(),
        taxonomy.words().list.len(),
        taxonomy.guards().phrases.len(),
        opened.as_secs_f64() * 1e3,
        resolved.as_secs_f64() * 1e3,
        built.as_secs_f64() * 1e3,
        held as f64 / 1e6,
    )
}

/// Bytes of memory this process holds, as Linux tells it; 0 elsewhere.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or_default() << 10
}
