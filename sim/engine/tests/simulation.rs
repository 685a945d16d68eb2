//! Simulations through the public interface: scenarios built in code and run day by day.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use recsafe_engine::measure::Measured;
use recsafe_engine::{
    BadRules, DayReport, Lifetime, PolicySettings, Probe, Scenario, Simulation, Watcher, WorldSettings,
};

fn small(warm_up_days: u32, days: u32) -> Scenario {
    let mut world = WorldSettings { warm_up_days, ..WorldSettings::default() };
    world.population.accounts = 150;
    world.population.minors = 0.2;
    Scenario { world, probes: vec![Probe::default()], days, ..Scenario::default() }
}

fn stepped(mut simulation: Simulation) -> (Vec<DayReport>, Vec<Measured>) {
    let mut reports = Vec::new();
    while !simulation.is_over() {
        reports.push(simulation.step().unwrap());
    }
    (reports, simulation.metrics())
}

#[test]
fn days_are_counted_from_the_warm_up_and_metrics_from_day_0() {
    let mut simulation = Simulation::new(&small(2, 3), 1).unwrap();
    assert_eq!((simulation.day(), simulation.is_measuring()), (-2, false));
    simulation.step().unwrap();
    assert_eq!(simulation.metrics(), Vec::new(), "nothing is measured in the warm-up");
    let (reports, metrics) = stepped(simulation);
    assert_eq!(reports.iter().map(|report| report.day).collect::<Vec<_>>(), [-1, 0, 1, 2]);
    let dose = metrics.iter().find(|row| row.metric == "dose" && row.group == "minor").unwrap();
    assert!(dose.ratio.value().unwrap() > 0.0);
}

#[test]
fn a_scenario_without_days_is_over_at_once() {
    let mut simulation = Simulation::new(&small(0, 0), 1).unwrap();
    assert!(simulation.is_over());
    assert!(simulation.run(&mut |_: &DayReport| panic!("there is no day")).unwrap());
    assert!(!Simulation::new(&small(1, 0), 1).unwrap().is_over(), "the warm-up comes first");
}

/// Watcher that saves the state after each day.
struct Kept(Vec<Lifetime>);

impl Watcher for Kept {
    fn day_ended(&mut self, lifetime: &Lifetime, _: &DayReport) -> bool {
        self.0.push(lifetime.clone());
        true
    }
}

#[test]
fn going_on_from_any_day_ends_as_if_nothing_had_happened() {
    let scenario = small(2, 3);
    let mut retained = Kept(Vec::new());
    let mut whole = Simulation::new(&scenario, 7).unwrap();
    assert!(whole.run(&mut retained).unwrap());
    assert_eq!(retained.0.len(), 5);
    for lifetime in retained.0 {
        let (_, metrics) = stepped(Simulation::resumed(&scenario, lifetime).unwrap());
        assert_eq!(metrics, whole.metrics());
    }
}

#[test]
fn a_watcher_stops_a_simulation_which_can_go_on() {
    let scenario = small(1, 3);
    let mut simulation = Simulation::new(&scenario, 3).unwrap();
    assert!(!simulation.run(&mut |today: &DayReport| today.day < 1).unwrap());
    assert_eq!(simulation.day(), 2);
    assert!(simulation.run(&mut |_: &DayReport| true).unwrap());
    assert_eq!(simulation.metrics(), stepped(Simulation::new(&scenario, 3).unwrap()).1);
}

#[test]
fn a_warm_world_begins_several_simulations() {
    let (scenario, other) = (small(2, 2), small(2, 2));
    let mut warm = Simulation::new(&scenario, 5).unwrap();
    assert!(warm.warm_up(&mut |_: &DayReport| true).unwrap());
    let world = warm.into_world();
    let branch = |scenario: &Scenario| stepped(Simulation::of_warm_world(scenario, world.clone()).unwrap()).1;
    let mut chronological = PolicySettings::default();
    chronological.feed.ranker.0.kind = "chronological".to_owned();
    assert_eq!(branch(&scenario), stepped(Simulation::new(&scenario, 5).unwrap()).1);
    assert_ne!(branch(&Scenario { policy: chronological, ..other }), branch(&scenario));
}

#[test]
fn what_no_catalogue_has_is_named() {
    let mut scenario = small(0, 1);
    scenario.policy.feed.ranker.0.kind = "newest-first".to_owned();
    let refused = Simulation::new(&scenario, 1).unwrap_err();
    assert!(matches!(refused, BadRules::UnknownRanker(_)));
    assert_eq!(refused.to_string(), "unknown ranker `newest-first`");
}
