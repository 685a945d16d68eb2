//! `strikes`: another ladder of sanctions.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::enforcement::Ladder;

settings! {
    /// Another ladder of sanctions; by default removal comes with the second strike in place of the third, and a confirmed account is
    /// removed at once in four cases of five. Harsher sanctions hit those who did nothing wrong as well.
    pub struct StrikeLadder {
        /// Strikes until removal.
        pub strikes: u32 = 2, 1..=100, "strikes", "assumed";
        /// Probability that a confirmed account is removed at once.
        pub severe_removed: f64 = 0.8, 0.0..=1.0, "probability", "assumed";
        /// Days that a limit lasts; without it, the platform's own.
        pub limited_days: Option<u32> = None, 1..=3650, "days", "enforcement.limited_days";
        /// Days that a suspension lasts; without it, the platform's own.
        pub suspended_days: Option<u32> = None, 1..=3650, "days", "enforcement.suspended_days";
    }
}

impl Described for StrikeLadder {
    const TITLE: &'static str = "Strikes";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["sanctions"];
}

impl Intervention for StrikeLadder {
    fn sanctions(&self, ladder: &mut Ladder) {
        *ladder = Ladder {
            severe_removed: self.severe_removed,
            strikes: self.strikes,
            limited_days: self.limited_days.unwrap_or(ladder.limited_days),
            suspended_days: self.suspended_days.unwrap_or(ladder.suspended_days),
        };
    }
}
