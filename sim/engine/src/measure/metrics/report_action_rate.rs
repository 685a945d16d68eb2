//! `report-action-rate` and `true-report-action-rate`: share of closed reports that led to action.

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// Share of closed reports that led to action.
pub struct ReportActionRate;

impl Metric for ReportActionRate {
    fn info(&self) -> &'static Info {
        &Info {
            id: "report-action-rate",
            title: "Reports acted on",
            family: "enforcement",
            unit: "share of reports",
            direction: Direction::HigherIsBetter,
            default_group: "all",
            formula: "(closed reports that led to action, or whose post or account had been acted on before) / (closed reports). A report is closed by a decision, by expiry without a decision, or by another action.",
            reading: "Share of reports that lead to action. Incorrect reports are included.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["all".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let queue = period.queue();
        vec![("all".to_owned(), Ratio::of(queue.acted as f64, queue.resolved as f64))]
    }
}

/// Share of true closed reports that led to action.
pub struct TrueReportActionRate;

impl Metric for TrueReportActionRate {
    fn info(&self) -> &'static Info {
        &Info {
            id: "true-report-action-rate",
            title: "True reports acted on",
            family: "enforcement",
            unit: "share of true reports",
            direction: Direction::HigherIsBetter,
            default_group: "all",
            formula: "(closed true reports that led to action, or whose post or account had been acted on before) / (closed true reports). A true report is about a violating post or account.",
            reading: "Share of correct reports that lead to action.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["all".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let queue = period.queue();
        let ratio = Ratio::of(queue.true_acted as f64, queue.true_resolved as f64);
        vec![("all".to_owned(), ratio)]
    }
}
