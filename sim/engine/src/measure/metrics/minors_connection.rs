//! `minors-connection`: wanted contacts of minors.

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Wanted contacts of minors, which rules against unwanted contact can reduce.
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
            formula: "(new mutual follows between minors + accepted first messages from people with whom the minor has a mutual follow) / account-days x 1,000. A mutual follow counts for both minors.",
            reading: "Wanted contacts of minors with other minors and with people whom they know. Rules against unwanted contact can also reduce wanted contacts.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        Ratio::of(window.contact().connections as f64, window.account_days())
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_minors()
    }
}
