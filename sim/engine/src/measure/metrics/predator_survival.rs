//! `predator-survival` and `predator-survival-median`: days until a predator's account is removed.

use recsafe_stats::{Lifetime, Survival};

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Life, Ratio};

/// Mean number of days until a predator's account is removed.
pub struct PredatorSurvival;

impl Metric for PredatorSurvival {
    fn info(&self) -> &'static Info {
        &Info {
            id: "predator-survival",
            title: "Survival of predators' accounts",
            family: "enforcement",
            unit: "days",
            direction: Direction::LowerIsBetter,
            default_group: "predator",
            formula: "area under the Kaplan-Meier curve of the days until an account is removed, up to the last measured day. Days are counted from day 0, or from the account's arrival if the account arrives later.",
            reading: "Mean number of days until a predator's account is removed, within the measured days.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let until = window.days() as f64;
        let mean = Survival::of(&lifetimes(window)).and_then(|curve| curve.restricted_mean(until));
        mean.map_or(Ratio::UNDEFINED, |mean| Ratio::of(mean.value, 1.0))
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_predators()
    }
}

/// Number of days after which half of predators' accounts are removed.
pub struct PredatorSurvivalMedian;

impl Metric for PredatorSurvivalMedian {
    fn info(&self) -> &'static Info {
        &Info {
            id: "predator-survival-median",
            title: "Survival of predators' accounts, median",
            family: "enforcement",
            unit: "days",
            direction: Direction::LowerIsBetter,
            default_group: "predator",
            formula: "number of days at which the Kaplan-Meier curve of days to removal falls to one half. Null if the curve stays above one half.",
            reading: "Number of days after which half of predators' accounts are removed. Null if fewer than half are removed.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let median = Survival::of(&lifetimes(window)).and_then(|curve| curve.median());
        median.map_or(Ratio::UNDEFINED, |numerator| Ratio::of(numerator, 1.0))
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_predators()
    }
}

/// Returns how long each account of a group exists within the measured days. Time is counted from
/// day 0, or from the account's arrival if the account arrives later.
fn lifetimes(window: &GroupWindow) -> Vec<Lifetime> {
    let end = window.days() as i32;
    // The day of arrival and the day of removal count as whole days, because removals happen in the
    // evening.
    let lifetime = |life: &Life| Lifetime {
        days: f64::from(life.removed.map_or(end, |day| day + 1) - (life.arrived - 1).max(0)),
        ended: life.removed.is_some(),
    };
    window.lives().map(|(_, life)| lifetime(life)).collect()
}
