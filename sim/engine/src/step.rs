//! The steps of a day, in order: finer than its phases, for those who look into a world between them.

use recsafe_common::choices;

choices! {
    /// A step of a simulated day.
    pub enum Step {
        /// Sanctions that end, appeals, and signals that are renewed.
        Sanctions = "sanctions that end",
        /// Accounts that come back or are brought in.
        Arrivals = "arrivals",
        /// Checks of age.
        Ages = "checks of age",
        /// Who is private, and whose signals teach nothing.
        Defaults = "account defaults",
        /// Posting, and the platform's lists.
        Posting = "posting",
        /// Inboxes before the first visit.
        InboxesBefore = "inboxes in the morning",
        /// People suggestions, the feed and search.
        Surfaces = "people suggestions, feed and search",
        /// Contact between accounts.
        Contact = "contact",
        /// Follows that begin and end.
        Follows = "follows",
        /// Exchanges and new links.
        Exchange = "exchange",
        /// Detection, review, sanctions and removals.
        Enforcement = "enforcement",
        /// Inboxes after the last visit.
        InboxesAfter = "inboxes at night",
        /// What the platform learns.
        Learning = "learning",
    }
}
