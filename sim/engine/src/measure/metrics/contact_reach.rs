//! `contact-reach`: accounts to which at least one contact request of a predator was delivered in a week / accounts, mean over whole weeks.

use recsafe_scenario::Need;

use super::{Direction, Info, Metric, PREDATORS};
use crate::measure::{Cut, Group, Ratio};

/// How many hear from a predator at least once a week; null for less than 7 days.
pub struct ContactReach;

impl Metric for ContactReach {
    fn info(&self) -> &'static Info {
        &Info {
            id: "contact-reach",
            title: "Contact reach",
            family: "contact",
            unit: "share of accounts a week",
            direction: Direction::LowerIsBetter,
            default_group: "minor",
            formula: "accounts to which at least one contact request of a predator was delivered in a week / accounts, mean over whole weeks",
            reading: "How many hear from a predator at least once a week; null for less than 7 days.",
            daily: false,
            needs: &[Need::Days(7)],
            moved_by: &[PREDATORS],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let weeks = cut.weeks();
        let reached = cut.on(0..7 * weeks).contact().reached;
        Ratio::of(reached as f64, cut.members() * weeks as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_minors() || group.is_findable_probe()
    }
}
