//! `exchanges`: exchanges / account-days of predators x 1,000.

use super::{Direction, EXCHANGE, Info, Metric};
use crate::measure::{Cut, Group, Ratio};

/// How much is exchanged: an abstract count.
pub struct Exchanges;

impl Metric for Exchanges {
    fn info(&self) -> &'static Info {
        &Info {
            id: "exchanges",
            title: "Exchanges",
            family: "exchange",
            unit: "per 1,000 account-days of predators",
            direction: Direction::LowerIsBetter,
            default_group: "predator",
            factor: 1000.0,
            formula: "exchanges over links between sellers and buyers, each counted with the seller / account-days x 1,000",
            reading: "How much the exchange network does; an abstract count of links that led to something.",
            moved_by: &[EXCHANGE],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let counts = cut.enforcement();
        Ratio::of(counts.exchanges as f64, counts.present as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_predators()
    }
}
