//! `[behavior.contact]`: how accounts message each other, and how contacting predators discover and
//! pursue minors.

use recsafe_common::settings;

settings! {
    /// Contact between accounts, in stages: suggested, found, requested, delivered, accepted,
    /// conversing, escalated. A contacting predator sends contact requests to minors on its target
    /// list. The number of requests per day is Poisson(budget a L / (L + half_saturation)). Here L
    /// is the length of the list, and a is the predator's number of sessions per day.
    pub struct Contact {
        /// Contact requests per day of a contacting predator with one session per day and an
        /// unlimited target list. At 0, predators contact nobody.
        pub budget: f64 = 12.4, 0.0..=1000.0, "requests per day", "fitted to public figures, together with the share of predators: if you change that share, keep the product constant (experiments/fit)";
        /// Length of the target list at which a predator sends half of `budget`. At larger values,
        /// shortening the list reduces contact more.
        pub half_saturation: f64 = 40.0, 0.001..=1.0e6, "accounts", "assumed";
        /// Maximum number of minors on a target list.
        pub target_list_size: u32 = 200, 1..=100_000, "accounts", "assumed";
        /// Days after which a minor leaves the target list unless the predator discovers the minor
        /// again.
        pub list_retention_days: u32 = 7, 1..=3650, "days", "assumed";
        /// Days before a predator tries the same account again, and after which an unsuccessful
        /// contact ends.
        pub retry_after_days: u32 = 21, 1..=3650, "days", "assumed";
        /// Probability that a contacting predator notices a minor in its people suggestions. A
        /// noticed minor joins its target list.
        pub notice_probability_suggested: f64 = 1.0, 0.0..=1.0, "probability", "assumed";
        /// Probability that a contacting predator notices a minor whose post it views in the feed.
        pub notice_probability_viewed: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Searches for minors per day by a contacting predator with one session per day. Each
        /// search discovers at most one new minor.
        pub target_searches: f64 = 1.5, 0.0..=1000.0, "searches per day", "assumed";
        /// Visits per day to the follower lists of minors by a contacting predator with one session
        /// per day. Each visit discovers at most one new minor.
        pub follower_list_visits: f64 = 1.5, 0.0..=1000.0, "lists per day", "assumed";
        /// How many times more likely a predator is to try a minor who accepts messages from
        /// everyone.
        pub reachable_preference: f64 = 4.0, 0.001..=1000.0, "ratio", "assumed";
        /// How many times more likely a predator is to try a minor aged 13 to 15.
        pub age_13_15_preference: f64 = 1.5, 0.001..=1000.0, "ratio", "assumed";
        /// Probability that a contact request from a stranger is accepted.
        pub accept: f64 = 0.08, 0.0..=1.0, "probability", "assumed";
        /// Factor on `accept` if the two accounts have a mutual link: the recipient follows the
        /// sender, or an account that the sender follows also follows the recipient.
        pub accept_linked: f64 = 2.0, 0.0..=1000.0, "ratio", "assumed";
        /// Factors on `accept` for recipients under 13, aged 13 to 15, and aged 16 and 17.
        pub accept_bands: Vec<f64> = vec![1.2, 1.0, 0.8], 0.0..=1000.0, "ratio", "assumed";
        /// Probability that a message from a known account is answered. Two accounts know each
        /// other if each follows the other.
        pub accept_known: f64 = 0.6, 0.0..=1.0, "probability", "assumed";
        /// Share of requests that the recipient refuses, among strangers' requests that are neither
        /// accepted nor reported. Requests that are neither refused nor blocked are ignored.
        pub refuse: f64 = 0.2, 0.0..=1.0, "share of requests neither accepted nor reported", "assumed";
        /// Share of requests whose sender the recipient blocks, among strangers' requests that are
        /// neither accepted nor reported.
        pub block: f64 = 0.1, 0.0..=1.0, "share of requests neither accepted nor reported", "assumed";
        /// Probability that a minor reports a predator's request that was not accepted: this value
        /// times the minor's readiness to report.
        pub report: f64 = 0.01, 0.0..=1.0, "probability", "assumed: about 1 % of harmful experiences are then reported (A. Bejar, ACM Queue 2025)";
        /// Probability that any other request from a stranger, if not accepted, is reported: this
        /// value times the recipient's readiness. Such reports are mistaken.
        pub report_ordinary: f64 = 0.001, 0.0..=1.0, "probability", "assumed";
        /// Probability per day that an accepted contact becomes a conversation.
        pub converse: f64 = 0.5, 0.0..=1.0, "per day", "assumed";
        /// Probability per day that a predator's conversation with a minor escalates.
        pub escalate: f64 = 0.05, 0.0..=1.0, "per day", "assumed";
        /// Probability per day that an accepted contact ends because one side leaves it.
        pub leave: f64 = 0.15, 0.0..=1.0, "per day", "assumed";
        /// Probability per day that a minor blocks a predator during an accepted contact. The minor
        /// also reports the predator with `report` times readiness.
        pub block_conversing: f64 = 0.05, 0.0..=1.0, "per day", "assumed";
        /// Days after which a block expires.
        pub block_days: u32 = 365, 1..=3650, "days", "assumed; a limit keeps memory bounded";
        /// Messages per day to each known account (each follows the other), except accounts that
        /// received a message within the last `retry_after_days` days.
        pub known_messages: f64 = 0.02, 0.0..=1.0, "messages per day", "assumed";
        /// Messages per day, at one session per day, to strangers who were suggested or whose
        /// profile was visited.
        pub stranger_messages: f64 = 0.002, 0.0..=50.0, "messages per day", "assumed";
    }
}
