//! `benign-reach`: views, by anybody, of benign posts that the group's accounts made / (accounts x days).

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Group, Ratio};

/// What ordinary creators lose if their posts are shown less.
pub struct BenignReach;

impl Metric for BenignReach {
    fn info(&self) -> &'static Info {
        &Info {
            id: "benign-reach",
            title: "Benign reach",
            family: "cost",
            unit: "views per account-day",
            direction: Direction::HigherIsBetter,
            default_group: "user",
            formula: "views, by anybody, of benign posts that the group's accounts made / (accounts x days)",
            reading: "What ordinary creators lose if their posts are shown less.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        Ratio::of(cut.sum(|counts| counts.reach as f64), cut.account_days())
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
