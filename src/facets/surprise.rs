//! *Surprise* says how much more often a value stands in the articles found than in the whole archive, and how little
//! that is chance: the log-likelihood ratio G² of the two, after Ted Dunning, "Accurate Methods for the Statistics of
//! Surprise and Coincidence", Computational Linguistics 19(1), 1993, pages 61–74 (<https://aclanthology.org/J93-1003>).

/// How often a value stands in some articles and in all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    /// Articles found that have it.
    pub(crate) count: u64,
    /// Articles found.
    pub(crate) found: u64,
    /// Articles of the archive that have it.
    pub(crate) of: u64,
    /// Articles of the archive.
    pub(crate) archive: u64,
}

impl Share {
    /// How many of the articles found would have it, if they were any articles of the archive.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub(crate) fn expected(&self) -> f64 {
        self.of as f64 * self.found as f64 / self.archive.max(1) as f64
    }

    /// G², below zero where the value stands in fewer of the articles found than expected.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub(crate) fn surprise(&self) -> f64 {
        let (with, found, rest) =
            (self.of as f64, self.found as f64, self.archive.saturating_sub(self.found) as f64);
        let without = self.archive.saturating_sub(self.of) as f64;
        let all = self.archive.max(1) as f64;
        let cell = |observed: u64, row: f64, column: f64| match observed {
            0 => 0.0,
            some => some as f64 * (some as f64 * all / (row * column)).ln(),
        };
        let others = self.of.saturating_sub(self.count);
        let lacking = self.found.saturating_sub(self.count);
        let neither = self.archive.saturating_sub(self.found).saturating_sub(others);
        let g2 = 2.0
            * (cell(self.count, with, found)
                + cell(others, with, rest)
                + cell(lacking, without, found)
                + cell(neither, without, rest));
        // It is never below zero but by rounding.
        let g2 = g2.max(0.0);
        if self.count as f64 > self.expected() { g2 } else { -g2 }
    }
}

#[cfg(test)]
mod tests {
    use super::Share;

    /// Count, found, of and archive.
    fn check([count, found, of, archive]: [u64; 4], expected: f64, surprise: f64) {
        let share = Share { count, found, of, archive };
        assert!((share.expected() - expected).abs() < 0.01, "{share:?} {}", share.expected());
        assert!((share.surprise() - surprise).abs() < 0.01, "{share:?} {}", share.surprise());
    }

    #[test]
    fn surprise_is_the_log_likelihood_ratio_with_a_sign() {
        // Table 1 there: "the swiss" 110 times beside 2,442, 111 and 29,114, and "can be".
        check([110, 2_552, 221, 31_777], 17.75, 270.72);
        check([29, 42, 152, 31_777], 0.20, 263.90);
        check([10, 100, 100, 1_000], 10.0, 0.0);
        check([0, 100, 100, 1_000], 10.0, -22.27);
        check([20, 100, 100, 1_000], 10.0, 10.16);
        check([5, 5, 5, 5], 5.0, 0.0);
        check([0, 0, 0, 0], 0.0, 0.0);
    }
}
