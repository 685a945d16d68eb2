//! Actions of account holders: reactions to posts, accounts and search results, and contact with
//! each other.

pub mod contact;
mod engage;
pub mod exchange;
pub mod following;
mod happens;
pub mod probes;
pub mod reporting;
pub mod reshare_one;
pub mod returning;
pub mod searching;
mod sessions;

pub use engage::{Habits, Reaction, Viewed, ViewerRng};
pub use sessions::{another_request, session_hour, sessions_today};

use happens::happens;
pub(crate) use happens::logistic;
