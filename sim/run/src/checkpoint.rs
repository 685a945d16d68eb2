//! Checkpoints of unfinished runs and warm-ups: when a checkpoint is written, what it contains, and
//! how a simulation resumes from it.

use std::time::Instant;

use recsafe_common::ids::Day;
use recsafe_config::checkpoint::Every;
use serde::{Deserialize, Serialize};

use recsafe_engine::phase::Times;
use recsafe_engine::{BadRules, Lifetime, Scenario, Simulation};
use recsafe_results::Folder;

use super::progress::Progress;

/// Time spent on a run or warm-up, without interruptions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Spent {
    /// Seconds for generating people and follows.
    pub generation: f64,
    /// Wall-clock seconds without generation.
    pub wall: f64,
    /// Processor seconds.
    pub cpu: f64,
    /// Time by phase of the day.
    pub times: Times,
}

/// A simulation that is new or resumed.
pub(super) struct Begun {
    /// The simulation.
    pub simulation: Simulation,
    /// Time spent on the simulation so far.
    pub spent: Spent,
    /// The first day after resuming, or `None` for a new simulation.
    pub resumed_from: Option<Day>,
}

impl Begun {
    /// Wraps a new simulation.
    pub(super) fn fresh(simulation: Simulation, spent: Spent) -> Self {
        Begun { simulation, spent, resumed_from: None }
    }
}

/// The checkpoint of a run or warm-up.
pub(super) struct Checkpoint<'a> {
    /// The folder, or `None` if checkpoints are disabled.
    folder: Option<&'a Folder>,
    /// Hash of the run or warm-up.
    of: &'a str,
    /// Name of the run or warm-up, for messages.
    name: &'a str,
    every: Option<Every>,
    progress: &'a Progress<'a>,
    last: Instant,
    days: u32,
}

impl<'a> Checkpoint<'a> {
    /// Creates a handle of the checkpoint with the hash `of`. `every` is the interval between
    /// writes.
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

    /// Returns the saved simulation, if there is one. Reports and ignores an unusable checkpoint.
    ///
    /// # Errors
    /// If the scenario's settings are invalid, which never happens with a checked experiment.
    pub(super) fn kept(&self, scenario: &Scenario) -> Result<Option<Begun>, BadRules> {
        let Some(folder) = self.folder else { return Ok(None) };
        let stored = folder.read_checkpoint::<(Spent, Lifetime)>(self.of).unwrap_or_else(|error| {
            self.progress
                .note(&format!("{error}\nThe checkpoint is ignored: {} restarts from the beginning.", self.name));
            None
        });
        stored
            .map(|(_, (spent, lifetime))| {
                let resumed_from = Some(lifetime.next);
                Ok(Begun { simulation: Simulation::resumed(scenario, lifetime)?, spent, resumed_from })
            })
            .transpose()
    }

    /// Returns whether checkpoints are enabled.
    pub(super) fn is_wanted(&self) -> bool {
        self.every.is_some()
    }

    /// Counts a day and returns whether a checkpoint is due.
    pub(super) fn is_due(&mut self) -> bool {
        self.days += 1;
        match self.every {
            Some(Every::Days(days)) => self.days >= days,
            Some(Every::Time(time)) => self.last.elapsed() >= time,
            None => false,
        }
    }

    /// Writes a checkpoint. A failure is only reported, because the run matters more than its
    /// checkpoint.
    pub(super) fn keep(&mut self, lifetime: &Lifetime, spent: &Spent) {
        let Some(folder) = self.folder else { return };
        if let Err(error) = folder.write_checkpoint(self.of, lifetime.next - 1, &(spent, lifetime)) {
            self.progress.note(&format!("the checkpoint of {} was not written: {error}", self.name));
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
        counted.days = 0; // a write resets this count
        assert!(!counted.is_due());
        assert!(!checkpoint(Some(&folder), None).is_due());
        assert!(checkpoint(Some(&folder), Some(Every::Time(Duration::ZERO))).is_due());
        assert!(!checkpoint(Some(&folder), Some(Every::Time(Duration::from_hours(1)))).is_due());
        assert!(!checkpoint(None, Some(Every::Time(Duration::ZERO))).is_wanted(), "no folder for checkpoints");
    }
}
