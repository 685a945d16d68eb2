//! `minors-connection`: (new mutual follows with a minor + first messages of people they know that they accepted) / account-days x 1,000.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Group, Ratio};

/// What minors gain from one another and from people they know; rules against contact may cost it.
pub struct MinorsConnection;

impl Metric for MinorsConnection {
    fn info(&self) -> &'static Info {
        &Info {
            id: "minors-connection",
            title: "Connection of minors",
            family: "cost",
            unit: "per 1,000 account-days",
            direction: Direction::HigherIsBetter,
            default_group: "minor",
            factor: 1000.0,
            formula: "(new mutual follows with a minor + first messages of people they know that they accepted) / account-days x 1,000",
            reading: "What minors gain from one another and from people they know; rules against contact may cost it.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        Ratio::of(cut.contact().connections as f64, cut.account_days())
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_minors()
    }
}
