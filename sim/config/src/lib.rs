//! The experiment file: read, checked leaf by leaf against one table of settings, resolved per arm and point, planned.
//!
//! An internal crate of recsafe: its names change as the program needs. Programs of others use the crate `recsafe`.
//!
//! A file becomes a tree in which every value knows its place ([`tree`]); the tree becomes checked settings, with all problems
//! found at once ([`experiment`]); these become a [`plan`] in which nothing can fail any more. Defaults, checks, the JSON Schema
//! and `explain` all read the same [`table`]. What a results folder keeps of an experiment and its runs is a [`manifest`].

pub mod checkpoint;
pub mod conflicts;
pub mod difference;
pub mod experiment;
pub mod explain;
mod hash;
pub mod idle;
pub mod input;
pub mod lack;
pub mod layers;
pub mod leaf;
pub mod manifest;
pub mod names;
mod needs;
mod older;
pub mod outcomes;
pub mod packages;
pub mod plan;
pub mod problem;
mod reader;
pub mod references;
pub mod registered;
pub mod release;
mod rule;
pub mod schema;
pub mod starter;
pub mod table;
pub mod there;
pub mod tree;

pub use experiment::{Arm, Experiment, Settings};
pub use input::Input;
pub use older::is_of_older_name;
pub use plan::{Plan, Run, WarmUp};
pub use problem::{Problem, Problems};
pub use recsafe_scenario::{KnownMetric, want_of_group};
pub use recsafe_stats::MetricFacts;
