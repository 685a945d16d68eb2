//! `private-by-default`: makes the accounts of minors private.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// The accounts of minors are private unless their holders turn the default off.
    ///
    /// Follow requests to a private account take effect only after the account accepts them. Only
    /// followers see the account's posts and its follower list. Search returns neither the account
    /// nor its posts. `audience` and `coverage` select the account. Efficacy is drawn once per
    /// account and never again: it is the share of holders who leave the default on.
    pub struct PrivateByDefault {
        /// Age bands, as known to the platform, whose accounts are private by default.
        pub bands: Vec<AgeBand> = vec![AgeBand::Under13, AgeBand::From13, AgeBand::From16], (), "age bands", "assumed";
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

    fn makes_private(&self, declared_age: AgeBand) -> bool {
        self.bands.contains(&declared_age)
    }
}
