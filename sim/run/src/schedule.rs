//! The schedule: small worlds run in parallel on one thread each, and a big world uses all threads.
//! If memory is small, fewer worlds run in parallel.

use std::fmt;

/// Maximum number of accounts of a world that uses only one thread. A day of such a world is too
/// short to profit from several threads.
pub const SMALL_WORLD: u32 = 20_000;

/// Work for the executor: units in order, each with its runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Runs of each unit, in the order of execution.
    pub units: Vec<Vec<usize>>,
    /// Number of threads of each unit: for its warm-up and for each of its runs.
    pub widths: Vec<usize>,
    /// Number of threads, at least 1.
    pub threads: usize,
}

impl Schedule {
    /// Creates a schedule with the same number of threads for each unit.
    #[must_use]
    pub fn even(units: Vec<Vec<usize>>, width: usize, threads: usize) -> Schedule {
        Schedule { widths: vec![width; units.len()], units, threads: threads.max(1) }
    }

    /// Returns the number of threads for a unit's warm-up and for each of its runs.
    #[must_use]
    pub fn width(&self, unit: usize) -> usize {
        self.widths[unit].clamp(1, self.threads)
    }
}

/// The number of worlds that are simulated in parallel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concurrency {
    threads: usize,
    /// Parallel worlds of the largest size.
    fewest: usize,
    /// Parallel worlds of the smallest size.
    most: usize,
    widest: usize,
    /// Whether memory limits the number of worlds.
    is_short: bool,
}

impl Concurrency {
    /// Computes the numbers of parallel worlds if each world uses `narrowest` to `widest` threads.
    /// `is_short` means that memory limits the number of worlds.
    #[must_use]
    pub fn new(threads: usize, widest: usize, narrowest: usize, is_short: bool) -> Concurrency {
        Concurrency { threads, fewest: threads / widest.max(1), most: threads / narrowest.max(1), widest, is_short }
    }
}

impl fmt::Display for Concurrency {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Concurrency { threads, fewest, most, widest, is_short } = *self;
        let each = |count: usize| format!("{count} thread{}", if count == 1 { "" } else { "s" });
        if fewest != most {
            write!(f, "{fewest} to {most} worlds at a time, the largest on {} each", each(widest))
        } else if most == 1 {
            write!(f, "one world at a time, on {}", each(threads))
        } else {
            write!(f, "{most} worlds at a time, on {} each", each(widest))
        }?;
        f.write_str(if is_short { "; memory allows no more" } else { "" })
    }
}
