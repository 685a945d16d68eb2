//! `hide-follower-lists`: hides the follower lists of minors.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_common::{choices, settings};

use super::Intervention;

choices! {
    /// Accounts that can still see a hidden follower list.
    pub enum ShownTo {
        /// Only the owner.
        Nobody = "nobody",
        /// The owner and the owner's mutual follows.
        Mutuals = "mutuals",
    }
}

settings! {
    /// Other accounts cannot see the follower lists of minors.
    ///
    /// In the model, predators use follower lists to discover more minors. `audience` and
    /// `coverage` select the owner of the list. Efficacy is drawn once per viewer, owner and day.
    pub struct HideFollowerLists {
        /// Accounts that can still see a hidden list.
        pub shown_to: ShownTo = ShownTo::Nobody, (), "", "assumed";
        /// Age bands of the owners whose lists are hidden, as known to the platform.
        pub bands: Vec<AgeBand> = vec![AgeBand::Under13, AgeBand::From13, AgeBand::From16], (), "age bands", "assumed";
    }
}

impl Described for HideFollowerLists {
    const TITLE: &'static str = "Hide follower lists";
    const FAMILY: &'static str = "contact";
    const HOOKS: &'static [&'static str] = &["hides-list"];
}

impl Intervention for HideFollowerLists {
    fn acts_on(&self, band: AgeBand) -> bool {
        self.bands.contains(&band)
    }

    fn hides_list(&self, viewer: AccountId, owner: AccountId, observed: &Observed) -> bool {
        self.bands.contains(&observed.accounts.band[owner.row()])
            && !(self.shown_to == ShownTo::Mutuals && observed.graph.mutual(viewer, owner))
    }
}
