//! The engine: a world, the phases of its day, and runs.
//!
//! Phases are bulk-synchronous: each reads state frozen at its start, works on chunks of accounts side by side, and merges
//! what the chunks put out in account order. So a result is the same, bit for bit, for any number of threads.

mod feed;
mod follows;
mod happened;
mod learning;
pub mod lifetime;
mod posting;
mod rules;
mod world;

pub use rules::{BadRules, Rules};
pub use world::{PostTruth, World};

use recsafe_common::ids::Day;

use crate::measure::Recorder;

/// Accounts that one task takes at a time. Part of every result: sums of floating-point numbers are made chunk by chunk.
pub(crate) const CHUNK: usize = 64;

/// What a day produced, beside its effect on the world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCounts {
    /// Posts put into slates.
    pub impressions: u64,
}

impl World {
    /// Lives through one day: posting, feed, follows, learning. What is to be measured goes to `recorder`.
    pub fn live(&mut self, day: Day, rules: &Rules, recorder: &mut Recorder) -> DayCounts {
        self.observed.day = day;
        recorder.start_day();
        posting::post(self, rules);
        let happened = feed::serve(self, rules, recorder);
        let counts = DayCounts { impressions: happened.impressions };
        follows::change(self, rules, &happened);
        learning::learn(self, rules, &happened);
        counts
    }
}
