//! A *budget* bounds the bytes of text that are on their way between threads.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes that threads may hold; who wants more waits until others have given theirs back.
pub(crate) struct Budget {
    bytes: usize,
    taken: Mutex<usize>,
    given_back: Condvar,
}

/// Bytes taken from a budget, given back when this is dropped.
pub(crate) struct Share<'a> {
    budget: &'a Budget,
    bytes: usize,
}

impl Budget {
    pub(crate) fn new(bytes: usize) -> Self {
        Self { bytes, taken: Mutex::new(0), given_back: Condvar::new() }
    }

    /// Takes bytes as soon as so many are left; more than there are at all are taken alone.
    pub(crate) fn take(&self, bytes: usize) -> Share<'_> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken > 0 && taken.saturating_add(bytes) > self.bytes {
            taken = self.given_back.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken = taken.saturating_add(bytes);
        Share { budget: self, bytes }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let mut taken = self.budget.taken.lock().unwrap_or_else(PoisonError::into_inner);
        *taken = taken.saturating_sub(self.bytes);
        self.budget.given_back.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Budget;

    #[test]
    fn no_more_is_out_than_the_budget_but_for_one_that_is_larger() {
        let (budget, out, most) = (Budget::new(10), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|threads| {
            for number in 0..8 {
                let (budget, out, most) = (&budget, &out, &most);
                threads.spawn(move || {
                    for bytes in [1 + number, 9, 30, 4] {
                        let share = budget.take(bytes);
                        most.fetch_max(out.fetch_add(bytes, Ordering::SeqCst) + bytes, Ordering::SeqCst);
                        std::thread::yield_now();
                        out.fetch_sub(bytes, Ordering::SeqCst);
                        drop(share);
                    }
                });
            }
        });
        assert_eq!(most.into_inner(), 30);
    }
}
