//! A *linear classifier* weighs the words of an article: above nought it belongs, below it does not.
//!
//! Fitted as a support vector machine with squared hinge loss by dual coordinate descent: Hsieh, Chang, Lin, Keerthi and
//! Sundararajan, "A dual coordinate descent method for large-scale linear SVM", ICML 2008, Algorithm 1, without
//! shrinking. The order of visits is shuffled from a fixed seed: one archive always gives one classifier.

/// Passes over the examples after which fitting ends where it has not settled before.
const MAX_PASSES: usize = 60;
/// Spread of the projected gradient at which it has settled.
const SETTLED: f32 = 0.05;

/// Examples as rows of (feature, value), and whether each belongs.
pub(super) struct Rows<'a> {
    pub(super) rows: Vec<(&'a [(u32, f32)], bool)>,
    /// How many features there are.
    pub(super) features: usize,
}

/// The weights of features, and what is added to every score.
pub(super) struct Classifier {
    pub(super) weights: Vec<f32>,
    pub(super) bias: f32,
}

impl Classifier {
    pub(super) fn score(&self, row: &[(u32, f32)]) -> f32 {
        self.bias + row.iter().map(|(feature, value)| self.weights[*feature as usize] * value).sum::<f32>()
    }
}

/// Fits a classifier; `cost` is what an example on the wrong side costs beside large weights (LIBLINEAR's C).
pub(super) fn fit(examples: &Rows<'_>, cost: f32) -> Classifier {
    let mut fitted = Classifier { weights: vec![0.0; examples.features], bias: 0.0 };
    let slack = 0.5 / cost;
    let mut dual = vec![0.0_f32; examples.rows.len()];
    // The bias is the weight of a feature that is 1 everywhere.
    let square = |row: &[(u32, f32)]| 1.0 + row.iter().map(|(_, value)| value * value).sum::<f32>();
    let diagonal: Vec<f32> = examples.rows.iter().map(|(row, _)| square(row) + slack).collect();
    let mut order: Vec<usize> = (0..examples.rows.len()).collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..MAX_PASSES {
        random.shuffle(&mut order);
        let (mut least, mut most) = (f32::INFINITY, f32::NEG_INFINITY);
        for &at in &order {
            let (row, belongs) = examples.rows[at];
            let side = if belongs { 1.0 } else { -1.0 };
            let gradient = side * fitted.score(row) - 1.0 + slack * dual[at];
            let projected = if dual[at] == 0.0 { gradient.min(0.0) } else { gradient };
            (least, most) = (least.min(projected), most.max(projected));
            if projected.abs() > 1e-6 {
                let before = dual[at];
                dual[at] = (before - gradient / diagonal[at]).max(0.0);
                let step = (dual[at] - before) * side;
                fitted.bias += step;
                for (feature, value) in row {
                    fitted.weights[*feature as usize] += step * value;
                }
            }
        }
        if most - least < SETTLED {
            break;
        }
    }
    fitted
}

/// Numbers that look random, always the same (xorshift64*).
struct Random(u64);

impl Random {
    fn shuffle(&mut self, list: &mut [usize]) {
        for at in (1..list.len()).rev() {
            let below = at as u64 + 1;
            #[expect(clippy::cast_possible_truncation, reason = "at most `at`")]
            list.swap(at, (self.next() % below) as usize);
        }
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }
}

#[cfg(test)]
mod tests {
    use super::{Rows, fit};

    #[test]
    fn what_tells_the_sides_apart_is_weighed() {
        // Feature 0 tells them apart, 1 is everywhere, 2 stands once on the wrong side.
        let rows: Vec<(Vec<(u32, f32)>, bool)> = (0..40)
            .map(|n| {
                let belongs = n % 4 == 0;
                let mut row = vec![(1, 0.7)];
                if belongs {
                    row.push((0, 0.7));
                }
                if n == 1 {
                    row.push((2, 0.7));
                }
                (row, belongs)
            })
            .collect();
        let rows =
            Rows { rows: rows.iter().map(|(row, side)| (row.as_slice(), *side)).collect(), features: 3 };
        let fitted = fit(&rows, 1.0);
        assert!(rows.rows.iter().all(|(row, belongs)| (fitted.score(row) > 0.0) == *belongs));
        assert!(fitted.weights[0] > 1.0 && fitted.weights[2] < 0.1, "{:?}", fitted.weights);
        assert_eq!(fit(&rows, 1.0).weights, fitted.weights);
    }
}
