//! Worlds for benches.

use std::path::PathBuf;

use recsafe_config::{Experiment, Input, Settings};
use recsafe_engine::measure::metrics;
use recsafe_engine::{Rules, Scenario, Simulation, World};
use recsafe_people::settings::WorldSettings;

/// Returns the sizes, in accounts.
pub fn sizes() -> Vec<u32> {
    let all = std::env::var("RECSAFE_BENCH").is_ok_and(|target| target == "all");
    if all { vec![10_000, 100_000, 1_000_000] } else { vec![10_000, 100_000] }
}

/// Returns the settings of the default world with this number of accounts. `set` lists changes as
/// `PATH=VALUE`.
pub fn settings(accounts: u32, set: &[&str]) -> Settings {
    let mut set: Vec<String> = set.iter().map(|&setting| setting.to_owned()).collect();
    set.push(format!("population.accounts={accounts}"));
    let experiment = Experiment::read(&Input {
        file: PathBuf::from("bench.toml"),
        text: "[experiment]\nname = \"bench\"\ndays = 1\nseeds = 1\n".to_owned(),
        set,
        metrics: metrics::known(),
        ..Input::default()
    });
    experiment.expect("the settings are right").arms[0].points[0].clone()
}

/// Returns a scenario with the longest possible warm-up, so nothing is recorded.
fn scenario(settings: &Settings) -> Scenario {
    let Settings { world, policy, .. } = settings.clone();
    let world = WorldSettings { warm_up_days: 3650, ..world };
    Scenario { world, before: policy.clone(), policy, ..Scenario::default() }
}

/// Returns a simulation after some days.
pub fn begun(settings: &Settings, days: u32) -> Simulation {
    let mut simulation = Simulation::new(&scenario(settings), 1).expect("the rules are right");
    (0..days).for_each(|_| _ = simulation.step().expect("these rankers cannot fail"));
    simulation
}

/// Returns a world after some days, and its rules.
pub fn lived(settings: &Settings, days: u32) -> (World, Rules) {
    let rules = Rules::new(&settings.world, &settings.policy).expect("the rules are right");
    (begun(settings, days).into_world(), rules)
}
