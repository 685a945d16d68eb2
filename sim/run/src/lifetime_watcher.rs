//! The watcher of a run or warm-up. The watcher handles the progress line, the clock, the profile,
//! the checkpoint and the request to stop.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use recsafe_engine::{DayReport, Lifetime, Watcher};

use super::checkpoint::{Checkpoint, Spent};
use super::clock::Clock;
use super::progress::Line;
use super::work::Runs;

/// The watcher of one run or warm-up.
pub(super) struct LifetimeWatcher<'a> {
    runs: &'a Runs<'a>,
    name: &'a str,
    worker: usize,
    line: Line<'a>,
    /// Number of simulated days, for messages.
    reached: &'a AtomicU32,
    checkpoint: Checkpoint<'a>,
    /// Wall-clock and processor time before this process took over, and time by phase over all
    /// days.
    spent: Spent,
    began: Instant,
    clock: Clock,
}

impl<'a> LifetimeWatcher<'a> {
    /// Starts watching. `spent` is the time before this process took over, and `behind` is the
    /// number of days that were simulated before.
    pub(super) fn new(
        runs: &'a Runs<'a>,
        unit: usize,
        (name, worker): (&'a str, usize),
        line: Line<'a>,
        (reached, behind): (&'a AtomicU32, u32),
        checkpoint: Checkpoint<'a>,
        spent: Spent,
    ) -> Self {
        reached.store(behind, Ordering::Relaxed);
        line.went_on_from(u64::from(behind));
        let (began, clock) = (Instant::now(), Clock::start(runs.schedule.width(unit)));
        LifetimeWatcher { runs, name, worker, line, reached, checkpoint, spent, began, clock }
    }

    /// Returns the time spent so far.
    pub(super) fn spent(&self) -> Spent {
        let wall = self.spent.wall + self.began.elapsed().as_secs_f64();
        Spent { wall, cpu: self.spent.cpu + self.clock.seconds(), ..self.spent.clone() }
    }

    /// Writes a checkpoint, if checkpoints are enabled.
    pub(super) fn keep(&mut self, lifetime: &Lifetime) {
        if self.checkpoint.is_wanted() {
            let (writing, spent) = (Instant::now(), self.spent());
            self.checkpoint.keep(lifetime, &spent);
            self.runs.profiled("checkpoint", (self.worker, self.name), writing);
        }
    }
}

impl Watcher for LifetimeWatcher<'_> {
    fn day_ended(&mut self, lifetime: &Lifetime, today: &DayReport) -> bool {
        self.line.day(today.impressions);
        self.spent.times.add_all(&today.times);
        let number = self.reached.fetch_add(1, Ordering::Relaxed);
        self.runs.lived((self.worker, self.name), number, today);
        let goes_on = self.runs.goes_on();
        if self.checkpoint.is_due() || !goes_on {
            self.keep(lifetime);
        }
        goes_on
    }
}
