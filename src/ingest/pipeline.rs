//! The *pipeline* runs the stages on threads: readers take files apart, taggers make articles of the records, and the
//! calling thread writes. How much text is on its way is bounded by bytes: an article may have one line or a million.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::article::Article;
use crate::article::ArticleId;
use crate::article::Record;
use crate::article::Tags;
use crate::index::IndexWrite;
use crate::ingest::IngestError;
use crate::ingest::Progress;
use crate::ingest::budget::{Budget, Share};
use crate::ingest::plan::Planned;
use crate::ingest::source::Ended;
use crate::ingest::source::Reading;
use crate::ingest::source::Stopped;
use crate::ingest::write::Writing;
use crate::ledger::RecordOutcome;
use crate::parse::{Found, MAX_ARTICLE_BYTES, MAX_BYTES};

/// Records that travel together, at most.
const CHUNK_RECORDS: usize = 64;
/// Bytes of text at which a chunk is sent on.
const CHUNK_BYTES: usize = 1 << 18;
/// Records of one file that are named, of each kind that is no article; more are counted.
const MAX_NAMED: u32 = 1_000;
/// Chunks a queue holds for every thread that takes from it.
const QUEUE: usize = 4;
/// Bytes of text in the queues and the threads that take from them, and how many times its size a text counts: while
/// it is cleaned and tagged there are its lines, words and article beside it.
const TEXT_BYTES: usize = 64 << 20;
const TEXT_COUNTS: usize = 4;
/// Bytes of the files that are taken apart at one time, as far as a reader holds them as one piece.
const FILE_BYTES: usize = 64 << 20;

/// What bounds the memory of a run. Readers wait for both, and nobody who gives text back waits for either.
struct Budgets {
    files: Budget,
    text: Budget,
}

/// Records of one file on their way to a tagger.
struct Chunk<'a> {
    file: usize,
    records: Vec<(u32, Record)>,
    share: Share<'a>,
}

/// An article made of a record.
pub(crate) struct Made {
    pub(crate) record: u32,
    pub(crate) id: ArticleId,
    pub(crate) article: Article,
    pub(crate) tags: Tags,
}

/// What reaches the writer.
enum Message<'a> {
    /// Articles of a file, and their share of the text.
    Made(usize, Vec<Made>, Share<'a>),
    /// A file's end; its articles may still be on their way.
    Ended(usize, FileEnd),
}

/// How reading a file ended, and what became of its records other than articles.
pub(crate) struct FileEnd {
    pub(crate) ended: Ended,
    /// How many of its records are articles.
    pub(crate) articles: u32,
    /// Those that are none, with their numbers; where they are many, the last says how many more there are.
    pub(crate) others: Vec<(u32, RecordOutcome)>,
}

/// How a run is to go, and how it is watched and stopped.
pub(crate) struct Control<'a> {
    /// Threads that read, and threads that tag.
    pub(crate) jobs: usize,
    /// How far it is.
    pub(crate) progress: &'a Progress,
    /// Whether it is to stop.
    pub(crate) stop: &'a AtomicBool,
}

/// Reads the files and writes their articles.
///
/// # Errors
/// Where the index cannot be written; the threads are stopped first.
pub(crate) fn run(
    files: &[Planned],
    reading: &Reading,
    control: &Control<'_>,
    writing: &mut Writing<'_>,
    index: &mut IndexWrite,
) -> Result<(), IngestError> {
    let Control { jobs, progress, stop } = *control;
    let total = files.iter().map(|planned| planned.file.size).sum();
    progress.total_bytes.store(total, Ordering::Relaxed);
    let next = AtomicUsize::new(0);
    let broken = AtomicBool::new(false);
    let stopped = || stop.load(Ordering::Relaxed) || broken.load(Ordering::Relaxed);
    let budgets = Budgets { files: Budget::new(FILE_BYTES), text: Budget::new(TEXT_BYTES) };
    let (to_taggers, chunks) = bounded::<Chunk<'_>>(QUEUE * jobs);
    let (to_writer, messages) = bounded::<Message<'_>>(QUEUE * jobs);
    std::thread::scope(|threads| {
        for _ in 0..jobs.min(files.len()) {
            let readers = Readers { files, reading, next: &next, budgets: &budgets, stopped: &stopped };
            let (to_taggers, to_writer) = (to_taggers.clone(), to_writer.clone());
            threads.spawn(move || read_files(readers, &to_taggers, &to_writer));
        }
        for _ in 0..jobs {
            let (chunks, to_writer) = (chunks.clone(), to_writer.clone());
            threads.spawn(move || tag_chunks(files, reading, &chunks, &to_writer));
        }
        drop((to_taggers, chunks, to_writer));
        let mut written = Ok(());
        for message in messages {
            // After a failure the queues are emptied, so that no thread waits for ever.
            if written.is_ok() {
                written = write_message(files, message, writing, index, progress);
                broken.store(written.is_err(), Ordering::Relaxed);
            }
        }
        written
    })
}

