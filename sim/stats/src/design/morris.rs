//! Morris trajectories: from a random point on a grid of four levels, each factor moves once, by
//! two thirds of its range.
//!
//! Sources: Morris (1991), "Factorial sampling plans for preliminary computational experiments",
//! Technometrics 33; Campolongo, Cariboni and Saltelli (2007), Environmental Modelling and Software
//! 22.

use crate::splitmix::SplitMix;

/// Step of a factor as a share of its range: p / (2 (p - 1)) for p = 4 levels.
pub const STEP: f64 = 2.0 / 3.0;

pub(super) fn rows(factors: usize, trajectories: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut draws = SplitMix::new(seed);
    (0..trajectories).flat_map(|_| trajectory(factors, &mut draws)).collect()
}

fn trajectory(factors: usize, draws: &mut SplitMix) -> Vec<Vec<f64>> {
    let mut at: Vec<f64> = (0..factors).map(|_| draws.below(4) as f64 / 3.0).collect();
    let mut rows = vec![at.clone()];
    for factor in draws.permutation(factors) {
        // A factor moves up from the lower two levels and down from the upper two levels. Any other
        // move would leave the cube.
        at[factor] = ((at[factor] + if at[factor] < 0.5 { STEP } else { -STEP }) * 3.0).round() / 3.0;
        rows.push(at.clone());
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_step_moves_one_factor_and_each_factor_moves_once(factors in 1..7_usize, seed: u64) {
            let rows = rows(factors, 3, seed);
            for trajectory in rows.chunks(factors + 1) {
                let mut moved = Vec::new();
                for pair in trajectory.windows(2) {
                    let changed: Vec<usize> = (0..factors).filter(|&it| pair[0][it] != pair[1][it]).collect();
                    prop_assert_eq!(changed.len(), 1);
                    prop_assert!(((pair[0][changed[0]] - pair[1][changed[0]]).abs() - STEP).abs() < 1e-12);
                    moved.push(changed[0]);
                }
                moved.sort_unstable();
                prop_assert_eq!(moved, (0..factors).collect::<Vec<_>>());
            }
        }
    }
}
