//! Checkpoints of lifetimes under way: when one is due, what is in it, and going on from one.

use std::time::Instant;

use recsafe_common::ids::Day;
use recsafe_config::checkpoint::Every;
use serde::{Deserialize, Serialize};

use recsafe_engine::phase::Times;
use recsafe_engine::{BadRules, Lifetime, Scenario, Simulation};
use recsafe_results::Folder;

use super::progress::Progress;

/// What was spent on a lifetime, its interruptions left out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Spent {
    /// Seconds for generating people and follows.
    pub generation: f64,
    /// Seconds, generation left out.
    pub wall: f64,
    /// Processor seconds.
    pub cpu: f64,
    /// Time by phase of the day.
    pub times: Times,
}

/// A simulation to go on with, or to begin with.
pub(super) struct Begun {
    /// The world on its way.
    pub simulation: Simulation,
    /// What was spent on it so far.
    pub spent: Spent,
    /// The first day that is lived now, if others were lived before an interruption.
    pub resumed_from: Option<Day>,
}

impl Begun {
    /// One that nothing was spent on yet.
    pub(super) fn fresh(simulation: Simulation, spent: Spent) -> Self {
        Begun { simulation, spent, resumed_from: None }
    }
}

/// The checkpoint of one run or warm-up.
pub(super) struct Checkpoint<'a> {
    /// None if none is kept.
    folder: Option<&'a Folder>,
    /// Hash of the run or warm-up.
    of: &'a str,
    /// Which it is, for messages.
    name: &'a str,
    every: Option<Every>,
    progress: &'a Progress<'a>,
    last: Instant,
    days: u32,
}

impl<'a> Checkpoint<'a> {
    /// Of the run or warm-up with the hash `of`, which people know as `name`; written into `folder` as often as `every` says.
    pub(super) fn new(
        folder: Option<&'a Folder>,
        of: &'a str,
        name: &'a str,
        every: Option<Every>,
        progress: &'a Progress<'a>,
    ) -> Self {
        let every = every.filter(|_| folder.is_some());
        Checkpoint { folder, of, name, every, progress, last: Instant::now(), days: 0 }
    }

    /// The scenario's simulation as it was kept, if it was. One that is of no use is named, and ignored.
    ///
    /// # Errors
    /// If the scenario makes no rules, which those of a checked experiment never do.
    pub(super) fn kept(&self, scenario: &Scenario) -> Result<Option<Begun>, BadRules> {
        let Some(folder) = self.folder else { return Ok(None) };
        let kept = folder.read_checkpoint::<(Spent, Lifetime)>(self.of).unwrap_or_else(|error| {
            self.progress.note(&format!("{error}\nIt is ignored: {} starts at its beginning.", self.name));
            None
        });
        kept.map(|(_, (spent, lifetime))| {
            let resumed_from = Some(lifetime.next);
            Ok(Begun { simulation: Simulation::resumed(scenario, lifetime)?, spent, resumed_from })
        })
        .transpose()
    }

    /// Whether checkpoints are wanted at all.
    pub(super) fn is_wanted(&self) -> bool {
        self.every.is_some()
    }

    /// Takes note that a day ended; whether the state is to be kept now.
    pub(super) fn is_due(&mut self) -> bool {
        self.days += 1;
        match self.every {
            Some(Every::Days(days)) => self.days >= days,
            Some(Every::Time(time)) => self.last.elapsed() >= time,
            None => false,
        }
    }

    /// Keeps the state. A run is worth more than its checkpoint: where that cannot be written, it is said, and the run goes on.
    pub(super) fn keep(&mut self, lifetime: &Lifetime, spent: &Spent) {
        let Some(folder) = self.folder else { return };
        if let Err(error) = folder.write_checkpoint(self.of, lifetime.next - 1, &(spent, lifetime)) {
            self.progress.note(&format!("no checkpoint of {}: {error}", self.name));
        }
        self.last = Instant::now();
        self.days = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn days_are_counted_from_the_last_one_kept() {
        let folder = Folder::new(std::path::Path::new("nowhere"));
        let observer = crate::silent();
        let progress = Progress::new(1, 9, "", &*observer);
        let checkpoint = |folder, every| Checkpoint::new(folder, "abc", "a run", every, &progress);
        let mut counted = checkpoint(Some(&folder), Some(Every::Days(3)));
        assert_eq!([(); 3].map(|()| counted.is_due()), [false, false, true]);
        counted.days = 0; // as after keeping one
        assert!(!counted.is_due());
        assert!(!checkpoint(Some(&folder), None).is_due());
        assert!(checkpoint(Some(&folder), Some(Every::Time(Duration::ZERO))).is_due());
        assert!(!checkpoint(Some(&folder), Some(Every::Time(Duration::from_hours(1)))).is_due());
        assert!(!checkpoint(None, Some(Every::Time(Duration::ZERO))).is_wanted(), "there is no place for one");
    }
}
