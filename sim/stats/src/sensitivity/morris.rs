//! Elementary effects for screening: how much the output changes when one factor changes.

use super::percentile_interval;
use crate::interval::Interval;
use crate::moments::{finite, mean, variance};

/// Effects of one factor over all trajectories. An effect is the change of the output, in the
/// output's unit, if the factor changes by its whole range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effects {
    /// Mean effect; its sign is the direction in which the output changes.
    pub mu: f64,
    /// Mean absolute effect: the importance of the factor.
    pub mu_star: f64,
    /// Standard deviation of the effect. The deviation is high if the effect is nonlinear or
    /// depends on other factors. `None` for fewer than two effects.
    pub sigma: Option<f64>,
    /// 95 % bootstrap interval of `mu_star` over trajectories.
    pub interval: Option<Interval>,
}

/// Returns the effects of each factor from the rows of a Morris design and their outputs. Each
/// trajectory gives one effect: (change of the output) / (change of the factor). Steps from or to
/// an undefined output are skipped. A factor without any remaining step gets `None`.
///
/// Sources: Morris (1991), Technometrics 33; for `mu_star`, Campolongo, Cariboni and Saltelli
/// (2007).
///
/// ```
/// use recsafe_stats::{design::Method, sensitivity::elementary_effects};
/// let rows = Method::Morris.rows(2, 30, 1);
/// let outputs: Vec<_> = rows.iter().map(|x| Some(5.0 - 3.0 * x[0])).collect();
/// let effects = elementary_effects(&rows, &outputs);
/// assert!((effects[0].unwrap().mu + 3.0).abs() < 1e-9 && effects[1].unwrap().mu_star < 1e-9);
/// ```
#[must_use]
pub fn elementary_effects(rows: &[Vec<f64>], outputs: &[Option<f64>]) -> Vec<Option<Effects>> {
    let factors = rows.first().map_or(0, Vec::len);
    let mut of_factor: Vec<Vec<f64>> = vec![Vec::new(); factors];
    for (rows, outputs) in rows.chunks_exact(factors + 1).zip(outputs.chunks_exact(factors + 1)) {
        for step in 0..factors {
            let (before, after) = (&rows[step], &rows[step + 1]);
            let moved = (0..factors).find(|&factor| before[factor] != after[factor]);
            let (Some(factor), Some(from), Some(to)) = (moved, outputs[step], outputs[step + 1]) else { continue };
            if let Some(effect) = finite((to - from) / (after[factor] - before[factor])) {
                of_factor[factor].push(effect);
            }
        }
    }
    of_factor.iter().map(|effects| summary(effects)).collect()
}

fn summary(effects: &[f64]) -> Option<Effects> {
    let sizes: Vec<f64> = effects.iter().map(|effect| effect.abs()).collect();
    let drawn = |drawn: &[usize]| mean(&drawn.iter().map(|&at| sizes[at]).collect::<Vec<_>>());
    Some(Effects {
        mu: mean(effects)?,
        mu_star: mean(&sizes)?,
        sigma: variance(effects).map(f64::sqrt),
        interval: percentile_interval(sizes.len(), drawn),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Method;

    fn effects(of: impl Fn(&[f64]) -> Option<f64>) -> Vec<Option<Effects>> {
        let rows = Method::Morris.rows(3, 400, 5);
        let outputs: Vec<Option<f64>> = rows.iter().map(|row| of(row)).collect();
        elementary_effects(&rows, &outputs)
    }

    #[test]
    fn a_linear_output_has_its_coefficients_for_effects_and_no_spread() {
        let found = effects(|x| Some(1.0 + 4.0 * x[0] - 2.0 * x[1]));
        for (effect, coefficient) in found.iter().map(|it| it.unwrap()).zip([4.0, -2.0, 0.0_f64]) {
            assert!((effect.mu - coefficient).abs() < 1e-9 && (effect.mu_star - coefficient.abs()).abs() < 1e-9);
            assert!(effect.sigma.unwrap() < 1e-9 && effect.interval.unwrap().half_width() < 1e-9);
        }
    }

    #[test]
    fn an_interaction_shows_as_spread() {
        // The effect of x0 in x0 x1 is x1, uniform over 0, 1/3, 2/3, 1: mean 1/2, variance 5/36.
        let found = effects(|x| Some(x[0] * x[1]));
        let (effect, n) = (found[0].unwrap(), 100.0_f64);
        assert!((effect.mu - 0.5).abs() < 4.0 * (5.0 / 36.0 / n).sqrt(), "{effect:?}");
        assert!((effect.sigma.unwrap() - (5.0_f64 / 36.0).sqrt()).abs() < 0.06, "{effect:?}");
        assert!(effect.interval.unwrap().contains(0.5), "{effect:?}");
    }

    #[test]
    fn effects_that_cancel_still_count() {
        let found = effects(|x| Some((x[0] - 0.5) * (x[1] - 0.5)));
        let effect = found[0].unwrap();
        assert!(effect.mu.abs() < 0.15 && (effect.mu_star - 1.0 / 3.0).abs() < 0.06, "{effect:?}");
    }

    #[test]
    fn steps_with_an_undefined_end_are_left_out() {
        let found = effects(|x| (x[0] < 0.9).then_some(2.0 * x[1]));
        assert!((found[1].unwrap().mu - 2.0).abs() < 1e-9);
        assert_eq!(effects(|_| None), [None, None, None]);
        assert_eq!(elementary_effects(&[], &[]), []);
    }
}
