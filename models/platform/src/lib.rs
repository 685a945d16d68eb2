//! The platform: candidate sources, rankers, interventions, and the platform's memory and learning
//! about accounts and posts.
//!
//! This crate depends only on `recsafe-common` and `recsafe-names`, and these two crates contain
//! nothing about people. So the platform cannot access roles, true ages, true interests or true
//! severities. Rankers and interventions use [`recsafe_common::observed`], classifier scores and
//! the recorded actions of accounts.
//!
//! ```compile_fail
//! use recsafe_people::role::Role; // does not compile: the platform does not depend on the people
//! ```

mod best_first;
pub mod candidates;
pub mod enforcement;
pub mod engagements;
pub mod factors;
pub mod features;
pub mod inbox;
pub mod index;
pub mod interventions;
pub mod learning;
pub mod logistic;
pub mod memory;
pub mod posterior;
pub mod profile_visits;
pub mod ranking;
pub mod request;
pub mod search;
pub mod settings;
pub mod slate;
mod small_set;
pub mod sources;
pub mod suggestions;

pub use request::{Request, View};
