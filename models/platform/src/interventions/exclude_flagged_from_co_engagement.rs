//! `exclude-flagged-from-co-engagement`: the recommenders do not learn from flagged accounts.

use recsafe_common::catalogue::Described;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// The recommenders do not learn from the likes, shares and visits of accounts with a high
    /// classifier score.
    ///
    /// The actions of these accounts create no links between posts or between accounts, and do not
    /// count towards popularity. `audience` and `coverage` select the flagged account. Efficacy is
    /// drawn once per account and day.
    pub struct ExcludeFlaggedFromCoEngagement {
        /// Classifier score above which an account's actions are ignored.
        pub threshold: f64 = 2.0, -10.0..=20.0, "score", "assumed: below the score at which accounts are flagged for review";
    }
}

impl Described for ExcludeFlaggedFromCoEngagement {
    const TITLE: &'static str = "Exclude flagged accounts from co-engagement";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["mutes"];
}

impl Intervention for ExcludeFlaggedFromCoEngagement {
    fn mutes(&self, account: AccountId, observed: &Observed) -> bool {
        observed.accounts.scores_above(account, self.threshold)
    }
}
