//! `accounts-removed`: removals / account-days x 10,000 x 30.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How many accounts are removed.
pub struct AccountsRemoved;

impl Metric for AccountsRemoved {
    fn info(&self) -> &'static Info {
        &Info {
            id: "accounts-removed",
            title: "Accounts removed",
            family: "enforcement",
            unit: "per 10,000 accounts and 30 days",
            direction: Direction::Neither,
            default_group: "all",
            factor: 300_000.0,
            formula: "removals / account-days x 10,000 x 30",
            reading: "How many of 10,000 accounts lose their account in a month, rightly or wrongly.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let counts = cut.enforcement();
        Ratio::of(counts.removed as f64, counts.present as f64)
    }
}
