//! The truth of the simulated world: who the account holders are, what they care about, whom they follow and what they post.
//!
//! [`generate::generate`] makes a population and its follow graph out of settings and luck; [`posting`] makes the posts of a
//! day. Nothing here is known to the platform: this crate and `recsafe-platform` cannot name each other.

pub mod behavior;
pub mod contacts;
pub mod exchange;
pub mod generate;
pub mod people;
pub mod posting;
pub mod role;
pub mod settings;
