//! `exchange-active`: active exchange accounts, relative to day 0.

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// Exchange accounts that are neither suspended nor removed, relative to the number of exchange
/// accounts when day 0 begins.
pub struct ExchangeActive;

impl Metric for ExchangeActive {
    fn info(&self) -> &'static Info {
        &Info {
            id: "exchange-active",
            title: "Active exchange accounts",
            family: "exchange",
            unit: "share of accounts on day 0",
            direction: Direction::LowerIsBetter,
            default_group: "exchange",
            formula: "exchange accounts that are neither suspended nor removed at the end of a day / exchange accounts that exist when day 0 begins. The value is the mean over days. The numerator includes readmitted and recruited accounts.",
            reading: "1: as many exchange accounts as when day 0 begins. The value can exceed 1. The values by day show how fast the network recovers from removals.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["exchange".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let Some(exchange) = period.window("exchange") else { return Vec::new() };
        let active: u64 = period.enforcement().iter().map(|day| day.network.exchange_active).sum();
        let denominator = exchange.members() * exchange.days() as f64;
        vec![("exchange".to_owned(), Ratio::of(active as f64, denominator))]
    }
}
