//! A small world in which rankers and rules are tried out: with a quarter of minors, with predators and with test accounts.

use recsafe_common::ids::AccountId;
use recsafe_common::observed::ObservedAccounts;
use recsafe_config::{Experiment, Input, Settings};
use recsafe_people::behavior::probes::Probe;
use recsafe_people::people::People;

use super::report::{Promise, Report};
use super::truth;
use crate::engine::lifetime::{Lived, generate_world, measure, warm_up};
use crate::engine::{DayCounts, Rules, World};
use crate::measure::{
    AccountCounts, Action, ContactRow, Impression, Kept, Measured, ProbeSlate, by_day, metrics, totals,
};

const WORLD: Promise = ("world", "there is a small world to try it in");
const FIGURES: Promise = ("figures", "in a small world it does not panic, and every figure is finite");
const THREADS: Promise = ("world-threads", "in a small world two threads make the same tables as one");
const TRUTH: Promise = ("truth", "two worlds that differ in what is true only begin the day with the same slates");

/// What is promised of a life in a small world.
pub(super) const PROMISES: [Promise; 3] = [FIGURES, THREADS, TRUTH];

/// A world in which every surface and all of enforcement has something to do, and that takes little time.
const TEXT: &str = r#"
[experiment]
name = "conformance"
warm_up_days = 3
[population]
accounts = 300
minors = 0.25
predators = 0.05
[feed]
candidates = 80
[[probe]]
script = "curious"
count = 3
[[probe]]
script = "minor-decoy"
count = 2
"#;
const SEED: u64 = 1;
/// Measured days.
const DAYS: u32 = 3;
const KEPT: Kept = Kept { exposures: 1.0, contacts: 1.0 };

/// The small world after its warm-up.
pub(super) struct Ground {
    settings: Settings,
    probes: Vec<Probe>,
    /// The world.
    pub warm: World,
}

/// Everything that the tables of a run are made from.
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

impl Ground {
    /// Makes the world and lets it live through its warm-up.
    pub fn new() -> Result<Self, String> {
        let input = Input { text: TEXT.to_owned(), metrics: metrics::known(), ..Input::default() };
        let experiment = Experiment::read(&input).map_err(|problems| problems.render(false, 100))?;
        let Experiment { probes, before, .. } = experiment;
        let settings = before.into_iter().next().ok_or("no settings")?;
        let rules = Rules::new(&settings, &settings).map_err(|error| error.to_string())?;
        let world = settings.of_world();
        let warmed = in_threads(1, || {
            let generated = generate_world(&world, SEED);
            warm_up(generated, &rules, settings.warm_up_days, KEPT, &mut |_: &DayCounts| true)
        })?;
        let (warm, _) = warmed.ok_or("the warm-up stopped")?;
        Ok(Ground { settings, probes, warm })
    }

    /// The world's own rules, without any intervention.
    pub fn rules(&self) -> Result<Rules, String> {
        Rules::new(&self.settings, &self.settings).map_err(|error| error.to_string())
    }

    /// Lives through the measured days.
    pub fn live(&self, rules: &Rules, threads: usize) -> Result<Outcome, String> {
        Ok(Outcome::of(&live(self.warm.clone(), rules, (&self.probes, DAYS), threads)?))
    }
}

/// Lets a world live through some days with some probes.
pub(super) fn live(
    world: World,
    rules: &Rules,
    (probes, days): (&[Probe], u32),
    threads: usize,
) -> Result<Lived, String> {
    let lived = in_threads(threads, || measure(world, rules, probes, days, KEPT, &mut |_: &DayCounts| true))?;
    lived.ok_or_else(|| "the run stopped".to_owned())
}

fn in_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> Result<T, String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| error.to_string())?;
    Ok(pool.install(work))
}

impl Outcome {
    fn of(lived: &Lived) -> Self {
        let (recorder, observed) = (&lived.recorder, &lived.world.observed);
        Outcome {
            totals: totals(recorder),
            days: by_day(recorder),
            accounts: recorder.accounts.clone(),
            exposures: recorder.exposures.clone(),
            probes: recorder.probes.clone(),
            contacts: lived.contacts(),
            actions: recorder.enforcement.actions.clone(),
            people: lived.world.people.clone(),
            observed: observed.accounts.clone(),
            follows: lived.world.people.ids().map(|id| observed.graph.followees(id).to_vec()).collect(),
        }
    }

    /// The same up to, and without, a day, as far as it can be told apart by days.
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

    /// A problem unless every figure is finite.
    pub fn is_finite(&self) -> Result<(), String> {
        let is_odd = |row: &&Measured| {
            !(row.ratio.factor.is_finite() && row.ratio.numerator.is_finite() && row.ratio.denominator.is_finite())
        };
        match self.totals.iter().chain(&self.days).find(is_odd) {
            None => Ok(()),
            Some(row) => Err(format!("`{}@{}` is {:?}", row.metric, row.group, row.ratio)),
        }
    }

    /// A problem unless the tables are the same to the last bit.
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
        if other.is_empty() { Ok(()) } else { Err(format!("these tables are not the same: {}", other.join(", "))) }
    }
}

/// The world to try something in; if there is none, a check that failed.
pub(super) fn ground(report: &mut Report) -> Option<Ground> {
    report.check(WORLD, Ground::new)
}

/// Makes the checks of a life under the rules that `rules` makes.
pub(super) fn check(report: &mut Report, rules: impl Fn(&Ground) -> Result<Rules, String>) {
    if let Some(ground) = ground(report) {
        check_on(&ground, report, || rules(&ground));
    }
}

/// The same on a ground that is there. What came of the life, if it is to be relied on.
pub(super) fn check_on(
    ground: &Ground,
    report: &mut Report,
    rules: impl Fn() -> Result<Rules, String>,
) -> Option<Outcome> {
    let one = report.check(FIGURES, || {
        let one = ground.live(&rules()?, 1)?;
        one.is_finite()?;
        Ok(one)
    });
    let Some(one) = one else {
        report.skip(&[THREADS, TRUTH], "a life in a small world fails as it is");
        return None;
    };
    report.check(THREADS, || ground.live(&rules()?, 2)?.is_same(&one));
    report.check(TRUTH, || truth::matters_not(ground, &rules));
    Some(one)
}
