//! The standard normal distribution.

use statrs::distribution::{ContinuousCDF, Normal};

/// Returns the `p` quantile. `p` must be above 0 and below 1.
pub(crate) fn quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meets_the_tables() {
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((quantile(0.841_344_746_068_542_9) - 1.0).abs() < 1e-10);
    }
}
