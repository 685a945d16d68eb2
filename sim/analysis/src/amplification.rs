//! `amplification`, the only metric that requires a second arm.

use std::collections::BTreeMap;

use super::metric::MetricValue;

/// The derived metric's id.
pub const AMPLIFICATION: &str = "amplification";

/// The metric from which amplification is derived.
pub const PREVALENCE: &str = "prevalence";

/// Computes the amplification of every run that has a prevalence: prevalence / prevalence under
/// `reference`, at the same point, seed and group.
///
/// Amplification is undefined if one of the two prevalences is undefined, or if the prevalence
/// under `reference` is 0. Under `reference` itself, amplification is exactly 1.
pub(super) fn derived(values: &[MetricValue], reference: &str) -> Vec<MetricValue> {
    let prevalences = || values.iter().filter(|row| row.metric == PREVALENCE);
    let of_reference: BTreeMap<_, f64> = prevalences()
        .filter(|row| row.arm == reference)
        .filter_map(|row| Some(((row.point, row.seed, row.group.as_str()), row.value?)))
        .collect();
    let ratio = |row: &MetricValue| {
        let below = of_reference.get(&(row.point, row.seed, row.group.as_str()))?;
        row.value.map(|value| value / below).filter(|ratio| ratio.is_finite())
    };
    prevalences()
        .map(|row| MetricValue { metric: AMPLIFICATION.to_owned(), value: ratio(row), ..row.clone() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::value;

    fn amplifications(values: &[MetricValue]) -> Vec<Option<f64>> {
        derived(values, "by-time").into_iter().map(|row| row.value).collect()
    }

    #[test]
    fn is_the_ratio_of_prevalences_of_one_seed() {
        let values = [
            value("as-is", 0, 1, "prevalence@minor", 0.06),
            value("as-is", 0, 2, "prevalence@minor", 0.05),
            value("by-time", 0, 1, "prevalence@minor", 0.03),
            value("as-is", 0, 1, "dose@minor", 1.0),
        ];
        assert_eq!(amplifications(&values), [Some(2.0), None, Some(1.0)]);
    }

    #[test]
    fn a_reference_without_harm_leaves_it_undefined() {
        let values = [value("as-is", 0, 1, "prevalence@minor", 0.06), value("by-time", 0, 1, "prevalence@minor", 0.0)];
        assert_eq!(amplifications(&values), [None, None]);
    }
}
