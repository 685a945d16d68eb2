//! `exchanges`: exchanges between sellers and buyers.

use super::{Direction, EXCHANGE, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Number of exchanges between sellers and buyers.
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
            formula: "exchanges that take place on links between sellers and buyers / account-days x 1,000. Each exchange is counted once, for the seller.",
            reading: "Activity of the exchange network. An exchange is an abstract event on a link. The model does not say what is exchanged.",
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
