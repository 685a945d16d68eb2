//! `limit-search-of-minors`: adults do not find minors by search.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// Accounts that the platform takes for a minor's are not among the accounts that a search finds for an adult; posts are found as
    /// before. Reaches the account hidden; efficacy is one draw a search and account.
    pub struct LimitSearchOfMinors {
        /// Whether those are still found whom the searcher follows, or who are followed by somebody whom the searcher follows.
        pub with_tie: bool = true, (), "", "assumed";
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
            && !(self.with_tie && tied())
    }
}
