//! `probes.parquet`: slates that probes viewed.

use super::{DailyRow, Name, table};

table! {
    /// One row per feed slate in which a probe viewed at least one post.
    "probes": pub struct ProbeRow {
        /// account id of the probe
        probe: u32;
        /// its script
        script: Name;
        /// number of the slate, from 1
        slate: u32;
        day: i32 = DailyRow;
        /// harmful posts that it had liked or lingered on before
        clicks_so_far: u32, "posts";
        /// viewed posts of the slate
        views: u32, "posts";
        /// viewed harmful posts
        harmful: u32, "posts";
        /// viewed severe posts
        severe: u32, "posts";
    }
}
