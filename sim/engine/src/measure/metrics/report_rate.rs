//! `report-rate` and `true-report-share`: how often harm is reported, and how often a report is
//! correct.

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Share of harmful experiences that are reported.
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
            formula: "(reports of severe posts + minors' reports about contacts by predators) / (views of severe posts + predators' contact requests that reach minors)",
            reading: "Share of harmful experiences that are reported. In a platform survey, the share was about 1 in 100.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let reports = window.sum(|counts| counts.severe_reports as f64) + window.enforcement().contact_reports as f64;
        let experiences = window.sum(|counts| counts.severe_views as f64) + window.unwanted_contacts();
        Ratio::of(reports, experiences)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}

/// Share of reports that concern a violation.
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
            formula: "the group's reports about violating posts or accounts / all reports by the group",
            reading: "Share of reports that are correct. Other reports result from dislike or mistakes, and such reports take up reviewers' time.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let counts = window.enforcement();
        Ratio::of(counts.true_reports as f64, counts.reports as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
