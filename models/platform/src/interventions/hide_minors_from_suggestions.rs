//! `hide-minors-from-suggestions`: stops suggesting minors to adults.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::observed::Observed;
use recsafe_common::{choices, settings};

use super::Intervention;
use crate::suggestions::Suggestion;

choices! {
    /// Adults to whom minors are not suggested.
    pub enum HiddenFrom {
        /// All adults.
        Adults = "adults",
        /// Adults without a tie to the minor: the minor does not follow the adult, and the adult
        /// follows no account that follows the minor.
        AdultsWithoutTie = "adults-without-tie",
        /// Adults with a high score of the account classifier.
        FlaggedAdults = "flagged-adults",
    }
}

settings! {
    /// Minors are not suggested to adults as accounts to follow.
    ///
    /// The platform uses the declared ages of both accounts, or the results of age verification or
    /// age inference. So minors who are treated as adults are still suggested to adults. As
    /// viewers, such minors get no suggestions of other minors. `audience` and `coverage` select
    /// the minor's account. Efficacy is drawn once per slate position.
    pub struct HideMinorsFromSuggestions {
        /// Adults to whom minors are not suggested.
        pub from: HiddenFrom = HiddenFrom::Adults, (), "", "assumed";
        /// Classifier score above which an adult counts as flagged. Used only if `from` is
        /// `flagged-adults`.
        pub threshold: f64 = 2.0, -10.0..=20.0, "score", "assumed: below the score at which accounts are flagged for review";
    }
}

impl Described for HideMinorsFromSuggestions {
    const TITLE: &'static str = "Hide minors from suggestions";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["hides"];
}

impl Intervention for HideMinorsFromSuggestions {
    fn acts_on(&self, band: AgeBand) -> bool {
        band.is_minor()
    }

    fn acts_towards(&self, band: AgeBand) -> bool {
        !band.is_minor()
    }

    fn hides(&self, suggestion: &Suggestion, observed: &Observed) -> bool {
        let Suggestion { viewer, suggested, .. } = *suggestion;
        observed.accounts.passes_for_minor(suggested)
            && !observed.accounts.passes_for_minor(viewer)
            && match self.from {
                HiddenFrom::Adults => true,
                HiddenFrom::AdultsWithoutTie => !observed.graph.linked(viewer, suggested),
                HiddenFrom::FlaggedAdults => observed.accounts.scores_above(viewer, self.threshold),
            }
    }
}
