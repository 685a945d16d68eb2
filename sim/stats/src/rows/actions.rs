//! `actions.parquet`: decisions of the platform.

use super::{Name, table};

table! {
    /// One row per decision of the platform on a measured day, and one per removal during the
    /// warm-up. A row has the action, its target, its reason, and whether it was right.
    "actions": pub struct ActionRow {
        /// measured day, where the first is 0; negative for a removal during the warm-up
        day: i32, "day";
        /// target account, or creator of the target post
        target: u32;
        /// number of the target post among its creator's posts, where the first is 0; null if the
        /// target is an account
        post: Option<u32>;
        /// action: post-removed, demoted, limited, suspended, removed, network-removed,
        /// reported-to-authorities, dismissed, appeal
        kind: Name;
        /// trigger: classifier, report, trusted-flagger, removal-wave, network, constant-hazard,
        /// ban-evasion-detection, appeal
        source: Name;
        /// days that the item waited in the review queue; for an appeal, days since the sanction
        waited_days: i32, "days";
        /// confirmed, rejected or granted; an appeal is granted or rejected
        decision: Name;
        /// truth: whether the target (account or post) violates the platform's rules
        truly_violating: bool;
    }
}
