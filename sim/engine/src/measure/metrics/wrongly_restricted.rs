//! `wrongly-restricted`: accounts sanctioned by mistake.

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Accounts sanctioned by mistake.
pub struct WronglyRestricted;

impl Metric for WronglyRestricted {
    fn info(&self) -> &'static Info {
        &Info {
            id: "wrongly-restricted",
            title: "Wrongly restricted",
            family: "cost",
            unit: "per 10,000 accounts",
            direction: Direction::LowerIsBetter,
            default_group: "all",
            factor: 10_000.0,
            formula: "accounts that were limited, suspended or removed by mistake on a measured day / accounts x 10,000. By mistake: neither the account nor the post in question violated the rules. A sanction counts even if an appeal reverses the sanction. Only accounts that exist when day 0 begins are included.",
            reading: "Number of accounts, per 10,000, that enforcement restricts by mistake.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let recorder = window.recorder();
        let hit = |row: usize| recorder.enforcement.wronged[row] && recorder.present_at_start[row];
        let hit = window.lives().filter(|&(row, _)| hit(row)).count();
        Ratio::of(hit as f64, window.members())
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population() && !group.is_of_predators()
    }
}
