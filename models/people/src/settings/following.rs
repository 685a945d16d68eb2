//! `[behavior.following]`: how accounts find, follow and unfollow other accounts.

use recsafe_common::settings;

settings! {
    /// How accounts find and follow others: visits to people suggestions and follower lists, the
    /// accounts that they follow there, answers to follow requests, and unfollows. With the
    /// defaults, about as many follows end as begin.
    pub struct Following {
        /// Visits to people suggestions per day, at one session per day.
        pub visits: f64 = 0.08, 0.0..=50.0, "visits per day", "assumed";
        /// Visits to people suggestions per day by predators, at one session per day.
        pub visits_predators: f64 = 0.7, 0.0..=50.0, "visits per day", "assumed";
        /// Visits per day, at one session per day, to the follower list of an account that the
        /// visitor follows.
        pub browse: f64 = 0.02, 0.0..=50.0, "lists per day", "assumed";
        /// Probability that a viewer who likes a post visits its creator's profile. (Contacting
        /// predators also visit the profile of each minor that they discover.)
        pub visit_profile: f64 = 0.05, 0.0..=1.0, "probability", "assumed";
        /// Probability that an account follows an account that it is shown.
        pub follow: f64 = 0.05, 0.0..=1.0, "probability", "assumed";
        /// Factor on `follow` if one of the two accounts belongs to a minor and the other to an
        /// adult.
        pub across_ages: f64 = 0.5, 0.0..=20.0, "ratio", "assumed";
        /// Probability that a contacting predator follows a minor that it is shown.
        pub predator_minor: f64 = 0.22, 0.0..=1.0, "probability", "assumed: about 22 % of suggestions of minors to flagged accounts then lead to a follow request (platform deck of June 2019, exhibit in FTC v. Meta, 2025)";
        /// Probability that a predator follows an adult that it is shown.
        pub predator_adult: f64 = 0.06, 0.0..=1.0, "probability", "assumed";
        /// Probability that an exchange account follows another exchange account that it is shown.
        pub exchange: f64 = 0.4, 0.0..=1.0, "probability", "assumed";
        /// Probability that a private account accepts a follow request.
        pub accept: f64 = 0.3, 0.0..=1.0, "probability", "assumed";
        /// Probability that a private account accepts a follow request if the two accounts have a
        /// mutual link: the private account follows the requester, or an account that the requester
        /// follows also follows the private account.
        pub accept_linked: f64 = 0.6, 0.0..=1.0, "probability", "assumed";
        /// Probability per day that a predator's follow of a minor ends. Follows by all other
        /// accounts end with `behavior.unfollow`.
        pub unfollow_minor: f64 = 0.05, 0.0..=1.0, "per day", "assumed; without this separate rate, the share of minors among a predator's suggestions keeps growing";
        /// Probability per day that a predator's follow of an adult ends. Predators follow more
        /// accounts, so they also unfollow more.
        pub unfollow_predator: f64 = 0.008, 0.0..=1.0, "per day", "assumed: as many of their follows then end as begin; without this separate rate, the share of minors among their suggestions keeps falling";
    }
}
