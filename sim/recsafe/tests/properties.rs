//! Properties of random experiments: any rankers, up to four interventions with any knobs, and any
//! settings in their declared ranges.
//!
//! `make test` tries 500 experiments, and `make properties` tries 10,000. Failed cases are stored
//! in `properties.proptest-regressions` and tried first.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "support/conserved.rs"]
mod conserved;
#[path = "support/random.rs"]
mod random;

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngSeed};
use random::{Case, any_case};
use recsafe_config::{Experiment, Input, Problems};
use recsafe_engine::RecordShares;
use recsafe_engine::measure::metrics;
use recsafe_engine::{DayReport, LifetimeOutput, Scenario, Simulation, World};
use recsafe_people::role::Role;
use recsafe_results::encode;
use recsafe_run::scenario;
use recsafe_stats::rows::{Cell, Row};

/// Number of cases if `PROPTEST_CASES` is not set.
const CASES: u32 = 500;
const KEPT: RecordShares = RecordShares { exposures: 1.0, contacts: 1.0 };
/// Metrics that are called shares but can exceed 1, because numerator and denominator are from
/// different times. An exchange network can become larger than on day 0. A report can come days
/// after its message. A post of the warm-up can get an action on a measured day.
const OF_EARLIER: [&str; 3] = ["exchange-active", "report-rate", "action-recall"];
/// Indexes of the arms in the file.
const NONE: usize = 0;
const STACK: usize = 1;
const NOBODY: usize = 2;

fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let cases = asked.unwrap_or(CASES);
    // Each `make test` uses the same cases, so a random case cannot fail an unrelated change. With
    // `PROPTEST_CASES`, the cases are new in each run.
    let rng_seed = if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) };
    // Failed cases are stored next to this file, for any working directory. The default location
    // depends on a lib.rs, which tests do not have.
    let retained =
        FileFailurePersistence::Direct(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/properties.proptest-regressions"));
    ProptestConfig {
        cases,
        rng_seed,
        max_global_rejects: cases, // at most every second case is allowed to be refused
        max_shrink_iters: 300,
        failure_persistence: Some(Box::new(retained)),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_experiment_keeps_the_laws(case in any_case()) {
        let text = case.text();
        match Experiment::read(&Input { text: text.clone(), metrics: metrics::known(), ..Input::default() }) {
            Ok(experiment) => check(&experiment, &case).map_err(|broken| TestCaseError::fail(format!("{broken}\n{text}")))?,
            Err(problems) => {
                let proper = is_proper(&problems);
                prop_assert!(proper.is_ok(), "{}\n{text}", proper.unwrap_err());
                return Err(TestCaseError::reject("refused by the reader"));
            }
        }
    }
}

/// Asserts that a refusal states the problem and its place, and is not an internal error.
fn is_proper(problems: &Problems) -> Result<(), String> {
    let shown = problems.render(false, 100);
    let wrong = problems.0.iter().find(|problem| {
        let mistake = problem.message.contains("does not fit its type");
        mistake || problem.message.is_empty() || problem.location.is_none()
    });
    if wrong.is_some() || problems.is_empty() { Err(format!("no proper refusal:\n{shown}")) } else { Ok(()) }
}

/// Simulates the arms with one thread and with two, in parallel, and checks the results.
fn check(experiment: &Experiment, case: &Case) -> Result<(), String> {
    let (one, two) = std::thread::scope(|scope| {
        let two = scope.spawn(|| in_threads(2, || arms(experiment, case, [STACK, NOBODY])));
        let one = in_threads(1, || arms(experiment, case, [STACK, NONE]));
        (one, two.join())
    });
    let [stack, none] = one;
    let [stack_again, nobody] = two.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    same(&stack.files, &stack_again.files).map_err(|table| format!("`{table}` differs between one thread and two"))?;
    same(&none.files, &nobody.files).map_err(|table| format!("rules that reach nobody change `{table}`"))?;
    for life in [&stack, &none] {
        conserved::check(&life.lifetime_output, true);
        life.figures()?;
        life.views()?;
        life.shares()?;
    }
    Ok(())
}

fn in_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// A finished simulation of one arm, with the files of its tables.
struct Life {
    lifetime_output: LifetimeOutput,
    files: BTreeMap<&'static str, Vec<u8>>,
}

/// Simulates two arms after one warm-up.
fn arms(experiment: &Experiment, case: &Case, arms: [usize; 2]) -> [Life; 2] {
    let mut simulation = Simulation::new(&of_arm(experiment, arms[0]), case.seed).unwrap();
    assert!(simulation.warm_up(&mut |_: &DayReport| true).unwrap());
    let warm = simulation.into_world();
    arms.map(|arm| live(warm.clone(), experiment, arm))
}

fn of_arm(experiment: &Experiment, arm: usize) -> Scenario {
    Scenario { record_shares: KEPT, ..scenario(experiment, arm, 0) }
}

fn live(world: World, experiment: &Experiment, arm: usize) -> Life {
    let mut simulation = Simulation::of_warm_world(&of_arm(experiment, arm), world).unwrap();
    assert!(simulation.run(&mut |_: &DayReport| true).unwrap());
    let lifetime_output = simulation.finish();
    let files = BTreeMap::from([
        file(recsafe_run::metrics(&lifetime_output)),
        file(recsafe_run::daily(&lifetime_output)),
        file(recsafe_run::accounts(&lifetime_output)),
        file(recsafe_run::contacts(&lifetime_output)),
        file(recsafe_run::actions(&lifetime_output)),
        file(recsafe_run::probes(&lifetime_output)),
        file(recsafe_run::exposures(&lifetime_output)),
    ]);
    Life { lifetime_output, files }
}

fn file<R: Row>(rows: impl Iterator<Item = R>) -> (&'static str, Vec<u8>) {
    (R::TABLE.name, encode(rows).unwrap())
}

/// Returns an error unless every number in these rows is finite.
fn finite<R: Row>(rows: impl Iterator<Item = R>) -> Result<(), String> {
    let is_odd = |cell: Cell| match cell {
        Cell::F32(value) => !value.is_finite(),
        Cell::F64(value) => !value.is_finite(),
        _ => false,
    };
    for row in rows {
        if let Some(index) = row.cells().position(is_odd) {
            return Err(format!("`{}.{}` has a figure that is not finite", R::TABLE.name, R::COLUMNS[index].name));
        }
    }
    Ok(())
}

/// Returns an error with the first table whose bytes differ.
fn same(a: &BTreeMap<&'static str, Vec<u8>>, b: &BTreeMap<&'static str, Vec<u8>>) -> Result<(), &'static str> {
    a.iter().find(|(name, bytes)| b.get(*name) != Some(*bytes)).map_or(Ok(()), |(name, _)| Err(*name))
}

