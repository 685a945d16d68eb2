//! `network-reach`: pairs of predators of which suggestions lead from one to the other / pairs of predators.

use super::{Direction, Info, Metric, PREDATORS};
use crate::measure::{MOST_SUGGESTED, Period, Ratio};

/// How far people suggestions tie predators together; the group is how many suggestions are followed.
pub struct NetworkReach;

impl Metric for NetworkReach {
    fn info(&self) -> &'static Info {
        &Info {
            id: "network-reach",
            title: "Reach of the network",
            family: "exchange",
            unit: "share of pairs",
            direction: Direction::LowerIsBetter,
            default_group: "top-5",
            formula: "pairs of active predators such that following the first k suggestions of each predator leads from the one to the other / pairs; from 50 starts a day; the group is k, from top-1 to top-10",
            reading: "Of the predators, the share that one of them comes to by doing nothing but follow suggestions.",
            needs: &[PREDATORS],
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        (1..=MOST_SUGGESTED).map(|k| format!("top-{k}")).collect()
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let at = |k: usize| {
            let sum = |of: fn((u64, u64)) -> u64| {
                period.enforcement().iter().map(|day| of(day.network.reached[k])).sum::<u64>() as f64
            };
            Ratio::of(sum(|pair| pair.0), sum(|pair| pair.1))
        };
        self.groups().into_iter().zip((0..MOST_SUGGESTED).map(at)).collect()
    }
}
