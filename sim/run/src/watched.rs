//! What a run or a warm-up is watched by while it goes on: the progress line, the clock, the profile, its checkpoint, and the wish to stop.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use recsafe_engine::{DayReport, Lifetime, Watcher};

use super::checkpoint::{Checkpoint, Spent};
use super::clock::Clock;
use super::progress::Line;
use super::work::Runs;

/// Watches one lifetime.
pub(super) struct Watched<'a> {
    runs: &'a Runs<'a>,
    name: &'a str,
    lane: usize,
    line: Line<'a>,
    /// Days behind it, for messages.
    reached: &'a AtomicU32,
    checkpoint: Checkpoint<'a>,
    /// What was spent before now, and the phases of all days.
    spent: Spent,
    began: Instant,
    clock: Clock,
}

impl<'a> Watched<'a> {
    /// From now on, for a lifetime of a unit that `spent` was spent on and that has `behind` days behind it.
    pub(super) fn new(
        runs: &'a Runs<'a>,
        unit: usize,
        (name, lane): (&'a str, usize),
        line: Line<'a>,
        (reached, behind): (&'a AtomicU32, u32),
        checkpoint: Checkpoint<'a>,
        spent: Spent,
    ) -> Self {
        reached.store(behind, Ordering::Relaxed);
        line.went_on_from(u64::from(behind));
        let (began, clock) = (Instant::now(), Clock::start(runs.schedule.width(unit)));
        Watched { runs, name, lane, line, reached, checkpoint, spent, began, clock }
    }

    /// What was spent until now.
    pub(super) fn spent(&self) -> Spent {
        let wall = self.spent.wall + self.began.elapsed().as_secs_f64();
        Spent { wall, cpu: self.spent.cpu + self.clock.seconds(), ..self.spent.clone() }
    }

    /// Keeps the state now, if checkpoints are wanted.
    pub(super) fn keep(&mut self, lifetime: &Lifetime) {
        if self.checkpoint.is_wanted() {
            let (writing, spent) = (Instant::now(), self.spent());
            self.checkpoint.keep(lifetime, &spent);
            self.runs.profiled("checkpoint", (self.lane, self.name), writing);
        }
    }
}

impl Watcher for Watched<'_> {
    fn day_ended(&mut self, lifetime: &Lifetime, today: &DayReport) -> bool {
        self.line.day(today.impressions);
        self.spent.times.add_all(&today.times);
        let number = self.reached.fetch_add(1, Ordering::Relaxed);
        self.runs.lived((self.lane, self.name), number, today);
        let goes_on = self.runs.goes_on();
        if self.checkpoint.is_due() || !goes_on {
            self.keep(lifetime);
        }
        goes_on
    }
}
