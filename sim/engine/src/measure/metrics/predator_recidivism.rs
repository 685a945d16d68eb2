//! `predator-recidivism`: share of removed predators that are readmitted within 30 days.

use std::collections::BTreeMap;

use recsafe_stats::{Lifetime, Survival};

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Share of removed predators that return with a new account within 30 days.
pub struct PredatorRecidivism;

impl Metric for PredatorRecidivism {
    fn info(&self) -> &'static Info {
        &Info {
            id: "predator-recidivism",
            title: "Recidivism of predators",
            family: "enforcement",
            unit: "share of removed accounts",
            direction: Direction::LowerIsBetter,
            default_group: "predator",
            formula: "1 - S(30), where S is the Kaplan-Meier curve of the days from a removal to the first day of the same holder's new account. Observation ends with the last measured day.",
            reading: "Share of removed accounts whose holder is readmitted with a new account within 30 days.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let end = window.days() as i32;
        let returns: BTreeMap<usize, i32> = window
            .recorder()
            .lives
            .iter()
            .filter_map(|life| life.returned_from.map(|from| (from.row(), life.arrived)))
            .collect();
        let removed = window.lives().filter_map(|(row, life)| life.removed.map(|day| (row, day)));
        let lifetimes: Vec<Lifetime> = removed
            .map(|(row, day)| {
                let back = returns.get(&row);
                let until = back.map_or(end - 1, |arrived| arrived - 1);
                Lifetime { days: f64::from(until - day).max(0.0), ended: back.is_some() }
            })
            .collect();
        let away = Survival::of(&lifetimes).map(|curve| curve.at(30.0).value);
        away.map_or(Ratio::UNDEFINED, |away| Ratio::of(1.0 - away, 1.0))
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_predators()
    }
}
