//! `network-reproduction`: new links per link lost to enforcement.

use super::{Direction, EXCHANGE, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// New links of the exchange network per link lost to enforcement.
pub struct NetworkReproduction;

impl Metric for NetworkReproduction {
    fn info(&self) -> &'static Info {
        &Info {
            id: "network-reproduction",
            title: "Reproduction of the network",
            family: "exchange",
            unit: "links per link lost",
            direction: Direction::LowerIsBetter,
            default_group: "exchange",
            formula: "new links between exchange accounts / links lost to removals",
            reading: "Above 1: the network gains links faster than removals destroy them. Undefined if no link is lost.",
            needs: &[EXCHANGE],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let counts = window.enforcement();
        Ratio::of(counts.links_made as f64, counts.links_lost as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_predators()
    }
}
