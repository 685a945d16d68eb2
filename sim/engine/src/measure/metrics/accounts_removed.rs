//! `accounts-removed`: removals per 10,000 accounts per 30 days.

use super::{Direction, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Rate of account removals.
pub struct AccountsRemoved;

impl Metric for AccountsRemoved {
    fn info(&self) -> &'static Info {
        &Info {
            id: "accounts-removed",
            title: "Accounts removed",
            family: "enforcement",
            unit: "per 10,000 accounts per 30 days",
            direction: Direction::Neither,
            default_group: "all",
            factor: 300_000.0,
            formula: "removals / account-days x 10,000 x 30",
            reading: "Number of accounts, per 10,000, that the platform removes in 30 days, correctly or by mistake.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let counts = window.enforcement();
        Ratio::of(counts.removed as f64, counts.present as f64)
    }
}
