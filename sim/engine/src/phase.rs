//! The phases of a day, and how long each takes. Times are for people who wait: nothing in a world depends on them.

use std::time::Duration;
#[cfg(feature = "clock")]
use std::time::Instant;

use recsafe_common::choices;
use serde::{Deserialize, Serialize};

choices! {
    /// A part of a simulated day.
    pub enum Phase {
        /// Sanctions and returns, checks of age, account defaults, posting, and the platform's lists.
        Morning = "morning and posting",
        /// People suggestions and follower lists.
        People = "people suggestions",
        /// The feed.
        Feed = "feed",
        /// Search.
        Search = "search",
        /// Merging what the surfaces led to, in account order.
        Merge = "merging and recording",
        /// Contact between accounts.
        Contact = "contact",
        /// Follows that begin and end, and exchanges.
        Follows = "follows and exchange",
        /// Enforcement.
        Enforcement = "enforcement",
        /// Inboxes and learning.
        Learning = "learning",
    }
}

/// Time spent in each phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times([Duration; Phase::ALL.len()]);

impl Times {
    /// Adds time to a phase.
    pub fn add(&mut self, phase: Phase, time: Duration) {
        self.0[phase as usize] += time;
    }

    /// Adds another's times, phase by phase.
    pub fn add_all(&mut self, other: &Times) {
        for (&phase, &time) in Phase::ALL.iter().zip(&other.0) {
            self.add(phase, time);
        }
    }

    /// Time spent in a phase.
    #[must_use]
    pub fn of(&self, phase: Phase) -> Duration {
        self.0[phase as usize]
    }

    /// Every phase with its time, in the order of the day.
    pub fn iter(&self) -> impl Iterator<Item = (Phase, Duration)> + '_ {
        Phase::ALL.iter().map(|&phase| (phase, self.of(phase)))
    }

    /// All time.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.0.iter().sum()
    }

    /// Adds `whole` to the phases of `parts`, in proportion to these: what several threads did side by side took less time than it adds up to.
    pub fn add_in_proportion(&mut self, parts: &Times, whole: Duration) {
        let sum = parts.total().as_secs_f64();
        for (phase, time) in parts.iter().filter(|(_, time)| !time.is_zero()) {
            self.add(phase, whole.mul_f64(time.as_secs_f64() / sum));
        }
    }
}

/// Reads the time from one phase to the next; without the feature `clock`, no time passes.
#[derive(Debug)]
pub struct Watch(#[cfg(feature = "clock")] Instant);

#[cfg(feature = "clock")]
impl Watch {
    /// Starts now.
    #[must_use]
    pub fn start() -> Self {
        Watch(Instant::now())
    }

    /// Time since the last lap, or since the start.
    pub fn lap(&mut self) -> Duration {
        let now = Instant::now();
        let passed = now - self.0;
        self.0 = now;
        passed
    }
}

#[cfg(not(feature = "clock"))]
impl Watch {
    /// Starts now.
    #[must_use]
    pub fn start() -> Self {
        Watch()
    }

    /// No time.
    pub fn lap(&mut self) -> Duration {
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn side_by_side_work_shares_the_time_that_passed() {
        let (mut parts, mut times) = (Times::default(), Times::default());
        parts.add(Phase::Feed, Duration::from_secs(6));
        parts.add(Phase::Search, Duration::from_secs(2));
        times.add(Phase::Feed, Duration::from_secs(1));
        times.add_in_proportion(&parts, Duration::from_secs(4));
        assert_eq!((times.of(Phase::Feed), times.of(Phase::Search)), (Duration::from_secs(4), Duration::from_secs(1)));
        assert_eq!(times.total(), Duration::from_secs(5));
        times.add_in_proportion(&Times::default(), Duration::from_secs(9));
        assert_eq!(times.total(), Duration::from_secs(5), "nothing was done, so nothing takes time");
    }
}
