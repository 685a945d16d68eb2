//! `report-rate`: reports of harmful experiences / harmful experiences.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Group, Ratio};

/// How often what harmed somebody is reported.
pub struct ReportRate;

impl Metric for ReportRate {
    fn info(&self) -> &'static Info {
        &Info {
            id: "report-rate",
            title: "Report rate",
            family: "enforcement",
            unit: "share of harmful experiences",
            direction: Direction::HigherIsBetter,
            default_group: "all",
            formula: "(reports of severe posts + reports of contacts that predators made with minors) / (views of severe posts + requests of predators delivered to minors)",
            reading: "How often a harmful experience is reported: of a hundred about one.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let reports = cut.sum(|counts| counts.severe_reports as f64) + cut.enforcement().contact_reports as f64;
        let experiences = cut.sum(|counts| counts.severe_views as f64) + cut.unwanted_contacts();
        Ratio { numerator: reports, denominator: experiences }
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
