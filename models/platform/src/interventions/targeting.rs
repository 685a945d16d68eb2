//! When an intervention is active, which accounts it selects, and how often it works.

use recsafe_common::band::AgeBand;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::observed::ObservedAccounts;
use recsafe_common::{choices, settings};

choices! {
    /// Accounts that the intervention is meant for, as far as the platform can recognise them.
    pub enum Audience {
        /// All accounts.
        Everyone = "everyone",
        /// Accounts that the platform treats as minors, by declared age or by the result of age
        /// verification or age inference.
        Minors = "minors",
        /// Accounts that the platform treats as under 16.
        Under16 = "under-16",
        /// Accounts that the platform treats as adults.
        Adults = "adults",
        /// Accounts with an account classifier score above `flagged_above`.
        Flagged = "flagged",
        /// Accounts that joined in the last `new_days` days.
        New = "new",
    }
}

settings! {
    /// Knobs that every intervention has: when it is active, which accounts it selects, and how
    /// often it works.
    pub struct Targeting {
        /// Name of this intervention. The name is required if an arm contains the same kind twice.
        pub name: Option<String> = None, (), "", "";
        /// Accounts that the intervention is meant for, as far as the platform can recognise them.
        pub audience: Audience = Audience::Everyone, (), "", "";
        /// Classifier score above which accounts count as `flagged`.
        pub flagged_above: f64 = 2.0, -10.0..=20.0, "score", "assumed";
        /// Number of days after joining for which an account counts as `new`.
        pub new_days: u32 = 30, 1..=3650, "days", "assumed";
        /// Share of the world's regions in which the intervention is active, such as the countries
        /// with a certain law.
        pub regions: f64 = 1.0, 0.0..=1.0, "share of regions", "";
        /// First active day. Measured days are counted from 0.
        pub start_day: i32 = 0, 0..=3650, "day", "";
        /// First day on which the intervention is no longer active.
        pub end_day: Option<i32> = None, 1..=3650, "day", "";
        /// Number of days over which coverage rises linearly from the start day. With 0 or 1 days,
        /// coverage is complete at once.
        pub ramp_days: u32 = 0, 0..=3650, "days", "";
        /// Share of the intended accounts that the intervention reaches: 0 is none, 1 is all.
        pub coverage: f64 = 1.0, 0.0..=1.0, "share of accounts", "";
        /// Share of uses in which the intervention works: 0 is never, 1 is always. Audits found
        /// that many announced safeguards did not work (Cybersecurity for Democracy and others,
        /// "Teen Accounts, Broken Promises", 2025).
        pub efficacy: f64 = 1.0, 0.0..=1.0, "share of uses", "";
    }
}

impl Targeting {
    /// Returns whether an account is in the audience on a day. `band` is the age band that the
    /// platform assumes for the account.
    #[must_use]
    pub fn is_meant_for(&self, account: AccountId, band: AgeBand, accounts: &ObservedAccounts, day: Day) -> bool {
        let meant = match self.audience {
            Audience::Everyone => true,
            Audience::Minors => band.is_minor(),
            Audience::Under16 => matches!(band, AgeBand::Under13 | AgeBand::From13),
            Audience::Adults => !band.is_minor(),
            Audience::Flagged => accounts.scores_above(account, self.flagged_above),
            Audience::New => accounts.joined[account.row()] > day - self.new_days as Day,
        };
        meant && (self.regions >= 1.0 || f64::from(accounts.region[account.row()]) < self.regions)
    }

    /// Returns the share of the intended accounts that is reached on `day`.
    ///
    /// On active days the share is `coverage * min(1, (day - start_day + 1) / max(1, ramp_days))`.
    /// On other days the share is 0.
    #[must_use]
    pub fn reach(&self, day: Day) -> f64 {
        if day < self.start_day || self.end_day.is_some_and(|end| day >= end) {
            return 0.0;
        }
        let ramp = f64::from(day - self.start_day + 1) / f64::from(self.ramp_days.max(1));
        self.coverage * ramp.min(1.0)
    }

    /// Returns reach times efficacy on `day`. This product scales changes that cannot be made per
    /// account.
    #[must_use]
    pub fn strength(&self, day: Day) -> f64 {
        self.reach(day) * self.efficacy
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_ramp_grows_evenly_and_an_end_ends() {
        let targeting =
            Targeting { start_day: 3, end_day: Some(10), ramp_days: 4, coverage: 0.8, ..Targeting::default() };
        let reach: Vec<f64> = (2..=10).map(|day| (targeting.reach(day) * 1000.0).round() / 1000.0).collect();
        assert_eq!(reach, [0.0, 0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.8, 0.0]);
    }

    #[test]
    fn each_audience_is_who_it_says() {
        let mut accounts =
            ObservedAccounts::stating(&[AgeBand::From13, AgeBand::From16, AgeBand::Adult, AgeBand::Adult]);
        accounts.joined[3] = 95;
        accounts.classifier_score[2] = Some(2.5);
        let meant = |audience, regions| {
            let targeting = Targeting { audience, regions, ..Targeting::default() };
            let is_meant = |row: &u32| {
                let account = AccountId(*row);
                targeting.is_meant_for(account, accounts.band[account.row()], &accounts, 100)
            };
            (0..4).filter(is_meant).collect::<Vec<u32>>()
        };
        assert_eq!(meant(Audience::Everyone, 1.0), [0, 1, 2, 3]);
        assert_eq!(meant(Audience::Minors, 1.0), [0, 1]);
        assert_eq!(meant(Audience::Under16, 1.0), [0]);
        assert_eq!(meant(Audience::Adults, 1.0), [2, 3]);
        assert_eq!(meant(Audience::Flagged, 1.0), [2]);
        assert_eq!(meant(Audience::New, 1.0), [3]);
        assert_eq!(meant(Audience::Everyone, 0.0), [0; 0]);
    }

    proptest! {
        #[test]
        fn reach_never_exceeds_coverage(coverage in 0.0..=1.0, start in 0..100, ramp in 0_u32..50, day in 0..200) {
            let targeting = Targeting { coverage, start_day: start, ramp_days: ramp, ..Targeting::default() };
            prop_assert!((0.0..=coverage).contains(&targeting.reach(day)));
        }
    }
}
