//! `unsolicited-share`: share of harmful views by uninterested accounts.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Share of harmful views by accounts with little interest in harmful content.
pub struct UnsolicitedShare;

impl Metric for UnsolicitedShare {
    fn info(&self) -> &'static Info {
        &Info {
            id: "unsolicited-share",
            title: "Unsolicited share",
            family: "content",
            unit: "share of harmful views",
            direction: Direction::Neither,
            default_group: "minor",
            formula: "harmful views by uninterested accounts / harmful views. Uninterested: the account's interest in niches is below the population's median, and the account has not searched for a niche before.",
            reading: "Share of harmful views by people who have little interest in harmful content and did not search for it.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        window.ratio(|counts| counts.unsolicited as f64, |counts| counts.harmful_views as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
