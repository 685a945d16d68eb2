//! `actions.parquet`: decisions of the platform.

use super::{Name, table};

table! {
    /// One row per decision of the platform on a measured day, and per removal of an account in the
    /// warm-up: action, target, reason, and whether it was right.
    "actions": pub struct ActionRow {
        /// measured day, from 0; negative for a removal in the warm-up
        day: i32, "day";
        /// target account, or the creator of the target post
        target: u32;
        /// number of the target post among its creator's posts, from 0; null for an account
        post: Option<u32>;
        /// post-removed, demoted, limited, suspended, removed, network-removed,
        /// reported-to-authorities, dismissed or appeal
        kind: Name;
        /// trigger: classifier, report, wave, network, hazard, barrier or appeal
        source: Name;
        /// days since the case entered the review queue; for an appeal, days since the sanction
        waited_days: i32, "days";
        /// confirmed, rejected or, for an appeal, granted
        decision: Name;
        /// ground truth: whether the account or post violates the rules
        truly_violating: bool;
    }
}
