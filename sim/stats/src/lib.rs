//! Statistics of simulated experiments, on plain slices.
//!
//! This crate is internal to recsafe and its API can change. External programs should use the crate
//! `recsafe`.
//!
//! The unit of replication is the *run*: two arms are compared seed by seed ([`Paired`]), never
//! account by account. [`effects`] returns the change, its interval, its p value and the seeds
//! needed, all from one model, for one comparison or a family of comparisons.
//!
//! The crate also contains survival analysis ([`Survival`]), concentration ([`gini`],
//! [`top_share`]), designs of sweeps ([`design`]) and their [`sensitivity`] analysis. The crate
//! also defines metrics ([`MetricFacts`]), outcomes ([`Outcome`]) and the rows of result tables
//! ([`rows`]).
//!
//! Inputs are finite numbers. A result that is undefined for its inputs is `None`, never NaN or
//! infinity.

mod concentration;
pub mod design;
mod effect;
mod interval;
mod max_t;
mod metric;
mod model;
mod moments;
mod non_negative;
mod normal;
mod outcome;
mod paired;
mod replication;
pub mod rows;
mod scale;
mod seeds_needed;
pub mod sensitivity;
mod splitmix;
mod student;
mod survival;

pub use concentration::{gini, top_share};
pub use effect::{Adjustment, Change, Effect, effects};
pub use interval::{CONFIDENCE, Interval, SIGNIFICANCE, bounded_interval, mean_interval};
pub use metric::{Direction, MetricFacts};
pub use moments::{covariance, mean, variance};
pub use non_negative::non_negative_least_squares;
pub use outcome::{Outcome, OutcomeName};
pub use paired::{Better, Paired};
pub use replication::{Design, Unit};
pub use scale::{Bounds, Scale};
pub use seeds_needed::{MOST_SEEDS, PRECISION, seeds_needed};
pub use survival::{Estimate, Lifetime, Survival};
