//! `report-action-rate` and `true-report-action-rate`: reports that led to action / reports that came to an end.

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// How often a report leads to anything.
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
            formula: "reports that led to action, or were about what had been acted on / reports that came to an end: decided, closed without a decision, or settled",
            reading: "How often a report leads to anything, mistaken reports counted.",
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

/// How often a justified report leads to anything.
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
            formula: "the same over reports of what does violate",
            reading: "How often a justified report leads to anything.",
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
