//! `parental-controls`: protections that parents turn on for their children's accounts.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::hide_minors_from_suggestions::HideMinorsFromSuggestions;
use super::require_mutual_follow::RequireMutualFollow;
use super::{Intervention, Message};
use crate::suggestions::Suggestion;

settings! {
    /// Parents turn on protections for the accounts of minors.
    ///
    /// By default every account that the platform treats as a minor is protected. Set `coverage` to
    /// the share of minors whose parents use the controls. Published platform figures show that
    /// this share is small. `audience` and `coverage` select the minor's account. The efficacy of
    /// each protection is drawn in the same way as for the corresponding intervention.
    pub struct ParentalControls {
        /// Whether the account is private, as with `private-by-default`.
        pub private: bool = true, (), "", "assumed";
        /// Whether only mutual follows are allowed to send a first message, as with
        /// `require-mutual-follow`.
        pub messages: bool = true, (), "", "assumed";
        /// Whether the account is not suggested to adults, as with `hide-minors-from-suggestions`.
        pub suggestions: bool = true, (), "", "assumed";
        /// Maximum number of feed slates per day, as with `daily-limit`.
        pub slates: u32 = 6, 0..=1000, "slates per day", "assumed";
    }
}

impl Described for ParentalControls {
    const TITLE: &'static str = "Parental controls";
    const FAMILY: &'static str = "use";
    const HOOKS: &'static [&'static str] = &["makes-private", "stops", "hides", "slates-a-day"];
}

impl Intervention for ParentalControls {
    fn acts_on(&self, band: AgeBand) -> bool {
        band.is_minor()
    }

    fn makes_private(&self, band: AgeBand) -> bool {
        self.private && band.is_minor()
    }

    fn stops(&self, message: &Message, observed: &Observed) -> bool {
        self.messages
            && observed.accounts.passes_for_minor(message.to)
            && RequireMutualFollow::default().stops(message, observed)
    }

    fn hides(&self, suggestion: &Suggestion, observed: &Observed) -> bool {
        self.suggestions && HideMinorsFromSuggestions::default().hides(suggestion, observed)
    }

    fn slates_a_day(&self, account: AccountId, observed: &Observed) -> Option<u32> {
        observed.accounts.passes_for_minor(account).then_some(self.slates)
    }
}
