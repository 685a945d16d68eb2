//! What inboxes hold: `feed-prevalence` and `feed-quality`, in worlds whose feed takes posts from there.

use recsafe_scenario::Need;

use super::{Direction, Info, Metric};
use crate::measure::{Group, Period, Ratio};

/// The share of harmful posts among the different posts in all inboxes.
pub struct FeedPrevalence;

/// The mean quality of what lies in people's inboxes.
pub struct FeedQuality;

const BASE: Info = Info { family: "content", default_group: "all", ..Info::BASE };

/// Both are of all accounts together.
fn is_all(group: &Group) -> bool {
    group.name == "all"
}

impl Metric for FeedPrevalence {
    fn info(&self) -> &'static Info {
        &Info {
            id: "feed-prevalence",
            title: "Prevalence in inboxes",
            unit: "share of posts",
            direction: Direction::LowerIsBetter,
            formula: "different harmful posts in inboxes at the end of the day / different posts in inboxes, summed over days",
            reading: "Of the posts that lie in anybody's inbox, the share that is harmful, each post counted once (Truong et al. 2025). Posts count that the owner of an inbox would not be shown, such as its own that come back. No rows where the feed takes nothing from inboxes.",
            needs: &[Need::Inboxes],
            ..BASE
        }
    }

    fn applies(&self, group: &Group) -> bool {
        is_all(group)
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let sum = |of: fn(&crate::measure::FeedDay) -> u64| period.feeds().iter().map(of).sum::<u64>() as f64;
        of_all(period, Ratio::of(sum(|day| day.harmful), sum(|day| day.posts)))
    }
}

impl Metric for FeedQuality {
    fn info(&self) -> &'static Info {
        &Info {
            id: "feed-quality",
            title: "Quality in inboxes",
            unit: "quality",
            direction: Direction::HigherIsBetter,
            formula: "sum of quality over posts in people's inboxes at the end of the day / their number, summed over days",
            reading: "How good what lies in people's inboxes is on average, each post counted as often as it lies there; inboxes of bots and probes are left out (Truong et al. 2024). No rows where the feed takes nothing from inboxes.",
            needs: &[Need::Inboxes],
            ..BASE
        }
    }

    fn applies(&self, group: &Group) -> bool {
        is_all(group)
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let quality = period.feeds().iter().map(|day| day.quality).sum();
        let entries = period.feeds().iter().map(|day| day.entries).sum::<u64>() as f64;
        of_all(period, Ratio::of(quality, entries))
    }
}

/// The row of all accounts; none in worlds without inboxes.
fn of_all(period: &Period, ratio: Ratio) -> Vec<(String, Ratio)> {
    if period.feeds().is_empty() { Vec::new() } else { vec![("all".to_owned(), ratio)] }
}
