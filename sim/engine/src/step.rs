//! Steps of a day, in order. Steps and phases are two different divisions of a day. A world can be
//! inspected after each step of a day.

use recsafe_common::choices;

choices! {
    /// Step of a simulated day.
    pub enum Step {
        /// Ends of sanctions, lapses of strikes, and appeals.
        Sanctions = "end of sanctions and appeals",
        /// Readmitted and recruited accounts.
        Arrivals = "arrivals",
        /// Age assurance.
        Ages = "age assurance",
        /// Private accounts, and accounts excluded from training.
        Defaults = "account defaults",
        /// Posting and the platform's index.
        Posting = "posting",
        /// Inboxes in the morning.
        InboxesBefore = "inboxes in the morning",
        /// People suggestions, feed and search.
        Surfaces = "people suggestions, feed and search",
        /// Contact.
        Contact = "contact",
        /// New and ended follows.
        Follows = "follows",
        /// Exchanges and new links.
        Exchange = "exchange",
        /// Detection, review, sanctions and removals.
        Enforcement = "enforcement",
        /// Inboxes at night.
        InboxesAfter = "inboxes at night",
        /// Learning by the platform.
        Learning = "learning",
    }
}
