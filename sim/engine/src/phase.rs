//! Phases of a day and their durations. Durations are for information only: nothing in a world
//! depends on them.

use std::time::Duration;
#[cfg(feature = "clock")]
use std::time::Instant;

use recsafe_common::choices;
use serde::{Deserialize, Serialize};

choices! {
    /// Phase of a simulated day.
    pub enum Phase {
        /// Sanctions and returns, age assurance, account defaults, posting, and the platform's
        /// index.
        Morning = "morning and posting",
        /// People suggestions and follower lists.
        People = "people suggestions",
        /// The feed.
        Feed = "feed",
        /// Search.
        Search = "search",
        /// Merging the outputs of the surfaces in account order.
        Merge = "merging and recording",
        /// Contact.
        Contact = "contact",
        /// Changes of the follow graph, and exchanges.
        Follows = "follows and exchange",
        /// Enforcement.
        Enforcement = "enforcement",
        /// Inboxes and learning.
        Learning = "learning",
    }
}

/// Duration of each phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times([Duration; Phase::ALL.len()]);

impl Times {
    /// Adds time to a phase.
    pub fn add(&mut self, phase: Phase, time: Duration) {
        self.0[phase as usize] += time;
    }

    /// Adds other durations, phase by phase.
    pub fn add_all(&mut self, other: &Times) {
        for (&phase, &time) in Phase::ALL.iter().zip(&other.0) {
            self.add(phase, time);
        }
    }

    /// Returns the duration of a phase.
    #[must_use]
    pub fn of(&self, phase: Phase) -> Duration {
        self.0[phase as usize]
    }

    /// Returns the phases with their durations, in the order of the day.
    pub fn iter(&self) -> impl Iterator<Item = (Phase, Duration)> + '_ {
        Phase::ALL.iter().map(|&phase| (phase, self.of(phase)))
    }

    /// Returns the total duration.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.0.iter().sum()
    }

    /// Divides the elapsed time `whole` among the phases in proportion to their durations in
    /// `parts`, and adds the results to the phases. The sum of `parts` can exceed `whole`, because
    /// threads run in parallel.
    pub fn add_in_proportion(&mut self, parts: &Times, whole: Duration) {
        let sum = parts.total().as_secs_f64();
        for (phase, time) in parts.iter().filter(|(_, time)| !time.is_zero()) {
            self.add(phase, whole.mul_f64(time.as_secs_f64() / sum));
        }
    }
}

/// Clock that measures the time between phases. Without the feature `clock`, all durations are
/// zero.
#[derive(Debug)]
pub struct Watch(#[cfg(feature = "clock")] Instant);

#[cfg(feature = "clock")]
impl Watch {
    /// Starts now.
    #[must_use]
    pub fn start() -> Self {
        Watch(Instant::now())
    }

    /// Returns the time since the last lap, or since the start.
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

    /// Returns zero.
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
