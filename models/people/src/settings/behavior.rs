//! `[behavior]`: what account holders do.

use recsafe_common::{choices, settings};

use super::{Contact, Exchange, Following, Resharing, Return, Searching};

choices! {
    /// What account holders do with a feed.
    pub enum Kind {
        /// They visit, look through slates, and decide on each post by log odds.
        Logit = "logit",
        /// They act: post, or reshare one post of the feed. Probes go on as their scripts say.
        ReshareOne = "reshare-one",
    }
}

settings! {
    /// Which predators do what, as shares of all predators. Contacting accounts are dealt from one end of a keyed ranking and
    /// sellers from the other, buyers next to the sellers: where contacting and buyer overlap, one account holds both intents.
    pub struct Intents {
        /// Share that looks for minors to contact.
        pub contacting: f64 = 0.6, 0.0..=1.0, "share of predators", "assumed";
        /// Share that sells in the exchange network.
        pub seller: f64 = 0.15, 0.0..=1.0, "share of predators", "assumed";
        /// Share that buys in the exchange network.
        pub buyer: f64 = 0.35, 0.0..=1.0, "share of predators", "assumed";
    }
}

settings! {
    /// Engagement with a viewed post: logit P = base + affinity a + quality q + social follows + curiosity c (1 - a)
    /// + harm_curiosity c h - aversion v h^2 - topic_fatigue min(n, topic_fatigue_cap), where a is the cosine between interests and post, q its quality,
    /// h its severity, c the viewer's curiosity, v the viewer's aversion and n the posts of that topic seen today.
    pub struct Engage {
        /// Constant.
        pub base: f64 = -5.0, -50.0..=50.0, "log odds", "assumed";
        /// Weight of the cosine between interests and post.
        pub affinity: f64 = 6.0, -50.0..=50.0, "log odds", "assumed";
        /// Weight of quality.
        pub quality: f64 = 1.0, -50.0..=50.0, "log odds", "assumed";
        /// Added if the viewer follows the creator.
        pub social: f64 = 0.5, -50.0..=50.0, "log odds", "assumed";
        /// Weight of curiosity about what is unlike one's interests.
        pub curiosity: f64 = 0.3, -50.0..=50.0, "log odds", "assumed";
        /// Weight of curiosity times severity: harmful posts draw the curious.
        pub harm_curiosity: f64 = 8.2, 0.0..=50.0, "log odds", "fitted to public figures: experiments/fit";
        /// Weight of aversion times squared severity.
        pub aversion: f64 = 5.5, 0.0..=50.0, "log odds", "assumed";
        /// Subtracted for each post of that topic seen today.
        pub topic_fatigue: f64 = 0.05, 0.0..=50.0, "log odds", "assumed";
        /// Posts beyond which topic fatigue grows no more.
        pub topic_fatigue_cap: u32 = 8, 0..=255, "posts", "assumed";
    }
}

