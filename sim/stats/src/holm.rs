//! Holm's adjustment for several comparisons.

/// Adjusted p values of one family of tests, in the order given.
///
/// With the p values in ascending order p(1) <= ... <= p(m), the adjusted ones are max over j <= i of
/// min(1, (m - j + 1) p(j)). Rejecting those at or below alpha keeps the chance of any false rejection in the family
/// at or below alpha, whatever the dependence between the tests.
/// Source: Holm (1979), "A simple sequentially rejective multiple test procedure", Scand. J. Statistics 6.
///
/// `p_values`: finite, in [0, 1]; results are in [0, 1] and never below their own p value.
///
/// ```
/// assert_eq!(recsafe_stats::holm(&[0.5, 0.125, 0.25]), [0.5, 0.375, 0.5]);
/// ```
#[must_use]
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&one, &other| p_values[one].total_cmp(&p_values[other]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, &index) in order.iter().enumerate() {
        let open = (p_values.len() - rank) as f64;
        largest = largest.max(open * p_values[index]).min(1.0);
        adjusted[index] = largest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn meets_a_published_example() {
        // Four p values of the kind used in textbooks: 0.01, 0.04, 0.03, 0.005.
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (found, wanted) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((found - wanted).abs() < 1e-12, "{adjusted:?}");
        }
        assert!(holm(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn stays_between_the_p_value_and_bonferroni(p_values in prop::collection::vec(0.0..=1.0_f64, 1..12)) {
            let tests = p_values.len() as f64;
            for (p, adjusted) in p_values.iter().zip(holm(&p_values)) {
                prop_assert!(*p <= adjusted && adjusted <= (tests * p).min(1.0));
            }
        }

        #[test]
        fn keeps_the_order(p_values in prop::collection::vec(0.0..=1.0_f64, 2..12)) {
            let adjusted = holm(&p_values);
            for i in 1..p_values.len() {
                prop_assert!(p_values[i] < p_values[i - 1] || adjusted[i] >= adjusted[i - 1]);
            }
        }
    }
}