fn write_message(
    files: &[Planned],
    message: Message<'_>,
    writing: &mut Writing<'_>,
    index: &mut IndexWrite,
    progress: &Progress,
) -> Result<(), IngestError> {
    match message {
        Message::Made(file, made, share) => {
            progress.articles.fetch_add(made.len() as u64, Ordering::Relaxed);
            writing.articles(index, &files[file].file, made)?;
            drop(share);
        }
        Message::Ended(file, end) => {
            progress.files.fetch_add(1, Ordering::Relaxed);
            progress.done_bytes.fetch_add(files[file].file.size, Ordering::Relaxed);
            writing.ended(&files[file].file, end);
        }
    }
    writing.settle(index)
}

/// What the threads that read share.
#[derive(Clone, Copy)]
struct Readers<'a> {
    files: &'a [Planned],
    reading: &'a Reading,
    /// The next file to read.
    next: &'a AtomicUsize,
    budgets: &'a Budgets,
    stopped: Stopped<'a>,
}

fn read_files<'a>(readers: Readers<'a>, to_taggers: &Sender<Chunk<'a>>, to_writer: &Sender<Message<'a>>) {
    while !(readers.stopped)() {
        let number = readers.next.fetch_add(1, Ordering::Relaxed);
        let Some(planned) = readers.files.get(number) else { break };
        let share = readers.budgets.files.take(held(planned.file.size));
        let end = read_file(number, planned, readers, to_taggers);
        drop(share);
        if to_writer.send(Message::Ended(number, end)).is_err() {
            break;
        }
    }
}

/// How many bytes of a file a reader holds at one time, at most. What is larger than can be read as one piece is read
/// a record at a time, or refused.
fn held(size: u64) -> usize {
    usize::try_from(size).ok().filter(|size| *size <= MAX_BYTES).unwrap_or(MAX_ARTICLE_BYTES)
}

fn read_file<'a>(
    number: usize,
    planned: &Planned,
    readers: Readers<'a>,
    to_taggers: &Sender<Chunk<'a>>,
) -> FileEnd {
    let Readers { reading, budgets, stopped, .. } = readers;
    let send = |records: Vec<(u32, Record)>, bytes: usize| {
        let chunk = Chunk { file: number, records, share: budgets.text.take(bytes * TEXT_COUNTS) };
        to_taggers.send(chunk).is_ok()
    };
    let mut count = Count::default();
    let mut chunk: Vec<(u32, Record)> = Vec::new();
    let mut bytes = 0;
    let mut each = |found: Found| {
        if let Some((number, record)) = count.found(found) {
            bytes += record.body.len();
            chunk.push((number, record));
        }
        let full = chunk.len() == CHUNK_RECORDS || bytes >= CHUNK_BYTES;
        if full && !send(std::mem::take(&mut chunk), std::mem::take(&mut bytes)) || stopped() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    let ended = reading.file(&planned.file, planned.known_hash.as_deref(), stopped, &mut each);
    if !chunk.is_empty() && !send(chunk, bytes) {
        return count.end(Ended::Stopped);
    }
    count.end(ended)
}

/// Numbers the records of a file. Those that are no article are named up to a bound, and then only counted: a file of
/// millions of bad lines must not fill the ledger.
#[derive(Default)]
struct Count {
    records: u32,
    articles: u32,
    skipped: u32,
    failed: u32,
    others: Vec<(u32, RecordOutcome)>,
}

impl Count {
    /// The number of a record that is an article.
    fn found(&mut self, found: Found) -> Option<(u32, Record)> {
        let (count, outcome) = match found {
            Found::Article(record) => {
                self.articles += 1;
                self.records += 1;
                return Some((self.records - 1, record));
            }
            Found::NotAnArticle { reason } => (&mut self.skipped, RecordOutcome::Skipped { skipped: reason }),
            Found::Bad { reason } => (&mut self.failed, RecordOutcome::Failed { failed: reason }),
        };
        *count = count.saturating_add(1);
        if *count <= MAX_NAMED {
            self.other(outcome);
        }
        None
    }

    fn other(&mut self, outcome: RecordOutcome) {
        self.others.push((self.records, outcome));
        self.records += 1;
    }

    fn end(mut self, ended: Ended) -> FileEnd {
        let more = |count: u32| match count.saturating_sub(MAX_NAMED) {
            0 => None,
            1 => Some("and 1 more record".to_owned()),
            more => Some(format!("and {more} more records")),
        };
        let (skipped, failed) = (more(self.skipped), more(self.failed));
        skipped.into_iter().for_each(|skipped| self.other(RecordOutcome::Skipped { skipped }));
        failed.into_iter().for_each(|failed| self.other(RecordOutcome::Failed { failed }));
        FileEnd { ended, articles: self.articles, others: self.others }
    }
}

fn tag_chunks<'a>(
    files: &[Planned],
    reading: &Reading,
    chunks: &Receiver<Chunk<'a>>,
    to_writer: &Sender<Message<'a>>,
) {
    for Chunk { file, records, share } in chunks {
        let name = &files[file].file.name;
        let made = records.into_iter().map(|(record, found)| {
            let (article, tags) = reading.article(name, found);
            Made { record, id: article.id(), article, tags }
        });
        if to_writer.send(Message::Made(file, made.collect(), share)).is_err() {
            break;
        }
    }
}
