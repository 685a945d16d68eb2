//! `action-rate`: actions of the platform against posts or accounts.

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// Rate of the platform's actions.
pub struct ActionRate;

impl Metric for ActionRate {
    fn info(&self) -> &'static Info {
        &Info {
            id: "action-rate",
            title: "Actions of the platform",
            family: "enforcement",
            unit: "per 10,000 accounts per 30 days",
            direction: Direction::Neither,
            default_group: "accounts",
            factor: 300_000.0,
            formula: "actions / account-days x 10,000 x 30. In the group `posts`, an action takes down or demotes a post. In the group `accounts`, an action limits, suspends or removes an account.",
            reading: "How often the platform acts, correctly or by mistake. The group is the target of the action: posts or accounts.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["posts".to_owned(), "accounts".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let Some(all) = period.window("all") else { return Vec::new() };
        let counts = all.enforcement();
        let rate = |actions: u64| Ratio::of(actions as f64, counts.present as f64);
        let (posts, accounts) = (rate(counts.posts_acted), rate(counts.sanctions));
        self.groups().into_iter().zip([posts, accounts]).collect()
    }
}
