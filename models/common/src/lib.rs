//! Code that both sides of the simulated world use: ids, keyed random draws, days, the follow graph
//! and declared settings. The crate also contains the only two things that people and platform
//! exchange: [`observed`] facts and classifier scores ([`classifier_score`]).
//!
//! The two sides of the model, `recsafe-people` and `recsafe-platform`, depend on this crate and
//! not on each other. A ranker therefore cannot read a role, a true age, a true interest or a true
//! severity.

pub mod band;
pub mod catalogue;
pub mod classifier_score;
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
pub mod topics;
pub mod vector;
pub mod wide;
