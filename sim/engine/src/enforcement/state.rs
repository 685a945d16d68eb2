//! Open cases of the platform, and the state of removed accounts that may still return.

use std::collections::BTreeMap;

use recsafe_common::ids::{AccountId, Day};
use recsafe_common::observed::Standing;
use recsafe_platform::enforcement::{ReviewQueue, Strikes};
use serde::{Deserialize, Serialize};

use crate::measure::Action;

/// Appeal that is not decided yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Sanctioned account.
    pub account: AccountId,
    /// Sanction.
    pub standing: Standing,
    /// Whether the sanction resulted from a strike. If the appeal is granted, the strike is
    /// revoked.
    pub strike: bool,
    /// Whether the sanction was correct: the account violates, or the post that led to the strike
    /// does.
    pub rightly: bool,
    /// Day of the sanction.
    pub given: Day,
    /// First day after the sanction; `None` if it is permanent.
    pub ends: Option<Day>,
    /// Day of the decision.
    pub decided_on: Day,
}

/// Retained state of a removed account that may be restored or whose holder may return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedAccount {
    /// Removed account.
    pub account: AccountId,
    /// Whether the account was reported to authorities.
    pub reported: bool,
    /// Number of attempts to return that were blocked.
    pub tries: u32,
    /// Day on which the holder tries to return; `None` until an appeal is decided.
    pub returns_on: Option<Day>,
    /// Accounts that it followed.
    pub followees: Vec<AccountId>,
    /// Followers.
    pub followers: Vec<AccountId>,
    /// Accounts with a link to it in the exchange network.
    pub linked: Vec<AccountId>,
    /// Minors whom it had discovered or was in contact with.
    pub minors: Vec<AccountId>,
}

/// Open cases of the platform. Closed cases are discarded, so the size does not grow with the
/// number of days.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EnforcementState {
    /// Review queue.
    pub queue: ReviewQueue,
    /// Strikes that have not lapsed.
    pub strikes: Strikes,
    /// First day after each temporary sanction in force.
    pub ends: BTreeMap<AccountId, Day>,
    /// Undecided appeals.
    pub appeals: Vec<Appeal>,
    /// Removed accounts that may be restored or whose holders may return.
    pub removed_accounts: Vec<RemovedAccount>,
    /// Accounts with a new tie to a sanctioned account since removals last spread.
    pub lost_tie_accounts: Vec<AccountId>,
    /// Removal of each account that is currently removed.
    pub removals: BTreeMap<AccountId, Action>,
    /// Test reports filed so far.
    pub tests: u64,
}
