//! What goes side by side: small worlds, one thread each; a big world has all threads to itself. Memory may allow fewer.

use std::fmt;

/// Worlds of at most this many accounts take one thread: a day of so few is over before many threads are of use.
pub const SMALL_WORLD: u32 = 20_000;

/// What the executor is to do: the units in order, each with the numbers of its runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Runs of each unit, units and runs in the order in which they are wanted.
    pub units: Vec<Vec<usize>>,
    /// Threads that a unit's warm-up takes, and each of its runs; by unit.
    pub widths: Vec<usize>,
    /// All threads, at least 1.
    pub threads: usize,
}

impl Schedule {
    /// The same number of threads for every unit.
    #[must_use]
    pub fn even(units: Vec<Vec<usize>>, width: usize, threads: usize) -> Schedule {
        Schedule { widths: vec![width; units.len()], units, threads: threads.max(1) }
    }

    /// Threads of a unit's warm-up, and of each of its runs.
    #[must_use]
    pub fn width(&self, unit: usize) -> usize {
        self.widths[unit].clamp(1, self.threads)
    }
}

/// How many worlds go side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    threads: usize,
    /// Of the largest worlds.
    fewest: usize,
    /// Of the smallest.
    most: usize,
    widest: usize,
    /// Whether memory allows fewer than there are threads for.
    is_short: bool,
}

impl Beside {
    /// Of worlds that take from `narrowest` to `widest` of all threads. `is_short`: whether memory allows no more.
    #[must_use]
    pub fn new(threads: usize, widest: usize, narrowest: usize, is_short: bool) -> Beside {
        Beside { threads, fewest: threads / widest.max(1), most: threads / narrowest.max(1), widest, is_short }
    }
}

impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Beside { threads, fewest, most, widest, is_short } = *self;
        let each = |count: usize| format!("{count} thread{}", if count == 1 { "" } else { "s" });
        if fewest != most {
            write!(f, "{fewest} to {most} worlds at a time, the largest on {} each", each(widest))
        } else if most == 1 {
            write!(f, "one world at a time, on {}", each(threads))
        } else {
            write!(f, "{most} worlds side by side, {} each", each(widest))
        }?;
        f.write_str(if is_short { "; memory has no room for more" } else { "" })
    }
}
