//! `actions.parquet`: decisions of the platform.

use super::{Name, table};

table! {
    /// One row a decision of the platform on a measured day, or an account's removal before: what it did, to whom, why, and whether that was right.
    "actions": pub struct ActionRow {
        /// measured day, from 0; negative for a removal in the warm-up
        day: i32, "day";
        /// the account, or the creator of the post
        target: u32;
        /// which of its creator's posts, from 0, if it is about a post
        post: Option<u32>;
        /// post-removed, demoted, limited, suspended, removed, network-removed, reported-to-authorities, dismissed, appeal
        kind: Name;
        /// what led to it: classifier, report, wave, network, hazard, barrier, appeal
        source: Name;
        /// days since it came into the review queue, or since the sanction that is appealed
        waited_days: i32, "days";
        /// confirmed, rejected, granted (of an appeal)
        decision: Name;
        /// whether it was right: the account, or the post in question, violates in truth
        truly_violating: bool;
    }
}
