//! Record of one group over some days. Most metrics are computed from such a record.

use std::ops::Range;

use recsafe_people::contacts::Stage;

use super::contact::{ContactCounts, ContactDay};
use super::day_counts::Counts;
use super::enforcement::EnforcementCounts;
use super::recorder::{AccountCounts, Life, Recorder};
use super::stratum::{Group, Stratum};

/// Value `factor * numerator / denominator`. The three numbers are stored separately, so that
/// numerators and denominators can be summed over days or groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// Constant of the metric's unit, such as 10,000 for "per 10,000 accounts"; otherwise 1.
    pub factor: f64,
    /// Count or sum.
    pub numerator: f64,
    /// Number by which the numerator is divided. If the denominator is 0, the value is undefined.
    pub denominator: f64,
}

impl Ratio {
    /// Returns `numerator / denominator`.
    #[must_use]
    pub const fn of(numerator: f64, denominator: f64) -> Ratio {
        Ratio { factor: 1.0, numerator, denominator }
    }

    /// Multiplies the constant of the unit by `factor`. The counts do not change.
    #[must_use]
    pub const fn times(self, factor: f64) -> Ratio {
        Ratio { factor: self.factor * factor, ..self }
    }

    /// Returns `factor * numerator`, which is the numerator in the unit of the value.
    #[must_use]
    pub const fn scaled(self) -> f64 {
        self.factor * self.numerator
    }

    /// Returns the value, or `None` if the value is undefined.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.denominator != 0.0).then(|| self.scaled() / self.denominator).filter(|value| value.is_finite())
    }

    /// Undefined value.
    pub const UNDEFINED: Ratio = Ratio::of(0.0, 0.0);
}

/// Record of one group over some days.
#[derive(Clone, Copy, Debug)]
pub struct GroupWindow<'a> {
    recorder: &'a Recorder,
    group: &'a Group,
    members: u64,
    first: usize,
    last: usize,
}

impl<'a> GroupWindow<'a> {
    /// Returns the record of a group over some days.
    #[must_use]
    pub fn new(recorder: &'a Recorder, group: &'a Group, days: Range<usize>) -> Self {
        let in_group = |stratum: &Stratum| group.strata.contains(stratum);
        let rows = recorder.strata.iter().zip(&recorder.present_at_start);
        let members = rows.filter(|(stratum, present_at_start)| **present_at_start && in_group(stratum)).count() as u64;
        GroupWindow { recorder, group, members, first: days.start, last: days.end }
    }

    /// Returns the record of the same group over other days.
    #[must_use]
    pub fn on(self, days: Range<usize>) -> Self {
        GroupWindow { first: days.start, last: days.end, ..self }
    }

    /// Returns the group.
    #[must_use]
    pub fn group(&self) -> &Group {
        self.group
    }

    /// Returns the number of accounts in the group when day 0 begins.
    #[must_use]
    pub fn members(&self) -> f64 {
        self.members as f64
    }

    /// Returns the number of days.
    #[must_use]
    pub fn days(&self) -> usize {
        self.last - self.first
    }

    /// Returns the account-days of the group. An account counts on each day from the account's
    /// arrival until the account's removal.
    #[must_use]
    pub fn account_days(&self) -> f64 {
        self.enforcement().present as f64
    }

    /// Returns the sum of a count over the group's strata and the days, in a fixed order.
    pub fn sum(&self, count: impl Fn(&Counts) -> f64) -> f64 {
        let days = &self.recorder.days[self.first..self.last];
        days.iter()
            .map(|day| self.group.strata.iter().map(|stratum| count(&day.strata[stratum.index()])).sum::<f64>())
            .sum()
    }

    /// Returns the ratio of two sums of counts.
    pub fn ratio(&self, numerator: impl Fn(&Counts) -> f64, denominator: impl Fn(&Counts) -> f64) -> Ratio {
        Ratio::of(self.sum(numerator), self.sum(denominator))
    }

