//! `views`: views / account-days with a session.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How much is looked at.
pub struct Views;

impl Metric for Views {
    fn info(&self) -> &'static Info {
        &Info {
            id: "views",
            title: "Views",
            family: "cost",
            unit: "views per active account-day",
            direction: Direction::HigherIsBetter,
            default_group: "all",
            formula: "views / account-days with a session",
            reading: "How much is looked at.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        cut.ratio(|counts| counts.views as f64, |counts| counts.active as f64)
    }
}
