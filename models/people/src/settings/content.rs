//! `[content]`: what is posted.

use recsafe_common::{choices, settings};

choices! {
    /// What decides whether a post is harmful, and how much.
    pub enum HarmBy {
        /// Who makes it, and whether it lies in a niche.
        Creator = "creator",
        /// Luck alone, with the same probability for every creator and topic.
        Independent = "independent",
        /// Who makes it: each account has a share of its own of harmful posts.
        Account = "account",
    }
}

settings! {
    /// A niche: a region of the topic map, close to youth topics, in which harmful posts lie. Abstract: a direction and a severity.
    pub struct Niche {
        /// Its name.
        pub name: String = String::new(), (), "", "";
        /// Cosine between the niche and each of three youth topics; geometry allows at most 1/sqrt(3) = 0.577.
        pub cosine: f64 = 0.53, 0.0..=0.577, "cosine", "assumed; fitted by hand so that the flood of a curious account can arise";
        /// Share of niche creators who belong to this niche; the shares of all niches add to at most 1.
        pub creators: f64 = 0.5, 0.0..=1.0, "share of niche creators", "assumed";
        /// Parameters a and b of the Beta distribution of its posts' severity.
        pub severity: Vec<u32> = vec![6, 4], 1..=8, "whole numbers", "assumed";
        /// Whether exchange accounts post here.
        pub exchange: bool = false, (), "", "assumed";
    }
}

settings! {
    /// What is posted: how much, by whom, about what, and how severe it is.
    pub struct Content {
        /// Days that a post can be recommended.
        pub post_lifetime_days: u32 = 14, 1..=365, "days", "assumed";
        /// Share of accounts that post at all.
        pub posters: f64 = 0.3, 0.0..=1.0, "share of accounts", "assumed";
        /// Mean posts a day of those who post.
        pub posts: f64 = 0.5, 0.0..=50.0, "posts a day", "assumed";
        /// Log standard deviation of posts a day between those who post.
        pub posts_log_sd: f64 = 1.5, 0.0..=3.0, "log units", "assumed";
        /// Posts that each account that posts makes on its first day, beside those of its rate: a stock for worlds that begin with one.
        @checks pub initial_posts: u32 = 0, 0..=1000, "posts", "none in the default world";
        /// How far a post strays from its topic's centre: x = normalise(centre + topic_noise e / sqrt(d)), e standard normal.
        pub topic_noise: f64 = 0.5, 0.0..=10.0, "length", "assumed";
        /// How far the platform's features stray from a post's true topic, in the same form.
        pub feature_noise: f64 = 0.1, 0.0..=10.0, "length", "assumed";
        /// How much more often a youth topic is among a minor's interests than another topic.
        pub youth_preference: f64 = 3.0, 0.0..=1000.0, "ratio", "assumed";
        /// Share of ordinary accounts with an interest in a niche.
        pub niche_users: f64 = 0.03, 0.0..=1.0, "share of users and minors", "assumed";
        /// Weight of the niche among their interests.
        pub niche_weight: f64 = 0.3, 0.0..=1.0, "weight", "assumed";
        /// Niche creators, as a share of all accounts that post; every one of them is an adult user.
        pub niche_creators: f64 = 0.014, 0.0..=1.0, "share of those who post", "fitted to public figures: experiments/fit";
        /// Share of a niche creator's posts that lie in the niche.
        pub niche_posts: f64 = 0.4, 0.0..=1.0, "share of its posts", "assumed";
        /// What decides whether a post is harmful. `independent`: every post, whoever makes it and wherever it lies, is borderline with the probability `borderline` and else benign; for checks, since then no ranker can tell harmful posts from others. `account`: each account has a share of its own, Beta distributed with the parameters `harm_share_makers` for `harm_makers` of all accounts and `harm_share_others` for the rest; how severe its harmful posts are, `borderline_severity` says.
        @checks pub harm: HarmBy = HarmBy::Creator, (), "", "assumed";
        /// Share of accounts that make many harmful posts, under `harm = "account"`.
        @checks pub harm_makers: f64 = 0.1, 0.0..=1.0, "share of accounts", "Truong et al. 2025, arXiv 2502.08841";
        /// Parameters a and b of the Beta distribution of their share of harmful posts.
        @checks pub harm_share_makers: Vec<f64> = vec![3.0, 30.0], 0.001..=1.0e6, "", "Truong et al. 2025";
        /// Parameters a and b for all other accounts.
        @checks pub harm_share_others: Vec<f64> = vec![0.1, 89.9], 0.001..=1.0e6, "", "Truong et al. 2025";
        /// If given, the density of quality is in proportion to e to the power of this times quality; else quality is Beta(3, 3).
        @checks pub quality_rate: Option<f64> = None, 0.001..=100.0, "per unit of quality", "Beta(3, 3) by default, assumed; 10 in Truong et al. 2024";
        /// Share of all other posts that are borderline.
        pub borderline: f64 = 0.068, 0.0..=1.0, "share of posts", "fitted to public figures: experiments/fit";
        /// Parameters a and b of the Beta distribution of a borderline post's severity.
        pub borderline_severity: Vec<u32> = vec![2, 4], 1..=8, "whole numbers", "assumed";
        /// Posts a day of an exchange account (a seller or buyer), in the niches marked `exchange`, severity 0.8 + 0.2 Beta(2, 2).
        pub exchange_posts: f64 = 0.21, 0.0..=50.0, "posts a day", "fitted to public figures: experiments/fit";
        /// The niches.
        pub niche: Vec<Niche> = vec![
            Niche { name: "exchange".to_owned(), exchange: true, ..Niche::default() },
            Niche { name: "distress".to_owned(), ..Niche::default() },
        ], (), "", "assumed";
    }
}
