//! `probes.parquet`: slates that probes viewed.

use super::{DailyRow, Name, table};

table! {
    /// One row a slate of the feed that a probe looked through, with at least one view.
    "probes": pub struct ProbeRow {
        /// account id of the probe
        probe: u32;
        /// its script
        script: Name;
        /// which of its slates, from 1
        slate: u32;
        day: i32 = DailyRow;
        /// harmful posts that it had liked, or lingered on, before
        clicks_so_far: u32, "posts";
        /// posts viewed of the slate
        views: u32, "posts";
        /// of these, harmful ones
        harmful: u32, "posts";
        /// of these, severe ones
        severe: u32, "posts";
    }
}
