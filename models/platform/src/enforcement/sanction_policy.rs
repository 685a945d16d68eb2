//! Strikes and the sanctions that they lead to.

use std::collections::BTreeMap;

use recsafe_common::ids::{AccountId, Day};
use recsafe_common::observed::Standing;
use serde::{Deserialize, Serialize};

use crate::settings::Enforcement;

/// Severity of sanctions for one account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SanctionPolicy {
    /// Probability that an account is removed at once when a reviewer confirms a violation.
    pub immediate_removal: f64,
    /// Number of strikes at which an account is removed.
    pub strikes: u32,
    /// Number of days for which an account is limited.
    pub limited_days: u32,
    /// Number of days for which an account is suspended.
    pub suspended_days: u32,
}

/// Sanction of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sanction {
    /// Limited for this number of days.
    Limited(u32),
    /// Suspended for this number of days.
    Suspended(u32),
    /// Removed.
    Removed,
}

impl Sanction {
    /// Returns the account's state after the sanction.
    #[must_use]
    pub const fn standing(self) -> Standing {
        match self {
            Sanction::Limited(_) => Standing::Limited,
            Sanction::Suspended(_) => Standing::Suspended,
            Sanction::Removed => Standing::Removed,
        }
    }

    /// Returns the duration in days, or `None` if the sanction is permanent.
    #[must_use]
    pub const fn days(self) -> Option<u32> {
        match self {
            Sanction::Limited(days) | Sanction::Suspended(days) => Some(days),
            Sanction::Removed => None,
        }
    }
}

impl SanctionPolicy {
    /// Creates the sanction policy from the settings.
    #[must_use]
    pub fn new(settings: &Enforcement) -> Self {
        SanctionPolicy {
            immediate_removal: settings.immediate_removal,
            strikes: settings.strikes,
            limited_days: settings.limited_days,
            suspended_days: settings.suspended_days,
        }
    }

    /// Returns the sanction of an account that has this number of strikes in force.
    #[must_use]
    pub fn sanction(&self, strikes: u32) -> Sanction {
        if strikes >= self.strikes {
            Sanction::Removed
        } else if strikes + 1 == self.strikes && strikes > 1 {
            Sanction::Suspended(self.suspended_days)
        } else {
            Sanction::Limited(self.limited_days)
        }
    }
}

/// Strikes in force, by account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strikes {
    of: BTreeMap<AccountId, Vec<Day>>,
}

impl Strikes {
    /// Adds a strike. Returns the account's number of strikes in force.
    pub fn add(&mut self, account: AccountId, day: Day) -> u32 {
        let days = self.of.entry(account).or_default();
        days.push(day);
        days.len() as u32
    }

    /// Removes a strike that the account was given on this day.
    pub fn take_back(&mut self, account: AccountId, given: Day) {
        if let Some(days) = self.of.get_mut(&account)
            && let Some(index) = days.iter().position(|&day| day == given)
        {
            days.remove(index);
        }
    }

    /// Removes strikes that are at least `days` days old, and all strikes of accounts for which
    /// `is_gone` returns true.
    pub fn lapse(&mut self, day: Day, days: u32, is_gone: impl Fn(AccountId) -> bool) {
        self.of.retain(|&account, strikes| {
            strikes.retain(|&given| day - given < days as Day);
            !strikes.is_empty() && !is_gone(account)
        });
    }

    /// Returns the days on which the account's strikes in force were given.
    #[must_use]
    pub fn of(&self, account: AccountId) -> &[Day] {
        self.of.get(&account).map_or(&[], Vec::as_slice)
    }

    /// Returns the number of accounts with a strike in force.
    #[must_use]
    pub fn accounts(&self) -> usize {
        self.of.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_goes_up_to_removal() {
        let sanction_policy = |strikes| SanctionPolicy { strikes, ..SanctionPolicy::new(&Enforcement::default()) };
        let standings = |strikes| {
            (1..=strikes + 1).map(|n| sanction_policy(strikes).sanction(n).standing().name()).collect::<Vec<_>>()
        };
        assert_eq!(standings(1), ["removed", "removed"]);
        assert_eq!(standings(2), ["limited", "removed", "removed"]);
        assert_eq!(standings(3), ["limited", "suspended", "removed", "removed"]);
        assert_eq!(standings(4), ["limited", "limited", "suspended", "removed", "removed"]);
    }

    #[test]
    fn strikes_lapse() {
        let mut strikes = Strikes::default();
        let me = AccountId(4);
        assert_eq!((strikes.add(me, 0), strikes.add(me, 60)), (1, 2));
        strikes.lapse(90, 90, |_| false);
        assert_eq!(strikes.add(me, 90), 2);
        strikes.take_back(me, 90);
        strikes.lapse(150, 90, |_| false);
        assert_eq!(strikes.accounts(), 0);
    }
}
