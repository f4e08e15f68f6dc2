//! *Progress* is what a run of indexing says while it runs: a bar on a terminal, and the files that failed.

use std::io;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use dateline::ingest::Progress;
use dateline::render::safe;
use dateline::render::thousands;
use indicatif::{ProgressBar, ProgressStyle};

use crate::commands::globals::Globals;

/// Failed files that are named while it runs.
const MAX_PROBLEMS: usize = 20;
/// Between two looks at the counters.
const TICK: Duration = Duration::from_millis(100);

/// What a run says on stderr while it runs.
pub(crate) struct Display {
    /// None where no bar is wanted.
    bar: Option<ProgressBar>,
    problems: AtomicUsize,
    most: usize,
}

impl Display {
    pub(crate) fn new(globals: &Globals) -> Self {
        let most = match (globals.is_quiet(), globals.is_verbose()) {
            (true, _) => 0,
            (false, true) => usize::MAX,
            (false, false) => MAX_PROBLEMS,
        };
        Self { bar: globals.shows_progress().then(bar), problems: AtomicUsize::new(0), most }
    }

    /// Runs the work while the bar follows its counters.
    pub(crate) fn during<T>(&self, progress: &Progress, work: impl FnOnce() -> T) -> T {
        let Some(bar) = &self.bar else { return work() };
        let done = AtomicBool::new(false);
        let result = thread::scope(|scope| {
            let follower = scope.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    follow(bar, progress);
                    thread::park_timeout(TICK);
                }
            });
            let ended = Ended { done: &done, follower: follower.thread() };
            let result = work();
            drop(ended);
            result
        });
        bar.finish_and_clear();
        result
    }

    /// Names a file that failed, without breaking the bar.
    pub(crate) fn problem(&self, path: &str, reason: &str) {
        if self.problems.fetch_add(1, Ordering::Relaxed) < self.most {
            self.say(&format!("failed  {}: {}", safe::text(path), safe::text(reason)));
        }
    }

    /// How many failed files were not named.
    pub(crate) fn unnamed(&self) -> usize {
        self.problems.load(Ordering::Relaxed).saturating_sub(self.most)
    }

    fn say(&self, line: &str) {
        let print = || drop(writeln!(io::stderr(), "{line}"));
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

/// Tells the follower that the work has ended, also where it ended in a panic.
struct Ended<'a> {
    done: &'a AtomicBool,
    follower: &'a thread::Thread,
}

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
        self.follower.unpark();
    }
}

fn bar() -> ProgressBar {
    let shape = "{bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {msg}  {eta} left";
    let style = ProgressStyle::with_template(shape).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style.progress_chars("▇▇ "))
}

fn follow(bar: &ProgressBar, progress: &Progress) {
    let (sampled, sample) =
        (progress.surveyed.load(Ordering::Relaxed), progress.to_survey.load(Ordering::Relaxed));
    if sampled < sample {
        bar.set_message(format!(
            "looking for what pages repeat: {} of {} files",
            thousands(sampled),
            thousands(sample)
        ));
        return;
    }
    bar.set_length(progress.total_bytes.load(Ordering::Relaxed));
    bar.set_position(progress.done_bytes.load(Ordering::Relaxed));
    let articles = thousands(progress.articles.load(Ordering::Relaxed));
    let files = thousands(progress.files.load(Ordering::Relaxed));
    bar.set_message(format!("{articles} articles in {files} files"));
}
