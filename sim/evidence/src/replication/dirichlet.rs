//! Draws from Dirichlet and Beta distributions with very small or very large parameters.

use rand_distr::{Distribution, Gamma};
use recsafe_common::draw::Draw;

/// Draws from the Dirichlet distribution with these parameters, each above 0: gamma variates
/// divided by their sum.
///
/// Variates are computed as logarithms, ln G(a) = ln G(a + 1) + ln(U) / a (Stuart 1962), because
/// variates of small parameters underflow.
pub(super) fn dirichlet(parameters: &[f64], draw: &mut Draw) -> Vec<f64> {
    let logs: Vec<f64> = parameters.iter().map(|&a| log_gamma_variate(a, draw)).collect();
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let parts: Vec<f64> = logs.iter().map(|log| libm::exp(log - largest)).collect();
    let sum: f64 = parts.iter().sum();
    parts.into_iter().map(|part| part / sum).collect()
}

/// Draws the logarithm of a gamma variate of this shape and scale 1.
fn log_gamma_variate(shape: f64, draw: &mut Draw) -> f64 {
    // A shape above 1 and a scale of 1 are always valid, so the default of 1 is never used.
    let above = Gamma::new(shape + 1.0, 1.0).map_or(1.0, |gamma| gamma.sample(draw));
    libm::log(above) - draw.exponential() / shape
}

/// Draws from the Beta distribution with this mean (in (0, 1)) and this standard deviation.
///
/// a = ((1 - m) / s² - 1 / m) m², b = a (1 / m - 1) (Chaney et al. 2018, footnote 3). A deviation
/// of 0 gives the mean. A deviation that is too large for any Beta distribution of this mean gives
/// the limit: 1 with probability m, otherwise 0.
pub(super) fn beta_of_mean(mean: f64, sd: f64, draw: &mut Draw) -> f64 {
    if sd <= 0.0 {
        return mean;
    }
    let a = ((1.0 - mean) / (sd * sd) - 1.0 / mean) * mean * mean;
    if a <= 0.0 {
        return f64::from(u8::from(draw.chance(mean)));
    }
    dirichlet(&[a, a * (1.0 / mean - 1.0)], draw)[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::draw::{DrawPurpose, Draws};
    use recsafe_common::key::{About, Who};
    use recsafe_stats::{mean, variance};

    fn sample(parameters: &[f64], index: usize) -> Vec<f64> {
        let draws = Draws::new(5);
        (0..20_000)
            .map(|n| dirichlet(parameters, &mut draws.at(DrawPurpose::Interests, Who::Nobody, About::Nth(n), 0))[index])
            .collect()
    }

    #[test]
    fn moments_are_those_of_the_dirichlet_distribution() {
        for parameters in [vec![0.005; 20], vec![0.5, 2.0, 7.5], vec![1e4, 3e4]] {
            let whole: f64 = parameters.iter().sum();
            let share = parameters[0] / whole;
            let expected = share * (1.0 - share) / (whole + 1.0);
            let values = sample(&parameters, 0);
            let error = (expected / values.len() as f64).sqrt();
            let found = mean(&values).unwrap();
            assert!((found - share).abs() < 5.0 * error, "{found} against {share}");
            let found = variance(&values).unwrap();
            assert!((found / expected - 1.0).abs() < 0.15, "{found} against {expected}");
        }
    }

    #[test]
    fn beta_has_the_mean_and_the_deviation_asked_for() {
        let draws = Draws::new(6);
        for (m, s) in [(0.98, 1e-5), (0.05, 1e-5), (0.3, 0.2), (1e-9, 1e-5)] {
            let draw = |n| beta_of_mean(m, s, &mut draws.at(DrawPurpose::Like, Who::Nobody, About::Nth(n), 0));
            let values: Vec<f64> = (0..20_000).map(draw).collect();
            assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
            assert!((mean(&values).unwrap() - m).abs() < 5.0 * s / 141.0, "{m} {s}");
        }
        assert_eq!(beta_of_mean(0.4, 0.0, &mut draws.at(DrawPurpose::Like, Who::Nobody, About::Nothing, 0)), 0.4);
        let bounds = beta_of_mean(0.4, 5.0, &mut draws.at(DrawPurpose::Like, Who::Nobody, About::Nothing, 0));
        assert!(bounds == 0.0 || bounds == 1.0);
    }
}
