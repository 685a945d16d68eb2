//! `[behavior.contact]`: how accounts write to one another, and how contacting predators find and press minors.

use recsafe_common::settings;

settings! {
    /// Contact between accounts, in stages: suggested, found, requested, delivered, accepted, conversing, escalated. A contacting
    /// predator tries Poisson(budget a L / (L + half_saturation)) of the L minors on its list in a day, a its sessions a day.
    pub struct Contact {
        /// Contact requests a day that a contacting predator of one session a day would send with an endless list of minors.
        pub budget: f64 = 12.4, 0.0..=1000.0, "requests a day", "fitted to public figures, together with the share of predators: keep their product when that share changes (experiments/fit)";
        /// Length of the list at which it sends half of that.
        pub half_saturation: f64 = 40.0, 0.001..=1.0e6, "accounts", "assumed";
        /// Most minors on a list.
        pub target_list_size: u32 = 200, 1..=100_000, "accounts", "assumed";
        /// Days after which a minor on the list is forgotten unless found again.
        pub list_retention_days: u32 = 7, 1..=3650, "days", "assumed";
        /// Days before the same account is tried again, and after which a contact that came to nothing is over.
        pub retry_after_days: u32 = 21, 1..=3650, "days", "assumed";
        /// Probability that a contacting predator takes note of a minor who is suggested to it.
        pub notice_probability_suggested: f64 = 1.0, 0.0..=1.0, "probability", "assumed";
        /// The same for a minor whose post it views in the feed.
        pub notice_probability_viewed: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Searches for minors a day, at one session a day; each finds at most one that is new.
        pub target_searches: f64 = 1.5, 0.0..=1000.0, "searches a day", "assumed";
        /// Looks into follower lists of minors a day, likewise.
        pub follower_list_visits: f64 = 1.5, 0.0..=1000.0, "lists a day", "assumed";
        /// How much likelier a minor who takes messages from everyone is to be tried.
        pub reachable: f64 = 4.0, 0.001..=1000.0, "ratio", "assumed";
        /// How much likelier one of 13 to 15 is to be tried.
        pub middle_band: f64 = 1.5, 0.001..=1000.0, "ratio", "assumed";
        /// Probability that a stranger's request is accepted ...
        pub accept: f64 = 0.08, 0.0..=1.0, "probability", "assumed";
        /// ... times this with a mutual link ...
        pub accept_linked: f64 = 2.0, 0.0..=1000.0, "ratio", "assumed";
        /// ... and times this for minors under 13, of 13 to 15, of 16 and 17.
        pub accept_bands: Vec<f64> = vec![1.2, 1.0, 0.8], 0.0..=1000.0, "ratio", "assumed";
        /// Probability that somebody known (each follows the other) is answered.
        pub accept_known: f64 = 0.6, 0.0..=1.0, "probability", "assumed";
        /// Of a stranger's requests that are neither accepted nor reported, the share refused; what is not blocked either is ignored.
        pub refuse: f64 = 0.2, 0.0..=1.0, "share of requests neither accepted nor reported", "assumed";
        /// The share blocked.
        pub block: f64 = 0.1, 0.0..=1.0, "share of requests neither accepted nor reported", "assumed";
        /// Probability that a predator's request that is not accepted is reported: this times the recipient's readiness.
        pub report: f64 = 0.01, 0.0..=1.0, "probability", "assumed, so that about 1 % of harmful experiences are reported (A. Bejar, ACM Queue 2025)";
        /// The same for an ordinary stranger's request: a report that is mistaken.
        pub report_ordinary: f64 = 0.001, 0.0..=1.0, "probability", "assumed";
        /// Probability a day that an accepted contact turns into a conversation.
        pub converse: f64 = 0.5, 0.0..=1.0, "per day", "assumed";
        /// Probability a day that a predator's conversation escalates.
        pub escalate: f64 = 0.05, 0.0..=1.0, "per day", "assumed";
        /// Probability a day that an accepted contact is left.
        pub leave: f64 = 0.15, 0.0..=1.0, "per day", "assumed";
        /// Probability a day that a predator is blocked in the middle of it; reported too with `report` times readiness.
        pub block_conversing: f64 = 0.05, 0.0..=1.0, "per day", "assumed";
        /// Days after which a block is forgotten.
        pub block_days: u32 = 365, 1..=3650, "days", "assumed; so that what is remembered does not grow for ever";
        /// Messages a day to each account that one knows (each follows the other) and has not written to within `retry_after_days` days.
        pub known_messages: f64 = 0.02, 0.0..=1.0, "messages a day", "assumed";
        /// Messages a day, at one session a day, to a stranger who was suggested or whose profile was visited.
        pub stranger_messages: f64 = 0.002, 0.0..=50.0, "messages a day", "assumed";
    }
}
