//! Enforcement by the platform: detection, the review queue, strikes and sanctions.
//!
//! Nothing in this module knows whether a post or account violates the rules. The caller supplies
//! this fact when a decision is made.

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
