//! What every part of the simulated world shares: ids, keyed draws, days, the follow graph, declared settings, and the two
//! things that people and platform hand each other: what can be [`observed`], and [`signal`]s.
//!
//! The two sides of the model, `recsafe-people` and `recsafe-platform`, know this crate and not each other. That is the wall
//! which keeps a ranker from reading a role, a true age, a true interest or a true severity.

pub mod band;
pub mod catalogue;
pub mod draw;
pub mod graph;
pub mod ids;
pub mod key;
pub mod long_array;
pub mod messages;
pub mod observed;
pub mod prefetch;
pub mod registry;
pub mod setting;
pub mod signal;
pub mod topics;
pub mod vector;
pub mod wide;
