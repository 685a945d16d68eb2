//! `network-largest-component` and `network-mean-degree`: the shape of the mutual follows among predators.

use super::{Direction, Info, Metric};
use crate::measure::{NetworkDay, Period, Ratio};

/// How much of the network hangs together.
pub struct LargestComponent;

impl Metric for LargestComponent {
    fn info(&self) -> &'static Info {
        &Info {
            id: "network-largest-component",
            title: "Largest component",
            family: "exchange",
            unit: "share of predators",
            direction: Direction::LowerIsBetter,
            default_group: "predator",
            formula: "predators in the largest group that mutual follows hold together / active predators, mean over days",
            reading: "Near 1 everybody can be reached from everybody over people who know each other; removals break it up.",
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

/// How many others each knows.
pub struct MeanDegree;

impl Metric for MeanDegree {
    fn info(&self) -> &'static Info {
        &Info {
            id: "network-mean-degree",
            title: "Mean degree",
            family: "exchange",
            unit: "predators",
            direction: Direction::LowerIsBetter,
            default_group: "predator",
            formula: "mutual follows of an active predator with active predators, mean over days",
            reading: "How many other predators one follows and is followed by.",
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

/// Something counted of the network, for each active predator, over days.
fn a_predator(period: &Period, count: fn(&NetworkDay) -> u64) -> Vec<(String, Ratio)> {
    let sum = |of: fn(&NetworkDay) -> u64| period.enforcement().iter().map(|day| of(&day.network)).sum::<u64>() as f64;
    vec![("predator".to_owned(), Ratio::of(sum(count), sum(|day| day.predators)))]
}
