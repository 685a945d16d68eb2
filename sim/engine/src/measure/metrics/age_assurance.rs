//! `age-verifications`, `adults-as-minors`, `minors-as-adults`: what checks of age ask of people, and how often the platform is wrong about age.

use recsafe_scenario::Need;

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Group, Ratio};

/// How many checks of age account holders go through.
pub struct AgeChecks;

impl Metric for AgeChecks {
    fn info(&self) -> &'static Info {
        &Info {
            id: "age-verifications",
            title: "Checks of age",
            family: "cost",
            unit: "per 10,000 accounts and day",
            direction: Direction::LowerIsBetter,
            default_group: "user",
            factor: 10_000.0,
            formula: "checks of age that account holders went through, retries counted / account-days x 10,000",
            reading: "What age assurance asks of people who have nothing to do with its purpose.",
            moved_by: &[Need::Rule("checks-age")],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let counts = cut.enforcement();
        Ratio::of(counts.age_checks as f64, counts.present as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}

/// How many adults are treated as minors.
pub struct AdultsAsMinors;

impl Metric for AdultsAsMinors {
    fn info(&self) -> &'static Info {
        &Info {
            id: "adults-as-minors",
            title: "Adults taken for minors",
            family: "cost",
            unit: "share of account-days",
            direction: Direction::LowerIsBetter,
            default_group: "user",
            formula: "account-days of adults whom the platform takes for a minor / account-days of adults",
            reading: "How many adults live under rules made for minors, because a check of age was wrong about them.",
            moved_by: &[Need::Rule("checks-age")],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        mistaken(cut)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population() && group.is_without_minors()
    }
}

/// How many minors pass for adults.
pub struct MinorsAsAdults;

impl Metric for MinorsAsAdults {
    fn info(&self) -> &'static Info {
        &Info {
            id: "minors-as-adults",
            title: "Minors taken for adults",
            family: "cost",
            unit: "share of account-days",
            direction: Direction::LowerIsBetter,
            default_group: "minor",
            formula: "account-days of minors whom the platform takes for an adult / account-days of minors",
            reading: "How many minors no rule for minors reaches: those who state 18 or over, less those whom a check of age finds.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        mistaken(cut)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_minors()
    }
}

fn mistaken(cut: &Cut) -> Ratio {
    let counts = cut.enforcement();
    Ratio::of(counts.age_mistaken as f64, counts.present as f64)
}
