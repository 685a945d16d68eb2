//! `age-verifications`, `adults-as-minors` and `minors-as-adults`: the burden and the errors of age
//! assurance.

use recsafe_scenario::Need;

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Rate of age verifications.
pub struct AgeChecks;

impl Metric for AgeChecks {
    fn info(&self) -> &'static Info {
        &Info {
            id: "age-verifications",
            title: "Age verifications",
            family: "cost",
            unit: "per 10,000 accounts per day",
            direction: Direction::LowerIsBetter,
            default_group: "user",
            factor: 10_000.0,
            formula: "age verifications / account-days x 10,000. Each retry counts.",
            reading: "How often people have to prove their age. The default group is ordinary adults, whom age assurance is not meant to protect.",
            moved_by: &[Need::Rule("checks-age")],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let counts = window.enforcement();
        Ratio::of(counts.age_checks as f64, counts.present as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}

/// Share of adults whom the platform treats as minors.
pub struct AdultsAsMinors;

impl Metric for AdultsAsMinors {
    fn info(&self) -> &'static Info {
        &Info {
            id: "adults-as-minors",
            title: "Adults treated as minors",
            family: "cost",
            unit: "share of account-days",
            direction: Direction::LowerIsBetter,
            default_group: "user",
            formula: "account-days of adults whom the platform treats as minors / account-days of adults",
            reading: "Share of adults to whom rules for minors apply because age verification or age inference made a mistake.",
            moved_by: &[Need::Rule("checks-age")],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        mistaken(window)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population() && group.is_without_minors()
    }
}

/// Share of minors whom the platform treats as adults.
pub struct MinorsAsAdults;

impl Metric for MinorsAsAdults {
    fn info(&self) -> &'static Info {
        &Info {
            id: "minors-as-adults",
            title: "Minors treated as adults",
            family: "cost",
            unit: "share of account-days",
            direction: Direction::LowerIsBetter,
            default_group: "minor",
            formula: "account-days of minors whom the platform treats as adults / account-days of minors",
            reading: "Share of minors whom rules for minors do not protect: they declare 18 or over, and neither age verification nor age inference detects them.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        mistaken(window)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_minors()
    }
}

fn mistaken(window: &GroupWindow) -> Ratio {
    let counts = window.enforcement();
    Ratio::of(counts.age_mistaken as f64, counts.present as f64)
}
