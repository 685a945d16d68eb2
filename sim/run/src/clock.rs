//! Processor time of a run.

use cpu_time::{ProcessTime, ThreadTime};

/// Processor time: of this thread where a run has one, of the whole process where a run has all threads.
pub(super) enum Clock {
    Thread(ThreadTime),
    Process(ProcessTime),
}

impl Clock {
    /// Starts now, for a run with so many threads.
    pub(super) fn start(threads: usize) -> Self {
        if threads == 1 { Clock::Thread(ThreadTime::now()) } else { Clock::Process(ProcessTime::now()) }
    }

    /// Seconds since then.
    pub(super) fn seconds(&self) -> f64 {
        match self {
            Clock::Thread(began) => began.elapsed().as_secs_f64(),
            Clock::Process(began) => began.elapsed().as_secs_f64(),
        }
    }
}
