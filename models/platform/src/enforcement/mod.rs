//! Enforcement as the platform runs it: detection, the review queue, strikes and sanctions.
//!
//! Nothing in this module knows the truth about a post or account. At the moment of a decision, the
//! caller supplies whether the item violates the rules.

mod action;
mod detection;
mod queue;
mod review;
mod sanction_policy;

pub use action::{Decision, Kind};
pub use detection::Detection;
pub use queue::{Item, Priority, ReviewQueue, Source, Subject};
pub use review::{Appeals, Review};
pub use sanction_policy::{Sanction, SanctionPolicy, Strikes};
