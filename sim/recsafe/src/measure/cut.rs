//! A cut of what was recorded: one group over some days. Metrics are functions of a cut.

use std::ops::Range;

use super::cell::Group;
use super::contact::ContactCounts;
use super::recorder::{AccountCounts, Recorder};
use super::tally::Counts;

/// A number as a fraction, so that sums over days or groups can be made again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// What is counted.
    pub numerator: f64,
    /// What it is counted for; 0 means that the number is not defined.
    pub denominator: f64,
}

impl Ratio {
    /// The fraction's value, if it is defined.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.denominator != 0.0).then(|| self.numerator / self.denominator).filter(|value| value.is_finite())
    }

    /// No number.
    pub const UNDEFINED: Ratio = Ratio { numerator: 0.0, denominator: 0.0 };
}

/// One group over some days.
#[derive(Clone, Copy, Debug)]
pub struct Cut<'a> {
    recorder: &'a Recorder,
    group: &'a Group,
    members: u64,
    first: usize,
    last: usize,
}

impl<'a> Cut<'a> {
    /// The cut of `recorder` to `group` and `days`.
    #[must_use]
    pub fn new(recorder: &'a Recorder, group: &'a Group, days: Range<usize>) -> Self {
        let members = recorder.cells.iter().filter(|cell| group.cells.contains(cell)).count() as u64;
        Cut { recorder, group, members, first: days.start, last: days.end }
    }

    /// The same group on other days.
    #[must_use]
    pub fn on(self, days: Range<usize>) -> Self {
        Cut { first: days.start, last: days.end, ..self }
    }

    /// The group's name.
    #[must_use]
    pub fn group(&self) -> &Group {
        self.group
    }

    /// Number of accounts in the group.
    #[must_use]
    pub fn members(&self) -> f64 {
        self.members as f64
    }

    /// Number of days.
    #[must_use]
    pub fn days(&self) -> usize {
        self.last - self.first
    }

    /// Account-days: accounts of the group times days.
    #[must_use]
    pub fn account_days(&self) -> f64 {
        self.members() * self.days() as f64
    }

    /// Sum of a count over the group's cells and the days, in a fixed order.
    pub fn sum(&self, count: impl Fn(&Counts) -> f64) -> f64 {
        let days = &self.recorder.days[self.first..self.last];
        days.iter().map(|day| self.group.cells.iter().map(|cell| count(&day.cells[cell.place()])).sum::<f64>()).sum()
    }

    /// The ratio of two counts.
    pub fn ratio(&self, numerator: impl Fn(&Counts) -> f64, denominator: impl Fn(&Counts) -> f64) -> Ratio {
        Ratio { numerator: self.sum(numerator), denominator: self.sum(denominator) }
    }

    /// Counts of contact, summed over the group's cells and the days.
    #[must_use]
    pub fn contact(&self) -> ContactCounts {
        let days = &self.recorder.contact.days[self.first..self.last];
        ContactCounts::sum(days.iter().flat_map(|day| self.group.cells.iter().map(|cell| &day[cell.place()])))
    }

    /// Whole weeks from the first measured day on.
    #[must_use]
    pub fn weeks(&self) -> usize {
        self.days() / 7
    }

    /// Every account of the group: its counts over all measured days, and the day of its first harmful view.
    pub fn accounts(&self) -> impl Iterator<Item = (&'a AccountCounts, Option<i32>)> + '_ {
        let rows = self.recorder.cells.iter().enumerate().filter(|(_, cell)| self.group.cells.contains(cell));
        rows.map(|(row, _)| (&self.recorder.accounts[row], self.recorder.first_harmful[row]))
    }
}
