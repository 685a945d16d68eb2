//! `feed-prevalence` and `feed-quality`: content of inboxes. The metrics are measured only if the
//! feed takes posts from inboxes.

use recsafe_scenario::Need;

use super::{Direction, Info, Metric};
use crate::measure::{Group, Period, Ratio};

/// Share of harmful posts among the distinct posts in all inboxes.
pub struct FeedPrevalence;

/// Mean quality of the posts in people's inboxes.
pub struct FeedQuality;

const BASE: Info = Info { family: "content", default_group: "all", ..Info::BASE };

/// Returns whether a group is `all`, the only group of both metrics.
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
            formula: "distinct harmful posts in inboxes at the end of a day / distinct posts in inboxes at the end of a day. Both numbers are summed over days.",
            reading: "Share of harmful posts among the posts in the inboxes of all accounts, with each post counted once (Truong et al. 2025). A post counts even if the feed would not show the post to the owner of the inbox. An example is a reshare of the owner's own post. The tables have no rows if the feed does not use inboxes.",
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
            formula: "total quality of the posts in people's inboxes at the end of a day / number of these posts. Both numbers are summed over days.",
            reading: "Mean quality of the posts in people's inboxes, with each post counted once per inbox. Inboxes of bots and probes are excluded (Truong et al. 2024). The tables have no rows if the feed does not use inboxes.",
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

/// Returns the row of all accounts, or no row in worlds without inboxes.
fn of_all(period: &Period, ratio: Ratio) -> Vec<(String, Ratio)> {
    if period.feeds().is_empty() { Vec::new() } else { vec![("all".to_owned(), ratio)] }
}
