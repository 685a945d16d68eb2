//! `hide-follower-lists`: who follows an account is not shown.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_common::{choices, settings};

use super::Intervention;

choices! {
    /// Who still sees a follower list.
    pub enum ShownTo {
        /// Nobody but its owner.
        Nobody = "nobody",
        /// Accounts that follow the owner and that the owner follows.
        Mutuals = "mutuals",
    }
}

settings! {
    /// Follower lists of accounts of certain bands are not shown to others. Reaches the owner of the list; efficacy is one draw a look.
    pub struct HideFollowerLists {
        /// Who still sees them.
        pub shown_to: ShownTo = ShownTo::Nobody, (), "", "assumed";
        /// Bands of the owners.
        pub bands: Vec<AgeBand> = vec![AgeBand::Under13, AgeBand::From13, AgeBand::From16], (), "bands", "assumed";
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
