//! Simulation of a scenario, day by day.

use recsafe_common::ids::Day;
use recsafe_people::behavior::probes::Probe;
use recsafe_scenario::{RecordShares, Scenario};

use super::day::DayReport;
use super::lifetime::{Lifetime, LifetimeOutput};
use super::{BadRules, DayError, Rules, Step, World};
use crate::measure::{Measured, Recorder, totals};

/// Simulation of a scenario.
///
/// The warm-up ends before day 0. The first step after the warm-up adds the probes, and the
/// measured days begin under the scenario's policy. A simulation that is resumed from
/// [`Simulation::checkpoint`] gives the same results as an uninterrupted simulation, bit for bit
/// and for any number of threads.
///
/// ```
/// use recsafe_engine::{Scenario, Simulation};
///
/// let mut scenario = Scenario { days: 3, ..Scenario::default() };
/// scenario.world.population.accounts = 200;
/// scenario.world.warm_up_days = 2;
/// let mut simulation = Simulation::new(&scenario, 1)?;
/// while !simulation.is_over() {
///     let today = simulation.step()?;
///     println!("day {}: {} impressions", today.day, today.impressions);
/// }
/// let dose = simulation.metrics().into_iter().find(|row| row.metric == "dose" && row.group == "all");
/// assert!(dose.is_some_and(|row| row.ratio.value().is_some()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Simulation {
    lifetime: Lifetime,
    /// Rules of the warm-up.
    before: Rules,
    /// Rules of the measured days.
    rules: Rules,
    probes: Vec<Probe>,
    days: Day,
    record_shares: RecordShares,
}

/// Observer of a simulation. A closure can be an observer. Such a closure takes the report of a day
/// and returns `false` to stop the simulation.
pub trait Watcher {
    /// Called at the end of each day with the state of the simulation. Returns `false` to stop.
    fn day_ended(&mut self, lifetime: &Lifetime, today: &DayReport) -> bool;
}

impl<F: FnMut(&DayReport) -> bool> Watcher for F {
    fn day_ended(&mut self, _: &Lifetime, today: &DayReport) -> bool {
        self(today)
    }
}

impl Simulation {
    /// Generates the scenario's world from a seed. The next step simulates the first day of the
    /// warm-up.
    ///
    /// # Errors
    /// If a ranker, an intervention or a knob is unknown. Validated settings have no unknown names.
    pub fn new(scenario: &Scenario, seed: u64) -> Result<Self, BadRules> {
        let world = World::generate(&scenario.world, seed);
        Simulation::resumed(scenario, Lifetime::before(world, scenario.world.warm_up_days, scenario.record_shares))
    }

    /// Starts from a world whose warm-up is over. The next step simulates day 0. Several
    /// simulations can start from copies of one world.
    ///
    /// # Errors
    /// As for [`Simulation::new`].
    pub fn of_warm_world(scenario: &Scenario, world: World) -> Result<Self, BadRules> {
        Simulation::resumed(scenario, Lifetime::before(world, 0, scenario.record_shares))
    }

    /// Resumes from a checkpoint. The caller must ensure that the checkpoint comes from the same
    /// scenario.
    ///
    /// # Errors
    /// As for [`Simulation::new`].
    pub fn resumed(scenario: &Scenario, lifetime: Lifetime) -> Result<Self, BadRules> {
        Ok(Simulation {
            lifetime,
            before: Rules::new(&scenario.world, &scenario.before)?,
            rules: Rules::new(&scenario.world, &scenario.policy)?,
            probes: scenario.probes.clone(),
            days: Day::try_from(scenario.days).unwrap_or(Day::MAX),
            record_shares: scenario.record_shares,
        })
    }

    /// Replaces the rules of the measured days. The new rules can contain rankers and interventions
    /// that are not in a catalogue.
    #[must_use]
    pub fn under(self, rules: Rules) -> Self {
        Simulation { rules, ..self }
    }

    /// Replaces the rules of the warm-up.
    #[must_use]
    pub fn warmed_under(self, before: Rules) -> Self {
        Simulation { before, ..self }
    }

