//! `accounts.parquet`: attributes and totals of accounts.

use super::{Name, part, table};

table! {
    /// One row per account. Counts cover the measured days.
    "accounts": pub struct AccountRow {
        /// account id, without further meaning
        account: u32;
        /// user, minor, predator or probe
        role: Name;
        /// true age band
        band: Name;
        /// declared age band
        declared_band: Name;
        /// a probe's script
        script: Option<Name>;
        /// whether it is a contacting predator
        contacting: bool;
        /// whether it takes part in the exchange network
        exchange: bool;
        /// whether it is present when day 0 begins. Exposure metrics cover these accounts, which
        /// are the same in every arm
        present_at_start: bool;
        /// whether its holder is a predator, or it has posted severe content
        violates: bool;
        /// status at the end: active, limited, suspended or removed
        standing: Name;
        /// whether it is private at the end, by its own choice or because of an intervention
        private: bool;
        /// accounts from which it accepts messages: everyone, followers or mutuals
        messages: Name;
        /// 0 if it exists when the measured days begin, otherwise the day of its arrival plus 1
        arrived_day: i32, "day";
        /// day of removal, if it is removed at the end; negative in the warm-up
        removed_day: Option<i32>, "day";
        /// previous, removed account of the same holder
        returned_from: Option<u32>;
        /// largest cosine between its initial interests and a niche
        niche_interest: f32, "cosine";
        /// number of accounts that it follows at the end
        follows: u32, "accounts";
        /// number of its followers at the end
        followers: u32, "accounts";
        /// posts created, including the warm-up
        posts: u32, "posts";
        /// sessions
        sessions: u32, "sessions";
        /// posts viewed
        views: u32, "views";
        /// viewed posts whose severity reaches the threshold
        harmful_views: u32, "views";
        /// viewed severe posts
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
    /// Arrival and removal of an account.
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
