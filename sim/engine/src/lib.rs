//! Simulation engine: worlds, the phases of a day, and simulations.
//!
//! This crate is internal to recsafe, and names in the crate can change. Other programs should use
//! the crate `recsafe`.
//!
//! Phases are bulk-synchronous. Each phase reads the state at its start, processes chunks of
//! accounts in parallel, and merges the outputs in account order. Results are therefore
//! bit-identical for any number of threads.

mod age;
mod append;
mod contact;
mod day;
mod day_log;
mod enforcement;
mod exchange;
mod failure;
mod follows;
mod inboxes;
mod learning;
mod lifetime;
pub mod measure;
mod parallel;
pub mod phase;
mod posting;
mod recidivism;
mod rules;
mod simulation;
mod step;
mod surfaces;
mod world;

pub use day::CHUNK;
pub use day::DayReport;
pub use day_log::event_bytes;
pub use enforcement::{Appeal, EnforcementState, RemovedAccount};
pub use failure::DayError;
pub use lifetime::{Lifetime, LifetimeOutput};
pub use recsafe_scenario::{PolicySettings, Probe, RecordShares, Scenario, WorldSettings};
pub use rules::{BadRules, Named, Rules};
pub use simulation::{Simulation, Watcher};
pub use step::Step;
pub use surfaces::{EXAMPLES_A_DAY, WAVE};
pub use world::{AvertedDiscoveries, PostTruth, ProbeState, World};

use day::by_account;
