//! `engagement`: likes and shares per active account-day.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Likes and shares per active account-day.
pub struct Engagement;

impl Metric for Engagement {
    fn info(&self) -> &'static Info {
        &Info {
            id: "engagement",
            title: "Engagement",
            family: "cost",
            unit: "engagements per active account-day",
            direction: Direction::HigherIsBetter,
            default_group: "all",
            formula: "(likes + shares) / active account-days",
            reading: "Likes and shares per day by an account that has a session on the day. Platforms measure the value of a feed by this number.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        window.ratio(|counts| counts.engagements as f64, |counts| counts.active as f64)
    }
}
