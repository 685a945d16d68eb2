//! A linear model of engagement and the uncertainty of its weights, for rankers that explore by
//! Thompson sampling.

use recsafe_common::draw::Draw;
use serde::{Deserialize, Serialize};

use crate::features::{FEATURES, Features};

type Matrix = [[f64; FEATURES]; FEATURES];
type Column = [f64; FEATURES];

/// Daily factor on earlier evidence, so that the model adapts to a changing world (assumed).
const MEMORY: f64 = 0.9;

/// Bayesian linear regression with prior N(0, I) and noise of variance 1. The precision is A = I +
/// sum x x', and the mean is A^-1 sum y x.
///
/// Source: S. Agrawal and N. Goyal, Thompson Sampling for Contextual Bandits with Linear Payoffs,
/// ICML 2013.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Posterior {
    /// A - I.
    evidence: Matrix,
    /// Sum of y x.
    rewards: Column,
    mean: Column,
    /// Lower triangle L of A = L L'.
    root: Matrix,
}

impl Default for Posterior {
    fn default() -> Self {
        let mut root = Matrix::default();
        (0..FEATURES).for_each(|i| root[i][i] = 1.0);
        Posterior { evidence: Matrix::default(), rewards: Column::default(), mean: Column::default(), root }
    }
}

impl Posterior {
    /// Records an outcome. The outcome takes effect with the next [`Posterior::renew`].
    pub fn learn(&mut self, features: &Features, reward: f64) {
        for (i, row) in self.evidence.iter_mut().enumerate() {
            let x = f64::from(features[i]);
            row.iter_mut().zip(features).for_each(|(sum, &y)| *sum += x * f64::from(y));
            self.rewards[i] += reward * x;
        }
    }

    /// Discounts the evidence of earlier days.
    pub fn forget(&mut self) {
        self.evidence.iter_mut().flatten().chain(&mut self.rewards).for_each(|sum| *sum *= MEMORY);
    }

    /// Recomputes the mean and the Cholesky root of the precision.
    #[allow(clippy::needless_range_loop, reason = "rows and columns are numbered as in the textbook")]
    pub fn renew(&mut self) {
        let mut a = self.evidence;
        (0..FEATURES).for_each(|i| a[i][i] += 1.0);
        for i in 0..FEATURES {
            for j in 0..=i {
                let done: f64 = (0..j).map(|k| self.root[i][k] * self.root[j][k]).sum();
                // A is the identity plus a positive semidefinite matrix. So pivots are at least 1,
                // except for rounding errors.
                self.root[i][j] =
                    if i == j { (a[i][i] - done).max(1e-9).sqrt() } else { (a[i][j] - done) / self.root[j][j] };
            }
        }
        let mut half = Column::default();
        for i in 0..FEATURES {
            let done: f64 = (0..i).map(|k| self.root[i][k] * half[k]).sum();
            half[i] = (self.rewards[i] - done) / self.root[i][i];
        }
        self.mean = self.solve_transposed(half);
    }

    /// Returns the solution x of L' x = y.
    fn solve_transposed(&self, y: Column) -> Column {
        let mut x = Column::default();
        for i in (0..FEATURES).rev() {
            let done: f64 = (i + 1..FEATURES).map(|k| self.root[k][i] * x[k]).sum();
            x[i] = (y[i] - done) / self.root[i][i];
        }
        x
    }

    /// Draws weights from the posterior, with standard deviations multiplied by `scale`.
    #[must_use]
    pub fn sample(&self, scale: f64, draw: &mut Draw) -> Features {
        let noise = self.solve_transposed(std::array::from_fn(|_| draw.normal()));
        std::array::from_fn(|i| (self.mean[i] + scale * noise[i]) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::draw::{DrawPurpose, Draws};
    use recsafe_common::key::{About, Who};

    /// Returns the cumulative regret after each round of a stationary problem. The problem has ten
    /// options with fixed features.
    fn regret(rounds: u32, scale: Option<f64>, seed: u64) -> Vec<f64> {
        let draws = Draws::new(seed);
        let mut draw = draws.at(DrawPurpose::Explore, Who::Case(1), About::Nothing, 0);
        let truth: Features = std::array::from_fn(|_| 0.4 * draw.normal() as f32);
        let options: Vec<Features> = (0..10).map(|_| std::array::from_fn(|_| draw.normal() as f32 * 0.5)).collect();
        let worth = |option: &Features| option.iter().zip(&truth).map(|(x, w)| f64::from(x * w)).sum::<f64>();
        let best = options.iter().map(worth).fold(f64::NEG_INFINITY, f64::max);
        let (mut posterior, mut sum) = (Posterior::default(), 0.0);
        (0..rounds)
            .map(|round| {
                let mut draw = draws.at(DrawPurpose::Ranking, Who::Case(1), About::Nth(round), 0);
                let chosen = match scale {
                    Some(scale) => {
                        let weights = posterior.sample(scale, &mut draw);
                        let score = |option: &Features| option.iter().zip(&weights).map(|(x, w)| x * w).sum::<f32>();
                        (0..10).max_by(|&a, &b| score(&options[a]).total_cmp(&score(&options[b]))).unwrap_or(0)
                    }
                    None => draw.below(10),
                };
                let option = &options[chosen];
                posterior.learn(option, worth(option) + draw.normal());
                posterior.renew();
                sum += best - worth(option);
                sum
            })
            .collect()
    }

    #[test]
    fn regret_grows_more_slowly_than_rounds() {
        let ratio = |scale: Option<f64>| {
            let runs: Vec<Vec<f64>> = (1..=8).map(|seed| regret(4000, scale, seed)).collect();
            let at = |round: usize| runs.iter().map(|run| run[round - 1]).sum::<f64>();
            at(4000) / at(1000)
        };
        let (thompson, random) = (ratio(Some(1.0)), ratio(None));
        assert!((random - 4.0).abs() < 0.1, "without learning, regret grows in proportion to the rounds: {random}");
        assert!(thompson < 2.0, "with learning, regret grows at most like the square root of the rounds: {thompson}");
    }

    #[test]
    fn the_mean_is_that_of_ridge_regression() {
        let mut posterior = Posterior::default();
        let one = |at: usize, value: f32| std::array::from_fn(|i| if i == at { value } else { 0.0 });
        for _ in 0..9 {
            posterior.learn(&one(2, 1.0), 5.0);
        }
        posterior.renew();
        let mean = posterior.sample(0.0, &mut Draws::new(1).at(DrawPurpose::Ranking, Who::Case(1), About::Nothing, 0));
        assert!((mean[2] - 4.5).abs() < 1e-6 && mean[0] == 0.0, "9 * 5 / (9 + 1)");
    }
}
