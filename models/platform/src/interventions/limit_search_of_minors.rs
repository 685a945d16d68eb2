//! `limit-search-of-minors`: removes minors from the search results of adults.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// Adults who search for accounts do not get minors as results.
    ///
    /// Searches for posts do not change. The platform uses the declared ages of both accounts, or
    /// the results of age verification or age inference. `audience` and `coverage` select the
    /// minor's account. Efficacy is drawn once per search and account.
    pub struct LimitSearchOfMinors {
        /// Whether search still returns minors with a tie to the searcher. A tie exists if one of
        /// the two follows the other, or if the searcher follows an account that follows the minor.
        pub allow_connected: bool = true, (), "", "assumed";
    }
}

impl Described for LimitSearchOfMinors {
    const TITLE: &'static str = "Limit search of minors";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["unlists"];
}

impl Intervention for LimitSearchOfMinors {
    fn acts_on(&self, band: AgeBand) -> bool {
        band.is_minor()
    }

    fn acts_towards(&self, band: AgeBand) -> bool {
        !band.is_minor()
    }

    fn unlists(&self, searcher: AccountId, found: AccountId, observed: &Observed) -> bool {
        let tied = || observed.graph.contains(searcher, found) || observed.graph.linked(searcher, found);
        observed.accounts.passes_for_minor(found)
            && !observed.accounts.passes_for_minor(searcher)
            && !(self.allow_connected && tied())
    }
}
