//! `network-reach`: share of pairs of predators that are connected by people suggestions.

use super::{Direction, Info, Metric, PREDATORS};
use crate::measure::{MOST_SUGGESTED, Period, Ratio};

/// Share of pairs of predators that are connected by people suggestions. The group sets the
/// number k of suggestions that are used for each predator.
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
            formula: "pairs of predators (A, B) in which a path of suggestions leads from A to B / all pairs of predators (A, B). Each step of the path goes from a predator to one of the predator's first k suggestions. The groups top-1 to top-10 set k. On each day, A is one of up to 50 random predators. Suspended and removed predators are excluded.",
            reading: "Share of all other predators that one predator can reach by following suggestions alone.",
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
