//! What others hear of runs while they are made: how far they are, and what people should know. Nothing here prints.

use std::fmt;
use std::sync::Arc;

/// Something that happened while runs are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// Runs begin.
    Begun {
        /// Runs that will be made.
        runs: u64,
        /// Simulated days that they take in all, warm-ups included.
        days: u64,
        /// What they are made for, in a few words; empty if there is nothing to say.
        status: &'a str,
    },
    /// A run, or a warm-up, begins.
    LifetimeBegun {
        /// Its number: no two that are under way have the same one.
        lifetime: u64,
        /// Which run or warm-up it is.
        name: &'a str,
        /// Its days.
        days: u64,
    },
    /// A run, or a warm-up, goes on from a checkpoint.
    LifetimeResumed {
        /// Its number.
        lifetime: u64,
        /// Days that were over before.
        days: u64,
    },
    /// A day of a run, or of a warm-up, is over.
    Day {
        /// Its number.
        lifetime: u64,
        /// Posts that were put into slates on that day.
        impressions: u64,
    },
    /// A run, or a warm-up, is over or was stopped.
    LifetimeEnded {
        /// Its number.
        lifetime: u64,
    },
    /// Days are over that belong to no lifetime of their own: those of short runs, and those that need not be simulated.
    Days(u64),
    /// A run is finished and kept.
    RunFinished,
    /// No more runs are made.
    Ended,
    /// Something that people should know, though nothing is wrong: a sentence or two.
    Note(&'a str),
}

/// Hears what happens while runs are made, from several threads at once. A closure is one.
///
/// An observer is called between two simulated days, so it should not take long. If it panics, the run that it hears of fails.
///
/// ```
/// use std::sync::Arc;
/// use recsafe_run::{Event, Observer};
///
/// let observer: Arc<dyn Observer> = Arc::new(|event: Event| {
///     if let Event::Note(note) = event {
///         println!("{note}");
///     }
/// });
/// ```
pub trait Observer: Send + Sync {
    /// Something happened.
    fn hear(&self, event: Event);
}

impl<F: Fn(Event) + Send + Sync> Observer for F {
    fn hear(&self, event: Event) {
        self(event);
    }
}

impl fmt::Debug for dyn Observer + '_ {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// An observer that does nothing.
#[must_use]
pub fn silent() -> Arc<dyn Observer> {
    Arc::new(|_: Event| ())
}
