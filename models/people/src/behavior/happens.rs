//! Draws with given log odds.

use recsafe_common::draw::Draw;

/// Returns 1 / (1 + e^-x). Uses the portable `libm`, so that draws are the same on every machine.
#[inline]
#[must_use]
pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Number of steps per unit of log odds, in the table of [`logistic`].
const STEPS: usize = 16;
/// Largest log odds in the table. The smallest log odds are -[`REACH`].
const REACH: usize = 16;
/// Generous upper bound on the errors of the probabilities in the table.
const SLACK: f64 = 1e-9;

/// Values of [`logistic`] at every step from -[`REACH`] to [`REACH`].
static TABLE: [f64; 2 * REACH * STEPS + 1] = table();

const fn table() -> [f64; 2 * REACH * STEPS + 1] {
    let mut table = [0.5; 2 * REACH * STEPS + 1];
    let middle = REACH * STEPS;
    let step = exp_of_a_step();
    let (mut n, mut odds) = (1, 1.0);
    while n <= middle {
        odds *= step;
        table[middle + n] = odds / (1.0 + odds);
        table[middle - n] = 1.0 / (1.0 + odds);
        n += 1;
    }
    table
}

/// Returns e^(1 / [`STEPS`]) by its power series, because `exp` is not available at compile time.
const fn exp_of_a_step() -> f64 {
    let (mut sum, mut term, mut n) = (1.0, 1.0, 1);
    while n < 20 {
        term /= (STEPS * n) as f64;
        sum += term;
        n += 1;
    }
    sum
}

/// Draws whether an event with these log odds happens. The result is the same as the result of
/// `draw.chance(logistic(odds))`.
#[inline]
#[must_use]
pub(super) fn happens(odds: f64, draw: &mut Draw) -> bool {
    is_below(draw.unit(), odds)
}

/// Returns whether `uniform` is below `logistic(odds)`.
///
/// The logistic function increases. So between two steps of the table, the function lies between
/// the two values in the table. Usually `uniform` is not between these two values, and the function
/// need not be evaluated.
#[inline]
fn is_below(uniform: f64, odds: f64) -> bool {
    let position = (odds + REACH as f64) * STEPS as f64;
    // For NaN and for odds that are not in the table, the function is evaluated.
    if (0.0..(2 * REACH * STEPS) as f64).contains(&position) {
        let (below, above) = (TABLE[position as usize], TABLE[position as usize + 1]);
        if uniform < below - SLACK {
            return true;
        }
        if uniform >= above + SLACK {
            return false;
        }
    }
    uniform < logistic(odds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use recsafe_common::draw::{DrawPurpose, Draws};
    use recsafe_common::key::{About, Who};

    /// A number and its two neighbours.
    fn around(x: f64) -> [f64; 3] {
        [x.next_down(), x, x.next_up()]
    }

    proptest! {
        #[test]
        fn what_happens_by_the_table_is_what_happens_by_the_function(odds in -20.0_f64..20.0, seed: u64) {
            for about in 0..200 {
                let draw = Draws::new(seed).at(DrawPurpose::Like, Who::Case(1), About::Nth(about), 0);
                prop_assert_eq!(happens(odds, &mut { draw }), { draw }.chance(logistic(odds)));
            }
        }
    }

    #[test]
    fn at_the_steps_and_next_to_them_it_is_decided_as_by_the_function() {
        for (n, &found) in TABLE.iter().enumerate() {
            let step = n as f64 / STEPS as f64 - REACH as f64;
            assert!((found - logistic(step)).abs() < SLACK / 1e4, "{found} at {step}");
            let lucks = [logistic(step), found, found - SLACK, found + SLACK].into_iter().flat_map(around);
            for (uniform, odds) in lucks.flat_map(|uniform| around(step).map(|odds| (uniform, odds))) {
                assert_eq!(is_below(uniform, odds), uniform < logistic(odds), "{uniform} at {odds}");
            }
        }
    }

    #[test]
    fn odds_that_are_no_number_or_beyond_the_table_are_worked_out() {
        for odds in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 16.0, -16.0, 1e300, -1e300] {
            for uniform in [0.0, 1e-8, 0.5, 1.0 - 1e-8] {
                assert_eq!(is_below(uniform, odds), uniform < logistic(odds), "{uniform} at {odds}");
            }
        }
    }

    #[test]
    fn odds_become_probabilities() {
        for (odds, probability) in
            [(0.0, 0.5), (libm::log(3.0), 0.75), (-libm::log(4.0), 0.2), (800.0, 1.0), (-800.0, 0.0)]
        {
            assert!((logistic(odds) - probability).abs() < 1e-12, "{odds}: {}", logistic(odds));
        }
    }
}
