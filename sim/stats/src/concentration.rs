//! Concentration: how unequally a total is distributed over people.

/// Returns the Gini coefficient: 0 if all values are equal, (n - 1) / n if one person has
/// everything.
///
/// G = sum over i of (2 i - n - 1) x(i) / (n sum of x). The values are in ascending order, and i
/// runs from 1 to n. Source: Gini (1912), Variabilità e mutabilità; in the form by Sen (1973), On
/// Economic Inequality.
///
/// Returns `None` for an empty slice, a negative or non-finite value, or a total of 0.
///
/// ```
/// assert_eq!(recsafe_stats::gini(&[2.0, 2.0]), Some(0.0));
/// assert_eq!(recsafe_stats::gini(&[0.0, 0.0, 0.0, 8.0]), Some(0.75));
/// assert_eq!(recsafe_stats::gini(&[0.0, 0.0]), None);
/// ```
#[must_use]
pub fn gini(values: &[f64]) -> Option<f64> {
    let (ascending, total) = sorted_with_total(values)?;
    let n = ascending.len() as f64;
    let weighted: f64 = ascending.iter().enumerate().map(|(i, x)| (2.0 * i as f64 + 1.0 - n) * x).sum();
    Some((weighted / (n * total)).clamp(0.0, 1.0))
}

/// Returns the share of the total that belongs to the top `part` of people. `part` is in (0, 1]:
/// 0.1 is the top decile.
///
/// If `part` x n is not a whole number, the remaining fraction of the next person's value is
/// included. So equal values give exactly `part` for every n. The result is between `part` and 1.
///
/// Returns `None` for an empty slice, a negative or non-finite value, a total of 0, or a `part`
/// outside (0, 1].
///
/// ```
/// let mut views = vec![1.0; 9];
/// views.push(11.0);
/// assert_eq!(recsafe_stats::top_share(&views, 0.1), Some(0.55));
/// ```
#[must_use]
pub fn top_share(values: &[f64], part: f64) -> Option<f64> {
    if !(part > 0.0 && part <= 1.0) {
        return None;
    }
    let (ascending, total) = sorted_with_total(values)?;
    let people = part * ascending.len() as f64;
    let held: f64 =
        ascending.iter().rev().enumerate().map(|(rank, x)| x * (people - rank as f64).clamp(0.0, 1.0)).sum();
    Some((held / total).clamp(0.0, 1.0))
}

/// Returns the values in ascending order and their sum, or `None` if shares of the sum are
/// undefined.
fn sorted_with_total(values: &[f64]) -> Option<(Vec<f64>, f64)> {
    if values.iter().any(|value| !value.is_finite() || *value < 0.0) {
        return None;
    }
    let mut ascending = values.to_vec();
    ascending.sort_by(f64::total_cmp);
    let total: f64 = ascending.iter().sum();
    (total > 0.0 && (total * values.len() as f64).is_finite()).then_some((ascending, total))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_to_n_has_its_closed_form() {
        // For 1, 2, ..., n: G = (n - 1) / (3 n).
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert!((gini(&values).unwrap() - 19.0 / 60.0).abs() < 1e-12);
    }

    #[test]
    fn part_of_a_person_counts_with_its_fraction() {
        assert!((top_share(&[1.0; 15], 0.1).unwrap() - 0.1).abs() < 1e-12);
        assert!((top_share(&[0.0, 0.0, 3.0], 0.1).unwrap() - 0.3).abs() < 1e-12);
        assert_eq!(top_share(&[1.0], 0.0), None);
    }

    proptest! {
        #[test]
        fn scale_and_order_do_not_matter(values in prop::collection::vec(0.01..100.0_f64, 1..40), factor in 0.1..10.0_f64) {
            let scaled: Vec<f64> = values.iter().rev().map(|value| value * factor).collect();
            prop_assert!((gini(&values).unwrap() - gini(&scaled).unwrap()).abs() < 1e-9);
            prop_assert!((top_share(&values, 0.1).unwrap() - top_share(&scaled, 0.1).unwrap()).abs() < 1e-9);
        }

        #[test]
        fn the_top_holds_its_part_at_least(values in prop::collection::vec(0.01..100.0_f64, 1..40), part in 0.01..1.0_f64) {
            prop_assert!(top_share(&values, part).unwrap() >= part - 1e-9);
            prop_assert!((0.0..1.0).contains(&gini(&values).unwrap()));
        }
    }
}
