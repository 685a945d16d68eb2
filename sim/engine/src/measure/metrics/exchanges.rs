//! `exchanges`: exchanges between sellers and buyers.

use super::{Direction, EXCHANGE, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Exchanges between sellers and buyers: an abstract count.
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
            formula: "exchanges over links between sellers and buyers, each counted for the seller / account-days x 1,000",
            reading: "Activity of the exchange network. An exchange is an abstract event on a link: the model has no content of exchanges.",
            moved_by: &[EXCHANGE],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let counts = window.enforcement();
        Ratio::of(counts.exchanges as f64, counts.present as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_predators()
    }
}
