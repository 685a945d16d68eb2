//! What the platform knows and does: candidate sources, rankers, interventions, and what it remembers and learns.
//!
//! This crate knows `recsafe-common` alone, and `recsafe-names`, in which nobody is. It cannot name a role, a true age, a true interest or a true severity: what a
//! ranker or a rule may use is in [`recsafe_common::observed`], in signals, and in what people did.
//!
//! ```compile_fail
//! use recsafe_people::role::Role; // the platform does not depend on the people: this cannot be written here
//! ```

pub mod attention;
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
pub mod ranking;
pub mod request;
pub mod search;
pub mod settings;
pub mod slate;
mod small_set;
pub mod sources;
pub mod suggestions;

pub use request::{Request, View};
