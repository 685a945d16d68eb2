//! What account holders do: with posts and accounts that they are shown, with search, and with one another.

pub mod contact;
mod engage;
pub mod exchange;
pub mod following;
pub mod probes;
pub mod reporting;
pub mod reshare_one;
pub mod returning;
pub mod searching;
mod sessions;

pub use engage::{Habits, Luck, Reaction, Viewed};
pub use sessions::{another_request, session_hour, sessions_today};

/// 1 / (1 + e^-x), by the portable `libm` so that decisions are the same on every machine.
#[inline]
#[must_use]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_become_probabilities() {
        for (odds, probability) in
            [(0.0, 0.5), (libm::log(3.0), 0.75), (-libm::log(4.0), 0.2), (800.0, 1.0), (-800.0, 0.0)]
        {
            assert!((logistic(odds) - probability).abs() < 1e-12, "{odds}: {}", logistic(odds));
        }
    }
}
