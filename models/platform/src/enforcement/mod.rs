//! Enforcement as the platform runs it: detection, the review queue, strikes and sanctions. What is true of a thing is known to none
//! of it; whoever runs it says, at the moment of a decision, whether the thing violates.

mod action;
mod detection;
mod ladder;
mod queue;
mod review;

pub use action::{Decision, Kind};
pub use detection::Detection;
pub use ladder::{Ladder, Sanction, Strikes};
pub use queue::{Item, Priority, ReviewQueue, Source, Subject};
pub use review::{Appeals, Review};