settings! {
    /// What account holders do: sessions, viewing, engaging, sharing, hiding, reporting, following, searching, contacting, and how
    /// interests drift.
    pub struct Behavior {
        /// What account holders do with a feed. `reshare-one` puts acts in the place of visits: it leaves sessions, views and the odds of engaging aside, and takes posts and their number from `behavior.reshare_one`.
        @checks pub kind: Kind = Kind::Logit, (), "", "assumed";
        /// Settings of `reshare-one`.
        @checks pub reshare_one: Resharing = Resharing::default(), (), "", "Truong et al. 2024 and 2025";
        /// Predators' intents.
        pub intents: Intents = Intents::default(), (), "", "assumed";
        /// Mean sessions a day.
        pub sessions: f64 = 1.0, 0.0..=50.0, "sessions a day", "assumed";
        /// Log standard deviation of sessions a day between accounts.
        pub sessions_log_sd: f64 = 0.6, 0.0..=3.0, "log units", "assumed";
        /// Sessions of minors, relative to those of adults.
        pub sessions_minors: f64 = 1.3, 0.0..=50.0, "ratio", "assumed";
        /// Another request follows with this log odds ...
        pub next_request: f64 = 0.2, -50.0..=50.0, "log odds", "assumed";
        /// ... plus this for each engagement with the last slate.
        pub next_request_engaged: f64 = 0.35, -50.0..=50.0, "log odds", "assumed";
        /// Most requests in one session.
        pub max_requests: u32 = 10, 1..=1000, "requests", "assumed";
        /// Slot p (from 0) is viewed with this to the power of p.
        pub view: f64 = 0.95, 0.0..=1.0, "probability", "assumed; geometric browsing: Moffat and Zobel 2008 (rank-biased precision)";
        /// Engagement.
        pub engage: Engage = Engage::default(), (), "", "assumed";
        /// A share has the log odds of a like plus this.
        pub share: f64 = -3.0, -50.0..=50.0, "log odds", "assumed";
        /// Constant of the log seconds spent on a viewed post: ln s = dwell + dwell_index z + dwell_sd e, z the log odds of a like.
        pub dwell: f64 = 1.0, -10.0..=10.0, "log seconds", "assumed";
        /// Weight of the log odds of a like in the log seconds.
        pub dwell_index: f64 = 0.3, -10.0..=10.0, "log seconds", "assumed";
        /// Noise of the log seconds.
        pub dwell_sd: f64 = 0.8, 0.0..=10.0, "log seconds", "assumed; log-normal dwell times: Yin et al. 2013";
        /// Hiding: constant of the log odds.
        pub hide: f64 = -6.5, -50.0..=50.0, "log odds", "assumed";
        /// Hiding: weight of aversion times severity.
        pub hide_aversion: f64 = 6.0, -50.0..=50.0, "log odds", "assumed";
        /// Reporting a post just hidden, whatever its severity: min(1, this times the account's readiness), readiness exponential of mean 1. Reports of posts that were merely disliked are mistaken.
        pub report: f64 = 0.3, 0.0..=1.0, "probability", "fitted to public figures: experiments/fit";
        /// Readiness of minors to report, relative to that of adults.
        pub report_minors: f64 = 3.0, 0.0..=100.0, "ratio", "assumed, so that about a third of reports come from minors (platform deck of June 2019, exhibit in FTC v. Meta, 2025)";
        /// Reports a day, times the same readiness, of accounts that one follows or lately visited and that do nothing wrong.
        pub report_mistaken: f64 = 0.0003, 0.0..=1.0, "reports a day", "assumed";
        /// Drift of an adult's interests on engaging: theta = normalise((1 - drift) theta + drift x).
        pub drift: f64 = 0.01, 0.0..=1.0, "step", "assumed";
        /// Drift of a minor's interests.
        pub drift_minors: f64 = 0.015, 0.0..=1.0, "step", "assumed";
        /// Curiosity is Beta(a, b).
        pub curiosity: Vec<u32> = vec![2, 4], 1..=8, "whole numbers", "assumed";
        /// Aversion to harmful posts is Beta(a, b).
        pub aversion: Vec<u32> = vec![4, 2], 1..=8, "whole numbers", "assumed";
        /// Aversion of accounts with an interest in a niche, relative to others.
        pub niche_aversion: f64 = 0.2, 0.0..=1.0, "ratio", "assumed";
        /// Probability of following the creator of a post just liked.
        pub follow_creator: f64 = 0.002, 0.0..=1.0, "probability", "assumed";
        /// Probability a day that a follow ends.
        pub unfollow: f64 = 0.003, 0.0..=1.0, "per day", "assumed, so that about as many follows end as begin";
        /// Looking for accounts, following and being followed.
        pub following: Following = Following::default(), (), "", "assumed";
        /// Searching.
        pub searching: Searching = Searching::default(), (), "", "assumed";
        /// Contact between accounts.
        pub contact: Contact = Contact::default(), (), "", "assumed";
        /// The exchange network.
        pub exchange: Exchange = Exchange::default(), (), "", "assumed";
        /// Return after removal.
        pub r#return: Return = Return::default(), (), "", "assumed";
        /// When a policy closes one way of finding or reaching a minor, the share of lost attempts that moves to another.
        pub displacement: f64 = 0.5, 0.0..=1.0, "share of attempts", "assumed";
    }
}
