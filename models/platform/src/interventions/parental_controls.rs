//! `parental-controls`: guardians of some minors switch protections on.

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
    /// Guardians switch protections on for accounts that the platform takes for a minor's. Reaches the minor; with no knob all of them:
    /// set `coverage` to the share of minors whose guardians do, which is small in what platforms have made public. Efficacy is drawn as
    /// for the rule that each protection is like.
    pub struct ParentalControls {
        /// Whether the account is private.
        pub private: bool = true, (), "", "assumed";
        /// Whether only mutual follows may write first.
        pub messages: bool = true, (), "", "assumed";
        /// Whether it is hidden from suggestions to adults.
        pub suggestions: bool = true, (), "", "assumed";
        /// Most slates of the feed a day.
        pub slates: u32 = 6, 0..=1000, "slates a day", "assumed";
    }
}

impl Described for ParentalControls {
    const TITLE: &'static str = "Guardian controls";
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
