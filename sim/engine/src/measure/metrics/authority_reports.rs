//! `authority-reports`: accounts reported to authorities per day.

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Accounts that the platform reports to authorities per day.
pub struct AuthorityReports;

impl Metric for AuthorityReports {
    fn info(&self) -> &'static Info {
        &Info {
            id: "authority-reports",
            title: "Reports to authorities",
            family: "enforcement",
            unit: "per day",
            direction: Direction::Neither,
            default_group: "all",
            formula: "accounts reported to authorities / days",
            reading: "Number of accounts that the platform reports to authorities per day. The number depends on the number of accounts in the world.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        Ratio::of(window.enforcement().authority_reports as f64, window.days() as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
