//! The true state of the simulated world: the account holders, their interests, follows, posts and
//! behaviour.
//!
//! [`generate::generate`] creates a population and its follow graph from settings and random draws;
//! [`posting`] creates the posts of a day. The platform does not know the true state:
//! `recsafe-people` and `recsafe-platform` do not depend on each other.

pub mod behavior;
pub mod contacts;
pub mod exchange;
pub mod generate;
pub mod people;
pub mod posting;
pub mod role;
pub mod settings;
