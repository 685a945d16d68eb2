//! `[behavior]`: what account holders do.

use recsafe_common::{choices, settings};

use super::{Contact, Exchange, Following, Resharing, Return, Searching};

choices! {
    /// How account holders use the feed.
    pub enum Kind {
        /// Accounts open sessions, view slates and decide on each post by log odds.
        Logit = "logit",
        /// Accounts act a number of times per day. Each act is a new post or a reshare of one post
        /// of the feed. Probes still follow their scripts.
        ReshareOne = "reshare-one",
    }
}

settings! {
    /// Shares of predators with each intent. Predators are ranked at random. Contacting predators
    /// come from the start of the ranking, sellers from its end, and buyers from just before the
    /// sellers. Where contacting and buyers overlap, an account has both intents.
    pub struct Intents {
        /// Share of predators who look for minors to contact.
        pub contacting: f64 = 0.6, 0.0..=1.0, "share of predators", "assumed";
        /// Share of predators who sell in the exchange network.
        pub seller: f64 = 0.15, 0.0..=1.0, "share of predators", "assumed";
        /// Share of predators who buy in the exchange network.
        pub buyer: f64 = 0.35, 0.0..=1.0, "share of predators", "assumed";
    }
}

settings! {
    /// Engagement with a viewed post. The log odds of a like are base + affinity a + quality q +
    /// social follows + curiosity c (1 - a) + harm_curiosity c h - aversion v h^2 - topic_fatigue
    /// min(n, topic_fatigue_cap).
    ///
    /// Here a is the cosine between the viewer's interests and the post, q the post's quality and h
    /// its severity. `follows` is 1 if the viewer follows the creator, else 0. The viewer has
    /// curiosity c and aversion v, and has seen n posts of this topic today.
    pub struct Engage {
        /// Constant term. The lower it is, the fewer posts are liked.
        pub base: f64 = -5.0, -50.0..=50.0, "log odds", "assumed";
        /// Weight of the cosine between the viewer's interests and the post.
        pub affinity: f64 = 6.0, -50.0..=50.0, "log odds", "assumed";
        /// Weight of the post's quality.
        pub quality: f64 = 1.0, -50.0..=50.0, "log odds", "assumed";
        /// Added if the viewer follows the creator.
        pub social: f64 = 0.5, -50.0..=50.0, "log odds", "assumed";
        /// Weight of the viewer's curiosity about posts that differ from the viewer's interests.
        pub curiosity: f64 = 0.3, -50.0..=50.0, "log odds", "assumed";
        /// Weight of curiosity times severity: curious viewers are drawn to harmful posts. At 0,
        /// nobody likes a post because it is harmful.
        pub harm_curiosity: f64 = 8.2, 0.0..=50.0, "log odds", "fitted to public figures: experiments/fit";
        /// Weight of aversion times the square of severity. The higher it is, the fewer severe
        /// posts are liked.
        pub aversion: f64 = 5.5, 0.0..=50.0, "log odds", "assumed";
        /// Subtracted for each post of the same topic that the viewer has seen today.
        pub topic_fatigue: f64 = 0.05, 0.0..=50.0, "log odds", "assumed";
        /// Number of posts of a topic after which topic fatigue stops growing.
        pub topic_fatigue_cap: u32 = 8, 0..=255, "posts", "assumed";
    }
}

