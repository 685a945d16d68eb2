//! Independent uniform points.

use crate::splitmix::SplitMix;

pub(super) fn rows(factors: usize, points: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut draws = SplitMix::new(seed);
    (0..points).map(|_| (0..factors).map(|_| draws.unit()).collect()).collect()
}
