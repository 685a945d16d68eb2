//! Residuals: distance of a figure from its target, in half-widths of its range, on a log scale.
//!
//! If the range has two ends, the residual is (ln value - ln centre) / half-width, with the
//! geometric centre. The residual is -1 at the lower end and 1 at the upper end.
//!
//! If the range has one end, the zero point is inside the range, at a factor of `INSIDE` from the
//! end. The residual is 0 at the zero point and further inside. On the other side, the residual is
//! (ln value - ln zero point) / ln `UNIT`. The fit therefore moves figures near the end of the
//! range further inside, so that noise does not move these figures out of the range.

use crate::evidence::Row;

/// Factor between a single end and the zero point, which is inside the range.
const INSIDE: f64 = 1.1;
/// Factor from the zero point at which the residual is -1 or 1.
const UNIT: f64 = 1.5;
/// Minimum of a figure, as a share of the lower (or only) end of the range. Smaller figures are
/// replaced by this minimum, because 0 has no logarithm.
const FLOOR: f64 = 0.01;
/// Residual of a row that had a figure at the start and has none now.
const NONE: f64 = 3.0;

/// Returns the residual of a row.
#[must_use]
pub fn residual(row: &Row, value: Option<f64>) -> f64 {
    let Some(value) = value else { return NONE };
    let Some(end) = row.low.or(row.high) else { return 0.0 };
    let log = value.max(FLOOR * end).ln();
    match (row.low, row.high) {
        (Some(low), Some(high)) => {
            let centre = f64::midpoint(low.ln(), high.ln());
            (log - centre) / (high.ln() - centre)
        }
        (Some(low), None) => (log - (low * INSIDE).ln()).min(0.0) / UNIT.ln(),
        (None, Some(high)) => (log - (high / INSIDE).ln()).max(0.0) / UNIT.ln(),
        (None, None) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence;

    fn row(low: Option<f64>, high: Option<f64>) -> Row {
        let some = evidence::shipped().unwrap().remove(0);
        Row { low, high, ..some }
    }

    #[test]
    fn ends_of_a_band_are_one_half_width_away() {
        let band = row(Some(1.0), Some(4.0));
        for (value, expected) in [(1.0, -1.0), (2.0, 0.0), (4.0, 1.0), (8.0, 2.0)] {
            assert!((residual(&band, Some(value)) - expected).abs() < 1e-12);
        }
        let nothing = residual(&band, Some(0.0));
        assert!(nothing.is_finite() && nothing < -5.0);
        assert!((residual(&band, None) - NONE).abs() < 1e-12);
    }

    #[test]
    fn a_single_end_asks_for_nothing_beyond_it() {
        let above = row(Some(1.0), None);
        assert_eq!([1.1, 2.0, 50.0].map(|value| residual(&above, Some(value))), [0.0; 3]);
        assert!((residual(&above, Some(1.1 / UNIT)) + 1.0).abs() < 1e-12);
        assert!(residual(&above, Some(1.0)) < 0.0, "a figure at the end is moved further inside");
        let below = row(None, Some(1.0));
        assert_eq!([0.0, 0.5].map(|value| residual(&below, Some(value))), [0.0; 2]);
        assert!((residual(&below, Some(UNIT / INSIDE)) - 1.0).abs() < 1e-12);
    }
}
