//! A small world for testing rankers and interventions. In this world, 25 % of the accounts are
//! minors. The world also has predators and test accounts.

use recsafe_common::ids::AccountId;
use recsafe_common::observed::ObservedAccounts;
use recsafe_people::behavior::probes::{Probe, Script};
use recsafe_people::people::People;
use recsafe_people::settings::{Population, WorldSettings};
use recsafe_platform::settings::{Feed, PolicySettings};

use recsafe_engine::RecordShares;
use recsafe_engine::measure::{AccountCounts, Action, ContactRow, Impression, Measured, ProbeSlate, by_day, totals};
use recsafe_engine::{DayReport, LifetimeOutput, Rules, Scenario, Simulation, World};

/// Returns a scenario that uses every surface and all of enforcement, and runs fast.
fn small() -> Scenario {
    let population = Population { accounts: 300, minors: 0.25, predators: 0.05, ..Population::default() };
    let feed = Feed { candidates: 80, ..Feed::default() };
    let probe = |script: Script, count: u32| Probe { script, count, ..Probe::default() };
    Scenario {
        world: WorldSettings { population, warm_up_days: 3, ..WorldSettings::default() },
        before: PolicySettings { feed: feed.clone(), ..PolicySettings::default() },
        policy: PolicySettings { feed, ..PolicySettings::default() },
        probes: vec![probe(Script::Clicker, 3), probe(Script::MinorDecoy, 2)],
        days: 3,
        record_shares: RecordShares { exposures: 1.0, contacts: 1.0 },
    }
}

const SEED: u64 = 1;

/// The small world after its warm-up.
pub(super) struct TestWorld {
    scenario: Scenario,
    /// The world.
    pub warm: World,
}

/// All data from which the tables of a run are made.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    totals: Vec<Measured>,
    days: Vec<Measured>,
    accounts: Vec<AccountCounts>,
    exposures: Vec<Impression>,
    probes: Vec<ProbeSlate>,
    contacts: Vec<ContactRow>,
    actions: Vec<Action>,
    people: People,
    observed: ObservedAccounts,
    follows: Vec<Vec<AccountId>>,
}

impl TestWorld {
    /// Creates the world and simulates its warm-up.
    pub fn new() -> Result<Self, String> {
        let scenario = small();
        let mut simulation = Simulation::new(&scenario, SEED).map_err(|error| error.to_string())?;
        in_threads(1, || simulation.warm_up(&mut |_: &DayReport| true))?.map_err(|error| error.to_string())?;
        Ok(TestWorld { scenario, warm: simulation.into_world() })
    }

    /// Returns the world's rules, without any intervention.
    pub fn rules(&self) -> Result<Rules, String> {
        Rules::new(&self.scenario.world, &self.scenario.policy).map_err(|error| error.to_string())
    }

    /// Simulates the measured days.
    pub fn live(&self, rules: Rules, threads: usize) -> Result<Outcome, String> {
        Ok(Outcome::of(&live(self.warm.clone(), rules, &self.scenario, threads)?))
    }

    /// Simulates a single day without probes, starting from another world.
    pub fn live_a_day(&self, world: World, rules: Rules) -> Result<LifetimeOutput, String> {
        live(world, rules, &Scenario { probes: Vec::new(), days: 1, ..self.scenario.clone() }, 1)
    }
}

/// Simulates the measured days of a scenario under these rules, which can differ from the
/// scenario's own rules.
fn live(world: World, rules: Rules, scenario: &Scenario, threads: usize) -> Result<LifetimeOutput, String> {
    let simulation = Simulation::of_warm_world(scenario, world).map_err(|error| error.to_string())?;
    let mut simulation = simulation.under(rules);
    in_threads(threads, || simulation.run(&mut |_: &DayReport| true))?.map_err(|error| error.to_string())?;
    Ok(simulation.finish())
}

fn in_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> Result<T, String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| error.to_string())?;
    Ok(pool.install(work))
}

impl Outcome {
    fn of(lifetime_output: &LifetimeOutput) -> Self {
        let (recorder, observed) = (&lifetime_output.recorder, &lifetime_output.world.observed);
        Outcome {
            totals: totals(recorder),
            days: by_day(recorder),
            accounts: recorder.accounts.clone(),
            exposures: recorder.exposures.clone(),
            probes: recorder.probes.clone(),
            contacts: lifetime_output.contacts(),
            actions: recorder.enforcement.actions.clone(),
            people: lifetime_output.world.people.clone(),
            observed: observed.accounts.clone(),
            follows: lifetime_output.world.people.ids().map(|id| observed.graph.followees(id).to_vec()).collect(),
        }
    }

    /// Returns the part of the outcome with dates before a day.
    pub fn before(&self, day: u32) -> Self {
        let early = |of: i32| of < day as i32;
        Outcome {
            totals: Vec::new(),
            days: self.days.iter().filter(|row| row.day.is_some_and(|of| of < day)).cloned().collect(),
            accounts: Vec::new(),
            exposures: self.exposures.iter().filter(|row| early(row.day)).copied().collect(),
            probes: self.probes.iter().filter(|row| early(row.day)).copied().collect(),
            contacts: Vec::new(),
            actions: self.actions.iter().filter(|row| early(row.day)).copied().collect(),
            people: People::default(),
            observed: ObservedAccounts::default(),
            follows: Vec::new(),
        }
    }

    /// Returns an error unless every figure is finite.
    pub fn is_finite(&self) -> Result<(), String> {
        let is_odd = |row: &&Measured| {
            !(row.ratio.factor.is_finite() && row.ratio.numerator.is_finite() && row.ratio.denominator.is_finite())
        };
        match self.totals.iter().chain(&self.days).find(is_odd) {
            None => Ok(()),
            Some(row) => Err(format!("`{}@{}` is {:?}", row.metric, row.group, row.ratio)),
        }
    }

    /// Returns an error unless the tables are equal to the last bit.
    pub fn is_same(&self, other: &Outcome) -> Result<(), String> {
        let parts = [
            ("exposures", self.exposures == other.exposures),
            ("metrics", self.totals == other.totals),
            ("daily", self.days == other.days),
            ("probes", self.probes == other.probes),
            ("contacts", self.contacts == other.contacts),
            ("actions", self.actions == other.actions),
            ("accounts", self.accounts == other.accounts && self.people == other.people),
            ("accounts", self.observed == other.observed && self.follows == other.follows),
        ];
        let other: Vec<&str> = parts.iter().filter(|(_, same)| !same).map(|(table, _)| *table).collect();
        if other.is_empty() { Ok(()) } else { Err(format!("these tables differ: {}", other.join(", "))) }
    }
}
