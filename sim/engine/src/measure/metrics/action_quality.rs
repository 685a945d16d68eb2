//! `action-precision` and `action-recall`: how right actions are, and how much of what violates they reach.

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// How often an action is right.
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
            formula: "actions against what violates / actions; the group says against what: posts, accounts",
            reading: "Of all that the platform acted on, the share that does violate; the rest are mistakes that hit ordinary people.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["posts".to_owned(), "accounts".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let Some(all) = period.cut("all") else { return Vec::new() };
        let counts = all.enforcement();
        let share = |right: u64, of: u64| Ratio::of(right as f64, of as f64);
        let posts = share(counts.posts_acted_rightly, counts.posts_acted);
        let accounts = share(counts.sanctions_rightly, counts.sanctions);
        self.groups().into_iter().zip([posts, accounts]).collect()
    }
}

/// How much of what violates is acted on.
pub struct ActionRecall;

impl Metric for ActionRecall {
    fn info(&self) -> &'static Info {
        &Info {
            id: "action-recall",
            title: "Recall of actions",
            family: "enforcement",
            unit: "share of what violates",
            direction: Direction::HigherIsBetter,
            default_group: "accounts",
            formula: "posts that violate acted on / posts that violate made; accounts that violate ever sanctioned / accounts that violate, both over the measured days; the group says which: posts, accounts",
            reading: "Of all that violates, the share that the platform acts on.",
            daily: false,
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["posts".to_owned(), "accounts".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let Some(all) = period.cut("all") else { return Vec::new() };
        let counts = all.enforcement();
        let posts = Ratio::of(counts.posts_acted_rightly as f64, counts.violating_posts as f64);
        let violating = || all.lives().filter(|(_, life)| life.violates);
        let sanctioned = &all.recorder().enforcement.sanctioned;
        let reached = violating().filter(|&(row, _)| sanctioned[row]).count();
        let accounts = Ratio::of(reached as f64, violating().count() as f64);
        self.groups().into_iter().zip([posts, accounts]).collect()
    }
}
