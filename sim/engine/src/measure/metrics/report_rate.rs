//! `report-rate` and `true-report-share`: how often harm is reported, and how often a report is justified.

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
        Ratio::of(reports, experiences)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}

/// How many reports are of what does violate.
pub struct TrueReportShare;

impl Metric for TrueReportShare {
    fn info(&self) -> &'static Info {
        &Info {
            id: "true-report-share",
            title: "True reports",
            family: "enforcement",
            unit: "share of reports",
            direction: Direction::Neither,
            default_group: "all",
            formula: "reports of posts or accounts that violate / reports, by the group of who reports",
            reading: "How many reports are justified; the others come from ordinary dislike, and take reviewers' time.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let counts = cut.enforcement();
        Ratio::of(counts.true_reports as f64, counts.reports as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
