//! A simulation: a scenario lived through day by day. Every runner of worlds is built on it.

use recsafe_common::ids::Day;
use recsafe_people::behavior::probes::Probe;
use recsafe_scenario::{Kept, Scenario};

use super::day::DayReport;
use super::lifetime::{Lifetime, Lived};
use super::{BadRules, DayError, Rules, Step, World};
use crate::measure::{Measured, Recorder, totals};

/// A world on its way through a scenario.
///
/// The warm-up ends before day 0. The first step after it lets the probes enter, and the measured days begin under the scenario's
/// policy. A simulation that goes on from [`Simulation::checkpoint`] gives the same bits as one that was never interrupted, for any
/// number of threads.
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
    /// The rules of the warm-up.
    before: Rules,
    /// The rules of the measured days.
    rules: Rules,
    probes: Vec<Probe>,
    days: Day,
    kept: Kept,
}

/// Watches a simulation. A closure that is told of each day, and returns false to stop, is one.
pub trait Watcher {
    /// A day ended; `lifetime` is as that day left it. Returns false to stop.
    fn day_ended(&mut self, lifetime: &Lifetime, today: &DayReport) -> bool;
}

impl<F: FnMut(&DayReport) -> bool> Watcher for F {
    fn day_ended(&mut self, _: &Lifetime, today: &DayReport) -> bool {
        self(today)
    }
}

impl Simulation {
    /// Generates the scenario's world with this seed; its warm-up comes next.
    ///
    /// # Errors
    /// If a ranker, an intervention or a knob is unknown; settings that were checked never fail here.
    pub fn new(scenario: &Scenario, seed: u64) -> Result<Self, BadRules> {
        let world = World::generate(&scenario.world, seed);
        Simulation::resumed(scenario, Lifetime::before(world, scenario.world.warm_up_days, scenario.kept))
    }

    /// Begins with a warm world; the measured days come next. Several simulations may begin with copies of one world.
    ///
    /// # Errors
    /// As [`Simulation::new`].
    pub fn of_warm_world(scenario: &Scenario, world: World) -> Result<Self, BadRules> {
        Simulation::resumed(scenario, Lifetime::before(world, 0, scenario.kept))
    }

    /// Goes on from a checkpoint of the same scenario; that it is one is for the caller to know.
    ///
    /// # Errors
    /// As [`Simulation::new`].
    pub fn resumed(scenario: &Scenario, lifetime: Lifetime) -> Result<Self, BadRules> {
        Ok(Simulation {
            lifetime,
            before: Rules::new(&scenario.world, &scenario.before)?,
            rules: Rules::new(&scenario.world, &scenario.policy)?,
            probes: scenario.probes.clone(),
            days: Day::try_from(scenario.days).unwrap_or(Day::MAX),
            kept: scenario.kept,
        })
    }

    /// The same, with other rules on the measured days: rankers and interventions that stand in no catalogue.
    #[must_use]
    pub fn under(self, rules: Rules) -> Self {
        Simulation { rules, ..self }
    }

    /// The same, with other rules in the warm-up.
    #[must_use]
    pub fn warmed_under(self, before: Rules) -> Self {
        Simulation { before, ..self }
    }

    /// The day that comes next; negative in the warm-up.
    #[must_use]
    pub fn day(&self) -> Day {
        self.lifetime.next
    }

    /// The world as it is now.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.lifetime.world
    }

    /// What was recorded so far.
    #[must_use]
    pub fn recorder(&self) -> &Recorder {
        &self.lifetime.recorder
    }

    /// Whether the last measured day is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.lifetime.next >= self.days
    }

    /// Whether the measured days have begun.
    #[must_use]
    pub fn is_measuring(&self) -> bool {
        self.lifetime.recorder.is_measuring()
    }

    /// Lives through the next day; the last day of the scenario is no bound.
    ///
    /// # Errors
    /// If a ranker or a rule that stands in no catalogue fails. The world is then left in the middle of a day, on which nothing can be built:
    /// go back to an earlier state, or drop it.
    pub fn step(&mut self) -> Result<DayReport, DayError> {
        self.step_watched(|_, _| ())
    }

    /// The same, and `after` looks at the world after each step of the day.
    ///
    /// # Errors
    /// As [`Simulation::step`].
    pub fn step_watched(&mut self, after: impl FnMut(Step, &World)) -> Result<DayReport, DayError> {
        self.begin_measuring();
        let rules = if self.is_measuring() { &self.rules } else { &self.before };
        let Lifetime { world, recorder, next, impressions } = &mut self.lifetime;
        let today = world.live_watched(*next, rules, recorder, after)?;
        *next += 1;
        *impressions += today.impressions;
        Ok(today)
    }

    /// Lets the probes enter and the measured days begin, if the warm-up is over and they have not begun.
    pub fn begin_measuring(&mut self) {
        if !self.is_measuring() && self.lifetime.next >= 0 {
            self.lifetime.begin_measuring(&self.rules.harm, &self.probes, self.kept);
        }
    }

    /// Lives through what is left of the warm-up. False if it was stopped.
    ///
    /// # Errors
    /// As [`Simulation::step`].
    pub fn warm_up(&mut self, watcher: &mut dyn Watcher) -> Result<bool, DayError> {
        self.until(0, watcher)
    }

    /// Lives through all days that are left. False if it was stopped.
    ///
    /// # Errors
    /// As [`Simulation::step`].
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

    /// Every metric of every group over the measured days so far; nothing in the warm-up.
    #[must_use]
    pub fn metrics(&self) -> Vec<Measured> {
        if !self.is_measuring() {
            return Vec::new();
        }
        let mut recorder = self.lifetime.recorder.clone();
        recorder.close(&self.lifetime.world.people);
        totals(&recorder)
    }

    /// All that the days to come hang on, beside the scenario: to be kept, and gone on from.
    #[must_use]
    pub fn checkpoint(&self) -> &Lifetime {
        &self.lifetime
    }

    /// Goes back to an earlier state of the same simulation.
    pub fn go_back(&mut self, lifetime: Lifetime) {
        self.lifetime = lifetime;
    }

    /// The world, for others to begin with.
    #[must_use]
    pub fn into_world(self) -> World {
        self.lifetime.world
    }

    /// What comes of the measured days.
    #[must_use]
    pub fn finish(self) -> Lived {
        self.lifetime.close()
    }
}
