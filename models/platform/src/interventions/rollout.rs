//! When a rule acts, whom it reaches and how often it works.

use recsafe_common::band::AgeBand;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::observed::ObservedAccounts;
use recsafe_common::{choices, settings};

choices! {
    /// Whom a rule is meant for, as the platform can know it.
    pub enum Audience {
        /// All accounts.
        Everyone = "everyone",
        /// Accounts that the platform takes for a minor's: by the age stated, or by what a check of age found.
        Minors = "minors",
        /// Of these, accounts below 16.
        Under16 = "under-16",
        /// All other accounts.
        Adults = "adults",
        /// Accounts to which the account classifier gives a high score.
        Flagged = "flagged",
        /// Accounts that joined of late.
        New = "new",
    }
}

settings! {
    /// What every intervention has beside its own knobs: when it acts, whom it reaches, how often it works.
    pub struct Rollout {
        /// A name of its own, needed where one kind stands twice in an arm.
        pub name: Option<String> = None, (), "", "";
        /// Whom it is meant for, as the platform can know it.
        pub audience: Audience = Audience::Everyone, (), "", "";
        /// Score from which accounts are `flagged`.
        pub flagged_above: f64 = 2.0, -10.0..=20.0, "score", "assumed";
        /// Days for which accounts are `new`.
        pub new_days: u32 = 30, 1..=3650, "days", "assumed";
        /// Share of the world's regions in which it acts, as where a law holds in one of several countries.
        pub regions: f64 = 1.0, 0.0..=1.0, "share of regions", "";
        /// First day on which it acts; measured days count from 0.
        pub start_day: i32 = 0, 0..=3650, "day", "";
        /// First day on which it acts no more.
        pub end_day: Option<i32> = None, 1..=3650, "day", "";
        /// Days over which coverage grows evenly from the start.
        pub ramp_days: u32 = 0, 0..=3650, "days", "";
        /// Share of the accounts meant that it reaches.
        pub coverage: f64 = 1.0, 0.0..=1.0, "share of accounts", "";
        /// Share of the times it applies in which it works; audits found that many announced safeguards do not (Cybersecurity for Democracy and others, "Teen Accounts, Broken Promises", 2025).
        pub efficacy: f64 = 1.0, 0.0..=1.0, "share of uses", "";
    }
}

impl Rollout {
    /// Whether it is meant for an account, taken to be of this band, on a day.
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

    /// Share of the accounts meant that is reached on `day`: coverage x min(1, (day - start + 1) / max(1, ramp)), 0 outside of
    /// the rule's days.
    #[must_use]
    pub fn reach(&self, day: Day) -> f64 {
        if day < self.start_day || self.end_day.is_some_and(|end| day >= end) {
            return 0.0;
        }
        let ramp = f64::from(day - self.start_day + 1) / f64::from(self.ramp_days.max(1));
        self.coverage * ramp.min(1.0)
    }

    /// How far a change that cannot be made account by account goes on `day`: reach times efficacy.
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
        let rollout = Rollout { start_day: 3, end_day: Some(10), ramp_days: 4, coverage: 0.8, ..Rollout::default() };
        let reach: Vec<f64> = (2..=10).map(|day| (rollout.reach(day) * 1000.0).round() / 1000.0).collect();
        assert_eq!(reach, [0.0, 0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.8, 0.0]);
    }

    #[test]
    fn each_audience_is_who_it_says() {
        let mut accounts =
            ObservedAccounts::stating(&[AgeBand::From13, AgeBand::From16, AgeBand::Adult, AgeBand::Adult]);
        accounts.joined[3] = 95;
        accounts.signal[2] = Some(2.5);
        let meant = |audience, regions| {
            let rollout = Rollout { audience, regions, ..Rollout::default() };
            let is_meant = |row: &u32| {
                let account = AccountId(*row);
                rollout.is_meant_for(account, accounts.band[account.row()], &accounts, 100)
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
            let rollout = Rollout { coverage, start_day: start, ramp_days: ramp, ..Rollout::default() };
            prop_assert!((0.0..=coverage).contains(&rollout.reach(day)));
        }
    }
}
