//! `private-by-default`: accounts that state an age below 18 are private unless their holders turn it off.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// Accounts of certain stated bands are private: follow requests need an answer, and posts and follower lists are shown to followers
    /// only, and search finds neither. Reaches the account; efficacy is one draw an account, for good: the share of holders who
    /// leave the default on.
    pub struct PrivateByDefault {
        /// Stated bands.
        pub bands: Vec<AgeBand> = vec![AgeBand::Under13, AgeBand::From13, AgeBand::From16], (), "stated bands", "assumed";
    }
}

impl Described for PrivateByDefault {
    const TITLE: &'static str = "Private by default";
    const FAMILY: &'static str = "contact";
    const HOOKS: &'static [&'static str] = &["makes-private"];
}

impl Intervention for PrivateByDefault {
    fn acts_on(&self, band: AgeBand) -> bool {
        self.bands.contains(&band)
    }

    fn makes_private(&self, stated: AgeBand) -> bool {
        self.bands.contains(&stated)
    }
}