settings! {
    /// What account holders do: sessions, views, likes, shares, hides, reports, follows, searches
    /// and contacts, and how their interests drift.
    pub struct Behavior {
        /// How account holders use the feed. `reshare-one` replaces sessions with acts: it ignores
        /// the settings of sessions, views and engagement, and takes the number of acts and posts
        /// from `behavior.reshare_one`.
        @checks pub model: Kind = Kind::Logit, (), "", "assumed";
        /// Settings of `reshare-one`.
        @checks pub reshare_one: Resharing = Resharing::default(), (), "", "Truong et al. 2024 and 2025";
        /// Intents of predators.
        pub intents: Intents = Intents::default(), (), "", "assumed";
        /// Mean number of sessions of an adult per day.
        pub sessions: f64 = 1.0, 0.0..=50.0, "sessions per day", "assumed";
        /// Log standard deviation of the number of sessions per day between accounts. At 0, all
        /// accounts of an age group have the same mean.
        pub sessions_log_sd: f64 = 0.6, 0.0..=3.0, "log units", "assumed";
        /// Number of sessions of minors relative to adults.
        pub sessions_minors: f64 = 1.3, 0.0..=50.0, "ratio", "assumed";
        /// Log odds that the viewer requests another slate in the same session, if the viewer did
        /// not engage with the last slate.
        pub next_request: f64 = 0.2, -50.0..=50.0, "log odds", "assumed";
        /// Added to the log odds of `next_request` for each like or share on the last slate.
        pub next_request_engaged: f64 = 0.35, -50.0..=50.0, "log odds", "assumed";
        /// Maximum number of slates in one session.
        pub max_requests: u32 = 10, 1..=1000, "requests", "assumed";
        /// Base of the probability that a slate position is viewed: position p (from 0) is viewed
        /// with probability view_persistence^p. At 1, the whole slate is viewed. At 0, only the
        /// first position is viewed.
        pub view_persistence: f64 = 0.95, 0.0..=1.0, "probability", "assumed; geometric browsing: Moffat and Zobel 2008 (rank-biased precision)";
        /// Engagement with a viewed post.
        pub engage: Engage = Engage::default(), (), "", "assumed";
        /// Added to the log odds of a like to obtain the log odds of a share.
        pub share: f64 = -3.0, -50.0..=50.0, "log odds", "assumed";
        /// Constant term of the time spent on a viewed post: ln(seconds) = dwell + dwell_index z +
        /// dwell_sd e. Here z is the log odds of a like, and e is standard normal.
        pub dwell: f64 = 1.0, -10.0..=10.0, "log seconds", "assumed";
        /// Weight of the log odds of a like in the log of the seconds.
        pub dwell_index: f64 = 0.3, -10.0..=10.0, "log seconds", "assumed";
        /// Standard deviation of the noise in the log of the seconds.
        pub dwell_sd: f64 = 0.8, 0.0..=10.0, "log seconds", "assumed; log-normal dwell times: Yin et al. 2013";
        /// Constant term of the log odds that a viewer hides a post.
        pub hide: f64 = -6.5, -50.0..=50.0, "log odds", "assumed";
        /// Weight of aversion times severity in the log odds that a viewer hides a post.
        pub hide_aversion: f64 = 6.0, -50.0..=50.0, "log odds", "assumed";
        /// Probability that a viewer who hides a post also reports it, at any severity: min(1, this
        /// value times the account's readiness to report). Readiness is exponential with mean 1.
        /// Reports of posts that were only disliked are mistaken.
        pub report: f64 = 0.3, 0.0..=1.0, "probability", "fitted to public figures: experiments/fit";
        /// Readiness of minors to report, relative to adults.
        pub report_minors: f64 = 3.0, 0.0..=100.0, "ratio", "assumed: about a third of reports then come from minors (platform deck of June 2019, exhibit in FTC v. Meta, 2025)";
        /// Mistaken reports per day, times the account's readiness to report. Such reports concern
        /// harmless accounts that the reporter follows or has recently visited.
        pub false_reports: f64 = 0.0003, 0.0..=1.0, "reports per day", "assumed";
        /// Step by which an adult's interests move towards a post with each like or share: theta =
        /// normalise((1 - interest_drift) theta + interest_drift x). At 0, interests never change.
        pub interest_drift: f64 = 0.01, 0.0..=1.0, "step", "assumed";
        /// Step by which a minor's interests move towards a post with each like or share.
        pub interest_drift_minors: f64 = 0.015, 0.0..=1.0, "step", "assumed";
        /// Parameters a and b of the Beta distribution of curiosity.
        pub curiosity: Vec<u32> = vec![2, 4], 1..=8, "whole numbers", "assumed";
        /// Parameters a and b of the Beta distribution of aversion to harmful posts.
        pub aversion: Vec<u32> = vec![4, 2], 1..=8, "whole numbers", "assumed";
        /// Aversion of accounts that are interested in a niche, relative to other accounts.
        pub niche_aversion: f64 = 0.2, 0.0..=1.0, "ratio", "assumed";
        /// Probability that a viewer who likes a post follows its creator.
        pub follow_creator: f64 = 0.002, 0.0..=1.0, "probability", "assumed";
        /// Probability per day that a follow ends.
        pub unfollow: f64 = 0.003, 0.0..=1.0, "per day", "assumed: about as many follows then end as begin";
        /// How accounts find, follow and unfollow other accounts.
        pub following: Following = Following::default(), (), "", "assumed";
        /// How accounts search.
        pub searching: Searching = Searching::default(), (), "", "assumed";
        /// Contact between accounts.
        pub contact: Contact = Contact::default(), (), "", "assumed";
        /// The exchange network.
        pub exchange: Exchange = Exchange::default(), (), "", "assumed";
        /// Return after removal.
        pub r#return: Return = Return::default(), (), "", "assumed";
        /// Share of stopped attempts that move to another route. A policy stops an attempt if the
        /// policy closes one way to discover or contact a minor. At 0, no stopped attempt moves. At
        /// 1, all stopped attempts move.
        pub displacement: f64 = 0.5, 0.0..=1.0, "share of attempts", "assumed";
    }
}
