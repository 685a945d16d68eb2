//! `authority-reports`: accounts that authorities were told of, a day.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Group, Ratio};

/// How often authorities are told.
pub struct AuthorityReports;

impl Metric for AuthorityReports {
    fn info(&self) -> &'static Info {
        &Info {
            id: "authority-reports",
            title: "Reports to authorities",
            family: "enforcement",
            unit: "per day",
            direction: Direction::Neither,
            default_group: "all",
            formula: "accounts that authorities were told of / days",
            reading: "How often authorities are told of an account.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        Ratio::of(cut.enforcement().authority_reports as f64, cut.days() as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
