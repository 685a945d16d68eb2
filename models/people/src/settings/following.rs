//! `[behavior.following]`: whom accounts look for, follow and drop.

use recsafe_common::settings;

settings! {
    /// Visits to people suggestions, looks into follower lists, whom one follows there, how follow requests are answered, and
    /// which follows end. Rates are set so that about as many follows end as begin.
    pub struct Following {
        /// Visits a day to people suggestions, at one session a day.
        pub visits: f64 = 0.08, 0.0..=50.0, "visits a day", "assumed";
        /// The same for predators.
        pub visits_predators: f64 = 0.7, 0.0..=50.0, "visits a day", "assumed";
        /// Looks a day, at one session a day, into the follower list of an account that one follows.
        pub browse: f64 = 0.02, 0.0..=50.0, "lists a day", "assumed";
        /// Probability of visiting the profile of a liked post's creator. (Contacting predators also visit that of each minor found.)
        pub visit_profile: f64 = 0.05, 0.0..=1.0, "probability", "assumed";
        /// Probability of following an account that one is shown.
        pub follow: f64 = 0.05, 0.0..=1.0, "probability", "assumed";
        /// The same between a minor and an adult, relative to that.
        pub across_ages: f64 = 0.5, 0.0..=20.0, "ratio", "assumed";
        /// Probability that a contacting predator follows a minor whom it is shown.
        pub predator_minor: f64 = 0.22, 0.0..=1.0, "probability", "assumed, so that about 22 % of suggestions of minors to flagged accounts lead to a follow request (platform deck of June 2019, exhibit in FTC v. Meta, 2025)";
        /// Probability that a predator follows an adult whom it is shown.
        pub predator_adult: f64 = 0.06, 0.0..=1.0, "probability", "assumed";
        /// Probability that an exchange account follows another that it is shown.
        pub exchange: f64 = 0.4, 0.0..=1.0, "probability", "assumed";
        /// Probability that a private account accepts a follow request.
        pub accept: f64 = 0.3, 0.0..=1.0, "probability", "assumed";
        /// The same with a mutual link.
        pub accept_linked: f64 = 0.6, 0.0..=1.0, "probability", "assumed";
        /// Probability a day that a predator's follow of a minor ends; follows of all others than predators end with `behavior.unfollow`.
        pub unfollow_minor: f64 = 0.05, 0.0..=1.0, "per day", "assumed; without it the share of minors among a predator's suggestions grows without end";
        /// Probability a day that a predator's follow of an adult ends: predators follow more, so they also drop more.
        pub unfollow_predator: f64 = 0.008, 0.0..=1.0, "per day", "assumed, so that as many of their follows end as begin; without it the share of minors among their suggestions falls without end";
    }
}
