//! `accounts.parquet`: attributes and totals of accounts.

use super::{Name, part, table};

table! {
    /// One row per account. Counts cover the measured days.
    "accounts": pub struct AccountRow {
        /// account id; it contains no information about the account
        account: u32;
        /// user, minor, predator, probe or bot
        role: Name;
        /// true age band
        band: Name;
        /// declared age band
        declared_band: Name;
        /// script of the probe, if the account is a probe
        script: Option<Name>;
        /// whether the account is a predator who looks for minors to contact
        contacting: bool;
        /// whether the account belongs to the exchange network
        exchange: bool;
        /// whether the account exists when day 0 begins; exposure metrics cover these accounts,
        /// which are the same in every arm
        present_at_start: bool;
        /// whether the account holder is a predator or the account has posted severe material
        violates: bool;
        /// status at the end: active, limited, suspended, removed
        standing: Name;
        /// whether the account is private at the end, by choice or because of an intervention
        private: bool;
        /// who may send messages to the account: everyone, followers, mutuals
        accepts_messages_from: Name;
        /// 0 if the account exists when the measured days begin, otherwise the day of its arrival
        /// plus 1
        arrived_day: i32, "day";
        /// day of removal; null if the account is not removed at the end; negative in the warm-up
        removed_day: Option<i32>, "day";
        /// the holder's previous account, which was removed; null unless the holder returned
        returned_from: Option<u32>;
        /// largest cosine between the initial interests and a niche
        niche_interest: f32, "cosine";
        /// followees at the end
        follows: u32, "accounts";
        /// followers at the end
        followers: u32, "accounts";
        /// posts made, including the warm-up
        posts: u32, "posts";
        /// sessions of the account
        sessions: u32, "sessions";
        /// views of posts
        views: u32, "views";
        /// views of posts with a severity of at least `harm.threshold`
        harmful_views: u32, "views";
        /// views of posts with a severity of at least `harm.severe`
        severe_views: u32, "views";
        /// sum of the severities of all viewed posts
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
    /// The days of arrival and removal of an account.
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
