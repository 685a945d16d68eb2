//! `network-largest-component` and `network-mean-degree`: mutual follows among predators.

use super::{Direction, Info, Metric};
use crate::measure::{NetworkDay, Period, Ratio};

/// Share of predators in the largest connected component.
pub struct LargestComponent;

impl Metric for LargestComponent {
    fn info(&self) -> &'static Info {
        &Info {
            id: "network-largest-component",
            title: "Largest connected component",
            family: "exchange",
            unit: "share of predators",
            direction: Direction::LowerIsBetter,
            default_group: "predator",
            formula: "predators in the largest component connected by mutual follows / predators. Both numbers are summed over days. Suspended and removed predators are excluded.",
            reading: "Near 1: almost all predators are connected through mutual follows. Removals break the network into smaller components.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["predator".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        a_predator(period, |day| day.largest)
    }
}

/// Mean number of mutual follows with other predators.
pub struct MeanDegree;

impl Metric for MeanDegree {
    fn info(&self) -> &'static Info {
        &Info {
            id: "network-mean-degree",
            title: "Mean degree of the network",
            family: "exchange",
            unit: "predators",
            direction: Direction::LowerIsBetter,
            default_group: "predator",
            formula: "mutual follows between predators, each counted twice / predators. Both numbers are summed over days. Suspended and removed predators are excluded.",
            reading: "Number of other predators with whom a predator has a mutual follow.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["predator".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        a_predator(period, |day| day.mutual)
    }
}

/// Returns a count of the network divided by the number of predators that are neither suspended nor
/// removed. The count and the number are each summed over days.
fn a_predator(period: &Period, count: fn(&NetworkDay) -> u64) -> Vec<(String, Ratio)> {
    let sum = |of: fn(&NetworkDay) -> u64| period.enforcement().iter().map(|day| of(&day.network)).sum::<u64>() as f64;
    vec![("predator".to_owned(), Ratio::of(sum(count), sum(|day| day.predators)))]
}
