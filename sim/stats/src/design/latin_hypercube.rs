//! Latin hypercube: each factor's range is divided into as many strata as there are points, and
//! each stratum contains one point.
//!
//! Source: McKay, Beckman and Conover (1979), "A comparison of three methods for selecting values
//! of input variables", Technometrics 21.

use crate::splitmix::SplitMix;

pub(super) fn rows(factors: usize, points: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut draws = SplitMix::new(seed);
    let columns: Vec<Vec<f64>> = (0..factors)
        .map(|_| {
            let strata = draws.permutation(points);
            strata.into_iter().map(|stratum| (stratum as f64 + draws.unit()) / points as f64).collect()
        })
        .collect();
    (0..points).map(|point| columns.iter().map(|column| column[point]).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_stratum_of_every_factor_holds_one_point(factors in 1..6_usize, points in 1..60_usize, seed: u64) {
            let rows = rows(factors, points, seed);
            for factor in 0..factors {
                let mut strata: Vec<usize> = rows.iter().map(|row| (row[factor] * points as f64) as usize).collect();
                strata.sort_unstable();
                prop_assert_eq!(strata, (0..points).collect::<Vec<_>>());
            }
        }
    }
}
