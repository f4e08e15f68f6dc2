//! Indexing, its memory and size, and a cold search, beside the bare engine on the same text in the same run.
//!
//! `cargo bench --bench indexing [-- DIR]` reads the Reuters wires of the folder that `DATELINE_SHARED` names, or DIR.
//! Both sides index with positions, English stems and the text stored, and end with one commit; the bare engine gets
//! the text ready made, so that what is left is what dateline adds: walking, reading, cleaning, tagging, facets. The
//! sides take turns; of each the median is printed, since the machine may be doing something else.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark ends where something fails, and prints"
)]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dateline::ingest::tagged::tag_paths;
use dateline::taxonomy::Taxonomy;
use tantivy::schema::{INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexWriter, TantivyDocument};

const ROUNDS: usize = 5;
const SEARCHES: usize = 21;
/// Memory of the bare engine's writer, in bytes, as much as dateline's own.
const WRITER_MEMORY: usize = 192 << 20;

struct Text {
    headline: String,
    body: String,
    day: i64,
}

fn main() {
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let shared = std::env::var_os("DATELINE_SHARED").map_or_else(|| "../shared".into(), PathBuf::from);
    let dir = named.unwrap_or_else(|| shared.join("data/reuters21578"));
    if !dir.exists() {
        println!("SKIPPED: {} is not there; set DATELINE_SHARED or name a folder", dir.display());
        return;
    }
    let texts = texts(&dir);
    let bytes: usize = texts.iter().map(|text| text.headline.len() + text.body.len()).sum();
    println!("{} articles of {}, {:.1} MB of text", texts.len(), dir.display(), megabytes(bytes as u64));
    let scratch = tempfile::tempdir().unwrap();
    let (mut ours, mut bare, mut bare_one) = (Vec::new(), Vec::new(), Vec::new());
    let mut peak = 0;
    for round in 0..ROUNDS {
        let index = scratch.path().join(format!("ours-{round}"));
        let (time, memory) = dateline_index(&dir, &index);
        ours.push(time);
        peak = peak.max(memory);
        bare.push(bare_index(&texts, &scratch.path().join(format!("bare-{round}")), 2));
        bare_one.push(bare_index(&texts, &scratch.path().join(format!("one-{round}")), 1));
    }
    let index = scratch.path().join("ours-0");
    let again = dateline_index(&dir, &index).0;
    let (ours, bare, bare_one) = (median(ours), median(bare), median(bare_one));
    let rate = |time: Duration| megabytes(bytes as u64) / time.as_secs_f64();
    println!("dateline index          {:>8.2} s {:>7.1} MB/s", ours.as_secs_f64(), rate(ours));
    println!("bare engine, 2 threads  {:>8.2} s {:>7.1} MB/s", bare.as_secs_f64(), rate(bare));
    println!("bare engine, 1 thread   {:>8.2} s {:>7.1} MB/s", bare_one.as_secs_f64(), rate(bare_one));
    println!(
        "share of the bare engine's speed: {:.2} of 2 threads, {:.2} of 1",
        bare.as_secs_f64() / ours.as_secs_f64(),
        bare_one.as_secs_f64() / ours.as_secs_f64()
    );
    println!(
        "a second run that finds nothing new: {:.2} of the first",
        again.as_secs_f64() / ours.as_secs_f64()
    );
    println!("peak memory of indexing: {:.0} MB", megabytes(peak));
    let size = |dir: &Path| bytes_below(dir) as f64;
    println!(
        "index bytes per byte of text: {:.2}, of the bare engine {:.2}; per byte of the files {:.2}",
        size(&index) / bytes as f64,
        size(&scratch.path().join("one-0")) / bytes as f64,
        size(&index) / size(&dir)
    );
    cold_searches(&index);
}

fn texts(dir: &Path) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut each = |found: Result<dateline::ingest::tagged::Tagged, _>| {
        if let Ok(tagged) = found {
            let day = tagged.article.published.map_or(0, |date| i64::from(date.first_day()));
            texts.push(Text { headline: tagged.article.headline, body: tagged.article.body, day });
        }
        ControlFlow::Continue(())
    };
    tag_paths(&[dir.to_owned()], &Taxonomy::builtin(), &mut each).unwrap();
    texts
}

fn bare_index(texts: &[Text], dir: &Path, threads: usize) -> Duration {
    std::fs::create_dir_all(dir).unwrap();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("en_stem")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_stored().set_indexing_options(indexing);
    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING | STORED);
    let headline = schema.add_text_field("headline", text.clone());
    let body = schema.add_text_field("body", text);
    let day = schema.add_i64_field("day", INDEXED | STORED);
    let index = Index::create_in_dir(dir, schema.build()).unwrap();
    let started = Instant::now();
    let mut writer: IndexWriter = index.writer_with_num_threads(threads, WRITER_MEMORY).unwrap();
    for (number, text) in texts.iter().enumerate() {
        let mut document = TantivyDocument::default();
        document.add_text(id, number.to_string());
        document.add_text(headline, &text.headline);
        document.add_text(body, &text.body);
        document.add_i64(day, text.day);
        writer.add_document(document).unwrap();
    }
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
    started.elapsed()
}

/// The time of one run of the program, and the most memory it held, in bytes (0 where the system does not tell).
fn dateline_index(dir: &Path, index: &Path) -> (Duration, u64) {
    let started = Instant::now();
    let mut child = dateline(index).arg("index").arg(dir).spawn().unwrap();
    let mut peak = 0;
    loop {
        peak = peak.max(peak_memory(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "indexing ended with {status}");
            return (started.elapsed(), peak);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The high-water mark of a running process, as Linux tells it.
fn peak_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or_default() << 10
}

fn cold_searches(index: &Path) {
    let searches: &[(&str, &[&str])] = &[
        ("one word", &["oil"]),
        ("two words, a country, by month", &["oil production", "--country", "SA", "--by", "month"]),
        ("everything, three facets", &["*", "--facets", "person,country,topic"]),
    ];
    for (what, arguments) in searches {
        let times = (0..SEARCHES).map(|_| {
            let started = Instant::now();
            assert!(dateline(index).arg("search").args(*arguments).status().unwrap().success());
            started.elapsed()
        });
        println!("one cold search, {what}: {:.1} ms", median(times.collect()).as_secs_f64() * 1e3);
    }
}

fn dateline(index: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.arg("--index").arg(index).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn bytes_below(path: &Path) -> u64 {
    let files = walkdir::WalkDir::new(path).into_iter().flatten();
    files
        .filter_map(|entry| entry.metadata().ok())
        .filter(std::fs::Metadata::is_file)
        .map(|meta| meta.len())
        .sum()
}
