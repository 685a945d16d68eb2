//! `predator-survival`: days until removal, by the Kaplan-Meier curve.

use recsafe_stats::{Lifetime, Survival};

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Group, Life, Ratio};

/// How long predators stay.
pub struct PredatorSurvival;

impl Metric for PredatorSurvival {
    fn info(&self) -> &'static Info {
        &Info {
            id: "predator-survival",
            title: "Survival of predators",
            family: "enforcement",
            unit: "days",
            direction: Direction::LowerIsBetter,
            default_group: "predator",
            formula: "area under the Kaplan-Meier curve of days from day 0, or from the arrival, to removal, up to the last measured day",
            reading: "How long an account of a predator lasts, on average, within the days measured.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let until = cut.days() as f64;
        let mean = Survival::of(&lifetimes(cut)).and_then(|curve| curve.restricted_mean(until));
        mean.map_or(Ratio::UNDEFINED, |mean| Ratio::of(mean.value, 1.0))
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_predators()
    }
}

/// When half of the predators are removed.
pub struct PredatorSurvivalMedian;

impl Metric for PredatorSurvivalMedian {
    fn info(&self) -> &'static Info {
        &Info {
            id: "predator-survival-median",
            title: "Survival of predators, median",
            family: "enforcement",
            unit: "days",
            direction: Direction::LowerIsBetter,
            default_group: "predator",
            formula: "the day on which the Kaplan-Meier curve of days to removal comes down to one half; null if it does not within the measured days",
            reading: "When half of the predators have lost their accounts, if that comes about at all.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let median = Survival::of(&lifetimes(cut)).and_then(|curve| curve.median());
        median.map_or(Ratio::UNDEFINED, |numerator| Ratio::of(numerator, 1.0))
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_predators()
    }
}

/// How long each account of a group is there within the measured days, from day 0 or its arrival.
fn lifetimes(cut: &Cut) -> Vec<Lifetime> {
    let end = cut.days() as i32;
    // Who arrives on a day lives on it already, and a removal comes at the end of its day.
    let lifetime = |life: &Life| Lifetime {
        days: f64::from(life.removed.map_or(end, |day| day + 1) - (life.arrived - 1).max(0)),
        ended: life.removed.is_some(),
    };
    cut.lives().map(|(_, life)| lifetime(life)).collect()
}
