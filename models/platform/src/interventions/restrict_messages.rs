//! `restrict-messages`: who may write to accounts that state an age below 18.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::observed::Observed;
use recsafe_common::{choices, settings};

use super::{Intervention, Message};

choices! {
    /// Who may write first.
    pub enum Who {
        /// Accounts that the recipient follows and that follow it.
        Mutuals = "mutuals",
        /// Accounts that the recipient follows.
        Followed = "followed",
        /// Accounts that state an age below 18, and others that the recipient follows.
        PeersAndFollowed = "peers-and-followed",
    }
}

settings! {
    /// First messages to accounts of certain stated bands are delivered from certain accounts only. Reaches the recipient; efficacy is
    /// one draw a sender, recipient and day.
    pub struct RestrictMessages {
        /// Who may still write.
        pub who: Who = Who::Mutuals, (), "", "assumed";
        /// Stated bands of the recipients whom it protects.
        pub bands: Vec<AgeBand> = vec![AgeBand::Under13, AgeBand::From13, AgeBand::From16], (), "stated bands", "assumed";
    }
}

impl Described for RestrictMessages {
    const TITLE: &'static str = "Restrict messages to minors";
    const FAMILY: &'static str = "contact";
    const HOOKS: &'static [&'static str] = &["stops"];
}

impl Intervention for RestrictMessages {
    fn acts_on(&self, band: AgeBand) -> bool {
        self.bands.contains(&band)
    }

    fn stops(&self, message: &Message, observed: &Observed) -> bool {
        let Message { from, to } = *message;
        let followed = observed.graph.contains(to, from);
        let may = match self.who {
            Who::Mutuals => followed && observed.graph.contains(from, to),
            Who::Followed => followed,
            Who::PeersAndFollowed => followed || observed.accounts.passes_for_minor(from),
        };
        !may && self.bands.contains(&observed.accounts.band[to.row()])
    }
}