    /// Returns the number of the next day; negative in the warm-up.
    #[must_use]
    pub fn day(&self) -> Day {
        self.lifetime.next
    }

    /// Returns the world.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.lifetime.world
    }

    /// Returns the record of the measured days so far.
    #[must_use]
    pub fn recorder(&self) -> &Recorder {
        &self.lifetime.recorder
    }

    /// Returns whether the last measured day is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.lifetime.next >= self.days
    }

    /// Returns whether the measured days have begun.
    #[must_use]
    pub fn is_measuring(&self) -> bool {
        self.lifetime.recorder.is_measuring()
    }

    /// Simulates the next day, even after the last day of the scenario.
    ///
    /// # Errors
    /// If a ranker or a rule that is not built in fails. The world is then in the middle of a day
    /// and cannot be used. Restore an earlier state with [`Simulation::go_back`], or drop the
    /// simulation.
    pub fn step(&mut self) -> Result<DayReport, DayError> {
        self.step_watched(|_, _| ())
    }

    /// Simulates the next day and calls `after` with the world after each step of the day.
    ///
    /// # Errors
    /// As for [`Simulation::step`].
    pub fn step_watched(&mut self, after: impl FnMut(Step, &World)) -> Result<DayReport, DayError> {
        self.begin_measuring();
        let rules = if self.is_measuring() { &self.rules } else { &self.before };
        let Lifetime { world, recorder, next, impressions } = &mut self.lifetime;
        let today = world.live_watched(*next, rules, recorder, after)?;
        *next += 1;
        *impressions += today.impressions;
        Ok(today)
    }

    /// Adds the probes and starts the measured days. Does nothing during the warm-up, or if the
    /// measured days have begun.
    pub fn begin_measuring(&mut self) {
        if !self.is_measuring() && self.lifetime.next >= 0 {
            self.lifetime.begin_measuring(&self.rules.harm, &self.probes, self.record_shares);
        }
    }

    /// Simulates the rest of the warm-up. Returns `false` if `watcher` stopped the simulation.
    ///
    /// # Errors
    /// As for [`Simulation::step`].
    pub fn warm_up(&mut self, watcher: &mut dyn Watcher) -> Result<bool, DayError> {
        self.until(0, watcher)
    }

    /// Simulates all remaining days. Returns `false` if `watcher` stopped the simulation.
    ///
    /// # Errors
    /// As for [`Simulation::step`].
    pub fn run(&mut self, watcher: &mut dyn Watcher) -> Result<bool, DayError> {
        if !self.warm_up(watcher)? {
            return Ok(false);
        }
        self.begin_measuring();
        self.until(self.days, watcher)
    }

    fn until(&mut self, end: Day, watcher: &mut dyn Watcher) -> Result<bool, DayError> {
        while self.lifetime.next < end {
            let today = self.step()?;
            if !watcher.day_ended(&self.lifetime, &today) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the value of every metric for every group over the measured days so far. The list is
    /// empty in the warm-up.
    #[must_use]
    pub fn metrics(&self) -> Vec<Measured> {
        if !self.is_measuring() {
            return Vec::new();
        }
        let mut recorder = self.lifetime.recorder.clone();
        recorder.close(&self.lifetime.world.people);
        totals(&recorder)
    }

    /// Returns the state of the simulation. Together with the scenario, the state determines all
    /// later days. Save the state to resume the simulation later.
    #[must_use]
    pub fn checkpoint(&self) -> &Lifetime {
        &self.lifetime
    }

    /// Restores an earlier state of the same simulation.
    pub fn go_back(&mut self, lifetime: Lifetime) {
        self.lifetime = lifetime;
    }

    /// Returns the world, from which other simulations can start.
    #[must_use]
    pub fn into_world(self) -> World {
        self.lifetime.world
    }

    /// Ends the simulation and returns its outcome.
    #[must_use]
    pub fn finish(self) -> LifetimeOutput {
        self.lifetime.close()
    }
}
