//! `accounts.parquet`: attributes and totals of accounts.

use super::{Name, part, table};

table! {
    /// One row an account; counts are of the measured days.
    "accounts": pub struct AccountRow {
        /// account id; says nothing about the account
        account: u32;
        /// user, minor, predator or probe
        role: Name;
        /// true age band
        band: Name;
        /// age band that the account states
        declared_band: Name;
        /// a probe's script
        script: Option<Name>;
        /// whether it looks for minors to contact
        contacting: bool;
        /// whether it takes part in the exchange network
        exchange: bool;
        /// whether it is there when day 0 begins: the accounts whose exposure metrics are about, the same in every arm
        present_at_start: bool;
        /// whether its holder is a predator or it has posted severe material
        violates: bool;
        /// at the end: active, limited, suspended, removed
        standing: Name;
        /// whether it is private at the end, by its own choice or by a rule
        private: bool;
        /// from whom it takes messages: everyone, followers, mutuals
        messages: Name;
        /// 0 for those there when the measured days begin, else 1 more than the day on which it arrived
        arrived_day: i32, "day";
        /// day of removal, if it is removed at the end; negative in the warm-up
        removed_day: Option<i32>, "day";
        /// the removed account that this one returns from
        returned_from: Option<u32>;
        /// largest cosine between own first interests and a niche
        niche_interest: f32, "cosine";
        /// accounts that it follows at the end
        follows: u32, "accounts";
        /// accounts that follow it at the end
        followers: u32, "accounts";
        /// posts made, warm-up counted
        posts: u32, "posts";
        /// sessions
        sessions: u32, "sessions";
        /// posts viewed
        views: u32, "views";
        /// posts viewed whose severity reaches the threshold
        harmful_views: u32, "views";
        /// severe posts viewed
        severe_views: u32, "views";
        /// sum of severity over views
        dose: f64, "severity";
        /// posts liked
        likes: u32, "likes";
        /// posts shared
        shares: u32, "shares";
        /// likes and shares
        engagements: u32, "engagements";
        /// posts hidden
        hides: u32, "hides";
        /// posts reported
        reports: u32, "reports";
        /// day of the first harmful view
        first_harmful_day: Option<i32>, "day";
    }
}

part! {
    /// The id of an account.
    pub struct AccountId of AccountRow {
        account: u32;
    }
}

part! {
    /// When an account came, and when it went.
    pub struct Stay of AccountRow {
        arrived_day: i32;
        removed_day: Option<i32>;
    }
}

part! {
    /// Attributes and views of an account.
    pub struct AccountSummary of AccountRow {
        account: u32;
        band: String;
        declared_band: String;
        views: u32;
        harmful_views: u32;
    }
}