impl Life {
    /// Every metric is finite.
    fn figures(&self) -> Result<(), String> {
        finite(recsafe_run::metrics(&self.lifetime_output))?;
        finite(recsafe_run::daily(&self.lifetime_output))?;
        finite(recsafe_run::accounts(&self.lifetime_output))?;
        finite(recsafe_run::exposures(&self.lifetime_output))
    }

    /// Every view belongs to an impression, severe views are harmful views, and harmful views are
    /// views. Without probes, all impressions are recorded.
    fn views(&self) -> Result<(), String> {
        let (recorder, people) = (&self.lifetime_output.recorder, &self.lifetime_output.world.people);
        let mut seen: BTreeMap<u32, u32> = BTreeMap::new();
        for impression in recorder.exposures.iter().filter(|impression| impression.viewed) {
            *seen.entry(impression.account.0).or_default() += 1;
        }
        for id in people.ids() {
            let counts = &recorder.accounts[id.row()];
            let viewed = seen.get(&id.0).copied().unwrap_or(0);
            if counts.views != viewed {
                return Err(format!("{id:?} has {} views, {viewed} of its impressions were viewed", counts.views));
            }
            if counts.harmful_views > counts.views || counts.severe_views > counts.harmful_views {
                return Err(format!("{id:?}: severe <= harmful <= all views does not hold: {counts:?}"));
            }
        }
        if recorder.exposures.iter().any(|impression| impression.engaged && !impression.viewed) {
            return Err("somebody engaged with a post without a view".to_owned());
        }
        let retained = recorder.exposures.len() as u64;
        let probes = people.ids().any(|id| people.role[id.row()] == Role::Probe);
        let whole = if probes {
            retained <= self.lifetime_output.impressions
        } else {
            retained == self.lifetime_output.impressions
        };
        if whole {
            Ok(())
        } else {
            Err(format!("{retained} of {} impressions are recorded", self.lifetime_output.impressions))
        }
    }

    /// Every share is in [0, 1].
    fn shares(&self) -> Result<(), String> {
        let all = metrics::all();
        let is_share = |id: &str| {
            let unit = all.iter().find(|metric| metric.info().id == id).map(|metric| metric.info().unit);
            unit.is_some_and(|unit| unit.starts_with("share of") || unit.contains("[0, 1]"))
                && !OF_EARLIER.contains(&id)
        };
        let totals = recsafe_run::metrics(&self.lifetime_output).map(|row| (row.metric, row.group, row.value));
        let daily = recsafe_run::daily(&self.lifetime_output).map(|row| (row.metric, row.group, row.value));
        for (metric, group, value) in totals.chain(daily) {
            if let Some(value) = value
                && is_share(&metric)
                && !(0.0..=1.0 + 1e-12).contains(&value)
            {
                return Err(format!("{metric}@{group} is {value}"));
            }
        }
        Ok(())
    }
}
