//! The cases that the platform works on, and what is kept of removed accounts until nothing can come of them any more.

use std::collections::BTreeMap;

use recsafe_common::ids::{AccountId, Day};
use recsafe_common::observed::Standing;
use recsafe_platform::enforcement::{ReviewQueue, Strikes};
use serde::{Deserialize, Serialize};

use crate::measure::Action;

/// A sanction that was appealed and is not decided yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Who was sanctioned.
    pub account: AccountId,
    /// The sanction.
    pub standing: Standing,
    /// Whether it came with a strike, which is taken back if the appeal is granted.
    pub strike: bool,
    /// Whether the sanction was right: the account violates, or the post for which it got a strike does.
    pub rightly: bool,
    /// Day of the sanction.
    pub given: Day,
    /// First day after the sanction; none if it is for good.
    pub ends: Option<Day>,
    /// Day of the decision.
    pub decided_on: Day,
}

/// What is kept of a removed account for as long as it may be given back or its holder may return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// The account.
    pub account: AccountId,
    /// Whether authorities were told.
    pub reported: bool,
    /// How often its holder was turned away since.
    pub tries: u32,
    /// Day on which the holder tries to come back; none before an appeal is decided.
    pub returns_on: Option<Day>,
    /// Whom it followed.
    pub followees: Vec<AccountId>,
    /// Who followed it.
    pub followers: Vec<AccountId>,
    /// With whom it was linked.
    pub linked: Vec<AccountId>,
    /// Minors that it had found or was in contact with.
    pub minors: Vec<AccountId>,
}

/// All cases. What is over is forgotten, so that the size does not grow with days.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Casework {
    /// What waits for review.
    pub queue: ReviewQueue,
    /// Strikes that count.
    pub strikes: Strikes,
    /// First day after each sanction in force that is not for good.
    pub ends: BTreeMap<AccountId, Day>,
    /// Appeals that wait.
    pub appeals: Vec<Appeal>,
    /// Removed accounts of which something may still come.
    pub departures: Vec<Departure>,
    /// Accounts with a new tie to a sanctioned one since the last time that removals spread.
    pub implicated: Vec<AccountId>,
    /// The removal of each account that is removed.
    pub removals: BTreeMap<AccountId, Action>,
    /// Test reports filed so far.
    pub tests: u64,
}
