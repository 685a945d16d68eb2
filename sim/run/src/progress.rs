//! Progress of runs, told to an observer.

use std::sync::atomic::{AtomicU64, Ordering};

use recsafe_results::panics;

use super::observer::{Event, Observer};

/// Tells an observer how far runs are.
#[derive(Debug)]
pub struct Progress<'a> {
    observer: &'a dyn Observer,
    lifetimes: AtomicU64,
}

impl<'a> Progress<'a> {
    /// Progress of `runs` runs that take `days` simulated days in all, warm-ups included. `status`: what they are made for.
    #[must_use]
    pub fn new(runs: u64, days: u64, status: &str, observer: &'a dyn Observer) -> Self {
        observer.hear(Event::Begun { runs, days, status });
        Progress { observer, lifetimes: AtomicU64::new(0) }
    }

    /// A run or a warm-up of so many days begins.
    #[must_use]
    pub fn line(&self, name: &str, days: u64) -> Line<'_> {
        let lifetime = self.lifetimes.fetch_add(1, Ordering::Relaxed);
        self.observer.hear(Event::LifetimeBegun { lifetime, name, days });
        Line { lifetime, observer: self.observer }
    }

    /// So many days are done of a run that is too short for a line of its own.
    pub fn days(&self, days: u64) {
        self.observer.hear(Event::Days(days));
    }

    /// Takes note that a run is finished and kept.
    pub fn run_finished(&self) {
        self.observer.hear(Event::RunFinished);
    }

    /// Says something that people should know.
    pub fn note(&self, note: &str) {
        self.observer.hear(Event::Note(note));
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        hear_the_end(self.observer, Event::Ended);
    }
}

/// Tells an observer of an end. If it panics, nobody is told: whatever ends may do so because of a panic.
fn hear_the_end(observer: &dyn Observer, event: Event) {
    let _ = panics::caught(|| observer.hear(event));
}

/// One run, or warm-up, under way; it is over when this is dropped.
#[derive(Debug)]
pub struct Line<'a> {
    lifetime: u64,
    observer: &'a dyn Observer,
}

impl Line<'_> {
    /// So many days were done before an interruption.
    pub fn went_on_from(&self, days: u64) {
        if days > 0 {
            self.observer.hear(Event::LifetimeResumed { lifetime: self.lifetime, days });
        }
    }

    /// One day is done.
    pub fn day(&self, impressions: u64) {
        self.observer.hear(Event::Day { lifetime: self.lifetime, impressions });
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        hear_the_end(self.observer, Event::LifetimeEnded { lifetime: self.lifetime });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn an_observer_hears_of_every_lifetime_by_its_number() {
        let heard = Mutex::new(Vec::new());
        let observer = |event: Event| heard.lock().unwrap().push(format!("{event:?}"));
        {
            let progress = Progress::new(1, 5, "", &observer);
            let (one, two) = (progress.line("a", 2), progress.line("b", 3));
            one.went_on_from(0);
            two.went_on_from(2);
            two.day(7);
            progress.run_finished();
        }
        let heard = heard.into_inner().unwrap();
        assert_eq!(heard[1], "LifetimeBegun { lifetime: 0, name: \"a\", days: 2 }");
        assert_eq!(
            heard[3..6],
            ["LifetimeResumed { lifetime: 1, days: 2 }", "Day { lifetime: 1, impressions: 7 }", "RunFinished"]
        );
        assert_eq!(heard[6..], ["LifetimeEnded { lifetime: 1 }", "LifetimeEnded { lifetime: 0 }", "Ended"]);
    }
}
