//! `exclude-flagged-from-co-engagement`: what risky accounts do teaches the recommenders nothing.

use recsafe_common::catalogue::Described;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// Likes, shares and visits of accounts to which the account classifier gives a high score teach the recommenders nothing: they do not
    /// tie posts or people together, and do not make anything popular. Reaches the account; efficacy is one draw an account and day.
    pub struct ExcludeFlaggedFromCoEngagement {
        /// Score from which an account's signals are dropped.
        pub threshold: f64 = 2.0, -10.0..=20.0, "score", "assumed: below the score at which accounts are flagged for review";
    }
}

impl Described for ExcludeFlaggedFromCoEngagement {
    const TITLE: &'static str = "Break co-engagement";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["mutes"];
}

impl Intervention for ExcludeFlaggedFromCoEngagement {
    fn mutes(&self, account: AccountId, observed: &Observed) -> bool {
        observed.accounts.scores_above(account, self.threshold)
    }
}
