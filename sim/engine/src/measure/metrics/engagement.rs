//! `engagement`: likes and shares / account-days with a session.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Cut, Ratio};

/// What people get out of the feed, as platforms count it.
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
            formula: "likes and shares / account-days with a session",
            reading: "What people get out of the feed, as platforms count it.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        cut.ratio(|counts| counts.engagements as f64, |counts| counts.active as f64)
    }
}
