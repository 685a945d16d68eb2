//! `[content]`: what is posted.

use recsafe_common::{choices, settings};

choices! {
    /// Cause of harmful posts and of their severity.
    pub enum HarmBy {
        /// The creator, and whether the post belongs to a niche.
        Creator = "creator",
        /// Chance alone, with the same probability for every creator and topic.
        Independent = "independent",
        /// The creator: each account has its own share of harmful posts.
        Account = "account",
    }
}

settings! {
    /// A niche: a direction of the topic space, close to youth topics, that contains harmful posts.
    /// A niche has no content, only a direction and a severity.
    pub struct Niche {
        /// Name of the niche.
        pub name: String = String::new(), (), "", "";
        /// Cosine between the niche and each of three youth topics. The higher it is, the closer
        /// the niche is to what minors like. The geometric maximum is 1/sqrt(3) = 0.577.
        pub cosine: f64 = 0.53, 0.0..=0.577, "cosine", "assumed; fitted by hand so that a curious account can reach a high late harmful share";
        /// Share of niche creators who belong to this niche. The shares of all niches add up to at
        /// most 1.
        pub creators: f64 = 0.5, 0.0..=1.0, "share of niche creators", "assumed";
        /// Parameters a and b of the Beta distribution of the severity of the niche's posts.
        pub severity: Vec<u32> = vec![6, 4], 1..=8, "whole numbers", "assumed";
        /// Whether exchange accounts post in this niche.
        pub exchange: bool = false, (), "", "assumed";
    }
}

settings! {
    /// What is posted: how much, by whom, about what, and how severe it is.
    pub struct Content {
        /// Days after posting during which a post can be recommended.
        pub post_lifetime_days: u32 = 14, 1..=365, "days", "assumed";
        /// Share of accounts that post.
        pub posting_share: f64 = 0.3, 0.0..=1.0, "share of accounts", "assumed";
        /// Mean number of posts per day of an account that posts.
        pub posts_per_day: f64 = 0.5, 0.0..=50.0, "posts per day", "assumed";
        /// Log standard deviation of posts per day between accounts that post. At 0, all of them
        /// post equally often.
        pub posts_per_day_log_sd: f64 = 1.5, 0.0..=3.0, "log units", "assumed";
        /// Number of additional posts that each account makes on its first day of posting, for
        /// worlds that start with a stock of posts.
        @checks pub initial_posts: u32 = 0, 0..=1000, "posts", "none in the default world";
        /// Distance of posts from the centre of their topic: x = normalise(centre + topic_noise e /
        /// sqrt(d)), with e standard normal. At 0, all posts of a topic are alike.
        pub topic_noise: f64 = 0.5, 0.0..=10.0, "length", "assumed";
        /// Distance of the platform's features from a post's true topic x: normalise(x +
        /// feature_noise e / sqrt(d)), with e standard normal. At 0, the platform knows the topic
        /// exactly.
        pub feature_noise: f64 = 0.1, 0.0..=10.0, "length", "assumed";
        /// How many times more often a youth topic is among a minor's interests than another topic.
        pub youth_preference: f64 = 3.0, 0.0..=1000.0, "ratio", "assumed";
        /// Share of ordinary accounts that are interested in a niche.
        pub niche_users: f64 = 0.03, 0.0..=1.0, "share of users and minors", "assumed";
        /// Weight of the niche among the interests of accounts that are interested in a niche.
        pub niche_weight: f64 = 0.3, 0.0..=1.0, "weight", "assumed";
        /// Niche creators as a share of all accounts that post. All niche creators are adult users.
        pub niche_creators: f64 = 0.014, 0.0..=1.0, "share of accounts that post", "fitted to public figures: experiments/fit";
        /// Share of a niche creator's posts that belong to the niche.
        pub niche_posts: f64 = 0.4, 0.0..=1.0, "share of the creator's posts", "assumed";
        /// Cause of harmful posts.
        ///
        /// `independent`: every post has the probability `borderline` of being borderline, for all
        /// creators and topics, and is benign otherwise. Use it for checks: no ranker can
        /// distinguish harmful posts from others.
        ///
        /// `account`: each account has its own share of harmful posts, drawn from a Beta
        /// distribution. For a part `harmful_creators` of all accounts, the parameters are
        /// `harm_share_harmful_creators`. For the other accounts, the parameters are
        /// `harm_share_others`. The severity of harmful posts follows `borderline_severity`.
        @checks pub harm_assignment: HarmBy = HarmBy::Creator, (), "", "assumed";
        /// Share of accounts that make many harmful posts, under `harm_assignment = "account"`.
        @checks pub harmful_creators: f64 = 0.1, 0.0..=1.0, "share of accounts", "Truong et al. 2025, arXiv 2502.08841";
        /// Parameters a and b of the Beta distribution of the share of harmful posts, for accounts
        /// that make many of them.
        @checks pub harm_share_harmful_creators: Vec<f64> = vec![3.0, 30.0], 0.001..=1.0e6, "", "Truong et al. 2025";
        /// Parameters a and b of the Beta distribution of the share of harmful posts, for all other
        /// accounts.
        @checks pub harm_share_others: Vec<f64> = vec![0.1, 89.9], 0.001..=1.0e6, "", "Truong et al. 2025";
        /// Rate of an exponential density of quality: the density is proportional to e^(rate times
        /// quality). If it is not set, quality is Beta(3, 3).
        @checks pub quality_rate: Option<f64> = None, 0.001..=100.0, "per unit of quality", "Beta(3, 3) by default, assumed; 10 in Truong et al. 2024";
        /// Share of posts outside niches and the exchange network that are borderline.
        pub borderline: f64 = 0.068, 0.0..=1.0, "share of posts", "fitted to public figures: experiments/fit";
        /// Parameters a and b of the Beta distribution of a borderline post's severity.
        pub borderline_severity: Vec<u32> = vec![2, 4], 1..=8, "whole numbers", "assumed";
        /// Posts per day of an exchange account (seller or buyer). They belong to the niches marked
        /// `exchange` and have the severity 0.8 + 0.2 Beta(2, 2).
        pub exchange_posts: f64 = 0.21, 0.0..=50.0, "posts per day", "fitted to public figures: experiments/fit";
        /// The niches.
        pub niche: Vec<Niche> = vec![
            Niche { name: "exchange".to_owned(), exchange: true, ..Niche::default() },
            Niche { name: "distress".to_owned(), ..Niche::default() },
        ], (), "", "assumed";
    }
}
