//! The engine: a world, the phases of its day, and simulations.
//!
//! An internal crate of recsafe: its names change as the program needs. Programs of others use the crate `recsafe`.
//!
//! Phases are bulk-synchronous: each reads state frozen at its start, works on chunks of accounts side by side, and merges
//! what the chunks put out in account order. So a result is the same, bit for bit, for any number of threads.

mod age;
mod append;
mod contact;
mod day;
mod enforcement;
mod exchange;
mod failure;
mod follows;
mod happened;
mod inboxes;
mod learning;
mod lifetime;
pub mod measure;
mod parallel;
pub mod phase;
mod posting;
mod returns;
mod rules;
mod simulation;
mod step;
mod surfaces;
mod world;

pub use day::CHUNK;
pub use day::DayReport;
pub use enforcement::{Appeal, Casework, Departure};
pub use failure::DayError;
pub use happened::event_bytes;
pub use lifetime::{Lifetime, Lived};
pub use recsafe_scenario::{Kept, PolicySettings, Probe, Scenario, WorldSettings};
pub use rules::{BadRules, Named, Rules};
pub use simulation::{Simulation, Watcher};
pub use step::Step;
pub use surfaces::{EXAMPLES_A_DAY, WAVE};
pub use world::{LostFinds, PostTruth, ProbeState, World};

use day::by_account;
