//! Variance-based indices: the share of the output's variance that a factor explains, alone and
//! with its interactions.

use super::percentile_interval;
use crate::interval::Interval;
use crate::moments::{finite, mean, variance};

/// A share of variance with its 95 % interval, from a bootstrap of base rows. Estimates can be
/// slightly outside [0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Interval of the share.
    pub interval: Option<Interval>,
}

/// Indices of one factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indices {
    /// First order: the expected reduction in variance if the factor were known.
    pub first: Share,
    /// Total order: the variance that would remain if all other factors were known.
    pub total: Share,
}

/// Returns the indices of each factor from the outputs of Saltelli's design, block by block (A,
/// each mixture, B). Blocks with an undefined output are skipped. Returns `None` if the outputs do
/// not vary, or for fewer than two blocks.
///
/// First order: mean of f(B) (f(AB) - f(A)), divided by the variance (Saltelli et al. 2010, table
/// 2b). The outputs are centred first. Total order: half the mean of (f(A) - f(AB))^2, divided by
/// the variance (Jansen 1999). The variance is computed from the outputs of A and B together.
///
/// ```
/// use recsafe_stats::{design::Method, sensitivity::indices};
/// let rows = Method::Saltelli.rows(2, 4_096, 1);
/// let outputs: Vec<_> = rows.iter().map(|x| Some(2.0 * x[0] + x[1])).collect();
/// let found = indices(2, &outputs);
/// assert!((found[0].unwrap().first.value - 0.8).abs() < 0.03);
/// assert!((found[1].unwrap().total.value - 0.2).abs() < 0.03);
/// ```
#[must_use]
pub fn indices(factors: usize, outputs: &[Option<f64>]) -> Vec<Option<Indices>> {
    let whole = |block: &[Option<f64>]| block.iter().copied().collect::<Option<Vec<f64>>>();
    let mut blocks: Vec<Vec<f64>> = outputs.chunks_exact(factors + 2).filter_map(whole).collect();
    // First-order indices are means of products. Centring removes the noise of the mean from these
    // products.
    let center = mean(&blocks.iter().flat_map(|block| [block[0], block[factors + 1]]).collect::<Vec<_>>());
    blocks.iter_mut().flatten().for_each(|output| *output -= center.unwrap_or(0.0));
    let all: Vec<usize> = (0..blocks.len()).collect();
    let share = |of: &dyn Fn(&[usize]) -> Option<f64>| {
        Some(Share { value: of(&all)?, interval: percentile_interval(blocks.len(), of) })
    };
    let of_factor = |factor: usize| {
        let first = share(&|drawn| first(&blocks, drawn, factor))?;
        Some(Indices { first, total: share(&|drawn| total(&blocks, drawn, factor))? })
    };
    (0..factors).map(of_factor).collect()
}

fn first(blocks: &[Vec<f64>], drawn: &[usize], factor: usize) -> Option<f64> {
    let product = |block: &Vec<f64>| block[block.len() - 1] * (block[1 + factor] - block[0]);
    over_variance(blocks, drawn, product)
}

fn total(blocks: &[Vec<f64>], drawn: &[usize], factor: usize) -> Option<f64> {
    over_variance(blocks, drawn, |block| 0.5 * (block[0] - block[1 + factor]).powi(2))
}

fn over_variance(blocks: &[Vec<f64>], drawn: &[usize], of: impl Fn(&Vec<f64>) -> f64) -> Option<f64> {
    let part = mean(&drawn.iter().map(|&at| of(&blocks[at])).collect::<Vec<_>>())?;
    let both: Vec<f64> = drawn.iter().flat_map(|&at| [blocks[at][0], blocks[at][blocks[at].len() - 1]]).collect();
    finite(part / variance(&both).filter(|variance| *variance > 0.0)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Method;
    use std::f64::consts::PI;

    fn found(factors: usize, points: usize, of: impl Fn(&[f64]) -> Option<f64>) -> Vec<Option<Indices>> {
        let rows = Method::Saltelli.rows(factors, points, 11);
        indices(factors, &rows.iter().map(|row| of(row)).collect::<Vec<_>>())
    }

    /// The function of Ishigami and Homma (1990) with a = 7, b = 0.1.
    fn ishigami(x: &[f64]) -> f64 {
        let at = |x: f64| PI * (2.0 * x - 1.0);
        at(x[0]).sin() + 7.0 * at(x[1]).sin().powi(2) + 0.1 * at(x[2]).powi(4) * at(x[0]).sin()
    }

    #[test]
    fn the_indices_of_ishigami_are_found_within_their_intervals() {
        let known = [(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)];
        for (indices, (first, total)) in found(3, 5 * 4_096, |x| Some(ishigami(x))).into_iter().zip(known) {
            let indices = indices.unwrap();
            // The bootstrap assumes independent rows, so it overstates the error of a
            // low-discrepancy sequence.
            for (share, known) in [(indices.first, first), (indices.total, total)] {
                let interval = share.interval.unwrap();
                assert!(interval.contains(known) && interval.half_width() < 0.06, "{share:?} {known}");
            }
        }
    }

    #[test]
    fn the_indices_of_the_g_function_are_found() {
        // Sobol's g: product of (|4x - 2| + a) / (1 + a); V_i = 1 / (3 (1 + a)^2), V = product of
        // (1 + V_i) - 1.
        let a = [0.0, 1.0, 4.5, 99.0];
        let part = a.map(|a: f64| 1.0 / (3.0 * (1.0 + a).powi(2)));
        let variance = part.iter().map(|part| 1.0 + part).product::<f64>() - 1.0;
        let found = found(4, 6 * 8_192, |x| {
            Some(x.iter().zip(a).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product())
        });
        for (indices, part) in found.into_iter().zip(part) {
            let indices = indices.unwrap();
            let total = part / variance * (variance + 1.0) / (1.0 + part);
            assert!((indices.first.value - part / variance).abs() < 0.02, "{indices:?}");
            assert!((indices.total.value - total).abs() < 0.02, "{indices:?} {total}");
        }
    }

    #[test]
    fn without_variance_or_data_nothing_is_said() {
        assert_eq!(found(2, 64, |_| Some(3.0)), [None, None]);
        assert_eq!(found(2, 64, |_| None), [None, None]);
        assert_eq!(found(2, 4, |x| Some(x[0]))[0].unwrap().first.interval, None);
    }

    #[test]
    fn blocks_with_a_hole_are_left_out() {
        let mut count = 0;
        let rows = Method::Saltelli.rows(2, 4 * 512, 3);
        let outputs: Vec<Option<f64>> = rows
            .iter()
            .map(|x| {
                count += 1;
                (count % 9 != 0).then_some(x[0])
            })
            .collect();
        let found = indices(2, &outputs);
        assert!((found[0].unwrap().total.value - 1.0).abs() < 0.1 && found[1].unwrap().total.value.abs() < 1e-9);
    }
}
