//! `contact-reach`: share of accounts that receive a contact request from a predator in a week.

use recsafe_scenario::Need;

use super::{Direction, Info, Metric, PREDATORS};
use crate::measure::{Group, GroupWindow, Ratio};

/// Share of accounts that receive a first message from a predator at least once a week.
pub struct ContactReach;

impl Metric for ContactReach {
    fn info(&self) -> &'static Info {
        &Info {
            id: "contact-reach",
            title: "Contact reach",
            family: "contact",
            unit: "share of accounts per week",
            direction: Direction::LowerIsBetter,
            default_group: "minor",
            formula: "accounts that receive at least one contact request from a predator in a week / accounts. The value is the mean over complete weeks. Only accounts that exist when day 0 begins are included.",
            reading: "Share of accounts that receive a first message from a predator at least once a week. Null if fewer than 7 days are measured.",
            daily: false,
            needs: &[Need::Days(7)],
            moved_by: &[PREDATORS],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let weeks = window.weeks();
        let reached = window.on(0..7 * weeks).contact().reached;
        Ratio::of(reached as f64, window.members() * weeks as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_minors() || group.is_findable_probe()
    }
}
