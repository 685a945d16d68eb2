//! `probes.parquet`: slates that probes viewed.

use super::{DailyRow, Name, table};

table! {
    /// One row per feed slate in which a probe viewed at least one post.
    "probes": pub struct ProbeRow {
        /// account id of the probe
        probe: u32;
        /// script of the probe
        script: Name;
        /// number of the slate among the probe's slates, where the first is 1
        slate: u32;
        day: i32 = DailyRow;
        /// harmful posts that the probe liked or lingered on before this slate
        clicks_so_far: u32, "posts";
        /// viewed posts of the slate
        views: u32, "posts";
        /// harmful posts among the viewed posts
        harmful: u32, "posts";
        /// severe posts among the viewed posts
        severe: u32, "posts";
    }
}
