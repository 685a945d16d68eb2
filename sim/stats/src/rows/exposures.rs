//! `exposures.parquet`: impressions of accounts.

use super::{AccountRow, DailyRow, Name, table};

table! {
    /// One row per impression of the sampled accounts: every post in their slates, viewed or not.
    "exposures": pub struct ExposureRow {
        account: u32 = AccountRow;
        day: i32 = DailyRow;
        /// number of the session on this day, from 0
        session: u32;
        /// number of the request on this day, from 0
        request: u32;
        /// position in the slate, from 0
        slot: u32;
        /// feed or search
        surface: Name;
        /// candidate source of the post; search if the surface is search
        source: Name;
        /// number of the post among its creator's posts, from 0
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
