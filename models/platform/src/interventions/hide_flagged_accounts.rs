//! `hide-flagged-accounts`: accounts with a high score are neither suggested nor found.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_common::{choices, settings};

use super::Intervention;
use crate::suggestions::Suggestion;

choices! {
    /// From whom flagged accounts are hidden.
    pub enum FlaggedFrom {
        /// From everybody.
        Everyone = "everyone",
        /// From accounts that the platform takes for a minor's.
        Minors = "minors",
    }
}

settings! {
    /// Accounts to which the account classifier gives a high score are neither suggested nor found by search. Reaches the account hidden;
    /// efficacy is one draw a slot of a suggestion slate, and one a search and account. Hits ordinary accounts that resemble others.
    pub struct HideFlaggedAccounts {
        /// From whom.
        pub from: FlaggedFrom = FlaggedFrom::Everyone, (), "", "assumed";
        /// Score from which an account is hidden.
        pub threshold: f64 = 2.0, -10.0..=20.0, "score", "assumed: below the score at which accounts are flagged for review";
    }
}

impl Described for HideFlaggedAccounts {
    const TITLE: &'static str = "Hide flagged accounts";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["hides", "unlists"];
}

impl HideFlaggedAccounts {
    fn applies(&self, viewer: AccountId, account: AccountId, observed: &Observed) -> bool {
        observed.accounts.scores_above(account, self.threshold)
            && (self.from == FlaggedFrom::Everyone || observed.accounts.passes_for_minor(viewer))
    }
}

impl Intervention for HideFlaggedAccounts {
    fn acts_towards(&self, band: AgeBand) -> bool {
        self.from == FlaggedFrom::Everyone || band.is_minor()
    }

    fn hides(&self, suggestion: &Suggestion, observed: &Observed) -> bool {
        self.applies(suggestion.viewer, suggestion.suggested, observed)
    }

    fn unlists(&self, searcher: AccountId, found: AccountId, observed: &Observed) -> bool {
        self.applies(searcher, found, observed)
    }
}
