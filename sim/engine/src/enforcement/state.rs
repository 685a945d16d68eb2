//! Open cases of the platform, and the kept state of removed accounts whose holders can return.

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
    /// Whether the sanction was correct. A sanction is correct if the account violates the rules,
    /// or if the post that led to the strike violates the rules.
    pub rightly: bool,
    /// Day of the sanction.
    pub given: Day,
    /// First day after the sanction; `None` if the sanction is permanent.
    pub ends: Option<Day>,
    /// Day of the decision.
    pub decided_on: Day,
}

/// Kept state of a removed account. The account can be restored, or its holder can return.
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
    /// Accounts that the removed account followed.
    pub followees: Vec<AccountId>,
    /// Followers of the removed account.
    pub followers: Vec<AccountId>,
    /// Accounts that had a link to the removed account in the exchange network.
    pub linked: Vec<AccountId>,
    /// Minors whom the removed account had discovered or was in contact with.
    pub minors: Vec<AccountId>,
}

/// Open cases of the platform. Closed cases are discarded, so the memory does not grow with the
/// number of days.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EnforcementState {
    /// Review queue.
    pub queue: ReviewQueue,
    /// Strikes that have not lapsed.
    pub strikes: Strikes,
    /// First day after each temporary sanction that is in force.
    pub ends: BTreeMap<AccountId, Day>,
    /// Undecided appeals.
    pub appeals: Vec<Appeal>,
    /// Removed accounts that can be restored or whose holders can return.
    pub removed_accounts: Vec<RemovedAccount>,
    /// Accounts that have got a tie to a sanctioned account since ties were last checked.
    pub lost_tie_accounts: Vec<AccountId>,
    /// Action that removed each account that is currently removed.
    pub removals: BTreeMap<AccountId, Action>,
    /// Test reports filed so far.
    pub tests: u64,
}
