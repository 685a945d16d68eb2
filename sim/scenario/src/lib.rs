//! The scenario: all that decides a run but its seed, with types; and what a metric needs of it.
//!
//! An internal crate of recsafe: its names change as the program needs. Programs of others use the crate `recsafe`.
//!
//! It is made from an experiment file, or in code, and lived through by the engine. Neither of the two knows the other.

mod known_metric;
mod need;
mod scenario;

pub use known_metric::KnownMetric;
pub use need::{Need, Who, rules_at, want_of_group};
pub use recsafe_people::behavior::probes::Probe;
pub use recsafe_people::settings::WorldSettings;
pub use recsafe_platform::settings::PolicySettings;
pub use scenario::{Kept, Scenario};
