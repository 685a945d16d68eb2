//! Processor time of runs.

use cpu_time::{ProcessTime, ThreadTime};

/// A clock of processor time. The clock measures this thread if a run has one thread, otherwise the
/// whole process.
pub(super) enum Clock {
    Thread(ThreadTime),
    Process(ProcessTime),
}

impl Clock {
    /// Starts a clock for a run with this many threads.
    pub(super) fn start(threads: usize) -> Self {
        if threads == 1 { Clock::Thread(ThreadTime::now()) } else { Clock::Process(ProcessTime::now()) }
    }

    /// Returns the seconds since the start.
    pub(super) fn seconds(&self) -> f64 {
        match self {
            Clock::Thread(began) => began.elapsed().as_secs_f64(),
            Clock::Process(began) => began.elapsed().as_secs_f64(),
        }
    }
}
