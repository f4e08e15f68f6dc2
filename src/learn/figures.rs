//! *Figures* say how well a classifier does on articles it has not seen, and which threshold does best.

use crate::learn::Aim;
use crate::taxonomy::learned::Share;

/// Standard deviations within which 95 % lie.
const Z: f64 = 1.96;

/// An unseen article, scored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scored {
    pub(super) score: f32,
    pub(super) belongs: bool,
    /// The part of the articles it is in.
    pub(super) fold: usize,
}

/// How many unseen articles were picked and belong.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outcome {
    right: u64,
    wrong: u64,
    missed: u64,
}

impl Outcome {
    /// Adds an article, with the score from which on articles are picked.
    pub(super) fn add(&mut self, scored: &Scored, least: f32) {
        match (scored.score >= least, scored.belongs) {
            (true, true) => self.right += 1,
            (true, false) => self.wrong += 1,
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }

    /// The share of those picked that belongs, where each wrong one stands for so many.
    pub(super) fn precision(&self, stands_for: f64) -> Share {
        wilson(precision(self.right, self.wrong, stands_for), self.right + self.wrong)
    }

    /// The share of those that belong that is picked.
    pub(super) fn recall(&self) -> Share {
        let all = self.right + self.missed;
        wilson(self.right as f64 / all.max(1) as f64, all)
    }
}

fn precision(right: u64, wrong: u64, stands_for: f64) -> f64 {
    let picked = right as f64 + wrong as f64 * stands_for;
    if right == 0 { 0.0 } else { right as f64 / picked }
}

/// The interval of a share of so many: E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference", Journal of the American Statistical Association 22 (1927).
fn wilson(share: f64, of: u64) -> Share {
    if of == 0 {
        return Share { share, low: 0.0, high: 1.0 };
    }
    let n = of as f64;
    let centre = share + Z * Z / (2.0 * n);
    let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let all = 1.0 + Z * Z / n;
    Share { share, low: ((centre - spread) / all).max(0.0), high: ((centre + spread) / all).min(1.0) }
}

/// The best threshold for those articles that `counts`, halfway to the next lower score; `None` where none will do.
pub(super) fn threshold(
    scores: &[Scored],
    counts: impl Fn(&Scored) -> bool,
    aim: Aim,
    stands_for: f64,
) -> Option<f32> {
    let mut best: Option<(f64, f32)> = None;
    each_threshold(scores, counts, |outcome, least| {
        let precision = precision(outcome.right, outcome.wrong, stands_for);
        let recall = outcome.right as f64 / (outcome.right + outcome.missed).max(1) as f64;
        let worth = match aim {
            Aim::F1 => 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE),
            Aim::Precision(asked) if precision >= asked => recall,
            Aim::Precision(_) => 0.0,
        };
        if worth > best.map_or(0.0, |(worth, _)| worth) {
            best = Some((worth, least));
        }
    });
    best.map(|(_, least)| least)
}

/// The best precision of a threshold at which a tenth of the articles that belong is found.
pub(super) fn best_precision(scores: &[Scored], stands_for: f64) -> f64 {
    let mut best = 0.0;
    each_threshold(
        scores,
        |_| true,
        |outcome, _| {
            if outcome.right * 10 >= outcome.right + outcome.missed {
                best = precision(outcome.right, outcome.wrong, stands_for).max(best);
            }
        },
    );
    best
}

/// Calls `each` with what every threshold would pick, the highest first.
fn each_threshold(scores: &[Scored], counts: impl Fn(&Scored) -> bool, mut each: impl FnMut(&Outcome, f32)) {
    let mut ranked: Vec<&Scored> = scores.iter().filter(|scored| counts(scored)).collect();
    ranked.sort_unstable_by(|a, b| b.score.total_cmp(&a.score));
    let belonging = ranked.iter().filter(|scored| scored.belongs).count() as u64;
    let mut outcome = Outcome { missed: belonging, ..Outcome::default() };
    for (at, scored) in ranked.iter().enumerate() {
        match scored.belongs {
            true => (outcome.right, outcome.missed) = (outcome.right + 1, outcome.missed - 1),
            false => outcome.wrong += 1,
        }
        let next = ranked.get(at + 1).map_or(scored.score - 0.1, |next| next.score);
        // Equal scores cannot be parted.
        if next < scored.score {
            each(&outcome, f32::midpoint(scored.score, next));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Aim, Scored, threshold, wilson};

    #[test]
    fn the_interval_is_wilsons() {
        // Newcombe 1998, table I: 81 of 263 and 0 of 20.
        for (right, of, low, high) in [(81, 263, 0.2553, 0.3662), (0, 20, 0.0, 0.1611)] {
            let share = wilson(f64::from(right) / f64::from(of), u64::try_from(of).unwrap());
            assert!((share.low - low).abs() < 1e-3 && (share.high - high).abs() < 1e-3, "{share:?}");
        }
    }

    #[test]
    fn a_threshold_is_the_best_for_its_aim() {
        let scores: Vec<Scored> =
            [(0.9, true), (0.8, true), (0.7, false), (0.6, true), (0.1, false), (0.1, true)]
                .map(|(score, belongs)| Scored { score, belongs, fold: 0 })
                .to_vec();
        let check = |aim, stands_for, expected: Option<f32>| {
            let found = threshold(&scores, |_| true, aim, stands_for);
            assert!(
                found.zip(expected).is_some_and(|(a, b)| (a - b).abs() < 1e-4) || found == expected,
                "{found:?}"
            );
        };
        check(Aim::F1, 1.0, Some(0.05));
        check(Aim::F1, 10.0, Some(0.75));
        check(Aim::Precision(0.75), 1.0, Some(0.35));
        check(Aim::Precision(0.9), 1.0, Some(0.75));
        let wrong = [Scored { score: 1.0, belongs: false, fold: 0 }];
        assert_eq!(threshold(&wrong, |_| true, Aim::Precision(0.9), 1.0), None);
    }
}
