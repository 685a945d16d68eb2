//! Scale of a change, and bounds of values.

/// The scale of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// ln(arm / baseline) per pair. Policies change harm by a factor: an intervention that halves a
    /// harm does so in worlds with little harm and in worlds with much harm.
    LogRatio,
    /// arm - baseline per pair, in the metric's unit.
    Difference,
}

/// Bounds of a metric's values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// Lowest possible value.
    pub low: Option<f64>,
    /// Highest possible value.
    pub high: Option<f64>,
}

impl Bounds {
    /// Any number.
    pub const ANY: Bounds = Bounds { low: None, high: None };
    /// 0 and above.
    pub const NON_NEGATIVE: Bounds = Bounds { low: Some(0.0), high: None };
    /// 0 to 1.
    pub const SHARE: Bounds = Bounds { low: Some(0.0), high: Some(1.0) };

    /// Returns the bounds of a metric with this unit: 0 to 1 for a share, a quality or an index in
    /// [0, 1], -1 to 1 for a cosine, 0 to 2 for 1 - cosine, and 0 or more for any other unit.
    #[must_use]
    pub fn of_unit(unit: &str) -> Bounds {
        match unit {
            "cosine" => Bounds { low: Some(-1.0), high: Some(1.0) },
            "1 - cosine" => Bounds { low: Some(0.0), high: Some(2.0) },
            "quality" | "index in [0, 1]" => Bounds::SHARE,
            _ if unit.starts_with("share") => Bounds::SHARE,
            _ => Bounds::NON_NEGATIVE,
        }
    }

    /// Returns whether a value is within the bounds.
    #[must_use]
    pub fn allow(self, value: f64) -> bool {
        self.low.is_none_or(|low| value >= low) && self.high.is_none_or(|high| value <= high)
    }

    /// Returns the bounds that all values respect. A bound that some value violates does not apply
    /// to the metric.
    #[must_use]
    pub fn kept_by(self, values: &[f64]) -> Bounds {
        let keep = |bound: Option<f64>, of: fn(f64) -> Bounds| {
            bound.filter(|&bound| values.iter().all(|&value| of(bound).allow(value)))
        };
        Bounds {
            low: keep(self.low, |low| Bounds { low: Some(low), high: None }),
            high: keep(self.high, |high| Bounds { low: None, high: Some(high) }),
        }
    }

    /// Returns the bounds of values multiplied by `factor`, which must be above 0.
    #[must_use]
    pub fn times(self, factor: f64) -> Bounds {
        Bounds { low: self.low.map(|low| factor * low), high: self.high.map(|high| factor * high) }
    }

    /// Returns the bounds of the difference of two values.
    #[must_use]
    pub fn of_differences(self) -> Bounds {
        let most = self.low.zip(self.high).map(|(low, high)| high - low);
        Bounds { low: most.map(|most| -most), high: most }
    }

    /// Returns `value`, limited to the bounds.
    #[must_use]
    pub fn nearest(self, value: f64) -> f64 {
        value.max(self.low.unwrap_or(f64::NEG_INFINITY)).min(self.high.unwrap_or(f64::INFINITY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_lie_between_0_and_1() {
        assert_eq!(
            [-0.1, 0.0, 0.5, 1.0, 1.1].map(|value| Bounds::SHARE.allow(value)),
            [false, true, true, true, false]
        );
        assert_eq!([-0.1, 0.5, 1.1].map(|value| Bounds::SHARE.nearest(value)), [0.0, 0.5, 1.0]);
        assert_eq!([-2.0, 7.0].map(|value| Bounds::NON_NEGATIVE.nearest(value)), [0.0, 7.0]);
        assert_eq!(Bounds::ANY.nearest(-7.0), -7.0);
    }

    #[test]
    fn multiples_and_differences_have_bounds_of_their_own() {
        assert_eq!(Bounds::SHARE.times(100.0), Bounds { low: Some(0.0), high: Some(100.0) });
        assert_eq!(Bounds::SHARE.of_differences(), Bounds { low: Some(-1.0), high: Some(1.0) });
        assert_eq!(Bounds::NON_NEGATIVE.of_differences(), Bounds::ANY);
    }

    #[test]
    fn a_bound_that_a_value_breaks_is_dropped() {
        assert_eq!(Bounds::SHARE.kept_by(&[0.0, 1.0]), Bounds::SHARE);
        assert_eq!(Bounds::SHARE.kept_by(&[0.0, 1.5]), Bounds::NON_NEGATIVE);
        assert_eq!(Bounds::SHARE.kept_by(&[-1.0, 1.5]), Bounds::ANY);
    }
}
