//! Whether something of given log odds happens.

use recsafe_common::draw::Draw;

/// 1 / (1 + e^-x), by the portable `libm` so that decisions are the same on every machine.
#[inline]
#[must_use]
pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Steps of the table of [`logistic`]: this many for each unit of log odds.
const STEPS: usize = 16;
/// Log odds between which the table stands, on both sides of 0.
const REACH: usize = 16;
/// By how much a probability in the table may be wrong, generously.
const SLACK: f64 = 1e-9;

/// [`logistic`] at every step from -[`REACH`] to [`REACH`].
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

/// e^(1 / [`STEPS`]) by its series, for the compiler works out no exponential function.
const fn exp_of_a_step() -> f64 {
    let (mut sum, mut term, mut n) = (1.0, 1.0, 1);
    while n < 20 {
        term /= (STEPS * n) as f64;
        sum += term;
        n += 1;
    }
    sum
}

/// Whether something of these log odds happens: what `draw.chance(logistic(odds))` says.
#[inline]
#[must_use]
pub(super) fn happens(odds: f64, draw: &mut Draw) -> bool {
    is_below(draw.unit(), odds)
}

/// Whether `luck` is below `logistic(odds)`. The logistic function rises, so it is most often above or below all that the function can be between
/// two steps of a table, and nothing needs to be worked out.
#[inline]
fn is_below(luck: f64, odds: f64) -> bool {
    let place = (odds + REACH as f64) * STEPS as f64;
    // Odds beyond the table, and odds that are no number, are worked out.
    if (0.0..(2 * REACH * STEPS) as f64).contains(&place) {
        let (below, above) = (TABLE[place as usize], TABLE[place as usize + 1]);
        if luck < below - SLACK {
            return true;
        }
        if luck >= above + SLACK {
            return false;
        }
    }
    luck < logistic(odds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use recsafe_common::draw::{Decides, Draws};
    use recsafe_common::key::{About, Who};

    /// A number and those next to it.
    fn around(x: f64) -> [f64; 3] {
        [x.next_down(), x, x.next_up()]
    }

    proptest! {
        #[test]
        fn what_happens_by_the_table_is_what_happens_by_the_function(odds in -20.0_f64..20.0, seed: u64) {
            for about in 0..200 {
                let draw = Draws::new(seed).at(Decides::Like, Who::Case(1), About::Nth(about), 0);
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
            for (luck, odds) in lucks.flat_map(|luck| around(step).map(|odds| (luck, odds))) {
                assert_eq!(is_below(luck, odds), luck < logistic(odds), "{luck} at {odds}");
            }
        }
    }

    #[test]
    fn odds_that_are_no_number_or_beyond_the_table_are_worked_out() {
        for odds in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 16.0, -16.0, 1e300, -1e300] {
            for luck in [0.0, 1e-8, 0.5, 1.0 - 1e-8] {
                assert_eq!(is_below(luck, odds), luck < logistic(odds), "{luck} at {odds}");
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
