//! Saltelli's design: two independent samples A and B, and one mixture per factor. A factor's
//! mixture is A with the factor's column taken from B.
//!
//! A block has one row of A, one row of each mixture in the order of the factors, and one row of B.
//! Source: Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola (2010), "Variance based
//! sensitivity analysis of model output", Computer Physics Communications 181.

use super::sobol;

pub(super) fn rows(factors: usize, blocks: usize, seed: u64) -> Vec<Vec<f64>> {
    let both = sobol::rows(2 * factors, blocks, seed);
    both.iter()
        .flat_map(|row| {
            let (a, b) = row.split_at(factors);
            let mixture = |factor: usize| {
                let mut mixed = a.to_vec();
                mixed[factor] = b[factor];
                mixed
            };
            std::iter::once(a.to_vec()).chain((0..factors).map(mixture)).chain([b.to_vec()]).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_has_one_factor_of_b_and_the_rest_of_a() {
        let rows = rows(3, 4, 9);
        assert_eq!(rows.len(), 20);
        for block in rows.chunks(5) {
            let (a, b) = (&block[0], &block[4]);
            for factor in 0..3 {
                for (at, &x) in block[1 + factor].iter().enumerate() {
                    assert_eq!(x, if at == factor { b[at] } else { a[at] });
                }
            }
        }
    }
}
