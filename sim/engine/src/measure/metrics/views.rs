//! `views`: views per active account-day.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Views per active account-day.
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
            formula: "views / active account-days",
            reading: "Posts viewed per day by an account that has a session on the day.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        window.ratio(|counts| counts.views as f64, |counts| counts.active as f64)
    }
}
