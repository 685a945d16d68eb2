//! `action-precision` and `action-recall`: correctness and completeness of actions.

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// Share of actions that are correct.
pub struct ActionPrecision;

impl Metric for ActionPrecision {
    fn info(&self) -> &'static Info {
        &Info {
            id: "action-precision",
            title: "Precision of actions",
            family: "enforcement",
            unit: "share of actions",
            direction: Direction::HigherIsBetter,
            default_group: "accounts",
            formula: "actions against violating posts or accounts / actions. A sanction for a violating post counts as correct. The group is the target: posts or accounts.",
            reading: "Share of the platform's actions that are correct. The other actions are mistakes that affect ordinary people.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["posts".to_owned(), "accounts".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let Some(all) = period.window("all") else { return Vec::new() };
        let counts = all.enforcement();
        let share = |right: u64, of: u64| Ratio::of(right as f64, of as f64);
        let posts = share(counts.posts_acted_rightly, counts.posts_acted);
        let accounts = share(counts.sanctions_rightly, counts.sanctions);
        self.groups().into_iter().zip([posts, accounts]).collect()
    }
}

/// Share of violations that are acted on.
pub struct ActionRecall;

impl Metric for ActionRecall {
    fn info(&self) -> &'static Info {
        &Info {
            id: "action-recall",
            title: "Recall of actions",
            family: "enforcement",
            unit: "share of violations",
            direction: Direction::HigherIsBetter,
            default_group: "accounts",
            formula: "`posts`: violating posts that are acted on / new violating posts. `accounts`: violating accounts that are sanctioned at least once / violating accounts. Only actions and posts of the measured days are included.",
            reading: "Share of the violating posts or accounts that the platform acts on.",
            daily: false,
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["posts".to_owned(), "accounts".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let Some(all) = period.window("all") else { return Vec::new() };
        let counts = all.enforcement();
        let posts = Ratio::of(counts.posts_acted_rightly as f64, counts.violating_posts as f64);
        let violating = || all.lives().filter(|(_, life)| life.violates);
        let sanctioned = &all.recorder().enforcement.sanctioned;
        let reached = violating().filter(|&(row, _)| sanctioned[row]).count();
        let accounts = Ratio::of(reached as f64, violating().count() as f64);
        self.groups().into_iter().zip([posts, accounts]).collect()
    }
}
