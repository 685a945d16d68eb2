//! `exposures.parquet`: impressions of accounts.

use super::{AccountRow, DailyRow, Name, table};

table! {
    /// One row per impression of a sampled account. Every post in the account's slates counts,
    /// viewed or not.
    "exposures": pub struct ExposureRow {
        account: u32 = AccountRow;
        day: i32 = DailyRow;
        /// number of the session on this day, where the first is 0
        session: u32;
        /// number of the request on this day, where the first is 0
        request: u32;
        /// position in the slate, where the first is 0
        slot: u32;
        /// where the post was shown: feed or search
        surface: Name;
        /// candidate source of the post; `search` if the post was shown in search
        source: Name;
        /// number of the post among its creator's posts, where the first is 0
        post: u32;
        /// creator of the post
        creator: u32;
        /// severity of the post, 0 to 1
        severity: f32, "severity";
        /// whether the account viewed the post
        viewed: bool;
        /// whether the account liked or shared the post
        engaged: bool;
    }
}
