//! Student's t distribution.
//!
//! Source: Student (1908), "The probable error of a mean", Biometrika 6. Tails and small quantiles
//! are computed by the incomplete beta function of `statrs`.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::normal;

/// Number of degrees of freedom above which the expansion is used. Above this number, the
/// incomplete beta function is slow and inaccurate, and the expansion's error is below 1e-11.
const EXPANDED_FROM: f64 = 1_000.0;

/// Returns the `p` quantile at `freedom` >= 1 degrees of freedom. `p` must be above 0 and below 1.
pub(crate) fn quantile(p: f64, freedom: f64) -> f64 {
    if freedom > EXPANDED_FROM {
        return expanded_quantile(p, freedom);
    }
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |student| student.inverse_cdf(p))
}

/// Returns P(T <= `t`) at `freedom` >= 1 degrees of freedom; `t` can be infinite.
pub(crate) fn below(t: f64, freedom: f64) -> f64 {
    if t.is_infinite() {
        return if t > 0.0 { 1.0 } else { 0.0 };
    }
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |student| student.cdf(t))
}

/// Returns the two-sided p value of `t` at `freedom` >= 1 degrees of freedom: 2 P(T <= -|t|).
pub(crate) fn two_sided(t: f64, freedom: f64) -> f64 {
    (2.0 * below(-t.abs(), freedom)).min(1.0)
}

/// Returns the quantile by an expansion about the normal quantile z, in powers of 1 / freedom.
///
/// Source: Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.7.5.
fn expanded_quantile(p: f64, freedom: f64) -> f64 {
    let z = normal::quantile(p);
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + first / freedom + second / freedom.powi(2) + third / freedom.powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meets_the_tables() {
        for (freedom, t) in [(1.0, 12.706_204_736), (2.0, 4.302_652_730), (9.0, 2.262_157_163), (29.0, 2.045_229_642)] {
            assert!((quantile(0.975, freedom) - t).abs() < 1e-8, "{freedom}");
        }
        assert!((two_sided(2.262_157_163, 9.0) - 0.05).abs() < 1e-9);
        // One degree of freedom is Cauchy's distribution: P(T <= t) = 1/2 + atan(t) / pi.
        assert!((below(5.0, 1.0) - (0.5 + 5.0_f64.atan() / std::f64::consts::PI)).abs() < 1e-12);
    }

    #[test]
    fn the_expansion_joins_without_a_step() {
        let exact = quantile(0.975, EXPANDED_FROM);
        assert!((exact - expanded_quantile(0.975, EXPANDED_FROM)).abs() < 1e-9);
        assert!((quantile(0.975, 1e9) - normal::quantile(0.975)).abs() < 1e-8);
    }

    #[test]
    fn every_term_of_the_expansion_counts() {
        // At 100 degrees of freedom the first omitted term is 1.6e-8, and the last included term is
        // 2.5e-6.
        assert!((expanded_quantile(0.975, 100.0) - 1.983_971_518_5).abs() < 2.5e-8);
        assert!((expanded_quantile(0.995, 1_000.0) - quantile(0.995, 1_000.0)).abs() < 1e-9);
    }

    #[test]
    fn tails_close() {
        assert!(two_sided(f64::INFINITY, 3.0).abs() < f64::EPSILON);
        assert!((two_sided(0.0, 3.0) - 1.0).abs() < 1e-12);
    }
}
