//! A *deadline* is the moment by which a search has to be done; work that may take long asks it from time to time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Steps of a loop between two looks at the clock.
const STEPS: u32 = 1_024;

/// The moment by which a search has to be done, or none. Clones share whether it was missed.
#[derive(Clone, Debug, Default)]
pub struct Deadline {
    until: Option<Instant>,
    missed: Arc<AtomicBool>,
}

impl Deadline {
    /// So long from now.
    pub fn after(time: Duration) -> Self {
        Self { until: Instant::now().checked_add(time), missed: Arc::default() }
    }

    /// Whether it is over, for work that stops then.
    pub fn is_over(&self) -> bool {
        if self.was_missed() {
            return true;
        }
        let over = self.until.is_some_and(|until| Instant::now() >= until);
        if over {
            self.missed.store(true, Ordering::Relaxed);
        }
        over
    }

    /// Whether some work found it over and stopped, so that what was found is not all.
    pub fn was_missed(&self) -> bool {
        self.missed.load(Ordering::Relaxed)
    }
}

/// A deadline for a loop of short steps: it looks at the clock at every 1,024th.
#[derive(Clone, Debug)]
pub(crate) struct Paced {
    deadline: Deadline,
    left: u32,
}

impl Paced {
    pub(crate) fn new(deadline: &Deadline) -> Self {
        Self { deadline: deadline.clone(), left: STEPS }
    }

    /// Counts steps; whether the deadline is over.
    pub(crate) fn step(&mut self, steps: u32) -> bool {
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                false
            }
            None => {
                self.left = STEPS;
                self.deadline.is_over()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_missed_only_where_work_was_stopped() {
        let never = Deadline::default();
        assert!(!never.is_over() && !never.was_missed());
        let passed = Deadline::after(Duration::ZERO);
        assert!(!passed.was_missed());
        assert!(passed.clone().is_over() && passed.was_missed());
    }

    #[test]
    fn a_loop_looks_at_the_clock_now_and_then() {
        let mut paced = Paced::new(&Deadline::after(Duration::ZERO));
        assert_eq!((0..10_000).position(|_| paced.step(1)), Some(1_024));
        assert_eq!((0..10_000).position(|_| paced.step(512)), Some(2));
    }
}
