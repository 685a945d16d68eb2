//! The scenario: typed settings that, together with a seed, determine a run. This crate also
//! contains the requirements of metrics on these settings.
//!
//! This crate is internal to recsafe and its API can change. External programs should use the crate
//! `recsafe`.
//!
//! A scenario is built from an experiment file or in code. The engine simulates scenarios, and does
//! not depend on experiment files.

mod known_metric;
mod need;
mod scenario;

pub use known_metric::KnownMetric;
pub use need::{Need, Who, rules_at, want_of_group};
pub use recsafe_people::behavior::probes::Probe;
pub use recsafe_people::settings::WorldSettings;
pub use recsafe_platform::settings::PolicySettings;
pub use scenario::{RecordShares, Scenario};