    /// Returns the counts of contact, summed over the group's strata and the days.
    #[must_use]
    pub fn contact(&self) -> ContactCounts {
        let days = &self.recorder.contact.days[self.first..self.last];
        ContactCounts::sum(days.iter().flat_map(|day| self.group.strata.iter().map(|stratum| &day[stratum.index()])))
    }

    /// Returns the number of contact requests by predators that reached minors of the group.
    #[must_use]
    pub fn unwanted_contacts(&self) -> f64 {
        let days = &self.recorder.contact.days[self.first..self.last];
        let minors = || self.group.strata.iter().filter(|stratum| stratum.is_minor());
        let delivered = |day: &ContactDay| {
            minors().map(|stratum| day[stratum.index()].stages[Stage::Delivered as usize]).sum::<u64>()
        };
        days.iter().map(delivered).sum::<u64>() as f64
    }

    /// Returns the counts of enforcement and of the exchange network, summed over the group's
    /// strata and the days.
    #[must_use]
    pub fn enforcement(&self) -> EnforcementCounts {
        let days = &self.recorder.enforcement.days[self.first..self.last];
        EnforcementCounts::sum(
            days.iter().flat_map(|day| self.group.strata.iter().map(|stratum| &day.strata[stratum.index()])),
        )
    }

    /// Returns the row and lifetime of each account of the group. Only accounts that existed on a
    /// measured day are included.
    pub fn lives(&self) -> impl Iterator<Item = (usize, &'a Life)> + '_ {
        let rows = self.recorder.lives.iter().enumerate();
        rows.filter(|&(row, life)| {
            self.group.strata.contains(&self.recorder.strata[row]) && life.removed.is_none_or(|day| day >= 0)
        })
    }

    /// Returns the record of all groups. Some metrics need more data than counts by stratum.
    #[must_use]
    pub fn recorder(&self) -> &'a Recorder {
        self.recorder
    }

    /// Returns the number of complete weeks.
    #[must_use]
    pub fn weeks(&self) -> usize {
        self.days() / 7
    }

    /// Returns two things for each account of the group that exists when day 0 begins: the counts
    /// over all measured days, and the day of the first harmful view.
    pub fn accounts(&self) -> impl Iterator<Item = (&'a AccountCounts, Option<i32>)> + '_ {
        let rows = self
            .recorder
            .strata
            .iter()
            .enumerate()
            .filter(|(row, stratum)| self.group.strata.contains(stratum) && self.recorder.present_at_start[*row]);
        rows.map(|(row, _)| (&self.recorder.accounts[row], self.recorder.first_harmful[row]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_scales_the_value_and_leaves_the_counts() {
        let removals = Ratio::of(4.0, 1500.0).times(300_000.0);
        assert_eq!((removals.factor, removals.numerator, removals.denominator), (300_000.0, 4.0, 1500.0));
        assert_eq!(removals.value(), Some(800.0));
        assert_eq!(
            Ratio::of(1.0, 4.0).times(10.0).times(2.0),
            Ratio { factor: 20.0, numerator: 1.0, denominator: 4.0 }
        );
    }

    #[test]
    fn the_factor_is_applied_before_the_division() {
        let ratio = Ratio::of(1.0, 9.0).times(1000.0);
        assert_eq!(ratio.value(), Some(1000.0 / 9.0));
        assert_ne!(ratio.value(), Some(1000.0 * (1.0 / 9.0)), "the order of the operations shows");
    }

    #[test]
    fn a_fraction_without_a_denominator_has_no_value() {
        for undefined in [Ratio::UNDEFINED, Ratio::of(3.0, 0.0).times(10.0), Ratio::of(f64::INFINITY, 1.0)] {
            assert_eq!(undefined.value(), None);
        }
        assert_eq!(Ratio::of(0.0, 5.0).times(10.0).value(), Some(0.0));
    }
}
