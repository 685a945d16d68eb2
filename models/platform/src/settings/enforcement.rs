//! `[enforcement]`: what the platform detects, reviews and sanctions.

use recsafe_common::settings;

use crate::enforcement::Priority;

settings! {
    /// What the platform detects, reviews and sanctions. Two classifiers, of posts and of accounts, give scores: standard normal
    /// noise, raised by d' where the thing violates (equal-variance binormal model; Green and Swets 1966). A post violates if its
    /// severity reaches `harm.threshold`, an account if its holder is a predator or it has posted severe material. What is flagged or
    /// reported waits for review: so many decisions a day, in the order of a priority, each with human error. A post that is
    /// confirmed is taken down and its creator gets a strike; an account that is confirmed gets a strike, or is removed at once.
    pub struct Enforcement {
        /// Quality d' of the content classifier: 0 is guessing, 2 an area under the ROC curve of 0.92.
        pub content_d_prime: f64 = 2.0, 0.0..=10.0, "standard deviations", "assumed";
        /// Score above which the classifier calls a post harmful and flags it for review, unless a rule names its own.
        pub content_threshold: f64 = 2.0, -10.0..=20.0, "standard deviations", "assumed";
        /// Days after which a live post is scored anew; 0: once, when it is posted.
        pub content_refresh: u32 = 0, 0..=365, "days", "assumed";
        /// Quality d' of the account classifier.
        pub account_d_prime: f64 = 2.2, 0.0..=10.0, "standard deviations", "assumed";
        /// Score above which an account is flagged for review.
        pub account_threshold: f64 = 3.0, -10.0..=20.0, "standard deviations", "assumed";
        /// Days after which an account is scored anew; accounts take turns.
        pub account_refresh: u32 = 30, 1..=3650, "days", "assumed";
        /// Share of a score's noise that stays with the thing for good; the rest is drawn anew with each scoring.
        pub score_noise_persistence: f64 = 0.9, 0.0..=1.0, "share of the variance", "assumed";
        /// Strength of the d' of an account that came back after removal, relative to others.
        pub returned_d_prime_factor: f64 = 0.5, 0.0..=1.0, "ratio", "assumed";
        /// Score above which a post is demoted without review: only followers are shown it.
        pub demote_above: Option<f64> = None, -10.0..=20.0, "standard deviations", "never";
        /// Score above which a post is taken down without review.
        pub remove_above: Option<f64> = None, -10.0..=20.0, "standard deviations", "never";
        /// Decisions of reviewers a day and 10,000 accounts. A fraction is carried over to the next day, unused whole decisions are not.
        pub review_capacity: f64 = 13.8, 0.0..=1.0e6, "decisions a day per 10,000 accounts", "fitted to public figures: experiments/fit";
        /// In which order the queue is worked off.
        pub review_priority: Priority = Priority::Signal, (), "", "assumed";
        /// Noise of the priorities `classifier-score` and `minors`: with none of it, more reviewers would only get to what they would not confirm.
        pub priority_noise: f64 = 1.0, 0.0..=100.0, "standard deviations", "assumed";
        /// A reviewer confirms with probability Phi(base + skill v + trust s), v 1 if the thing violates and 0 else, s its score.
        pub review_base: f64 = -2.97, -20.0..=20.0, "standard deviations", "fitted to public figures: experiments/fit";
        /// How well reviewers tell what violates.
        pub review_skill: f64 = 0.8, 0.0..=20.0, "standard deviations", "assumed";
        /// How much reviewers go by the classifier's score.
        pub review_trust: f64 = 0.5, 0.0..=20.0, "per standard deviation", "assumed";
        /// Days after which an item is closed without review; 0: never.
        pub review_expiry: u32 = 7, 0..=3650, "days", "assumed";
        /// Minutes that a decision takes.
        pub review_minutes: f64 = 5.0, 0.0..=10_000.0, "minutes", "assumed";
        /// Probability that a confirmed account loses its account at once, not after strikes.
        pub severe_removed: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Strikes until removal; earlier ones limit an account, and the last but one suspends it unless it is the first.
        pub strikes: u32 = 3, 1..=100, "strikes", "assumed";
        /// Days after which a strike lapses.
        pub strike_days: u32 = 90, 1..=3650, "days", "assumed";
        /// Days that a limited account stays limited: it is not suggested or found, only followers are shown its posts, and it writes to nobody new.
        pub limited_days: u32 = 7, 1..=3650, "days", "assumed";
        /// Days that a suspended account stays suspended.
        pub suspended_days: u32 = 14, 1..=3650, "days", "assumed";
        /// Probability that a sanction is appealed.
        pub appeals: f64 = 0.2, 0.0..=1.0, "probability", "assumed";
        /// Days until an appeal is decided.
        pub appeal_days: u32 = 3, 1..=365, "days", "assumed";
        /// An appeal is granted with probability Phi(base - skill v), v 1 if the account, or the post in question, violates and 0 else.
        pub appeal_base: f64 = 1.0, -20.0..=20.0, "standard deviations", "assumed";
        /// How well those who decide on appeals tell who violates.
        pub appeal_skill: f64 = 2.0, 0.0..=20.0, "standard deviations", "assumed";
        /// Probability that the removal of an account that violates is reported to authorities, whose follow-up makes it likelier to be the end for good (`behavior.return.exit_reported`).
        pub authority_reports: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Probability a day that any account is removed, whatever it is or did. For checks against survival curves in closed form.
        @checks pub constant_hazard: f64 = 0.0, 0.0..=1.0, "per day", "none in the default world";
        /// Days in which half of the harmful posts that are still up are taken down, without review and whatever else happens (exponential delay of takedown: Truong et al. 2025, arXiv 2502.08841); 1e9 is as good as never.
        @checks pub takedown_half_life: Option<f64> = None, 0.01..=1.0e9, "days", "never";
        /// Mean number of test reports a day, each about a thing of its own that never violates. For checks against queues in closed form.
        @checks pub test_reports: f64 = 0.0, 0.0..=1.0e6, "reports a day", "none in the default world";
    }
}
