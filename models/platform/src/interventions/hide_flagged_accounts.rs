//! `hide-flagged-accounts`: neither suggestions nor search show accounts with a high classifier
//! score.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_common::{choices, settings};

use super::Intervention;
use crate::suggestions::Suggestion;

choices! {
    /// Accounts that do not see flagged accounts.
    pub enum FlaggedFrom {
        /// All accounts.
        Everyone = "everyone",
        /// Accounts that the platform treats as minors.
        Minors = "minors",
    }
}

settings! {
    /// Accounts with a high score of the account classifier are neither suggested nor returned by
    /// search.
    ///
    /// The classifier makes mistakes, so some ordinary accounts are hidden too. `audience` and
    /// `coverage` select the hidden account. For suggestions, efficacy is drawn once per slate
    /// position. For searches, efficacy is drawn once per search and account.
    pub struct HideFlaggedAccounts {
        /// Accounts that do not see flagged accounts.
        pub from: FlaggedFrom = FlaggedFrom::Everyone, (), "", "assumed";
        /// Classifier score above which an account is hidden.
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
