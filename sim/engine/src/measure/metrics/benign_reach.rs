//! `benign-reach`: views of the benign posts of the group's accounts.

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Views of the benign posts of the group's accounts.
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
            formula: "views, by all accounts, of benign posts whose author is in the group / account-days of the group",
            reading: "Views per day of the harmless posts of one account. The value falls if a policy shows such posts less often.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        Ratio::of(window.sum(|counts| counts.reach as f64), window.account_days())
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
