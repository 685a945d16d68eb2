//! `actions.parquet`: decisions of the platform.

use super::{Name, table};

table! {
    /// One row per decision of the platform on a measured day, and one per removal during the
    /// warm-up: the action, its target, its reason, and whether it was right.
    "actions": pub struct ActionRow {
        /// measured day, from 0; negative for a removal during the warm-up
        day: i32, "day";
        /// account, or creator of the post
        target: u32;
        /// number of the post among its creator's posts, from 0; null if the target is an account
        post: Option<u32>;
        /// post-removed, demoted, limited, suspended, removed, network-removed,
        /// reported-to-authorities, dismissed, appeal
        kind: Name;
        /// trigger: classifier, report, trusted-flagger, removal-wave, network, constant-hazard,
        /// ban-evasion-detection, appeal
        source: Name;
        /// days that the item waited in the review queue, or days since the appealed sanction
        waited_days: i32, "days";
        /// confirmed, rejected, granted (appeals only)
        decision: Name;
        /// truth: whether the account, or the post in question, violates the platform's rules
        truly_violating: bool;
    }
}
