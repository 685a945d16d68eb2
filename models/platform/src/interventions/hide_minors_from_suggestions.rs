//! `hide-minors-from-suggestions`: accounts that state an age below 18 are not suggested to adults.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::observed::Observed;
use recsafe_common::{choices, settings};

use super::Intervention;
use crate::suggestions::Suggestion;

choices! {
    /// From whom minors are hidden.
    pub enum HiddenFrom {
        /// Everybody who states 18 or over.
        Adults = "adults",
        /// Those of them who have no tie to the minor: the minor does not follow them, and nobody whom they follow does.
        AdultsWithoutTie = "adults-without-tie",
        /// Those of them to whom the account classifier gives a high score.
        FlaggedAdults = "flagged-adults",
    }
}

settings! {
    /// Accounts that state an age below 18 are not suggested to those who state 18 or over. Reaches the account hidden; efficacy
    /// is one draw a slot of a suggestion slate. Goes by stated ages on both sides: minors who state 18 or over are suggested as
    /// before, and are themselves shown no minors.
    pub struct HideMinorsFromSuggestions {
        /// From whom.
        pub from: HiddenFrom = HiddenFrom::Adults, (), "", "assumed";
        /// Score from which an adult's account is flagged.
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
