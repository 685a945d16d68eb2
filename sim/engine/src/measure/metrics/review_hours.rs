//! `review-hours`: working time of reviewers.

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// Working time of reviewers.
pub struct ReviewHours;

impl Metric for ReviewHours {
    fn info(&self) -> &'static Info {
        &Info {
            id: "review-hours",
            title: "Hours of review",
            family: "enforcement",
            unit: "hours per day per 10,000 accounts",
            direction: Direction::LowerIsBetter,
            default_group: "all",
            factor: 10_000.0,
            formula: "hours spent on decisions and appeals / account-days x 10,000",
            reading: "Reviewers' working time per day, per 10,000 accounts.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["all".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let Some(all) = period.window("all") else { return Vec::new() };
        let ratio = Ratio::of(period.queue().minutes / 60.0, all.account_days());
        vec![("all".to_owned(), ratio)]
    }
}
