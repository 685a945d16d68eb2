//! `exposures.parquet`: impressions of accounts.

use super::{AccountRow, DailyRow, Name, table};

table! {
    /// One row an impression of the sampled accounts: all that was put before them.
    "exposures": pub struct ExposureRow {
        account: u32 = AccountRow;
        day: i32 = DailyRow;
        /// session of the day, from 0
        session: u32;
        /// request of the day, from 0
        request: u32;
        /// slot of the slate, from 0
        slot: u32;
        /// feed or search
        surface: Name;
        /// candidate source that found the post; search for a search
        source: Name;
        /// which of its creator's posts, from 0
        post: u32;
        /// account that posted it
        creator: u32;
        /// severity of the post, 0 to 1
        severity: f32, "severity";
        /// whether it was viewed
        viewed: bool;
        /// whether it was liked or shared
        engaged: bool;
    }
}
