//! `exchange-active`: exchange accounts that are active / those there when day 0 begins.

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// How much of the network is there; it shows how fast it comes back after removals.
pub struct ExchangeActive;

impl Metric for ExchangeActive {
    fn info(&self) -> &'static Info {
        &Info {
            id: "exchange-active",
            title: "Active exchange accounts",
            family: "exchange",
            unit: "share of those on day 0",
            direction: Direction::LowerIsBetter,
            default_group: "exchange",
            formula: "exchange accounts that are neither suspended nor removed at the end of a day, returns counted / exchange accounts there when day 0 begins; mean over days",
            reading: "1 is as many as at the start; by day it shows how fast the network comes back after a wave of removals.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["exchange".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let Some(exchange) = period.cut("exchange") else { return Vec::new() };
        let active: u64 = period.enforcement().iter().map(|day| day.network.exchange_active).sum();
        let denominator = exchange.members() * exchange.days() as f64;
        vec![("exchange".to_owned(), Ratio::of(active as f64, denominator))]
    }
}
