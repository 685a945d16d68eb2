//! `restrict-messages`: limits who is allowed to send minors a first message.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::observed::Observed;
use recsafe_common::{choices, settings};

use super::{Intervention, Message};

choices! {
    /// Accounts that are still allowed to send a first message.
    pub enum Who {
        /// Accounts that follow the recipient and that the recipient follows.
        Mutuals = "mutuals",
        /// Accounts that the recipient follows.
        Followed = "followed",
        /// Accounts that the recipient follows, and accounts that the platform treats as minors.
        PeersAndFollowed = "peers-and-followed",
    }
}

settings! {
    /// Minors receive first messages only from certain accounts, by default from mutual follows.
    ///
    /// First messages from all other accounts are not delivered. The platform uses the declared
    /// age, or the result of age verification or age inference. So minors who are treated as adults
    /// are not protected. With `peers-and-followed`, adults who declare an age below 18 count as
    /// peers. `audience` and `coverage` select the recipient. Efficacy is drawn once per sender,
    /// recipient and day.
    pub struct RestrictMessages {
        /// Accounts that are still allowed to send a first message.
        pub allowed_senders: Who = Who::Mutuals, (), "", "assumed";
        /// Age bands of the protected recipients, as known to the platform.
        pub bands: Vec<AgeBand> = vec![AgeBand::Under13, AgeBand::From13, AgeBand::From16], (), "age bands", "assumed";
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
        let may = match self.allowed_senders {
            Who::Mutuals => followed && observed.graph.contains(from, to),
            Who::Followed => followed,
            Who::PeersAndFollowed => followed || observed.accounts.passes_for_minor(from),
        };
        !may && self.bands.contains(&observed.accounts.band[to.row()])
    }
}
