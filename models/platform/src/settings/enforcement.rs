//! `[enforcement]`: what the platform detects, reviews and sanctions.

use recsafe_common::settings;

use crate::enforcement::Priority;

settings! {
    /// What the platform detects, reviews and sanctions.
    ///
    /// One classifier scores posts, another scores accounts. A score is standard normal noise, plus
    /// d' if the post or account violates the rules (equal-variance binormal model; Green and Swets
    /// 1966). A post violates the rules if its severity is at least `harm.threshold`. An account
    /// violates the rules if its holder is a predator or if the account has posted severe material.
    ///
    /// Flagged and reported items wait for review. Reviewers decide on a limited number of items
    /// per day, in order of priority, and make mistakes. A confirmed post is taken down and its
    /// creator gets a strike. A confirmed account is removed at once or gets a strike.
    pub struct Enforcement {
        /// Quality d' of the content classifier: 0 is guessing, 2 is an area under the ROC curve of
        /// 0.92.
        pub content_d_prime: f64 = 2.0, 0.0..=10.0, "standard deviations", "assumed";
        /// Score above which a post is predicted to be harmful and is flagged for review, unless an
        /// intervention sets its own threshold.
        pub content_threshold: f64 = 2.0, -10.0..=20.0, "standard deviations", "assumed";
        /// Days after which a live post is scored again. With 0, a post is scored only once, when
        /// it is posted.
        pub content_rescore_days: u32 = 0, 0..=365, "days", "assumed";
        /// Quality d' of the account classifier.
        pub account_d_prime: f64 = 2.2, 0.0..=10.0, "standard deviations", "assumed";
        /// Score above which an account is flagged for review.
        pub account_threshold: f64 = 3.0, -10.0..=20.0, "standard deviations", "assumed";
        /// Days after which an account is scored again. The days differ between accounts.
        pub account_rescore_days: u32 = 30, 1..=3650, "days", "assumed";
        /// Share of a score's noise that stays the same whenever a post or account is scored again.
        /// The rest of the noise is drawn again each time. At 1, a second score repeats the first
        /// mistake. At 0, the noise of the two scores is independent.
        pub score_noise_persistence: f64 = 0.9, 0.0..=1.0, "share of the variance", "assumed";
        /// Factor on d' for the accounts of users who came back after removal. At 1, these accounts
        /// are as easy to detect as other accounts. At 0, the classifier only guesses.
        pub returned_d_prime_factor: f64 = 0.5, 0.0..=1.0, "ratio", "assumed";
        /// Score above which a post is demoted without review: only followers see it.
        pub demote_above: Option<f64> = None, -10.0..=20.0, "standard deviations", "off by default";
        /// Score above which a post is taken down without review.
        pub remove_above: Option<f64> = None, -10.0..=20.0, "standard deviations", "off by default";
        /// Decisions of reviewers per day and 10,000 accounts. A fraction of a decision is carried
        /// over to the next day. Unused whole decisions are not carried over.
        pub review_capacity: f64 = 13.8, 0.0..=1.0e6, "decisions per day and 10,000 accounts", "fitted to public figures: experiments/fit";
        /// Order of the review queue.
        pub review_priority: Priority = Priority::Signal, (), "", "assumed";
        /// Noise of the priorities `classifier-score` and `minors`. Without noise, additional
        /// reviewers would only see items that they do not confirm.
        pub priority_noise: f64 = 1.0, 0.0..=100.0, "standard deviations", "assumed";
        /// A reviewer confirms an item with probability Phi(base + skill v + trust s), where v is 1
        /// for a violation and 0 otherwise, and s is the classifier score.
        pub review_base: f64 = -2.97, -20.0..=20.0, "standard deviations", "fitted to public figures: experiments/fit";
        /// Ability of reviewers to distinguish violations from other items: at 0 they only follow
        /// the classifier score.
        pub review_skill: f64 = 0.8, 0.0..=20.0, "standard deviations", "assumed";
        /// Weight of the classifier score in a reviewer's decision: at 0 reviewers ignore it.
        pub review_trust: f64 = 0.5, 0.0..=20.0, "per standard deviation", "assumed";
        /// Days after which an item is closed without review. With 0, no item is closed for this
        /// reason.
        pub review_expiry: u32 = 7, 0..=3650, "days", "assumed";
        /// Working time per decision.
        pub review_minutes: f64 = 5.0, 0.0..=10_000.0, "minutes", "assumed";
        /// Probability that a confirmed account is removed at once; otherwise it gets a strike.
        pub immediate_removal: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Number of strikes at which an account is removed. Earlier strikes limit the account; the
        /// last strike before removal suspends it, unless it is the first.
        pub strikes: u32 = 3, 1..=100, "strikes", "assumed";
        /// Days after which a strike lapses.
        pub strike_expiry_days: u32 = 90, 1..=3650, "days", "assumed";
        /// Days that a limitation lasts. A limited account is not suggested or returned by search,
        /// only followers see its posts, and it cannot message strangers.
        pub limited_days: u32 = 7, 1..=3650, "days", "assumed";
        /// Days that a suspension lasts.
        pub suspended_days: u32 = 14, 1..=3650, "days", "assumed";
        /// Probability that a sanction is appealed.
        pub appeal_probability: f64 = 0.2, 0.0..=1.0, "probability", "assumed";
        /// Days until an appeal is decided.
        pub appeal_days: u32 = 3, 1..=365, "days", "assumed";
        /// An appeal is granted with probability Phi(base - skill v), where v is 1 if the account
        /// or the post concerned violates the rules, and 0 otherwise.
        pub appeal_base: f64 = 1.0, -20.0..=20.0, "standard deviations", "assumed";
        /// How well appeals distinguish justified from mistaken sanctions. At 0, all appeals have
        /// the same chance of success.
        pub appeal_skill: f64 = 2.0, 0.0..=20.0, "standard deviations", "assumed";
        /// Probability that the removal of a violating account is reported to the authorities. A
        /// report makes it more likely that the holder never comes back
        /// (`behavior.return.permanent_exit_reported`).
        pub authority_reports: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Probability per day that an account is removed, independent of its holder and its
        /// actions. For checks against survival curves in closed form.
        @checks pub constant_hazard: f64 = 0.0, 0.0..=1.0, "per day", "none in the default world";
        /// Days in which half of the remaining harmful posts are taken down (exponential takedown
        /// delay: Truong et al. 2025, arXiv 2502.08841). These takedowns need no review and add to
        /// all other enforcement. With 1e9 days, practically no post is taken down in this way.
        @checks pub takedown_half_life: Option<f64> = None, 0.01..=1.0e9, "days", "off by default";
        /// Mean number of test reports per day. Each report is about a separate item that does not
        /// violate the rules. For checks of the review queue against formulas of queueing theory.
        @checks pub test_reports: f64 = 0.0, 0.0..=1.0e6, "reports per day", "none in the default world";
    }
}
