//! Sobol sequence, Owen-scrambled.
//!
//! Sources: Sobol (1967), USSR Computational Mathematics 7; Owen (1995), "Randomly permuted
//! (t,m,s)-nets"; Burley (2020), "Practical hash-based Owen scrambling", JCGT 9.

/// Maximum number of factors of a sequence.
pub const MOST_FACTORS: usize = sobol_burley::NUM_DIMENSIONS as usize;

/// Maximum length of a sequence; longer designs continue with a different scrambling.
const LONGEST: usize = 1 << 16;

pub(super) fn rows(factors: usize, points: usize, seed: u64) -> Vec<Vec<f64>> {
    let scramble = (seed ^ (seed >> 32)) as u32;
    let coordinate = |point: usize, factor: usize| {
        let scramble = scramble.wrapping_add((point / LONGEST) as u32);
        f64::from(sobol_burley::sample((point % LONGEST) as u32, factor as u32, scramble))
    };
    (0..points).map(|point| (0..factors).map(|factor| coordinate(point, factor)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::random;

    /// Returns the sample mean of a smooth function whose mean over the cube is 1.
    fn mean(rows: &[Vec<f64>]) -> f64 {
        let value =
            |row: &Vec<f64>| row.iter().map(|x| 1.0 + (x - 0.5) + 3.0 * (x - 0.5).powi(2) - 0.25).product::<f64>();
        rows.iter().map(value).sum::<f64>() / rows.len() as f64
    }

    #[test]
    fn the_first_points_of_each_factor_fall_into_different_strata() {
        let rows = rows(5, 64, 3);
        for factor in 0..5 {
            let mut strata: Vec<usize> = rows.iter().map(|row| (row[factor] * 64.0) as usize).collect();
            strata.sort_unstable();
            assert_eq!(strata, (0..64).collect::<Vec<_>>());
        }
    }

    #[test]
    fn means_come_out_closer_than_with_independent_points() {
        let error = |of: fn(usize, usize, u64) -> Vec<Vec<f64>>| {
            (0..40).map(|seed| (mean(&of(3, 256, seed)) - 1.0).powi(2)).sum::<f64>().sqrt()
        };
        let (sobol, random) = (error(rows), error(random::rows));
        assert!(sobol < 0.25 * random, "{sobol} {random}");
    }
}
