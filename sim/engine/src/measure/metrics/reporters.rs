//! `reports-by-minors` and `reports-against-adults`: who reports whom.

use super::{Direction, Info, MINORS, Metric};
use crate::measure::{Group, GroupWindow, Period, Ratio};

/// Minors' share of all reports.
pub struct ReportsByMinors;

impl Metric for ReportsByMinors {
    fn info(&self) -> &'static Info {
        &Info {
            id: "reports-by-minors",
            title: "Reports by minors",
            family: "enforcement",
            unit: "share of reports",
            direction: Direction::Neither,
            default_group: "all",
            formula: "reports filed by minors / reports filed",
            reading: "Minors' share of all reports.",
            needs: &[MINORS],
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["all".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let (Some(all), Some(minors)) = (period.window("all"), period.window("minor")) else { return Vec::new() };
        let reports = |window: &GroupWindow| window.enforcement().reports as f64;
        vec![("all".to_owned(), Ratio::of(reports(minors), reports(all)))]
    }
}

/// Share of reports that are against adults.
pub struct ReportsAgainstAdults;

impl Metric for ReportsAgainstAdults {
    fn info(&self) -> &'static Info {
        &Info {
            id: "reports-against-adults",
            title: "Reports against adults",
            family: "enforcement",
            unit: "share of reports",
            direction: Direction::Neither,
            default_group: "minor",
            formula: "the group's reports against adults or their posts / all reports by the group",
            reading: "Share of the group's reports that are against adults or their posts.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let counts = window.enforcement();
        Ratio::of(counts.against_adults as f64, counts.reports as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
